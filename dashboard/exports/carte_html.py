"""A map as one HTML file that opens from a disk, without a network: Leaflet, geometry, values and table inside."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from pathlib import Path
from string import Template

import pandas as pd

from dashboard.domain.formatage import nombre
from dashboard.figures.carte import ContenuCarte, en_texte, pastille
from dashboard.figures.cartouche import Cartouche, Entree
from dashboard.figures.palette import disque

GABARIT = Path(__file__).parent / "gabarits" / "carte.html"
GEOMETRIE, CONTOURS = "geometrie", "contours"


@dataclass(frozen=True)
class Ressources:
    """Texts of the scripts, in the order they run, and of the styles. ``fonds``: GeoJSON bytes of the territories and
    of the outlines drawn over them."""

    scripts: tuple[str, ...]
    styles: tuple[str, ...]
    fonds: Mapping[str, bytes]


def carte_html(contenu: ContenuCarte, cartouche: Cartouche, table: pd.DataFrame, r: Ressources) -> bytes:
    """The file. Every text from outside is escaped, and the page itself refuses any other host."""
    fonds = {nom: en_texte(zlib.compress(octets, 9)) for nom, octets in r.fonds.items()}
    sien = replace(contenu, geometrie=GEOMETRIE, contours=CONTOURS, hauteur=640, jumelle=False, fond=None)
    champs = {
        "titre": escape(cartouche.titre),
        "phrase": escape(cartouche.phrase),
        "legende": escape(cartouche.legende),
        "detail": escape(cartouche.detail),
        "entrees": "".join(map(_entree, cartouche.entrees)),
        "notes": "".join(f"<p>{escape(n)}</p>" for n in cartouche.notes),
        "tableau": _tableau(table),
        "styles": "\n".join(re.sub(r"url\([^)]*\)", "none", s) for s in r.styles),
        "scripts": "".join(f"<script>{_inoffensif(s)}</script>" for s in r.scripts),
        "fonds": _litteral(fonds),
        "contenu": _litteral(sien.comprime()),
    }
    return _gabarit().substitute(champs).encode("utf-8")


@cache
def _gabarit() -> Template:
    return Template(GABARIT.read_text(encoding="utf-8"))


def _inoffensif(script: str) -> str:
    """A script that cannot close its own element, nor name a map of its own."""
    return re.sub(r"//# sourceMappingURL=.*", "", script).replace("</script", "<\\/script")


def _litteral(valeur: object) -> str:
    """A JavaScript literal in which no markup can start."""
    return json.dumps(valeur, ensure_ascii=False).replace("<", "\\u003c")


def _entree(e: Entree) -> str:
    if e.motif:
        signe = f'<img src="{pastille(e.motif)}" alt="" width="22" height="15">'
    elif e.rayon is not None:
        signe = disque(e.rayon)
    else:
        signe = f'<span style="width:22px;height:15px;border:1px solid #8793a1;background:{e.teinte}"></span>'
    return f"<li>{signe}<span>{escape(e.texte)}</span><b>{escape(e.nombre)}</b></li>"


def _tableau(table: pd.DataFrame) -> str:
    tetes = "".join(f'<th scope="col">{escape(str(c))}</th>' for c in table.columns)
    decimales = {c: _decimales(table[c]) for c in table.columns if pd.api.types.is_float_dtype(table[c])}
    lignes: Sequence[tuple[object, ...]] = list(table.itertuples(index=False, name=None))
    corps = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(_cellule(v, decimales.get(c)))}</td>" for c, v in zip(table.columns, ligne, strict=True)
        )
        + "</tr>"
        for ligne in lignes
    )
    return f"<table><thead><tr>{tetes}</tr></thead><tbody>{corps}</tbody></table>"


def _decimales(colonne: pd.Series) -> int:
    """Decimals that the rounded values of a column really have, four at most."""
    connues = colonne.dropna()
    return next((d for d in range(4) if bool((connues.round(d) == connues).all())), 4)


def _cellule(valeur: object, decimales: int | None) -> str:
    if decimales is not None:
        return nombre(float(str(valeur)), decimales) if pd.notna(valeur) else ""  # type: ignore[call-overload]
    return "" if valeur is None else str(valeur)
