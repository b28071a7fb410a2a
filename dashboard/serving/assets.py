"""Our own files for the browser under `/actifs/`: Leaflet, our scripts, the geometry of the espace."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.serving.compression import IMMUABLE, Fichier, accepte_gzip, lit_fichier
from dashboard.serving.geometrie import RACINE_GEOMETRIE, FichierGeometrie, fichier_demande

RACINE_ACTIFS = "/actifs"
DOSSIER_ASSETS = Path(__file__).resolve().parents[2] / "assets"
_FICHIERS_LEAFLET = ("leaflet.js", "leaflet.css", "images/layers.png", "images/layers-2x.png")


@dataclass(frozen=True)
class Actifs:
    """Whitelist of what `/actifs/` serves: by URL, and the URL by name (`leaflet.js`, `carte.js`)."""

    par_url: Mapping[str, Fichier]
    urls: Mapping[str, str]


@cache
def charge_actifs() -> Actifs:
    """Read every asset once. Raises OSError or ModuleNotFoundError when the installation lacks one."""
    chemins = {**_chemins_leaflet(), **_chemins_maison()}
    par_url = {url: lit_fichier(chemin) for url, chemin in chemins.items()}
    urls = {chemin.name: url for url, chemin in chemins.items()}
    return Actifs(MappingProxyType(par_url), MappingProxyType(urls))


def url_actif(nom: str) -> str:
    """URL of an asset by its file name. Raises KeyError for a file that is not served."""
    return charge_actifs().urls[nom]


def texte_actif(nom: str) -> str:
    """Text of an asset by its file name, for a page that must hold it. Raises KeyError for a file not served."""
    return charge_actifs().par_url[url_actif(nom)].contenu.decode("utf-8")


def routes_actifs(espace: Path) -> list[BaseRoute]:
    """Routes of the assets and of the geometry of an espace folder."""

    async def geometrie(requete: Request) -> Response:
        return await run_in_threadpool(_reponse_geometrie, espace, requete)

    return [
        Route(f"{RACINE_GEOMETRIE}/{{demande:path}}", geometrie),
        Route(f"{RACINE_ACTIFS}/{{demande:path}}", _reponse_actif),
    ]


def _chemins_leaflet() -> dict[str, Path]:
    paquet = import_module("xstatic.pkg.leaflet")
    racine = Path(paquet.BASE_DIR)
    return {f"{RACINE_ACTIFS}/leaflet/{paquet.VERSION}/{nom}": racine / nom for nom in _FICHIERS_LEAFLET}


def _chemins_maison() -> dict[str, Path]:
    fichiers = sorted(chemin for chemin in DOSSIER_ASSETS.iterdir() if chemin.is_file())
    return {f"{RACINE_ACTIFS}/{_empreinte(chemin)}/{chemin.name}": chemin for chemin in fichiers}


def _empreinte(chemin: Path) -> str:
    return hashlib.sha256(chemin.read_bytes()).hexdigest()[:16]


def _reponse_actif(requete: Request) -> Response:
    fichier = charge_actifs().par_url.get(requete.url.path)
    return fichier.reponse(requete.headers) if fichier else _introuvable()


def _reponse_geometrie(espace: Path, requete: Request) -> Response:
    fichier = fichier_demande(espace, requete.path_params["demande"])
    return _geojson(fichier, requete) if fichier else _introuvable()


def _geojson(fichier: FichierGeometrie, requete: Request) -> Response:
    compresse = fichier.chemin.read_bytes()
    entetes = {"Cache-Control": IMMUABLE, "Vary": "Accept-Encoding"}
    if not accepte_gzip(requete.headers):
        return Response(gzip.decompress(compresse), media_type="application/geo+json", headers=entetes)
    entetes["Content-Encoding"] = "gzip"
    return Response(compresse, media_type="application/geo+json", headers=entetes)


def _introuvable() -> Response:
    return PlainTextResponse("Fichier introuvable.", status_code=404, headers={"Cache-Control": "no-store"})
