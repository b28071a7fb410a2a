"""Who touches whom, read in the geometry."""

from __future__ import annotations

from typing import Any

from dashboard.figures.voisins import Contigus


def carre(code: str, x: float, y: float) -> dict[str, Any]:
    anneau = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
    return {"properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [anneau]}}


def voisins(*traits: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    contigus = Contigus.de({"features": traits})
    return {code: contigus.voisins(code) for code in contigus.codes}


def test_squares_that_share_a_side_or_a_corner_touch_and_none_touches_itself() -> None:
    grille = [carre("a", 0, 0), carre("b", 1, 0), carre("c", 1, 1), carre("d", 5, 5)]
    assert voisins(*grille) == {"a": ("b", "c"), "b": ("a", "c"), "c": ("a", "b"), "d": ()}


def test_a_gap_of_simplification_still_touches() -> None:
    assert voisins(carre("a", 0, 0), carre("b", 1.00005, 0))["a"] == ("b",)
    assert voisins(carre("a", 0, 0), carre("b", 1.01, 0))["a"] == ()


def test_boxes_that_meet_are_not_enough() -> None:
    angle = [[0, 0], [3, 0], [3, 0.5], [0.5, 0.5], [0.5, 3], [0, 3], [0, 0]]
    equerre = {"properties": {"code": "e"}, "geometry": {"type": "Polygon", "coordinates": [angle]}}
    assert voisins(equerre, carre("a", 1.5, 1.5))["e"] == ()


def test_a_territory_in_several_parts_touches_by_any_of_them_and_one_not_drawn_by_none() -> None:
    parties = [carre("x", x, 0)["geometry"]["coordinates"] for x in (0, 8)]
    eclate = {"properties": {"code": "p"}, "geometry": {"type": "MultiPolygon", "coordinates": parties}}
    assert voisins(eclate, carre("a", 9, 0), carre("b", 4, 0)) == {"p": ("a",), "a": ("p",), "b": ()}
    assert Contigus.de({"features": [eclate]}).voisins("ailleurs") == ()
    assert Contigus.de({"features": []}).voisins("ailleurs") == ()
