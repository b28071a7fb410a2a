"""Tables as files for a spreadsheet: nothing that came from outside can become a formula there."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

NOTICE, A_LIRE = "Notice", "À lire"
"""The sheet that says what a file is: after its only table, or before several."""
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
    with _classeur() as (classeur, tampon):
        gras = _gras(classeur)
        _table(classeur, feuille, cadre, gras)
        _notice(classeur, NOTICE, notice, gras)
    return tampon.getvalue()


def en_classeur(feuilles: Mapping[str, pd.DataFrame], notice: Mapping[str, str], titre: str) -> bytes:
    """A workbook of several tables, by name of sheet; the first sheet says what they are. ``titre``: its first line.

    A name of sheet has 31 characters at most, none of ``[]:*?/\\`` (xlsxwriter refuses it otherwise).
    """
    with _classeur() as (classeur, tampon):
        gras = _gras(classeur)
        _notice(classeur, A_LIRE, {"Titre": titre} | dict(notice), gras)
        for nom, cadre in feuilles.items():
            _table(classeur, nom, cadre, gras)
    return tampon.getvalue()


@contextmanager
def _classeur() -> Iterator[tuple[xlsxwriter.Workbook, io.BytesIO]]:
    """A workbook in memory, whole once the block is left."""
    tampon = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": True,
               "default_date_format": "yyyy-mm-dd"}  # fmt: skip
    classeur = xlsxwriter.Workbook(tampon, options)
    classeur.set_properties({"created": FIXE})
    yield classeur, tampon
    classeur.close()


def _gras(classeur: xlsxwriter.Workbook) -> Format:
    return classeur.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})


def _table(classeur: xlsxwriter.Workbook, nom: str, cadre: pd.DataFrame, gras: Format) -> None:
    sur, feuille = inoffensif(cadre), classeur.add_worksheet(nom)
    feuille.freeze_panes(1, 0)
    for rang, titre in enumerate(sur.columns):
        colonne = sur.iloc[:, rang]
        feuille.write_string(0, rang, str(titre), gras)
        feuille.set_column(rang, rang, max(10, min(40, len(str(titre)) + 2)))
        ecris = _ecrivain(feuille, colonne)
        for ligne, valeur in enumerate(colonne.astype(object).where(colonne.notna(), "").tolist(), start=1):
            if valeur != "":
                ecris(ligne, rang, valeur)


def _ecrivain(feuille: Worksheet, colonne: pd.Series) -> Callable[[int, int, Any], object]:
    """How a column is written: its type is asked once, not that of each cell, which takes as long as writing it."""
    if pd.api.types.is_datetime64_any_dtype(colonne):
        return lambda ligne, rang, jour: feuille.write_datetime(ligne, rang, jour.to_pydatetime())
    nombres = pd.api.types.is_numeric_dtype(colonne) and not pd.api.types.is_bool_dtype(colonne)
    ecris: Callable[[int, int, Any], object] = feuille.write_number if nombres else feuille.write
    return ecris


def _notice(classeur: xlsxwriter.Workbook, nom: str, notice: Mapping[str, str], gras: Format) -> None:
    feuille, long = classeur.add_worksheet(nom), classeur.add_format({"text_wrap": True, "valign": "top"})
    for ligne, (quoi, texte) in enumerate(notice.items()):
        feuille.write_string(ligne, 0, str(sans_formule(quoi)), gras)
        feuille.write_string(ligne, 1, str(sans_formule(texte)), long)
    feuille.set_column(0, 0, 24)
    feuille.set_column(1, 1, 100)
