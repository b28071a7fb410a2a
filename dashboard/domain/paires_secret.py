"""Two states of the same figures, as two lots or two packages give them: what one tells of what the other hides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.domain.audit_secret import Booleens, Grandeur, Tableau, dedans
from dashboard.domain.renfort_secret import audite


@dataclass(frozen=True)
class Paire:
    """Cells hidden then shown (``rendues``), shown then hidden (``deja_publiees``), recovered by putting both
    together (``croisees``): only the second is past mending, and is told as such."""

    rendues: int = 0
    deja_publiees: int = 0
    croisees: int = 0

    @property
    def tient(self) -> bool:
        """Does the later state keep what the earlier one hid, and its own?"""
        return not (self.rendues or self.croisees)


def compare(tableau: Tableau, avant: pd.DataFrame, apres: pd.DataFrame, toutes: list[Grandeur]) -> Paire:
    """``avant``, ``apres``: masque, and the true valeur, numerateur, denominateur, in the order of the table.

    ``toutes``: the quantities of the later state. A figure that moved by more than the margin tells nothing of the
    other; one that did not is taken by the attacker for both.
    """
    cache_avant, cache_apres = (x["masque"].to_numpy(dtype=bool) for x in (avant, apres))
    connue_avant = avant["connue"].to_numpy(dtype=bool)
    rendues = cache_avant & ~cache_apres & proches(avant, apres)
    deja = ~cache_avant & connue_avant & cache_apres & proches(apres, avant)
    croisees = 0
    if deja.any():
        croisees = len({c for c, _ in audite(tableau, cache_apres & ~deja, toutes).trouvees})
    return Paire(int(rendues.sum()), int(deja.sum()), croisees)


def proches(vraie: pd.DataFrame, dite: pd.DataFrame) -> Booleens:
    """Is what is said within the margin of the truth, for some quantity?"""
    oui = np.zeros(len(vraie), dtype=bool)
    for nom in ("valeur", "numerateur", "denominateur"):
        v, d = (x[nom].to_numpy(dtype=np.float64) for x in (vraie, dite))
        oui |= dedans(v, d, d)
    return oui
