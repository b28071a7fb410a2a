from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.comparaison import (
    Verdict,
    byar_ou_exact,
    classe_densite,
    rang,
    semblables,
    tendance,
    tranche_population,
    verdict,
    verdict_intervalle,
    wilson,
)
from dashboard.domain.trajectoire import Sens


@pytest.mark.parametrize(("k", "n", "bas", "haut"), [(0, 20, 0, 16.11), (82, 100, 73.33, 88.30)])
def test_wilson_interval_of_a_proportion(k: int, n: int, bas: float, haut: float) -> None:
    assert wilson(k, n) == pytest.approx((bas, haut), abs=0.005)


def test_an_interval_of_nothing_is_none_and_an_impossible_share_is_refused() -> None:
    assert wilson(0, 0) is None
    assert byar_ou_exact(0, 0) is None
    with pytest.raises(ValueError, match="5 sur 4"):
        wilson(5, 4)
    with pytest.raises(ValueError, match="-1"):
        byar_ou_exact(-1, 100)


@pytest.mark.parametrize(
    ("evenements", "bas", "haut"),
    [(82, 652.15, 1017.85), (9, 41.15, 170.85), (0, 0, 36.89), (1, 0.2532, 55.72)],
)
def test_rates_use_byar_from_ten_events_and_exact_limits_below(evenements: int, bas: float, haut: float) -> None:
    intervalle = byar_ou_exact(evenements, 10_000)
    assert intervalle == pytest.approx((bas, haut), abs=0.005)


@given(st.integers(0, 200), st.integers(1, 200))
def test_an_interval_contains_its_estimate(k: int, n: int) -> None:
    k = min(k, n)
    proportion = wilson(k, n)
    taux = byar_ou_exact(k, n)
    assert proportion is not None
    assert taux is not None
    assert -1e-9 <= proportion.bas <= 100 * k / n + 1e-9
    assert 100 * k / n - 1e-9 <= proportion.haut <= 100 + 1e-9
    assert taux.bas <= 100_000 * k / n <= taux.haut


def test_a_verdict_only_when_the_interval_excludes_the_benchmark() -> None:
    assert verdict(82, 100, 70) is Verdict.AU_DESSUS
    assert verdict(82, 100, 90) is Verdict.EN_DESSOUS
    assert verdict(82, 100, 85) is Verdict.NON_DISTINGUABLE
    assert verdict_intervalle(byar_ou_exact(9, 10_000), 200) is Verdict.EN_DESSOUS


def test_without_figures_nothing_is_distinguishable() -> None:
    assert verdict(None, 100, 50) is verdict(1, None, 50) is Verdict.NON_DISTINGUABLE
    assert verdict(1, 0, 50) is verdict(1, 10, None) is Verdict.NON_DISTINGUABLE


def test_verdicts_have_their_words() -> None:
    assert [v.libelle for v in Verdict] == [
        "significativement au-dessus",
        "significativement en dessous",
        "non distinguable",
    ]


def test_ranks_share_ties_and_follow_the_wanted_direction() -> None:
    valeurs = [10.0, 30.0, 20.0, 20.0, float("nan")]
    premier, second = rang(valeurs, 30), rang(valeurs, 20)
    assert premier is not None
    assert second is not None
    assert (premier.rang, premier.sur, premier.ex_aequo) == (1, 4, False)
    assert (second.rang, second.ex_aequo) == (2, True)
    dernier = rang(valeurs, 30, Sens.BAISSE)
    assert dernier is not None
    assert dernier.rang == 4


def test_no_rank_without_a_value_or_when_not_distinguishable() -> None:
    assert rang([1.0, 2.0], None) is None
    assert rang([1.0, 2.0], float("nan")) is None
    assert rang([1.0, 2.0], 2.0, distinguable=False) is None


TERRITOIRES = pd.DataFrame(
    {
        "code": ["COM-1", "COM-2", "COM-3", "COM-4", "COM-5"],
        "population": [700, 900, 700, 1500, None],
        "densite": [30, 49, 60, 30, 30],
    }
)


def test_similar_territories_share_band_and_class_and_are_never_itself() -> None:
    assert semblables(TERRITOIRES, "COM-1") == ["COM-2"]
    assert semblables(TERRITOIRES, "COM-4") == []


def test_nothing_is_similar_to_an_unknown_territory() -> None:
    assert semblables(TERRITOIRES, "COM-5") == semblables(TERRITOIRES, "COM-9") == []


def test_bands_and_classes_are_said_in_words() -> None:
    assert tranche_population(199) == "moins de 200 hab."
    assert tranche_population(500) == "de 500 à 999 hab."
    assert tranche_population(540_000) == "500\u202f000 hab. et plus"
    assert classe_densite(3) == "moins de 25 hab./km²"
    assert classe_densite(25) == "de 25 à 50 hab./km²"
    assert classe_densite(1500) == "1\u202f500 hab./km² et plus"


@given(st.integers(0, 600_000), st.integers(0, 600_000), st.floats(0, 3000), st.floats(0, 3000))
def test_similarity_is_mutual_and_agrees_with_the_words(p: int, q: int, d: float, e: float) -> None:
    deux = pd.DataFrame({"code": ["A", "B"], "population": [p, q], "densite": [d, e]})
    memes = tranche_population(p) == tranche_population(q) and classe_densite(d) == classe_densite(e)
    assert (semblables(deux, "A") == ["B"]) == (semblables(deux, "B") == ["A"]) == memes


def annees(*valeurs: float) -> list[tuple[date, float]]:
    return [(date(2018 + i, 12, 31), v) for i, v in enumerate(valeurs)]


def test_a_trend_needs_five_points_and_says_so() -> None:
    courte = tendance(annees(1, 2, 3, 4))
    assert (courte.pente, courte.sens) == (None, None)
    assert courte.motif == "4 points : il en faut 5 pour une tendance"


def test_five_rising_points_are_a_rise() -> None:
    hausse = tendance(annees(1, 2, 3, 4, 5))
    assert hausse.pente == pytest.approx(1, abs=0.01)
    assert (hausse.sens, hausse.motif) == (Sens.HAUSSE, None)
    assert tendance(annees(5, 4, 3, 2, 1)).sens is Sens.BAISSE


def test_one_wild_point_does_not_make_the_slope() -> None:
    pente = tendance(annees(1, 2, 3, 4, 5, 6, 700)).pente
    assert pente == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("valeurs", [(3, 3, 3, 3, 3), (1, 5, 2, 4, 3)])
def test_no_direction_is_stated_without_a_clear_one(valeurs: tuple[float, ...]) -> None:
    plate = tendance(annees(*valeurs))
    assert (plate.sens, plate.motif) == (None, "pas de tendance nette")
