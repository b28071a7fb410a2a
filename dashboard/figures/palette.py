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
    """``nombre`` colours of the scale, evenly taken; between its own when there are more."""
    return _etale(DIVERGENTE if divergente else SEQUENTIELLE, nombre)


def palette_centree(sous: int, sur: int) -> tuple[str, ...]:
    """``sous`` colours of the low side of the diverging scale, then ``sur`` of its high side: the centre stays one."""
    moitie = len(DIVERGENTE) // 2
    bas, haut = DIVERGENTE[:moitie], DIVERGENTE[moitie:]
    seul_bas, seul_haut = (bas[1],), (haut[1],)
    return (seul_bas if sous == 1 else _etale(bas, sous)) + (seul_haut if sur == 1 else _etale(haut, sur))


def _etale(echelle: tuple[str, ...], nombre: int) -> tuple[str, ...]:
    """``nombre`` colours from one end of the scale to the other; a single one is its first."""
    pas = (len(echelle) - 1) / max(1, nombre - 1)
    if nombre <= len(echelle):
        return tuple(echelle[round(i * pas)] for i in range(nombre))
    return tuple(_entre(echelle, i * pas) for i in range(nombre))


def _entre(echelle: tuple[str, ...], place: float) -> str:
    rang = min(int(place), len(echelle) - 2)
    a, b = (bytes.fromhex(c[1:]) for c in echelle[rang : rang + 2])
    part = place - rang
    return "#" + "".join(f"{round(x + (y - x) * part):02X}" for x, y in zip(a, b, strict=True))


# Météo: what people judge. Four drawings that no colour is needed to tell apart.
_NUAGE = (
    '<path d="M4.6 {bas}a3.1 3.1 0 0 1-.4-6.2 4.2 4.2 0 0 1 8-.4A3.3 3.3 0 0 1 11.6 {bas}Z" fill="{fond}" {trait}/>'
)
_SOLEIL = (
    '<circle cx="8" cy="8" r="3.4" fill="#BF7600"/><path d="M8 .8v2.4M8 12.8v2.4M.8 8h2.4M12.8 8h2.4M2.9 2.9l1.7 1.7'
    'M11.4 11.4l1.7 1.7M13.1 2.9l-1.7 1.7M4.6 11.4l-1.7 1.7" stroke="#BF7600" stroke-width="1.7" fill="none"/>'
)
_BORD = 'stroke="#4F5A68" stroke-width="1.2"'
_CIELS = {
    "soleil": _SOLEIL,
    "couvert": f'<g transform="translate(-1.2 -1.4) scale(.8)">{_SOLEIL}</g>'
    + _NUAGE.format(bas="14.4", fond="#FFFFFF", trait=_BORD),
    "nuage": _NUAGE.format(bas="13", fond="#8793A1", trait=_BORD),
    "orage": _NUAGE.format(bas="10.4", fond="#4F5A68", trait="")
    + '<path d="M8.9 8.2 5.7 12.4h2.2L6.9 16l4.3-4.9H8.8l1.5-2.9Z" fill="#A31515" stroke="#FFFFFF" stroke-width=".7"/>',
}


def ciel(meteo: str) -> str:
    """The shape of a météo (soleil, couvert, nuage, orage) as a 16-pixel SVG."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{_CIELS[meteo]}</svg>'
