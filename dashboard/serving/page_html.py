"""Rewrites the HTML shells that Streamlit and its components serve: French language, title and notice."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from functools import partial

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.serving.compression import accepte_gzip
from dashboard.serving.entetes import CHEMIN_COMPOSANTS

_SANS_JAVASCRIPT = (
    "<noscript><p>Boussole a besoin de JavaScript. Activez-le dans votre navigateur, "
    "puis rechargez la page.</p></noscript>"
)
NOS_PAGES = ("/catalogue.html", "/api/")
"""Pages of ours that are whole and in French as they are: nothing of Streamlit's goes with them."""
_TITRES = {"Streamlit": "Boussole", "Streamlit Folium Component": "Carte"}


def en_francais(page: str, script: str = "", style: str = "") -> str:
    """The same shell, declared in French, that runs our script before any other and ends on our style.

    Both are URLs of our host. The style sheet stands in the body: Streamlit writes its own in the head.
    """
    page = re.sub(r'<html lang="en"', '<html lang="fr"', page, count=1)
    page = re.sub(r"<title>(.*?)</title>", _titre, page, count=1)
    if script:
        page = page.replace("<head>", f'<head><script src="{script}"></script>', 1)
    if style:
        page = page.replace("<body>", f'<body><link rel="stylesheet" href="{style}">', 1)
    return re.sub(r"<noscript>.*?</noscript>", _SANS_JAVASCRIPT, page, flags=re.DOTALL)


def _titre(trouve: re.Match[str]) -> str:
    return f"<title>{_TITRES.get(trouve[1], trouve[1])}</title>"


class PageEnFrancais:
    """ASGI middleware that buffers HTML answers (a few KB each) and passes everything else through."""

    def __init__(self, app: ASGIApp, script: str, style: str = "") -> None:
        self.app = app
        self.page = partial(en_francais, script=script, style=style)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and not scope["path"].startswith(NOS_PAGES):
            traduit = en_francais if scope["path"].startswith(CHEMIN_COMPOSANTS) else self.page
            send = _Traduction(send, traduit, accepte_gzip(Headers(scope=scope)))
        await self.app(scope, receive, send)


class _Traduction:
    """One answer: holds the start message and the body of an HTML page until the page is whole."""

    def __init__(self, send: Send, traduit: Callable[[str], str], gzip_accepte: bool) -> None:
        self.send = send
        self.traduit = traduit
        self.gzip_accepte = gzip_accepte
        self.debut: Message | None = None
        self.corps = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _est_une_page(message):
            self.debut = message
        elif self.debut is None:
            await self.send(message)
        else:
            await self._accumule(self.debut, message)

    async def _accumule(self, debut: Message, message: Message) -> None:
        self.corps += message.get("body", b"")
        if message.get("more_body", False):
            return
        corps = self._remplace(MutableHeaders(scope=debut))
        await self.send(debut)
        await self.send({"type": "http.response.body", "body": corps})

    def _remplace(self, entetes: MutableHeaders) -> bytes:
        """The body to send, and its headers: without those that described the file on disk."""
        recu = gzip.decompress(self.corps) if "content-encoding" in entetes else self.corps
        corps = self.traduit(recu.decode("utf-8")).encode("utf-8")
        for nom in ("etag", "last-modified", "content-encoding"):
            del entetes[nom]
        if self.gzip_accepte:
            corps = gzip.compress(corps, 6, mtime=0)
            entetes["Content-Encoding"] = "gzip"
        entetes["Content-Length"] = str(len(corps))
        entetes["Vary"] = "Accept-Encoding"
        return corps


def _est_une_page(message: Message) -> bool:
    entetes = Headers(raw=message["headers"])
    html = entetes.get("content-type", "").startswith("text/html")
    return html and message["status"] == 200 and entetes.get("content-encoding", "gzip") == "gzip"
