"""`/alertes.atom`: the alerts as a feed that any reader follows. What it says is made elsewhere and injected."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

CHEMIN = "/alertes.atom"
FILTRES = ("programme", "territoire", "alerte")
TYPE = "application/atom+xml; charset=utf-8"

_JOURNAL = logging.getLogger(__name__)


@dataclass(frozen=True)
class Demande:
    """What an address asks. `base`: the address of our host, as this reader knows it, ending with a slash."""

    programmes: tuple[str, ...]
    territoire: str | None
    alertes: tuple[str, ...]
    base: str


class FluxRefuse(ValueError):
    """A filter that does not exist; the message is one French sentence that the reader gets."""


Producteur = Callable[[Demande], bytes]


def routes_alertes(producteur: Producteur) -> list[BaseRoute]:
    """The route of the feed. `producteur` is called at each request, in a worker thread."""

    def alertes(requete: Request) -> Response:
        return _reponse(producteur, requete)

    return [Route(CHEMIN, alertes)]


def _reponse(producteur: Producteur, requete: Request) -> Response:
    try:
        corps = producteur(_demande(requete))
    except FluxRefuse as refus:
        return PlainTextResponse(str(refus), status_code=400, headers={"Cache-Control": "no-store"})
    except Exception:  # noqa: BLE001 the reader gets a sentence, the operator the trace
        _JOURNAL.exception("Flux %s", CHEMIN)
        return PlainTextResponse(
            "Les alertes ne peuvent pas être lues en ce moment. Réessayer plus tard, puis prévenir l'exploitant.",
            status_code=503,
            headers={"Cache-Control": "no-store", "Retry-After": "300"},
        )
    return reponse_du_flux(corps, requete)


def reponse_du_flux(corps: bytes, requete: Request) -> Response:
    """The feed, or nothing for a reader that holds this very version."""
    etag = f'"{hashlib.sha256(corps).hexdigest()[:32]}"'
    entetes = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Host"}
    if est_connu(requete.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=entetes)
    return Response(corps, headers={**entetes, "Content-Type": TYPE})


def _demande(requete: Request) -> Demande:
    """Empty parts ask for nothing; a part that is not known would silently give another feed, so it is refused."""
    parts: dict[str, list[str]] = {nom: [] for nom in FILTRES}
    for nom, valeur in requete.query_params.multi_items():
        if nom not in parts:
            raise FluxRefuse(f"Filtre « {nom[:60]} » inconnu. Filtres admis : {', '.join(FILTRES)}.")
        parts[nom] += [valeur] if valeur else []
    if len(set(parts["territoire"])) > 1:
        raise FluxRefuse("Un seul territoire par flux : en garder un, et suivre un flux par territoire.")
    lieu = parts["territoire"][0] if parts["territoire"] else None
    return Demande(tuple(parts["programme"]), lieu, tuple(parts["alerte"]), str(requete.base_url))


def est_connu(entete: str, etag: str) -> bool:
    """Does the reader hold this very version? A proxy that compresses marks it weak."""
    connus = {e.strip().removeprefix("W/") for e in entete.split(",")}
    return etag in connus or "*" in connus
