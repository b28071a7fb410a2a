"""An agent's server answers to its own names only: a page of another site, whose name was made to point at this
machine, would otherwise read and publish in the agent's place (DNS rebinding)."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOCAUX = frozenset({"127.0.0.1", "localhost", "[::1]"})
REFUS = "Ce serveur ne répond qu'aux adresses de cette machine : ouvrir http://127.0.0.1, avec son port.\n"
MAUVAISE_ADRESSE, POLITIQUE = 421, 1008


class HoteLocal:
    """Refuses a request for another host, and a WebSocket opened by another page, port included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or est_local(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(REFUS, MAUVAISE_ADRESSE)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": POLITIQUE})


def est_local(scope: Scope) -> bool:
    """Does this request name this machine, and come from a page of this very server?"""
    entetes = {nom.decode("latin-1").lower(): valeur.decode("latin-1") for nom, valeur in scope["headers"]}
    hote = entetes.get("host", "").lower()
    if hote.rpartition(":")[0] not in LOCAUX and hote not in LOCAUX:
        return False
    origine = entetes.get("origin")
    return scope["type"] == "http" or origine is None or urlsplit(origine).netloc.lower() == hote
