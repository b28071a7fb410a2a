"""Parquet, GeoJSON and GeoPackage: types kept, shapes left, layers chosen, and no other driver of GDAL."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data_sources.connectors import LivraisonIllisible, parquet
from tests.data_sources.connecteurs.ecrit import cellules, ecrit_csv, ecrit_geojson, ecrit_gpkg, ecrit_parquet, lignes

TABLE = [["code", "n", "part"], ["01004", 3, 0.5], ["2A004", None, 12.25]]


def _refus(fichier: Path, **champs: object) -> str:
    with pytest.raises(LivraisonIllisible) as refus:
        lignes(fichier, **champs)
    message = str(refus.value)
    assert message.startswith(f"Source « essai », fichier « {fichier.name} » : ")
    assert "\n" not in message
    assert str(fichier.parent) not in message
    return message


def test_whole_numbers_stay_whole_beside_a_missing_one(tmp_path: Path) -> None:
    for fichier in (
        ecrit_parquet(tmp_path / "t.parquet", TABLE),
        ecrit_geojson(tmp_path / "t.geojson", TABLE),
        ecrit_gpkg(tmp_path / "t.gpkg", {"c": TABLE}),
    ):
        assert cellules(lignes(fichier)) == TABLE[1:]
        assert isinstance(lignes(fichier)["n"].iloc[0], (int, np.integer))


def test_every_arrow_type_is_read(tmp_path: Path) -> None:
    colonnes = {
        "categorie": pa.array(["a", "a", None]).dictionary_encode(),
        "jour": pa.array([date(2024, 1, 5), None, None]),
        "liste": pa.array([[1, 2], None, []]),
        "grand": pa.array(["x", None, "y"], pa.large_string()),
        "forme": pa.array([b"\x01", b"\x02", None]),
    }
    pq.write_table(pa.table(colonnes), tmp_path / "t.parquet")
    table = lignes(tmp_path / "t.parquet")
    assert table.columns.tolist() == ["categorie", "jour", "liste", "grand"]
    assert table["categorie"].tolist()[:2] == ["a", "a"]
    assert pd.api.types.is_datetime64_any_dtype(table["jour"])
    assert table["liste"].iloc[0] == "[1, 2]"


def test_the_index_pandas_had_written_is_a_column(tmp_path: Path) -> None:
    pd.DataFrame({"n": [1, 2]}, index=pd.Index(["a", "b"], name="code")).to_parquet(tmp_path / "t.parquet")
    assert sorted(lignes(tmp_path / "t.parquet").columns) == ["code", "n"]


def test_a_text_repeated_beyond_reason_is_refused_before_it_is_unfolded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pq.write_table(pa.table({"t": pa.array(["x" * 100_000] * 1_000)}), tmp_path / "t.parquet")
    assert (tmp_path / "t.parquet").stat().st_size < 200_000
    monkeypatch.setattr(parquet, "OCTETS_MAX", 50 << 20)
    assert "95 Mio de texte une fois déplié, au plus 50" in _refus(tmp_path / "t.parquet")


def test_a_parquet_of_too_many_cells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "CELLULES_MAX", 5)
    assert "2 lignes sur 3 colonnes, au plus 5" in _refus(ecrit_parquet(tmp_path / "t.parquet", TABLE))


@pytest.mark.parametrize("part", [0.3, 0.7, 0.97])
def test_a_truncated_file_says_it_is_damaged(tmp_path: Path, part: float) -> None:
    longue = [TABLE[0], *TABLE[1:] * 400]
    for fichier in (
        ecrit_parquet(tmp_path / "t.parquet", longue),
        ecrit_geojson(tmp_path / "t.geojson", longue),
        ecrit_gpkg(tmp_path / "t.gpkg", {"c": longue}),
    ):
        brut = fichier.read_bytes()
        fichier.write_bytes(brut[: int(len(brut) * part)])
        assert "abîmé" in _refus(fichier)


def test_a_file_without_any_row_says_so(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": pa.array([], pa.string())}), tmp_path / "t.parquet")
    assert "aucune ligne" in _refus(tmp_path / "t.parquet")
    assert "aucune ligne" in _refus(ecrit_geojson(tmp_path / "t.geojson", TABLE[:1]))


def test_the_declared_layer_is_read_and_an_unknown_one_lists_those_there_are(tmp_path: Path) -> None:
    autre = [["nom"], ["Dole"]]
    fichier = ecrit_gpkg(tmp_path / "t.gpkg", {"communes": TABLE, "epci": autre})
    assert cellules(lignes(fichier)) == TABLE[1:]
    assert cellules(lignes(fichier, lecture={"couche": "epci"})) == autre[1:]
    assert "couche « iris » absente. Couches du fichier : « communes », « epci »" in _refus(
        fichier, lecture={"couche": "iris"}
    )


def test_dates_of_a_geojson_stay_as_written(tmp_path: Path) -> None:
    fichier = ecrit_geojson(tmp_path / "t.geojson", [["periode", "x"], ["2024-01-05", {"a": 1}], ["2024/02/06", None]])
    assert lignes(fichier)["periode"].tolist() == ["2024-01-05", "2024/02/06"]


def test_a_pipeline_disguised_as_a_collection_opens_no_other_file(tmp_path: Path) -> None:
    """GDAL runs a « gdal_streamed_alg » it recognises in JSON: it would read any file of the machine."""
    secret = ecrit_csv(tmp_path / "secret.csv", [["code", "n"], ["secret", "1"]])
    commande = f"gdal vector pipeline ! read {secret} ! write --output-format stream streamed"
    leurre = {"type": "gdal_streamed_alg", "command_line": commande, "x": {"type": "FeatureCollection"}}
    (tmp_path / "t.geojson").write_text(json.dumps(leurre), encoding="utf-8")
    assert "secret" not in _refus(tmp_path / "t.geojson")


def test_a_virtual_dataset_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.gpkg").write_text('<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>', encoding="utf-8")
    assert "format non lu (page web ou XML)" in _refus(tmp_path / "t.gpkg")


def test_a_layer_that_is_a_view_is_refused(tmp_path: Path) -> None:
    fichier = ecrit_gpkg(tmp_path / "t.gpkg", {"communes": TABLE})
    with sqlite3.connect(fichier) as base:
        base.execute("CREATE VIEW calcul AS SELECT * FROM communes")
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('calcul', 'attributes', 'c')"
        )
    base.close()
    assert "couche « calcul » calculée par une vue" in _refus(fichier)


def test_a_view_that_the_contents_do_not_list_is_refused(tmp_path: Path) -> None:
    fichier = ecrit_gpkg(tmp_path / "t.gpkg", {"communes": TABLE})
    with sqlite3.connect(fichier) as base:
        base.execute(
            "CREATE VIEW calcul AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r"
        )
    base.close()
    assert "couche « calcul » calculée par une vue" in _refus(fichier)


def test_a_database_that_is_not_a_geopackage_is_refused(tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "t.gpkg")
    base.execute("CREATE TABLE t (a)")
    base.commit()
    base.close()
    assert "base SQLite, non lue par fichier" in _refus(tmp_path / "t.gpkg")
