"""Map of thousands of territories in a few KB: geometry behind a URL, values as a short text."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import folium
import numpy as np
import numpy.typing as npt
from branca.element import MacroElement
from folium.template import Template

ABSENT, SECRET, SANS_OBJET = "m", "s", "n"
SPECIAUX = ABSENT + SECRET + SANS_OBJET
RAYON_MAXIMAL = 30.0

_FACULTATIFS = ("cadre", "limite", "choisis", "noms", "jumelle", "fond")
_OCTETS_MAXIMUM = 6  # a browser counts exactly up to 53 bits
_BUDGET_EXACTES = 8_200  # characters: leaves a map change of 3,685 territories under 10 KB
_CENTRE_FRANCE = (46.5, 2.5)
# By character code: the class of a digit, or -3, -2, -1 for what has none.
_RANGS = np.zeros(128, dtype=np.int64)
_RANGS[[ord(c) for c in "012345678" + SPECIAUX]] = [*range(9), *range(-len(SPECIAUX), 0)]


@dataclass(frozen=True)
class Bibliotheque:
    """URLs of Leaflet and of our script and styles, on our own host."""

    js: tuple[str, ...]
    css: tuple[str, ...]


@dataclass(frozen=True)
class ValeursExactes:
    """Values rounded as displayed, encoded with their class: under two bytes each (see `encode_valeurs`).

    `octets`: bytes of the largest number, three but for values over many orders of magnitude."""

    texte: str
    bases: tuple[int, ...]
    minimums: tuple[int, ...]
    decimales: int
    unite: str
    signe: bool
    octets: int = 3


@dataclass(frozen=True)
class Cercles:
    """Proportional circles: `rayon` in pixels for `maximum`, area proportional to the value."""

    rayon: float
    maximum: float


@dataclass(frozen=True)
class ContenuCarte:
    """All that a map shows. `chiffres` has one character per feature of the geometry, in its order:
    the class `0` to `8`, or `m` missing, `s` secret, `n` not applicable. `hauteur` in pixels.

    What follows weighs nothing when it is not asked: `cadre` (west, south, east, north, in degrees) frames the view,
    `limite` outlines the territory it frames, `choisis` those selected, `noms` writes the names of places, by code;
    `jumelle`: another map of the page moves with this one; `fond`: address of the tiles under the territories."""

    titre: str
    geometrie: str
    chiffres: str
    palette: tuple[str, ...]
    libelles: tuple[str, ...]
    contours: str | None = None
    exactes: ValeursExactes | None = None
    cercles: Cercles | None = None
    selection: str | None = None
    hauteur: int = 520
    cadre: tuple[float, float, float, float] | None = None
    limite: str | None = None
    choisis: tuple[str, ...] = ()
    noms: tuple[str, ...] = ()
    jumelle: bool = False
    fond: str | None = None

    def comprime(self) -> str:
        """JSON for the browser, deflated, as text. Exact values carry the classes and replace them.

        Too many exact values for the byte budget leave the classes alone, which tooltips then show;
        circles always keep theirs.
        """
        champs = asdict(self)
        if self.cercles is None and self.exactes and len(self.exactes.texte) > _BUDGET_EXACTES:
            champs["exactes"] = None
        if champs["exactes"]:
            champs |= {"chiffres": "", "libelles": ()}
        champs = {cle: v for cle, v in champs.items() if v or cle not in _FACULTATIFS}
        texte = json.dumps(champs, ensure_ascii=False, separators=(",", ":"))
        return en_texte(zlib.compress(texte.encode("utf-8"), 9))


def encode_valeurs(
    chiffres: str,
    valeurs: Sequence[float | None],
    decimales: int,
    unite: str = "",
    *,
    signe: bool = False,
) -> ValeursExactes:
    """Exact values for tooltips and circles, with their class.

    A value is read only where `chiffres` has a class: what is missing or secret never leaves the server.
    Rounding is half away from zero, as everywhere on screen. Raises ValueError when lengths differ.
    """
    if len(chiffres) != len(valeurs):
        raise ValueError(f"Carte : {len(chiffres)} classes pour {len(valeurs)} valeurs. En donner autant des deux.")
    etendue = np.nanmax(np.abs(np.array(valeurs, dtype=np.float64)), initial=0.0) * 10**decimales
    if etendue >= 2.0 ** (8 * _OCTETS_MAXIMUM):
        raise ValueError(f"Carte : valeurs trop étendues pour {decimales} décimales. En déclarer moins.")
    entiers, minimums, bases = _numerote(chiffres, valeurs, decimales)
    octets = max(3, (int(entiers.max(initial=0)).bit_length() + 7) // 8)
    return ValeursExactes(_en_plans(entiers, octets), bases, minimums, decimales, unite, signe, octets)


def _numerote(
    chiffres: str, valeurs: Sequence[float | None], decimales: int
) -> tuple[npt.NDArray[np.int64], tuple[int, ...], tuple[int, ...]]:
    """Number each (class, displayed value) pair from 3 up; 0, 1, 2 are missing, secret, not applicable."""
    classes = _RANGS[np.frombuffer(chiffres.encode("ascii"), dtype=np.uint8)]
    arrondis = _arrondit(np.nan_to_num(np.array(valeurs, dtype=np.float64)), decimales)
    entiers = classes + len(SPECIAUX)
    minimums, bases, suivant = [], [], len(SPECIAUX)
    for classe in range(int(classes.max(initial=-1)) + 1):
        membres = arrondis[classes == classe]
        bas, haut = (int(membres.min()), int(membres.max())) if membres.size else (0, -1)
        entiers[classes == classe] = membres - bas + suivant
        minimums.append(bas)
        bases.append(suivant)
        suivant += haut - bas + 1
    return entiers, tuple(minimums), tuple(bases)


def _arrondit(valeurs: npt.NDArray[np.float64], decimales: int) -> npt.NDArray[np.int64]:
    unites = np.round(np.abs(valeurs) * 10**decimales, 6)
    return np.asarray(np.sign(valeurs) * np.floor(unites + 0.5), dtype=np.int64)


def _en_plans(entiers: npt.NDArray[np.int64], octets: int) -> str:
    """Low bytes of all numbers, then middle bytes, then high ones, each deflated with its own statistics."""
    compresseur = zlib.compressobj(9)
    morceaux = b""
    for rang in range(octets):
        plan = ((entiers >> (8 * rang)) & 0xFF).astype(np.uint8).tobytes()
        morceaux += compresseur.compress(plan) + compresseur.flush(zlib.Z_FULL_FLUSH)
    return en_texte(morceaux + compresseur.flush())


def en_texte(octets: bytes) -> str:
    """Base 64: none of its characters is escaped by JSON or read by a template, and the wire's deflate undoes it."""
    return base64.b64encode(octets).decode("ascii")


class _Montage(MacroElement):
    """Adds our empty layers as soon as the map exists, so that st_folium listens to their clicks."""

    _template = Template("{% macro script(this, kwargs) %}boussole.monte(map_div);{% endmacro %}")


class _Peinture(MacroElement):
    """Shows a content on the mounted map."""

    _template = Template("{% macro script(this, kwargs) %}boussole.peint('{{ this.contenu }}');{% endmacro %}")

    def __init__(self, contenu: ContenuCarte) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Peinture"
        self.contenu = contenu.comprime()


def fond_de_carte(bibliotheque: Bibliotheque) -> folium.Map:
    """Base map without tiles. Its script is the same for every content: st_folium never remounts it."""
    carte = folium.Map(
        location=_CENTRE_FRANCE,
        tiles=None,
        prefer_canvas=True,
        zoom_start=5,
        zoom_control=False,
        attribution_control=False,
        scroll_wheel_zoom=False,
        zoom_snap=0.1,
        max_zoom=13,
    )
    carte._template = Template(_GABARIT)
    carte.default_js = [(f"js_{rang}", url) for rang, url in enumerate(bibliotheque.js)]
    carte.default_css = [(f"css_{rang}", url) for rang, url in enumerate(bibliotheque.css)]
    carte.add_child(_Montage())  # type: ignore[no-untyped-call]
    return carte


# folium's own template without its header: no viewport that forbids zooming, no inline style, no script.
_GABARIT = """
{% macro html(this, kwargs) %}<div class="folium-map" id={{ this.get_name()|tojson }} ></div>{% endmacro %}
{% macro script(this, kwargs) %}
var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }},
  {center: {{ this.location|tojson }}, dragging: !L.Browser.mobile, ...{{ this.options|tojavascript }}});
{% endmacro %}
"""


def couche_de_valeurs(contenu: ContenuCarte) -> folium.FeatureGroup:
    """The layer to give to st_folium's `feature_group_to_add`: only this changes from one map to the next."""
    groupe = folium.FeatureGroup(name="valeurs")
    groupe.add_child(_Peinture(contenu))
    return groupe


def rayon(valeur: float, maximum: float, rayon_maximal: float = RAYON_MAXIMAL) -> float:
    """Radius in pixels of a proportional circle, for the legend: area proportional to the value."""
    return float(rayon_maximal * np.sqrt(valeur / maximum)) if maximum > 0 and valeur > 0 else 0.0


# The same 6-pixel tiles as assets/lecture.js draws on the map.
MOTIFS = {
    ABSENT: '<path d="M-1 1L1-1M0 6L6 0M5 7L7 5" stroke="#46525F" stroke-width="1.1"/>',
    SECRET: '<g fill="#46525F"><circle cx="1.5" cy="1.5" r=".9"/><circle cx="4.5" cy="4.5" r=".9"/></g>',
    SANS_OBJET: '<path d="M0 0h6v6H0z" fill="#E6EAEF"/><path d="M3 1v4M1 3h4" stroke="#8793A1" stroke-width=".8"/>',
}
_TUILE = '<pattern id="t" width="6" height="6" patternUnits="userSpaceOnUse">{}</pattern>'


def pastille(chiffre: str) -> str:
    """Legend swatch of a special digit, 22 × 15, as a `data:` SVG address for an `<img>`. KeyError when unknown."""
    return f"data:image/svg+xml;base64,{base64.b64encode(dessin_pastille(chiffre).encode()).decode('ascii')}"


def dessin_pastille(chiffre: str) -> str:
    """The same swatch as SVG text: that of ``assets/motif_*.svg``, which a page names instead of carrying it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="22" height="15">{_TUILE.format(MOTIFS[chiffre])}'
        '<path d="M.5.5h21v14H.5z" fill="url(#t)" stroke="#8793A1"/></svg>'
    )
