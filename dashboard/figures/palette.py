"""The colours of the product, checked for contrast and colour-blindness; shapes double them everywhere."""

from __future__ import annotations

ENCRE, ENCRE_SECONDE, FILET, FILET_FORT, ACCENT = "#1A2430", "#4F5A68", "#E6EAEF", "#8793A1", "#14466B"

STATUTS = {
    "retard": "#A31515",
    "surveiller": "#BF7600",
    "echu": "#4B3A86",
    "nonmesure": "#5B6675",
    "trajectoire": "#00766A",
}
TEXTES_STATUTS = STATUTS | {"surveiller": "#8A5200"}

SEQUENTIELLE = ("#D7E5EF", "#9CBDD4", "#598EB1", "#275F86", "#0C3654")
DIVERGENTE = ("#A9641C", "#E0AE6C", "#F6E8D4", "#CBE6E2", "#66B3A8", "#00665B")

_FORMES = {
    "retard": '<path d="M8 1 15 8 8 15 1 8Z" fill="{c}"/>',
    "surveiller": '<path d="M8 2 15 14H1Z" fill="{c}"/>',
    "echu": '<path d="M2 2h12v12H2Z" fill="{c}"/>',
    "nonmesure": '<circle cx="8" cy="8" r="6" fill="none" stroke="{c}" stroke-width="2" stroke-dasharray="3 2"/>',
    "trajectoire": '<circle cx="8" cy="8" r="6.5" fill="{c}"/>',
    "perime": '<path d="M1.5 1.5h13v13h-13zM2 9 9 2M4 14 14 4M9 14l5-5" fill="none" stroke="{c}" stroke-width="2"/>',
}


def forme(teinte: str) -> str:
    """The shape of a statut as a 16-pixel SVG: colour never speaks alone."""
    dessin = _FORMES[teinte].format(c=STATUTS.get(teinte, ENCRE_SECONDE))
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{dessin}</svg>'


def disque(rayon: float) -> str:
    """A circle of the map's legend, at its size in pixels."""
    cote = 2 * rayon + 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{cote:.1f}" height="{cote:.1f}"><circle cx="{rayon + 1:.1f}" '
        f'cy="{rayon + 1:.1f}" r="{rayon:.1f}" fill="{ACCENT}" fill-opacity="0.75" stroke="#FFFFFF"/></svg>'
    )


def palette_classes(nombre: int, divergente: bool) -> tuple[str, ...]:
    """``nombre`` colours of the scale, evenly taken."""
    echelle = DIVERGENTE if divergente else SEQUENTIELLE
    if nombre >= len(echelle):
        return echelle + (echelle[-1],) * (nombre - len(echelle))
    pas = (len(echelle) - 1) / max(1, nombre - 1)
    return tuple(echelle[round(i * pas)] for i in range(nombre))
