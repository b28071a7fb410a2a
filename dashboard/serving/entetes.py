"""Security headers of every HTTP answer: the browser runs our scripts and talks to our host, nothing else."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CHEMIN_COMPOSANTS = "/component/"

_SCRIPT_EN_LIGNE = re.compile(r"<script>(.*?)</script>", re.DOTALL)

# Everything that needs no exception. 'self' also covers the same-origin WebSocket (CSP level 3).
_DIRECTIVES = {
    "default-src": "'self'",
    # Streamlit's styling library and Leaflet write style elements and style attributes at run time.
    "style-src": "'self' 'unsafe-inline'",
    # data: for our SVG drawings (st.html strips inline svg), blob: for what the browser itself draws.
    "img-src": "'self' data: blob:",
    # data: for the smallest KaTeX font, which is written inside Streamlit's own style sheet.
    "font-src": "'self' data:",
    # Streamlit's file readers and plotly start their workers from a blob of their own code.
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'self'",
    "form-action": "'self'",
    # Our own pages frame our own map; nobody else frames us.
    "frame-ancestors": "'self'",
}

_AUTRES = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()",
}


def empreinte_csp(script: str) -> str:
    """CSP source that allows exactly this inline script: `'sha256-…'`."""
    condensat = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(condensat).decode('ascii')}'"


def empreintes_des_scripts(page: Path) -> tuple[str, ...]:
    """CSP sources of the inline scripts of an HTML file, in their order; empty when it has none."""
    return tuple(map(empreinte_csp, _SCRIPT_EN_LIGNE.findall(page.read_text(encoding="utf-8"))))


@dataclass(frozen=True)
class Politique:
    """Content-Security-Policy of the pages, and of the component frames.

    `scripts_pages`: CSP sources of the inline scripts of the pages' shell.
    `script_composants`: gives the one inline script of the map's frame; asked at the first frame only,
    because Streamlit registers a component only once its runtime exists.
    `hote_images`: the host of the background that this server declares for its maps; none by default.
    """

    scripts_pages: tuple[str, ...]
    script_composants: Callable[[], str]
    hote_images: str | None = None

    def pour(self, chemin: str) -> str:
        """Header value for a request path."""
        return self.composants if chemin.startswith(CHEMIN_COMPOSANTS) else self.pages

    @cached_property
    def pages(self) -> str:
        """No exception for scripts: files of our host, and the inline ones known by their hash."""
        return _assemble("'self'", *self.scripts_pages)

    @cached_property
    def composants(self) -> str:
        """'unsafe-eval' here alone: streamlit-folium evaluates the layer it receives, in its own frame."""
        politique = _assemble("'self'", "'unsafe-eval'", empreinte_csp(self.script_composants()))
        return politique.replace("img-src", f"img-src https://{self.hote_images}") if self.hote_images else politique


def _assemble(*sources_script: str) -> str:
    directives = {**_DIRECTIVES, "script-src": " ".join(sources_script)}
    return "; ".join(f"{nom} {valeur}" for nom, valeur in directives.items())


class EntetesSecurite:
    """ASGI middleware that adds the headers to every HTTP answer, errors included."""

    def __init__(self, app: ASGIApp, politique: Politique) -> None:
        self.app = app
        self.politique = politique

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        csp = self.politique.pour(scope["path"])

        async def envoie(message: Message) -> None:
            if message["type"] == "http.response.start":
                entetes = MutableHeaders(scope=message)
                entetes["Content-Security-Policy"] = csp
                for nom, valeur in _AUTRES.items():
                    entetes[nom] = valeur
            await send(message)

        await self.app(scope, receive, envoie)
