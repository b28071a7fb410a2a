"""What is written around a map that leaves the screen: title, date, legend, sources."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entree:
    """One line of a legend: a class by its ``teinte``, what has no value by its ``motif``, or a circle by its
    ``rayon`` in pixels. ``nombre``: how many territories, or the value of the circle, as text."""

    texte: str
    nombre: str
    teinte: str | None = None
    motif: str | None = None
    rayon: float | None = None


@dataclass(frozen=True)
class Cartouche:
    """``phrase``: the map in one sentence. ``detail``: how to read the legend. ``notes``: sources, date."""

    titre: str
    phrase: str
    legende: str
    detail: str
    entrees: tuple[Entree, ...]
    notes: tuple[str, ...]
