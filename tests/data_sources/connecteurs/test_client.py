"""The web client reaches only what it may, waits for what passes, and says the rest in one sentence."""

from __future__ import annotations

import gzip
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from data_sources.connectors import Acces, LivraisonIllisible, SourceIndisponible, client
from data_sources.connectors.client import Reponse, ouvre
from tests.data_sources.connecteurs.serveur import Rep, Serveur, source

OK = Rep(b"bonjour", 200, {"Content-Type": "text/plain"})


def lis(serveur: Serveur, chemin: str = "/donnees") -> Reponse:
    with ouvre(serveur.source()) as ouvert:
        return ouvert.obtiens(f"{serveur.url}{chemin}")


def refus(url: str, *hotes: str) -> str:
    with ouvre(source("https://exemple.fr/", hotes=hotes)) as ouvert, pytest.raises(LivraisonIllisible) as erreur:
        ouvert.obtiens(url)
    return str(erreur.value)


@pytest.mark.parametrize(
    "cible",
    [
        "http://127.0.0.1:1/", "http://localhost:1/", "http://10.0.0.1/", "http://[fe80::1]/", "http://2130706433:1/",
        "http://169.254.169.254/latest/meta-data/",
    ],
)  # fmt: skip
def test_a_redirection_to_an_internal_address_is_refused(serveur: Serveur, cible: str) -> None:
    serveur.suite(Rep(code=302, entetes={"Location": cible}))
    with pytest.raises(LivraisonIllisible, match="adresse interne ou réservée"):
        lis(serveur)


@pytest.mark.parametrize("cible", ["file:///etc/passwd", "ftp://exemple.fr/a", "gopher://exemple.fr/"])
def test_a_redirection_out_of_the_web_is_refused(serveur: Serveur, cible: str) -> None:
    serveur.suite(Rep(code=302, entetes={"Location": cible}))
    with pytest.raises(LivraisonIllisible, match=r"« (file|ftp|gopher): » refusée .*Seules les adresses https"):
        lis(serveur)


def test_redirections_are_followed_five_times_at_most(serveur: Serveur) -> None:
    serveur.repond = lambda d: Rep(code=307, entetes={"Location": f"{d.chemin}x"})
    with pytest.raises(LivraisonIllisible, match="plus de 5 redirections"):
        lis(serveur)
    assert len(serveur.demandes) == 6


def test_a_redirection_on_an_allowed_host_is_followed(serveur: Serveur) -> None:
    serveur.repond = lambda d: OK if d.chemin == "/b" else Rep(code=301, entetes={"Location": "/b"})
    assert lis(serveur).url.path == "/b"


def test_credentials_in_an_address_are_refused_and_never_printed(serveur: Serveur) -> None:
    phrase = refus("https://agent:motdepasse@exemple.fr/a")
    assert "identifiant ou un mot de passe" in phrase
    assert "motdepasse" not in phrase
    assert "agent" not in phrase
    serveur.suite(Rep(code=302, entetes={"Location": f"http://agent:motdepasse@{serveur.hote}/"}))
    with pytest.raises(LivraisonIllisible, match="identifiant") as erreur:
        lis(serveur)
    assert "motdepasse" not in str(erreur.value)


def test_a_key_in_the_parameters_is_never_printed(serveur: Serveur) -> None:
    serveur.suite(Rep(code=403))
    with pytest.raises(SourceIndisponible, match="a répondu 403") as erreur:
        lis(serveur, "/donnees?apikey=SECRET")
    assert "SECRET" not in str(erreur.value)


def test_a_passing_fault_is_tried_again(serveur: Serveur, attentes: list[float]) -> None:
    serveur.suite(Rep(code=500), Rep(code=503), OK)
    assert lis(serveur).octets == b"bonjour"
    assert attentes == [1.0, 2.0]


def test_a_lasting_fault_is_told_after_three_tries(serveur: Serveur, attentes: list[float]) -> None:
    serveur.suite(Rep(code=500))
    with pytest.raises(SourceIndisponible, match=r"« essai » .*/donnees indisponible après 3 essais \(code 500\)"):
        lis(serveur)
    assert len(serveur.demandes) == 3
    assert len(attentes) == 2


def test_too_many_requests_waits_as_long_as_asked(serveur: Serveur, attentes: list[float]) -> None:
    bientot = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    serveur.suite(
        Rep(code=429, entetes={"Retry-After": "7"}), Rep(code=429, entetes={"Retry-After": bientot}), OK
    )  # fmt: skip
    lis(serveur)
    assert attentes[0] == 7.0
    assert 27 <= attentes[1] <= 30


@pytest.mark.parametrize(("entete", "secondes"), [("86400", 60.0), ("-5", 1.0), ("demain", 1.0), ("0", 0.0)])
def test_a_wait_is_capped_and_one_that_cannot_be_read_is_ours(
    serveur: Serveur, attentes: list[float], entete: str, secondes: float
) -> None:
    serveur.suite(Rep(code=429, entetes={"Retry-After": entete}), OK)
    lis(serveur)
    assert attentes == [secondes]


def test_a_silent_server_is_not_waited_for_for_ever(serveur: Serveur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "DELAIS", httpx.Timeout(0.1))
    libere = threading.Event()
    serveur.suite(Rep(attend=libere))
    with pytest.raises(SourceIndisponible, match="délai dépassé"):
        lis(serveur)
    libere.set()


def test_a_server_that_is_not_there_is_told() -> None:
    with socket.socket() as libre:
        libre.bind(("127.0.0.1", 0))
        hote = f"127.0.0.1:{libre.getsockname()[1]}"
    vide = source(f"http://{hote}/", hotes=(hote,))
    with ouvre(vide) as ouvert, pytest.raises(SourceIndisponible, match="connexion impossible"):
        ouvert.obtiens(vide.url)


def test_an_unknown_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def inconnu(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", inconnu)
    with (
        ouvre(source("https://exemple.invalid/")) as ouvert,
        pytest.raises(SourceIndisponible, match=r"hôte « exemple.invalid » introuvable"),
    ):
        ouvert.obtiens("https://exemple.invalid/")


@pytest.mark.parametrize(
    "rep",
    [
        Rep(b"a;b\n1;", longueur=500),
        Rep(b"5\r\nabc", entetes={"Transfer-Encoding": "chunked"}),
        Rep(gzip.compress(b"a" * 1000)[:-12], entetes={"Content-Encoding": "gzip"}),
    ],
    ids=["longueur", "morceaux", "gzip"],
)
def test_a_truncated_body_is_tried_again_then_told(serveur: Serveur, rep: Rep) -> None:
    serveur.suite(rep)
    with pytest.raises(SourceIndisponible, match="tronquée"):
        lis(serveur)
    assert len(serveur.demandes) == 3
    serveur.suite(rep, rep, rep, OK)
    assert lis(serveur).octets == b"bonjour"


def test_a_compressed_body_is_read(serveur: Serveur) -> None:
    serveur.suite(
        Rep(gzip.compress(b"abc") + gzip.compress(b"def"), entetes={"Content-Encoding": "gzip"}),
        Rep(gzip.compress(b"fichier"), entetes={"Content-Type": "application/gzip"}),
    )
    assert lis(serveur).octets == b"abcdef"
    assert lis(serveur).octets == b"fichier"


def test_a_decompression_bomb_stops_early(serveur: Serveur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "OCTETS_MAX", 2**20)
    serveur.suite(Rep(gzip.compress(bytes(50 * 2**20)), entetes={"Content-Encoding": "gzip"}))
    with pytest.raises(LivraisonIllisible, match="dépasse 1 Mio une fois décompressée"):
        lis(serveur)
    assert len(serveur.demandes) == 1


def test_a_body_too_large_is_refused(serveur: Serveur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "OCTETS_MAX", 2**20)
    serveur.suite(Rep(bytes(2**20 + 1)))
    with pytest.raises(LivraisonIllisible, match="dépasse 1 Mio"):
        lis(serveur)


def test_a_compression_that_was_not_asked_for_is_refused(serveur: Serveur) -> None:
    serveur.suite(Rep(b"abc", entetes={"Content-Encoding": "gzip, gzip"}))
    with pytest.raises(LivraisonIllisible, match="compression « gzip, gzip » non admise"):
        lis(serveur)


def test_a_body_that_never_ends_is_given_up(serveur: Serveur, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "DUREE_MAX_S", -1.0)
    serveur.suite(OK)
    with pytest.raises(SourceIndisponible, match="réponse inachevée"):
        lis(serveur)


@pytest.mark.parametrize(
    ("code", "remede"), [(401, "identification"), (404, "corriger url"), (410, "retirée"), (400, "documentation")]
)
def test_a_refusal_of_the_server_is_told_at_once(serveur: Serveur, code: int, remede: str) -> None:
    serveur.suite(Rep(code=code))
    with pytest.raises(SourceIndisponible, match=f"a répondu {code}.*{remede}"):
        lis(serveur)
    assert len(serveur.demandes) == 1


def test_what_did_not_change_is_not_sent_again(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = lambda d: (
        Rep(code=304) if d.entetes.get("If-None-Match") == '"v1"' else Rep(b"a", entetes={"ETag": '"v1"'})
    )
    depuis = serveur.source()
    with ouvre(depuis) as ouvert:
        premiere = ouvert.obtiens_si_change(ouvert.source.url, {}, acces)
        assert premiere is not None
        connu = Acces(acces.base_curee, acces.depot, validateurs=premiere.validateurs)
        assert ouvert.obtiens_si_change(ouvert.source.url, {}, connu) is None
    with ouvre(serveur.source(format="csv")) as ouvert:
        assert ouvert.obtiens_si_change(ouvert.source.url, {}, connu) is not None  # read in another way: asked again


def test_the_date_of_the_last_version_is_sent_back(serveur: Serveur, acces: Acces) -> None:
    date = "Mon, 23 Nov 2026 08:00:00 GMT"
    serveur.suite(Rep(b"a", entetes={"Last-Modified": date}))
    with ouvre(serveur.source()) as ouvert:
        premiere = ouvert.obtiens_si_change(ouvert.source.url, {}, acces)
        assert premiere is not None
        ouvert.obtiens_si_change(
            ouvert.source.url, {}, Acces(acces.base_curee, acces.depot, validateurs=premiere.validateurs)
        )
    assert "If-Modified-Since" not in serveur.demandes[0].entetes
    assert serveur.demandes[1].entetes["If-Modified-Since"] == date


def test_the_client_says_who_it_is_and_ignores_the_proxies_of_the_machine(
    serveur: Serveur, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    serveur.suite(OK)
    assert lis(serveur).octets == b"bonjour"
    assert serveur.demandes[0].entetes["User-Agent"] == "Boussole"
