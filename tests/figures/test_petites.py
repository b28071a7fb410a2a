"""Small drawings: what is drawn, on which scale, with what never breaks them. Figures invented."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from dashboard.domain.tendance import Projection
from dashboard.figures import serie
from dashboard.figures.etincelle import etincelle
from dashboard.figures.palette import STATUTS
from dashboard.figures.petites import etendue, mini_trajectoire
from tests.domain.test_programme import ARRETE, situation

SVG = "{http://www.w3.org/2000/svg}"


def points(svg: str, rang: int = 0) -> list[tuple[float, float]]:
    ligne = list(ElementTree.fromstring(svg).iter(f"{SVG}polyline"))[rang]
    return [(float(x), float(y)) for x, y in (p.split(",") for p in ligne.attrib["points"].split())]


def test_a_rising_series_rises_to_the_right() -> None:
    trace = points(etincelle([1.0, 3.0, 9.0]))
    assert [x for x, _ in trace] == sorted(x for x, _ in trace)
    assert [y for _, y in trace] == sorted((y for _, y in trace), reverse=True)


def test_one_value_has_no_shape() -> None:
    assert etincelle([4.0]) == ""


def test_neighbours_share_one_scale() -> None:
    grand, petit = situation("grand_voisin", 80), situation("petit_voisin", 8, vc=10)
    cadre = etendue([grand, petit])
    assert cadre is not None
    (_, _), (bas, haut) = cadre
    assert (bas, haut) == (0, 100)
    haut_du_petit = min(y for _, y in points(mini_trajectoire(petit, "trajectoire", cadre)))
    haut_du_grand = min(y for _, y in points(mini_trajectoire(grand, "trajectoire", cadre)))
    assert haut_du_grand < haut_du_petit


def test_the_last_value_wears_its_statut_and_large_figures_stay_short() -> None:
    million = situation("un_million", 1_200_000, vc=2_500_000)
    cadre = etendue([million])
    assert cadre is not None
    dessin = mini_trajectoire(million, "retard", cadre)
    assert STATUTS["retard"] in dessin
    assert "2,5M" in re.findall(r">([^<]+)<", dessin)


def test_nothing_to_draw_has_no_scale() -> None:
    assert etendue([]) is None


def test_a_projection_is_drawn_with_its_interval_and_an_event_at_its_date() -> None:
    s = situation("projete", 30)
    jour = date(2026, 12, 31)
    figure = serie.trajectoire(
        s, "retard", [], ARRETE, Projection(jour, 60, 50, 70), [(date(2024, 1, 1), "<b>Appel</b> à projets")]
    )
    surfaces = [t for t in figure.data if t.fill == "toself"]
    assert [list(t.y) for t in surfaces] == [[30, 70, 50, 30]]
    assert any("à ce rythme" in str(t.text) for t in figure.data)
    titres = [a.text for a in figure.layout.annotations]
    assert "&lt;b&gt;Appel&lt;/b&gt; à projets" in titres


@pytest.mark.parametrize("avancement", [[], [(date(2023, 12, 31), 10.0), (date(2024, 12, 31), -20.0)]])
def test_money_and_progress_share_their_years(avancement: list[tuple[date, float]]) -> None:
    figure = serie.argent(avancement, {"Voté": [(date(2023, 12, 31), 17.8), (date(2024, 12, 31), 23.2)]})
    assert list(figure.layout.xaxis.tickvals) == list(figure.layout.xaxis2.tickvals) == [2023, 2024]
    (barres,) = [t for t in figure.data if t.type == "bar"]
    assert list(barres.y) == [17.8, 23.2]
