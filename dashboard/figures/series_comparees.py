"""The same series for several territories: one small drawing each on a shared scale, or all from 100."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from html import escape

import plotly.graph_objects as go

from dashboard.domain.formatage import nombre
from dashboard.domain.trajectoire import Point
from dashboard.figures.comparaison import GROUPES, ICI
from dashboard.figures.palette import ACCENT, ENCRE, ENCRE_SECONDE, FILET_FORT
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


class Role(StrEnum):
    """How a line is drawn: the territory in view, the région, the others."""

    ICI = "ici"
    REGION = "region"
    AUTRE = "autre"


def base_100(lignes: Sequence[tuple[str, Sequence[Point], Role]]) -> go.Figure:
    """Series from 100 at the first date they all know: the one in view thick, all named at their end."""
    figure, fins = _base(430), []
    autres = iter(range(len(lignes)))
    for nom, points, role in sorted(lignes, key=lambda ligne: ligne[2] is Role.ICI):
        valeurs = [100 * v / points[0][1] for _, v in points]
        couleur = {Role.ICI: ICI, Role.REGION: ENCRE}.get(role) or GROUPES[next(autres) % len(GROUPES)][0]
        trait = {
            "color": couleur,
            "width": 3.4 if role is Role.ICI else 1.6,
            "dash": "dash" if role is Role.REGION else "solid",
        }
        figure.add_scatter(
            x=[j for j, _ in points], y=valeurs, mode="lines", line=trait, cliponaxis=False,
            customdata=[nombre(v, 1) for v in valeurs],
            hovertemplate=f"{escape(nom)}, %{{x|%m/%Y}} : %{{customdata}}<extra></extra>",
        )  # fmt: skip
        fins.append((valeurs[-1], nom, role is Role.ICI, couleur))
    figure.add_hline(y=100, line={"color": FILET_FORT, "width": 1})
    jours = sorted({j for _, points, _ in lignes for j, _ in points})
    _noms_des_fins(figure, fins, jours[-1])
    figure.update_layout(margin={"l": 58, "r": 158, "t": 14, "b": 34})
    figure.update_yaxes(tickformat=",.0f" if max(abs(v - 100) for v, *_ in fins) > 5 else ",.1f")
    reperes = _une_par_an(jours)
    figure.update_xaxes(
        type="date", tickangle=0, tickvals=reperes, ticktext=[str(j.year) for j in reperes], range=[jours[0], jours[-1]]
    )
    return figure


def _une_par_an(jours: Sequence[date], maximum: int = 5) -> list[date]:
    """The last known date of each year, thinned: a value of the 31st of December is read under its own year."""
    dernieres = list({j.year: j for j in jours}.values())
    return dernieres[:: 1 + len(dernieres) // maximum]


def _noms_des_fins(figure: go.Figure, fins: list[tuple[float, str, bool, str]], jour: date) -> None:
    """Names at the end of the lines, pushed apart so that none covers another."""
    fins = sorted(fins)
    toutes = [float(v) for trace in figure.data for v in trace.y]
    pas = max((max(toutes) - min(toutes)) * 0.052, 1e-9)
    place = -math.inf
    for v, nom, ici, couleur in fins:
        place = max(v, place + pas)
        court = nom if len(nom) < 18 else f"{nom[:16].rstrip()}…"
        texte = f"{court} {nombre(v, 1)}"
        figure.add_annotation(
            x=jour, y=place, text=f"<b>{texte}</b>" if ici else texte, showarrow=False, xanchor="left", xshift=7,
            font={"size": 12, "color": couleur},
        )  # fmt: skip
