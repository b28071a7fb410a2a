"""The catalogue as the site serves it: stable addresses, files that answer, the public's rights whoever runs it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef
from rdflib.compare import isomorphic
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

from dashboard import catalogues as wiring
from dashboard.bootstrap import Application
from dashboard.exports.rdf import SPDX
from dashboard.serving.catalogue import routes_catalogue
from dashboard.serving.instantanes import routes_instantanes
from dashboard.store.moteur import open_moteur
from tests import catalogues, mini, paquets
from tests.test_app import Reponse, demande

HOTE = "testserver"


@pytest.fixture(scope="module")
def app(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    home = catalogues.installe(espace_mini, tmp_path_factory.mktemp("servi"))
    catalogues.publie(home)
    ouverte = paquets.ouvre(home)
    yield ouverte
    ouverte.moteur.dispose()


def lis(app: Application, chemin: str, **entetes: str) -> Reponse:
    routes = routes_catalogue(partial(wiring.servi, app=app), partial(wiring.fichier, app=app))
    return demande(_Recent(routes=routes), chemin, **entetes)


class _Recent(Starlette):
    """Called as by a server that tells a disconnection when it sends: a file is not watched for it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__({**scope, "asgi": {"version": "3.0", "spec_version": "2.4"}}, receive, send)


def test_every_file_that_is_named_answers_with_the_bytes_that_are_said(app: Application) -> None:
    servi = lis(app, "/catalogue.ttl")
    assert (servi.statut, servi.entetes["content-type"]) == (200, "text/turtle; charset=utf-8")
    graphe = Graph().parse(data=servi.corps, format="turtle")
    fichiers = list(graphe.subjects(RDF.type, DCAT.Distribution))
    assert len(fichiers) > 10
    for fichier in fichiers:
        adresse = str(graphe.value(fichier, DCAT.downloadURL))
        chemin = adresse.partition(HOTE)[2]
        lu = lis(app, chemin)
        assert lu.entetes["cache-control"] == "no-cache"  # it may be closed any day
        octets = lu.corps
        assert hashlib.sha256(octets).hexdigest() == str(
            graphe.value(graphe.value(fichier, SPDX.checksum), SPDX.checksumValue)
        )


def test_both_forms_are_served_and_the_other_is_not_found(app: Application) -> None:
    jsonld = lis(app, "/catalogue.jsonld")
    assert jsonld.entetes["content-type"] == "application/ld+json"
    lus = [Graph().parse(data=lis(app, "/catalogue.ttl").corps, format="turtle"),
           Graph().parse(data=jsonld.corps, format="json-ld")]  # fmt: skip
    assert isomorphic(*lus)
    assert lis(app, "/catalogue.rdf").statut == 404


def test_the_page_names_files_that_answer_and_asks_nothing_of_another_host(app: Application) -> None:
    page = lis(app, "/catalogue.html")
    assert page.entetes["content-type"] == "text/html; charset=utf-8"
    texte = page.corps.decode()
    assert 'lang="fr"' in texte
    assert re.findall(r"<(?:script|img|link|iframe)", texte) == []
    adresses = set(re.findall(r'href="(http://testserver/publie/[^"]+)"', texte))
    assert len(adresses) > 2
    assert all(lis(app, a.partition(HOTE)[2]).statut == 200 for a in adresses)


def test_an_unchanged_catalogue_is_not_sent_again(app: Application) -> None:
    marque = lis(app, "/catalogue.ttl").entetes["etag"]
    assert lis(app, "/catalogue.ttl", **{"if-none-match": marque}).statut == 304


def test_an_agent_s_server_serves_what_the_public_may_read(app: Application) -> None:
    assert app.reglages.profil == "agent"
    for chemin in ("/catalogue.ttl", "/catalogue.jsonld", "/catalogue.html"):
        texte = lis(app, chemin).corps.decode()
        for interdit in (catalogues.RESERVE, "reserve", "effectif_interne", "resultat_interne"):
            assert interdit not in texte


@pytest.mark.parametrize(
    "chemin",
    ["donnees/observations/effectif_interne.csv", "donnees/observations/inconnu.csv", "espace.json", "",
     "donnees/../SEAL.json", "%2e%2e/journal.jsonld", "donnees/observations/../../version.json", "/etc/passwd"],
)  # fmt: skip
def test_what_is_not_published_is_not_found_and_looks_the_same(app: Application, chemin: str) -> None:
    refus = lis(app, f"/publie/{chemin}")
    assert refus.statut == 404
    assert b"introuvable" in refus.corps


def test_the_file_of_an_indicator_closed_since_is_not_found(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    chemin = "/publie/donnees/observations/effectif.csv"
    assert lis(app, chemin).statut == 200
    monkeypatch.setattr(wiring.queries, "list_indicateurs", lambda *_: ["taux_publie"])
    assert lis(app, chemin).statut == 404


def test_the_address_that_is_set_wins_over_the_one_that_is_asked(app: Application) -> None:
    autre = replace(app, reglages=replace(app.reglages, url="https://region.exemple.fr"))
    graphe = Graph().parse(data=lis(autre, "/catalogue.ttl").corps, format="turtle")
    jeu = URIRef("https://region.exemple.fr/catalogue#jeu-comptes")
    assert (jeu, DCTERMS.identifier, None) in graphe
    adresses = {str(u) for u in graphe.objects(None, DCAT.downloadURL)}
    assert {a.partition("/publie/")[0] for a in adresses} == {"https://region.exemple.fr"}


def test_a_store_that_does_not_answer_is_said(app: Application, tmp_path: Path) -> None:
    sans = replace(app, moteur=open_moteur(f"sqlite:///{tmp_path}/absent.sqlite"))
    panne = lis(sans, "/catalogue.ttl")
    assert (panne.statut, panne.entetes["retry-after"]) == (503, "300")
    assert mini.REGION not in panne.corps.decode()
    sans.moteur.dispose()


def test_a_zip_is_asked_again_each_time_and_never_taken_from_a_cache(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"PK")
    serveur = _Recent(routes=routes_instantanes(lambda *_: tmp_path / "a.zip"))
    reponse = demande(serveur, "/instantanes/public/2026-W48.zip")
    assert (reponse.statut, reponse.entetes["cache-control"]) == (200, "no-cache")


def test_an_invented_address_does_not_have_the_catalogue_written_again(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    ecrits: list[str] = []
    ecrit = wiring.ecrit
    monkeypatch.setattr(wiring, "ecrit", lambda *a, **k: (ecrits.append(a[1]), ecrit(*a, **k))[1])
    wiring._ecrit.cache_clear()
    for forme in ("ttl", "jsonld", "html"):
        for rang in range(20):
            hote = f"http://invente-{rang}.invalid/"
            octets = wiring.servi(forme, hote, app)
            assert f"{hote}publie/donnees/".encode() in octets
            assert wiring.ADRESSE.encode() not in octets
        assert b"<script>" not in wiring.servi(forme, 'http://x"><script>/', app)
    assert ecrits == ["ttl", "jsonld", "html"]
