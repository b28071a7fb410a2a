"""Reads one file of a supplier: given by hand, or the newest that matches the source's pattern in the drop folder."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath, PureWindowsPath

import pandas as pd

from dashboard.domain.source import Source
from data_sources.connectors import Acces, Livraison, LivraisonIllisible, SourceIndisponible
from data_sources.connectors.classeur import lis_classeur
from data_sources.connectors.empreinte import empreinte_fichier
from data_sources.connectors.gardes import CHIFFRE, verifie_taille
from data_sources.connectors.geo import lis_geojson, lis_geopackage
from data_sources.connectors.parquet import lis_parquet
from data_sources.connectors.texte import lis_texte

TETE = 64 << 10
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NON_LUS = {b"%PDF": "PDF", b"\x1f\x8b": "gzip", b"7z\xbc\xaf": "7z", b"Rar!": "RAR", b"\x89PNG": "image"}
ADMIS = "Formats lus : CSV, TSV, XLSX, ODS, Parquet, GeoJSON, GeoPackage."


def lis(source: Source, acces: Acces) -> Livraison:
    """The rows of the file. Raises :class:`SourceIndisponible` (no file), :class:`LivraisonIllisible`."""
    fichier = acces.fichier if acces.fichier is not None else _plus_recent(source, acces.depot)
    from data_sources.identifiants import nom_tu

    nom = nom_tu(" ".join(fichier.name.split()))
    try:
        avant = fichier.stat()
        lignes = lis_fichier(fichier, source)
        sha256 = empreinte_fichier(fichier)
        apres = fichier.stat()
    except LivraisonIllisible as erreur:
        raise LivraisonIllisible(f"Source « {source.id} », fichier « {nom} » : {erreur}") from erreur
    except OSError as erreur:
        raise SourceIndisponible(
            f"Source « {source.id} », fichier « {nom} » : absent ou illisible. Vérifier son nom et ses droits."
        ) from erreur
    if (avant.st_size, avant.st_mtime_ns) != (apres.st_size, apres.st_mtime_ns):
        raise SourceIndisponible(
            f"Source « {source.id} », fichier « {nom} » : en cours d'écriture. Relancer plus tard."
        )
    return Livraison(lignes, sha256, f"fichier · {nom}", fichier)


def lis_fichier(fichier: Path, source: Source) -> pd.DataFrame:
    """The rows of a file, indexed by line; its first bytes tell its format. Raises :class:`LivraisonIllisible`."""
    if not fichier.is_file():
        raise FileNotFoundError(fichier)
    verifie_taille(fichier)
    with fichier.open("rb") as flux:
        tete = flux.read(TETE)
    if tete.startswith(b"PK"):
        return lis_classeur(fichier, source)
    if tete.startswith(b"PAR1"):
        return lis_parquet(fichier)
    if tete.startswith(b"SQLite format 3\0"):
        return _geopackage(fichier, tete, source)
    _refuse_connus(tete)
    if tete.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return _geojson(fichier, tete, source)
    return lis_texte(fichier, source)


def _geopackage(fichier: Path, tete: bytes, source: Source) -> pd.DataFrame:
    if tete[68:72] not in (b"GPKG", b"GP10", b"GP11"):
        raise LivraisonIllisible(f"base SQLite, non lue par fichier. {ADMIS}")
    return lis_geopackage(fichier, source.lecture.couche)


def _geojson(fichier: Path, tete: bytes, source: Source) -> pd.DataFrame:
    if not re.search(rb'"type"\s*:\s*"FeatureCollection"', tete):
        raise LivraisonIllisible(f"JSON qui n'est pas une collection GeoJSON (« FeatureCollection »). {ADMIS}")
    return lis_geojson(fichier, source.lecture.couche)


def _refuse_connus(tete: bytes) -> None:
    if tete.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in tete:
            raise LivraisonIllisible(CHIFFRE)
        raise LivraisonIllisible(
            "classeur d'ancien format (.xls) ou protégé. L'enregistrer en .xlsx sans mot de passe."
        )
    format_connu = next((n for magie, n in NON_LUS.items() if tete.startswith(magie)), None)
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|[a-z]+[ >:/])", tete, re.IGNORECASE):
        format_connu = "page web ou XML"
    if format_connu:
        raise LivraisonIllisible(f"format non lu ({format_connu}). {ADMIS}")


def _plus_recent(source: Source, depot: Path) -> Path:
    """The newest file that matches the pattern; names that editors and transfers use for unfinished work are left."""
    motif = source.url
    if not motif:
        raise SourceIndisponible(
            f"Source « {source.id} » : ses fichiers viennent à la main. Lancer import FICHIER --source {source.id}."
        )
    if _sort_du_depot(motif):
        raise LivraisonIllisible(
            f"Source « {source.id} » : motif « {motif} » hors du dossier de dépôt. Le rendre relatif, sans « .. »."
        )
    trouves = [f for f in depot.glob(motif) if f.is_file() and not _provisoire(f.name)]
    if not trouves:
        raise SourceIndisponible(
            f"Source « {source.id} » : aucun fichier « {motif} ». En déposer un dans le dossier de dépôt "
            f"(« {depot.name} »), ou lancer import FICHIER --source {source.id}."
        )
    choisi = max(trouves, key=lambda f: (f.stat().st_mtime_ns, f.name))
    if not choisi.resolve().is_relative_to(depot.resolve()):
        raise LivraisonIllisible(
            f"Source « {source.id} », fichier « {choisi.name} » : lien hors du dossier de dépôt. Y copier le fichier."
        )
    return choisi


def _sort_du_depot(motif: str) -> bool:
    parties = PurePosixPath(motif.replace("\\", "/")).parts
    return motif.startswith(("/", "\\", "~")) or bool(PureWindowsPath(motif).drive) or ".." in parties


def _provisoire(nom: str) -> bool:
    return nom.startswith((".", "~$")) or nom.lower().endswith((".part", ".tmp", ".crdownload", ".filepart"))
