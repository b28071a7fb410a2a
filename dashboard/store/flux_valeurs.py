"""Every value of an indicator as Arrow batches: millions of rows read in order, with the memory of one batch.

SQLite gives rows by packets; PostgreSQL copies its answer as text, which Arrow reads ten times faster than rows.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
from sqlalchemy import Connection, Select, select

from dashboard.domain.lecteur import Lecteur
from dashboard.domain.territoire import Maille
from dashboard.store.queries import _cle
from dashboard.store.schema import valeur
from dashboard.store.visibilite import au_lot

PAQUET = 200_000
"""Rows of a batch, more only when one period of one maille has more territories."""
LIGNES = 4_096
"""Rows of SQLite in Python at once: few enough to stay in the processor's cache, twice as fast as a whole batch."""
CHIFFRES = ("valeur", "numerateur", "denominateur", "n_unites", "completude", "completude_population")
_LUES: dict[str, pa.DataType] = {
    "maille": pa.int32(), "territoire_id": pa.int32(), "debut": pa.date32(), "fin": pa.date32(),
    "frequence": pa.string(), **dict.fromkeys(CHIFFRES, pa.float64()), "origine": pa.string(), "statut": pa.string(),
    "confidentialite": pa.string(), "calculee": pa.float64(),
}  # fmt: skip
SCHEMA = pa.schema(
    [("indicateur", pa.string()), ("territoire", pa.string()), ("maille", pa.string())]
    + [(nom, genre) for nom, genre in _LUES.items() if nom not in ("maille", "territoire_id")]
)
"""Columns of a batch, in order. ``territoire``: its typed code. A hidden value is statut Q with no figure."""
_MAILLES = pa.array([m.value for m in Maille])


@dataclass(frozen=True)
class Lieux:
    """The codes of the territories, sorted, and the rank of each by its id; -1 for one that is not shown."""

    codes: pa.Array
    rangs: np.ndarray[Any, np.dtype[np.int32]]

    @classmethod
    def de(cls, places: pd.DataFrame) -> Lieux:
        """From ``queries.list_territoires``."""
        rangs = np.full(int(places["id"].max()) + 1 if len(places) else 1, -1, dtype=np.int32)
        triees = places.sort_values("code")
        rangs[triees["id"].to_numpy(dtype=np.int64)] = np.arange(len(triees), dtype=np.int32)
        return cls(pa.array(triees["code"].tolist(), pa.string()), rangs)


def flux_valeurs(
    connexion: Connection, lecteur: Lecteur, code: str, lieux: Lieux, paquet: int = PAQUET
) -> Iterator[pa.Table]:
    """The values of one indicator, sorted by maille (the widest first), fin, frequence, code of the territory.

    Tables of ``SCHEMA``, of about ``paquet`` rows, cut between two periods. None when unknown, closed or empty.
    """
    cle = _cle(connexion, lecteur, code)
    if cle is None:
        return
    requete = (
        select(*(valeur.c[c] for c in _LUES))
        .where(valeur.c.indicateur_id == cle, au_lot(lecteur))
        .order_by(valeur.c.maille, valeur.c.fin, valeur.c.frequence)
    )
    lis = _copie if connexion.dialect.name == "postgresql" else _lignes
    for table in _par_periodes(lis(connexion, requete), paquet):
        range_ = _range(table, code, lieux)
        if range_.num_rows:
            yield range_


def _compile(connexion: Connection, requete: Select[Any]) -> tuple[str, Any]:
    texte = requete.compile(dialect=connexion.dialect, compile_kwargs={"render_postcompile": True})
    if texte.positiontup is None:
        return str(texte), texte.params
    return str(texte), tuple(texte.params[p] for p in texte.positiontup)


def _lignes(connexion: Connection, requete: Select[Any]) -> Iterator[pa.Table]:
    directe: Any = connexion.connection.driver_connection
    curseur = directe.cursor()
    try:
        curseur.execute(*_compile(connexion, requete))
        while lignes := curseur.fetchmany(LIGNES):
            yield pa.table(
                [_colonne(c, g) for c, g in zip(zip(*lignes, strict=True), _LUES.values(), strict=True)],
                names=list(_LUES),
            )
    finally:
        curseur.close()


def _colonne(valeurs: tuple[Any, ...], genre: pa.DataType) -> pa.Array:
    """SQLite has no days: ISO text."""
    if pa.types.is_date(genre):
        return pc.cast(pa.array(valeurs, pa.string()), genre)
    return pa.array(valeurs, genre)


class _Morceaux(io.RawIOBase):
    """The chunks of a COPY as a file that Arrow reads."""

    def __init__(self, morceaux: Iterable[Any]) -> None:
        self._morceaux, self._reste = iter(morceaux), b""

    def readable(self) -> bool:
        return True

    def readinto(self, tampon: Any) -> int:
        while not self._reste:
            suivant = next(self._morceaux, None)
            if suivant is None:
                return 0
            self._reste = bytes(suivant)
        n = min(len(tampon), len(self._reste))
        tampon[:n], self._reste = self._reste[:n], self._reste[n:]
        return n


def _copie(connexion: Connection, requete: Select[Any]) -> Iterator[pa.Table]:
    directe: Any = connexion.connection.driver_connection
    texte, parametres = _compile(connexion, requete)
    convertit = pa_csv.ConvertOptions(column_types=_LUES, strings_can_be_null=True, quoted_strings_can_be_null=False)
    lis = pa_csv.ReadOptions(column_names=list(_LUES), block_size=4 << 20)
    with directe.cursor() as curseur, curseur.copy(f"COPY ({texte}) TO STDOUT (FORMAT csv)", parametres) as copie:
        fichier = io.BufferedReader(_Morceaux(copie), 1 << 20)
        if not fichier.peek(1):
            return
        for lot in pa_csv.open_csv(fichier, lis, convert_options=convertit):
            yield pa.Table.from_batches([lot])


def _par_periodes(tables: Iterable[pa.Table], paquet: int) -> Iterator[pa.Table]:
    """The same rows cut only where the period changes, about ``paquet`` at a time."""
    attente: list[pa.Table] = []
    for table in tables:
        attente.append(table)
        if sum(t.num_rows for t in attente) < paquet:
            continue
        tout = pa.concat_tables(attente).combine_chunks()
        coupe = _debut_de_la_derniere(tout)
        if coupe:
            yield tout.slice(0, coupe)
        attente = [tout.slice(coupe)]
    if attente:
        yield pa.concat_tables(attente).combine_chunks()


def _debut_de_la_derniere(table: pa.Table) -> int:
    cles = [table.column(c).chunk(0) for c in ("maille", "fin", "frequence")]
    autres = pc.or_(pc.or_(*(pc.not_equal(c, c[len(c) - 1]) for c in cles[:2])), pc.not_equal(cles[2], cles[2][-1]))
    rangs = np.flatnonzero(autres.to_numpy(zero_copy_only=False))
    return int(rangs[-1]) + 1 if len(rangs) else 0


def _range(table: pa.Table, code: str, lieux: Lieux) -> pa.Table:
    ids = table.column("territoire_id").to_numpy()
    rangs = np.where(ids < len(lieux.rangs), lieux.rangs[np.minimum(ids, len(lieux.rangs) - 1)], -1)
    table = table.append_column("rang", pa.array(rangs))
    if (rangs < 0).any():
        table = table.filter(pa.array(rangs >= 0))
    table = table.sort_by([(c, "ascending") for c in ("maille", "fin", "frequence", "rang")])
    secret = pc.equal(table.column("statut"), "Q")
    colonnes = {
        "indicateur": pa.array(np.full(table.num_rows, code, dtype=object), pa.string()),
        "territoire": lieux.codes.take(table.column("rang").combine_chunks()),
        "maille": _MAILLES.take(table.column("maille").combine_chunks()),
    }
    for nom in SCHEMA.names[3:]:
        colonne = table.column(nom)
        colonnes[nom] = _chiffre(colonne, secret) if nom in (*CHIFFRES[:4], "calculee") else colonne
    return pa.table(colonnes, schema=SCHEMA)


def _chiffre(colonne: pa.ChunkedArray, secret: pa.ChunkedArray) -> pa.ChunkedArray:
    """Nothing under secrecy, nothing that is not a number; a negative zero is zero."""
    utile = pc.and_(pc.is_finite(colonne), pc.invert(secret))
    return pc.add(pc.if_else(utile, colonne, pa.scalar(None, pa.float64())), 0.0)
