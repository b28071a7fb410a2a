"""How values are cut into map classes, and how each class is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from dashboard.domain.formatage import nombre, signe
from dashboard.domain.indicateur import Indicateur
from dashboard.figures.carte import ABSENT, SECRET
from dashboard.figures.palette import ACCENT, palette_classes


@dataclass(frozen=True)
class Decoupage:
    """Classes of a map. ``chiffres``: one character per territory, in the order given."""

    chiffres: str
    palette: tuple[str, ...]
    libelles: tuple[str, ...]
    effectifs: tuple[int, ...]
    absents: int
    secrets: int


def decoupe(declare: Indicateur, valeurs: pd.Series, statuts: pd.Series) -> Decoupage:
    """Cuts ``valeurs`` by the declared thresholds, or by quintiles when none is declared."""
    connues = valeurs.notna()
    seuils = [] if declare.en_cercles else list(declare.carte.seuils) or _quintiles(valeurs[connues])
    rangs = np.searchsorted(seuils, valeurs.fillna(0.0).to_numpy(dtype=float), side="right")
    secrets = statuts.eq("Q").fillna(False).to_numpy(dtype=bool)
    chiffres = np.where(connues, rangs.astype(str), np.where(secrets, SECRET, ABSENT))
    effectifs = np.bincount(rangs[connues.to_numpy(dtype=bool)], minlength=len(seuils) + 1)
    return Decoupage(
        chiffres="".join(chiffres.tolist()),
        palette=(ACCENT,) if declare.en_cercles else palette_classes(len(seuils) + 1, declare.carte.divergente),
        libelles=libelles(seuils, declare),
        effectifs=tuple(int(n) for n in effectifs),
        absents=int((~connues.to_numpy(dtype=bool) & ~secrets).sum()),
        secrets=int(secrets.sum()),
    )


def _quintiles(valeurs: pd.Series) -> list[float]:
    """Inner bounds of quintiles; fewer when values are tied."""
    if valeurs.nunique() < 5:
        return sorted(float(v) for v in valeurs.unique())[1:]
    bornes = np.quantile(valeurs.to_numpy(dtype=float), [0.2, 0.4, 0.6, 0.8])
    return sorted({float(b) for b in bornes})


def libelles(seuils: Sequence[float], declare: Indicateur) -> tuple[str, ...]:
    """« moins de 20 », « 20 à 40 », « 40 et plus », with the unit, signed when the scale diverges."""
    if not seuils:
        return ("toutes les valeurs",)
    decimales = 0 if all(float(s).is_integer() for s in seuils) else declare.decimales
    unite = declare.unite

    def texte(v: float) -> str:
        return signe(v, decimales) if declare.carte.divergente else nombre(v, decimales)

    milieu = [f"{texte(a)} à {texte(b)} {unite}" for a, b in pairwise(seuils)]
    return (f"moins de {texte(seuils[0])} {unite}", *milieu, f"{texte(seuils[-1])} {unite} et plus")
