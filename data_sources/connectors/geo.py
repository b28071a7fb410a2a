"""The attributes of a GeoJSON or a GeoPackage, without their shapes. No other GDAL driver may open a delivery."""

from __future__ import annotations

import sqlite3
import warnings
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError

from data_sources.connectors import LivraisonIllisible
from data_sources.connectors.parquet import en_lignes

ABIME = "fichier géographique abîmé. Demander un nouvel envoi."


def lis_geojson(fichier: Path, couche: str | None) -> pd.DataFrame:
    """The properties of each feature, ranked from 1. The prefix keeps other readers of JSON (pipelines) away."""
    return _lis(f"GeoJSON:{fichier.resolve()}", "GeoJSON", couche, DATE_AS_STRING="YES")


def lis_geopackage(fichier: Path, couche: str | None) -> pd.DataFrame:
    """The attributes of one layer (the first by default), ranked from 1."""
    _exige_tables(fichier)
    return _lis(str(fichier.resolve()), "GPKG", couche)


def _lis(adresse: str, pilote: str, couche: str | None, **options: str) -> pd.DataFrame:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # GDAL on the name of the file: its content decides
            return en_lignes(_table(adresse, pilote, couche, options))
    except LivraisonIllisible:
        raise
    except (DataSourceError, DataLayerError, RuntimeError, OSError, ValueError, pa.ArrowException) as erreur:
        raise LivraisonIllisible(ABIME) from erreur


def _table(adresse: str, pilote: str, couche: str | None, options: dict[str, str]) -> pa.Table:
    couches = [str(nom) for nom, _ in pyogrio.list_layers(adresse)]
    if not couches:
        raise LivraisonIllisible("aucune couche. Vérifier que le fichier n'a pas été vidé.")
    if couche is not None and couche not in couches:
        raise LivraisonIllisible(
            f"couche « {couche} » absente. Couches du fichier : {', '.join(f'« {c} »' for c in couches)}. "
            "Corriger lecture.couche dans la source."
        )
    choisie = couche or couches[0]
    if pyogrio.read_info(adresse, layer=choisie)["driver"] != pilote:
        raise LivraisonIllisible(f"le contenu n'est pas du {pilote}. Enregistrer de nouveau le fichier.")
    _, table = pyogrio.read_arrow(adresse, layer=choisie, read_geometry=False, **options)
    return table


def _exige_tables(fichier: Path) -> None:
    """A layer that is a view or a virtual table runs what its author wrote: refused."""
    try:
        base = sqlite3.connect(f"{fichier.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            suspectes = base.execute(
                "SELECT name FROM sqlite_master WHERE (type = 'view' OR sql LIKE 'CREATE VIRTUAL%') "
                "AND name NOT LIKE 'rtree!_%' ESCAPE '!'"
            ).fetchall()
        finally:
            base.close()
    except (sqlite3.Error, ValueError) as erreur:
        raise LivraisonIllisible(ABIME) from erreur
    if suspectes:
        raise LivraisonIllisible(
            f"couche « {suspectes[0][0]} » calculée par une vue, non lue. L'enregistrer comme une table."
        )
