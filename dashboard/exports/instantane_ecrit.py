"""Tables written as CSV and Parquet from the same Arrow batches, hashed as they go: same rows, same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from dashboard.exports.instantane_schema import Table

ZSTD = 3


class Fichier:
    """A file written once, from start to end, whose sha256 and size are known when it is closed."""

    def __init__(self, chemin: Path) -> None:
        chemin.parent.mkdir(parents=True, exist_ok=True)
        self._fichier, self._somme, self.octets = chemin.open("xb", buffering=1 << 20), hashlib.sha256(), 0
        self.closed = False

    def write(self, octets: Any) -> int:
        """Appends."""
        self._somme.update(octets)
        n = self._fichier.write(octets)
        self.octets += n
        return n

    def tell(self) -> int:
        """Bytes so far."""
        return self.octets

    def flush(self) -> None:
        """To the system."""
        self._fichier.flush()

    def close(self) -> None:
        """Ends it; twice is once."""
        self._fichier.close()
        self.closed = True

    @property
    def sha256(self) -> str:
        """Fingerprint of what was written."""
        return self._somme.hexdigest()


class EnCsv:
    """Comma, decimal point, UTF-8, a missing value as nothing: exact, for machines."""

    def __init__(self, chemin: Path, schema: pa.Schema, *, nu: bool = False) -> None:
        """``nu``: no quote, for texts that never need one."""
        self.fichier = Fichier(chemin)
        options = pa_csv.WriteOptions(quoting_style="none" if nu else "needed")
        self._ecrit = pa_csv.CSVWriter(self.fichier, schema, write_options=options)

    def ecris(self, table: pa.Table) -> None:
        """Appends rows."""
        self._ecrit.write_table(table)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _g: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self._ecrit.close()
        self.fichier.close()


class EnParquet:
    """zstd, dictionaries, statistics; one row group a call."""

    def __init__(self, chemin: Path, schema: pa.Schema) -> None:
        self.fichier = Fichier(chemin)
        self._ecrit = pq.ParquetWriter(self.fichier, schema, compression="zstd", compression_level=ZSTD)

    def ecris(self, table: pa.Table) -> None:
        """Appends one row group."""
        self._ecrit.write_table(table, row_group_size=max(1, table.num_rows))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _g: type[BaseException] | None, _e: BaseException | None, _t: TracebackType | None) -> None:
        self._ecrit.close()
        self.fichier.close()


def ecris_table(dossier: Path, table: Table, lignes: Sequence[Mapping[str, Any]]) -> None:
    """``donnees/<table>.csv``, and Parquet when the table says so. The rows are sorted by the primary key."""
    triees = sorted(lignes, key=lambda x: tuple(_ordre(x[c]) for c in table.cle))
    arrow = pa.Table.from_pylist(triees, schema=table.schema)
    with EnCsv(dossier / "donnees" / f"{table.nom}.csv", table.schema) as csv:
        csv.ecris(arrow)
    if table.parquet:
        with EnParquet(dossier / "donnees" / f"{table.nom}.parquet", table.schema) as parquet:
            parquet.ecris(arrow)


def _ordre(valeur: Any) -> Any:
    """A missing text first."""
    return "" if valeur is None else valeur
