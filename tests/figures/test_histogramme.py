"""The small histogram of a legend."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from dashboard.figures.histogramme import BARRES, histogramme

PALETTE = ("#D7E5EF", "#598EB1", "#0C3654")


def test_bars_have_the_colour_of_their_class() -> None:
    racine = ET.fromstring(histogramme(np.linspace(0, 30, 300), [10, 20], PALETTE))
    chemins = list(racine.iter("{http://www.w3.org/2000/svg}path"))
    assert [c.get("fill") for c in chemins] == list(PALETTE)
    assert sum(str(c.get("d")).count("M") for c in chemins) == BARRES


@pytest.mark.parametrize("valeurs", [np.full(30, 7.0), np.zeros(30), 10.0 ** np.arange(-5, 5), -np.arange(30.0)])
def test_odd_series_are_drawn_without_an_error(valeurs: np.ndarray) -> None:
    assert histogramme(valeurs, [1.0], PALETTE).startswith("<svg")


def test_a_legend_drawing_stays_small() -> None:
    assert len(histogramme(np.random.default_rng(1).normal(0, 5, 3685), [-5, 5], PALETTE)) < 1_200
