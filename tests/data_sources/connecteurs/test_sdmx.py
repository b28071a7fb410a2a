"""SDMX messages as Insee and Eurostat publish them: one row per observation, as written."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from dashboard.domain.source import Source
from data_sources.connectors import Acces, Livraison, LivraisonIllisible, SourceIndisponible, sdmx
from tests.data_sources.connecteurs.serveur import Rep, Serveur, rep_csv

XML = {"Content-Type": "application/xml;charset=UTF-8"}
BDM = "/series/BDM/V1/data/SERIES_BDM/001515842+001515843"
INSEE = """<?xml version='1.0' encoding='UTF-8'?>
<message:StructureSpecificData
 xmlns:ss="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/structurespecific"
 xmlns:footer="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message/footer"
 xmlns:ns1="urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=FR1:SERIES_BDM(1.0):ObsLevelDim:TIME_PERIOD"
 xmlns:message="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
 xmlns:common="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xml="http://www.w3.org/XML/1998/namespace">
  <message:Header>
    <message:ID>SERIES_BDM_1700000000000</message:ID>
    <message:Test>false</message:Test>
    <message:Prepared>2023-11-15T12:00:00</message:Prepared>
    <message:Sender id="FR1"><common:Name xml:lang="fr">Insee</common:Name></message:Sender>
    <message:Structure structureID="FR1_SERIES_BDM_1_0"
     namespace="urn:sdmx:org.sdmx.infomodel.datastructure.Dataflow=FR1:SERIES_BDM(1.0):ObsLevelDim:TIME_PERIOD"
     dimensionAtObservation="TIME_PERIOD">
      <common:StructureUsage><Ref agencyID="FR1" id="SERIES_BDM" version="1.0"/></common:StructureUsage>
    </message:Structure>
    <message:Source xml:lang="fr">Banque de données macro-économiques</message:Source>
  </message:Header>
  <message:DataSet ss:dataScope="DataStructure" xsi:type="ns1:DataSetType" ss:structureRef="FR1_SERIES_BDM_1_0">
    <Series IDBANK="001515842" FREQ="T" TITLE_FR="Taux de chômage localisé" LAST_UPDATE="2023-11-15"
     UNIT_MEASURE="POURCENT" UNIT_MULT="0" REF_AREA="D21" DECIMALS="1">
      <Obs TIME_PERIOD="2023-Q3" OBS_VALUE="6.10" OBS_STATUS="A" OBS_QUAL="P" OBS_TYPE="A"/>
      <Obs TIME_PERIOD="2023-Q2" OBS_VALUE="NaN" OBS_STATUS="O" OBS_QUAL="DEF" OBS_TYPE="A"/>
      <Obs TIME_PERIOD="2023-Q1" OBS_STATUS="O"/>
    </Series>
    <Series IDBANK="001515843" FREQ="T" TITLE_FR="Taux de chômage localisé" LAST_UPDATE="2023-11-15"
     UNIT_MEASURE="POURCENT" UNIT_MULT="0" REF_AREA="D25" DECIMALS="1" SERIE_ARRETEE="FALSE">
      <Obs TIME_PERIOD="2023-Q3" OBS_VALUE="007" OBS_STATUS="A" OBS_QUAL="P" OBS_TYPE="A"/>
    </Series>
  </message:DataSet>
</message:StructureSpecificData>"""
EUROSTAT = """<?xml version="1.0" encoding="UTF-8"?>
<m:GenericData xmlns:footer="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message/footer"
 xmlns:g="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/data/generic"
 xmlns:s="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/structure"
 xmlns:m="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/message"
 xmlns:c="http://www.sdmx.org/resources/sdmxml/schemas/v2_1/common">
  <m:Header><m:ID>DF1</m:ID><m:Test>false</m:Test><m:Prepared>2026-11-05T11:00:00</m:Prepared><m:Sender id="ESTAT"/>
    <m:Structure structureID="ESTAT_TGS00003_1_0" dimensionAtObservation="TIME_PERIOD"><c:Structure>
      <Ref agencyID="ESTAT" id="TGS00003" version="1.0" class="DataStructure"/></c:Structure></m:Structure>
  </m:Header>
  <m:DataSet action="Replace" setID="DSI" structureRef="ESTAT_TGS00003_1_0">
    <g:Series>
      <g:SeriesKey><g:Value id="freq" value="A"/><g:Value id="unit" value="MIO_EUR"/><g:Value id="geo" value="FRC1"/>
      </g:SeriesKey>
      <g:Obs><g:ObsDimension value="2022"/><g:ObsValue value="50432.1"/>
        <g:Attributes><g:Value id="OBS_FLAG" value="p"/></g:Attributes></g:Obs>
      <g:Obs><g:ObsDimension value="2021"/><g:ObsValue value="48000"/></g:Obs>
    </g:Series>
  </m:DataSet>
</m:GenericData>"""
EUROSTAT_CSV = (
    "DATAFLOW,LAST UPDATE,freq,unit,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG,CONF_STATUS\r\n"
    "ESTAT:TGS00003(1.0),10/02/26 11:00:00,A,MIO_EUR,FRC1,2022,50432.1,p,\r\n"
    "ESTAT:TGS00003(1.0),10/02/26 11:00:00,A,MIO_EUR,FRC2,2022,,,C\r\n"
)


def lis(source: Source, acces: Acces) -> Livraison:
    livraison = sdmx.lis(source, acces)
    assert livraison is not None
    return livraison


def refus(source: Source, acces: Acces) -> str:
    with pytest.raises(LivraisonIllisible) as erreur:
        sdmx.lis(source, acces)
    return str(erreur.value)


def test_insee_series_become_rows_as_written(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(Rep(INSEE, entetes=XML))
    livraison = lis(serveur.source(BDM, "sdmx", parametres={"startPeriod": "2023"}), acces)
    lignes = livraison.lignes
    assert lignes["IDBANK"].tolist() == ["001515842"] * 3 + ["001515843"]
    assert lignes["TIME_PERIOD"].tolist() == ["2023-Q3", "2023-Q2", "2023-Q1", "2023-Q3"]
    assert lignes["OBS_VALUE"].fillna("").tolist() == ["6.10", "", "", "007"]
    assert lignes["OBS_STATUS"].tolist() == ["A", "O", "O", "A"]
    assert lignes["SERIE_ARRETEE"].isna().tolist() == [True, True, True, False]
    assert lignes["TITLE_FR"].iloc[0] == "Taux de chômage localisé"
    assert lignes.index.tolist() == [1, 2, 3, 4]
    assert set(map(str, lignes.dtypes)) == {"str"}
    assert livraison.origine == f"sdmx · {serveur.url}{BDM}"
    assert serveur.demandes[0].parametres == {"startPeriod": "2023"}


def test_the_time_a_message_was_made_is_not_a_change(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(Rep(INSEE, entetes=XML), Rep(INSEE.replace("2023-11-15T12", "2023-11-16T09"), entetes=XML))
    source = serveur.source(BDM, "sdmx")
    assert lis(source, acces).sha256 == lis(source, acces).sha256


def test_eurostat_generic_data_becomes_rows(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(Rep(EUROSTAT, entetes={"Content-Type": "application/vnd.sdmx.genericdata+xml;version=2.1"}))
    lignes = lis(serveur.source("/sdmx/2.1/data/TGS00003", "sdmx"), acces).lignes
    assert lignes["geo"].tolist() == ["FRC1", "FRC1"]
    assert lignes["TIME_PERIOD"].tolist() == ["2022", "2021"]
    assert lignes["OBS_VALUE"].tolist() == ["50432.1", "48000"]
    assert lignes["OBS_FLAG"].fillna("").tolist() == ["p", ""]


@pytest.mark.parametrize("compresse", [False, True])
def test_eurostat_csv_becomes_rows(serveur: Serveur, acces: Acces, compresse: bool) -> None:
    corps = gzip.compress(EUROSTAT_CSV.encode()) if compresse else EUROSTAT_CSV
    serveur.suite(Rep(corps, entetes={"Content-Type": "application/vnd.sdmx.data+csv;version=1.0.0;labels=id"}))
    lignes = lis(serveur.source("/sdmx/2.1/data/TGS00003", "sdmx"), acces).lignes
    assert lignes["OBS_VALUE"].fillna("").tolist() == ["50432.1", ""]
    assert lignes["CONF_STATUS"].fillna("").tolist() == ["", "C"]


def test_dimensions_keep_the_declared_values(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(Rep(INSEE, entetes=XML))
    lignes = lis(serveur.source(BDM, "sdmx", dimensions={"REF_AREA": "D25", "FREQ": "T"}), acces).lignes
    assert lignes["OBS_VALUE"].tolist() == ["007"]
    assert lignes.index.tolist() == [4]
    assert "« GEO » absente. Reçues :" in refus(serveur.source(BDM, "sdmx", dimensions={"GEO": "FR"}), acces)
    assert "sans aucune ligne" in refus(serveur.source(BDM, "sdmx", dimensions={"FREQ": "A"}), acces)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;">]>',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd">',
    ],
)
@pytest.mark.parametrize("encodage", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(serveur: Serveur, acces: Acces, doctype: str, encodage: str) -> None:
    corps = INSEE.replace("'UTF-8'", f"'{encodage}'").replace("<message:Struct", f"{doctype}<message:Struct", 1)
    serveur.suite(Rep(corps.encode(encodage), entetes=XML))
    assert "DOCTYPE" in refus(serveur.source(BDM, "sdmx"), acces)


@pytest.mark.parametrize("coupe", [400, 2_000, len(INSEE) - 60])
def test_a_cut_message_is_told(serveur: Serveur, acces: Acces, coupe: int) -> None:
    serveur.suite(Rep(INSEE[:coupe], entetes=XML))
    assert "illisible" in refus(serveur.source(BDM, "sdmx"), acces) or "XML lisible" in refus(
        serveur.source(BDM, "sdmx"), acces
    )


def test_an_error_told_with_a_code_200_is_told(serveur: Serveur, acces: Acces) -> None:
    faute = (
        '<S:Fault xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>150</faultcode>'
        "<faultstring>INVALID_QUERY</faultstring></S:Fault>"
    )
    serveur.suite(Rep(faute, entetes=XML))
    phrase = refus(serveur.source(BDM, "sdmx"), acces)
    assert "message « Fault » au lieu de données SDMX 2.1 (150 INVALID_QUERY)" in phrase


def test_a_request_too_large_says_so(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(Rep(b"<S/>", 413, XML))
    with pytest.raises(SourceIndisponible, match=r"413.*rop grande, ou mise en attente"):
        sdmx.lis(serveur.source(BDM, "sdmx"), acces)


def test_a_page_for_people_is_not_data(serveur: Serveur, acces: Acces) -> None:
    serveur.suite(Rep("<html><body>Maintenance</body></html>", entetes={"Content-Type": "text/html"}))
    assert "une page HTML au lieu de XML" in refus(serveur.source(BDM, "sdmx"), acces)


def test_what_did_not_change_is_not_read(serveur: Serveur, acces: Acces) -> None:
    serveur.repond = lambda d: Rep(code=304) if "If-None-Match" in d.entetes else rep_csv(EUROSTAT_CSV, ETag='"a"')
    source = serveur.source(BDM, "sdmx")
    connus = lis(source, acces).validateurs
    assert sdmx.lis(source, Acces(Path(), Path(), validateurs=connus)) is None


def test_the_heavy_library_waits_until_it_is_needed() -> None:
    assert "import sdmx" not in Path(sdmx.__file__ or "").read_text("utf-8").split("def lis(")[0]
