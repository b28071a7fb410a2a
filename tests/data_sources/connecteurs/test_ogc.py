"""Layers of geographic services, from a real OGC API server and from WFS answers as servers write them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.domain.source import Source
from data_sources.connectors import Acces, Livraison, LivraisonIllisible, SourceIndisponible, ogc
from tests.data_sources.connecteurs.geoservice import ENTITES, pygeoapi
from tests.data_sources.connecteurs.serveur import Demande, Rep, Serveur, rep_json, source


@pytest.fixture(scope="module")
def geoservice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with pygeoapi(tmp_path_factory.mktemp("geoservice")) as hote:
        yield hote


def lis(source: Source, acces: Acces) -> Livraison:
    livraison = ogc.lis(source, acces)
    assert livraison is not None
    return livraison


def refus(source: Source, acces: Acces) -> str:
    with pytest.raises(LivraisonIllisible) as erreur:
        ogc.lis(source, acces)
    return str(erreur.value)


@pytest.mark.parametrize("chemin", ["", "/", "/collections", "/collections/zones", "/collections/zones/items"])
def test_a_real_service_is_read_to_the_last_page(geoservice: str, acces: Acces, chemin: str) -> None:
    livraison = lis(source(f"http://{geoservice}{chemin}", "ogc", hotes=(geoservice,), couche="zones"), acces)
    lignes = livraison.lignes
    assert lignes["id"].tolist() == [e["id"] for e in ENTITES]
    assert lignes["surface"].tolist() == [e["properties"]["surface"] for e in ENTITES]
    assert lignes["date"].iloc[0] == "2026-01-01"
    assert lignes["longitude"].tolist()[:2] == [5.01, 5.02]
    assert lignes["latitude"].isna().sum() == 2
    assert lignes.index.name == "ligne"
    assert livraison.origine == f"ogc · http://{geoservice}/collections/zones/items · zones"


def test_a_real_service_filters_with_the_declared_parameters(geoservice: str, acces: Acces) -> None:
    filtree = source(
        f"http://{geoservice}", "ogc", hotes=(geoservice,), couche="zones", parametres={"nom": "Zone 7"}
    )  # fmt: skip
    assert lis(filtree, acces).lignes["nom"].tolist() == ["Zone 7"]


def test_a_real_service_without_the_collection_says_so(geoservice: str, acces: Acces) -> None:
    with pytest.raises(SourceIndisponible, match=r"/collections/absente/items a répondu 404"):
        ogc.lis(source(f"http://{geoservice}", "ogc", hotes=(geoservice,), couche="absente"), acces)


def test_a_real_service_that_the_record_does_not_name_is_not_asked(geoservice: str, acces: Acces) -> None:
    assert "adresse interne" in refus(source(f"http://{geoservice}", "ogc", couche="zones"), acces)


def zone(rang: int, **autres: Any) -> dict[str, Any]:
    carre = [[5, 47], [5.2, 47], [5.2, 47.2], [5, 47.2], [5, 47]]
    geometrie = {"type": "Polygon", "coordinates": [carre]}
    return {
        "type": "Feature",
        "id": f"zones.{rang}",
        "geometry": geometrie,
        "properties": {"code": f"{rang:05d}"},
    } | autres


def wfs(entites: list[dict[str, Any]], maximum: int = 10, **collection: Any) -> Callable[[Demande], Rep]:
    """As GeoServer answers: startIndex, count, numberMatched; at most ``maximum`` features."""

    def repond(demande: Demande) -> Rep:
        p = demande.parametres
        assert (p["service"], p["version"], p["request"], p["typeNames"]) == ("WFS", "2.0.0", "GetFeature", "ms:zones")
        debut, nombre = int(p["startIndex"]), min(int(p["count"]), maximum)
        page = entites[debut : debut + nombre]
        compte = {"numberMatched": len(entites), "numberReturned": len(page), "totalFeatures": len(entites)}
        return rep_json({"type": "FeatureCollection", "features": page, **compte, **collection})

    return repond


def test_wfs_pages_are_read_whatever_the_address_says(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = wfs([zone(r) for r in range(1, 26)])
    chemin = "/geoserver/ows?SERVICE=WFS&REQUEST=GetCapabilities&carte=a"
    lignes = lis(serveur.source(chemin, "ogc", couche="ms:zones"), acces).lignes
    assert lignes["code"].tolist() == [f"{r:05d}" for r in range(1, 26)]
    assert lignes["longitude"].iloc[0] == pytest.approx(5.1)
    assert [d.parametres["startIndex"] for d in serveur.demandes] == ["0", "10", "20"]
    assert serveur.demandes[0].parametres["carte"] == "a"
    assert "REQUEST" not in serveur.demandes[0].parametres


def test_a_service_that_does_not_count_is_read_until_an_empty_page(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = wfs([zone(r) for r in range(1, 26)], numberMatched="unknown")
    assert len(lis(serveur.source("/wfs", "ogc", couche="ms:zones"), acces).lignes) == 25
    assert len(serveur.demandes) == 4


def test_a_projected_layer_comes_in_degrees(serveur: Serveur, acces: Acces) -> None:
    point = {"geometry": {"type": "Point", "coordinates": [853_500.0, 6_692_300.0]}}
    lambert = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}}
    serveur.repond = wfs([zone(1, **point)], crs=lambert)
    lignes = lis(serveur.source("/wfs", "ogc", couche="ms:zones"), acces).lignes
    assert lignes["longitude"].iloc[0] == pytest.approx(5.03, abs=0.02)
    assert lignes["latitude"].iloc[0] == pytest.approx(47.32, abs=0.02)


def test_projected_coordinates_that_do_not_say_so_are_refused(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = wfs([zone(1, geometry={"type": "Point", "coordinates": [853_500.0, 6_692_300.0]})])
    assert "coordonnées (853500, 6692300)" in refus(serveur.source("/wfs", "ogc", couche="ms:zones"), acces)


def test_a_layer_without_shape_has_no_coordinates(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = wfs([zone(1, geometry=None), zone(2, geometry=None)])
    lignes = lis(serveur.source("/wfs", "ogc", couche="ms:zones"), acces).lignes
    assert lignes.columns.tolist() == ["id", "code"]


GML = """<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"
 xmlns:ms="http://mapserver.gis.umn.edu/mapserver" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://mapserver.gis.umn.edu/mapserver http://{hote}/schema?SERVICE=WFS&amp;REQUEST=DescribeFeatureType"
 timeStamp="2026-01-01T00:00:00" numberMatched="{total}" numberReturned="{recues}">{membres}</wfs:FeatureCollection>"""
MEMBRE = """<wfs:member><ms:zones gml:id="zones.{rang}">
<ms:geom><gml:Polygon gml:id="p{rang}" srsName="urn:ogc:def:crs:EPSG::4326"><gml:exterior><gml:LinearRing>
<gml:posList>47.0 5.0 47.0 5.2 47.2 5.2 47.2 5.0 47.0 5.0</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>
</ms:geom><ms:code>{rang:05d}</ms:code><ms:surface>12.50</ms:surface></ms:zones></wfs:member>"""


def gml(serveur: Serveur, nombre: int, total: str | None = None) -> Callable[[Demande], Rep]:
    """As MapServer answers: two features a page; a schema address that nobody should ask for."""

    def repond(demande: Demande) -> Rep:
        debut = int(demande.parametres["startIndex"])
        rangs = range(debut + 1, min(debut + 2, nombre) + 1)
        membres = "".join(MEMBRE.format(rang=r) for r in rangs)
        corps = GML.format(hote=serveur.hote, total=total or nombre, recues=len(rangs), membres=membres)
        return Rep(corps, entetes={"Content-Type": "application/gml+xml; version=3.2"})

    return repond


VRT = '<OGRVRTDataSource><OGRVRTLayer name="mesure"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


@pytest.mark.parametrize(
    "gabarit", ['<FeatureCollection numberMatched="2"/>{}', "<FeatureCollection>{}</FeatureCollection>"]
)
def test_a_document_that_sends_elsewhere_is_refused(
    serveur: Serveur, acces: Acces, gabarit: str, tmp_path: Path
) -> None:
    """A second root, or one hidden inside, would make GDAL open a file of ours or another host."""
    (tmp_path / "secret.csv").write_text("secret\n42\n", encoding="utf-8")
    corps = gabarit.format(VRT.format(tmp_path / "secret.csv"))
    serveur.repond = lambda _: Rep(corps, entetes={"Content-Type": "application/gml+xml"})
    couche = serveur.source("/wfs", "ogc", couche="ms:zones")
    assert "secret" not in refus(couche, acces)


def test_gdal_has_no_driver_that_opens_another_address() -> None:
    import pyogrio

    assert not {"OGR_VRT", "GDALG", "WFS", "OAPIF", "HTTP"} & set(pyogrio.list_drivers())
    assert {"GML", "GeoJSON", "GPKG"} <= set(pyogrio.list_drivers())


@pytest.mark.parametrize("total", [None, "unknown"])
def test_gml_is_read_as_text_with_its_axes_in_order(serveur: Serveur, acces: Acces, total: str | None) -> None:
    serveur.repond = gml(serveur, 5, total)
    couche = serveur.source(
        "/wfs", "ogc", couche="ms:zones", parametres={"OUTPUTFORMAT": "application/gml+xml; version=3.2"}
    )
    lignes = lis(couche, acces).lignes
    assert lignes["code"].tolist() == ["00001", "00002", "00003", "00004", "00005"]
    assert lignes["surface"].tolist() == ["12.50"] * 5
    assert (lignes["longitude"].iloc[0], lignes["latitude"].iloc[0]) == (pytest.approx(5.1), pytest.approx(47.1))
    assert "outputFormat" not in serveur.demandes[0].parametres
    assert {d.chemin for d in serveur.demandes} == {"/wfs"}  # the schema was not downloaded


def test_an_exception_of_the_service_is_told(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(
        Rep(
            '<?xml version="1.0"?><ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows/1.1" version="2.0.0">'
            '<ows:Exception exceptionCode="InvalidParameterValue"><ows:ExceptionText>Feature type absente unknown'
            "</ows:ExceptionText></ows:Exception></ows:ExceptionReport>",
            entetes={"Content-Type": "application/xml"},
        )
    )
    phrase = refus(serveur.source("/wfs", "ogc", couche="absente"), acces)
    assert "« ExceptionReport » au lieu d'entités (Feature type absente unknown)" in phrase


def test_a_document_type_is_refused(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(Rep('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'))
    assert "DOCTYPE" in refus(serveur.source("/wfs", "ogc", couche="ms:zones"), acces)


@pytest.mark.parametrize("corps", ["<wfs:FeatureCollection", "<FeatureCollection/>", "n'importe quoi"])
def test_a_broken_gml_is_told(serveur: Serveur, acces: Acces, corps: str) -> None:
    serveur.suite(Rep(corps))
    assert "lisible" in refus(serveur.source("/wfs", "ogc", couche="ms:zones"), acces)


@pytest.mark.parametrize(
    ("geometrie", "phrase"),
    [({"type": "Rond"}, "géométrie est illisible"), ({"coordinates": [1, 2]}, "géométrie est illisible"),
     ({"type": "Point", "coordinates": ["a"]}, "géométrie est illisible")],
)  # fmt: skip
def test_a_broken_shape_is_told(serveur: Serveur, acces: Acces, geometrie: Any, phrase: str) -> None:
    serveur.repond = wfs([zone(1, geometry=geometrie)])
    assert phrase in refus(serveur.source("/wfs", "ogc", couche="ms:zones"), acces)


def test_a_feature_received_twice_tells_of_an_absent_order(serveur: Serveur, acces: Acces) -> None:
    desordre = [zone(r) for r in (*range(1, 11), 9, *range(12, 20))]
    serveur.repond = wfs(desordre)
    phrase = refus(serveur.source("/wfs", "ogc", couche="ms:zones"), acces)
    assert "« zones.9 » est reçue deux fois" in phrase
    assert "sortBy" in phrase


def test_a_service_that_ignores_the_page_is_told(serveur: Serveur, acces: Acces) -> None:
    page = [zone(r) for r in range(1, 11)]
    serveur.suite(rep_json({"type": "FeatureCollection", "features": page, "numberMatched": 25}))
    assert "répète une page" in refus(serveur.source("/wfs", "ogc", couche="ms:zones"), acces)


def test_fewer_features_than_announced_is_a_partial_delivery(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = wfs([zone(r) for r in range(1, 6)], numberMatched=7)
    assert "5 lignes reçues, 7 annoncées" in refus(serveur.source("/wfs", "ogc", couche="ms:zones"), acces)


def test_what_is_not_a_collection_is_told(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(rep_json({"code": "NotFound", "description": "…"}))
    assert "Clés reçues : « code », « description »" in refus(serveur.source("", "ogc", couche="zones"), acces)


def test_no_feature_where_some_are_expected_is_told(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = gml(serveur, 0)
    assert "sans aucune ligne" in refus(serveur.source("/wfs", "ogc", couche="ms:zones"), acces)


def test_the_layer_is_asked_for(serveur: Serveur, acces: Acces) -> None:
    assert "lecture.couche absente" in refus(serveur.source("/wfs", "ogc"), acces)


def test_a_next_page_elsewhere_is_refused(serveur: Serveur, acces: Acces) -> None:
    liens = [{"rel": "next", "href": "https://ailleurs.exemple.fr/p2"}]
    serveur.suite(rep_json({"type": "FeatureCollection", "features": [zone(1)], "links": liens}))
    assert "autre hôte, « ailleurs.exemple.fr »" in refus(serveur.source("", "ogc", couche="zones"), acces)


def test_a_next_link_that_forgets_the_format_still_gives_json(serveur: Serveur, acces: Acces) -> None:
    def repond(demande: Demande) -> Rep:
        if demande.parametres.get("f") != "json":
            return Rep("<html></html>", entetes={"Content-Type": "text/html"})
        premiere = "offset" not in demande.parametres
        liens = [{"rel": "next", "href": "?offset=1"}] if premiere else []
        return rep_json({"type": "FeatureCollection", "features": [zone(1 if premiere else 2)], "links": liens})

    serveur.repond = repond
    assert len(lis(serveur.source("", "ogc", couche="zones"), acces).lignes) == 2


def test_what_did_not_change_is_not_read(serveur: Serveur, acces: Acces) -> None:
    page = json.dumps({"type": "FeatureCollection", "features": [zone(1)], "numberMatched": 1})
    serveur.repond = lambda d: (
        Rep(code=304)
        if "If-None-Match" in d.entetes
        else Rep(page, entetes={"ETag": '"a"', "Content-Type": "application/json"})
    )
    couche = serveur.source("/wfs", "ogc", couche="ms:zones")
    connus = lis(couche, acces).validateurs
    assert ogc.lis(couche, Acces(Path(), Path(), validateurs=connus)) is None
