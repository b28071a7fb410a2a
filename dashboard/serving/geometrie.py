"""Geometry files of an espace by a URL that names their content: kept for a year, never stale."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dashboard.domain.territoire import Maille

RACINE_GEOMETRIE = "/actifs/geometrie"
VERSIONS = ("legere", "complete")

_MAILLES = tuple(maille.value for maille in Maille)
_DEMANDE = re.compile(rf"([0-9a-f]{{16}})/({'|'.join(_MAILLES)})_({'|'.join(VERSIONS)})\.geojson")


@dataclass(frozen=True)
class FichierGeometrie:
    """One `.geojson.gz` of an espace and the fingerprint of its bytes (16 hexadecimal digits)."""

    chemin: Path
    empreinte: str

    @property
    def url(self) -> str:
        """Address under which the browser fetches it, always on our host."""
        return f"{RACINE_GEOMETRIE}/{self.empreinte}/{self.chemin.name.removesuffix('.gz')}"

    def lis(self) -> bytes:
        """The GeoJSON itself, as bytes."""
        return gzip.decompress(self.chemin.read_bytes())


def fichier_geometrie(espace: Path, maille: str, version: str = "legere") -> FichierGeometrie:
    """The geometry file of a maille, `legere` (simplified) or `complete`.

    Raises ValueError for an unknown maille or version, FileNotFoundError when the espace lacks it.
    """
    if maille not in _MAILLES or version not in VERSIONS:
        raise ValueError(
            f"Géométrie '{maille}_{version}' inconnue. Mailles : {', '.join(_MAILLES)} ; "
            f"versions : {', '.join(VERSIONS)}."
        )
    chemin = espace / "reference" / "geometrie" / f"{maille}_{version}.geojson.gz"
    if not chemin.is_file():
        raise FileNotFoundError(f"Géométrie '{chemin}' absente. Reconstruire le référentiel de l'espace.")
    etat = chemin.stat()
    return FichierGeometrie(chemin, _empreinte(chemin, etat.st_mtime_ns, etat.st_size))


def fichier_demande(espace: Path, demande: str) -> FichierGeometrie | None:
    """The file that `{empreinte}/{maille}_{version}.geojson` asks for; None unless all three match."""
    trouve = _DEMANDE.fullmatch(demande)
    if trouve is None:
        return None
    try:
        fichier = fichier_geometrie(espace, trouve[2], trouve[3])
    except FileNotFoundError:
        return None
    return fichier if fichier.empreinte == trouve[1] else None


@lru_cache(maxsize=64)
def _empreinte(chemin: Path, _modifie_ns: int, _octets: int) -> str:
    return hashlib.sha256(chemin.read_bytes()).hexdigest()[:16]
