"""Ranks that the numbers allow: a territory is above another only when its interval is entirely above."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.domain.formatage import nombre, ordinal
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.intervalle import Z, byar_ou_exact
from dashboard.domain.trajectoire import Sens

Reels = npt.NDArray[np.float64]
FACTEUR_TAUX = 1_000.0
"""From « pour 1 000 habitants » on, a ratio of two counts is a rate of events."""
COLONNES = ["bas", "haut", "rang_min", "rang_max", "ex_aequo", "distinguable"]


class Genre(StrEnum):
    """What may be said of the order of the values."""

    PROPORTION = "proportion"
    TAUX = "taux"
    VALEUR = "valeur"
    NOMBRE = "nombre"

    @property
    def methode(self) -> str:
        """The method in words, under the table."""
        return _METHODES[self]


_COMMUN = (
    "un territoire n'est devant un autre que si son intervalle est entièrement au-dessus ; « 12e à 34e » : tous les "
    "rangs possibles ; « rang non distinguable » : ils couvrent plus de la moitié des territoires"
)
_METHODES = {
    Genre.PROPORTION: f"Intervalle de Wilson à 95 % de chaque part : {_COMMUN}.",
    Genre.TAUX: f"Intervalle à 95 % de chaque taux (Byar à partir de 10 événements, exact en dessous) : {_COMMUN}.",
    Genre.VALEUR: "Valeur publiée sans effectifs qui donneraient un intervalle : rang simple, les ex æquo sont dits.",
    Genre.NOMBRE: "Nombre : dépend de la taille du territoire ; il est rangé, jamais classé comme un taux.",
}


def genre(declare: Indicateur, mesures: pd.DataFrame) -> Genre:
    """What kind of comparison an indicator allows, from its declaration and from what is really known.

    ``mesures``: valeur, numerateur, denominateur. A share needs 0 <= numerator <= denominator everywhere.
    """
    if declare.en_cercles:
        return Genre.NOMBRE
    connues = mesures.dropna(subset=["valeur"])
    k, n = (connues[c].to_numpy(dtype=np.float64, na_value=np.nan) for c in ("numerateur", "denominateur"))
    if not len(connues) or np.isnan(k).any() or np.isnan(n).any() or (n <= 0).any() or (k < 0).any():
        return Genre.VALEUR
    if declare.unite == "%" and declare.facteur == 100 and not declare.carte.divergente and (k <= n).all():
        return Genre.PROPORTION
    return Genre.TAUX if declare.facteur >= FACTEUR_TAUX and (k == np.round(k)).all() else Genre.VALEUR


def wilson_en_masse(k: Reels, n: Reels, facteur: float = 100.0) -> tuple[Reels, Reels]:
    """Wilson bounds of many shares at once: the same formula as ``intervalle.wilson``; NaN where n is 0 or missing."""
    with np.errstate(divide="ignore", invalid="ignore"):
        n = np.where(n > 0, n, np.nan)
        p, z2 = k / n, Z * Z
        centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        demi = Z * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return facteur * np.maximum(0.0, centre - demi), facteur * np.minimum(1.0, centre + demi)


def taux_en_masse(k: Reels, n: Reels, facteur: float) -> tuple[Reels, Reels]:
    """Byar or exact bounds of many rates at once; each count of events is solved once."""
    uniques, place = np.unique(k, return_inverse=True)
    bornes = np.array([byar_ou_exact(int(e), 1.0, 1.0) for e in uniques], dtype=np.float64).reshape(-1, 2)[place]
    return facteur * bornes[:, 0] / n, facteur * bornes[:, 1] / n


def rangs(bas: Reels, haut: Reels, sens: Sens = Sens.HAUSSE) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First and last rank each interval allows, 1 being the best in the wanted direction.

    Raises ValueError when a lower bound is above its upper bound: such an interval would be compared with itself.
    """
    if (bas > haut).any():
        rang = int(np.argmax(bas > haut))
        raise ValueError(f"Intervalle inversé : de {bas[rang]:g} à {haut[rang]:g}. Vérifier l'ordre des bornes.")
    if sens is Sens.BAISSE:
        return rangs(-haut, -bas)
    devant = len(bas) - np.searchsorted(np.sort(bas), haut, side="right")
    derriere = np.searchsorted(np.sort(haut), bas, side="left")
    return devant + 1, len(bas) - derriere


def classe(mesures: pd.DataFrame, quoi: Genre, sens: Sens = Sens.HAUSSE, facteur: float = 100.0) -> pd.DataFrame:
    """``mesures`` (valeur, numerateur, denominateur; any index) with ``COLONNES``, its rows and order unchanged.

    Bounds are in the unit of the values. A row without value has no bound and no rank (missing). ``ex_aequo``: plain
    values shared by several. ``distinguable``: its ranks cover at most half of the territories that have a value.
    """
    sans_rang = pd.array([pd.NA] * len(mesures), dtype="Int64")
    resultat = mesures.assign(
        bas=np.nan, haut=np.nan, rang_min=sans_rang, rang_max=sans_rang, ex_aequo=False, distinguable=False
    )
    connues = mesures["valeur"].notna().to_numpy()
    if not connues.any():
        return resultat
    v, k, n = (
        mesures.loc[connues, c].to_numpy(dtype=np.float64, na_value=np.nan)
        for c in ("valeur", "numerateur", "denominateur")
    )
    bas, haut = _bornes(quoi, v, k, n, facteur)
    # The published value is rounded, its numerator is not: the interval always holds the value that is shown.
    bas, haut = np.fmin(bas, v), np.fmax(haut, v)
    premier, dernier = rangs(bas, haut, sens)
    etendue = dernier - premier + 1
    simple = quoi in (Genre.VALEUR, Genre.NOMBRE)
    trouve = {
        "bas": bas, "haut": haut, "rang_min": premier, "rang_max": dernier, "ex_aequo": simple & (etendue > 1),
        "distinguable": simple | (etendue <= len(v) / 2),
    }  # fmt: skip
    for colonne, valeurs in trouve.items():
        resultat.loc[connues, colonne] = valeurs
    return resultat


def _bornes(quoi: Genre, v: Reels, k: Reels, n: Reels, facteur: float) -> tuple[Reels, Reels]:
    if quoi is Genre.PROPORTION:
        return wilson_en_masse(k, n, facteur)
    return taux_en_masse(k, n, facteur) if quoi is Genre.TAUX else (v, v)


@dataclass(frozen=True, slots=True)
class Place:
    """The ranks one territory may hold among ``sur``."""

    premier: int
    dernier: int
    sur: int
    genre: Genre = Genre.PROPORTION

    @property
    def distinguable(self) -> bool:
        """Do the ranks cover at most half of the territories? A plain rank always stands, its ties said."""
        return self.simple or self.dernier - self.premier + 1 <= self.sur / 2

    @property
    def simple(self) -> bool:
        """Is it a rank of plain values, without intervals?"""
        return self.genre in (Genre.VALEUR, Genre.NOMBRE)

    @property
    def texte(self) -> str:
        """« 12e à 34e », « 3e », « 3e ex æquo (5 à égalité) », « rang non distinguable »."""
        if self.premier == self.dernier:
            return ordinal(self.premier)
        if self.simple:
            return f"{ordinal(self.premier)} ex æquo ({nombre(self.dernier - self.premier + 1)} à égalité)"
        if not self.distinguable:
            return "rang non distinguable"
        return f"{ordinal(self.premier)} à {ordinal(self.dernier)}"


def place(ligne: pd.Series, sur: int, quoi: Genre) -> Place | None:
    """The place of one row of ``classe``; None without a value."""
    if pd.isna(ligne["rang_min"]):
        return None
    return Place(int(ligne["rang_min"]), int(ligne["rang_max"]), sur, quoi)
