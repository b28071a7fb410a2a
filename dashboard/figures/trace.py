"""Outlines of territories as short path texts, on a grid of whole numbers: what a browser draws without a library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from shapely.geometry import shape

from dashboard.figures.carte_svg import Projection, bornes

FINESSE = 5
"""Steps of the grid for one pixel of a map 830 pixels wide: borders stay sharp when looked at closely."""


def traces(geometrie: Mapping[str, Any], dessus: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Territories sorted by code: ``codes``, ``noms``, ``d`` (paths), ``centres``; and ``contours`` drawn over them.

    Every point is rounded where it stands, so that two neighbours keep one border.
    """
    projette = Projection.sur(bornes(dessus or geometrie))
    traits = sorted(geometrie["features"], key=lambda f: str(f["properties"]["code"]))
    largeur = max(_x(projette, bornes(dessus or geometrie)[2]), 1)
    return {
        "largeur": largeur,
        "hauteur": round(projette.hauteur * FINESSE),
        "codes": [f["properties"]["code"] for f in traits],
        "noms": [f["properties"]["nom"] for f in traits],
        "d": [_chemin(f["geometry"], projette) for f in traits],
        "centres": [_centre(f["geometry"], projette) for f in traits],
        "contours": [_chemin(f["geometry"], projette) for f in dessus["features"]] if dessus else [],
    }


def _x(projette: Projection, longitude: float) -> int:
    return round(float(projette([(longitude, 0.0)])[0][0]) * FINESSE)


def _chemin(geometrie: Any, projette: Projection) -> str:
    polygones = [geometrie["coordinates"]] if geometrie["type"] == "Polygon" else geometrie["coordinates"]
    return "".join(_anneau(a, projette) for polygone in polygones for a in polygone)


def _anneau(anneau: Any, projette: Projection) -> str:
    """One ring, its points after the first as steps; what the grid cannot tell apart is left out."""
    points = np.rint(projette(anneau[:-1]) * FINESSE).astype(np.int64)
    pas = np.diff(points, axis=0)
    pas = pas[np.any(pas != 0, axis=1)]
    if len(pas) < 2:
        return ""
    return f"M{points[0][0]} {points[0][1]}l" + " ".join(f"{x} {y}" for x, y in pas.tolist()).replace(" -", "-") + "z"


def _centre(geometrie: Any, projette: Projection) -> list[int]:
    forme: Any = shape(geometrie)
    plus_grand = max(getattr(forme, "geoms", [forme]), key=lambda g: float(g.area))
    x, y = projette([plus_grand.centroid.coords[0]])[0]
    return [round(float(x) * FINESSE), round(float(y) * FINESSE)]
