"""Tables as files for a spreadsheet: nothing that came from outside can become a formula there."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import datetime

import pandas as pd
import xlsxwriter

FIXE = datetime(2020, 1, 1)
"""Written inside a workbook instead of now: the same table is the same file."""

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


def en_xlsx(cadre: pd.DataFrame, notice: Mapping[str, str], feuille: str = "Données") -> bytes:
    """A workbook: the table, its dates as dates and its figures as figures, then a sheet that says what it is."""
    tampon, sur = io.BytesIO(), inoffensif(cadre)
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True,
               "default_date_format": "yyyy-mm-dd"}  # fmt: skip
    classeur = xlsxwriter.Workbook(tampon, options)
    classeur.set_properties({"created": FIXE})
    gras = classeur.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    table, aide = classeur.add_worksheet(feuille), classeur.add_worksheet("Notice")
    table.freeze_panes(1, 0)
    for rang, nom in enumerate(sur.columns):
        colonne = sur.iloc[:, rang]
        table.write_string(0, rang, str(nom), gras)
        table.set_column(rang, rang, max(10, min(40, len(str(nom)) + 2)))
        dates = pd.api.types.is_datetime64_any_dtype(colonne)
        for ligne, valeur in enumerate(colonne, start=1):
            if pd.notna(valeur) and valeur != "":
                table.write(ligne, rang, valeur.to_pydatetime() if dates else valeur)
    for ligne, (quoi, texte) in enumerate(notice.items()):
        aide.write_string(ligne, 0, str(sans_formule(quoi)), gras)
        aide.write_string(ligne, 1, str(sans_formule(texte)))
    aide.set_column(0, 0, 24)
    aide.set_column(1, 1, 100)
    classeur.close()
    return tampon.getvalue()
