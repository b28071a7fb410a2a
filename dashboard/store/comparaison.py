"""What a publication changes: current rows against new ones, row by row, without writing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, Date, Table, select

from dashboard.store.masse import ferme, insere, lis_colonnes
from dashboard.store.schema import LOT_OUVERT


@dataclass(frozen=True)
class Bilan:
    """What a publication did: its lot, and the rows new, changed, gone, unchanged."""

    lot: int
    nouvelles: int = 0
    modifiees: int = 0
    retirees: int = 0
    inchangees: int = 0


@dataclass(frozen=True)
class Ecarts:
    """Rows new, changed (``modifiees`` after, ``avant`` before, in the same order), gone; unchanged ones counted.

    ``montrees``: all that shows once they are applied.
    """

    nouvelles: pd.DataFrame
    modifiees: pd.DataFrame
    avant: pd.DataFrame
    retirees: pd.DataFrame
    inchangees: int
    montrees: pd.DataFrame = field(default_factory=pd.DataFrame)

    def bilan(self, lot: int) -> Bilan:
        """The counts, under the number of a lot."""
        return Bilan(lot, len(self.nouvelles), len(self.modifiees), len(self.retirees), self.inchangees)


def compare(
    connexion: Connection,
    table: Table,
    neuf: pd.DataFrame,
    cle: list[str],
    contenu: list[str],
    concernes: Sequence[object] = (),
) -> Ecarts:
    """Current rows of the indicators in ``neuf`` or ``concernes`` against ``neuf``, by key then by content."""
    neuf = _jours(neuf[[*cle, *contenu]], table)
    indicateurs = list({*neuf[cle[0]].unique().tolist(), *concernes})
    requete = select(*(table.c[c] for c in (*cle, *contenu))).where(
        table.c.lot_fin == LOT_OUVERT, table.c[cle[0]].in_(indicateurs)
    )
    ancien = _jours(lis_colonnes(connexion, requete, [*cle, *contenu]), table)
    identites_a, identites_n = _identites(ancien, neuf, cle)
    place = pd.Index(identites_a).get_indexer(pd.Index(identites_n))
    connues = place >= 0
    avant, apres = ancien.iloc[place[connues]], neuf[connues]
    change = ~_identiques(avant, apres, contenu)
    reste = np.ones(len(ancien), dtype=bool)
    reste[place[connues]] = False
    return Ecarts(neuf[~connues], apres[change], avant[change], ancien[reste], int((~change).sum()), neuf)


def applique(connexion: Connection, table: Table, ecarts: Ecarts, cle: list[str], numero: int) -> Bilan:
    """Closes the rows that changed or went, opens the new ones, leaves the others untouched."""
    fermees = [e[cle] for e in (ecarts.avant, ecarts.retirees) if len(e)]
    if fermees:
        ferme(connexion, table, pd.concat(fermees), LOT_OUVERT, numero)
    for ouvertes in (ecarts.nouvelles, ecarts.modifiees):
        insere(connexion, table, ouvertes.assign(lot_debut=numero, lot_fin=LOT_OUVERT))
    return ecarts.bilan(numero)


def _jours(cadre: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The same with every day as ``datetime64[s]``, however the database or the caller writes it."""
    jours = [c for c in cadre.columns if isinstance(table.c[c].type, Date)]
    return cadre.assign(**{c: pd.to_datetime(cadre[c]).astype("datetime64[s]") for c in jours})


def _identites(ancien: pd.DataFrame, neuf: pd.DataFrame, cle: list[str]) -> list[npt.NDArray[np.int64]]:
    """One integer per row of each frame: equal when, and only when, the whole keys are equal."""
    total = np.zeros(len(ancien) + len(neuf), dtype=np.int64)
    for colonne in cle:
        codes, uniques = pd.factorize(np.concatenate([_tableau(ancien[colonne]), _tableau(neuf[colonne])]))
        total = total * (len(uniques) + 1) + codes + 1
    return [total[: len(ancien)], total[len(ancien) :]]


def _tableau(colonne: pd.Series) -> npt.NDArray[np.generic]:
    if pd.api.types.is_datetime64_any_dtype(colonne):
        return colonne.to_numpy().astype(np.int64)
    if pd.api.types.is_integer_dtype(colonne.dtype):
        return colonne.to_numpy(dtype=np.int64)
    return colonne.to_numpy(dtype=object)


def _identiques(avant: pd.DataFrame, apres: pd.DataFrame, contenu: Sequence[str]) -> npt.NDArray[np.bool_]:
    """True where every content column is equal, missing equal to missing."""
    egal = np.ones(len(apres), dtype=bool)
    for colonne in contenu:
        a, b = avant[colonne], apres[colonne]
        manque_a, manque_b = a.isna().to_numpy(), b.isna().to_numpy()
        if pd.api.types.is_float_dtype(b.dtype):
            memes = a.to_numpy(dtype=np.float64, na_value=np.nan) == b.to_numpy(dtype=np.float64, na_value=np.nan)
        else:
            memes = np.asarray(_tableau(a) == _tableau(b), dtype=bool)
        egal &= np.where(manque_a | manque_b, manque_a & manque_b, memes)
    return egal
