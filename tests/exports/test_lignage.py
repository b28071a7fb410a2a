"""The lineage in PROV-O: from a table to the deliveries it rests on, their sha256 and their source."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import DCTERMS, PROV, RDF, Graph, Literal, URIRef

from dashboard.bootstrap import Application, rafraichit
from tests import catalogues, paquets


@pytest.fixture
def app(espace_mini: Path, tmp_path: Path) -> Iterator[Application]:
    ouverte = paquets.ouvre(catalogues.installe(espace_mini, tmp_path))
    yield ouverte
    ouverte.moteur.dispose()


def lignage(app: Application, audience: str = "public") -> tuple[Path, Graph]:
    paquet = catalogues.publie(app.reglages.home, audience)
    return paquet, catalogues.lis(paquet / "lignage.ttl")


def lots_de(graphe: Graph, table: str) -> set[str]:
    """Numbers of the deliveries a table rests on."""
    return {str(x).rpartition("-")[2] for x in graphe.objects(URIRef(f"{catalogues.BASE}{table}"), PROV.wasDerivedFrom)}


def test_each_delivery_has_its_sum_its_import_and_its_source(app: Application) -> None:
    paquet, graphe = lignage(app)
    with (paquet / "donnees" / "lots.csv").open(encoding="utf-8", newline="") as ouvert:
        recus = {x["lot"]: x for x in csv.DictReader(ouvert)}
    assert recus
    for numero, recu in recus.items():
        lot = URIRef(f"urn:boussole:essai#lot-{numero}")
        assert (lot, RDF.type, PROV.Entity) in graphe
        assert (lot, DCTERMS.identifier, Literal(f"sha256:{recu['sha256']}")) in graphe
        assert (lot, PROV.wasDerivedFrom, URIRef(f"urn:boussole:essai#jeu-{recu['source']}")) in graphe
        activite = graphe.value(lot, PROV.wasGeneratedBy)
        assert (activite, RDF.type, PROV.Activity) in graphe
        assert str(graphe.value(activite, PROV.endedAtTime))[:16] == recu["cree_le"][:16]


def test_a_table_rests_on_what_this_reader_may_know_of(app: Application) -> None:
    _, public = lignage(app)
    _, interne = lignage(app, "interne")
    ouverte, fermee = (f"donnees/observations/{i}.csv" for i in ("effectif", "effectif_interne"))
    assert len(lots_de(public, ouverte)) == 1
    assert (lots_de(public, fermee), len(lots_de(interne, fermee))) == (set(), 2)
    assert len(lots_de(public, "donnees/objectifs.csv")) == 1


def test_a_replaced_delivery_is_told_and_nothing_rests_on_it(app: Application) -> None:
    _, avant = lignage(app)
    base = app.reglages.espace / "base_curee" / "lignes.csv"
    base.write_text(
        base.read_text("utf-8").replace("taux_publie,REG-99,2024,41", "taux_publie,REG-99,2024,42"), "utf-8"
    )
    assert {r.etat for r in rafraichit(app, ("comptes",))} == {"publie"}
    paquet = _autre_semaine(app)
    apres = catalogues.lis(paquet / "lignage.ttl")
    table = "donnees/observations/taux_publie.csv"
    (ancien,), (neuf,) = lots_de(avant, table), lots_de(apres, table)
    assert ancien != neuf
    assert (URIRef(f"urn:boussole:essai#lot-{ancien}"), RDF.type, PROV.Entity) in apres


def _autre_semaine(app: Application) -> Path:
    from dashboard import instantanes

    quand = paquets.SEMAINES["2026-W49"]
    return instantanes.cree(app, maintenant=quand, parties=catalogues.SEULE).chemin


def test_no_person_is_named(app: Application) -> None:
    _, graphe = lignage(app, "interne")
    agents = set(graphe.subjects(RDF.type, PROV.Agent))
    genres = {g for a in agents for g in graphe.objects(a, RDF.type)} - {PROV.Agent}
    assert genres == {PROV.Organization, PROV.SoftwareAgent}
    assert (None, RDF.type, PROV.Person) not in graphe
