"""Which addresses a source may reach, however they are written and whatever the resolver answers."""

from __future__ import annotations

import socket

import httpcore
import pytest

from data_sources.connectors import LivraisonIllisible
from data_sources.connectors.adresses import est_publique
from data_sources.connectors.client import ouvre
from tests.data_sources.connecteurs.serveur import Rep, Serveur, source

OK = Rep(b"bonjour", 200, {"Content-Type": "text/plain"})
PUBLIQUE = "93.184.215.14"


def refus(url: str, *hotes: str) -> str:
    with ouvre(source("https://exemple.fr/", hotes=hotes)) as ouvert, pytest.raises(LivraisonIllisible) as erreur:
        ouvert.obtiens(url)
    return str(erreur.value)


@pytest.mark.parametrize(
    "adresse",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1",
        "fec0::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
        "::127.0.0.1",
    ],
)  # fmt: skip
def test_an_internal_or_reserved_address_is_not_public(adresse: str) -> None:
    assert not est_publique(adresse)


@pytest.mark.parametrize("adresse", [PUBLIQUE, "2a01:e0a::1", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"])
def test_an_address_of_the_internet_is_public(adresse: str) -> None:
    assert est_publique(adresse)


@pytest.mark.parametrize(
    "hote",
    ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:10.0.0.1]", "169.254.169.254"],
)
def test_no_spelling_of_an_internal_address_is_asked(hote: str) -> None:
    phrase = refus(f"http://{hote}/donnees")
    assert "une adresse interne ou réservée" in phrase
    assert hote.strip("[]") in phrase
    assert "lecture.hotes" in phrase


def test_an_octal_spelling_is_refused_too() -> None:
    assert "adresse illisible" in refus("http://0177.0.0.1/donnees")


def resolveur(monkeypatch: pytest.MonkeyPatch, *reponses: list[str]) -> list[str]:
    """Each call of the resolver takes the next answer; gives the list of names asked."""
    demandes: list[str] = []

    def faux(hote: str, port: int, *_: object, **__: object) -> list[tuple[object, ...]]:
        demandes.append(hote)
        noms = reponses[min(len(demandes), len(reponses)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (nom, port)) for nom in noms]

    monkeypatch.setattr(socket, "getaddrinfo", faux)
    return demandes


def connexions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses connections are made to; none is."""
    faites: list[str] = []

    def refuse(self: object, host: str, *_: object) -> None:
        faites.append(host)
        raise httpcore.ConnectError("refusée")

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", refuse)
    return faites


def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolveur(monkeypatch, ["192.168.0.12"])
    faites = connexions(monkeypatch)
    assert "« donnees.exemple.fr » mène à 192.168.0.12" in refus("https://donnees.exemple.fr/a")
    assert faites == []


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    resolveur(monkeypatch, [PUBLIQUE, "10.0.0.1"])
    assert "10.0.0.1" in refus("https://donnees.exemple.fr/a")


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    demandes = resolveur(monkeypatch, [PUBLIQUE], ["127.0.0.1"])
    faites = connexions(monkeypatch)
    phrase = refus("http://rebond.exemple.fr/a")
    assert faites == [PUBLIQUE]  # the first answer, checked; the second try asked again, and was refused
    assert demandes == ["rebond.exemple.fr", "rebond.exemple.fr"]
    assert "127.0.0.1" in phrase


def test_the_host_stays_that_of_the_address_when_the_connection_is_pinned(
    serveur: Serveur, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolveur(monkeypatch, ["127.0.0.1"])
    serveur.suite(OK)
    port = serveur.hote.split(":")[1]
    with ouvre(source("https://exemple.fr/", hotes=("interne.exemple.fr",))) as ouvert:
        ouvert.obtiens(f"http://interne.exemple.fr:{port}/a")
    assert serveur.demandes[0].entetes["Host"] == f"interne.exemple.fr:{port}"


def test_the_certificate_asked_for_is_that_of_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    noms: list[str | None] = []

    class Flux(httpcore.NetworkStream):
        def start_tls(self, ssl_context: object, server_hostname: str | None = None, timeout: object = None) -> None:  # type: ignore[override]
            noms.append(server_hostname)
            raise LivraisonIllisible("assez vu")

        def close(self) -> None:
            """Nothing is open."""

    resolveur(monkeypatch, [PUBLIQUE])
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", lambda *_: Flux())
    assert refus("https://donnees.exemple.fr/a") == "assez vu"
    assert noms == ["donnees.exemple.fr"]


def test_a_named_host_is_allowed_for_its_port_only(serveur: Serveur) -> None:
    serveur.suite(OK)
    with ouvre(serveur.source()) as ouvert:
        assert ouvert.obtiens(serveur.url).octets == b"bonjour"
    assert "adresse interne" in refus(f"{serveur.url}/", "127.0.0.1:1")
