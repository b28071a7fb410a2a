"""The SQL connector reads and only reads, and says what is wrong in one sentence."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, create_engine, make_url, text

from dashboard.domain.source import Source
from data_sources.connectors import sql
from data_sources.connectors.sql import SourceIndisponible, lis_table


@pytest.fixture
def entrepot(url_vierge: str) -> str:
    """A warehouse with one table of three rows."""
    moteur = _moteur(url_vierge)
    with moteur.begin() as connexion:
        connexion.execute(text("CREATE TABLE stock (code VARCHAR(10), valeur FLOAT)"))
        connexion.execute(text("INSERT INTO stock VALUES ('b', 2.5), ('a', NULL), ('c', 7)"))
    moteur.dispose()
    return url_vierge


def _moteur(url: str) -> Engine:
    adresse = make_url(url)
    return create_engine(
        adresse.set(drivername="postgresql+psycopg") if adresse.drivername == "postgresql" else adresse
    )


def contenu(url: str) -> list[tuple[object, ...]]:
    with _moteur(url).connect() as connexion:
        return [tuple(x) for x in connexion.execute(text("SELECT code, valeur FROM stock ORDER BY code"))]


def test_rows_come_in_source_order_and_nothing_is_converted(entrepot: str) -> None:
    cadre = lis_table(entrepot, "SELECT code, valeur FROM stock ORDER BY valeur DESC NULLS LAST", "essai")
    assert cadre["code"].tolist() == ["c", "b", "a"]
    assert cadre["valeur"].tolist() == [7.0, 2.5, None]
    assert set(map(str, cadre.dtypes)) == {"object"}


def test_no_row_still_tells_its_columns(entrepot: str) -> None:
    cadre = lis_table(entrepot, "SELECT code, valeur FROM stock WHERE 1 = 0", "essai")
    assert cadre.columns.tolist() == ["code", "valeur"]
    assert cadre.empty


ECRITURES = [
    "INSERT INTO stock VALUES ('x', 1)", "UPDATE stock SET valeur = 0", "DELETE FROM stock", "DROP TABLE stock",
    "CREATE TABLE autre (a INTEGER)", "INSERT INTO stock VALUES ('x', 1) RETURNING code, valeur",
]  # fmt: skip


@pytest.mark.parametrize("requete", ECRITURES, ids=[r.split()[0] + str(i) for i, r in enumerate(ECRITURES)])
def test_a_query_that_writes_is_refused_and_changes_nothing(entrepot: str, requete: str) -> None:
    avant = contenu(entrepot)
    with pytest.raises(SourceIndisponible, match="« essai » : lecture impossible"):
        lis_table(entrepot, requete, "essai")
    assert contenu(entrepot) == avant


def test_even_several_statements_may_not_write(entrepot: str) -> None:
    avant = contenu(entrepot)
    with pytest.raises(SourceIndisponible):
        lis_table(entrepot, "SELECT 1; DELETE FROM stock", "essai")
    assert contenu(entrepot) == avant


def test_a_read_only_session_cannot_be_reopened_to_writes(entrepot: str) -> None:
    avant = contenu(entrepot)
    for requete in ("SET default_transaction_read_only = off", "SET TRANSACTION READ WRITE", "PRAGMA query_only = OFF"):
        with pytest.raises(SourceIndisponible):
            lis_table(entrepot, f"{requete}; DELETE FROM stock", "essai")
    assert contenu(entrepot) == avant


@pytest.mark.parametrize(
    ("requete", "indice"), [("SELECT * FROM absente", "absente"), ("SELEC 1", "SELEC"), ("", "essai")]
)
def test_a_wrong_query_says_so_in_one_sentence(entrepot: str, requete: str, indice: str) -> None:
    with pytest.raises(SourceIndisponible) as refus:
        lis_table(entrepot, requete, "essai")
    message = str(refus.value)
    assert indice in message
    assert message.endswith("Vérifier l'adresse, les droits et la requête.")
    assert "\n" not in message


@pytest.mark.parametrize("url", ["postgresql://boussole:secret@127.0.0.1:1/x", "inconnu://x", "sans adresse"])
def test_an_unreachable_source_says_so_and_keeps_its_password(url: str) -> None:
    with pytest.raises(SourceIndisponible, match="« essai » : lecture impossible") as refus:
        lis_table(url, "SELECT 1", "essai")
    assert "secret" not in str(refus.value)


def test_a_file_that_is_absent_is_not_created(tmp_path: Path) -> None:
    chemin = tmp_path / "absente.sqlite"
    with pytest.raises(SourceIndisponible):
        lis_table(f"sqlite:///{chemin}", "SELECT 1", "essai")
    assert not chemin.exists()


SANS_FIN = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 900000000) SELECT count(*) FROM r"


def test_a_query_that_lasts_too_long_is_stopped(entrepot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "DELAI_S", 0.5)
    with pytest.raises(SourceIndisponible, match="délai de lecture dépassé"):
        lis_table(entrepot, SANS_FIN, "essai")


def test_rows_beyond_one_packet_are_all_read(entrepot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "PAQUET", 2)
    cadre: pd.DataFrame = lis_table(entrepot, "SELECT code FROM stock", "essai")
    assert sorted(cadre["code"]) == ["a", "b", "c"]


def test_a_source_names_an_environment_variable_never_an_address() -> None:
    declaree = Source(id="essai", nom="x", licence="x", requete="SELECT 1", rythme_mois=1, url="BOUSSOLE_ENTREPOT")
    assert declaree.url == "BOUSSOLE_ENTREPOT"
