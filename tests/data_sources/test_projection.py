"""From what was received to what is shown: current places, roll-ups and what they rest on, mergers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from dashboard.domain.reference import Reference
from data_sources.pipeline import codes_connus
from tests.mini import ABSORBANTE, ABSORBEE, CHEVAL, COMMUNES, E1, E3, NORD, REGION, SUD, ligne

Projette = Callable[..., pd.DataFrame]


def effectifs(sauf: tuple[str, ...] = (), **autres: Any) -> list[dict[str, Any]]:
    return [ligne(c, p, **autres) for c, (_, _, p) in COMMUNES.items() if c not in sauf]


def parts(**numerateurs_et_denominateurs: tuple[float, float]) -> list[dict[str, Any]]:
    return [
        ligne(f"COM-{c[1:]}", indicateur="part_fictive", numerateur=n, denominateur=d)
        for c, (n, d) in numerateurs_et_denominateurs.items()
    ]


def test_communes_are_summed_to_the_four_levels(projete: Projette) -> None:
    vu = projete(*effectifs())
    sommes = {REGION: 1000, NORD: 470, SUD: 530, E1: 420, CHEVAL: 450, E3: 90}
    assert vu.loc[list(sommes), "valeur"].to_dict() == sommes
    assert set(vu.loc[list(sommes), "origine"]) == {"C"}
    assert set(vu.loc[list(COMMUNES), "origine"]) == {"P"}
    assert vu.loc[list(sommes), "completude"].eq(1).all()
    assert vu.loc[list(sommes), "completude_population"].eq(1).all()


def test_an_epci_that_straddles_two_departements_gives_each_its_own_communes(projete: Projette) -> None:
    vu = projete(*effectifs())
    assert vu.loc[CHEVAL, "valeur"] == 450
    assert vu.loc[NORD, "valeur"] == 100 + 300 + 50 + 20


def test_a_commune_outside_every_epci_counts_in_its_departement(projete: Projette) -> None:
    vu = projete(*effectifs())
    assert vu.loc[[E1, CHEVAL, E3], "valeur"].sum() == 960
    assert vu.loc[[NORD, SUD], "valeur"].sum() == vu.loc[REGION, "valeur"] == 1000


def test_a_missing_child_never_counts_as_zero(projete: Projette) -> None:
    vu = projete(*effectifs(sauf=("COM-98002",)))
    assert vu.loc[E1, "valeur"] == 120
    assert vu.loc[E1, "completude"] == pytest.approx(2 / 3)
    assert vu.loc[E1, "completude_population"] == pytest.approx(120 / 420)
    assert vu.loc[REGION, "completude"] == pytest.approx(7 / 8)
    assert vu.loc[REGION, "completude_population"] == pytest.approx(0.7)
    assert "COM-98002" not in vu.index


def test_a_parent_without_any_child_has_no_value(projete: Projette) -> None:
    vu = projete(*effectifs(sauf=("COM-99002", "COM-99003")))
    assert E3 not in vu.index
    assert vu.loc[SUD, "completude"] == 0.5


def test_a_zero_is_a_value(projete: Projette) -> None:
    vu = projete(ligne("COM-99002", 0), ligne("COM-99003", 0))
    assert vu.loc[E3, ["valeur", "completude"]].tolist() == [0, 1]


def test_a_rate_is_the_ratio_of_the_sums_never_a_mean_of_rates(projete: Projette) -> None:
    vu = projete(*parts(_98001=(500, 5000), _98002=(9, 180), _98005=(70, 350)))
    assert vu.loc[E1, "valeur"] == pytest.approx(10.470, abs=5e-4)
    assert vu.loc[E1, ["numerateur", "denominateur"]].tolist() == [579, 5530]
    assert vu.loc["COM-98002", "valeur"] == pytest.approx(5.0)


def test_a_rate_over_zero_is_unknown_and_still_counts_in_the_sums(projete: Projette) -> None:
    vu = projete(*parts(_99002=(0, 0), _99003=(1, 4)))
    assert pd.isna(vu.loc["COM-99002", "valeur"])
    assert vu.loc[E3, "valeur"] == 25


def test_what_is_never_aggregated_is_shown_only_where_it_was_published(projete: Projette) -> None:
    vu = projete(ligne(NORD, 40, indicateur="taux_publie"), ligne(SUD, 60, indicateur="taux_publie"))
    assert vu["valeur"].to_dict() == {NORD: 40, SUD: 60}


def test_the_aggregate_of_the_producer_wins_and_ours_stays_beside_it(projete: Projette) -> None:
    publies = [ligne(c, v, indicateur="centres_publies") for c, v in ((REGION, 12), (NORD, 5), (SUD, 6))]
    vu = projete(*publies)
    assert vu.loc[REGION, ["valeur", "calculee", "origine"]].tolist() == [12, 11, "P"]
    assert pd.isna(vu.loc[NORD, "calculee"])


def test_no_check_is_made_of_an_aggregate_whose_parts_are_missing(projete: Projette) -> None:
    vu = projete(ligne(REGION, 12, indicateur="centres_publies"), ligne(NORD, 5, indicateur="centres_publies"))
    assert pd.isna(vu.loc[REGION, "calculee"])


def test_an_aggregate_that_nobody_publishes_is_ours(projete: Projette) -> None:
    vu = projete(ligne(NORD, 5, indicateur="centres_publies"), ligne(SUD, 6, indicateur="centres_publies"))
    assert vu.loc[REGION, ["valeur", "origine", "completude"]].tolist() == [11, "C", 1]


def test_only_the_declared_levels_are_shown(projete: Projette) -> None:
    vu = projete(*effectifs(indicateur="effectif_secret", n_unites=50, part_max=0.1))
    assert {c.partition("-")[0] for c in vu.index} == {"REG", "DEP", "EPCI"}


# ------------------------------------------------------------------------------------------- code over time


def test_communes_that_merged_are_summed(projete: Projette) -> None:
    vu = projete(ligne(ABSORBANTE, 300, millesime_cog=2024), ligne(ABSORBEE, 40, millesime_cog=2024))
    assert vu.loc[ABSORBANTE, ["valeur", "completude"]].tolist() == [340, 1]
    assert ABSORBEE not in vu.index
    assert vu.loc[E1, "valeur"] == 340


def test_the_rate_of_communes_that_merged_is_recomputed(projete: Projette) -> None:
    lignes = parts(_98002=(1, 10), _98003=(3, 10))
    vu = projete(*(x | {"millesime_cog": 2024} for x in lignes))
    assert vu.loc[ABSORBANTE, ["valeur", "numerateur", "denominateur"]].tolist() == [20, 4, 20]


@pytest.mark.parametrize("presente", [ABSORBANTE, ABSORBEE])
def test_half_of_a_merged_commune_says_that_half_is_missing(projete: Projette, presente: str) -> None:
    vu = projete(ligne(presente, 40, millesime_cog=2024))
    assert vu.loc[ABSORBANTE, ["valeur", "completude"]].tolist() == [40, 0.5]


def test_a_commune_that_did_not_change_is_carried_as_it_is(projete: Projette) -> None:
    for cog in (2023, 2024, 2025, 2026):
        vu = projete(ligne("COM-99003", 0.1 + 0.2, millesime_cog=cog))
        assert vu.loc["COM-99003", "valeur"] == 0.1 + 0.2


def test_two_vintages_may_come_in_one_delivery(projete: Projette) -> None:
    vu = projete(ligne(ABSORBANTE, 300, millesime_cog=2024, periode="2022"), ligne(ABSORBANTE, 350, periode="2023"))
    vues = vu.loc[[ABSORBANTE]].set_index("fin")["completude"]
    assert [round(c, 3) for c in vues] == [0.5, 1.0]


def test_every_vintage_that_can_be_carried_is_known_even_when_nothing_changed(places: Reference) -> None:
    connus = codes_connus(places)
    assert sorted(connus) == [2023, 2024, 2025, 2026]
    assert ABSORBEE in connus[2024]
    assert ABSORBEE not in connus[2025]


def test_a_vintage_inside_a_step_of_the_passage_is_unknown(places: Reference) -> None:
    passage = places.passage.assign(millesime_de=2023, millesime_vers=2025)
    assert sorted(codes_connus(Reference(places.territoires, places.liens, passage, 2026))) == [2023, 2025, 2026]
