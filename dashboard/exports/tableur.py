"""Tables as files for a spreadsheet: nothing that came from outside can become a formula there."""

from __future__ import annotations

import csv

import pandas as pd

DECLENCHEURS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""First characters that a spreadsheet takes for a formula, or skips to find one."""


def sans_formule(cellule: object) -> object:
    """A text that a spreadsheet would run gets a leading apostrophe; numbers, dates and missing cells pass."""
    if not isinstance(cellule, str):
        return cellule
    texte = cellule.replace("\r", " ")  # alone, it starts a row for a spreadsheet and not for Python
    return f"'{texte}" if cellule.startswith(DECLENCHEURS) else texte


def inoffensif(cadre: pd.DataFrame) -> pd.DataFrame:
    """The same table whose texts, headers included, are only text."""
    sur = cadre.rename(columns=lambda c: sans_formule(str(c)))
    for rang in range(sur.shape[1]):
        colonne = sur.iloc[:, rang]
        if not (pd.api.types.is_numeric_dtype(colonne) or pd.api.types.is_datetime64_any_dtype(colonne)):
            sur.isetitem(rang, colonne.astype(object).map(sans_formule, na_action="ignore").to_numpy(dtype=object))
    return sur


def en_csv(cadre: pd.DataFrame) -> bytes:
    """A CSV that French spreadsheets open as it is: semicolons, decimal commas, UTF-8 with its mark."""
    sur = inoffensif(cadre)
    return sur.to_csv(index=False, sep=";", decimal=",", quoting=csv.QUOTE_NONNUMERIC).encode("utf-8-sig")
