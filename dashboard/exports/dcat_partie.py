"""Catalogue and lineage as a part of a snapshot; and the catalogue of the files of a package that is published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dashboard.domain.instantane import MANIFESTE
from dashboard.exports.dcat import catalogue
from dashboard.exports.dcat_matiere import Fichier, Matiere, matiere
from dashboard.exports.instantane_contexte import Contexte
from dashboard.exports.lignage import lignage
from dashboard.exports.rdf import ECRITURES, turtle
from dashboard.store.moteur import lecture

CATALOGUE, LIGNAGE = "catalogue", "lignage.ttl"


def ecris_catalogue(contexte: Contexte, dossier: Path) -> None:
    """Writes ``catalogue.ttl``, ``catalogue.jsonld`` and ``lignage.ttl``; their addresses are those of the package."""
    lue = _matiere(contexte, dossier)
    graphe = catalogue(lue)
    for extension, ecris in ECRITURES.items():
        (dossier / f"{CATALOGUE}.{extension}").write_bytes(ecris(graphe))
    (dossier / LIGNAGE).write_bytes(turtle(lignage(lue, contexte.code)))


def _matiere(contexte: Contexte, dossier: Path) -> Matiere:
    couvertures = {b.indicateur: (b.debut, b.derniere) for b in contexte.bilan if b.debut and b.derniere}
    fichiers = fichiers_de(dossier, contexte.sommes)
    with lecture(contexte.moteur) as connexion:
        return matiere(
            connexion, contexte.lecteur, contexte.espace, contexte.sources, fichiers, contexte.adresse, couvertures
        )


def fichiers_de(paquet: Path, sommes: Mapping[str, str]) -> dict[str, Fichier]:
    """The data files of a package, by path, from their sha256."""
    return {
        chemin: Fichier(chemin, (paquet / chemin).stat().st_size, somme)
        for chemin, somme in sorted(sommes.items())
        if chemin.startswith("donnees/")
    }


def fichiers_publies(paquet: Path) -> dict[str, Fichier]:
    """The same for a package that is sealed, from its manifest."""
    lignes = (paquet / MANIFESTE).read_text("utf-8").splitlines()
    return fichiers_de(paquet, {ligne[66:]: ligne[:64] for ligne in lignes})
