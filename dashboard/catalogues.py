"""The catalogue of today, wired: the datasets of the store, with the files of the package that is published last."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from rdflib import Graph

from dashboard import instantanes
from dashboard.bootstrap import Application, application
from dashboard.domain.lecteur import PAR_AUDIENCE, PUBLIC
from dashboard.exports import publication
from dashboard.exports.dcat import catalogue
from dashboard.exports.dcat_matiere import matiere
from dashboard.exports.dcat_partie import fichiers_publies
from dashboard.exports.rdf import ECRITURES
from dashboard.instantanes import InstantaneRefuse
from dashboard.retenues import retenue
from dashboard.store import queries
from dashboard.store.moteur import lecture, verifie

SERVIS = "publie/"
"""Under which the site serves the files of the last public package."""


def du_jour(app: Application, audience: str = "public", racine: str | None = None) -> tuple[Graph, str | None]:
    """The graph, and the week whose files it names (None before the first package: no file is named then).

    ``racine``: address of the folder of the files; by default that of the site, or none when it has no address.
    Raises ``MagasinIndisponible``, ``InstantaneAbime``.
    """
    verifie(app.moteur)
    ou, semaine = instantanes.dossier(app.reglages, audience), _courant(app, audience)
    fichiers = fichiers_publies(ou / semaine) if semaine else {}
    adresse = app.reglages.url
    with lecture(app.moteur) as connexion:
        lue = matiere(connexion, PAR_AUDIENCE[audience], app.espace, app.sources, fichiers, adresse)
    return catalogue(lue, (f"{adresse}/{SERVIS}" if adresse else "") if racine is None else racine), semaine


def servi(forme: str, base: str, app: Application | None = None) -> bytes:
    """The public catalogue as the site serves it, written once for each state of the store and package."""
    app = app or application()
    verifie(app.moteur)
    with lecture(app.moteur) as connexion:
        version = queries.load_version(connexion)
    return _ecrit(_Cle(app), forme, f"{app.reglages.url or base.rstrip('/')}/{SERVIS}", version, _courant(app))


class _Cle:
    """An application as the key of a cache: it is itself or it is not."""

    def __init__(self, app: Application) -> None:
        self.app = app

    def __hash__(self) -> int:
        return id(self.app)

    def __eq__(self, autre: object) -> bool:
        return isinstance(autre, _Cle) and autre.app is self.app


@lru_cache(maxsize=4)
def _ecrit(cle: _Cle, forme: str, racine: str, _version: int, _semaine: str | None) -> bytes:
    return ECRITURES[forme](du_jour(cle.app, racine=racine)[0])


def _courant(app: Application, audience: str = "public") -> str | None:
    ou = instantanes.dossier(app.reglages, audience)
    nom = publication.courant(ou) if ou.is_dir() else None
    return nom if nom and not retenue(app, audience, ou / nom) else None


def fichier(chemin: str, app: Application | None = None) -> Path:
    """A data file of the last public package. Raises ``InstantaneRefuse``: unknown, or closed since, look the same."""
    app = app or application()
    semaine = _courant(app)
    if semaine is not None:
        paquet = instantanes.dossier(app.reglages, "public") / semaine
        with lecture(app.moteur) as connexion:
            visibles = queries.list_indicateurs(connexion, PUBLIC)
        dossier, _, nom = chemin.rpartition("/")
        ferme = dossier == "donnees/observations" and nom.removesuffix(".csv") not in visibles
        if chemin in fichiers_publies(paquet) and not ferme:
            return paquet / chemin
    raise InstantaneRefuse(
        f"Fichier « {chemin[:80]} » introuvable. Les fichiers publiés sont cités par /catalogue.ttl."
    )
