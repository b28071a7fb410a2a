"""Geographic features as rows: their attributes, and one point that stands for the shape.

``longitude``, ``latitude``: degrees (EPSG:4326, 6 decimals: 0.1 m) of a point inside the shape; missing without shape.
GeoJSON is read as any JSON, so that a code, a date or a number stays what the service wrote.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any

import shapely
from shapely.geometry import shape

from data_sources.connectors.client import Client, Reponse, publique
from data_sources.connectors.enregistrements import Ligne, suis_chemin

LON, LAT = "longitude", "latitude"
DEGRES = ("CRS84", "4326")
DETOURNEMENTS = (b"<OGR", b"<VRT", b"<GDAL", b"WFS_CAPABILITIES")
"""Documents that send GDAL elsewhere: other files, other hosts."""
TEXTES_SEULS = {"GML_FIELDTYPES": "ALWAYS_STRING"}  # GDAL would take the code 01004 for the number 1004


def lis_geojson(client: Client, document: Any) -> list[Ligne]:
    """The features of a collection. Raises :class:`LivraisonIllisible`."""
    entites = document.get("features") if isinstance(document, dict) else None
    if not isinstance(entites, list) or not all(isinstance(e, dict) for e in entites):
        cles = ", ".join(f"« {c} »" for c in list(document)[:12]) if isinstance(document, dict) else "aucune"
        raise client.refus(
            f"la réponse n'est pas une collection d'entités GeoJSON. Clés reçues : {cles}. "
            "Vérifier url et lecture.couche."
        )
    try:
        points = [_interieur(entite.get("geometry")) for entite in entites]
        points = _en_degres(points, suis_chemin(document, "crs.properties.name"))
    except (ValueError, TypeError, LookupError, AttributeError, RuntimeError, shapely.errors.ShapelyError) as erreur:
        raise client.refus(
            f"une géométrie est illisible ({str(erreur)[:120]}). Prévenir le producteur, ou demander la couche "
            "sans géométrie."
        ) from erreur
    return _avec_points(client, [_attributs(entite) for entite in entites], points)


def _attributs(entite: Mapping[str, Any]) -> Ligne:
    """Properties, and the identifier of the feature where no property has its name."""
    identifiant = {"id": entite["id"]} if entite.get("id") is not None else {}
    return {**identifiant, **(entite.get("properties") or {})}


def _interieur(geometrie: dict[str, Any] | None) -> shapely.Point | None:
    if not geometrie:
        return None
    point = shape(geometrie).representative_point()
    return None if point.is_empty else point


def _en_degres(points: list[shapely.Point | None], systeme: Any) -> list[shapely.Point | None]:
    """GeoJSON is in degrees unless it says otherwise, as servers do for a national projection (EPSG:2154)."""
    if systeme is None or str(systeme).endswith(DEGRES):
        return points
    from pyproj import Transformer

    projette = Transformer.from_crs(str(systeme), "EPSG:4326", always_xy=True).transform
    return [shapely.Point(*projette(p.x, p.y)) if p else None for p in points]


def _avec_points(client: Client, lignes: list[Ligne], points: Iterable[shapely.Point | None]) -> list[Ligne]:
    for ligne, point in zip(lignes, points, strict=True):
        if point is not None and not (-180 <= point.x <= 180 and -90 <= point.y <= 90):
            raise client.refus(
                f"coordonnées ({point.x:.0f}, {point.y:.0f}) hors des degrés de longitude et de latitude. "
                "Ajouter srsName: EPSG:4326 (WFS) ou crs (OGC API) à lecture.parametres."
            )
        ligne[LON] = None if point is None else round(point.x, 6)
        ligne[LAT] = None if point is None else round(point.y, 6)
    return lignes


def lis_gml(client: Client, reponse: Reponse) -> list[Ligne]:
    """The features of a GML collection, every attribute as text; axes in the order its system says.

    The schema that the document names is not downloaded. Raises :class:`LivraisonIllisible`.
    """
    import pyogrio

    if any(nom in reponse.octets.replace(b"\0", b"").upper() for nom in DETOURNEMENTS):
        raise client.refus(f"le GML de {publique(reponse.url)} désigne une autre source de données : il n'est pas lu.")
    pyogrio.set_gdal_config_options(TEXTES_SEULS)
    try:
        table = pyogrio.read_dataframe(io.BytesIO(reponse.octets), DOWNLOAD_SCHEMA="NO")
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.GeometryError,
            ValueError) as erreur:  # fmt: skip
        raise client.refus(
            f"le GML de {publique(reponse.url)} est illisible. Demander outputFormat: application/json dans "
            "lecture.parametres, ou prévenir le producteur."
        ) from erreur
    attributs = table.drop(columns="geometry", errors="ignore").astype(object)
    lignes = attributs.mask(attributs.isna(), None).to_dict("records")
    if "geometry" not in table:
        return _avec_points(client, lignes, [None] * len(lignes))
    points = table.geometry.representative_point()
    points = points.to_crs("EPSG:4326") if points.crs else points
    return _avec_points(client, lignes, [None if p is None or p.is_empty else p for p in points])
