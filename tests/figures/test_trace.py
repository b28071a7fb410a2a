"""Outlines on a grid of whole numbers: two neighbours keep one border, and each territory its place."""

from __future__ import annotations

import re
from typing import Any

from dashboard.figures.trace import traces


def _carre(code: str, ouest: float) -> dict[str, Any]:
    anneau = [[ouest, 46.0], [ouest + 1.3337, 46.0], [ouest + 1.3337, 47.1113], [ouest, 47.1113], [ouest, 46.0]]
    return {"properties": {"code": code, "nom": code}, "geometry": {"type": "Polygon", "coordinates": [anneau]}}


def points(chemin: str) -> list[tuple[int, int]]:
    """The corners of a path, back in absolute numbers."""
    tete, suite = re.fullmatch(r"M(\S+ \S+)l(.*)z", chemin).groups()  # type: ignore[union-attr]
    x, y = map(int, tete.split())
    lus, nombres = [(x, y)], [int(n) for n in re.findall(r"-?\d+", suite)]
    for dx, dy in zip(nombres[::2], nombres[1::2], strict=True):
        x, y = x + dx, y + dy
        lus.append((x, y))
    return lus


def test_neighbours_share_their_border_to_the_last_unit() -> None:
    lus = traces({"features": [_carre("B", 3.3337), _carre("A", 2.0)]})
    assert (lus["codes"], lus["noms"]) == (["A", "B"], ["A", "B"])
    gauche, droite = map(points, lus["d"])
    assert len(set(gauche) & set(droite)) == 2
    assert max(x for x, _ in droite) == lus["largeur"]
    assert max(y for _, y in droite) == lus["hauteur"]


def test_a_centre_is_inside_its_territory() -> None:
    lus = traces({"features": [_carre("A", 2.0), _carre("B", 3.3337)]})
    for chemin, (x, y) in zip(lus["d"], lus["centres"], strict=True):
        coins = points(chemin)
        assert min(a for a, _ in coins) < x < max(a for a, _ in coins)
        assert min(b for _, b in coins) < y < max(b for _, b in coins)


def test_a_ring_too_small_to_be_seen_is_left_out() -> None:
    petit = _carre("A", 2.0)
    petit["geometry"]["coordinates"].append([[2.1, 46.1], [2.1, 46.1], [2.1, 46.1], [2.1, 46.1]])
    assert traces({"features": [petit]})["d"][0].count("M") == 1
