"""Builds the embedded curated database: the CSV files of an espace, as tables of one SQLite file.

It stands for a région's warehouse: Boussole reads it through the SQL connector like any other.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path

import pandas as pd

from dashboard.domain.reference import population_courante
from dashboard.espace import lis_fichiers


def construit(espace: Path, millesime: int, cible: Path) -> bool:
    """Builds ``cible`` when the CSV files changed since it was built. True when it was built."""
    fichiers = sorted((espace / "base_curee").glob("*.csv"))
    cadres, empreinte_reference = lis_fichiers(espace / "reference")
    empreinte = _empreinte(fichiers, empreinte_reference)
    if _empreinte_construite(cible) == empreinte:
        return False
    tables = {f.stem: pd.read_csv(f, dtype=object, keep_default_na=False, na_values=[""]) for f in fichiers}
    tables["population"] = cadres["populations"]
    tables["population_geographie_courante"] = population_courante(cadres["populations"], cadres["passage"], millesime)
    tables["territoire"] = cadres["territoires"][cadres["territoires"]["millesime_fin"].isna()]
    cible.parent.mkdir(parents=True, exist_ok=True)
    neuve = cible.with_suffix(".tmp")
    neuve.unlink(missing_ok=True)
    _ecris(neuve, tables, empreinte)
    os.replace(neuve, cible)
    return True


def _empreinte(fichiers: list[Path], reference: str) -> str:
    somme = hashlib.sha256(reference.encode())
    for fichier in fichiers:
        somme.update(fichier.name.encode() + fichier.read_bytes())
    return somme.hexdigest()


def _empreinte_construite(cible: Path) -> str | None:
    if not cible.is_file():
        return None
    connexion = sqlite3.connect(cible)
    try:
        return str(connexion.execute("SELECT empreinte FROM construction").fetchone()[0])
    except sqlite3.Error:
        return None
    finally:
        connexion.close()


def _ecris(cible: Path, tables: dict[str, pd.DataFrame], empreinte: str) -> None:
    connexion = sqlite3.connect(cible)
    try:
        for nom, cadre in tables.items():
            _typee(cadre).to_sql(nom, connexion, index=False)
        pd.DataFrame({"empreinte": [empreinte]}).to_sql("construction", connexion, index=False)
        connexion.commit()
    finally:
        connexion.close()


def _typee(cadre: pd.DataFrame) -> pd.DataFrame:
    """Columns that are numbers throughout become numbers; codes and labels stay text."""
    typee: pd.DataFrame = cadre.apply(lambda colonne: _nombre(colonne) if colonne.dtype == object else colonne)
    return typee


def _nombre(colonne: pd.Series) -> pd.Series:
    nombres = pd.to_numeric(colonne, errors="coerce")
    return nombres if nombres.notna().eq(colonne.notna()).all() else colonne
