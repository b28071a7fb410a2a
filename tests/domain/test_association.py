"""A correlation is said with its number of pairs and its interval, and never as a cause."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.domain.association import associe


def test_the_coefficient_is_spearman_s_with_its_interval() -> None:
    x = pd.Series(range(20), dtype=float)
    y = x**3
    y.iloc[[3, 15]] = y.iloc[[15, 3]].to_numpy()
    a = associe(x, y)
    attendu = x.rank().corr(y.rank())
    assert a.n == 20
    assert a.rho == pytest.approx(attendu)
    assert a.bas is not None
    assert a.haut is not None
    assert -1 < a.bas < attendu < a.haut < 1
    assert "n = 20" in a.phrase
    assert "ne dit pas que l'un cause l'autre" in a.phrase


def test_an_interval_that_holds_zero_claims_nothing() -> None:
    hasard = np.random.default_rng(1)
    a = associe(pd.Series(hasard.normal(size=40)), pd.Series(hasard.normal(size=40)))
    assert a.phrase.startswith("Pas d'association")


def test_too_few_pairs_or_a_constant_give_no_coefficient() -> None:
    x = pd.Series([1.0, 2, 3, np.nan, 5])
    assert associe(x, x).rho is None
    assert "4 territoires" in associe(x, x).phrase
    longue = pd.Series(range(30), dtype=float)
    assert associe(longue, longue * 0).rho is None
    parfaite = associe(longue, -longue)
    assert (parfaite.rho, parfaite.bas, parfaite.haut) == (-1, -1, -1)
    assert "plus bas" in parfaite.phrase
