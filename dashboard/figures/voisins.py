"""Which territories touch, read once in the light geometry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from shapely import STRtree
from shapely.geometry import shape

TOLERANCE = 1e-4
"""Degrees, about ten metres: what simplification may open between two borders that are one."""


def voisins(contours: Mapping[str, Any], tolerance: float = TOLERANCE) -> dict[str, tuple[str, ...]]:
    """Codes of the territories that touch each one, sorted, never itself. ``contours``: a GeoJSON of one maille."""
    codes = [str(f["properties"]["code"]) for f in contours["features"]]
    formes = [shape(f["geometry"]) for f in contours["features"]]
    de, vers = STRtree(formes).query(formes, predicate="dwithin", distance=tolerance)
    trouves: dict[str, list[str]] = {code: [] for code in codes}
    for i, j in zip(de[de != vers], vers[de != vers], strict=True):
        trouves[codes[int(i)]].append(codes[int(j)])
    return {code: tuple(np.unique(autres).tolist()) for code, autres in trouves.items()}
