"""The small map of départements as an SVG: a short text on each, late ones on a red disc."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from shapely.geometry import MultiPolygon, Polygon, shape

from dashboard.figures.palette import ENCRE, FILET_FORT, STATUTS

LARGEUR = 320


@dataclass(frozen=True)
class Fond:
    """Outlines drawn once: their SVG, the place of each text (code -> name and point), the height in pixels."""

    traits: str
    centres: Mapping[str, tuple[str, tuple[float, float]]]
    hauteur: float


def fond(contours: Mapping[str, Any]) -> Fond:
    """The background of the map, from a FeatureCollection."""
    formes = {f["properties"]["code"]: (f["properties"]["nom"], shape(f["geometry"])) for f in contours["features"]}
    projette, hauteur = _projection([g for _, g in formes.values()])
    traits = "".join(_chemin(g, projette) for _, g in formes.values())
    centres = {c: (nom, projette(*g.representative_point().coords[0])) for c, (nom, g) in formes.items()}
    return Fond(traits, centres, hauteur)


def carte_departements(dessous: Fond, textes: Mapping[str, str], en_retard: Sequence[str]) -> str:
    """SVG of the outlines with the text of each département; ``en_retard``: red disc, the first one ringed."""
    marques = "".join(
        _marque(centre, nom, textes.get(code, ""), _rang(code, en_retard))
        for code, (nom, centre) in dessous.centres.items()
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LARGEUR} {dessous.hauteur:.0f}" '
        f'font-family="Arial, Liberation Sans, sans-serif">{dessous.traits}{marques}</svg>'
    )


def _rang(code: str, en_retard: Sequence[str]) -> int | None:
    return list(en_retard).index(code) if code in en_retard else None


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


def _marque(centre: tuple[float, float], nom: str, texte: str, rang: int | None) -> str:
    x, y = min(max(centre[0], 20), LARGEUR - 20), centre[1]
    disque = "" if rang is None else f'<circle cx="{x:.1f}" cy="{y:.1f}" r="17" fill="{STATUTS["retard"]}"/>'
    if rang == 0:
        disque += (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="20" fill="none" stroke="{STATUTS["retard"]}" stroke-width="2"/>'
        )
    couleur, court = ENCRE if rang is None else "#FFFFFF", nom.replace("Territoire de ", "")
    return (
        f'{disque}<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-size="11.5" font-weight="700" '
        f'fill="{couleur}">{escape(texte)}</text><text x="{x:.1f}" y="{y + 31:.1f}" text-anchor="middle" '
        f'font-size="10.5" fill="{ENCRE}" stroke="#F3F5F8" stroke-width="3" paint-order="stroke">{escape(court)}</text>'
    )
