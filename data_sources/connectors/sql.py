"""Reads a table from any SQL database: read-only transaction, statement timeout, rows streamed by packets."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

PAQUET = 20_000
DELAI_S = 120


class SourceIndisponible(RuntimeError):
    """The source cannot be read; the message names it, the cause and the remedy."""


def lis_table(url: str, requete: str, nom: str) -> pd.DataFrame:
    """The rows of ``requete`` in source order, as objects: nothing is converted here.

    Raises :class:`SourceIndisponible` naming source ``nom``.
    """
    try:
        moteur = _moteur_lecture(url)
        with moteur.connect().execution_options(stream_results=True, yield_per=PAQUET) as connexion:
            _regle_lecture_seule(connexion)
            resultat = connexion.execute(text(requete))
            colonnes = list(resultat.keys())
            lignes: list[tuple[object, ...]] = []
            for paquet in resultat.partitions(PAQUET):
                lignes.extend(tuple(ligne) for ligne in paquet)
        moteur.dispose()
    except (SQLAlchemyError, FileNotFoundError) as erreur:
        detail = str(getattr(erreur, "orig", None) or erreur).splitlines()[0]
        raise SourceIndisponible(
            f"Source « {nom} » : lecture impossible ({detail}). Vérifier l'adresse, les droits et la requête."
        ) from erreur
    return pd.DataFrame(lignes, columns=colonnes, dtype=object)


def _moteur_lecture(url: str) -> Engine:
    adresse = make_url(url)
    if adresse.get_backend_name() == "postgresql":
        options = f"-c default_transaction_read_only=on -c statement_timeout={DELAI_S * 1000}"
        return create_engine(
            adresse.set(drivername="postgresql+psycopg"),
            connect_args={"connect_timeout": 10, "options": options},
        )
    if adresse.get_backend_name() == "sqlite" and not Path(adresse.database or "").is_file():
        raise FileNotFoundError(f"fichier {adresse.database} absent")  # SQLite would create it, empty
    return create_engine(adresse)


def _regle_lecture_seule(connexion: Connection) -> None:
    if connexion.dialect.name == "sqlite":
        connexion.execute(text("PRAGMA query_only = ON"))
