"""A package as one zip file: what is mailed to someone, who reads and verifies it with nothing else."""

from __future__ import annotations

import os
import threading
import zipfile
from pathlib import Path

COMPRESSES = {".parquet", ".pdf", ".xlsx", ".png", ".gz", ".zip"}
"""Already compressed inside: deflating them again takes seconds and gains nothing."""
JOUR_ZERO = (1980, 1, 1, 0, 0, 0)


def ecris_archive(paquet: Path, cible: Path) -> Path:
    """Writes ``cible`` whole or not at all; the same package is the same bytes. Raises ``OSError``.

    Its one folder is named by the week, ``boussole-2026-W48``, so that two weeks unzipped together stay apart.
    """
    cible.parent.mkdir(parents=True, exist_ok=True)
    provisoire = cible.with_name(f".{cible.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        with zipfile.ZipFile(provisoire, "w", strict_timestamps=True) as archive:
            for fichier in sorted(f for f in paquet.rglob("*") if f.is_file()):
                _range(archive, fichier, f"boussole-{paquet.name}/{fichier.relative_to(paquet).as_posix()}")
        provisoire.replace(cible)
    finally:
        provisoire.unlink(missing_ok=True)
    return cible


def _range(archive: zipfile.ZipFile, fichier: Path, nom: str) -> None:
    entree = zipfile.ZipInfo(nom, JOUR_ZERO)
    entree.external_attr = 0o644 << 16
    entree.compress_type = zipfile.ZIP_STORED if fichier.suffix in COMPRESSES else zipfile.ZIP_DEFLATED
    with fichier.open("rb") as lu, archive.open(entree, "w", force_zip64=True) as ecrit:
        while bloc := lu.read(1 << 20):
            ecrit.write(bloc)
