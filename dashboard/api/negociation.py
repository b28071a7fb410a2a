"""Which format a reader wants: the parameter ``format``, else the Accept header."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.api.erreurs import Probleme, cite

TYPES = {"json": "application/json", "csv": "text/csv", "geojson": "application/geo+json", "html": "text/html"}


def forme_voulue(formats: Sequence[str], demandee: str | None, accepte: str | None) -> str:
    """One of ``formats``, the first when nothing is preferred. Raises :class:`Probleme` (406)."""
    if demandee is not None:
        return demandee
    if not accepte:
        return formats[0]
    poids = dict(_lis(part) for part in accepte[:1000].split(","))
    notes = {f: _note(TYPES[f], poids) for f in formats}
    meilleur = max(formats, key=lambda f: notes[f])  # the first of equals
    if notes[meilleur] == 0:
        servis = ", ".join(TYPES[f] for f in formats)
        raise Probleme(
            406, f"En-tête Accept {cite(accepte)} : aucun de ces formats n'est servi ici. Servis : {servis}."
        )
    return meilleur


def _lis(part: str) -> tuple[str, float]:
    genre, *autres = (x.strip().lower() for x in part.split(";"))
    for autre in autres:
        if autre.startswith("q="):
            try:
                return genre, min(max(float(autre[2:]), 0.0), 1.0)
            except ValueError:
                return genre, 0.0
    return genre, 1.0


def _note(genre: str, poids: dict[str, float]) -> float:
    """The most precise range wins."""
    for motif in (genre, f"{genre.partition('/')[0]}/*", "*/*"):
        if motif in poids:
            return poids[motif]
    return 0.0
