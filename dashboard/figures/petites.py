"""Small drawings as SVG: one territory's path among its neighbours, on their scale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard.domain.formatage import nombre
from dashboard.domain.situation import Situation
from dashboard.domain.trajectoire import Point
from dashboard.figures.palette import ACCENT, ENCRE, ENCRE_SECONDE, FILET, FILET_FORT, STATUTS

LARGEUR, HAUTEUR = 280, 118
GAUCHE, DROITE, HAUT, BAS = 38, 12, 8, 20


Etendue = tuple[tuple[date, date], tuple[float, float]]


def etendue(situations: Sequence[Situation]) -> Etendue | None:
    """Dates and values that contain every series and path: one scale for all neighbours. None without any value."""
    points = [p for s in situations for p in (*s.serie, *(s.objectif.trajectoire.points if s.objectif else ()))]
    if not points:
        return None
    jours, valeurs = [j for j, _ in points], [v for _, v in points]
    bas = min(0.0, min(valeurs)) if max(valeurs) > 0 else min(valeurs)
    return (min(jours), max(jours)), (bas, max(max(valeurs), bas + 1e-9, 0.0))


def mini_trajectoire(s: Situation, teinte: str, cadre: Etendue) -> str:
    """Observed line, dashed path, target diamond, last value in its statut's colour, on a shared scale."""
    (debut, fin), (bas, haut) = cadre
    x = Echelle(debut.toordinal(), max(fin.toordinal(), debut.toordinal() + 1), GAUCHE, LARGEUR - DROITE)
    y = Echelle(bas, haut, HAUTEUR - BAS, HAUT)
    morceaux = [_axe(x, y, (debut, fin), (bas, haut))]
    but = s.objectif.trajectoire.points if s.objectif else ()
    if len(but) > 1:
        morceaux.append(_ligne(but, x, y, f'stroke="{ENCRE}" stroke-width="1.3" stroke-dasharray="5 4"'))
    if but:
        cx, cy = x(but[-1][0].toordinal()), y(but[-1][1])
        losange = f"M{cx:.1f} {cy - 5:.1f}l5 5-5 5-5-5z"
        morceaux.append(f'<path d="{losange}" fill="{ENCRE_SECONDE}"/>')
    if s.serie:
        morceaux.append(_ligne(s.serie, x, y, f'stroke="{ACCENT}" stroke-width="2"'))
        cx, cy = x(s.serie[-1][0].toordinal()), y(s.serie[-1][1])
        morceaux.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="4.5" fill="{STATUTS[teinte]}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LARGEUR} {HAUTEUR}" font-size="11" '
        f'font-family="Arial, Liberation Sans, sans-serif" fill="{ENCRE_SECONDE}">{"".join(morceaux)}</svg>'
    )


def _axe(x: Echelle, y: Echelle, jours: tuple[date, date], valeurs: tuple[float, float]) -> str:
    decimales = 0 if valeurs[1] - valeurs[0] > 3 else 1
    lignes = "".join(
        f'<path d="M{GAUCHE} {y(v):.1f}H{LARGEUR - DROITE}" stroke="{FILET}"/>'
        f'<text x="{GAUCHE - 4}" y="{y(v) + 4:.1f}" text-anchor="end">{_court(v, decimales)}</text>'
        for v in (valeurs[0], (valeurs[0] + valeurs[1]) / 2, valeurs[1])
    )
    sol = f'<path d="M{GAUCHE} {HAUTEUR - BAS}H{LARGEUR - DROITE}" stroke="{FILET_FORT}"/>'
    annees = "".join(
        f'<text x="{x(j.toordinal()):.1f}" y="{HAUTEUR - 6}" text-anchor="{ancre}">{j.year}</text>'
        for j, ancre in ((jours[0], "start"), (jours[1], "end"))
    )
    return lignes + sol + annees


def _court(v: float, decimales: int) -> str:
    """An axis has no room for « 2 521 523 »: thousands and millions in one letter."""
    for seuil, lettre in ((1e6, "M"), (1e4, "k")):
        if abs(v) >= seuil:
            diviseur = 1e6 if lettre == "M" else 1e3
            return f"{nombre(v / diviseur, 1 if abs(v) < 10 * diviseur else 0)}{lettre}"
    return nombre(v, decimales)


def _ligne(points: Sequence[Point], x: Echelle, y: Echelle, trait: str) -> str:
    chemin = " ".join(f"{x(j.toordinal()):.1f},{y(v):.1f}" for j, v in points)
    return f'<polyline points="{chemin}" fill="none" stroke-linejoin="round" {trait}/>'


class Echelle:
    """A linear scale from data to pixels; a flat domain is drawn at its middle."""

    def __init__(self, de: float, a: float, debut: float, fin: float) -> None:
        self.de, self.pente, self.debut = de, (fin - debut) / (a - de) if a != de else 0.0, debut
        if a == de:
            self.debut = (debut + fin) / 2

    def __call__(self, v: float) -> float:
        return self.debut + (v - self.de) * self.pente
