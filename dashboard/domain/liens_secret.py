"""Two indicators that hold the same quantity: what one hides, the other may show."""

from __future__ import annotations

import pandas as pd

_COLONNES = ("valeur", "numerateur", "denominateur", "n_unites")
ASSEZ = 3
"""Distinct figures that must agree before two columns are taken for the same quantity."""


def trahies(vraies: pd.DataFrame, autre: pd.DataFrame) -> list[tuple[str, str, int]]:
    """Columns of ``autre`` that repeat one of ``vraies``: (its column, the other's, cells given away).

    Both are indexed by territory, for one period; ``vraies``: true figures and masque; ``autre``: what is shown.
    """
    communs = vraies.index.intersection(autre.index)
    v, a = vraies.loc[communs], autre.loc[communs]
    cache = v["masque"].to_numpy(dtype=bool)
    trouvees = []
    for nom in _COLONNES:
        for sienne in _COLONNES:
            connues = (v[nom].notna() & a[sienne].notna()).to_numpy()
            montrees = connues & ~cache
            egales = (v[nom] == a[sienne]).to_numpy()
            if v[nom][montrees].nunique() >= ASSEZ and egales[montrees].all() and (perdues := connues & cache).any():
                trouvees.append((nom, sienne, int(perdues.sum())))
    return trouvees
