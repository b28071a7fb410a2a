"""The migrations make the declared schema, on both databases, and refuse what they cannot read."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from dashboard.store.moteur import Engine, MagasinIndisponible, migre, open_moteur, verifie
from dashboard.store.schema import metadata


def test_migrations_make_exactly_the_declared_schema(moteur: Engine) -> None:
    with moteur.connect() as connexion:
        contexte = MigrationContext.configure(connexion, opts={"compare_type": True})
        assert compare_metadata(contexte, metadata) == []


def test_the_clustering_key_of_values_is_that_of_the_reads(moteur: Engine) -> None:
    cle = inspect(moteur).get_pk_constraint("valeur")["constrained_columns"]
    assert cle == ["indicateur_id", "maille", "fin", "frequence", "territoire_id", "lot_fin", "lot_debut"]


def test_values_of_the_first_schema_are_kept(url_vierge: str) -> None:
    moteur = open_moteur(url_vierge)
    migre(moteur, "0001")
    ligne = "1, 3, '2023-12-31', 'A', 7, 1, 2147483647, '2023-01-01', 41.5, 'P', 'A'"
    colonnes = (
        "indicateur_id, maille, fin, frequence, territoire_id, lot_debut, lot_fin, debut, valeur, origine, statut"
    )
    with moteur.begin() as connexion:
        connexion.execute(text(f"INSERT INTO valeur ({colonnes}) VALUES ({ligne})"))
    migre(moteur)
    with moteur.connect() as connexion:
        garde = connexion.execute(text("SELECT territoire_id, lot_debut, lot_fin, valeur FROM valeur")).one()
    assert tuple(garde) == (7, 1, 2147483647, 41.5)


def test_migrating_twice_changes_nothing(moteur: Engine) -> None:
    migre(moteur)
    verifie(moteur)


def test_an_empty_database_says_which_command_builds_it(url_vierge: str) -> None:
    moteur = open_moteur(url_vierge)
    if moteur.dialect.name == "sqlite":
        moteur.connect().close()
    with pytest.raises(MagasinIndisponible, match=r"make run|python -m dashboard refresh"):
        verifie(moteur)


@pytest.mark.parametrize("ouvre", [verifie, migre])
def test_a_newer_schema_asks_for_a_newer_version(moteur: Engine, ouvre) -> None:  # type: ignore[no-untyped-def]
    with moteur.begin() as connexion:
        connexion.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MagasinIndisponible, match="plus récent"):
        ouvre(moteur)
    with moteur.connect() as connexion:
        assert connexion.execute(text("SELECT version_num FROM alembic_version")).scalar() == "9999"


def test_sqlite_lets_readers_read_while_it_is_written(moteur_sqlite: Engine) -> None:
    with moteur_sqlite.connect() as connexion:
        assert connexion.execute(text("PRAGMA journal_mode")).scalar() == "wal"


def test_a_password_never_reaches_a_message() -> None:
    moteur = open_moteur("postgresql://boussole:motdepasse@127.0.0.1:1/boussole")
    with pytest.raises(MagasinIndisponible) as refus:
        verifie(moteur)
    assert "motdepasse" not in str(refus.value)
    assert "ne répond pas" in str(refus.value)


@pytest.mark.parametrize("url", ["n'importe quoi", "oracle+inconnu://base", ""])
def test_an_unreadable_address_says_the_two_forms(url: str) -> None:
    with pytest.raises(MagasinIndisponible, match=r"sqlite:////chemin.*postgresql://"):
        open_moteur(url)
