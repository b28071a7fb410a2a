"""A second espace, another région: the same commands and the same pages, with no code of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from tests.conftest import verbe
from tests.pages.conftest import PAGES, Ouvre

VALEURS = [
    # INSEE populations; répertoire national des élus 2026: Σ of the communes of base_curee, counted apart
    ("population_municipale", "region", {"REG-94": {"2017": 334938, "2023": 355486}}),
    ("population_municipale", "departement", {"DEP-2A": {"2017": 157249, "2023": 168306},
                                              "DEP-2B": {"2017": 177689, "2023": 187180}}),
    ("densite", "region", {"REG-94": {"2023": 355486 / 8755.5996}}),
    ("evolution_population_2017_2023", "departement", {"DEP-2A": {"2017-2023": 100 * 11057 / 157249},
                                                       "DEP-2B": {"2017-2023": 100 * 9491 / 177689}}),
    ("part_femmes_conseil_municipal", "region", {"REG-94": {"2026-03": 100 * 1990 / 4273}}),
]  # fmt: skip


@pytest.fixture
def ouvre_corse(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], magasin_corse: dict[str, str]) -> Ouvre:
    return ouvre_avec(magasin_corse)


@pytest.mark.parametrize(("indicateur", "maille", "attendus"), VALEURS)
def test_the_same_command_gives_the_figures_of_the_other_region(
    magasin_corse: dict[str, str], indicateur: str, maille: str, attendus: dict[str, dict[str, float]]
) -> None:
    resultat = verbe(magasin_corse, "get", indicateur, "--maille", maille, "--format", "json")
    assert resultat.returncode == 0, resultat.stderr
    obtenus: dict[str, dict[str, float]] = {}
    for valeur in json.loads(resultat.stdout)["valeurs"]:
        if valeur["periode"] in attendus[valeur["code"]]:
            obtenus.setdefault(valeur["code"], {})[valeur["periode"]] = valeur["valeur"]
    assert set(obtenus) == set(attendus)
    for code, periodes in attendus.items():
        assert obtenus[code] == pytest.approx(periodes, rel=1e-9)


@pytest.mark.parametrize("lieu", [None, "DEP-2A", "COM-2B033", "EPCI-242010056"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_it(ouvre_corse: Ouvre, page: str, lieu: str | None) -> None:
    ecran = ouvre_corse(page, **({"territoire": lieu} if lieu else {})).sains()
    assert ecran.avertissements == []
    assert "Bourgogne" not in ecran.texte


@pytest.mark.parametrize(
    ("page", "lieu", "attendus"),
    [
        ("territoire", None, ["Corse", "355 486 hab.", "6,1 %", "40,6 hab./km²", "46,6 %"]),
        ("territoire", "DEP-2A", ["Corse-du-Sud", "168 306 hab.", "41,7 hab./km²"]),
        ("territoire", "COM-2A004", ["Ajaccio", "76 320 hab."]),
        ("carte", None, ["Ajaccio", "Bastia"]),
        ("catalogue", None, ["4 indicateurs", "2 producteurs"]),
    ],
)
def test_its_figures_are_on_the_page(ouvre_corse: Ouvre, page: str, lieu: str | None, attendus: list[str]) -> None:
    texte = ouvre_corse(page, **({"territoire": lieu} if lieu else {})).sains().texte
    assert [a for a in attendus if a not in texte] == [], texte[:2000]


def test_a_place_of_the_other_espace_is_unknown_here(ouvre_corse: Ouvre) -> None:
    ecran = ouvre_corse("territoire", territoire="DEP-21").sains()
    assert len(ecran.avertissements) == 1
    assert "355 486 hab." in ecran.texte


def test_it_has_no_programme_and_says_nothing_false(ouvre_corse: Ouvre) -> None:
    texte = ouvre_corse("essentiel").sains().texte
    assert "Aucun programme à suivre ici." in texte
    assert "355 486 hab." in texte
    assert "retard" not in texte
    assert "trajectoire" not in texte
