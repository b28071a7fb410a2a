"""Backgrounds of the map that a server may declare. Each is one foreign host, contacted by the reader's browser only
when the server declares it and the reader asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Fond:
    """``tuiles``: address of one tile, in Leaflet's words. ``hote``: the only one these addresses name."""

    nom: str
    hote: str
    tuiles: str


FONDS: Mapping[str, Fond] = MappingProxyType(
    {
        "geoplateforme": Fond(
            nom="Fond de carte IGN",
            hote="data.geopf.fr",
            tuiles="https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
            "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png&TILEMATRIXSET=PM"
            "&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
        ),
    }
)


def fond_declare(nom: str | None) -> Fond | None:
    """The background of that name; None when none is declared, or when its name is not one of ours."""
    return FONDS.get(nom or "")
