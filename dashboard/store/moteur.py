"""Opens the store: SQLite (WAL) by default, PostgreSQL by URL, and brings its schema up to date with Alembic."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

__all__ = [
    "Connection",
    "Engine",
    "MagasinIndisponible",
    "explique",
    "lecture",
    "masque_url",
    "migre",
    "open_moteur",
    "verifie",
]

MIGRATIONS = Path(__file__).parent / "migrations"


class MagasinIndisponible(RuntimeError):
    """The store cannot be opened; the message names it, the cause and the remedy."""


def open_moteur(url: str) -> Engine:
    """An engine on ``url``. SQLite gets WAL and a 5 s wait on locks; PostgreSQL a live connection check.

    Raises :class:`MagasinIndisponible` when the URL cannot be read.
    """
    try:
        adresse = make_url(url)
        if adresse.get_backend_name() == "postgresql":
            return _open_postgresql(adresse)
        moteur = create_engine(adresse, connect_args={"timeout": 5})
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise MagasinIndisponible(
            f"Magasin « {masque_url(url)} » : adresse illisible. "
            "Donner à BOUSSOLE_DB sqlite:////chemin/boussole.sqlite ou postgresql://utilisateur@hote/base."
        ) from None
    event.listen(moteur, "connect", _regle_sqlite)
    return moteur


def _open_postgresql(adresse: URL) -> Engine:
    moteur = create_engine(
        adresse.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=5,
        connect_args={"connect_timeout": 5},
    )
    event.listen(moteur, "before_cursor_execute", _lit_en_binaire)
    return moteur


def _lit_en_binaire(_c: Any, curseur: Any, _s: Any, _p: Any, contexte: Any, _m: Any) -> None:
    """Figures reach ``lecture`` as PostgreSQL holds them: reading their text takes 1 ms more for 3,685 communes."""
    from psycopg.pq import Format

    if contexte is not None and contexte.execution_options.get("lecture"):
        curseur.format = Format.BINARY


def _regle_sqlite(connexion: Any, _: Any) -> None:
    curseur = connexion.cursor()
    for pragma in (
        "busy_timeout = 5000",
        "synchronous = NORMAL",
        "cache_size = -32000",
        "mmap_size = 268435456",
    ):
        curseur.execute(f"PRAGMA {pragma}")
    curseur.close()


def masque_url(url: str) -> str:
    """The URL with its password hidden, safe for a log or a screen."""
    try:
        adresse = make_url(url)
    except (ArgumentError, ValueError):
        return "adresse illisible"
    hote = adresse.host.rpartition("@")[2] if adresse.host else None
    return adresse.set(host=hote, query={}).render_as_string(hide_password=True)


def migre(moteur: Engine, revision: str = "head") -> None:
    """Creates or upgrades the schema, up to ``revision``. Raises :class:`MagasinIndisponible` with the remedy."""
    chemin = _fichier(moteur)
    try:
        if chemin:
            chemin.parent.mkdir(parents=True, exist_ok=True)
        with moteur.connect() as connexion:
            if moteur.dialect.name == "sqlite":
                connexion.execute(text("PRAGMA journal_mode = WAL"))
                connexion.commit()
            configuration = Config()
            configuration.set_main_option("script_location", str(MIGRATIONS))
            configuration.attributes["connection"] = connexion
            command.upgrade(configuration, revision)
    except (DBAPIError, sqlite3.Error, OSError) as erreur:
        raise explique(moteur, erreur) from erreur
    except CommandError as erreur:
        raise _plus_recent(moteur) from erreur


def _plus_recent(moteur: Engine) -> MagasinIndisponible:
    return MagasinIndisponible(
        f"Magasin « {masque_url(str(moteur.url))} » : schéma plus récent que ce logiciel. "
        "Installer la version de Boussole qui l'a créé, ou une plus récente."
    )


def _fichier(moteur: Engine) -> Path | None:
    """The file of a SQLite store, also when its address is a URI (``file:…?mode=ro&uri=true``)."""
    if moteur.dialect.name != "sqlite":
        return None
    return Path((moteur.url.database or "").removeprefix("file:"))


@contextmanager
def lecture(moteur: Engine) -> Iterator[Connection]:
    """A connection to read with. Raises :class:`MagasinIndisponible` when the store refuses."""
    try:
        with moteur.connect() as connexion:
            yield connexion.execution_options(isolation_level="AUTOCOMMIT", lecture=True)
    except DBAPIError as erreur:
        raise explique(moteur, erreur) from erreur


def verifie(moteur: Engine) -> None:
    """Checks that the store answers and has the current schema. Raises :class:`MagasinIndisponible`."""
    chemin = _fichier(moteur)
    if chemin and not chemin.is_file():
        raise MagasinIndisponible(f"Magasin « {chemin} » : fichier absent. Lancer « make run » pour le construire.")
    try:
        with moteur.connect() as connexion:
            presente = MigrationContext.configure(connexion).get_current_revision()
    except (DBAPIError, sqlite3.Error) as erreur:
        raise explique(moteur, erreur) from erreur
    attendue, connues = _revisions()
    if presente is not None and presente not in connues:
        raise _plus_recent(moteur)
    if presente != attendue:
        raise MagasinIndisponible(
            f"Magasin « {masque_url(str(moteur.url))} » : schéma {presente or 'vide'}, attendu {attendue}. "
            "Lancer « python -m dashboard refresh » pour le mettre à jour."
        )


@lru_cache
def _revisions() -> tuple[str | None, frozenset[str]]:
    """The revision this software expects, and all those it knows."""
    configuration = Config()
    configuration.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(configuration)
    return scripts.get_current_head(), frozenset(r.revision for r in scripts.walk_revisions())


REMEDES = {
    "locked": "verrouillé par un autre programme ; attendre sa fin ou l'arrêter, puis recommencer",
    "readonly": "en lecture seule ; donner le droit d'écriture sur le fichier et son dossier",
    "unable to open": "impossible à ouvrir ; vérifier que le dossier existe et que ses droits le permettent",
    "not a database": "ce fichier n'est pas un magasin ; donner un autre chemin à BOUSSOLE_DB",
    "malformed": "fichier abîmé ; le remettre depuis une sauvegarde ou relancer « make run » après l'avoir écarté",
    "no such table": "schéma absent ; lancer « make run » pour le construire",
    "does not exist": "base ou schéma absent ; créer la base puis lancer « make run »",
    "refused": "le serveur ne répond pas ; vérifier qu'il est démarré et l'adresse de BOUSSOLE_DB",
    "password": "identifiants refusés ; vérifier l'utilisateur et le mot de passe de BOUSSOLE_DB",
    "disk is full": "disque plein ; libérer de la place puis recommencer",
}


def explique(moteur: Engine, erreur: Exception) -> MagasinIndisponible:
    """The French sentence for a database error."""
    detail = str(getattr(erreur, "orig", None) or erreur)
    cause = next((remede for signe, remede in REMEDES.items() if signe in detail), None)
    return MagasinIndisponible(
        f"Magasin « {masque_url(moteur.url.render_as_string(hide_password=False))} » : "
        f"{cause or f'erreur de la base ({detail.splitlines()[0]}) ; voir docs/exploitation.md'}."
    )
