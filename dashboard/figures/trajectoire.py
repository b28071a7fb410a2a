"""The trajectory of an indicator as one SVG to read without a script: observed line, expected path, target, last value.

Drawn at the width it is shown at, so that its words stay legible on a phone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from dashboard.domain.formatage import avec_unite, nombre
from dashboard.domain.situation import Situation
from dashboard.domain.trajectoire import Point
from dashboard.figures.palette import ACCENT, ENCRE, ENCRE_SECONDE, FILET, FILET_FORT, STATUTS
from dashboard.figures.petites import Echelle

LARGE, ETROITE = (640, 300), (340, 250)
DROITE, HAUT, BAS = 22, 28, 26
PAS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True)
class _Cadre:
    """Where dates and values fall; ``gauche``: where the axis stands. ``decimales``: of its labels."""

    x: Echelle
    y: Echelle
    gauche: float
    largeur: int
    hauteur: int
    annees: tuple[int, ...]
    marques: tuple[float, ...]
    decimales: int

    def point(self, p: Point) -> tuple[float, float]:
        return self.x(p[0].toordinal()), self.y(p[1])


def trajectoire(
    s: Situation, teinte: str, arrete: date, anciennes: Sequence[Point] = (), taille: tuple[int, int] = LARGE
) -> str:
    """The drawing, empty without a value. ``teinte``: of the last value. ``anciennes``: targets that were replaced."""
    if not s.serie:
        return ""
    but = s.objectif.trajectoire.points if s.objectif else ()
    cadre = _cadre(s, [*s.serie, *but, *anciennes], arrete, taille)
    corps = [_sans_donnee(cadre, s.serie[-1][0], arrete), _axes(cadre, s.indicateur.unite)]
    corps += [_ancienne(cadre, p, s) for p in anciennes]
    if len(but) > 1:
        corps.append(_ligne(cadre, but, f'stroke="{ENCRE}" stroke-width="1.5" stroke-dasharray="7 5"'))
        x, y = cadre.point(but[0])
        corps.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#FFFFFF" stroke="{ACCENT}" stroke-width="2"/>')
    corps.append(_ligne(cadre, s.serie, f'stroke="{ACCENT}" stroke-width="2.5"'))
    corps += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{ACCENT}"/>' for x, y in map(cadre.point, s.serie)]
    if but:
        corps.append(_cible(cadre, but[-1], s))
    corps.append(_derniere(cadre, s, STATUTS[teinte] if s.objectif else ACCENT))
    largeur, hauteur = taille
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {largeur} {hauteur}" font-size="13" '
        f'fill="{ENCRE_SECONDE}">{"".join(corps)}</svg>'
    )


def _cadre(s: Situation, points: Sequence[Point], arrete: date, taille: tuple[int, int]) -> _Cadre:
    largeur, hauteur = taille
    jours = [j for j, _ in points] + [arrete]
    marques = _graduation([v for _, v in points], 4 if largeur < 500 else 5)
    decimales = 0 if all(float(m).is_integer() for m in marques) else max(1, s.indicateur.decimales)
    gauche = 12 + 7.2 * max(len(nombre(m, decimales)) for m in marques)
    x = Echelle(min(jours).toordinal(), max(jours).toordinal(), gauche + 6, largeur - DROITE)
    y = Echelle(marques[0], marques[-1], hauteur - BAS, HAUT)
    debut, fin = min(jours).year, max(jours).year
    pas = 1 + (fin - debut) // (5 if largeur < 500 else 10)
    annees = tuple(a for a in range(fin, debut - 1, -pas) if date(a, 12, 31) <= max(jours))
    return _Cadre(x, y, gauche, largeur, hauteur, annees, marques, decimales)


def _graduation(valeurs: Sequence[float], nombre_de_pas: int) -> tuple[float, ...]:
    """Round marks that contain the values."""
    bas, haut = min(valeurs), max(valeurs)
    etendue = (haut - bas) or abs(haut) or 1.0
    ordre = 10 ** math.floor(math.log10(etendue / nombre_de_pas))
    pas = next(p * ordre for p in PAS if etendue / (p * ordre) <= nombre_de_pas)
    premier, dernier = math.floor(bas / pas), math.ceil(haut / pas)
    return tuple(round(i * pas, 10) for i in range(premier, max(dernier, premier + 1) + 1))


def _axes(c: _Cadre, unite: str) -> str:
    suffixe = "\u202f%" if unite == "%" else ""
    lignes = "".join(
        f'<path d="M{c.gauche:.1f} {c.y(m):.1f}H{c.largeur - DROITE + 8}" stroke="{FILET}"/>'
        f'<text x="{c.gauche - 6:.1f}" y="{c.y(m) + 4:.1f}" text-anchor="end" font-size="12">'
        f"{nombre(m, c.decimales)}{suffixe if m == c.marques[-1] else ''}</text>"
        for m in c.marques
    )
    pied = c.hauteur - BAS
    annees = "".join(
        f'<path d="M{x:.1f} {pied}v4" stroke="{FILET_FORT}"/>'
        f'<text x="{x:.1f}" y="{c.hauteur - 8}" text-anchor="middle" font-size="12">{a}</text>'
        for a in c.annees
        if (x := c.x(date(a, 12, 31).toordinal())) >= c.gauche
    )
    return f'{lignes}<path d="M{c.gauche:.1f} {pied}H{c.largeur - DROITE + 8}" stroke="{FILET_FORT}"/>{annees}'


def _sans_donnee(c: _Cadre, derniere: date, arrete: date) -> str:
    if derniere >= arrete:
        return ""
    de, a = c.x(derniere.toordinal()), c.x(arrete.toordinal())
    texte = ""
    if a - de > 78:
        texte = (
            f'<text x="{(de + a) / 2:.1f}" y="{c.hauteur - BAS - 7}" text-anchor="middle" font-size="12">'
            "sans donnée</text>"
        )
    return f'<path d="M{de:.1f} {HAUT}H{a:.1f}V{c.hauteur - BAS}H{de:.1f}Z" fill="#F3F5F8"/>{texte}'


def _ligne(c: _Cadre, points: Sequence[Point], trait: str) -> str:
    chemin = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(c.point, points))
    return f'<polyline points="{chemin}" fill="none" stroke-linejoin="round" {trait}/>'


def _losange(x: float, y: float, couleur: str, r: float = 6) -> str:
    return f'<path d="M{x:.1f} {y - r:.1f}l{r} {r}-{r} {r}-{r}-{r}z" fill="{couleur}"/>'


def _ancienne(c: _Cadre, p: Point, s: Situation) -> str:
    x, y = c.point(p)
    mots = escape(f"cible {p[0].year} : {avec_unite(p[1], '', s.indicateur.decimales)}")
    return f'{_losange(x, y, ENCRE_SECONDE, 4)}<text x="{x - 9:.1f}" y="{y - 6:.1f}" text-anchor="end" font-size="12">{mots}</text>'  # noqa: E501


def _cible(c: _Cadre, p: Point, s: Situation) -> str:
    x, y = c.point(p)
    mots = f"Cible {avec_unite(p[1], '%' if s.indicateur.unite == '%' else '', s.indicateur.decimales)}"
    dessous = s.serie[-1][1] > p[1] and y + 18 < c.hauteur - BAS - 2
    haut = y + 18 if dessous else y - 9
    return f"{_losange(x, y, ENCRE)}{_mots(c, x, max(12.0, haut), mots, ENCRE)}"


def _derniere(c: _Cadre, s: Situation, couleur: str) -> str:
    x, y = c.point(s.serie[-1])
    mots = avec_unite(s.serie[-1][1], "%" if s.indicateur.unite == "%" else "", s.indicateur.decimales)
    dessous = y + 20 < c.hauteur - BAS - 4
    texte = _mots(c, x, y + 20 if dessous else y - 11, mots, couleur)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="{couleur}"/>{texte}'


def _mots(c: _Cadre, x: float, y: float, mots: str, couleur: str) -> str:
    """A label in bold on a white halo, which never leaves the drawing."""
    demi = 3.7 * len(mots)
    x = min(max(x, c.gauche + demi), c.largeur - demi - 2)
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-weight="700" fill="{couleur}" stroke="#FFFFFF" '
        f'stroke-width="4" stroke-linejoin="round" paint-order="stroke">{escape(mots)}</text>'
    )
