"""One silhouette for every kind of source: ``lis(source, acces)`` gives a :class:`Livraison`, or None when unchanged.

A connector reads and says where it read; it converts nothing that the format does not type itself. What the columns
mean is the business of the pipeline.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from dashboard.domain.source import Source

# Read by GDAL when it starts: no driver that opens other files or other hosts than the one it is given.
os.environ.setdefault(
    "OGR_SKIP", "OGR_VRT,GDALG,WFS,OAPIF,OGCAPI,CSW,HTTP,NGW,Elasticsearch,Carto,AmigoCloud,PLSCENES,EEDA"
)


class SourceIndisponible(RuntimeError):
    """The source cannot be reached now; the message names it, the cause and the remedy. To be tried again."""


class LivraisonIllisible(ValueError):
    """The source answered something that cannot be read; the message names it, what is wrong and the remedy."""


@dataclass(frozen=True)
class Acces:
    """What a connector may use.

    ``env``: settings that hold addresses. ``depot``: folder where suppliers drop files. ``fichier``: a file given by
    hand, instead of the one the source names. ``validateurs``: ETag and Last-Modified of the last successful pull.
    """

    base_curee: Path
    depot: Path
    env: Mapping[str, str] = field(default_factory=dict)
    fichier: Path | None = None
    validateurs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Livraison:
    """What was received. ``lignes``: the supplier's columns; its index is the line in the file (1 is the first line),
    or the rank of the row where there is no file. ``sha256``: of the bytes, or of the rows. ``origine``: what was
    read, without any secret.
    """

    lignes: pd.DataFrame
    sha256: str
    origine: str
    fichier: Path | None = None
    validateurs: Mapping[str, str] = field(default_factory=dict)


Connecteur = Callable[[Source, Acces], Livraison | None]
