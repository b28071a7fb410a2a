"""The template of a source as a file to fill: CSV or XLSX, one header, one example row."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import xlsxwriter

from dashboard.domain.modele import Colonne
from dashboard.exports.tableur import en_csv, sans_formule

FIXE = datetime(2020, 1, 1)
"""Written inside the workbook instead of now: the same template is the same file."""


def gabarit_csv(colonnes: Sequence[Colonne]) -> bytes:
    """Semicolons, UTF-8: opens in a French spreadsheet. Figures of the example keep their point."""
    ligne = {c.nom: f"{c.exemple:g}" if isinstance(c.exemple, float) else c.exemple for c in colonnes}
    return en_csv(pd.DataFrame([ligne], columns=list(ligne)))


def gabarit_xlsx(colonnes: Sequence[Colonne]) -> bytes:
    """Codes and periods are text cells (a spreadsheet would drop their zeros); a second sheet says what to write."""
    tampon = io.BytesIO()
    classeur = xlsxwriter.Workbook(tampon, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    classeur.set_properties({"created": FIXE})
    gras, texte = classeur.add_format({"bold": True, "bottom": 1}), classeur.add_format({"num_format": "@"})
    feuille, aide = classeur.add_worksheet("Données"), classeur.add_worksheet("Lisez-moi")
    feuille.freeze_panes(1, 0)
    for rang, colonne in enumerate(colonnes):
        chiffre = isinstance(colonne.exemple, float)
        feuille.set_column(rang, rang, max(14, len(colonne.nom) + 2), None if chiffre else texte)
        feuille.write_string(0, rang, str(sans_formule(colonne.nom)), gras)
        if chiffre:
            feuille.write_number(1, rang, float(colonne.exemple))
        elif colonne.exemple:
            feuille.write_string(1, rang, str(sans_formule(colonne.exemple)), texte)
    lignes = [(c.nom, "oui" if c.obligatoire else "non", c.formes) for c in colonnes]
    for numero, cellules in enumerate([("Colonne", "Obligatoire", "Ce qui peut y être écrit"), *lignes]):
        for rang, cellule in enumerate(cellules):
            aide.write_string(numero, rang, str(sans_formule(cellule)), gras if numero == 0 else None)
    for rang, largeur in enumerate((28, 13, 70)):
        aide.set_column(rang, rang, largeur)
    classeur.close()
    return tampon.getvalue()
