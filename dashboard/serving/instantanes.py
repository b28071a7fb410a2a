"""`/instantanes/public/2026-W48.zip`: a package as one file. Which may be read is decided elsewhere and injected."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

CHEMIN = "/instantanes/{audience:str}/{semaine:str}.zip"
Archives = Callable[[str, str], Path]
"""Audience and week to file; raises ``ValueError`` with one French sentence when there is none for this reader."""

_JOURNAL = logging.getLogger(__name__)


def routes_instantanes(archives: Archives) -> list[BaseRoute]:
    """The route of the packages. `archives` is called at each request, in a worker thread."""

    def telecharge(requete: Request) -> Response:
        sans_cache = {"Cache-Control": "no-store"}
        try:
            fichier = archives(requete.path_params["audience"], requete.path_params["semaine"])
        except ValueError as refus:
            return PlainTextResponse(str(refus), status_code=404, headers=sans_cache)
        except Exception:  # noqa: BLE001 the reader gets a sentence, the operator the trace
            _JOURNAL.exception("Archive %s", requete.url.path)
            return PlainTextResponse(
                "L'archive ne peut pas être faite en ce moment. Réessayer plus tard, puis prévenir l'exploitant.",
                status_code=503,
                headers={**sans_cache, "Retry-After": "300"},
            )
        # Said to be encoded already, so that no middleware deflates it again.
        return FileResponse(
            fichier,
            media_type="application/zip",
            filename=fichier.name,
            headers={"Content-Encoding": "identity", "Cache-Control": "no-cache"},
        )

    return [Route(CHEMIN, telecharge)]
