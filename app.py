"""Boussole as an ASGI application: `streamlit run app.py`."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from dashboard.api.application import routes_api
from dashboard.api.matiere import Donnees
from dashboard.serving.alertes import Demande
from dashboard.serving.catalogue import routes_catalogue
from dashboard.serving.memoire import stabilise
from dashboard.serving.montage import middleware, routes
from dashboard.serving.sante import Controle

# Writing is refused unless the server is on loopback: what it really listens on, not what one believes.
os.environ["BOUSSOLE_ADRESSE"] = st.get_option("server.address") or "0.0.0.0"

RACINE = Path(__file__).resolve().parent
ESPACE = Path(os.environ.get("BOUSSOLE_ESPACE") or RACINE / "data_sources" / "bfc").expanduser()
STATIQUE = Path(st.__file__).parent / "static"


def controles_pret() -> Sequence[Controle]:
    """Readiness checks of the wiring, imported at the first question so that `/sante` answers before."""
    resultats: Sequence[Controle] = import_module("dashboard.bootstrap").controles_pret()
    return resultats


@lru_cache
def _unique(module: str, nom: str) -> Callable[..., Any]:
    """One for the whole process: what it keeps and how many it lets in would mean nothing otherwise."""
    fabrique: Callable[[], Callable[..., Any]] = getattr(import_module(module), nom)
    return fabrique()


def flux_alertes(demande: Demande) -> bytes:
    """The feed of alerts, made by the wiring."""
    corps: bytes = _unique("dashboard.pilotage", "Flux")(demande)
    return corps


def flux_bulletins(base: str) -> bytes:
    """The feed of bulletins, made by the wiring."""
    corps: bytes = import_module("dashboard.bulletins").flux(base)
    return corps


def archives(audience: str, semaine: str) -> Path:
    """A package as a zip file, by the wiring."""
    fichier: Path = _unique("dashboard.archives", "Archives")(audience, semaine)
    return fichier


def catalogue(forme: str, base: str) -> bytes:
    """The public catalogue, by the wiring."""
    corps: bytes = import_module("dashboard.catalogues").servi(forme, base)
    return corps


def fichier_publie(chemin: str) -> Path:
    """A data file of the last public package, by the wiring."""
    fichier: Path = import_module("dashboard.catalogues").fichier(chemin)
    return fichier


def donnees_ouvertes() -> Donnees:
    """What the open interface reads, by the wiring."""
    lues: Donnees = import_module("dashboard.interface").donnees()
    return lues


def script_de_la_carte() -> str:
    """Inline script of the map's frame, imported late: a component registers only in a running page."""
    script: str = import_module("dashboard.views.carte_folium").script_de_base()
    return script


@asynccontextmanager
async def prechauffe(_app: st.App) -> AsyncIterator[None]:
    """Import the heavy libraries before the first reader is let in.

    Never beside a running page: two threads that import SQLAlchemy at once leave it half made.
    """
    for nom in ("dashboard.figures.carte", "dashboard.bootstrap", "dashboard.pilotage"):
        import_module(nom)
    stabilise()
    yield


# Without this, a deep link opened before the home page runs pages/x.py alone, without the router:
# Streamlit takes any folder named pages/ for its older automatic menu until st.navigation was called once.
PagesManager.uses_pages_directory = False

app = st.App(
    "streamlit_app.py",
    lifespan=prechauffe,
    routes=[
        *routes(ESPACE, controles_pret, flux_alertes, flux_bulletins, archives),
        *routes_catalogue(catalogue, fichier_publie),
        *routes_api(donnees_ouvertes),
    ],
    middleware=middleware(
        STATIQUE,
        script_de_la_carte,
        agent=os.environ.get("BOUSSOLE_PROFIL") in ("agent", "partenaire"),
        fond=os.environ.get("BOUSSOLE_FOND_DE_CARTE"),
    ),
)
