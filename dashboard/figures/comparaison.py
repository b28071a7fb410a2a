"""Figures that compare territories at one date: scatter, distribution, colours by deviation."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.domain.formatage import avec_unite, nombre
from dashboard.domain.indicateur import Indicateur
from dashboard.figures.palette import ACCENT, DIVERGENTE, ENCRE, ENCRE_SECONDE, FILET
from dashboard.figures.serie import _base

GROUPES = (
    ("#14466B", "circle"), ("#BF7600", "square"), ("#00766A", "diamond"), ("#4B3A86", "triangle-up"),
    ("#9B3F78", "cross"), ("#598EB1", "triangle-down"), ("#7A3E00", "pentagon"), ("#5B6675", "star"),
    ("#0C3654", "hexagon"), ("#8793A1", "x"),
)  # fmt: skip
"""Colour and shape of each group: neither speaks alone."""
ICI = "#A31515"
BANDES = 28
PEU = 30
"""Under this many territories each one is a named point; above, they are counted in bars."""
RAPPORT_LOG = 200
RANG_CODE = 4
SEUILS_ECART = (-1.5, -0.75, 0.0, 0.75, 1.5)


@dataclass(frozen=True)
class Axe:
    """One indicator on an axis and the values of the territories, in the same order as the other's."""

    declare: Indicateur
    valeurs: pd.Series
    periode: str

    @property
    def titre(self) -> str:
        """« Densité (hab./km²), 2023 »."""
        log = ", échelle logarithmique" if self.logarithmique else ""
        return f"{self.declare.libelle_court} ({self.declare.unite}), {self.periode}{log}"

    @property
    def logarithmique(self) -> bool:
        """Do the values span so much that a plain axis would pile most of them in a corner?"""
        connues = self.valeurs.dropna()
        return bool(len(connues) and connues.min() > 0 and connues.max() / connues.min() > RAPPORT_LOG)

    def textes(self) -> list[str]:
        """Each value with its unit."""
        return [avec_unite(v, self.declare.unite, self.declare.decimales) for v in self.valeurs]


def nuage(
    noms: Sequence[str], groupes: Sequence[str], x: Axe, y: Axe, tailles: pd.Series | None, ici: int | None
) -> go.Figure:
    """One point per territory; colour and shape by group, area by size, the one in view ringed and named.

    The values of ``x`` are indexed by code: a point carries its own at ``RANG_CODE`` of its custom data.
    """
    figure = _base(500)
    cadre = pd.DataFrame(
        {"nom": list(noms), "groupe": list(groupes), "x": x.valeurs.to_numpy(), "y": y.valeurs.to_numpy(),
         "tx": x.textes(), "ty": y.textes(), "r": _rayons(tailles, len(noms)), "code": x.valeurs.index.astype(str)}
    )  # fmt: skip
    visibles = cadre.dropna(subset=["x", "y"])
    for rang, groupe in enumerate(sorted(visibles["groupe"].unique())):
        couleur, symbole = GROUPES[rang % len(GROUPES)]
        siens = visibles[visibles["groupe"] == groupe]
        figure.add_scatter(
            x=siens["x"], y=siens["y"], mode="markers", name=groupe or "non rattaché",
            marker={"size": siens["r"], "color": couleur, "symbol": symbole, "opacity": 0.7,
                    "line": {"width": 0.6, "color": "#FFFFFF"}},
            customdata=siens[["nom", "groupe", "tx", "ty", "code"]].to_numpy(dtype=object),
            hovertemplate="<b>%{customdata[0]}</b> (%{customdata[1]})<br>"
            f"{escape(x.declare.libelle_court)} : %{{customdata[2]}}<br>"
            f"{escape(y.declare.libelle_court)} : %{{customdata[3]}}<extra></extra>",
        )  # fmt: skip
    if ici is not None and ici in visibles.index:
        _entoure(figure, visibles.loc[[ici]].iloc[0], x, y)
    for axe, fait in ((x, figure.update_xaxes), (y, figure.update_yaxes)):
        fait(title={"text": axe.titre, "font": {"size": 13}}, type="log" if axe.logarithmique else "linear",
             tickformat=",~r" if axe.logarithmique else None, automargin=True)  # fmt: skip
        if axe.logarithmique:
            fait(dtick="D2" if axe.valeurs.max() / axe.valeurs.min() < 1e3 else 1)
    figure.update_xaxes(showgrid=True, gridcolor=FILET, zeroline=False)
    figure.update_layout(
        showlegend=True, margin={"l": 64, "r": 12, "t": 10, "b": 50},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "itemsizing": "constant"},
    )  # fmt: skip
    return figure


def _rayons(tailles: pd.Series | None, combien: int) -> np.ndarray:
    """Diameters in pixels: the area follows the value; all the same without one."""
    petit, grand = (4.0, 34.0) if combien > 300 else (7.0, 46.0)
    if tailles is None or not tailles.notna().any() or tailles.max() <= 0:
        return np.full(combien, 6.0 if combien > 300 else 11.0)
    parts = np.sqrt(np.clip(tailles.fillna(0.0).to_numpy(dtype=np.float64), 0.0, None) / float(tailles.max()))
    return np.asarray(np.maximum(petit, grand * parts))


def _entoure(figure: go.Figure, ligne: pd.Series, x: Axe, y: Axe) -> None:
    figure.add_scatter(
        x=[ligne["x"]], y=[ligne["y"]], mode="markers", showlegend=False, hoverinfo="skip",
        marker={"size": float(ligne["r"]) + 12, "color": "rgba(0,0,0,0)", "line": {"width": 3, "color": ICI}},
    )  # fmt: skip
    figure.add_annotation(
        x=math.log10(ligne["x"]) if x.logarithmique else ligne["x"],
        y=math.log10(ligne["y"]) if y.logarithmique else ligne["y"],
        text=f"<b>{ligne['nom']}</b>", showarrow=True, arrowcolor=ICI, ax=34, ay=-38, bgcolor="rgba(255,255,255,0.9)",
        font={"size": 13, "color": ICI}, borderpad=3,
    )  # fmt: skip


@dataclass(frozen=True)
class Reperes:
    """What is marked on a distribution: the territory in view, the région; None when unknown."""

    ici: tuple[str, float] | None
    region: float | None


def quartiles(valeurs: pd.Series) -> tuple[float, float, float]:
    """First quartile, median, third quartile of the known values."""
    q = np.quantile(valeurs.dropna().to_numpy(dtype=np.float64), [0.25, 0.5, 0.75])
    return float(q[0]), float(q[1]), float(q[2])


def distribution(
    declare: Indicateur, valeurs: pd.Series, noms: Sequence[str], reperes: Reperes, quoi: str
) -> go.Figure:
    """How many territories at each value; quartiles in grey, « vous êtes ici » and the région as lines."""
    connues = valeurs.notna().to_numpy()
    serie, siens = valeurs[connues], [n for n, c in zip(noms, connues, strict=True) if c]
    figure = _base(380)
    bas, _, haut = quartiles(serie)
    figure.add_vrect(x0=bas, x1=haut, fillcolor="#EEF1F4", line_width=0, layer="below")
    if len(serie) < PEU:
        _points(figure, declare, serie, siens, reperes.ici[0] if reperes.ici else None)
    else:
        _barres(figure, declare, serie, quoi)
    _lignes(figure, declare, serie, reperes)
    figure.update_xaxes(
        title={"text": f"{declare.libelle_court} ({declare.unite})", "font": {"size": 13}, "standoff": 22}
    )
    figure.update_layout(margin={"l": 58, "r": 18, "t": 64, "b": 62}, bargap=0.04)
    return figure


def bornes_barres(serie: pd.Series) -> tuple[np.ndarray, bool]:
    """Edges of the bars, from the 1st to the 99th centile when a few values stretch the rest; were they cut?"""
    v = serie.to_numpy(dtype=np.float64)
    bas, haut = float(v.min()), float(v.max())
    centiles = np.quantile(v, [0.01, 0.99])
    coupe = haut - bas > 2.5 * (centiles[1] - centiles[0]) > 0
    if coupe:
        bas, haut = float(centiles[0]), float(centiles[1])
    if haut <= bas:
        haut = bas + 1.0
    return np.linspace(bas, haut, min(BANDES, max(8, len(v) // 6)) + 1), bool(coupe)


def barres(serie: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Edges of the bars and how many values each holds; those beyond the edges are in the first and the last."""
    bornes, _ = bornes_barres(serie)
    effectifs, _ = np.histogram(np.clip(serie.to_numpy(dtype=np.float64), bornes[0], bornes[-1]), bornes)
    return bornes, effectifs


def _barres(figure: go.Figure, declare: Indicateur, serie: pd.Series, quoi: str) -> None:
    bornes, effectifs = barres(serie)
    textes = [
        f"de {nombre(a, declare.decimales)} à {avec_unite(b, declare.unite, declare.decimales)} : {nombre(n)} {quoi}"
        for a, b, n in zip(bornes[:-1], bornes[1:], effectifs, strict=True)
    ]
    figure.add_bar(
        x=(bornes[:-1] + bornes[1:]) / 2, y=effectifs, width=np.diff(bornes) * 0.94, marker={"color": "#9CBDD4"},
        customdata=textes, hovertemplate="%{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(title={"text": f"Nombre de territoires ({quoi})", "font": {"size": 13}}, rangemode="tozero")


def _points(figure: go.Figure, declare: Indicateur, serie: pd.Series, noms: Sequence[str], ici: str | None) -> None:
    rangs = np.argsort(np.argsort(serie.to_numpy(), kind="stable"), kind="stable")
    hauteurs = rangs % 4
    figure.add_scatter(
        x=serie, y=hauteurs, mode="markers+text", text=[f" {n}" for n in noms], textposition="middle right",
        marker={"size": 12, "color": [ICI if n == ici else ACCENT for n in noms]},
        textfont={"size": 12},
        customdata=[avec_unite(v, declare.unite, declare.decimales) for v in serie], cliponaxis=False,
        hovertemplate="%{text} : %{customdata}<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(visible=False, range=[-0.7, 3.9])
    marge = float(serie.max() - serie.min()) or 1.0
    figure.update_xaxes(range=[float(serie.min()) - 0.06 * marge, float(serie.max()) + 0.22 * marge])


def _lignes(figure: go.Figure, declare: Indicateur, serie: pd.Series, reperes: Reperes) -> None:
    bas, mediane, haut = quartiles(serie)
    debut, fin = (float(b) for b in bornes_barres(serie)[0][[0, -1]]) if len(serie) >= PEU else (-math.inf, math.inf)
    traits = [(mediane, f"médiane {nombre(mediane, declare.decimales)}", ENCRE_SECONDE, "dash", 0)]
    if reperes.region is not None and debut <= reperes.region <= fin:
        traits.append((reperes.region, f"région {nombre(reperes.region, declare.decimales)}", ENCRE, "dot", 1))
    if reperes.ici is not None:
        nom, v = reperes.ici
        hors = "" if debut <= v <= fin else " (hors de l'échelle)"
        texte_ici = f"<b>vous êtes ici : {nom}, {nombre(v, declare.decimales)}{hors}</b>"
        traits.append((min(max(v, debut), fin), texte_ici, ICI, "solid", 2))
    milieu = (float(serie.min()) + float(serie.max())) / 2 if len(serie) < PEU else (debut + fin) / 2
    for v, texte, couleur, tiret, etage in traits:
        figure.add_vline(x=v, line={"color": couleur, "width": 3 if etage == 2 else 1.6, "dash": tiret})
        figure.add_annotation(
            x=v, y=1.0, yref="paper", yanchor="bottom", yshift=19 * etage, text=texte, showarrow=False,
            xanchor="left" if v < milieu else "right", font={"size": 12.5, "color": couleur},
        )  # fmt: skip
    figure.add_annotation(
        x=(bas + haut) / 2, y=0, yref="paper", yanchor="top", yshift=-19, text="moitié centrale", showarrow=False,
        font={"size": 11.5, "color": ENCRE_SECONDE},
    )  # fmt: skip


def teinte_ecart(ecart: float) -> tuple[str, str]:
    """Background and text colours of a deviation from the mean, in standard deviations."""
    rang = int(np.searchsorted(SEUILS_ECART, ecart, side="right"))
    return DIVERGENTE[rang], "#FFFFFF" if rang in (0, 5) else ENCRE


def legende_ecarts() -> list[tuple[str, str]]:
    """(colour, words) of each class of deviation, the lowest first."""
    s = [nombre(v, 2 if v % 0.5 else 1) for v in SEUILS_ECART]
    textes = [
        f"moins de {s[0]}",
        f"de {s[0]} à {s[1]}",
        f"de {s[1]} à 0",
        f"de 0 à {s[3]}",
        f"de {s[3]} à {s[4]}",
        f"plus de {s[4]}",
    ]
    return list(zip(DIVERGENTE, textes, strict=True))
