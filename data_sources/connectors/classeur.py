"""One sheet of a workbook (XLSX, ODS): cells keep the type they have, a formula gives its computed value."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from dashboard.domain.source import Source
from data_sources.connectors import LivraisonIllisible
from data_sources.connectors.entete import (
    RANGEES_LUES,
    acheve,
    en_date,
    noms_uniques,
    rang_entete,
    refuse_identifiants,
    verifie_dessus,
)
from data_sources.connectors.gardes import ARCHIVE_ABIMEE, verifie_archive, verifie_xml

ODS = b"application/vnd.oasis.opendocument.spreadsheet"


def lis_classeur(fichier: Path, source: Source) -> pd.DataFrame:
    """The rows of the declared sheet, else of the first visible one that is not empty; indexed by sheet row."""
    verifie_classeur(fichier)
    rangees = _rangees(fichier, source.lecture.feuille)
    rang = rang_entete(rangees[:RANGEES_LUES], source)
    verifie_dessus(enumerate(rangees[:rang], start=1))
    noms = noms_uniques(rangees[rang])
    corps = rangees[rang + 1 :]
    colonnes = {nom: _colonne([rangee[i] for rangee in corps]) for i, nom in enumerate(noms)}
    table = pd.DataFrame(colonnes, columns=noms)
    table.index = pd.RangeIndex(rang + 2, len(rangees) + 1)
    return acheve(table, rangees[rang])


def _colonne(cellules: list[Any]) -> pd.Series:
    """Text, numbers or dates when all are; else each cell as it is."""
    valeurs = [None if c == "" else en_date(c) for c in cellules]
    if all(v is None or isinstance(v, str) for v in valeurs):
        return pd.Series(valeurs, dtype="str")
    return pd.Series(valeurs, dtype=object).infer_objects()


def verifie_classeur(fichier: Path) -> None:
    """Raises :class:`LivraisonIllisible` when the archive is not a workbook that may be opened."""
    try:
        with ZipFile(fichier) as archive:
            verifie_archive(archive)
            _exige_classeur(archive)
            verifie_xml(archive)
    except LivraisonIllisible:
        raise
    except (BadZipFile, NotImplementedError, OSError, EOFError, ValueError, zlib.error) as erreur:
        raise LivraisonIllisible(ARCHIVE_ABIMEE) from erreur


def _exige_classeur(archive: ZipFile) -> None:
    noms = set(archive.namelist())
    if "xl/workbook.bin" in noms:
        raise LivraisonIllisible("classeur binaire (.xlsb), non lu. L'enregistrer en .xlsx.")
    ods = "mimetype" in noms and archive.read("mimetype").strip() == ODS
    if "xl/workbook.xml" not in noms and not ods:
        raise LivraisonIllisible("archive ZIP, non lue. Déposer le fichier qu'elle contient.")


def _rangees(fichier: Path, feuille: str | None) -> list[list[Any]]:
    """Every row of the sheet from its first one. Macros are never read: only cells are."""
    try:
        with CalamineWorkbook.from_path(str(fichier)) as classeur:
            return _feuille(classeur, feuille)
    except LivraisonIllisible:
        raise
    except (CalamineError, ValueError, OSError) as erreur:
        raise LivraisonIllisible(ARCHIVE_ABIMEE) from erreur
    except BaseException as erreur:
        if type(erreur).__name__ != "PanicException":
            raise
        raise LivraisonIllisible(ARCHIVE_ABIMEE) from erreur


def _verifie_autres(classeur: CalamineWorkbook, noms: list[str]) -> None:
    """The sheets that are not read, hidden ones too: they are kept with the file."""
    from data_sources.identifiants import nom_tu

    for nom in noms:
        rangees = classeur.get_sheet_by_name(nom).to_python(skip_empty_area=False)
        if rangees:
            table = pd.DataFrame(rangees[1:], columns=noms_uniques(rangees[0]), dtype=object)
            refuse_identifiants(table.set_axis(pd.RangeIndex(2, len(rangees) + 1)), f"Feuille « {nom_tu(nom)} », ")


def _feuille(classeur: CalamineWorkbook, feuille: str | None) -> list[list[Any]]:
    calculs = [f for f in classeur.sheets_metadata if f.typ == SheetTypeEnum.WorkSheet]
    noms = [f.name for f in calculs]
    if feuille is not None and feuille not in noms:
        raise LivraisonIllisible(
            f"feuille « {feuille} » absente. Feuilles du classeur : {', '.join(f'« {n} »' for n in noms)}. "
            "Corriger lecture.feuille dans la source, ou renommer la feuille."
        )
    visibles = [f.name for f in calculs if f.visible == SheetVisibleEnum.Visible]
    for nom in [feuille] if feuille is not None else visibles:
        rangees = classeur.get_sheet_by_name(nom).to_python(skip_empty_area=False)
        if rangees:
            _verifie_autres(classeur, [f.name for f in calculs if f.name != nom])
            return rangees
    raise LivraisonIllisible("classeur sans aucune cellule remplie. Vérifier que la bonne feuille a été envoyée.")
