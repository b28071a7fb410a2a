"""The measures of a lot, taken from what it shows and from what it changes. Pure: frames in, records out.

A figure under secrecy is counted as present and never compared: a gap or a revision would say something of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

import numpy as np
import pandas as pd

from dashboard.domain.indicateur import Indicateur
from dashboard.domain.qualite import Dimension, Releve
from dashboard.domain.territoire import Maille

SECRET = "Q"
EGALITE = 1e-9
"""Relative difference under which two figures are the same one, computed twice."""


class Changements(Protocol):
    """What a lot changes in ``valeur``: rows new, changed (before and after, same order), gone; all that shows."""

    @property
    def nouvelles(self) -> pd.DataFrame: ...
    @property
    def modifiees(self) -> pd.DataFrame: ...
    @property
    def avant(self) -> pd.DataFrame: ...
    @property
    def retirees(self) -> pd.DataFrame: ...
    @property
    def montrees(self) -> pd.DataFrame: ...


def releves(lot: Changements, declares: Mapping[int, Indicateur], places: pd.DataFrame) -> tuple[Releve, ...]:
    """Completeness, consistency and revisions of every indicator.

    ``declares``: by key of the store; ``places``: current territories (id, maille, population).
    """
    montrees, avant, apres, retirees = lot.montrees, lot.avant, lot.modifiees, lot.retirees
    attendus = {m: places[places["maille"] == m.value] for m in Maille}
    parts = dict(list(montrees.groupby("indicateur_id")))
    tout: list[Releve] = []
    for cle, declare in declares.items():
        siennes = parts.get(cle, montrees.iloc[:0])
        tout += _completudes(declare, siennes, attendus)
        tout += _coherence(declare, siennes)
        ici = (avant["indicateur_id"] == cle).to_numpy()
        departs = retirees[retirees["indicateur_id"] == cle]
        base = len(siennes) - int((lot.nouvelles["indicateur_id"] == cle).sum()) + len(departs)
        tout += _revisions(declare, avant[ici], apres[ici], departs, base)
    return tuple(tout)


def _completudes(
    declare: Indicateur, siennes: pd.DataFrame, attendus: Mapping[Maille, pd.DataFrame]
) -> Iterator[Releve]:
    """One record a maille: territories with a value at its latest period, out of those of the referential."""
    for maille in declare.mailles:
        places, ici = attendus[maille], siennes[siennes["maille"] == maille.rang]
        if places.empty:
            continue
        fin = ici["fin"].max() if len(ici) else None
        pleines = ici[(ici["fin"] == fin) & (ici["valeur"].notna() | (ici["statut"] == SECRET))] if len(ici) else ici
        remplies = places["id"].isin(pleines["territoire_id"].unique())
        population = places["population"].astype("float64")
        habitants = float(population.sum())
        yield Releve(
            declare.id, Dimension.COMPLETUDE, 100.0 * int(remplies.sum()) / len(places), int(remplies.sum()),
            len(places), maille, 100.0 * float(population[remplies].sum()) / habitants if habitants else None,
            pd.Timestamp(fin).date() if fin is not None else None,
        )  # fmt: skip


def _coherence(declare: Indicateur, siennes: pd.DataFrame) -> Iterator[Releve]:
    """The greatest gap between a published total and the roll-up of all its parts; nothing when there is none."""
    comparees = siennes[siennes["calculee"].notna() & siennes["valeur"].notna() & (siennes["statut"] != SECRET)]
    if comparees.empty:
        return
    ecarts = _relatifs(comparees["calculee"], comparees["valeur"])
    rang = int(np.argmax(ecarts))
    yield Releve(
        declare.id, Dimension.COHERENCE, float(ecarts[rang]), int((ecarts > 100 * EGALITE).sum()), len(comparees),
        fin=pd.Timestamp(comparees["fin"].iloc[rang]).date(),
    )  # fmt: skip


def _revisions(
    declare: Indicateur, avant: pd.DataFrame, apres: pd.DataFrame, retirees: pd.DataFrame, base: int
) -> Iterator[Releve]:
    """Values already published that this lot changed or withdrew; nothing before a second lot."""
    if base <= 0:
        return
    a, b = (c["valeur"].to_numpy(dtype=np.float64, na_value=np.nan) for c in (avant, apres))
    montrees = ~np.isnan(a) & (avant["statut"] != SECRET).to_numpy() & (apres["statut"] != SECRET).to_numpy()
    ecarts = _relatifs(b[montrees], a[montrees])
    changees = ecarts[np.isnan(ecarts) | (ecarts > 100 * EGALITE)]
    parties = int((retirees["valeur"].notna() & (retirees["statut"] != SECRET)).sum())
    chiffrees = changees[~np.isnan(changees)]
    yield Releve(
        declare.id, Dimension.REVISIONS, 100.0 * (len(changees) + parties) / base, len(changees) + parties, base,
        complement=float(np.median(chiffrees)) if len(chiffrees) else None,
    )  # fmt: skip


def _relatifs(mesurees: pd.Series | np.ndarray, reperes: pd.Series | np.ndarray) -> np.ndarray:
    """Gaps in % of the reference; of the figure itself where the reference is zero."""
    m, r = np.asarray(mesurees, dtype=np.float64), np.asarray(reperes, dtype=np.float64)
    sur = np.where(r != 0, np.abs(r), np.abs(m))
    return np.where(m == r, 0.0, 100.0 * np.abs(m - r) / np.where(sur != 0, sur, 1.0))
