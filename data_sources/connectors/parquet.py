"""A Parquet file, and any Arrow table, as rows: each column keeps its type, whole numbers stay whole."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data_sources.connectors import LivraisonIllisible
from data_sources.connectors.entete import acheve, noms_uniques

CELLULES_MAX = 100_000_000
OCTETS_MAX = 2 << 30
ABIME = "fichier Parquet abîmé ou chiffré. Demander un nouvel envoi."


def lis_parquet(fichier: Path) -> pd.DataFrame:
    """The rows of a Parquet file, ranked from 1. Texts are unfolded only once their size is known."""
    try:
        with pq.ParquetFile(fichier) as ouvert:
            _exige_lisible(ouvert.metadata)
            textes = [
                c.name for c in ouvert.schema_arrow if pa.types.is_string(c.type) or pa.types.is_large_string(c.type)
            ]
        with pq.ParquetFile(fichier, read_dictionary=textes) as ouvert:
            return en_lignes(ouvert.read())
    except LivraisonIllisible:
        raise
    except (pa.ArrowException, OSError, ValueError, OverflowError) as erreur:
        raise LivraisonIllisible(ABIME) from erreur


def _exige_lisible(metadonnees: pq.FileMetaData) -> None:
    cellules = metadonnees.num_rows * metadonnees.num_columns
    if cellules > CELLULES_MAX:
        raise LivraisonIllisible(
            f"{metadonnees.num_rows} lignes sur {metadonnees.num_columns} colonnes, au plus {CELLULES_MAX} cellules. "
            "Le découper."
        )
    octets = sum(metadonnees.row_group(r).total_byte_size for r in range(metadonnees.num_row_groups))
    if octets > OCTETS_MAX:
        raise LivraisonIllisible(f"{octets >> 20} Mio une fois déplié, au plus {OCTETS_MAX >> 20}. Le découper.")


def en_lignes(table: pa.Table) -> pd.DataFrame:
    """An Arrow table as rows, its binary columns (shapes) left aside."""
    gardees = [c for c in table.schema.names if not _binaire(table.schema.field(c).type)] if _uniques(table) else None
    if gardees is not None:
        table = table.select(gardees)
    _exige_depliable(table)
    noms = noms_uniques(table.schema.names)
    colonnes = [_nue(colonne) for colonne in table.columns]
    lignes = pa.table(colonnes, names=noms).to_pandas(integer_object_nulls=True, date_as_object=False)
    lignes.index = pd.RangeIndex(1, len(lignes) + 1)
    return acheve(lignes, table.schema.names)


def _uniques(table: pa.Table) -> bool:
    return len(set(table.schema.names)) == len(table.schema.names)


def _binaire(genre: pa.DataType) -> bool:
    return any(t(genre) for t in (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary))


def _exige_depliable(table: pa.Table) -> None:
    """A short file may repeat one long text a million times."""
    octets = 0
    for colonne in table.columns:
        for morceau in colonne.chunks if pa.types.is_dictionary(colonne.type) else []:
            longueurs = pc.binary_length(morceau.dictionary).take(morceau.indices)
            octets += pc.sum(pc.cast(longueurs, pa.int64())).as_py() or 0
    if octets > OCTETS_MAX:
        raise LivraisonIllisible(
            f"{octets >> 20} Mio de texte une fois déplié, au plus {OCTETS_MAX >> 20}. Le découper."
        )


def _nue(colonne: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """The column under a type that pandas keeps: no dictionary, no extension; what is nested becomes text."""
    genre = colonne.type
    if isinstance(genre, pa.BaseExtensionType):
        return _nue(pa.chunked_array([m.storage for m in colonne.chunks], genre.storage_type))
    if pa.types.is_dictionary(genre):
        return _nue(colonne.cast(genre.value_type))
    if pa.types.is_string(genre):
        return colonne.cast(pa.large_string())
    if pa.types.is_nested(genre):
        return pa.array([None if v is None else str(v) for v in colonne.to_pylist()], pa.large_string())
    return colonne
