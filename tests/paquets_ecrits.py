"""Packages written for the tests in the agreed form: invented, small, without anything that the diff does not read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

SCHEMA = pa.schema([
    *[(c, pa.string()) for c in ("indicateur", "territoire", "maille")],
    ("debut", pa.date32()), ("fin", pa.date32()), ("frequence", pa.string()),
    *[(c, pa.float64()) for c in ("valeur", "numerateur", "denominateur")], ("n_unites", pa.int64()),
    *[(c, pa.float64()) for c in ("completude", "completude_population")],
    *[(c, pa.string()) for c in ("origine", "statut", "confidentialite")], ("calculee", pa.float64()),
])  # fmt: skip


def ecris_paquet(
    dossier: Path,
    semaine: str,
    observations: Iterable[Mapping[str, Any] | pa.Table],
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    espace: Mapping[str, Any] | None = None,
    *,
    arrete: str = "2026-11-23",
    audience: str = "public",
    empreintes: Mapping[str, str] | None = None,
) -> Path:
    """One folder. ``observations``: tables of one indicator each, or rows which are grouped by indicator."""
    paquet = dossier / semaine
    (paquet / "donnees").mkdir(parents=True)
    version = {"semaine": semaine, "audience": audience, "arrete": arrete, "cree_le": f"{arrete}T05:00:00Z"}
    _json(paquet / "version.json", version)
    ressources = [{"name": c.lower(), "path": c, "hash": f"sha256:{e}"} for c, e in (empreintes or {}).items()]
    _json(paquet / "datapackage.json", {"name": semaine.lower(), "resources": ressources})
    _json(paquet / "espace.json", {"espace": espace or {"indicateurs": []}, "sources": []})
    with pq.ParquetWriter(paquet / "donnees" / "observations.parquet", SCHEMA) as flux:
        for table in _groupes(list(observations)):
            flux.write_table(table)
    for nom, lignes in tables.items():
        cadre = pd.DataFrame(list(lignes))
        cadre.to_csv(paquet / "donnees" / f"{nom}.csv", index=False)
        if nom in ("resultats", "objectifs") and len(cadre):
            pq.write_table(pa.Table.from_pandas(cadre, preserve_index=False), paquet / "donnees" / f"{nom}.parquet")
    return paquet


def _groupes(observations: list[Mapping[str, Any] | pa.Table]) -> Iterable[pa.Table]:
    if observations and isinstance(observations[0], pa.Table):
        yield from observations
        return
    cles = ("indicateur", "maille", "fin", "frequence", "territoire")
    rangees = sorted((dict(o) for o in observations), key=lambda o: [str(o[c]) for c in cles])
    for indicateur in dict.fromkeys(o["indicateur"] for o in rangees):
        yield pa.Table.from_pylist([o for o in rangees if o["indicateur"] == indicateur], schema=SCHEMA)


def _json(chemin: Path, contenu: Mapping[str, Any]) -> None:
    chemin.write_text(json.dumps(contenu, ensure_ascii=False, sort_keys=True), "utf-8")
