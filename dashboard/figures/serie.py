"""A series as a line: observed values, the path to the target, direct labels, no legend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.domain.formatage import avec_unite
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.situation import Situation
from dashboard.domain.tendance import Projection
from dashboard.domain.trajectoire import Point
from dashboard.figures.palette import ACCENT, ENCRE, ENCRE_SECONDE, FILET, FILET_FORT, STATUTS

POLICE = "Source Sans, Arial, sans-serif"


def _base(hauteur: int) -> go.Figure:
    figure = go.Figure()
    figure.update_layout(
        template="none",
        height=hauteur,
        margin={"l": 58, "r": 18, "t": 14, "b": 34},
        showlegend=False,
        font={"family": POLICE, "size": 13, "color": ENCRE},
        hoverlabel={"bgcolor": "#FFFFFF", "bordercolor": FILET, "font": {"family": POLICE, "color": ENCRE}},
        hovermode="closest",
        separators=",\u202f",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(showgrid=False, linecolor="#8793A1", ticks="outside", ticklen=4, tickfont={"size": 12})
    figure.update_yaxes(gridcolor=FILET, zeroline=False, tickfont={"size": 12})
    return figure


def trajectoire(
    situation: Situation,
    teinte: str,
    anciennes: Sequence[Point],
    arrete: date,
    projection: Projection | None = None,
    evenements: Sequence[tuple[date, str]] = (),
) -> go.Figure:
    """Observed series, expected path to the target, earlier targets, last value in its statut's colour.

    ``projection``: where the pace leads, with its interval. ``evenements``: what happened, at its date.
    """
    declare, figure = situation.indicateur, _base(330)
    if situation.objectif:
        _chemin(figure, situation)
    _observe(figure, declare, situation.serie)
    for jour, cible in anciennes:
        _repere(figure, declare, jour, cible, f"cible {jour.year} : {avec_unite(cible, '', declare.decimales)}")
    if situation.serie:
        _derniere(figure, declare, situation.serie[-1], STATUTS[teinte] if situation.objectif else ACCENT)
        _cadre(figure, situation, anciennes, arrete)
        if projection:
            _projette(figure, declare, situation.serie[-1], projection, STATUTS[teinte])
    for jour, titre in evenements:
        _evenement(figure, jour, titre)
    figure.update_yaxes(tickformat=f",.{declare.decimales}f", ticksuffix="\u202f%" if declare.unite == "%" else "")
    return figure


def _cadre(figure: go.Figure, situation: Situation, anciennes: Sequence[Point], arrete: date) -> None:
    """Fixed date range: from the first value to a little after the target, room for the labels."""
    jours = [j for j, _ in situation.serie] + [j for j, _ in anciennes] + [arrete]
    if situation.objectif:
        jours += [j for j, _ in situation.objectif.trajectoire.points]
    marge = (max(jours) - min(jours)) / 18
    pas = 1 + (max(jours).year - min(jours).year) // 10
    annees = range(max(jours).year, min(jours).year - 1, -pas)  # a value of 2023 ends with it: so do the ticks
    figure.update_xaxes(
        range=[min(jours) - marge / 3, max(jours) + marge], type="date",
        tickvals=[date(a, 12, 31) for a in annees], ticktext=[str(a) for a in annees],
    )  # fmt: skip
    derniere = situation.serie[-1][0]
    if derniere < arrete:
        figure.add_vrect(x0=derniere, x1=arrete, fillcolor="#F3F5F8", line_width=0, layer="below")
        figure.add_annotation(
            x=derniere + (arrete - derniere) / 2, y=0.02, yref="paper", yanchor="bottom", showarrow=False,
            text="sans donnée", font={"size": 12, "color": ENCRE_SECONDE},
        )  # fmt: skip


def _observe(figure: go.Figure, declare: Indicateur, serie: Sequence[Point]) -> None:
    figure.add_scatter(
        x=[j for j, _ in serie], y=[v for _, v in serie], mode="lines+markers",
        line={"color": ACCENT, "width": 2.5}, marker={"size": 5, "color": ACCENT},
        hovertemplate="%{x|%m/%Y} : %{customdata}<extra></extra>",
        customdata=[avec_unite(v, declare.unite, declare.decimales) for _, v in serie],
    )  # fmt: skip


def _chemin(figure: go.Figure, situation: Situation) -> None:
    assert situation.objectif is not None
    but, declare = situation.objectif.trajectoire, situation.indicateur
    points = but.points
    if len(points) > 1:
        figure.add_scatter(
            x=[j for j, _ in points], y=[v for _, v in points], mode="lines",
            line={"color": ENCRE, "width": 1.5, "dash": "dash"}, hoverinfo="skip",
        )  # fmt: skip
        figure.add_scatter(
            x=[points[0][0]], y=[points[0][1]], mode="markers",
            marker={"size": 10, "color": "#FFFFFF", "line": {"color": ACCENT, "width": 2}},
            hovertemplate=f"valeur initiale : {avec_unite(points[0][1], declare.unite, declare.decimales)}"
            "<extra></extra>",
        )  # fmt: skip
    if but.echeance and but.vc is not None:
        texte = f"<b>Cible {avec_unite(but.vc, '%' if declare.unite == '%' else '', declare.decimales)}</b>"
        _repere(figure, declare, but.echeance, but.vc, texte)


def _projette(figure: go.Figure, declare: Indicateur, depart: Point, p: Projection, couleur: str) -> None:
    figure.add_scatter(
        x=[depart[0], p.jour, p.jour, depart[0]], y=[depart[1], p.haute, p.basse, depart[1]], mode="lines",
        fill="toself", fillcolor="rgba(20,70,107,0.10)", line={"width": 0}, hoverinfo="skip",
    )  # fmt: skip
    texte = avec_unite(p.valeur, "%" if declare.unite == "%" else "", declare.decimales)
    figure.add_scatter(
        x=[depart[0], p.jour], y=[depart[1], p.valeur], mode="lines+text", text=["", f"<b>{texte}</b><br>à ce rythme"],
        textposition="top left", textfont={"size": 12, "color": couleur},
        line={"color": couleur, "width": 2, "dash": "dot"}, hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip


def _evenement(figure: go.Figure, jour: date, titre: str) -> None:
    figure.add_vline(x=jour, line={"color": FILET_FORT, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=jour, y=1, yref="paper", yanchor="top", xanchor="left", showarrow=False, textangle=-90,
        text=escape(titre, quote=False), font={"size": 11, "color": ENCRE_SECONDE},
    )  # fmt: skip


def argent(avancement: Sequence[Point], montants: Mapping[str, Sequence[Point]]) -> go.Figure:
    """Progress above, money below, on the same years. ``avancement``: % of the way; ``montants``: M€ by kind."""
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.12, row_heights=[0.45, 0.55])
    socle = _base(280)
    figure.update_layout(socle.layout)
    figure.update_layout(barmode="group", margin={"l": 58, "r": 18, "t": 22, "b": 34})
    figure.add_scatter(
        x=[j.year + (j.timetuple().tm_yday / 366 - 0.5) for j, _ in avancement], y=[v for _, v in avancement],
        mode="lines+markers", line={"color": ENCRE, "width": 2}, marker={"size": 5},
        hovertemplate="%{y:.0f}\u202f% du chemin<extra></extra>", row=1, col=1,
    )  # fmt: skip
    couleurs = {"Voté": "#9CBDD4", "Engagé": "#598EB1", "Payé": ACCENT}
    for nom, points in montants.items():
        figure.add_bar(
            x=[j.year for j, _ in points], y=[v for _, v in points], marker_color=couleurs[nom], width=0.28,
            text=[avec_unite(v, "M€", 1 if v < 100 else 0) for _, v in points], textposition="outside",
            cliponaxis=False, hovertemplate=nom + " %{x} : %{y:,.1f} M€<extra></extra>", row=2, col=1,
        )  # fmt: skip
    annees = sorted({j.year for points in (avancement, *montants.values()) for j, _ in points})
    figure.update_xaxes(showgrid=False, linecolor=FILET_FORT, tickfont={"size": 12}, tickvals=annees, tickformat="d")
    figure.update_yaxes(gridcolor=FILET, zeroline=False, tickfont={"size": 12})
    parts = [v for _, v in avancement]
    bornes = [min([0.0, *parts]) - 5, max([100.0, *parts]) + 5]
    figure.update_yaxes(ticksuffix="\u202f%", range=bornes, nticks=4, row=1, col=1)
    haut = max((v for points in montants.values() for _, v in points), default=1.0)
    figure.update_yaxes(range=[0, haut * 1.25], nticks=4, row=2, col=1)
    return figure


def _repere(figure: go.Figure, declare: Indicateur, jour: date, cible: float, texte: str) -> None:
    figure.add_scatter(
        x=[jour], y=[cible], mode="markers+text", text=[texte], textposition="middle left",
        marker={"size": 10, "symbol": "diamond", "color": ENCRE}, textfont={"size": 12, "color": ENCRE},
        hovertemplate=f"{avec_unite(cible, declare.unite, declare.decimales)} visés fin {jour.year}<extra></extra>",
    )  # fmt: skip


def _derniere(figure: go.Figure, declare: Indicateur, point: Point, couleur: str) -> None:
    figure.add_scatter(
        x=[point[0]], y=[point[1]], mode="markers+text",
        text=[f"<b>{avec_unite(point[1], '%' if declare.unite == '%' else '', declare.decimales)}</b>"],
        textposition="bottom center", textfont={"size": 13, "color": couleur},
        marker={"size": 10, "color": couleur}, hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip


def base_100(lignes: Sequence[tuple[str, Sequence[Point], bool]]) -> go.Figure:
    """Series compared from 100 at their first common date: (name, points, is the one in view)."""
    figure = _base(280)
    for nom, points, principale in lignes:
        if not points or not points[0][1]:
            continue
        valeurs = [100 * v / points[0][1] for _, v in points]
        trait = {"color": ACCENT, "width": 3} if principale else {"color": FILET_FONCE, "width": 1.5, "dash": "dash"}
        figure.add_scatter(
            x=[j.year for j, _ in points], y=valeurs, mode="lines", line=trait,
            hovertemplate=nom + " %{x} : %{y:.1f}<extra></extra>",
        )  # fmt: skip
        figure.add_annotation(
            x=points[-1][0].year, y=valeurs[-1], text=f"{nom} {avec_unite(valeurs[-1], '', 1)}", showarrow=False,
            xanchor="left", xshift=6, font={"size": 12, "color": ACCENT if principale else ENCRE_SECONDE},
        )  # fmt: skip
    annees = sorted({j.year for _, points, _ in lignes for j, _ in points})
    if annees:
        figure.update_xaxes(range=[annees[0] - 0.2, annees[-1] + (annees[-1] - annees[0]) * 0.7], tickvals=annees[::2])
    ecart = max((abs(100 * v / pts[0][1] - 100) for _, pts, _ in lignes for _, v in pts if pts[0][1]), default=0)
    figure.update_yaxes(tickformat=",.0f" if ecart > 5 else ",.1f")
    return figure


FILET_FONCE = "#5B6675"
