"""The catalogue as one HTML file: no script, no other host, readable on a phone, on paper and by a screen reader."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard.domain.formatage import compte, date_courte, date_longue, liste, nombre
from dashboard.exports.catalogue_entrees import FRAICHEURS, compose
from dashboard.exports.dcat_matiere import Matiere
from dashboard.exports.dcat_vocabulaire import THEMES

GABARITS = Path(__file__).parent / "gabarits"


def catalogue_html(matiere: Matiere, arrete: date, racine: str = "") -> bytes:
    """The page. ``racine``: address under which the files of the package are, as for the graph."""
    env = Environment(
        loader=FileSystemLoader(GABARITS), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    env.filters |= {"jour": date_courte, "nombre": nombre, "liste": liste}
    page = env.get_template("catalogue.html").render(
        c=compose(matiere, arrete), espace=matiere.espace, editeur=matiere.editeur, arrete=date_longue(arrete),
        racine=racine, themes=THEMES, mots=FRAICHEURS, compte=compte,
    )  # fmt: skip
    return page.encode("utf-8")
