"""A table with the contours of its territories as a GeoPackage (OGC), in EPSG:4326."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pandas as pd
import pyogrio.raw
from pyogrio import get_gdal_config_option, set_gdal_config_options
from shapely import to_wkb
from shapely.geometry import MultiPolygon, shape

DATE = "OGR_CURRENT_DATE"
REPERE = "EPSG:4326"


def en_geopaquet(
    table: pd.DataFrame, code: str, contours: Sequence[Mapping[str, Any]], notice: Mapping[str, str], couche: str
) -> bytes:
    """One layer of the rows of ``table``, one table ``notice``; see :func:`ecris_geopaquet`."""
    with tempfile.TemporaryDirectory() as dossier:
        chemin = Path(dossier) / f"{couche}.gpkg"
        ecris_geopaquet(chemin, {couche: (table, contours)}, code, notice)
        return chemin.read_bytes()


def ecris_geopaquet(
    chemin: Path,
    couches: Mapping[str, tuple[pd.DataFrame, Sequence[Mapping[str, Any]]]],
    code: str,
    notice: Mapping[str, str],
) -> None:
    """One layer a table, one table ``notice``. ``code``: their column of territory codes.

    Beside each table, GeoJSON collections whose features carry ``code``; a territory without contour keeps its row,
    empty. The same arguments give the same bytes.
    """
    meta = {"DESCRIPTION": "\n".join(f"{quoi} : {texte}" for quoi, texte in notice.items())}
    with _UN_A_LA_FOIS:
        avant = get_gdal_config_option(DATE)
        set_gdal_config_options({DATE: "2020-01-01T00:00:00.000Z"})  # instead of now
        try:
            for couche, (table, contours) in couches.items():
                formes = {f["properties"]["code"]: _wkb(f["geometry"]) for c in contours for f in c["features"]}
                geometries = np.array([formes.get(c) for c in table[code]], dtype=object)
                _ecris(chemin, couche, table, geometries, meta)
            lignes = pd.DataFrame({"quoi": list(notice), "texte": list(notice.values())})
            _ecris(chemin, "notice", lignes, None, {})
        finally:
            set_gdal_config_options({DATE: avant})


_UN_A_LA_FOIS = Lock()  # the option belongs to the whole process


def _ecris(chemin: Path, couche: str, table: pd.DataFrame, geometries: Any, meta: dict[str, str]) -> None:
    colonnes = [_colonne(table.iloc[:, rang]) for rang in range(table.shape[1])]
    pyogrio.raw.write(
        chemin,
        geometry=geometries,
        field_data=[valeurs for valeurs, _ in colonnes],
        field_mask=[absents for _, absents in colonnes],
        fields=np.array([str(c) for c in table.columns], dtype=object),
        layer=couche,
        driver="GPKG",
        geometry_type=None if geometries is None else "MultiPolygon",
        crs=None if geometries is None else REPERE,
        append=chemin.exists(),
        layer_metadata=meta or None,
    )


def _colonne(colonne: pd.Series) -> tuple[Any, Any]:
    """Values in a type that the format knows, and which are missing."""
    absents = colonne.isna().to_numpy(bool)
    if pd.api.types.is_datetime64_any_dtype(colonne):
        return colonne.to_numpy().astype("datetime64[D]"), absents
    if pd.api.types.is_integer_dtype(colonne):
        return colonne.fillna(0).to_numpy(dtype=np.int64), absents
    if pd.api.types.is_numeric_dtype(colonne):
        return colonne.to_numpy(dtype=np.float64, na_value=np.nan), absents
    return colonne.astype(object).where(~absents, "").map(str).to_numpy(dtype=object), absents


def _wkb(geometrie: Mapping[str, Any]) -> bytes:
    forme: Any = shape(dict(geometrie))
    return to_wkb(forme if isinstance(forme, MultiPolygon) else MultiPolygon([forme]))
