"""How the static site is written: templates that escape every text, scripts of data, files of its own; fixed bytes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dashboard.domain.apports import METEOS
from dashboard.domain.formatage import avec_unite, nombre, pourcentage
from dashboard.exports.portrait_donnees import COULEURS
from dashboard.figures.carte import ABSENT, SECRET, dessin_pastille
from dashboard.figures.palette import STATUTS, ciel, forme
from dashboard.figures.portrait import POLICE as POLICE_IMPRIMEE

GABARITS = Path(__file__).parent / "gabarits" / "site"
ACTIFS = Path(__file__).resolve().parents[2] / "assets"
POLICES_ECRAN = "Arial, Liberation Sans, sans-serif"


@dataclass(frozen=True)
class Page:
    """One page: its address in the site, its template, its title, the entry of the menu it is under, its data."""

    chemin: str
    gabarit: str
    titre: str
    rubrique: str
    donnees: Mapping[str, Any]

    @property
    def racine(self) -> str:
        """What leads back to the first folder of the site."""
        return "../" * self.chemin.count("/")


class Rendu:
    """Writes the files of one site under ``dossier``. ``commun``: what every page says."""

    def __init__(self, dossier: Path, commun: Mapping[str, Any]) -> None:
        self.dossier, self._commun = dossier, commun
        self._env = Environment(
            loader=FileSystemLoader(GABARITS), autoescape=True, undefined=StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._env.filters |= {"svg": svg, "nombre": nombre, "pourcentage": pourcentage, "unite": avec_unite}
        self._env.globals |= {"meteos": METEOS}

    def page(self, page: Page) -> None:
        """One HTML file. Raises ValueError when its data would hide what every page says."""
        if doubles := sorted(self._commun.keys() & page.donnees.keys()):
            raise ValueError(
                f"Page « {page.chemin} » : « {doubles[0]} » est déjà dit par toutes les pages, le renommer."
            )
        gabarit = self._env.get_template(page.gabarit)
        texte = gabarit.render(self._commun, page=page, racine=page.racine, **page.donnees)
        self._ecris(page.chemin, insecables(texte))

    def script(self, cle: str, contenu: Any) -> None:
        """``donnees/<cle>.js``: a classic script that hands its data over, which ``file://`` allows."""
        self._ecris(f"donnees/{cle}.js", f"boussole.recoit({litteral(cle)},{litteral(contenu)});\n")

    def actifs(self) -> None:
        """Styles, scripts, fonts and drawings that pages share."""
        ou = self.dossier / "actifs"
        ou.mkdir(parents=True)
        for fichier in sorted((GABARITS / "actifs").iterdir()):
            shutil.copyfile(fichier, ou / fichier.name)
        shutil.copyfile(ACTIFS / "logo.svg", ou / "logo.svg")
        styles = (ACTIFS / "style.css").read_text("utf-8") + (GABARITS / "actifs" / "site.css").read_text("utf-8")
        self._ecris("actifs/site.css", styles + _mesures())
        for teinte in (*STATUTS, "perime"):
            self._ecris(f"actifs/forme_{teinte}.svg", forme(teinte))
        for meteo in METEOS:
            self._ecris(f"actifs/ciel_{meteo}.svg", ciel(meteo))
        for chiffre in (ABSENT, SECRET):
            self._ecris(f"actifs/motif_{chiffre}.svg", dessin_pastille(chiffre))

    def _ecris(self, chemin: str, texte: str) -> None:
        fichier = self.dossier / chemin
        fichier.parent.mkdir(parents=True, exist_ok=True)
        fichier.write_bytes(texte.encode("utf-8"))


def svg(dessin: str) -> Markup:
    """A drawing of our own figures, whose texts they escaped, with the fonts of the site."""
    ecran = dessin.replace(f'font-family="{POLICE_IMPRIMEE}"', "").replace(f'font-family="{POLICES_ECRAN}"', "")
    return Markup(ecran.replace(' xmlns="http://www.w3.org/2000/svg"', ' aria-hidden="true" focusable="false"', 1))


def insecables(texte: str) -> str:
    """French signs never begin a line, nor are left alone at its end."""
    for avant, apres in (("« ", "«\u00a0"), *((f" {s}", f"\u00a0{s}") for s in "»;:!?")):
        texte = texte.replace(avant, apres)
    return texte


def litteral(valeur: Any) -> str:
    """A JavaScript literal in which no markup can start."""
    texte = json.dumps(valeur, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return texte.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _mesures() -> str:
    """Widths and places in percent as classes: the policy of the pages forbids styles written in them."""
    largeurs = "".join(f".l-{n}{{width:{n}%}}.g-{n}{{left:{n}%}}" for n in range(101))
    return f"{largeurs}:root{{--encre:{COULEURS['encre']}}}\n"
