"""Pace and projection: by hand on a small series, and what they must never say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.tendance import Direction, tendance


def annuelle(*valeurs: float, debut: int = 2018) -> list[tuple[date, float]]:
    return [(date(debut + i, 12, 31), v) for i, v in enumerate(valeurs)]


def test_four_points_say_nothing() -> None:
    assert tendance(annuelle(1, 2, 3, 4)) is None


def test_a_straight_line_is_found_exactly_and_leads_where_it_leads() -> None:
    trouvee = tendance(annuelle(10, 12, 14, 16, 18))
    assert trouvee is not None
    assert trouvee.par_an == pytest.approx(2, rel=1e-3)
    assert trouvee.direction is Direction.HAUSSE
    projection = trouvee.projette(date(2027, 12, 31))
    assert projection.valeur == pytest.approx(28, abs=0.05)
    assert projection.haute - projection.basse == pytest.approx(0, abs=0.1)


def test_the_interval_is_that_of_the_textbook() -> None:
    # x = 1..5, y = 2, 4, 5, 4, 5: slope 0.6, residual deviation sqrt(2.4 / 3) = 0.8944, t(3) = 3.182.
    # At x = 6: 5.8 ± 3.182 × 0.8944 × sqrt(1 + 1/5 + 9/10) = 5.8 ± 4.124.
    serie = [
        (date.fromordinal(730_000 + round(365.25 * x)), y) for x, y in zip(range(1, 6), (2, 4, 5, 4, 5), strict=True)
    ]
    trouvee = tendance(serie)
    assert trouvee is not None
    assert trouvee.par_an == pytest.approx(0.6, abs=0.001)
    assert trouvee.direction is Direction.INDECISE
    projection = trouvee.projette(date.fromordinal(730_000 + round(365.25 * 6)))
    assert projection.valeur == pytest.approx(5.8, abs=0.01)
    assert projection.haute - projection.valeur == pytest.approx(4.124, abs=0.02)


def test_a_share_is_never_projected_beyond_one_hundred_percent() -> None:
    trouvee = tendance(annuelle(60, 70, 80, 90, 95))
    assert trouvee is not None
    projection = trouvee.projette(date(2030, 12, 31), (0, 100))
    assert (projection.valeur, projection.haute) == (100, 100)


def test_only_the_last_five_years_make_the_pace() -> None:
    serie = annuelle(100, 0, 0, 0, 10, 20, 30, 40, 50, 60, debut=2010)
    trouvee = tendance(serie)
    assert trouvee is not None
    assert (trouvee.points, trouvee.depuis) == (6, date(2014, 12, 31))
    assert trouvee.par_an == pytest.approx(10, rel=1e-3)


def test_a_seasonal_series_is_read_month_against_month() -> None:
    serie = [(date(a, m, 28), 100.0 * m + a) for a in range(2018, 2024) for m in (3, 9)]
    trouvee = tendance(serie, "flux")
    assert trouvee is not None
    assert trouvee.par_an == pytest.approx(1, rel=1e-2)


@given(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=12), st.floats(-1e6, 1e6), st.floats(0.01, 100))
def test_a_change_of_unit_or_of_origin_changes_nothing_else(valeurs: list[float], decale: float, k: float) -> None:
    avant, apres = tendance(annuelle(*valeurs)), tendance(annuelle(*(k * v + decale for v in valeurs)))
    assert avant is not None
    assert apres is not None
    taille = max(map(abs, valeurs)) * k + abs(decale) + 1
    assert apres.par_an == pytest.approx(k * avant.par_an, rel=1e-4, abs=1e-6 * taille)
