"""Many rows at once, the fastest way each database has: prepared inserts for SQLite, COPY for PostgreSQL."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
from sqlalchemy import Column, Connection, MetaData, Select, Table, and_, insert, update

PAQUET = 50_000


def insere(connexion: Connection, table: Table, cadre: pd.DataFrame) -> None:
    """Appends the columns of ``cadre`` that the table has; missing cells are NULL."""
    colonnes = [c.name for c in table.columns if c.name in cadre.columns]
    directe: Any = connexion.connection.driver_connection
    for debut in range(0, len(cadre), PAQUET):
        morceau = cadre.iloc[debut : debut + PAQUET]
        if connexion.dialect.name == "sqlite":
            texte = str(insert(table).compile(dialect=connexion.dialect, column_keys=colonnes))
            directe.executemany(texte, zip(*(_liste(morceau[c]) for c in colonnes), strict=True))
        else:
            _copie(connexion, directe, table, colonnes, morceau)


def _copie(connexion: Connection, directe: Any, table: Table, colonnes: Sequence[str], morceau: pd.DataFrame) -> None:
    nomme = connexion.dialect.identifier_preparer
    noms = ", ".join(nomme.quote(c) for c in colonnes)
    tampon = io.BytesIO()
    donnees = pa.table({c: pa.array(_liste(morceau[c]), from_pandas=True) for c in colonnes})
    pa_csv.write_csv(donnees, tampon, pa_csv.WriteOptions(include_header=False))
    with directe.cursor().copy(f"COPY {nomme.format_table(table)} ({noms}) FROM STDIN (FORMAT csv)") as copie:
        copie.write(tampon.getbuffer())


def _liste(colonne: pd.Series) -> list[Any]:
    """Plain Python values; a day as ISO text. sqlite3 writes NaN as NULL, pyarrow too."""
    if isinstance(colonne.dtype, pd.CategoricalDtype):
        valeurs = [*_liste(colonne.cat.categories.to_series()), None]
        return [valeurs[code] for code in colonne.cat.codes.tolist()]
    if pd.api.types.is_datetime64_any_dtype(colonne):
        jours = np.datetime_as_string(colonne.to_numpy().astype("datetime64[D]")).tolist()
        return [None if jour == "NaT" else jour for jour in jours]
    if pd.api.types.is_float_dtype(colonne.dtype) or pd.api.types.is_integer_dtype(colonne.dtype):
        return colonne.tolist() if not colonne.hasnans else colonne.astype("float64").tolist()
    valeurs = colonne.tolist()
    if any(hasattr(v, "isoformat") for v in valeurs[:1]):
        valeurs = [v.isoformat() if hasattr(v, "isoformat") else v for v in valeurs]
    manquent = colonne.isna()
    if manquent.any():
        return [None if m else v for v, m in zip(valeurs, manquent.tolist(), strict=True)]
    return valeurs


def lis_colonnes(connexion: Connection, requete: Select[Any], colonnes: Sequence[str]) -> pd.DataFrame:
    """Rows of a query by columns, dates as ISO text turned into days: without SQLAlchemy's work on each cell."""
    texte = requete.compile(dialect=connexion.dialect, compile_kwargs={"render_postcompile": True})
    positions = texte.positiontup
    parametres: Any = [texte.params[p] for p in positions] if positions is not None else texte.params
    curseur = connexion.exec_driver_sql(str(texte), tuple(parametres) if positions is not None else parametres)
    lignes = curseur.fetchall()
    if not lignes:
        return pd.DataFrame(columns=list(colonnes))
    return pd.DataFrame(dict(zip(colonnes, zip(*lignes, strict=True), strict=True)))


def ferme(connexion: Connection, table: Table, cles: pd.DataFrame, ouvert: int, numero: int) -> None:
    """Sets ``lot_fin`` of the current rows that have these keys."""
    if cles.empty:
        return
    provisoire = Table(
        "a_fermer", MetaData(), *(Column(c, table.c[c].type) for c in cles.columns), prefixes=["TEMPORARY"]
    )
    provisoire.create(connexion)
    insere(connexion, provisoire, cles)
    memes = and_(*(table.c[c] == provisoire.c[c] for c in cles.columns), table.c.lot_fin == ouvert)
    connexion.execute(update(table).where(memes).values(lot_fin=numero))
    provisoire.drop(connexion)
