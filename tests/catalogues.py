"""A home whose tiny, invented espace has what a catalogue must tell and what it must hide."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml
from rdflib import Graph

from dashboard import instantanes
from dashboard.instantane_parties import PARTIES
from tests import paquets

RESERVE = "Jeu confidentiel d'essai"
SEULE = [p for p in PARTIES if p.nom == "catalogue et lignage"]
BASE = "https://exemple.invalid/paquet/"


def installe(espace_mini: Path, ou: Path) -> Path:
    """A home with a public source that declares all, and a restricted one that completes a closed indicator."""
    espace = shutil.copytree(espace_mini, ou / "modele")
    comptes = _lis(espace / "sources" / "comptes.yml")
    fiche = {"themes": ["SOCI"], "mots_cles": ["essai"], "forte_valeur": ["statistiques"],
             "page": "https://exemple.invalid/comptes"}  # fmt: skip
    requete = f"{comptes['requete']} WHERE indicateur = 'effectif_interne'"
    reserve = {"id": "reserve", "nom": RESERVE, "acces": "interne", "requete": requete}
    _ecris(espace / "sources" / "reserve.yml", comptes | reserve)
    _ecris(espace / "sources" / "comptes.yml", comptes | {"licence": "Licence Ouverte 2.0", "fiche": fiche})
    for fichier in (espace / "indicateurs").glob("*.yml"):
        declare = _lis(fichier) | {"licence": "Licence Ouverte 2.0"}
        _ecris(fichier, declare | ({"complements": ["reserve"]} if declare["id"] == "effectif_interne" else {}))
    (ou / "maison").mkdir()
    return paquets.installe(espace, ou / "maison")


def publie(home: Path, audience: str = "public", **env: str) -> Path:
    """Its package of the week, with catalogue and lineage."""
    app = paquets.ouvre(home, **env)
    fait = instantanes.cree(app, audience, maintenant=paquets.SEMAINES["2026-W48"], parties=SEULE)
    app.moteur.dispose()
    return fait.chemin


def lis(fichier: Path) -> Graph:
    """A catalogue as a portal reads it, at the address of its package."""
    return Graph().parse(fichier, format="turtle" if fichier.suffix == ".ttl" else "json-ld", publicID=BASE)


def _lis(fichier: Path) -> dict[str, object]:
    lu: dict[str, object] = yaml.safe_load(fichier.read_text("utf-8"))
    return lu


def _ecris(fichier: Path, contenu: dict[str, object]) -> None:
    fichier.write_text(yaml.safe_dump(contenu, allow_unicode=True, sort_keys=False), "utf-8")
