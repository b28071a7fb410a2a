"""The curated base stands for a warehouse: built from committed CSV files, once, whole or not at all."""

import shutil
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from data_sources import base_curee
from tests.mini import COMMUNES, ecris


@pytest.fixture
def espace(tmp_path: Path) -> Path:
    return ecris(tmp_path / "espace")


def table(base: Path, requete: str) -> pd.DataFrame:
    connexion = sqlite3.connect(base)
    try:
        return pd.read_sql(requete, connexion)
    finally:
        connexion.close()


def test_each_csv_is_a_table_and_the_referential_brings_three(espace: Path, tmp_path: Path) -> None:
    base = tmp_path / "base.sqlite"
    assert base_curee.construit(espace, 2026, base)
    noms = set(table(base, "SELECT name FROM sqlite_master WHERE type = 'table'")["name"])
    assert noms == {"lignes", "cibles", "population", "population_geographie_courante", "territoire", "construction"}


def test_numbers_are_numbers_and_codes_stay_text(tmp_path: Path, espace: Path) -> None:
    (espace / "base_curee" / "types.csv").write_text(
        "code,nombre,vide,melange\n01004,12,,3\n2A004,,,x\n", encoding="utf-8"
    )
    base_curee.construit(espace, 2026, tmp_path / "base.sqlite")
    lu = table(tmp_path / "base.sqlite", "SELECT code, typeof(code) tc, nombre, typeof(nombre) tn, melange FROM types")
    assert lu["code"].tolist() == ["01004", "2A004"]
    assert lu["tc"].tolist() == ["text", "text"]
    assert lu["tn"].tolist() == ["real", "null"] or lu["tn"].tolist() == ["integer", "null"]
    assert lu["melange"].tolist() == ["3", "x"]


def test_populations_are_carried_to_the_current_places(espace: Path, tmp_path: Path) -> None:
    base_curee.construit(espace, 2026, tmp_path / "base.sqlite")
    lu = table(tmp_path / "base.sqlite", "SELECT code, population FROM population_geographie_courante")
    assert dict(zip(lu["code"], lu["population"], strict=True)) == {c: p for c, (_, _, p) in COMMUNES.items()}


def test_it_is_built_again_only_when_a_file_changed(espace: Path, tmp_path: Path) -> None:
    base = tmp_path / "dossier" / "base.sqlite"
    assert base_curee.construit(espace, 2026, base)
    assert not base_curee.construit(espace, 2026, base)
    with (espace / "base_curee" / "lignes.csv").open("a", encoding="utf-8") as flux:
        flux.write("effectif,COM-98001,2022,5,,,,,,,,,\n")
    assert base_curee.construit(espace, 2026, base)
    assert len(table(base, "SELECT * FROM lignes")) == 9


@pytest.mark.parametrize("abime", [b"", b"pas une base", b"SQLite format 3\x00 coupe"])
def test_a_damaged_base_is_built_again(espace: Path, tmp_path: Path, abime: bytes) -> None:
    base = tmp_path / "base.sqlite"
    base.write_bytes(abime)
    assert base_curee.construit(espace, 2026, base)
    assert len(table(base, "SELECT * FROM lignes")) == 8


def test_a_build_that_fails_leaves_the_former_base(
    espace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = tmp_path / "base.sqlite"
    base_curee.construit(espace, 2026, base)
    avant = base.read_bytes()
    shutil.copy(espace / "base_curee" / "lignes.csv", espace / "base_curee" / "autre.csv")

    def panne(*_: object, **__: object) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr(pd.DataFrame, "to_sql", panne)
    with pytest.raises(OSError, match="disque plein"):
        base_curee.construit(espace, 2026, base)
    assert base.read_bytes() == avant
