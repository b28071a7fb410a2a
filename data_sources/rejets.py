"""Refused cells: line, column, raw value, reason, French message, suggested fix; and the ways to find them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

COLONNES_REJET = ["ligne", "colonne", "valeur", "motif", "message", "suggestion"]
Masque = npt.NDArray[np.bool_]


def refuse(
    table: pd.DataFrame, colonne: str, fautif: Masque | pd.Series, motif: str, message: str, remede: str
) -> pd.DataFrame:
    """One refusal per faulty row. ``message`` may hold the raw value: « {} »."""
    lignes = np.asarray(fautif, dtype=bool)
    fautives = table.loc[lignes, ["ligne", colonne]]
    brutes = [None if pd.isna(v) else _tait(str(v)) for v in fautives[colonne]]
    return pd.DataFrame(
        {
            "ligne": fautives["ligne"].to_numpy(),
            "colonne": colonne,
            "valeur": brutes,
            "motif": motif,
            "message": [message.format(_court(v or "vide")) for v in brutes],
            "suggestion": remede,
        }
    )


def _tait(valeur: str) -> str:
    """The same, unless it is the name of a person, which no column was expected to hold."""
    from data_sources.identifiants import est_personne  # late: it raises what the checks of a lot raise

    return f"{valeur.strip()[0]}… …" if est_personne(valeur) else valeur


def _court(valeur: str) -> str:
    return valeur if len(valeur) <= 60 else f"{valeur[:57]}…"


def joins(rejets: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All refusals by line, once each: a wrong code in a line that gives ten periods is one refusal."""
    pleins = [r for r in rejets if len(r)]
    if not pleins:
        return pd.DataFrame(columns=COLONNES_REJET)
    tous = pd.concat(pleins, ignore_index=True).drop_duplicates(["ligne", "colonne", "valeur", "motif"])
    return tous.sort_values("ligne", kind="stable", ignore_index=True)


def nombres(colonne: pd.Series) -> npt.NDArray[np.float64]:
    """Finite figures; NaN for what is missing or is not a number."""
    if pd.api.types.is_numeric_dtype(colonne) and not pd.api.types.is_bool_dtype(colonne):
        valeurs = np.array(colonne.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
    else:
        valeurs = _lus(colonne)
    valeurs[~np.isfinite(valeurs)] = np.nan
    return valeurs


def _lus(colonne: pd.Series) -> npt.NDArray[np.float64]:
    """Arrow reads a whole clean column at once; one odd cell sends it to pandas, which reads cell by cell."""
    try:
        tableau = pa.array(colonne, type=pa.string(), from_pandas=True)
        return np.array(pc.cast(tableau, pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        lus = pd.to_numeric(colonne.astype("object"), errors="coerce")
        return np.array(lus.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def doublons(table: pd.DataFrame, cle: Sequence[str], contenu: Sequence[str]) -> tuple[Masque, Masque]:
    """(copies of an earlier identical row, rows that contradict another of the same key)."""
    identite = np.zeros(len(table), dtype=np.int64)
    for colonne in cle:
        codes, uniques = _codes(table[colonne])
        identite = identite * (uniques + 1) + codes + 1
    repetees = pd.Series(identite).duplicated(keep=False).to_numpy()
    if not repetees.any():
        return np.zeros(len(table), dtype=bool), repetees
    suspectes = table.loc[repetees, list(contenu)].assign(identite=identite[repetees])
    copies, conflits = np.zeros((2, len(table)), dtype=bool)
    copies[repetees] = suspectes.duplicated(keep="first").to_numpy()
    distinctes = suspectes[~copies[repetees]]
    contredites = distinctes["identite"][distinctes["identite"].duplicated()].unique()
    conflits[repetees] = suspectes["identite"].isin(contredites).to_numpy() & ~copies[repetees]
    return copies, conflits


def _codes(colonne: pd.Series) -> tuple[npt.NDArray[np.int64], int]:
    if isinstance(colonne.dtype, pd.CategoricalDtype):
        return colonne.cat.codes.to_numpy().astype(np.int64), len(colonne.cat.categories)
    codes, uniques = pd.factorize(colonne)
    return codes.astype(np.int64), len(uniques)
