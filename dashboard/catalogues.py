"""The catalogue of today, wired: the datasets of the store, with the files of the package that is published last."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock

from rdflib import DCAT

from dashboard import instantanes
from dashboard.bootstrap import Application, application
from dashboard.domain.lecteur import PAR_AUDIENCE, PUBLIC, Lecteur
from dashboard.exports import publication
from dashboard.exports.catalogue_html import catalogue_html
from dashboard.exports.dcat import catalogue
from dashboard.exports.dcat_matiere import Matiere, matiere
from dashboard.exports.dcat_partie import fichiers_publies
from dashboard.exports.rdf import ECRITURES
from dashboard.instantanes import InstantaneRefuse
from dashboard.retenues import retenue
from dashboard.store import queries
from dashboard.store.moteur import lecture, verifie

SERVIS = "publie/"
"""Under which the site serves the files of the last public package."""


ADRESSE = "https://adresse-de-ce-site.invalid"
"""Stands for the address by which we are asked: it is written in last, so that an invented one costs nothing."""
SIMPLE = re.compile(r"https?://[A-Za-z0-9.:\[\]_-]+(/[A-Za-z0-9._~-]*)*")
_TOUR = Lock()


FORMES = (*ECRITURES, "html")


@dataclass(frozen=True)
class Ecrit:
    """The catalogue in one form: how many datasets and files it names, and of which week the files are.

    ``semaine``: None before the first package, when no file is named.
    """

    octets: bytes
    jeux: int
    fichiers: int
    semaine: str | None


def ecrit(app: Application, forme: str, audience: str = "public", racine: str | None = None) -> Ecrit:
    """The catalogue of today. ``forme``: one of ``FORMES``.

    ``racine``: address of the folder of the files; by default that of the site, or none when it has no address.
    Raises ``MagasinIndisponible``, ``InstantaneAbime``.
    """
    lue, semaine = matiere_du_jour(app, PAR_AUDIENCE[audience], audience)
    if racine is None:
        racine = f"{app.reglages.url}/{SERVIS}" if app.reglages.url else ""
    if forme == "html":
        octets = catalogue_html(lue, app.reglages.aujourd_hui(), racine)
        return Ecrit(octets, len(lue.jeux), len(lue.fichiers), semaine)
    graphe = catalogue(lue, racine)
    jeux, fichiers = (len(set(graphe.objects(None, p))) for p in (DCAT.dataset, DCAT.distribution))
    return Ecrit(ECRITURES[forme](graphe), jeux, fichiers, semaine)


def matiere_du_jour(
    app: Application, lecteur: Lecteur, audience: str = "public", *, avec_fichiers: bool = True
) -> tuple[Matiere, str | None]:
    """What ``lecteur`` may know of, with the files of the last package of ``audience``, and its week.

    Raises ``MagasinIndisponible``, ``InstantaneAbime``.
    """
    verifie(app.moteur)
    ou = instantanes.dossier(app.reglages, audience)
    semaine = courant(app, audience) if avec_fichiers else None
    fichiers = fichiers_publies(ou / semaine) if semaine else {}
    with lecture(app.moteur) as connexion:
        return matiere(connexion, lecteur, app.espace, app.sources, fichiers, app.reglages.url), semaine


def servi(forme: str, base: str, app: Application | None = None) -> bytes:
    """The public catalogue as the site serves it, written once for each state of the store and package."""
    app = app or application()
    verifie(app.moteur)
    with lecture(app.moteur) as connexion:
        version = queries.load_version(connexion)
    semaine, jour = courant(app), app.reglages.aujourd_hui()
    racine = f"{app.reglages.url or ADRESSE}/{SERVIS}"
    with _TOUR:  # whoever asks meanwhile waits for it instead of writing it again
        octets = _ecrit(_Cle(app), forme, racine, version, semaine, jour)
    if app.reglages.url:
        return octets
    hote = base.rstrip("/") if SIMPLE.fullmatch(base) else ""
    return octets.replace(ADRESSE.encode(), hote.encode())


class _Cle:
    """An application as the key of a cache: it is itself or it is not."""

    def __init__(self, app: Application) -> None:
        self.app = app

    def __hash__(self) -> int:
        return id(self.app)

    def __eq__(self, autre: object) -> bool:
        return isinstance(autre, _Cle) and autre.app is self.app


@lru_cache(maxsize=4)
def _ecrit(cle: _Cle, forme: str, racine: str, _version: int, _semaine: str | None, _arrete: date) -> bytes:
    return ecrit(cle.app, forme, racine=racine).octets


def courant(app: Application, audience: str = "public") -> str | None:
    """The week of the last package, None before the first."""
    ou = instantanes.dossier(app.reglages, audience)
    nom = publication.courant(ou) if ou.is_dir() else None
    return nom if nom and not retenue(app, audience, ou / nom) else None


def fichier(chemin: str, app: Application | None = None) -> Path:
    """A data file of the last public package. Raises ``InstantaneRefuse``: unknown, or closed since, look the same."""
    app = app or application()
    semaine = courant(app)
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
