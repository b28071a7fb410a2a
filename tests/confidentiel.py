"""A home with an open, a shared and an internal dataset, and the words a public reader may not meet.

Everything is invented.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

from tests import mini, paquets

GFU, LIBELLE, SOURCE, NOM = "jeu_invisible", "Jeu invisible", "reserve_gfu", "Fichier confié"
PRODUCTEUR, PARTENAIRE, CHIFFRE = "Producteur taisible", "Partenaire taisible", "424243"
INTERDITS = (
    GFU, LIBELLE, SOURCE, NOM, PRODUCTEUR, "taisible", PARTENAIRE, CHIFFRE, "424 243", "convention-secrete",
    "effectif_interne", "resultat_interne", "Programme fermé", paquets.INTERDIT, "424 242",
)  # fmt: skip
CONVENTION = {
    "partenaires": [PARTENAIRE], "finalite": "Essai de finalité taisible.", "licence": "Licence taisible",
    "reference": "convention-secrete", "signee_le": "2026-01-01", "jusqu_au": "2099-12-31", "diffusion": "gfu",
}  # fmt: skip


def installe(espace_mini: Path, ou: Path, acces: str = "gfu", **convention: Any) -> Path:
    """The home, filled. ``acces``, ``convention``: what a test changes of the source and of its agreement."""
    espace = shutil.copytree(espace_mini, ou / "modele")
    partage(espace, acces, **convention)
    (ou / "maison").mkdir()
    return paquets.installe(espace, ou / "maison")


def partage(espace: Path, acces: str = "gfu", **convention: Any) -> None:
    """Adds to an espace a source shared under an agreement, its producer and its indicator, itself declared open."""
    declare = yaml.safe_load((espace / "espace.yml").read_text("utf-8"))
    declare["producteurs"].append({"id": "taisible", "nom": PRODUCTEUR, "sigle": "PT"})
    _ecris(espace / "espace.yml", declare)
    comptes = yaml.safe_load((espace / "sources" / "comptes.yml").read_text("utf-8"))
    remplace = {"indicateur": f"'{GFU}' AS indicateur", "valeur": f"{CHIFFRE} AS valeur"}
    colonnes = ", ".join(remplace.get(c, c) for c in mini.FOURNIES)
    requete = f"SELECT {colonnes} FROM lignes WHERE indicateur = 'effectif'"
    attentes = {"variation_lignes_max": 100, "constantes_admises": [GFU], "heritages_admis": [GFU]}
    gfu = {"id": SOURCE, "nom": NOM, "acces": acces, "requete": requete, "producteur": "taisible", "attentes": attentes}
    _ecris(espace / "sources" / f"{SOURCE}.yml", comptes | gfu | {"convention": CONVENTION | convention})
    effectif = yaml.safe_load((espace / "indicateurs" / "effectif.yml").read_text("utf-8"))
    jeu = {"id": GFU, "libelle": LIBELLE, "libelle_court": LIBELLE, "source": SOURCE, "producteur": "taisible"}
    _ecris(espace / "indicateurs" / f"{GFU}.yml", effectif | jeu)


def _ecris(fichier: Path, contenu: dict[str, Any]) -> None:
    fichier.write_text(yaml.safe_dump(contenu, allow_unicode=True, sort_keys=False), "utf-8")
