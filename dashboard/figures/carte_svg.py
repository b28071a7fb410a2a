"""A map as one SVG to print or to paste: classes, outlines and legend of the screen, and where it comes from."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np
import numpy.typing as npt
from shapely.geometry import shape

from dashboard.figures.carte import MOTIFS, ContenuCarte, rayon
from dashboard.figures.cartouche import Cartouche, Entree
from dashboard.figures.palette import ENCRE, ENCRE_SECONDE, FILET_FORT

LARGEUR, CARTE, MARGE, HAUT_MAXIMAL = 1200, 830, 30, 900
POLICE = "Source Sans 3, Arial, Liberation Sans, Libertinus Serif, sans-serif"
Bornes = tuple[float, float, float, float]
Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Projection:
    """Equirectangular at the mean latitude, fitted to the width (or to the tallest height). ``hauteur`` in pixels."""

    ouest: float
    nord: float
    pas_x: float
    pas_y: float
    hauteur: float

    @classmethod
    def sur(cls, bornes: Bornes) -> Projection:
        """Shows ``bornes`` (west, south, east, north)."""
        ouest, sud, est, nord = bornes
        cosinus = float(np.cos(np.radians((sud + nord) / 2)))
        pas = min(CARTE / ((est - ouest) * cosinus), HAUT_MAXIMAL / (nord - sud))
        return cls(ouest, nord, pas * cosinus, pas, (nord - sud) * pas)

    def __call__(self, points: Any) -> Points:
        p = np.asarray(points, dtype=np.float64)[:, :2]
        return np.column_stack([(p[:, 0] - self.ouest) * self.pas_x, (self.nord - p[:, 1]) * self.pas_y])


def carte_svg(
    contenu: ContenuCarte,
    cartouche: Cartouche,
    geometrie: Mapping[str, Any],
    contours: Mapping[str, Any],
    valeurs: Sequence[float],
) -> str:
    """The whole sheet. ``geometrie``: GeoJSON in the order of ``contenu.chiffres`` and ``valeurs``."""
    projette = Projection.sur(contenu.cadre or bornes(geometrie))
    corps = _territoires(contenu, geometrie, projette) + _contours(contours, contenu.limite, projette)
    if contenu.cercles:
        corps += _cercles(contenu, geometrie, valeurs, projette)
    corps += _voile(contours, contenu.limite, projette) + _choisis(contenu.choisis, geometrie, projette)
    noms = _noms(contenu.noms, (geometrie, contours), projette)
    titre, haut = _lignes(cartouche.titre, 72, MARGE, 46, 26, gras=True)
    phrase, haut = _lignes(cartouche.phrase, 125, MARGE, haut + 4, 16)
    legende, bas_legende = _legende(cartouche, CARTE + 2 * MARGE, haut + 14)
    bas = max(haut + projette.hauteur, bas_legende) + 26
    notes, fin = _notes(cartouche.notes, bas)
    decoupe = f'<clipPath id="c"><path d="M0 0h{CARTE}v{projette.hauteur:.0f}H0z"/></clipPath>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LARGEUR} {fin:.0f}" width="{LARGEUR}" '
        f'height="{fin:.0f}" font-family="{POLICE}" role="img"><title>{escape(cartouche.titre)}</title>'
        f"<desc>{escape(cartouche.phrase)}</desc><defs>{decoupe}{_motifs()}</defs>"
        f'<path d="M0 0h{LARGEUR}v{fin:.0f}H0z" fill="#FFFFFF"/>{titre}{phrase}'
        f'<g transform="translate({MARGE} {haut:.0f})"><g clip-path="url(#c)">{corps}{noms}</g></g>'
        f"{legende}{notes}</svg>"
    )


def bornes(geometrie: Mapping[str, Any]) -> Bornes:
    """West, south, east and north of a GeoJSON collection."""
    points = np.concatenate([np.asarray(a)[:, :2] for f in geometrie["features"] for a in _anneaux(f["geometry"])])
    (ouest, sud), (est, nord) = points.min(axis=0), points.max(axis=0)
    return float(ouest), float(sud), float(est), float(nord)


def _anneaux(geometrie: Mapping[str, Any]) -> Iterator[Any]:
    polygones = geometrie["coordinates"]
    for polygone in [polygones] if geometrie["type"] == "Polygon" else polygones:
        yield from polygone


def _chemin(geometrie: Mapping[str, Any], projette: Projection) -> str:
    morceaux = []
    for anneau in _anneaux(geometrie):
        p = projette(anneau[:-1])
        morceaux.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in p.tolist()) + "Z")
    return "".join(morceaux)


def _territoires(contenu: ContenuCarte, geometrie: Mapping[str, Any], projette: Projection) -> str:
    """One path a class: thousands of territories in a few elements."""
    par_classe: dict[str, list[str]] = defaultdict(list)
    for chiffre, trait in zip(contenu.chiffres, geometrie["features"], strict=True):
        par_classe[chiffre].append(_chemin(trait["geometry"], projette))
    epaisseur = 0.3 if len(contenu.chiffres) > 1000 else 0.7
    bord = "#B4BDC8" if contenu.cercles else "#FFFFFF"
    return "".join(
        f'<path d="{"".join(chemins)}" fill="{_fond(contenu, c)}" fill-rule="evenodd" stroke="{bord}" '
        f'stroke-width="{epaisseur}"/>'
        for c, chemins in sorted(par_classe.items())
    )


def _fond(contenu: ContenuCarte, chiffre: str) -> str:
    if chiffre in MOTIFS:
        return f"url(#{chiffre})"
    return "#F3F5F8" if contenu.cercles else contenu.palette[int(chiffre)]


def _motifs() -> str:
    return "".join(
        f'<pattern id="{c}" width="6" height="6" patternUnits="userSpaceOnUse"><path d="M0 0h6v6H0z" fill="#FFFFFF"/>'
        f"{dessin}</pattern>"
        for c, dessin in MOTIFS.items()
    )


def _contours(contours: Mapping[str, Any], limite: str | None, projette: Projection) -> str:
    def trait(code: str) -> str:
        return f'fill="none" stroke="{ENCRE}" stroke-width="{2.4 if code == limite else 1}"'

    return "".join(
        f'<path d="{_chemin(f["geometry"], projette)}" {trait(f["properties"]["code"])}/>' for f in contours["features"]
    )


def _voile(contours: Mapping[str, Any], limite: str | None, projette: Projection) -> str:
    """What surrounds the framed territory is paler, as on screen."""
    dedans = next((_chemin(f["geometry"], projette) for f in contours["features"]
                   if limite and f["properties"]["code"] == limite), "")  # fmt: skip
    if not dedans:
        return ""
    return (
        f'<path d="M0 0h{CARTE}v{projette.hauteur:.0f}H0z{dedans}" fill="#FFFFFF" fill-opacity="0.5" '
        f'fill-rule="evenodd"/><path d="{dedans}" fill="none" stroke="{ENCRE}" stroke-width="2.4"/>'
    )


def _choisis(codes: Sequence[str], geometrie: Mapping[str, Any], projette: Projection) -> str:
    chemins = [_chemin(f["geometry"], projette) for f in geometrie["features"] if f["properties"]["code"] in codes]
    traits = (("#FFFFFF", 6), (ENCRE, 3))
    return "".join(
        f'<path d="{"".join(chemins)}" fill="none" stroke="{c}" stroke-width="{e}"/>' for c, e in traits if chemins
    )


def _cercles(
    contenu: ContenuCarte, geometrie: Mapping[str, Any], valeurs: Sequence[float], projette: Projection
) -> str:
    reglage = contenu.cercles
    if reglage is None:
        return ""
    publiees = zip(contenu.chiffres, valeurs, strict=True)
    tailles = [0.0 if c in MOTIFS else rayon(v, reglage.maximum, reglage.rayon) for c, v in publiees]
    ordre = sorted((i for i, r in enumerate(tailles) if r > 0), key=lambda i: -tailles[i])
    ronds = ((_centre(geometrie["features"][i], projette), max(0.9, tailles[i])) for i in ordre)
    disques = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}"/>' for (x, y), r in ronds)
    return f'<g fill="{contenu.palette[0]}" fill-opacity=".75" stroke="#FFFFFF" stroke-width=".8">{disques}</g>'


def _centre(trait: Mapping[str, Any], projette: Projection) -> tuple[float, float]:
    forme: Any = shape(trait["geometry"])
    plus_grand = max(getattr(forme, "geoms", [forme]), key=lambda g: float(g.area))
    x, y = projette([plus_grand.centroid.coords[0]])[0]
    return float(x), float(y)


def _noms(codes: Sequence[str], collections: Iterable[Mapping[str, Any]], projette: Projection) -> str:
    traits = {f["properties"]["code"]: f for c in reversed(list(collections)) for f in c["features"]}
    places = [(traits[c], *_centre(traits[c], projette)) for c in codes if c in traits]
    return "".join(_nom(t, x, y) for t, x, y in places if 0 <= x <= CARTE and 0 <= y <= projette.hauteur)


def _nom(trait: Mapping[str, Any], x: float, y: float) -> str:
    """One name, and its point when it is a town."""
    lieu = trait["properties"]["code"].startswith("COM-")
    point = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{ENCRE}" stroke="#FFFFFF"/>' if lieu else ""
    return (
        f'{point}<text x="{x + 6 if lieu else x:.1f}" y="{y + 4.5:.1f}" font-size="13.5" font-weight="600" '
        f'fill="{ENCRE}" text-anchor="{"start" if lieu else "middle"}" stroke="#FFFFFF" stroke-width="3" '
        f'stroke-linejoin="round" paint-order="stroke">{escape(trait["properties"]["nom"])}</text>'
    )


def _texte(x: float, y: float, taille: float, texte: str, **plus: str) -> str:
    attributs = "".join(f' {c.replace("_", "-")}="{v}"' for c, v in plus.items())
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{taille}"{attributs}>{escape(texte)}</text>'


def _lignes(
    texte: str, largeur: int, x: float, y: float, taille: float, *, gras: bool = False, teinte: str = ENCRE
) -> tuple[str, float]:
    """A text cut in lines; and the height that follows it."""
    lignes = textwrap.wrap(texte, largeur) if texte else []
    graisse = "600" if gras else "400"
    dessin = "".join(
        _texte(x, y + i * taille * 1.3, taille, ligne, fill=teinte, font_weight=graisse)
        for i, ligne in enumerate(lignes)
    )
    return dessin, y + len(lignes) * taille * 1.3


def _notes(notes: Sequence[str], y: float) -> tuple[str, float]:
    morceaux = []
    for note in notes:
        dessin, y = _lignes(note, 190, MARGE, y, 12.5, teinte=ENCRE_SECONDE)
        morceaux.append(dessin)
    return "".join(morceaux), y + 10


def _legende(cartouche: Cartouche, x: float, y: float) -> tuple[str, float]:
    titre, y = _lignes(cartouche.legende, 34, x, y + 12, 17, gras=True)
    detail, y = _lignes(cartouche.detail, 46, x, y + 2, 13, teinte=ENCRE_SECONDE)
    morceaux, y = [titre, detail], y + 8
    for entree in cartouche.entrees:
        hauteur = max(24.0, 2 * (entree.rayon or 0) + 8)
        morceaux.append(_ligne(entree, x, y, hauteur))
        y += hauteur
    return "".join(morceaux), y


def _ligne(entree: Entree, x: float, y: float, hauteur: float) -> str:
    milieu, cadre = y + hauteur / 2, f'stroke="{FILET_FORT}" stroke-width="1"'
    if entree.rayon is not None:
        rond = f'cx="{x + 34:.1f}" cy="{milieu:.1f}" r="{entree.rayon:.1f}"'
        signe = f'<circle {rond} fill="{entree.teinte}" fill-opacity=".75"/>'
    else:
        fond = f"url(#{entree.motif})" if entree.motif else entree.teinte
        signe = f'<path d="M{x:.0f} {milieu - 8:.0f}h24v16h-24z" fill="{fond}" {cadre}/>'
    texte = _texte(x + (76 if entree.rayon is not None else 34), milieu + 5, 15, entree.texte, fill=ENCRE)
    nombre = _texte(LARGEUR - MARGE, milieu + 5, 15, entree.nombre, fill=ENCRE, font_weight="600", text_anchor="end")
    return signe + texte + nombre
