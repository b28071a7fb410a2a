"""Portraits from an application: what the command line and the page both ask."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.bootstrap import Application
from dashboard.domain.territoire import Maille, maille_de
from dashboard.exports import portrait_lecture
from dashboard.exports.portrait_donnees import portrait
from dashboard.exports.portrait_lecture import Contours, Fonds
from dashboard.exports.portrait_pdf import Imprimeur
from dashboard.serving.geometrie import fichier_geometrie
from dashboard.store.moteur import Engine, lecture

LOT = 250
"""Territories whose figures are in memory at once: all the EPCI of a région, a tenth of its communes."""


def donnees(
    app: Application, codes: Sequence[str], arrete: date, commun: Fonds | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The data of each portrait, in the order given; read in bulk, never one territory at a time.

    ``commun``: what :func:`prepare` has already read, for the same date.
    """
    if commun is None:
        commun = prepare(app, arrete, contours_utiles(app.reglages.espace, codes))
    yield from donnees_depuis(app.moteur, commun, codes)


def donnees_depuis(moteur: Engine, commun: Fonds, codes: Sequence[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The data of each portrait from what they share."""
    for debut in range(0, len(codes), LOT):
        siens = codes[debut : debut + LOT]
        with lecture(moteur) as connexion:
            fonds = portrait_lecture.avec_series(connexion, commun, siens)
        yield from ((code, portrait(fonds, code)) for code in siens)


def prepare(app: Application, arrete: date, contours: Mapping[Maille, Contours]) -> Fonds:
    """What the portraits of every territory share at one date."""
    with lecture(app.moteur) as connexion:
        return portrait_lecture.charge(connexion, app.lecteur, app.espace, arrete, contours)


def contours_utiles(espace: Path, codes: Sequence[str]) -> dict[Maille, Contours]:
    """The geometries that the portraits of these territories draw. ``espace``: its folder."""
    return {m: c for m in _mailles(codes) if (c := contours_de(espace, m)) is not None}


def pdf(app: Application, code: str, arrete: date, commun: Fonds | None = None) -> bytes:
    """One portrait as a PDF."""
    ((_, contenu),) = donnees(app, [code], arrete, commun)
    return Imprimeur().pdf(contenu)


def _mailles(codes: Sequence[str]) -> set[Maille]:
    """The geometries that the maps need: a commune is shown in its EPCI."""
    mailles = {Maille.REGION, Maille.DEPARTEMENT, *(maille_de(c) for c in codes)}
    return mailles | {Maille.EPCI} if Maille.COMMUNE in mailles else mailles


def contours_de(espace: Path, maille: Maille, version: str = "legere") -> dict[str, Any] | None:
    """The GeoJSON of a maille; None when the espace does not draw it."""
    try:
        chemin = fichier_geometrie(espace, maille.value, version).chemin
    except FileNotFoundError:
        return None
    contenu: dict[str, Any] = json.loads(gzip.decompress(chemin.read_bytes()))
    return contenu
