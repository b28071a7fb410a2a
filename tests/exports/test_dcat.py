"""The catalogue: valid for DCAT-AP, complete for data.gouv.fr, silent on what is restricted, the same bytes twice."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, FOAF, RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from dashboard.bootstrap import Application
from dashboard.domain.lecteur import PUBLIC
from dashboard.exports import dcat_vocabulaire as mots
from dashboard.exports.dcat import catalogue
from dashboard.exports.dcat_matiere import Fichier, Matiere, matiere
from dashboard.exports.rdf import DCATAP, SPDX, jsonld, turtle
from dashboard.store.moteur import lecture
from tests import catalogues, mini
from tests.conftest import RACINE

FORMES = Graph().parse(RACINE / "tests" / "donnees" / "dcat_ap.ttl")
OBLIGATOIRES = [
    (classe, chemin)
    for forme, classe in FORMES.subject_objects(SH.targetClass)
    for propriete in FORMES.objects(forme, SH.property)
    if FORMES.value(propriete, SH.minCount) is not None
    for chemin in FORMES.objects(propriete, SH.path)
]
JOURS = {"MONTHLY": 31, "QUARTERLY": 92, "ANNUAL_2": 183, "ANNUAL": 366, "BIENNIAL": 731, "WEEKLY": 7}


@pytest.fixture(scope="module")
def paquets_du_lundi(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    home = catalogues.installe(espace_mini, tmp_path_factory.mktemp("catalogue"))
    return {a: catalogues.publie(home, a) for a in ("public", "interne")}


@pytest.fixture(scope="module")
def public(paquets_du_lundi: Mapping[str, Path]) -> Graph:
    return catalogues.lis(paquets_du_lundi["public"] / "catalogue.ttl")


@pytest.fixture(scope="module")
def region(bfc: Application) -> Matiere:
    """The real espace, with a file for each of its visible indicators."""
    chemins = [f"donnees/observations/{i.id}.csv" for i in bfc.espace.indicateurs]
    chemins += ["donnees/objectifs.csv", "donnees/objectifs.parquet", "donnees/observations.parquet"]
    fichiers = {c: Fichier(c, len(c), hashlib.sha256(c.encode()).hexdigest()) for c in chemins}
    with lecture(bfc.moteur) as connexion:
        return matiere(connexion, PUBLIC, bfc.espace, bfc.sources, fichiers, "https://boussole.exemple.fr")


def defauts(graphe: Graph) -> list[str]:
    """What the shapes find, in words."""
    conforme, rapport, _ = validate(graphe, shacl_graph=FORMES)
    assert isinstance(rapport, Graph)
    dits = (SH.focusNode, SH.resultPath, SH.resultMessage)
    resultats = rapport.subjects(RDF.type, SH.ValidationResult)
    trouves = [" ".join(str(rapport.value(r, d)) for d in dits) for r in resultats]
    assert conforme == (not trouves)
    return trouves


def jeu(graphe: Graph, identifiant: str) -> URIRef:
    """The dataset of an identifier."""
    trouve = graphe.value(predicate=DCTERMS.identifier, object=Literal(identifiant))
    assert isinstance(trouve, URIRef)
    return trouve


# ------------------------------------------------------------------------------------------ valid


def test_the_catalogue_of_each_audience_keeps_the_constraints_of_dcat_ap(paquets_du_lundi: Mapping[str, Path]) -> None:
    for paquet in paquets_du_lundi.values():
        assert defauts(catalogues.lis(paquet / "catalogue.ttl")) == []


def test_the_catalogue_of_the_real_espace_keeps_them_too(region: Matiere) -> None:
    graphe = catalogue(region, "https://boussole.exemple.fr/")
    assert defauts(graphe) == []
    assert len(set(graphe.subjects(RDF.type, DCAT.Dataset))) > 8
    assert len(set(graphe.subjects(RDF.type, DCAT.Distribution))) > 90


def test_the_shapes_ask_for_every_class_that_the_catalogue_uses(public: Graph) -> None:
    assert len(OBLIGATOIRES) > 40
    for classe in {c for c, _ in OBLIGATOIRES}:
        assert (None, RDF.type, classe) in public, classe


@pytest.mark.parametrize(("classe", "propriete"), OBLIGATOIRES, ids=lambda x: str(x).rpartition("/")[2])
def test_dropping_any_mandatory_property_is_found(public: Graph, classe: URIRef, propriete: URIRef) -> None:
    mutant = Graph() + public
    victime = sorted(s for s in mutant.subjects(RDF.type, classe) if (s, propriete, None) in mutant)[0]
    mutant.remove((victime, propriete, None))
    assert any(str(victime) in d and str(propriete) in d for d in defauts(mutant))


@pytest.mark.parametrize(
    ("sujet", "propriete", "faux"),
    [
        (DCAT.Dataset, DCTERMS.description, Literal("Trop court.")),
        (DCAT.Dataset, DCTERMS.accrualPeriodicity, Literal("tous les ans")),
        (DCAT.Dataset, DCTERMS.accessRights, URIRef("https://exemple.invalid/ouvert")),
        (DCAT.Distribution, DCAT.byteSize, Literal("beaucoup")),
        (SPDX.Checksum, SPDX.checksumValue, Literal("abc")),
        (DCTERMS.PeriodOfTime, DCAT.endDate, Literal("hier")),
    ],
)
def test_a_wrong_value_is_found(public: Graph, sujet: URIRef, propriete: URIRef, faux: Literal | URIRef) -> None:
    mutant = Graph() + public
    mutant.set((sorted(mutant.subjects(RDF.type, sujet))[0], propriete, faux))
    assert defauts(mutant) != []


def test_a_high_value_dataset_names_the_regulation_and_no_other_dataset_does(public: Graph) -> None:
    comptes, cibles = jeu(public, "essai/comptes"), jeu(public, "essai/cibles")
    assert (comptes, DCATAP.hvdCategory, URIRef("http://data.europa.eu/bna/c_e1da4e07")) in public
    assert (comptes, DCATAP.applicableLegislation, URIRef(mots.REGLEMENT_FORTE_VALEUR)) in public
    assert (cibles, DCATAP.applicableLegislation, None) not in public
    mutant = Graph() + public
    mutant.remove((comptes, DCATAP.applicableLegislation, None))
    assert defauts(mutant) != []


# ------------------------------------------------------------------------------------------ the nine criteria


def criteres(graphe: Graph, j: URIRef, arrete: date, existe: Mapping[str, object]) -> dict[str, bool]:
    """The nine criteria of data.gouv.fr's quality score, as its code judges them."""
    periode = graphe.value(j, DCTERMS.temporal)
    frequence = str(graphe.value(j, DCTERMS.accrualPeriodicity)).rpartition("/")[2]
    modifie = datetime.fromisoformat(str(graphe.value(j, DCTERMS.modified))).date()
    fichiers = list(graphe.objects(j, DCAT.distribution))
    return {
        "licence": str(graphe.value(j, DCTERMS.license)) in mots.LICENCES.values(),
        "couverture temporelle": bool(periode and graphe.value(periode, DCAT.startDate)),
        "couverture spatiale": graphe.value(j, DCTERMS.spatial) is not None,
        "fréquence": bool(frequence) and frequence != "UNKNOWN",
        "à temps": frequence not in JOURS or arrete <= modifie + timedelta(days=JOURS[frequence]),
        "description": len(str(graphe.value(j, DCTERMS.description))) > 100,
        "format ouvert": any(str(graphe.value(f, DCTERMS.format)).endswith(("/CSV", "/PARQUET")) for f in fichiers),
        "disponible": bool(fichiers) and all(str(graphe.value(f, DCAT.downloadURL)) in existe for f in fichiers),
        "documenté": any(graphe.value(f, DCTERMS.description) for f in fichiers),
    }


def test_each_dataset_meets_the_nine_criteria_of_data_gouv(public: Graph, paquets_du_lundi: Mapping[str, Path]) -> None:
    racine = paquets_du_lundi["public"]
    existe = {f"{catalogues.BASE}{f.relative_to(racine)}": f for f in racine.rglob("*") if f.is_file()}
    # The tiny espace publishes its measures; the licence of its targets is « Aucune », and is not made up.
    notes = {
        nom: criteres(public, jeu(public, nom), date(2026, 11, 23), existe) for nom in ("essai/comptes", "essai/cibles")
    }
    assert [c for c, tenu in notes["essai/comptes"].items() if not tenu] == []
    assert len(notes["essai/comptes"]) == 9
    assert [c for c, tenu in notes["essai/cibles"].items() if not tenu] == ["licence"]


def test_each_real_dataset_meets_them_but_where_its_producer_states_no_open_licence(region: Matiere) -> None:
    racine = "https://boussole.exemple.fr/"
    graphe = catalogue(region, racine)
    existe = {f"{racine}{c}": f for c, f in region.fichiers.items()}
    for j in region.jeux:
        manque = [
            c
            for c, tenu in criteres(graphe, jeu(graphe, f"bfc/{j.id}"), date(2026, 11, 23), existe).items()
            if not tenu
        ]
        assert manque == ([] if j.source.licence in mots.LICENCES else ["licence"]), j.id
    assert sum(j.source.licence in mots.LICENCES for j in region.jeux) >= len(region.jeux) - 1


# ------------------------------------------------------------------------------------------ what it says


def test_sizes_and_sums_are_those_of_the_files(public: Graph, paquets_du_lundi: Mapping[str, Path]) -> None:
    vus = 0
    for fichier in public.subjects(RDF.type, DCAT.Distribution):
        adresse = str(public.value(fichier, DCAT.downloadURL))
        octets = (paquets_du_lundi["public"] / adresse.removeprefix(catalogues.BASE)).read_bytes()
        somme = public.value(fichier, SPDX.checksum)
        assert int(str(public.value(fichier, DCAT.byteSize))) == len(octets)
        assert str(public.value(somme, SPDX.checksumValue)) == hashlib.sha256(octets).hexdigest()
        vus += 1
    assert vus > 10


def test_a_dataset_tells_its_days_its_rhythm_and_its_files(public: Graph) -> None:
    comptes = jeu(public, "essai/comptes")
    periode = public.value(comptes, DCTERMS.temporal)
    assert str(public.value(periode, DCAT.startDate)) == "2023-01-01"
    assert str(public.value(periode, DCAT.endDate)) == "2024-12-31"
    assert str(public.value(comptes, DCTERMS.accrualPeriodicity)) == f"{mots.UE}/frequency/ANNUAL"
    siens = {
        str(public.value(f, DCAT.downloadURL)).rpartition("/")[2] for f in public.objects(comptes, DCAT.distribution)
    }
    assert siens == {"effectif.csv", "effectif_secret.csv", "taux_publie.csv"}
    assert {str(x) for x in public.objects(comptes, DCAT.keyword)} >= {"essai", "effectif", "Politique d'essai"}
    cibles = public.value(jeu(public, "essai/cibles"), DCTERMS.temporal)
    assert str(public.value(cibles, DCAT.startDate))[:4] == "2020"
    assert str(public.value(cibles, DCAT.endDate)) == "2026-12-31"


def test_the_region_of_the_catalogue_has_its_european_name(region: Matiere) -> None:
    graphe = catalogue(region)
    lieu = URIRef("http://data.europa.eu/nuts/code/FRC")
    assert set(graphe.objects(None, DCTERMS.spatial)) == {lieu}
    assert mots.region("27") == str(lieu)
    assert mots.region("99") is None
    assert len(set(mots.NUTS.values())) == 18


def test_a_rhythm_without_european_name_is_other() -> None:
    assert mots.frequence(12).endswith("/ANNUAL")
    assert mots.frequence(72).endswith("/OTHER")


def test_a_licence_that_is_not_known_keeps_its_words_and_borrows_no_address(region: Matiere) -> None:
    graphe = catalogue(region)
    licence = graphe.value(jeu(graphe, "bfc/budgets"), DCTERMS.license)
    assert "licence non précisée" in str(graphe.value(licence, DCTERMS.title))
    assert str(licence).startswith("https://boussole.exemple.fr/catalogue#licence-")


def test_what_is_not_declared_is_left_out(region: Matiere) -> None:
    graphe = catalogue(region)
    assert (None, DCATAP.hvdCategory, None) not in graphe
    publics = set(graphe.objects(graphe.value(predicate=RDF.type, object=DCAT.Catalog), DCTERMS.publisher))
    assert {str(graphe.value(p, FOAF.name)) for p in publics} == {"Région Bourgogne-Franche-Comté"}


def test_an_address_names_everything_and_without_one_names_are_stable(region: Matiere, public: Graph) -> None:
    noms = {str(s) for s in catalogue(region).subjects(RDF.type, DCAT.Dataset)}
    assert "https://boussole.exemple.fr/catalogue#jeu-population" in noms
    assert jeu(public, "essai/comptes") == URIRef("urn:boussole:essai#jeu-comptes")


# ------------------------------------------------------------------------------------------ what it hides


def test_a_restricted_dataset_is_not_in_the_public_files_even_by_its_title(
    paquets_du_lundi: Mapping[str, Path],
) -> None:
    for nom in ("catalogue.ttl", "catalogue.jsonld", "lignage.ttl"):
        textes = {a: (p / nom).read_text("utf-8") for a, p in paquets_du_lundi.items()}
        assert "essai" in textes["public"]
        for interdit in (catalogues.RESERVE, "jeu-reserve", "effectif_interne", "resultat_interne"):
            assert interdit not in textes["public"], (nom, interdit)
        assert catalogues.RESERVE in textes["interne"]


def test_the_internal_catalogue_says_who_may_read(paquets_du_lundi: Mapping[str, Path]) -> None:
    graphe = catalogues.lis(paquets_du_lundi["interne"] / "catalogue.ttl")
    droits = str(graphe.value(jeu(graphe, "essai/reserve"), DCTERMS.accessRights))
    assert droits == f"{mots.UE}/access-right/NON_PUBLIC"


def test_a_source_that_published_nothing_is_not_a_dataset(region: Matiere) -> None:
    assert "enedis_production" not in {j.id for j in region.jeux}
    assert {"population", "objectifs"} <= {j.id for j in region.jeux}


# ------------------------------------------------------------------------------------------ its bytes


def test_both_forms_tell_the_same(paquets_du_lundi: Mapping[str, Path]) -> None:
    for paquet in paquets_du_lundi.values():
        lus = [catalogues.lis(paquet / f"catalogue.{e}") for e in ("ttl", "jsonld")]
        assert isomorphic(*lus)
        assert not [n for triple in lus[0] for n in triple if isinstance(n, BNode)]


def test_the_same_facts_give_the_same_bytes(region: Matiere) -> None:
    graphe = catalogue(region)
    melange = Graph()
    for prefixe, nom in graphe.namespaces():
        melange.bind(prefixe, nom)
    for triple in sorted(graphe, reverse=True):
        melange.add(triple)
    for ecris in (turtle, jsonld):
        assert ecris(graphe) == ecris(catalogue(region)) == ecris(melange)


def test_the_region_of_the_tests_has_a_name_of_ours(public: Graph) -> None:
    assert URIRef(f"urn:boussole:essai#lieu-{mini.REGION}") in set(public.objects(None, DCTERMS.spatial))
