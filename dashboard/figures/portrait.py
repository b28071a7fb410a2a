"""The drawings of a portrait, as SVG for print: where the territory is, and its population from 100."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

from dashboard.domain.formatage import nombre
from dashboard.domain.situation import Situation
from dashboard.domain.trajectoire import Point
from dashboard.figures.palette import ACCENT, ENCRE, ENCRE_SECONDE, FILET, FILET_FORT, STATUTS
from dashboard.figures.petites import Echelle, etendue

POLICE = "Libertinus Serif"
"""One of the fonts that the PDF carries; a drawing whose font is missing would lose its text."""
COTE = 300
LARGEUR, HAUTEUR = 520, 196
GAUCHE, DROITE, HAUT, BAS = 34, 190, 10, 22
TRAITS = ("", 'stroke-dasharray="7 3"', 'stroke-dasharray="2 3"', 'stroke-dasharray="8 3 2 3"')
ECART_ETIQUETTES = 13.0
PAS_VISIBLE = 0.8

Projection = Callable[[float, float], tuple[float, float]]


def a_imprimer(svg: str) -> str:
    """A drawing made for the screen, with the font of the print."""
    return svg.replace("Arial, Liberation Sans, sans-serif", POLICE)


def trajectoire(s: Situation, teinte: str) -> str | None:
    """One indicator on its path, small and wide: observed line, dashed path, target diamond; None without a value."""
    cadre = etendue([s])
    if cadre is None or not s.serie:
        return None
    (debut, fin), (bas, haut) = cadre
    x = Echelle(debut.toordinal(), max(fin.toordinal(), debut.toordinal() + 1), 30, 194)
    y = Echelle(bas, haut, 42, 6)
    morceaux = [
        f'<path d="M30 {y(v):.1f}H194" stroke="{FILET if v else FILET_FORT}" stroke-width=".7"/>'
        f'<text x="26" y="{y(v) + 3:.1f}" text-anchor="end">{_court(v, 0 if haut - bas > 3 else 1)}</text>'
        for v in (bas, haut)
    ]
    but = s.objectif.trajectoire.points if s.objectif else ()
    if len(but) > 1:
        morceaux.append(_ligne(but, x, y, f'stroke="{ENCRE}" stroke-width=".9" stroke-dasharray="3.5 2.5"'))
    if but:
        cx, cy = x(but[-1][0].toordinal()), y(but[-1][1])
        morceaux.append(f'<path d="M{cx:.1f} {cy - 3.2:.1f}l3.2 3.2-3.2 3.2-3.2-3.2z" fill="{ENCRE_SECONDE}"/>')
    morceaux.append(_ligne(s.serie, x, y, f'stroke="{ACCENT}" stroke-width="1.5"'))
    cx, cy = x(s.serie[-1][0].toordinal()), y(s.serie[-1][1])
    morceaux.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="3" fill="{STATUTS[teinte]}"/>')
    morceaux += [f'<text x="{x(j.toordinal()):.1f}" y="52" text-anchor="{ancre}">{j.year}</text>'
                 for j, ancre in ((debut, "start"), (fin, "end"))]  # fmt: skip
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 54" font-size="8" font-family="{POLICE}" '
        f'fill="{ENCRE_SECONDE}">{"".join(morceaux)}</svg>'
    )


def _court(v: float, decimales: int) -> str:
    """An axis has no room for « 2 521 523 »: thousands and millions in one letter."""
    if abs(v) < 10_000:
        return nombre(v, decimales)
    diviseur, lettre = (1e6, "M") if abs(v) >= 1e6 else (1e3, "k")
    return f"{nombre(v / diviseur, 1 if abs(v) < 10 * diviseur else 0)}{lettre}"


def _ligne(points: Sequence[Point], x: Echelle, y: Echelle, trait: str) -> str:
    chemin = " ".join(f"{x(j.toordinal()):.1f},{y(v):.1f}" for j, v in points)
    return f'<polyline points="{chemin}" fill="none" stroke-linejoin="round" {trait}/>'


@dataclass(frozen=True)
class FondDeCarte:
    """What the maps of every portrait share: drawn once. ``dessous`` and ``dessus``: départements, région."""

    projette: Projection
    hauteur: float
    dessous: str
    dessus: str


def fond_de_carte(departements: Mapping[str, Any], region: Mapping[str, Any]) -> FondDeCarte:
    """The background of the maps, from two GeoJSON collections."""
    formes = [f["geometry"] for f in departements["features"]]
    projette, hauteur = _projection(formes)
    dessous = [_chemin(g, projette, f'fill="#F3F5F8" stroke="{FILET_FORT}" stroke-width=".8"') for g in formes]
    dessus = [_chemin(f["geometry"], projette, f'fill="none" stroke="{ENCRE}" stroke-width="1.5"')
              for f in region["features"]]  # fmt: skip
    return FondDeCarte(projette, hauteur, "".join(dessous), "".join(dessus))


def carte_situation(fond: FondDeCarte, lieu: Any | None, accueil: Any | None) -> str:
    """The région and its départements, the territory in full colour, its EPCI (``accueil``) in pale colour.

    ``lieu``, ``accueil``: GeoJSON geometries. A small territory is ringed, or it would not be seen.
    """
    morceaux, projette = [fond.dessous], fond.projette
    if accueil is not None:
        morceaux.append(_chemin(accueil, projette, f'fill="#C9DAE6" stroke="{ACCENT}" stroke-width=".6"'))
    if lieu is not None:
        morceaux.append(_chemin(lieu, projette, f'fill="{ACCENT}" stroke="{ACCENT}" stroke-width=".9"'))
        morceaux.append(_repere(lieu, projette))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {COTE} {fond.hauteur:.0f}" stroke-linejoin="round">'
        f"{''.join(morceaux)}{fond.dessus}</svg>"
    )


def _repere(lieu: Any, projette: Projection) -> str:
    points = [projette(*p[:2]) for anneau in _anneaux(lieu) for p in anneau]
    (x0, x1), (y0, y1) = _bornes(x for x, _ in points), _bornes(y for _, y in points)
    if max(x1 - x0, y1 - y0) > 26:
        return ""
    return (
        f'<circle cx="{(x0 + x1) / 2:.1f}" cy="{(y0 + y1) / 2:.1f}" r="17" fill="none" stroke="{ACCENT}" '
        'stroke-width="2.2"/>'
    )


def _projection(geometries: Sequence[Any]) -> tuple[Projection, float]:
    """Equirectangular at the mean latitude, fitted to the width; and the height that follows."""
    points = [p for g in geometries for anneau in _anneaux(g) for p in anneau]
    (ouest, est), (sud, nord) = _bornes(p[0] for p in points), _bornes(p[1] for p in points)
    cosinus = math.cos(math.radians((sud + nord) / 2))
    echelle = (COTE - 6) / ((est - ouest) * cosinus)

    def projette(x: float, y: float) -> tuple[float, float]:
        return 3 + (x - ouest) * cosinus * echelle, 3 + (nord - y) * echelle

    return projette, (nord - sud) * echelle + 6


def _bornes(valeurs: Iterable[float]) -> tuple[float, float]:
    lues = list(valeurs)
    return min(lues), max(lues)


def _anneaux(geometrie: Any) -> Iterator[Sequence[Sequence[float]]]:
    """Every ring, holes included."""
    coordonnees = geometrie["coordinates"]
    for polygone in coordonnees if geometrie["type"] == "MultiPolygon" else [coordonnees]:
        yield from polygone


def _chemin(geometrie: Any, projette: Projection, style: str) -> str:
    anneaux = ("M" + "L".join(_utiles(anneau, projette)) + "Z" for anneau in _anneaux(geometrie))
    return f'<path d="{"".join(anneaux)}" fill-rule="evenodd" {style}/>'


def _utiles(anneau: Sequence[Sequence[float]], projette: Projection) -> Iterator[str]:
    """The points of a ring that an eye can tell from the one before."""
    dernier: tuple[float, float] | None = None
    for point in anneau:
        x, y = projette(point[0], point[1])
        if dernier is None or abs(x - dernier[0]) + abs(y - dernier[1]) >= PAS_VISIBLE:
            dernier = x, y
            yield f"{x:.1f} {y:.1f}"


def base_100(lignes: Sequence[tuple[str, Sequence[Point], bool]]) -> str:
    """Series from 100 at their first year, each named at its end; ``lignes``: (name, points, is it the subject?)."""
    indices = [(nom, [(j, 100 * v / points[0][1]) for j, v in points], sujet) for nom, points, sujet in lignes]
    jours = [j.toordinal() for _, points, _ in indices for j, _ in points]
    bas, haut, pas = _graduation([v for _, points, _ in indices for _, v in points])
    x = Echelle(min(jours), max(jours), GAUCHE, LARGEUR - DROITE)
    y = Echelle(bas, haut, HAUTEUR - BAS, HAUT)
    morceaux = [_ordonnees(y, bas, haut, pas), _abscisses(x, indices[0][1])]
    places = _ecarte([y(points[-1][1]) for _, points, _ in indices])
    autres = 0
    for rang, (nom, points, sujet) in sorted(enumerate(indices), key=lambda r: r[1][2]):
        autres += not sujet
        morceaux.append(_courbe(nom, points, x, y, places[rang], None if sujet else TRAITS[autres % len(TRAITS)]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LARGEUR} {HAUTEUR}" font-size="11.5" '
        f'font-family="{POLICE}" fill="{ENCRE_SECONDE}">{"".join(morceaux)}</svg>'
    )


def _graduation(valeurs: Sequence[float]) -> tuple[float, float, float]:
    """Lower and upper bounds of the axis and its step: three to six round marks."""
    bas, haut = min(valeurs), max(valeurs)
    pas = next(p for p in (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1e9) if (haut - bas) / p <= 4)
    return math.floor(bas / pas) * pas, max(math.ceil(haut / pas) * pas, math.floor(bas / pas) * pas + pas), pas


def _ordonnees(y: Echelle, bas: float, haut: float, pas: float) -> str:
    marques = [bas + i * pas for i in range(round((haut - bas) / pas) + 1)]
    return "".join(
        f'<path d="M{GAUCHE} {y(v):.1f}H{LARGEUR - DROITE}" stroke="{FILET_FORT if v == 100 else FILET}" '
        f'stroke-width="1"/><text x="{GAUCHE - 6}" y="{y(v) + 4:.1f}" text-anchor="end">'
        f"{nombre(v, 0 if pas >= 1 else 1)}</text>"
        for v in marques
    )


def _abscisses(x: Echelle, points: Sequence[Point]) -> str:
    return "".join(
        f'<text x="{x(j.toordinal()):.1f}" y="{HAUTEUR - 6}" text-anchor="middle">{j.year}</text>' for j, _ in points
    )


def _courbe(nom: str, points: Sequence[Point], x: Echelle, y: Echelle, place: float, trait: str | None) -> str:
    couleur, force = (ACCENT, 2.6) if trait is None else (ENCRE_SECONDE, 1.3)
    chemin = " ".join(f"{x(j.toordinal()):.1f},{y(v):.1f}" for j, v in points)
    cx, cy = x(points[-1][0].toordinal()), y(points[-1][1])
    point = f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="3.6" fill="{ACCENT}"/>' if trait is None else ""
    gras = 'font-weight="700"' if trait is None else ""
    return (
        f'<polyline points="{chemin}" fill="none" stroke="{couleur}" stroke-width="{force}" stroke-linejoin="round" '
        f'{trait or ""}/>{point}<path d="M{cx + 5:.1f} {cy:.1f}L{cx + 14:.1f} {place:.1f}" stroke="{FILET_FORT}" '
        f'stroke-width=".7"/><text x="{cx + 17:.1f}" y="{place + 4:.1f}" fill="{couleur}" {gras}>'
        f"{escape(nom)} {nombre(points[-1][1], 1)}</text>"
    )


def _ecarte(hauteurs: Sequence[float]) -> list[float]:
    """The same heights, moved so that labels never overlap and stay within the drawing."""
    ordre = sorted(range(len(hauteurs)), key=lambda r: hauteurs[r])
    places = list(hauteurs)
    for avant, r in pairwise(ordre):
        places[r] = max(places[r], places[avant] + ECART_ETIQUETTES)
    trop = max(0.0, max(places) - (HAUTEUR - BAS))
    for suivant, r in zip([None, *ordre[::-1]], ordre[::-1], strict=False):
        plafond = HAUTEUR - BAS if suivant is None else places[suivant] - ECART_ETIQUETTES
        places[r] = min(places[r], plafond) if trop else places[r]
    return places
