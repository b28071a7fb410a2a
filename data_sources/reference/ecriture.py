"""Deterministic writers: same content, same bytes (no date, no machine, fixed order)."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry


def _texte(valeur: object) -> str:
    """Text of a cell: empty for None, a whole float without its decimal part."""
    if valeur is None:
        return ""
    if isinstance(valeur, float) and valeur.is_integer():
        return str(int(valeur))
    return str(valeur)


def write_csv(chemin: Path, colonnes: Sequence[str], lignes: Iterable[Mapping[str, object]]) -> None:
    """UTF-8, comma, LF; the order of the rows is the caller's."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    with chemin.open("w", encoding="utf-8", newline="") as flux:
        plume = csv.writer(flux, lineterminator="\n")
        plume.writerow(colonnes)
        plume.writerows([_texte(ligne[c]) for c in colonnes] for ligne in lignes)


def write_texte(chemin: Path, texte: str) -> None:
    """UTF-8, LF."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_text(texte, encoding="utf-8", newline="\n")


def write_json(chemin: Path, contenu: object) -> None:
    """Indented UTF-8 JSON ending with a newline."""
    write_texte(chemin, json.dumps(contenu, ensure_ascii=False, indent=1) + "\n")


def _feature(code: str, nom: str, forme: BaseGeometry) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"code": code, "nom": nom}, "geometry": mapping(forme)}


def write_geojson(chemin: Path, formes: Mapping[str, BaseGeometry], noms: Mapping[str, str]) -> None:
    """Gzipped FeatureCollection sorted by code, without any timestamp."""
    chemin.parent.mkdir(parents=True, exist_ok=True)
    collection = {
        "type": "FeatureCollection",
        "features": [_feature(code, noms[code], formes[code]) for code in sorted(formes)],
    }
    texte = json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
    chemin.write_bytes(gzip.compress(texte.encode("utf-8"), compresslevel=9, mtime=0))
