"""The small map of départements as an SVG: a count in a circle on each, for a screen or a page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from shapely.geometry import MultiPolygon, Polygon, shape

from dashboard.figures.palette import ENCRE, FILET_FORT, STATUTS

LARGEUR = 320


def carte_departements(contours: Mapping[str, Any], comptes: Mapping[str, int], maximum: int) -> str:
    """SVG of the contours with a circle per département, area proportional to its count; none for zero."""
    formes = {f["properties"]["code"]: (f["properties"]["nom"], shape(f["geometry"])) for f in contours["features"]}
    projette, hauteur = _projection([g for _, g in formes.values()])
    fonds = "".join(_chemin(g, projette) for _, g in formes.values())
    cercles = "".join(
        _cercle(projette(*g.representative_point().coords[0]), nom, comptes.get(code, 0), maximum)
        for code, (nom, g) in formes.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LARGEUR} {hauteur:.0f}" '
        f'font-family="Arial, Liberation Sans, sans-serif">{fonds}{cercles}</svg>'
    )


def _projection(geometries: Iterable[Any]) -> tuple[Any, float]:
    """Equirectangular at the mean latitude, fitted to the width; and the height that follows."""
    bornes = [g.bounds for g in geometries]
    ouest, sud = min(b[0] for b in bornes), min(b[1] for b in bornes)
    est, nord = max(b[2] for b in bornes), max(b[3] for b in bornes)
    echelle = (LARGEUR - 4) / ((est - ouest) * math.cos(math.radians((sud + nord) / 2)))
    cosinus = math.cos(math.radians((sud + nord) / 2))

    def projette(x: float, y: float) -> tuple[float, float]:
        return 2 + (x - ouest) * cosinus * echelle, 2 + (nord - y) * echelle

    return projette, (nord - sud) * echelle + 4


def _polygones(geometrie: Any) -> Iterator[Polygon]:
    yield from geometrie.geoms if isinstance(geometrie, MultiPolygon) else [geometrie]


def _chemin(geometrie: Any, projette: Any) -> str:
    anneaux = (
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in (projette(*p[:2]) for p in polygone.exterior.coords)) + "Z"
        for polygone in _polygones(geometrie)
    )
    return f'<path d="{"".join(anneaux)}" fill="#F3F5F8" stroke="{FILET_FORT}" stroke-width="1"/>'


def _cercle(centre: tuple[float, float], nom: str, compte: int, maximum: int) -> str:
    x, y = centre
    rayon = 9 + 10 * math.sqrt(compte / maximum) if maximum else 9
    rond = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{rayon:.1f}" fill="{STATUTS["retard"]}"/>' if compte else ""
    couleur = "#FFFFFF" if compte else ENCRE
    court = nom.replace("Territoire de ", "")
    return (
        f'{rond}<text x="{x:.1f}" y="{y + 4.5:.1f}" text-anchor="middle" font-size="13" font-weight="700" '
        f'fill="{couleur}">{compte}</text><text x="{x:.1f}" y="{y + rayon + 11:.1f}" text-anchor="middle" '
        f'font-size="10.5" fill="{ENCRE}">{escape(court)}</text>'
    )
