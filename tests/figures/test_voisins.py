"""Who touches whom, read in the geometry."""

from __future__ import annotations

from typing import Any

from dashboard.figures.voisins import voisins


def carre(code: str, x: float, y: float) -> dict[str, Any]:
    anneau = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
    return {"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [anneau]}}


def test_squares_that_share_a_side_or_a_corner_touch_and_none_touches_itself() -> None:
    grille = {"features": [carre("a", 0, 0), carre("b", 1, 0), carre("c", 1, 1), carre("d", 5, 5)]}
    assert voisins(grille) == {"a": ("b", "c"), "b": ("a", "c"), "c": ("a", "b"), "d": ()}


def test_a_gap_of_simplification_still_touches() -> None:
    assert voisins({"features": [carre("a", 0, 0), carre("b", 1.00005, 0)]})["a"] == ("b",)
    assert voisins({"features": [carre("a", 0, 0), carre("b", 1.01, 0)]})["a"] == ()
