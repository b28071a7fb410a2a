"""`/bulletins.atom`: the weekly bulletins as a feed that any reader follows. What it says is made elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from dashboard.serving.alertes import reponse_du_flux

CHEMIN = "/bulletins.atom"
Bulletins = Callable[[str], bytes]
"""The feed for the address of our host, as this reader knows it, ending with a slash."""

_JOURNAL = logging.getLogger(__name__)


def routes_bulletins(bulletins: Bulletins) -> list[BaseRoute]:
    """The route of the feed. `bulletins` is called at each request, in a worker thread."""

    def flux(requete: Request) -> Response:
        try:
            corps = bulletins(str(requete.base_url))
        except Exception:  # noqa: BLE001 the reader gets a sentence, the operator the trace
            _JOURNAL.exception("Flux %s", CHEMIN)
            return PlainTextResponse(
                "Les bulletins ne peuvent pas être lus en ce moment. Réessayer plus tard, puis prévenir l'exploitant.",
                status_code=503,
                headers={"Cache-Control": "no-store", "Retry-After": "300"},
            )
        return reponse_du_flux(corps, requete)

    return [Route(CHEMIN, flux)]
