"""`/catalogue.ttl`, `.jsonld`, `.html`, `/publie/donnees/…`: the public catalogue and its files, to be harvested.

What they hold is decided elsewhere and injected; it is the same for everybody, whoever this server is for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.serving.alertes import reponse_du_flux

TYPES = {"ttl": "text/turtle; charset=utf-8", "jsonld": "application/ld+json", "html": "text/html; charset=utf-8"}
Catalogue = Callable[[str, str], bytes]
"""The catalogue in one of the three forms, for the address of our host as this reader knows it, ending with a slash."""
Fichiers = Callable[[str], Path]
"""A file by its path in the package; raises ``ValueError`` with one French sentence when it is not published."""

_JOURNAL = logging.getLogger(__name__)


def routes_catalogue(catalogue: Catalogue, fichiers: Fichiers) -> list[BaseRoute]:
    """The routes. Both functions are called at each request, in a worker thread."""

    def lis(requete: Request) -> Response:
        forme = requete.path_params["forme"]
        if forme not in TYPES:
            return PlainTextResponse(
                "Formes du catalogue : catalogue.ttl, catalogue.jsonld, catalogue.html.", status_code=404
            )
        try:
            corps = catalogue(forme, str(requete.base_url))
        except Exception:  # noqa: BLE001 the reader gets a sentence, the operator the trace
            return _en_panne(requete)
        reponse = reponse_du_flux(corps, requete)
        if reponse.status_code == 200:
            reponse.headers["Content-Type"] = TYPES[forme]
        return reponse

    def telecharge(requete: Request) -> Response:
        try:
            fichier = fichiers(requete.path_params["chemin"])
        except ValueError as refus:
            return PlainTextResponse(str(refus), status_code=404, headers={"Cache-Control": "no-store"})
        except Exception:  # noqa: BLE001 as above
            return _en_panne(requete)
        return FileResponse(fichier, filename=fichier.name, headers={"Cache-Control": "no-cache"})

    return [Route("/catalogue.{forme:str}", lis), Route("/publie/{chemin:path}", telecharge)]


def _en_panne(requete: Request) -> Response:
    _JOURNAL.exception("Catalogue %s", requete.url.path)
    return PlainTextResponse(
        "Le catalogue ne peut pas être lu en ce moment. Réessayer plus tard, puis prévenir l'exploitant.",
        status_code=503,
        headers={"Cache-Control": "no-store", "Retry-After": "300"},
    )
