"""Reads a table from any SQL database: read-only transaction, statement timeout, rows streamed by packets."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from dashboard.domain.source import BASE_CUREE, Source
from data_sources.connectors import Acces, Livraison, SourceIndisponible
from data_sources.connectors.empreinte import empreinte_lignes

PAQUET = 20_000
DELAI_S = 120


def lis(source: Source, acces: Acces) -> Livraison:
    """The rows of the source's query, in its order. Raises :class:`SourceIndisponible`."""
    adresse = _adresse(source, acces)
    lignes = lis_table(adresse, source.requete, source.id)
    origine = f"sql · {source.url} · {' '.join(source.requete.split())}"
    return Livraison(lignes, empreinte_lignes(lignes), origine)


def _adresse(source: Source, acces: Acces) -> str:
    """The embedded curated base, or what the environment variable of the source holds."""
    if source.url == BASE_CUREE:
        return f"sqlite:///{acces.base_curee}"
    if not acces.env.get(source.url):
        raise SourceIndisponible(
            f"Source « {source.id} » : variable {source.url} absente. La définir avec l'adresse de la base."
        )
    return acces.env[source.url]


def lis_table(url: str, requete: str, nom: str) -> pd.DataFrame:
    """The rows of a query as objects: nothing is converted here. Raises :class:`SourceIndisponible`."""
    try:
        moteur = _moteur_lecture(url)
        try:
            with moteur.connect().execution_options(stream_results=True, yield_per=PAQUET) as connexion:
                _regle_lecture_seule(connexion)
                resultat = connexion.execute(text(requete))
                colonnes = list(resultat.keys())
                morceaux = [list(zip(*paquet, strict=True)) for paquet in resultat.partitions(PAQUET)]
        finally:
            moteur.dispose()
    except (SQLAlchemyError, FileNotFoundError, ArgumentError, NoSuchModuleError, ValueError) as erreur:
        raise SourceIndisponible(f"Source « {nom} » : lecture impossible ({_detail(erreur)}). {REMEDE}") from erreur
    cadre = pd.DataFrame(
        {c: [v for m in morceaux for v in m[rang]] for rang, c in enumerate(colonnes)}, columns=colonnes, dtype=object
    )
    cadre.index = pd.RangeIndex(1, len(cadre) + 1, name="ligne")
    return cadre


REMEDE = "Vérifier l'adresse, les droits et la requête."


def _detail(erreur: Exception) -> str:
    """First line of the driver's message; an address that cannot be read is not repeated: it may hold a password."""
    if isinstance(erreur, (ArgumentError, NoSuchModuleError, ValueError)) and not hasattr(erreur, "orig"):
        return "adresse illisible"
    lignes = str(getattr(erreur, "orig", None) or erreur).splitlines()
    detail = lignes[0] if lignes else type(erreur).__name__
    return "délai de lecture dépassé" if "interrupt" in detail or "statement timeout" in detail else detail


def _moteur_lecture(url: str) -> Engine:
    adresse = make_url(url)
    if adresse.get_backend_name() == "postgresql":
        options = f"-c default_transaction_read_only=on -c statement_timeout={int(DELAI_S * 1000)}"
        return create_engine(
            adresse.set(drivername="postgresql+psycopg"),
            connect_args={"connect_timeout": 10, "options": options},
        )
    if adresse.get_backend_name() == "sqlite" and not _est_fichier(adresse):
        raise FileNotFoundError(f"fichier {adresse.database} absent")  # SQLite would create it, empty
    return create_engine(adresse)


def _est_fichier(adresse: URL) -> bool:
    return Path(adresse.database or "").is_file()


def _regle_lecture_seule(connexion: Connection) -> None:
    if connexion.dialect.name == "sqlite":
        connexion.execute(text("PRAGMA query_only = ON"))
        directe: Any = connexion.connection.driver_connection
        limite = time.monotonic() + DELAI_S
        directe.set_progress_handler(lambda: time.monotonic() > limite, 100_000)
