"""The catalogue of today, wired: the datasets of the store, with the files of the package that is published last."""

from __future__ import annotations

from rdflib import Graph

from dashboard import instantanes
from dashboard.bootstrap import Application
from dashboard.exports import publication
from dashboard.exports.dcat import catalogue
from dashboard.exports.dcat_matiere import matiere
from dashboard.exports.dcat_partie import fichiers_publies
from dashboard.instantanes import LECTEURS
from dashboard.store.moteur import lecture, verifie


def du_jour(app: Application, audience: str = "public", racine: str | None = None) -> tuple[Graph, str | None]:
    """The graph, and the week whose files it names (None before the first package: no file is named then).

    ``racine``: address of the folder of the files; by default that of the site, or none when it has no address.
    Raises ``MagasinIndisponible``, ``InstantaneAbime``.
    """
    verifie(app.moteur)
    ou = instantanes.dossier(app.reglages, audience)
    semaine = publication.courant(ou) if ou.is_dir() else None
    fichiers = fichiers_publies(ou / semaine) if semaine else {}
    adresse = app.reglages.url
    with lecture(app.moteur) as connexion:
        lue = matiere(connexion, LECTEURS[audience], app.espace, app.sources, fichiers, adresse)
    return catalogue(lue, (f"{adresse}/" if adresse else "") if racine is None else racine), semaine
