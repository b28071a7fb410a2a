"""Known answers for the context tables: councils, mayors, town halls (published figures, 2026)."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]
BFC = RACINE / "data_sources/bfc"
CORSE = RACINE / "tests/donnees/corse"


def table(espace: Path, nom: str) -> list[dict[str, str]]:
    with (espace / nom).open(encoding="utf-8", newline="") as flux:
        return list(csv.DictReader(flux))


def sommes(nom: str, *colonnes: str) -> dict[str, tuple[float, ...]]:
    """Sums of columns by current département and for the région."""
    parents = {
        x["enfant"]: x["parent"]
        for x in table(BFC, "reference/liens.csv")
        if x["parent"].startswith("DEP-") and not x["millesime_fin"]
    }
    cumuls: dict[str, list[float]] = defaultdict(lambda: [0.0] * len(colonnes))
    for ligne in table(BFC, f"base_curee/{nom}.csv"):
        for territoire in (parents[ligne["code_commune"]], "REG-27"):
            for rang, colonne in enumerate(colonnes):
                cumuls[territoire][rang] += float(ligne[colonne] or 0)
    return {k: tuple(round(v, 3) for v in valeurs) for k, valeurs in cumuls.items()}


def maires(espace: Path = BFC) -> dict[str, dict[str, str]]:
    return {x["code_territoire"]: x for x in table(espace, "base_curee/maires.csv")}


@pytest.mark.parametrize(
    ("code", "femmes", "jeunes", "conseillers"),
    [
        ("DEP-21", 3760, 1639, 7940), ("DEP-25", 3390, 1693, 7139), ("DEP-39", 2705, 1263, 5706),
        ("DEP-58", 1785, 638, 3726), ("DEP-70", 2845, 1236, 6002), ("DEP-71", 3674, 1485, 7661),
        ("DEP-89", 2618, 931, 5430), ("DEP-90", 689, 279, 1450), ("REG-27", 21466, 9164, 45054),
    ],
)  # fmt: skip
def test_women_and_under_40s_in_councils(code: str, femmes: int, jeunes: int, conseillers: int) -> None:
    obtenu = sommes("conseils_municipaux", "femmes", "moins_40_ans", "conseillers", "age_connu")[code]
    assert obtenu == (femmes, jeunes, conseillers, conseillers)


@pytest.mark.parametrize(
    ("code", "heures", "avec_horaires", "avec_site", "mairies"),
    [
        ("DEP-21", 5609.75, 693, 277, 698), ("DEP-25", 6399.083, 530, 255, 563),
        ("DEP-39", 4927.083, 486, 260, 492), ("DEP-58", 4685.583, 307, 140, 309),
        ("DEP-70", 5168.917, 534, 174, 536), ("DEP-71", 8204.5, 563, 391, 563),
        ("DEP-89", 5885.5, 420, 258, 423), ("DEP-90", 1335.25, 101, 73, 101),
        ("REG-27", 42215.667, 3634, 1828, 3685),
    ],
)  # fmt: skip
def test_town_halls(code: str, heures: float, avec_horaires: int, avec_site: int, mairies: int) -> None:
    obtenu = sommes("mairies", "heures_hebdo", "mairies_avec_horaires", "mairies_avec_site", "mairies")[code]
    assert obtenu == pytest.approx((heures, avec_horaires, avec_site, mairies), abs=0.002)


@pytest.mark.parametrize(
    ("code", "nombre", "femmes", "somme_ages"),
    [
        ("DEP-21", 698, 176, 41275.162218), ("DEP-25", 562, 110, 32319.129363),
        ("DEP-39", 492, 103, 29212.783025), ("DEP-58", 309, 77, 18786.288843),
        ("DEP-70", 534, 107, 31461.511294), ("DEP-71", 563, 129, 33783.244353),
        ("DEP-89", 423, 118, 25554.795346), ("DEP-90", 101, 16, 5938.343600),
        ("REG-27", 3682, 836, 218331.258042),
    ],
)  # fmt: skip
def test_mayors(code: str, nombre: int, femmes: int, somme_ages: float) -> None:
    ligne = maires()[code]
    assert (int(ligne["maires"]), int(ligne["femmes"]), int(ligne["ages_connus"])) == (nombre, femmes, nombre)
    assert float(ligne["somme_ages"]) == pytest.approx(somme_ages, abs=1e-5)


@pytest.mark.parametrize("espace", [BFC, CORSE], ids=["bfc", "corse"])
def test_no_mayor_is_shown_alone(espace: Path) -> None:
    lignes = maires(espace).values()
    assert {x["maille"] for x in lignes} == {"region", "departement", "epci"}
    assert min(int(x["maires"]) for x in lignes) >= 3


def test_mayors_withheld_cannot_be_found_by_subtraction() -> None:
    """The regional part of 200067668 is one commune, that of 200071140 two: neither is shown alone."""
    epci = {k: int(x["maires"]) for k, x in maires().items() if x["maille"] == "epci"}
    assert not {"EPCI-200067668", "EPCI-200071140"} & set(epci)
    assert len(epci) == 114
    assert int(maires()["REG-27"]["maires"]) - sum(epci.values()) == 3


def test_a_commune_without_registered_council_has_no_row() -> None:
    codes = {x["code_commune"] for x in table(BFC, "base_curee/conseils_municipaux.csv")}
    assert len(codes) == 3683
    assert not {"COM-25172", "COM-70436"} & codes


def test_unknown_opening_hours_are_empty_never_zero() -> None:
    lignes = table(BFC, "base_curee/mairies.csv")
    assert {x["heures_hebdo"] for x in lignes if x["mairies_avec_horaires"] == "0"} == {""}
    assert all(float(x["heures_hebdo"]) > 0 for x in lignes if x["mairies_avec_horaires"] == "1")
