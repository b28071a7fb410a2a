"""What the figures of a comparison hold: every known territory once, the one in view marked, nothing invented."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from dashboard.domain.indicateur import Indicateur
from dashboard.figures.comparaison import (
    SEUILS_ECART,
    Axe,
    Reperes,
    bornes_barres,
    distribution,
    legende_ecarts,
    nuage,
    teinte_ecart,
)
from dashboard.figures.series_comparees import Role, base_100, etendue_series, petite_serie
from tests import mini

PART = Indicateur.model_validate(
    mini._indicateur("essai_part", "comptes", agregation="ratio", facteur=100, unite="%", decimales=1)
)
JOURS = [date(2021, 12, 31), date(2022, 12, 31), date(2023, 12, 31)]


def axe(*valeurs: float) -> Axe:
    return Axe(PART, pd.Series(valeurs, dtype=float), "2023")


def test_a_scatter_shows_each_territory_that_has_both_values_and_rings_the_one_in_view() -> None:
    x, y = axe(10, 20, np.nan, 40), axe(1, np.nan, 3, 4)
    figure = nuage(list("abcd"), ["Nord", "Nord", "Sud", "Sud"], x, y, pd.Series([1.0, 2, 3, 4]), 3)
    noms = [str(c[0]) for trace in figure.data[:-1] for c in trace.customdata]
    assert noms == ["a", "d"]
    assert figure.data[-1].x == (40.0,)
    assert "d" in figure.layout.annotations[0].text
    assert len({(t.marker.color, t.marker.symbol) for t in figure.data[:-1]}) == 2


def test_a_territory_without_both_values_is_not_ringed() -> None:
    figure = nuage(["a", "b"], ["Nord", "Nord"], axe(1, np.nan), axe(1, 2), None, 1)
    assert len(figure.data) == 1
    assert not figure.layout.annotations


def test_values_that_span_too_much_are_read_on_a_logarithmic_axis_which_says_so() -> None:
    assert "échelle logarithmique" in axe(1, 10, 5000).titre
    assert "logarithmique" not in axe(0, 10, 5000).titre
    assert "logarithmique" not in axe(1, 10, 50).titre


def test_few_territories_are_named_points_and_many_are_counted() -> None:
    peu = distribution(PART, pd.Series([1.0, 2, np.nan, 4]), list("abcd"), Reperes(("b", 2.0), 3.0), "communes")
    assert [t.strip() for t in peu.data[0].text] == ["a", "b", "d"]
    valeurs = pd.Series(np.arange(200.0))
    beaucoup = distribution(PART, valeurs, [str(i) for i in range(200)], Reperes(("7", 7.0), None), "communes")
    assert sum(beaucoup.data[0].y) == 200
    textes = " ".join(a.text for a in beaucoup.layout.annotations)
    assert "vous êtes ici : 7" in textes
    assert "région" not in textes


def test_extreme_values_are_gathered_in_the_last_bars_and_none_is_lost() -> None:
    valeurs = pd.Series([*np.linspace(0, 10, 400), 10_000.0])
    bornes, coupees = bornes_barres(valeurs)
    assert coupees
    assert bornes[-1] < 100
    figure = distribution(PART, valeurs, [""] * 401, Reperes(None, None), "communes")
    assert sum(figure.data[0].y) == 401


def test_small_series_share_one_scale() -> None:
    longue, courte = list(zip(JOURS, (1.0, 5.0, 9.0), strict=True)), [(JOURS[1], 3.0)]
    cadre = etendue_series([longue, courte, []])
    assert cadre == ((JOURS[0], JOURS[2]), (1.0, 9.0))
    for points in (longue, courte, []):
        assert petite_serie(points, cadre, ici=False, fond=longue).startswith("<svg")
    assert etendue_series([[], []]) is None


def test_from_100_every_line_starts_together_and_the_one_in_view_is_thicker() -> None:
    figure = base_100([
        ("Ici", list(zip(JOURS, (50.0, 55.0, 60.0), strict=True)), Role.ICI),
        ("Autre <b>", list(zip(JOURS, (10.0, 10.0, 9.0), strict=True)), Role.AUTRE),
        ("Région", list(zip(JOURS, (4.0, 4.0, 5.0), strict=True)), Role.REGION),
    ])  # fmt: skip
    assert all(trace.y[0] == 100 for trace in figure.data)
    ici = figure.data[-1]
    assert ici.y[-1] == pytest.approx(120)
    assert ici.line.width > figure.data[0].line.width
    assert figure.layout.xaxis.ticktext == ("2021", "2022", "2023")
    assert "<b>," not in figure.data[0].hovertemplate


def test_deviations_have_one_colour_a_class_and_a_legend_of_as_many() -> None:
    assert len(legende_ecarts()) == len(SEUILS_ECART) + 1
    assert len({teinte_ecart(e)[0] for e in (-2, -1, -0.5, 0.5, 1, 2)}) == 6
    assert teinte_ecart(-2)[1] == teinte_ecart(2)[1] == "#FFFFFF"


def test_a_territory_beyond_the_drawn_scale_is_marked_at_its_edge_and_it_is_said() -> None:
    valeurs = pd.Series([*np.linspace(0, 10, 400), 10_000.0])
    noms = [str(i) for i in range(401)]
    loin = distribution(PART, valeurs, noms, Reperes(("400", 10_000.0), None), "communes")
    pres = distribution(PART, valeurs, noms, Reperes(("3", 5.0), None), "communes")
    assert any("hors de l'échelle" in a.text for a in loin.layout.annotations)
    assert not any("hors de l'échelle" in a.text for a in pres.layout.annotations)
