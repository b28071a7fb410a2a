"""sha256 of what was received: of the bytes of a file, or of the rows of a query."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd


def empreinte_fichier(fichier: Path) -> str:
    """sha256 of the bytes."""
    with fichier.open("rb") as flux:
        return hashlib.file_digest(flux, "sha256").hexdigest()


def empreinte_lignes(lignes: pd.DataFrame) -> str:
    """sha256 of column names and rows, in their order; the type of a cell counts (1 is not « 1 »)."""
    somme = hashlib.sha256("\x1f".join(map(str, lignes.columns)).encode())
    for nom in lignes.columns:
        somme.update("\x1f".join(map(repr, lignes[nom].tolist())).encode())
    return somme.hexdigest()
