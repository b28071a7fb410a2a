"""Which territories touch one, read in the light geometry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from shapely.geometry import shape

TOLERANCE = 1e-4
"""Degrees, about ten metres: what simplification may open between two borders that are one."""


@dataclass(frozen=True)
class Contigus:
    """The geometry of a maille and the box of each territory: only those whose boxes meet are measured.

    Building every shape of 3,685 communes takes ten times as long as their boxes, and a page asks for one territory.
    ``boites``: west, south, east, north, in degrees, in the order of ``codes``.
    """

    codes: tuple[str, ...]
    geometries: tuple[dict[str, Any], ...]
    boites: npt.NDArray[np.float64]

    @classmethod
    def de(cls, contours: Mapping[str, Any]) -> Contigus:
        """``contours``: a GeoJSON of one maille."""
        traits = contours["features"]
        geometries = tuple(t["geometry"] for t in traits)
        boites = np.array([_boite(g["coordinates"]) for g in geometries], dtype=np.float64).reshape(-1, 4)
        return cls(tuple(str(t["properties"]["code"]) for t in traits), geometries, boites)

    def voisins(self, code: str, tolerance: float = TOLERANCE) -> tuple[str, ...]:
        """Codes of the territories that touch this one, sorted, never itself; none when it is not drawn."""
        if code not in self.codes:
            return ()
        rang = self.codes.index(code)
        ouest, sud, est, nord = self.boites[rang] + tolerance * np.array([-1, -1, 1, 1])
        b = self.boites
        proches = np.flatnonzero((b[:, 0] <= est) & (b[:, 2] >= ouest) & (b[:, 1] <= nord) & (b[:, 3] >= sud))
        forme = shape(self.geometries[rang])
        return tuple(sorted(
            self.codes[i] for i in proches if i != rang and forme.dwithin(shape(self.geometries[i]), tolerance)
        ))  # fmt: skip


def _boite(coordonnees: Sequence[Any]) -> tuple[float, float, float, float]:
    points = [point for anneau in _anneaux(coordonnees) for point in anneau]
    x, y = [p[0] for p in points], [p[1] for p in points]
    return min(x), min(y), max(x), max(y)


def _anneaux(coordonnees: Sequence[Any]) -> Iterator[Sequence[Sequence[float]]]:
    """The rings of a Polygon or of a MultiPolygon."""
    if isinstance(coordonnees[0][0], int | float):
        yield coordonnees
    else:
        for partie in coordonnees:
            yield from _anneaux(partie)
