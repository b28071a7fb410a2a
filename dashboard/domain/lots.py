"""Which lots of a source are in force: an undo is a lot of its own, and may be undone in its turn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class LotPublie(NamedTuple):
    """A published lot; ``annule``: the lot it undoes, None for a delivery."""

    id: int
    annule: int | None = None


def en_vigueur(lots: Iterable[LotPublie], *, complete: bool) -> tuple[int, ...]:
    """Deliveries in force, oldest first. ``complete``: a delivery replaces all the earlier ones."""
    annules: set[int] = set()
    livraisons: list[int] = []
    for lot in sorted(lots, reverse=True):
        if lot.id in annules:
            continue
        if lot.annule is not None:
            annules.add(lot.annule)
        else:
            livraisons.append(lot.id)
    livraisons.reverse()
    return tuple(livraisons[-1:] if complete else livraisons)


def lots_annules(lots: Iterable[LotPublie]) -> dict[int, int]:
    """Each lot of a source undone today, with the lot that undoes it; an undo that is itself undone does not count."""
    annules: dict[int, int] = {}
    for lot in sorted(lots, reverse=True):
        if lot.id not in annules and lot.annule is not None:
            annules[lot.annule] = lot.id
    return annules
