"""Known answers of the committed espace: the same figures, found apart, restated with where they come from.

Context: figures computed apart, in 2026, from the same public packages (INSEE populations and COG, IGN contours,
répertoire national des élus, annuaire de l'administration). EPCI-200070332 has 3 of its 63 communes here;
EPCI-247000714 straddles two départements; 39368, 89086, 90068 and 21452 are communes that absorbed others.
"""

from __future__ import annotations

import json

import pandas as pd
import pytest

from dashboard.bootstrap import Application
from dashboard.domain.territoire import Maille
from dashboard.store import queries
from tests.conftest import verbe
from tests.data_sources.conftest import valeur

RAPPORTS = [
    # indicateur, territoire, période, numérateur, dénominateur
    ("densite", "COM-21231", "2023", 161830, 41.8478),
    ("densite", "COM-39368", "2023", 5032, 23.6532),
    ("densite", "COM-58194", "2023", 33085, 17.4742),
    ("densite", "DEP-25", "2023", 547163, 5247.0193),
    ("densite", "DEP-58", "2023", 201417, 6863.1851),
    ("densite", "DEP-90", "2023", 140255, 610.106),
    ("densite", "EPCI-200070332", "2023", 207, 20.8631),
    ("densite", "EPCI-242100410", "2023", 261178, 240.1584),
    ("densite", "EPCI-247000714", "2023", 7700, 206.767),
    ("densite", "REG-27", "2023", 2802670, 47980.8571),
    ("evolution_population_2017_2023", "COM-21231", "2017-2023", 4910, 156920),
    ("evolution_population_2017_2023", "COM-39368", "2017-2023", -318, 5350),
    ("evolution_population_2017_2023", "COM-58194", "2017-2023", 95, 32990),
    ("evolution_population_2017_2023", "DEP-25", "2017-2023", 8096, 539067),
    ("evolution_population_2017_2023", "DEP-58", "2017-2023", -5765, 207182),
    ("evolution_population_2017_2023", "DEP-90", "2017-2023", -2367, 142622),
    ("evolution_population_2017_2023", "EPCI-200070332", "2017-2023", 0, 207),
    ("evolution_population_2017_2023", "EPCI-242100410", "2017-2023", 7540, 253638),
    ("evolution_population_2017_2023", "EPCI-247000714", "2017-2023", -215, 7915),
    ("evolution_population_2017_2023", "REG-27", "2017-2023", -8753, 2811423),
    ("part_femmes_conseil_municipal", "COM-21231", "2026-03", 29, 59),
    ("part_femmes_conseil_municipal", "COM-39368", "2026-03", 16, 33),
    ("part_femmes_conseil_municipal", "COM-58194", "2026-03", 19, 39),
    ("part_femmes_conseil_municipal", "DEP-25", "2026-03", 3390, 7139),
    ("part_femmes_conseil_municipal", "DEP-58", "2026-03", 1785, 3726),
    ("part_femmes_conseil_municipal", "DEP-90", "2026-03", 689, 1450),
    ("part_femmes_conseil_municipal", "EPCI-200070332", "2026-03", 11, 25),
    ("part_femmes_conseil_municipal", "EPCI-242100410", "2026-03", 269, 545),
    ("part_femmes_conseil_municipal", "EPCI-247000714", "2026-03", 152, 330),
    ("part_femmes_conseil_municipal", "REG-27", "2026-03", 21466, 45054),
    ("part_elus_moins_40_ans", "COM-21231", "2026-03", 11, 59),
    ("part_elus_moins_40_ans", "COM-39368", "2026-03", 5, 33),
    ("part_elus_moins_40_ans", "COM-58194", "2026-03", 6, 39),
    ("part_elus_moins_40_ans", "DEP-25", "2026-03", 1693, 7139),
    ("part_elus_moins_40_ans", "DEP-58", "2026-03", 638, 3726),
    ("part_elus_moins_40_ans", "DEP-90", "2026-03", 279, 1450),
    ("part_elus_moins_40_ans", "EPCI-200070332", "2026-03", 6, 25),
    ("part_elus_moins_40_ans", "EPCI-242100410", "2026-03", 78, 545),
    ("part_elus_moins_40_ans", "EPCI-247000714", "2026-03", 81, 330),
    ("part_elus_moins_40_ans", "REG-27", "2026-03", 9164, 45054),
    ("heures_ouverture_mairie_hebdo", "COM-21231", "2026", 40.5, 1),
    ("heures_ouverture_mairie_hebdo", "COM-39368", "2026", 33, 1),
    ("heures_ouverture_mairie_hebdo", "COM-58194", "2026", 37, 1),
    ("heures_ouverture_mairie_hebdo", "DEP-25", "2026", 6399.083333, 530),
    ("heures_ouverture_mairie_hebdo", "DEP-58", "2026", 4685.583333, 307),
    ("heures_ouverture_mairie_hebdo", "DEP-90", "2026", 1335.25, 101),
    ("heures_ouverture_mairie_hebdo", "EPCI-200070332", "2026", 10.5, 3),
    ("heures_ouverture_mairie_hebdo", "EPCI-242100410", "2026", 582.75, 23),
    ("heures_ouverture_mairie_hebdo", "EPCI-247000714", "2026", 226.75, 32),
    ("heures_ouverture_mairie_hebdo", "REG-27", "2026", 42215.666667, 3634),
    ("part_mairies_avec_site_web", "COM-21231", "2026", 1, 1),
    ("part_mairies_avec_site_web", "COM-39368", "2026", 1, 1),
    ("part_mairies_avec_site_web", "COM-58194", "2026", 1, 1),
    ("part_mairies_avec_site_web", "DEP-25", "2026", 255, 563),
    ("part_mairies_avec_site_web", "DEP-58", "2026", 140, 309),
    ("part_mairies_avec_site_web", "DEP-90", "2026", 73, 101),
    ("part_mairies_avec_site_web", "EPCI-200070332", "2026", 1, 3),
    ("part_mairies_avec_site_web", "EPCI-242100410", "2026", 22, 23),
    ("part_mairies_avec_site_web", "EPCI-247000714", "2026", 7, 32),
    ("part_mairies_avec_site_web", "REG-27", "2026", 1828, 3685),
    ("part_femmes_maires", "DEP-25", "2026-03", 110, 562),
    ("part_femmes_maires", "DEP-58", "2026-03", 77, 309),
    ("part_femmes_maires", "DEP-90", "2026-03", 16, 101),
    ("part_femmes_maires", "EPCI-200070332", "2026-03", 0, 3),
    ("part_femmes_maires", "EPCI-242100410", "2026-03", 9, 23),
    ("part_femmes_maires", "EPCI-247000714", "2026-03", 4, 32),
    ("part_femmes_maires", "REG-27", "2026-03", 836, 3682),
    ("age_moyen_maires", "DEP-25", "2026-03", 32319.129363, 562),
    ("age_moyen_maires", "DEP-58", "2026-03", 18786.288843, 309),
    ("age_moyen_maires", "DEP-90", "2026-03", 5938.3436, 101),
    ("age_moyen_maires", "EPCI-200070332", "2026-03", 162.428474, 3),
    ("age_moyen_maires", "EPCI-242100410", "2026-03", 1318.294319, 23),
    ("age_moyen_maires", "EPCI-247000714", "2026-03", 1874.231348, 32),
    ("age_moyen_maires", "REG-27", "2026-03", 218331.258042, 3682),
    ("part_communes_moins_500_hab", "DEP-25", "2023", 373, 563),
    ("part_communes_moins_500_hab", "DEP-58", "2023", 228, 309),
    ("part_communes_moins_500_hab", "DEP-90", "2023", 52, 101),
    ("part_communes_moins_500_hab", "EPCI-200070332", "2023", 3, 3),
    ("part_communes_moins_500_hab", "EPCI-242100410", "2023", 1, 23),
    ("part_communes_moins_500_hab", "EPCI-247000714", "2023", 28, 32),
    ("part_communes_moins_500_hab", "REG-27", "2023", 2611, 3685),
    ("part_population_communes_moins_2000_hab", "DEP-25", "2023", 213962, 547163),
    ("part_population_communes_moins_2000_hab", "DEP-58", "2023", 105739, 201417),
    ("part_population_communes_moins_2000_hab", "DEP-90", "2023", 52423, 140255),
    ("part_population_communes_moins_2000_hab", "EPCI-200070332", "2023", 207, 207),
    ("part_population_communes_moins_2000_hab", "EPCI-242100410", "2023", 11383, 261178),
    ("part_population_communes_moins_2000_hab", "EPCI-247000714", "2023", 7700, 7700),
    ("part_population_communes_moins_2000_hab", "REG-27", "2023", 1355670, 2802670),
]
NOMBRES = [
    # indicateur, territoire, période, valeur
    ("population_municipale", "COM-21231", "2017", 156920),
    ("population_municipale", "COM-21231", "2023", 161830),
    ("population_municipale", "COM-21452", "2017", 2664),
    ("population_municipale", "COM-21452", "2023", 3588),
    ("population_municipale", "COM-39368", "2017", 5350),
    ("population_municipale", "COM-39368", "2023", 5032),
    ("population_municipale", "COM-58194", "2017", 32990),
    ("population_municipale", "COM-58194", "2023", 33085),
    ("population_municipale", "COM-89086", "2017", 4877),
    ("population_municipale", "COM-89086", "2023", 4900),
    ("population_municipale", "COM-90068", "2017", 1307),
    ("population_municipale", "COM-90068", "2023", 1440),
    ("population_municipale", "DEP-25", "2017", 539067),
    ("population_municipale", "DEP-25", "2023", 547163),
    ("population_municipale", "DEP-58", "2017", 207182),
    ("population_municipale", "DEP-58", "2023", 201417),
    ("population_municipale", "DEP-90", "2017", 142622),
    ("population_municipale", "DEP-90", "2023", 140255),
    ("population_municipale", "EPCI-200070332", "2017", 207),
    ("population_municipale", "EPCI-200070332", "2023", 207),
    ("population_municipale", "EPCI-242100410", "2017", 253638),
    ("population_municipale", "EPCI-242100410", "2023", 261178),
    ("population_municipale", "EPCI-247000714", "2017", 7915),
    ("population_municipale", "EPCI-247000714", "2023", 7700),
    ("population_municipale", "REG-27", "2017", 2811423),
    ("population_municipale", "REG-27", "2023", 2802670),
    ("superficie", "COM-21231", "2026", 41.8478),
    ("superficie", "COM-39368", "2026", 23.6532),
    ("superficie", "COM-58194", "2026", 17.4742),
    ("superficie", "DEP-25", "2026", 5247.0193),
    ("superficie", "DEP-58", "2026", 6863.1851),
    ("superficie", "DEP-90", "2026", 610.106),
    ("superficie", "EPCI-200070332", "2026", 20.8631),
    ("superficie", "EPCI-242100410", "2026", 240.1584),
    ("superficie", "EPCI-247000714", "2026", 206.767),
    ("superficie", "REG-27", "2026", 47980.8571),
    ("nombre_communes", "DEP-25", "2026", 563),
    ("nombre_communes", "DEP-58", "2026", 309),
    ("nombre_communes", "DEP-90", "2026", 101),
    ("nombre_communes", "EPCI-200070332", "2026", 3),
    ("nombre_communes", "EPCI-242100410", "2026", 23),
    ("nombre_communes", "EPCI-247000714", "2026", 32),
    ("nombre_communes", "REG-27", "2026", 3685),
]


def test_the_command_gives_the_seven_populations_of_the_region(magasin_pret: dict[str, str]) -> None:
    resultat = verbe(
        magasin_pret, "get", "population_municipale", "--maille", "region", "--format", "json"
    )  # fmt: skip
    assert (resultat.returncode, resultat.stderr) == (0, "")
    document = json.loads(resultat.stdout)
    assert {v["periode"]: v["valeur"] for v in document["valeurs"]} == {
        "2017": 2811423, "2018": 2807807, "2019": 2805580, "2020": 2801695, "2021": 2800194, "2022": 2803977,
        "2023": 2802670,
    }  # fmt: skip


@pytest.mark.parametrize(("indicateur", "code", "periode", "numerateur", "denominateur"), RAPPORTS)
def test_a_ratio_with_its_two_terms(
    bfc: Application, tout: pd.DataFrame, indicateur: str, code: str, periode: str, numerateur: float,
    denominateur: float,
) -> None:  # fmt: skip
    ligne = valeur(tout, indicateur, code, periode)
    assert (ligne["numerateur"], ligne["denominateur"]) == pytest.approx((numerateur, denominateur), rel=1e-6)
    attendu = bfc.espace.indicateur(indicateur).facteur * numerateur / denominateur
    assert ligne["valeur"] == pytest.approx(attendu, rel=1e-6)


@pytest.mark.parametrize(("indicateur", "code", "periode", "attendu"), NOMBRES)
def test_a_count(tout: pd.DataFrame, indicateur: str, code: str, periode: str, attendu: float) -> None:
    assert valeur(tout, indicateur, code, periode)["valeur"] == pytest.approx(attendu, rel=1e-9)


COMPLETS = {
    "population_municipale": 7 * 3810,
    "densite": 3810,
    "evolution_population_2017_2023": 3810,
    "superficie": 3810,
    "part_mairies_avec_site_web": 3810,
    "nombre_communes": 125,
}


@pytest.mark.parametrize(("indicateur", "nombre"), COMPLETS.items())
def test_every_place_has_its_value(tout: pd.DataFrame, indicateur: str, nombre: int) -> None:
    assert tout.loc[indicateur, "valeur"].notna().sum() == nombre


def test_departements_and_epci_add_up_to_the_region(bfc: Application, tout: pd.DataFrame) -> None:
    population = tout.loc["population_municipale"].reset_index()
    somme = population.assign(maille=population["code"].str[:3]).groupby(["fin", "maille"])["valeur"].sum().unstack()
    assert (somme["DEP"] == somme["REG"]).all()
    assert (somme["EPC"] == somme["REG"]).all()
    assert (somme["COM"] == somme["REG"]).all()


def test_no_mayor_is_shown_for_a_commune(bfc: Application, tout: pd.DataFrame) -> None:
    for indicateur in ("part_femmes_maires", "age_moyen_maires"):
        codes = tout.loc[indicateur].index.get_level_values("code")
        assert not any(c.startswith("COM-") for c in codes)
        with bfc.moteur.connect() as connexion:
            assert queries.load_dernieres(connexion, bfc.lecteur, indicateur, Maille.COMMUNE).empty


def test_the_mayors_of_two_epci_are_secret_and_nothing_gives_them_back(tout: pd.DataFrame) -> None:
    """One commune here for 200067668, two for 200071140: fewer than three mayors each."""
    for indicateur, chiffre in (("part_femmes_maires", "denominateur"), ("age_moyen_maires", "denominateur")):
        lignes = tout.loc[indicateur].reset_index().set_index("code")
        secretes = lignes[lignes["statut"] == "Q"]
        assert sorted(secretes.index) == ["EPCI-200067668", "EPCI-200071140"]
        assert secretes[["valeur", "numerateur", "denominateur", "n_unites", "calculee"]].notna().sum().sum() == 0
        visibles = lignes[lignes.index.str.startswith("EPCI-") & (lignes["statut"] != "Q")]
        assert lignes.loc["REG-27", chiffre] - visibles[chiffre].sum() == 3
