"""How values spread, as a small SVG in the colours of their map classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dashboard.figures.methodes import Valeurs

LARGEUR, HAUTEUR, BARRES = 240, 36, 30


def histogramme(valeurs: Valeurs, seuils: Sequence[float], palette: Sequence[str]) -> str:
    """Bars of equal span over the bulk of the values; the end bars gather the extremes."""
    bas, haut = np.quantile(valeurs, [0.02, 0.95])
    if haut <= bas:
        bas, haut = float(valeurs.min()), float(valeurs.max()) + 1e-9
    bornes = np.linspace(bas, haut, BARRES + 1)
    comptes, _ = np.histogram(np.clip(valeurs, bas, haut), bornes)
    classes = np.searchsorted(np.asarray(seuils), (bornes[:-1] + bornes[1:]) / 2, side="right")
    pas, echelle = LARGEUR / BARRES, (HAUTEUR - 2) / max(1, comptes.max())
    chemins = []
    for classe in np.unique(classes):
        barres = "".join(
            f"M{i * pas:.0f} {HAUTEUR}v-{max(1, round(comptes[i] * echelle))}h{pas - 1:.0f}V{HAUTEUR}"
            for i in np.flatnonzero((classes == classe) & (comptes > 0))
        )
        chemins.append(f'<path fill="{palette[min(int(classe), len(palette) - 1)]}" d="{barres}"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LARGEUR} {HAUTEUR}"><g stroke="#8793A1" '
        f'stroke-width=".4">{"".join(chemins)}</g></svg>'
    )
