"""The same series for several territories: one small drawing each on a shared scale, or all from 100."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from dashboard.domain.formatage import nombre
from dashboard.domain.trajectoire import Point
from dashboard.figures.comparaison import GROUPES, ICI
from dashboard.figures.palette import ACCENT, ENCRE_SECONDE, FILET_FORT
from dashboard.figures.petites import BAS, DROITE, GAUCHE, HAUT, HAUTEUR, LARGEUR, Echelle, _axe, _ligne
from dashboard.figures.serie import _base

Cadre = tuple[tuple[date, date], tuple[float, float]]


def etendue_series(series: Sequence[Sequence[Point]]) -> Cadre | None:
    """Dates and values that hold every series: one scale for all. None when there is no value."""
    points = [p for s in series for p in s]
    if not points:
        return None
    jours, valeurs = [j for j, _ in points], [v for _, v in points]
    return (min(jours), max(jours)), (min(valeurs), max(valeurs))


def petite_serie(points: Sequence[Point], cadre: Cadre, ici: bool, fond: Sequence[Point] = ()) -> str:
    """One territory's series as an SVG on the shared scale; ``fond``: the région's, in grey behind."""
    (debut, fin), (bas, haut) = cadre
    x = Echelle(debut.toordinal(), max(fin.toordinal(), debut.toordinal() + 1), GAUCHE, LARGEUR - DROITE)
    y = Echelle(bas, haut, HAUTEUR - BAS, HAUT)
    morceaux = [_axe(x, y, (debut, fin), (bas, haut))]
    couleur = ICI if ici else ACCENT
    if fond:
        morceaux.append(_ligne(fond, x, y, f'stroke="{FILET_FORT}" stroke-width="1.4" stroke-dasharray="4 3"'))
    if points:
        morceaux.append(_ligne(points, x, y, f'stroke="{couleur}" stroke-width="{2.6 if ici else 2}"'))
        morceaux.append(
            f'<circle cx="{x(points[-1][0].toordinal()):.1f}" cy="{y(points[-1][1]):.1f}" r="4" fill="{couleur}"/>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LARGEUR} {HAUTEUR}" font-size="11" '
        f'font-family="Arial, Liberation Sans, sans-serif" fill="{ENCRE_SECONDE}">{"".join(morceaux)}</svg>'
    )


def base_100(lignes: Sequence[tuple[str, Sequence[Point], bool]]) -> go.Figure:
    """Series from 100 at the first date they all know: the one in view thick, the others named at their end."""
    figure = _base(430)
    fins: list[tuple[float, str, bool, str]] = []
    for rang, (nom, points, ici) in enumerate(sorted(lignes, key=lambda ligne: ligne[2])):
        valeurs = [100 * v / points[0][1] for _, v in points]
        couleur = ICI if ici else GROUPES[rang % len(GROUPES)][0]
        figure.add_scatter(
            x=[j for j, _ in points], y=valeurs, mode="lines", line={"color": couleur, "width": 3.4 if ici else 1.6},
            hovertemplate=f"{nom}, %{{x|%m/%Y}} : %{{y:.1f}}<extra></extra>",
        )  # fmt: skip
        fins.append((valeurs[-1], nom, ici, couleur))
    figure.add_hline(y=100, line={"color": FILET_FORT, "width": 1})
    _noms_des_fins(figure, fins, max(p[-1][0] for _, p, _ in lignes))
    figure.update_layout(margin={"l": 58, "r": 190, "t": 14, "b": 34})
    figure.update_yaxes(tickformat=",.0f" if max(abs(v - 100) for v, *_ in fins) > 5 else ",.1f")
    figure.update_xaxes(type="date", tickformat="%Y")
    return figure


def _noms_des_fins(figure: go.Figure, fins: list[tuple[float, str, bool, str]], jour: date) -> None:
    """Names at the end of the lines, pushed apart so that none covers another."""
    fins = sorted(fins)
    toutes = [float(v) for trace in figure.data for v in trace.y]
    pas = max((max(toutes) - min(toutes)) * 0.052, 1e-9)
    place = -math.inf
    for v, nom, ici, couleur in fins:
        place = max(v, place + pas)
        court = nom if len(nom) < 21 else f"{nom[:19].rstrip()}…"
        texte = f"{court} {nombre(v, 1)}"
        figure.add_annotation(
            x=jour, y=place, text=f"<b>{texte}</b>" if ici else texte, showarrow=False, xanchor="left", xshift=7,
            font={"size": 12, "color": couleur},
        )  # fmt: skip
