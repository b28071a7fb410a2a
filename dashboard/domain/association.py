"""How two indicators go together from one place to another: a coefficient, its interval, and never a cause."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.domain.formatage import nombre
from dashboard.domain.intervalle import Z

MINIMUM = 10


@dataclass(frozen=True, slots=True)
class Association:
    """Spearman's rank correlation ``rho`` of ``n`` pairs and its 95 % interval; all None under ``MINIMUM`` pairs."""

    n: int
    rho: float | None = None
    bas: float | None = None
    haut: float | None = None

    @property
    def phrase(self) -> str:
        """What may be said, in one sentence that claims no cause."""
        if self.rho is None or self.bas is None or self.haut is None:
            return (
                f"{self.n} territoires ont les deux valeurs : il en faut {MINIMUM}, différentes, pour une corrélation."
            )
        chiffres = (
            f"corrélation des rangs (Spearman) {nombre(self.rho, 2)}, intervalle à 95 % de {nombre(self.bas, 2)} à "
            f"{nombre(self.haut, 2)}, n = {nombre(self.n)}"
        )
        if self.bas <= 0 <= self.haut:
            return f"Pas d'association que ces chiffres permettent d'affirmer : {chiffres}."
        force = "forte" if abs(self.rho) >= 0.7 else "moyenne" if abs(self.rho) >= 0.4 else "faible"
        vers = "l'un est plus haut là où l'autre est plus haut" if self.rho > 0 else (
            "l'un est plus haut là où l'autre est plus bas"
        )  # fmt: skip
        return f"Association {force} : {vers} ({chiffres}). Aller ensemble ne dit pas que l'un cause l'autre."


def associe(x: pd.Series, y: pd.Series) -> Association:
    """Spearman of the pairs known on both sides, Fisher's interval with Bonett and Wright's variance (2000)."""
    connus = x.notna() & y.notna()
    a, b = x[connus].rank().to_numpy(dtype=np.float64), y[connus].rank().to_numpy(dtype=np.float64)
    n = len(a)
    if n < MINIMUM or a.std() == 0 or b.std() == 0:
        return Association(n)
    rho = float(np.clip(np.corrcoef(a, b)[0, 1], -1.0, 1.0))
    if abs(rho) > 1 - 1e-12:
        return Association(n, rho, rho, rho)
    demi = Z * math.sqrt((1 + rho * rho / 2) / (n - 3))
    return Association(n, rho, math.tanh(math.atanh(rho) - demi), math.tanh(math.atanh(rho) + demi))
