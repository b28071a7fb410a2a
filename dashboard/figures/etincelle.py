"""A sparkline: the shape of a series in the height of a line of text."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.figures.palette import ACCENT

LARGEUR, HAUTEUR, POINTS = 64, 18, 16


def etincelle(valeurs: Sequence[float]) -> str:
    """SVG of the last values, the latest one marked; empty with fewer than two."""
    retenues = list(valeurs)[-POINTS:]
    if len(retenues) < 2:
        return ""
    bas, haut = min(retenues), max(retenues)
    pas, ecart = (LARGEUR - 6) / (len(retenues) - 1), (haut - bas) or 1.0
    points = [(2 + i * pas, HAUTEUR - 3 - (HAUTEUR - 6) * (v - bas) / ecart) for i, v in enumerate(retenues)]
    trait = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    x, y = points[-1]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LARGEUR}" height="{HAUTEUR}">'
        f'<polyline points="{trait}" fill="none" stroke="{ACCENT}" stroke-width="1.3"/>'
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="2.2" fill="{ACCENT}"/></svg>'
    )
