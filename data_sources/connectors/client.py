"""The one HTTP client of the connectors: GET only, guarded addresses, bounded bodies, patient with passing faults.

What cannot be read again with profit (a refused address, an answer too large) is :class:`LivraisonIllisible`; what
may pass (network, server, truncated body) is :class:`SourceIndisponible`, after :data:`ESSAIS` tries.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx

from dashboard.domain.source import Source
from data_sources.connectors import Acces, LivraisonIllisible, SourceIndisponible
from data_sources.connectors.adresses import Transport, est_nommee
from data_sources.connectors.decompression import BombeDetectee, Decompression

ESSAIS = 3
RECUL_S = 1.0  # 1 s, then 2 s
ATTENTE_MAX_S = 60.0
REDIRECTIONS = 5
OCTETS_MAX = 256 * 1024 * 1024
DUREE_MAX_S = 600.0
DELAIS = httpx.Timeout(30.0, connect=10.0)
ENTETES = {"User-Agent": "Boussole", "Accept-Encoding": "gzip"}
A_REESSAYER = frozenset({429, 500, 502, 503, 504})
REMEDES = {
    401: "Le service demande une identification : vérifier le paramètre d'accès dans lecture.parametres.",
    403: "Le service refuse l'accès : vérifier les droits, ou le paramètre d'accès dans lecture.parametres.",
    404: "L'adresse n'existe pas ou plus : corriger url, ou demander la nouvelle adresse au producteur.",
    410: "La ressource a été retirée : demander la nouvelle adresse au producteur.",
    413: "Demande trop grande, ou mise en attente : la restreindre (lecture.parametres), ou réessayer plus tard.",
    429: "Trop de demandes : attendre, ou espacer les tirages (tirage).",
}
patiente = time.sleep


@dataclass(frozen=True)
class Reponse:
    """A whole answer. ``octets``: body, decompressed. ``url``: after redirections, never to be printed whole."""

    octets: bytes
    url: httpx.URL
    entetes: httpx.Headers
    validateurs: Mapping[str, str] = field(default_factory=dict)

    @property
    def type_contenu(self) -> str:
        """Media type in lower case, without parameters; empty when not given."""
        return str(self.entetes.get("content-type", "")).split(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        message = Message()
        message["content-type"] = self.entetes.get("content-type", "")
        return message.get_content_charset()

    @property
    def lien_suivant(self) -> str | None:
        """Target of the Link header whose rel is next."""
        entete = self.entetes.get("link")
        liens = httpx.Response(200, headers={"link": entete}).links if entete else {}
        return liens.get("next", {}).get("url")


class _Passager(Exception):
    """A fault that may pass. ``attente``: seconds the server asks for."""

    def __init__(self, cause: str, attente: float | None = None) -> None:
        super().__init__(cause)
        self.attente = attente


@contextmanager
def ouvre(source: Source) -> Iterator[Client]:
    """A client for one pull; environment proxies are ignored."""
    with httpx.Client(transport=Transport(source), trust_env=False, timeout=DELAIS, headers=ENTETES) as http:
        yield Client(source, http)


@dataclass(frozen=True)
class Client:
    """GET for one source."""

    source: Source
    http: httpx.Client

    def obtiens_si_change(self, url: str | httpx.URL, parametres: Mapping[str, str], acces: Acces) -> Reponse | None:
        """The first answer of a pull; None when unchanged since ``acces.validateurs``."""
        return self._obtiens(self.avec(url, parametres), _conditions(self.source, acces))

    def obtiens(self, url: str | httpx.URL, parametres: Mapping[str, str] | None = None) -> Reponse:
        """The answer. Raises :class:`SourceIndisponible` after :data:`ESSAIS` tries, :class:`LivraisonIllisible`
        when the address or the answer is refused.
        """
        reponse = self._obtiens(self.avec(url, parametres or {}), {})
        assert reponse is not None  # nothing was asked about a change
        return reponse

    def avec(self, url: str | httpx.URL, parametres: Mapping[str, str]) -> httpx.URL:
        """An address with parameters, which replace those of the same name."""
        adresse = self.adresse(str(url))
        return adresse.copy_merge_params(dict(parametres)) if parametres else adresse

    def _obtiens(self, adresse: httpx.URL, entetes: Mapping[str, str]) -> Reponse | None:
        for essai in range(1, ESSAIS + 1):
            try:
                return self._suis(adresse, entetes)
            except (_Passager, httpx.TransportError, httpx.TimeoutException) as erreur:
                cause, attente = _cause(erreur), getattr(erreur, "attente", None)
            if essai < ESSAIS:
                patiente(RECUL_S * 2 ** (essai - 1) if attente is None else attente)
        raise SourceIndisponible(
            f"Source « {self.source.id} » : {publique(adresse)} indisponible après {ESSAIS} essais ({cause}). "
            "Réessayer plus tard ; si cela dure, vérifier l'adresse et prévenir le producteur."
        )

    def adresse(self, url: str, depuis: httpx.URL | None = None) -> httpx.URL:
        """A URL that may be asked for, relative to ``depuis``. Raises :class:`LivraisonIllisible`, naming no secret."""
        try:
            adresse = depuis.join(url) if depuis is not None else httpx.URL(url)
        except (httpx.InvalidURL, ValueError) as erreur:
            raise self.refus("adresse illisible. La corriger : https://hôte/chemin.") from erreur
        if adresse.userinfo:
            raise self.refus(
                f"l'adresse vers « {adresse.host} » contient un identifiant ou un mot de passe. Les retirer de "
                "l'adresse ; un service protégé reçoit sa clé par lecture.parametres."
            )
        if adresse.scheme not in ("http", "https") or not adresse.host:
            raise self.refus(
                f"adresse « {adresse.scheme}: » refusée (hôte « {adresse.host} »). Seules les adresses https:// et "
                "http:// sont lues."
            )
        return adresse

    def suivante(self, url: str, page: Reponse) -> httpx.URL:
        """The next page, on the same host or on one that the record names. Raises :class:`LivraisonIllisible`."""
        adresse = self.adresse(url, page.url)
        if adresse.host != page.url.host and not est_nommee(self.source, adresse.host, _port(adresse)):
            raise self.refus(
                f"la page suivante est sur un autre hôte, « {adresse.host} » au lieu de « {page.url.host} ». "
                f"Si c'est attendu, ajouter « {adresse.host} » à lecture.hotes."
            )
        return adresse

    def refus(self, raison: str) -> LivraisonIllisible:
        """The sentence of a refusal, to be raised."""
        return LivraisonIllisible(f"Source « {self.source.id} » : {raison}")

    def _suis(self, adresse: httpx.URL, entetes: Mapping[str, str]) -> Reponse | None:
        """Follows redirections, each under the same rules as the first address."""
        limite = time.monotonic() + DUREE_MAX_S
        for _ in range(REDIRECTIONS + 1):
            with self.http.stream("GET", adresse, headers=entetes, follow_redirects=False) as recue:
                if recue.status_code == HTTPStatus.NOT_MODIFIED and entetes:
                    return None
                if not recue.has_redirect_location:
                    self._exige_succes(recue)
                    octets = self._corps(recue, limite)
                    return Reponse(octets, adresse, recue.headers, _validateurs(self.source, recue.headers))
                adresse = self.adresse(recue.headers["location"], adresse)
        raise self.refus(
            f"plus de {REDIRECTIONS} redirections, la dernière vers « {adresse.host} ». Donner l'adresse finale."
        )

    def _exige_succes(self, recue: httpx.Response) -> None:
        code = recue.status_code
        if code == HTTPStatus.OK:
            return
        if code in A_REESSAYER:
            raise _Passager(f"code {code}", _attente(recue.headers.get("retry-after")))
        remede = REMEDES.get(code, "Vérifier url et lecture.parametres avec la documentation du service.")
        ou = publique(recue.request.url)
        raise SourceIndisponible(f"Source « {self.source.id} » : {ou} a répondu {code}. {remede}")

    def _corps(self, recue: httpx.Response, limite: float) -> bytes:
        """The body, decompressed packet by packet. Raises :class:`LivraisonIllisible` beyond :data:`OCTETS_MAX`."""
        try:
            lecteur = Decompression(recue.headers.get("content-encoding", ""), OCTETS_MAX)
            for paquet in recue.iter_raw():
                lecteur.ajoute(paquet)
                if time.monotonic() > limite:
                    raise _Passager(f"réponse inachevée au bout de {DUREE_MAX_S:.0f} s")
            return lecteur.acheve()
        except BombeDetectee as erreur:
            raise self.refus(
                f"la réponse de « {recue.request.url.host} » dépasse {OCTETS_MAX // 2**20} Mio une fois décompressée. "
                "Restreindre la demande (lecture.parametres), ou livrer par fichier."
            ) from erreur
        except EOFError as erreur:
            raise _Passager("réponse tronquée") from erreur
        except ValueError as erreur:
            raise self.refus(f"réponse de « {recue.request.url.host} » illisible : {erreur}.") from erreur


def publique(adresse: httpx.URL) -> str:
    """An address to be read by people: without its query, which may hold a key."""
    return str(adresse.copy_with(query=None, fragment=None, userinfo=b""))


def _port(adresse: httpx.URL) -> int:
    return adresse.port or (443 if adresse.scheme == "https" else 80)


def _cause(erreur: Exception) -> str:
    if isinstance(erreur, httpx.TimeoutException):
        return "délai dépassé"
    if isinstance(erreur, httpx.RemoteProtocolError):
        return "réponse tronquée ou incomprise"
    if isinstance(erreur, httpx.TransportError):
        return f"connexion impossible : {erreur}"
    return str(erreur)


def _attente(entete: str | None) -> float | None:
    """Seconds to wait, from seconds or an HTTP date; at most :data:`ATTENTE_MAX_S`. None when not said."""
    if not entete:
        return None
    if entete.isascii() and entete.strip().isdigit():
        secondes = float(entete)
    else:
        try:
            quand = parsedate_to_datetime(entete)
        except ValueError:
            return None
        secondes = (quand.replace(tzinfo=quand.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return min(max(secondes, 0.0), ATTENTE_MAX_S)


def _cle(source: Source) -> str:
    """Validators hold for one address read in one way: another record asks for the whole again."""
    return hashlib.sha256(source.model_dump_json(include={"url", "lecture"}).encode()).hexdigest()


def _conditions(source: Source, acces: Acces) -> dict[str, str]:
    connus = acces.validateurs
    if connus.get("cle") != _cle(source):
        return {}
    noms = {"etag": "If-None-Match", "last_modified": "If-Modified-Since"}
    return {entete: connus[nom] for nom, entete in noms.items() if connus.get(nom)}


def _validateurs(source: Source, entetes: httpx.Headers) -> dict[str, str]:
    recus = {"etag": entetes.get("etag"), "last_modified": entetes.get("last-modified")}
    donnes = {nom: valeur for nom, valeur in recus.items() if valeur}
    return {"cle": _cle(source), **donnes} if donnes else {}
