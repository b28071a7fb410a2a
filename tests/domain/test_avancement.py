"""Progress towards a target: the formula, the expected path, the effort left, the mean of a programme."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.avancement import (
    Sens,
    Statut,
    Trajectoire,
    TrajectoireInvalide,
    evalue,
    programme_ta,
    ta,
    ta_attendu,
    ta_brut,
)

ARRETE = date(2026, 11, 23)
REELS = st.floats(-1e6, 1e6)


def fin(annee: int, mois: int = 12) -> date:
    return date(annee + mois // 12, mois % 12 + 1, 1) - timedelta(days=1)


CENT = Trajectoire(0, fin(2020), 100, fin(2030))


# --- the formula


@pytest.mark.parametrize(
    ("vi", "va", "vc", "brut", "borne"),
    [
        (100, 80, 60, 50, 50),
        (0, 30, 60, 50, 50),
        (10, 5, 20, -50, 0),
        (10, 25, 20, 150, 100),
        (10, 10, 20, 0, 0),
    ],
)
def test_ta_is_the_share_of_the_way_done_falling_or_rising(
    vi: float, va: float, vc: float, brut: float, borne: float
) -> None:
    assert ta_brut(vi, va, vc) == brut
    assert ta(vi, va, vc) == borne


@pytest.mark.parametrize(("vi", "va", "vc"), [(None, 1, 2), (1, None, 2), (1, 2, None), (5, 7, 5)])
def test_ta_is_none_when_a_value_is_missing_or_vi_equals_vc(
    vi: float | None, va: float | None, vc: float | None
) -> None:
    assert ta_brut(vi, va, vc) is None
    assert ta(vi, va, vc) is None


@pytest.mark.parametrize(("vi", "va", "attendu"), [(120, 110, 100), (120, 90, 0), (100, 100, 100)])
def test_when_vi_was_already_past_vc_the_ta_says_whether_the_target_still_holds(
    vi: float, va: float, attendu: float
) -> None:
    assert ta_brut(vi, va, 100, Sens.HAUSSE) == attendu
    avancement = evalue(Trajectoire(vi, fin(2020), 100, fin(2030), sens="hausse"), [(fin(2025), va)], ARRETE)
    assert avancement.ta_brut == attendu
    assert avancement.statut is (Statut.ATTEINT if attendu else Statut.EN_RETARD)
    assert "déjà au niveau de la cible" in (avancement.motif or "")


@given(REELS, REELS, REELS)
def test_ta_does_not_depend_on_the_unit_nor_on_the_direction(vi: float, va: float, vc: float) -> None:
    if abs(vc - vi) > 1e-3:
        assert ta_brut(-vi, -va, -vc) == ta_brut(vi, va, vc)
        assert ta_brut(vi, vi, vc) == 0
        assert ta_brut(vi, vc, vc) == 100
        borne = ta(vi, va, vc)
        assert borne is not None
        assert 0 <= borne <= 100


# --- the expected path

POINTS = [(fin(2022), 0.0), (fin(2024), 30.0), (fin(2029), 100.0)]


def test_the_path_0_30_100_expects_57_98_at_the_end_of_2026() -> None:
    assert ta_attendu(POINTS, fin(2026)) == pytest.approx(57.98, abs=0.005)


def test_the_path_is_flat_before_its_start_and_after_its_end() -> None:
    assert [ta_attendu(POINTS, fin(a)) for a in (2020, 2022, 2024, 2029, 2035)] == [0, 0, 30, 100, 100]


def test_the_path_in_values_and_in_percents_expect_the_same() -> None:
    valeurs = [(jour, 500 - 2 * p) for jour, p in POINTS]
    for annee in range(2021, 2032):
        assert ta_attendu(valeurs, fin(annee)) == pytest.approx(ta_attendu(POINTS, fin(annee)))


def test_a_path_needs_two_points_and_a_difference() -> None:
    assert ta_attendu([], fin(2024)) is None
    assert ta_attendu([(fin(2022), 3)], fin(2024)) is None
    assert ta_attendu([(fin(2022), 3), (fin(2024), 3)], fin(2023)) is None


def test_dates_that_do_not_increase_are_refused_with_both_dates() -> None:
    with pytest.raises(TrajectoireInvalide, match="2026-12-31 puis 2025-12-31"):
        Trajectoire(0, fin(2022), 10, fin(2025), jalons=((fin(2026), 5),))


@given(st.dates(date(2022, 1, 1), date(2031, 1, 1)), st.integers(0, 400))
def test_a_rising_path_never_expects_less_later(jour: date, jours: int) -> None:
    avant, apres = ta_attendu(POINTS, jour), ta_attendu(POINTS, jour + timedelta(days=jours))
    assert avant is not None
    assert apres is not None
    assert 0 <= avant <= apres <= 100


# --- the effort left


def test_the_effort_is_what_is_left_over_the_years_left_from_today() -> None:
    avancement = evalue(CENT, [(fin(2025), 50.0)], fin(2026))
    assert avancement.effort_annuel == pytest.approx(12.5, abs=0.01)
    baisse = evalue(Trajectoire(100, fin(2020), 60, fin(2030)), [(fin(2025), 80.0)], fin(2026))
    assert baisse.effort_annuel == pytest.approx(-5, abs=0.01)


# --- a programme


def test_a_programme_is_the_weighted_mean_of_what_is_measured_with_its_completeness() -> None:
    programme = programme_ta([(50, 2, True), (80, 1, True), (None, 1, True), (10, 9, False), (20, 1, True)])
    assert programme.ta == pytest.approx((50 * 2 + 80 + 20) / 4)
    assert (programme.mesures, programme.applicables) == (3, 4)
    assert programme.completude == "3 indicateurs sur 4"
    assert programme_ta([(50, 1, True)] * 4 + [(None, 1, True)]).completude == "4 indicateurs sur 5"


def test_a_programme_is_shown_from_two_thirds_of_its_weight() -> None:
    assert programme_ta([(50, 2, True), (None, 1, True)]).ta == 50
    assert programme_ta([(50, 1 / 3, True), (50, 1 / 3, True), (None, 1 / 3, True)]).ta == pytest.approx(50)
    trop_peu = programme_ta([(50, 1, True), (None, 0.6, True)])
    assert trop_peu.ta is None
    assert trop_peu.motif == "moins des deux tiers mesurés : 1 indicateur sur 2"


def test_a_programme_without_applicable_indicator_says_so() -> None:
    vide = programme_ta([(50, 1, False), (50, 0, True)])
    assert (vide.ta, vide.motif) == (None, "aucun indicateur applicable")


def test_over_achievement_does_not_hide_a_failure() -> None:
    assert programme_ta([(300, 1, True), (0, 1, True)]).ta == 50


@given(st.lists(st.tuples(st.one_of(st.none(), REELS), st.floats(0, 10), st.booleans()), max_size=6))
def test_a_programme_never_leaves_0_to_100(indicateurs: list[tuple[float | None, float, bool]]) -> None:
    programme = programme_ta(indicateurs)
    assert (programme.ta is None) == (programme.motif is not None)
    assert programme.ta is None or -1e-9 <= programme.ta <= 100 + 1e-9
