"""Writes deliveries for the tests: one logical table in any format, workbooks with any part replaced."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import xlsxwriter

from dashboard.domain.source import Source
from data_sources.connectors import Acces, Livraison
from data_sources.connectors.fichier import lis

Rangees = Sequence[Sequence[Any]]
ESPACES = " ".join(
    f'xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{p}:1.0"' for p in ("office", "table", "text", "manifest")
)


def source(**champs: Any) -> Source:
    base = {"id": "essai", "nom": "Essai", "licence": "libre", "rythme_mois": 1, "connecteur": "fichier", "url": "*"}
    return Source.model_validate(base | champs)


def livre(fichier: Path, **champs: Any) -> Livraison:
    """What the connector gives for this file, put in by hand."""
    return lis(source(**champs), Acces(fichier.parent, fichier.parent, fichier=fichier))


def lignes(fichier: Path, **champs: Any) -> pd.DataFrame:
    return livre(fichier, **champs).lignes


def cellules(table: pd.DataFrame) -> list[list[Any]]:
    """The cells, None for what is missing."""
    return [[None if pd.isna(c) else c for c in rangee] for rangee in table.astype("object").to_numpy().tolist()]


def texte_csv(rangees: Rangees, separateur: str = ";", **options: Any) -> str:
    flux = io.StringIO()
    csv.writer(flux, delimiter=separateur, **options).writerows(rangees)
    return flux.getvalue()


def ecrit_csv(fichier: Path, rangees: Rangees, separateur: str = ";", encodage: str = "utf-8") -> Path:
    fichier.write_bytes(texte_csv(rangees, separateur).encode(encodage))
    return fichier


def ecrit_xlsx(fichier: Path, feuilles: dict[str, Rangees]) -> Path:
    options = {"default_date_format": "dd/mm/yyyy", "strings_to_formulas": False}
    with xlsxwriter.Workbook(str(fichier), options) as classeur:
        for nom, rangees in feuilles.items():
            feuille = classeur.add_worksheet(nom)
            for i, rangee in enumerate(rangees):
                for j, cellule in enumerate(rangee):
                    if cellule is not None:
                        feuille.write(i, j, cellule)
    return fichier


def ods_contenu(feuilles: dict[str, str]) -> str:
    tables = "".join(f'<table:table table:name="{nom}">{corps}</table:table>' for nom, corps in feuilles.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ESPACES} office:version="1.2"><office:body>'
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )


def ods_rangees(rangees: Rangees) -> str:
    return "".join(f"<table:table-row>{''.join(map(_ods_cellule, rangee))}</table:table-row>" for rangee in rangees)


def _ods_cellule(cellule: Any) -> str:
    if cellule is None:
        return "<table:table-cell/>"
    if isinstance(cellule, (int, float)):
        return f'<table:table-cell office:value-type="float" office:value="{cellule}"/>'
    if hasattr(cellule, "isoformat"):
        return f'<table:table-cell office:value-type="date" office:date-value="{cellule.isoformat()}"/>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(cellule)}</text:p></table:table-cell>'


def ecrit_ods(fichier: Path, feuilles: dict[str, str], manifeste: str = "") -> Path:
    """``feuilles``: the XML of the rows of each sheet."""
    with ZipFile(fichier, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ods_contenu(feuilles))
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {ESPACES}>{manifeste}</manifest:manifest>")
    return fichier


def refait(fichier: Path, parties: dict[str, bytes]) -> Path:
    """The same archive with parts replaced or added."""
    with ZipFile(fichier) as archive:
        toutes = {i.filename: archive.read(i) for i in archive.infolist()} | parties
    with ZipFile(fichier, "w", ZIP_DEFLATED) as archive:
        for nom, contenu in toutes.items():
            archive.writestr(nom, contenu)
    return fichier


def ecrit_parquet(fichier: Path, rangees: Rangees) -> Path:
    pq.write_table(_arrow(rangees), fichier)
    return fichier


def _arrow(rangees: Rangees) -> pa.Table:
    return pa.table([pa.array(c) for c in zip(*rangees[1:], strict=True)], names=list(rangees[0]))


def ecrit_geojson(fichier: Path, rangees: Rangees) -> Path:
    entites = [
        {"type": "Feature", "properties": dict(zip(rangees[0], r, strict=True)),
         "geometry": {"type": "Point", "coordinates": [5.0, 47.0]}}
        for r in rangees[1:]
    ]  # fmt: skip
    fichier.write_text(json.dumps({"type": "FeatureCollection", "features": entites}), encoding="utf-8")
    return fichier


def ecrit_gpkg(fichier: Path, couches: dict[str, Rangees]) -> Path:
    for couche, rangees in couches.items():
        pyogrio.write_arrow(
            _arrow(rangees).append_column("geom", pa.nulls(len(rangees) - 1, pa.binary())), fichier, layer=couche,
            driver="GPKG", geometry_name="geom", geometry_type="Point", crs="EPSG:4326", append=fichier.exists(),
        )  # fmt: skip
    return fichier
