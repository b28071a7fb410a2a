import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.comparaison import (
    Verdict,
    byar_ou_exact,
    classe_densite,
    rang,
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


def test_bands_and_classes_are_said_in_words() -> None:
    assert tranche_population(199) == "moins de 200 hab."
    assert tranche_population(500) == "de 500 à 999 hab."
    assert tranche_population(540_000) == "500\u202f000 hab. et plus"
    assert classe_densite(3) == "moins de 25 hab./km²"
    assert classe_densite(25) == "de 25 à 50 hab./km²"
    assert classe_densite(1500) == "1\u202f500 hab./km² et plus"
