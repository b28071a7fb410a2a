"""``site/`` of a snapshot: a static, accessible site in French, which opens from a file without any network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dashboard.domain.formatage import date_longue
from dashboard.domain.instantane import empreinte_courte
from dashboard.domain.territoire import Maille
from dashboard.exports import site_accueil, site_indicateurs, site_outils, site_programmes, site_territoires
from dashboard.exports.instantane_contexte import Contexte
from dashboard.exports.portrait_lecture import Contours
from dashboard.exports.site_lecture import lis
from dashboard.exports.site_rendu import Rendu
from dashboard.exports.site_scripts import scripts

MENU = (
    ("accueil", "L'essentiel", "index.html"),
    ("politiques", "Politiques", "politiques.html"),
    ("carte", "Carte", "carte.html"),
    ("territoires", "Territoires", "territoires.html"),
    ("indicateurs", "Indicateurs", "indicateurs.html"),
    ("recherche", "Recherche", "recherche.html"),
    ("verifier", "Vérifier", "verifier.html"),
)
PAGES = (site_accueil.pages, site_programmes.pages, site_indicateurs.pages, site_outils.pages, site_territoires.pages)


def ecris_site(
    contexte: Contexte, contours: Mapping[Maille, Contours], dossier: Path, postaux: Mapping[str, Sequence[str]]
) -> None:
    """Writes every file of the site. ``contours``: light geometry by maille, empty when the espace has none.
    ``postaux``: postcodes by code of commune."""
    matiere = lis(contexte, contours, dossier)
    rendu = Rendu(dossier / "site", _commun(contexte))
    rendu.actifs()
    for cle, contenu in scripts(matiere, contours, postaux):
        rendu.script(cle, contenu)
    for rang, pages in enumerate(PAGES):
        contexte.progres("site", (1 + rang) / (1 + len(PAGES)))
        for page in pages(matiere):
            rendu.page(page)


def _commun(contexte: Contexte) -> dict[str, Any]:
    """What every page says: of which week, as of when, for whom, and the fingerprint of the content."""
    return {
        "menu": MENU,
        "semaine": str(contexte.semaine),
        "arrete": date_longue(contexte.arrete),
        "region": contexte.espace.nom,
        "empreinte": empreinte_courte(contexte.contenu),
        "audience": "" if contexte.audience == "public" else " interne, à ne pas diffuser",
        "correction": contexte.motif,
        "attribution": contexte.espace.attribution,
    }
