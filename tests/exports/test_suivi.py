"""Files of the Suivi page: the rows on screen and nothing else, the same bytes twice, no formula, contours at home."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pandas as pd
import pyogrio
import pytest

from dashboard.domain.indicateur import Espace
from dashboard.domain.suivi import Choix, filtre
from dashboard.exports.geopaquet import en_geopaquet
from dashboard.exports.suivi import filtres_en_mots, notice, tableau
from dashboard.exports.tableur import en_csv, en_xlsx
from tests.domain.test_suivi import HAUTES, espace, lignes  # noqa: F401

ARRETE = date(2026, 11, 23)


@pytest.fixture
def table(espace: Espace) -> pd.DataFrame:  # noqa: F811
    return tableau(filtre(lignes(espace), Choix(HAUTES)), espace, ARRETE, {})


@pytest.fixture
def dit(espace: Espace, table: pd.DataFrame) -> dict[str, str]:  # noqa: F811
    choix = Choix(HAUTES, statuts=("en_retard",), cherche="=1+1")
    return notice(table, filtres_en_mots(choix, espace, {}), espace, "Essai", ARRETE)


def test_rows_and_order_are_those_of_the_screen(table: pd.DataFrame) -> None:
    assert list(table["Code du territoire"])[:3] == ["DEP-98", "REG-99", "DEP-99"]
    assert table.loc[0, ["Statut", "Valeur", "Cible", "Avancement (%)"]].tolist() == ["en retard", 5.0, 100.0, 5.0]
    assert table.loc[0, "Échéance"] == pd.Timestamp(2030, 12, 31)
    assert table.loc[6, "Motif"] == "aucun indicateur ne le mesure encore"


def test_the_notice_says_filters_date_sources_and_licence(dit: dict[str, str]) -> None:
    assert dit["Filtres"] == "échelle : région et départements ; statut : en retard ; recherche : « =1+1 »"
    assert dit["Date d'arrêté"] == "23 novembre 2026"
    assert (dit["Sources"], dit["Licences"]) == ("Producteur d'essai", "Aucune")


def test_the_workbook_has_figures_dates_and_a_notice_and_is_the_same_twice(
    table: pd.DataFrame, dit: dict[str, str]
) -> None:
    hostile = table.assign(Territoire="=cmd|' /C calc'!A0")
    octets = en_xlsx(hostile, dit, "Suivi")
    assert octets == en_xlsx(hostile, dit, "Suivi")
    feuilles = (("Suivi", 0), ("Notice", None))
    lue, aide = (pd.read_excel(io.BytesIO(octets), sheet_name=f, header=h, engine="calamine") for f, h in feuilles)
    assert lue.loc[0, "Territoire"] == "'=cmd|' /C calc'!A0"
    assert lue.loc[0, "Valeur"] == 5.0
    assert pd.Timestamp(lue.loc[0, "Date de la valeur"]) == pd.Timestamp(2025, 12, 31)
    assert aide[1].tolist() == list(dit.values())


def test_the_csv_reads_back(table: pd.DataFrame) -> None:
    lue = pd.read_csv(io.BytesIO(en_csv(table)), sep=";", decimal=",", encoding="utf-8-sig")
    assert lue["Écart (points)"].round(2).tolist()[:3] == table["Écart (points)"].tolist()[:3]


def test_the_geopackage_carries_each_contour_and_is_the_same_twice(
    table: pd.DataFrame, dit: dict[str, str], tmp_path: Path
) -> None:
    def carre(code: str, genre: str = "MultiPolygon") -> dict[str, object]:
        anneau = [[[5, 47], [6, 47], [6, 48], [5, 47]]]
        coordonnees = [anneau] if genre == "MultiPolygon" else anneau
        return {"properties": {"code": code}, "geometry": {"type": genre, "coordinates": coordonnees}}

    contours = [{"features": [carre("REG-99")]}, {"features": [carre("DEP-98", "Polygon")]}]
    octets = en_geopaquet(table, "Code du territoire", contours, dit, "suivi")
    assert octets == en_geopaquet(table, "Code du territoire", contours, dit, "suivi")
    fichier = tmp_path / "suivi.gpkg"
    fichier.write_bytes(octets)
    lue = pyogrio.read_dataframe(fichier, layer="suivi")
    assert lue.crs.to_epsg() == 4326
    assert len(lue) == len(table)
    assert lue.set_index("Code du territoire").geometry.isna().groupby(level=0).all().to_dict() == {
        "DEP-98": False, "DEP-99": True, "REG-99": False,
    }  # fmt: skip
    assert lue["Cible"].tolist()[:3] == [100.0] * 3
    assert pd.isna(lue["Cible"].iloc[-1])
    assert pyogrio.read_dataframe(fichier, layer="notice")["texte"].tolist() == list(dit.values())
    assert "23 novembre 2026" in pyogrio.read_info(fichier, layer="suivi")["layer_metadata"]["DESCRIPTION"]
