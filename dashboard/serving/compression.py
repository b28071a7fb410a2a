"""gzip, once per file: what never changes is compressed a single time and served from memory."""

from __future__ import annotations

import gzip
import mimetypes
import re
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

IMMUABLE = "public, max-age=31536000, immutable"
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)
_COMPRESSIBLES = (".js", ".css", ".svg", ".json", ".map")


@dataclass(frozen=True)
class Fichier:
    """A file ready to be sent: its bytes, and the same gzipped when that is worth it."""

    contenu: bytes
    compresse: bytes | None
    type_mime: str

    def reponse(self, entetes: Headers) -> Response:
        """Answer in an encoding that the request accepts; kept for a year: the URL names the content."""
        commun = {"Cache-Control": IMMUABLE, "Vary": "Accept-Encoding"}
        if self.compresse is not None and accepte_gzip(entetes):
            commun["Content-Encoding"] = "gzip"
            return Response(self.compresse, media_type=self.type_mime, headers=commun)
        return Response(self.contenu, media_type=self.type_mime, headers=commun)


def lit_fichier(chemin: Path) -> Fichier:
    """Read and compress one file. Raises OSError when it cannot be read."""
    contenu = chemin.read_bytes()
    compresse = gzip.compress(contenu, 6, mtime=0) if chemin.suffix in _COMPRESSIBLES else None
    return Fichier(contenu, compresse, _type_mime(chemin))


def accepte_gzip(entetes: Headers) -> bool:
    """True when the request's Accept-Encoding names gzip, and does not refuse it (``q=0``)."""
    return _GZIP.search(entetes.get("accept-encoding", "")) is not None


def _type_mime(chemin: Path) -> str:
    if chemin.suffix == ".js":  # the system table of some machines says text/plain
        return "text/javascript"
    return mimetypes.guess_type(chemin.name)[0] or "application/octet-stream"


class PaquetsCompresses:
    """ASGI middleware: Streamlit's own bundles, which it serves uncompressed, gzipped once and kept.

    The first visit goes from megabytes to a third of them. Only names found in the installed folder
    at start are looked up, so that no path of a request ever reaches the disk.
    """

    def __init__(self, app: ASGIApp, dossier: Path) -> None:
        self.app = app
        self.paquets = {
            f"/static/{chemin.relative_to(dossier).as_posix()}": chemin
            for chemin in dossier.rglob("*")
            if chemin.suffix in (".js", ".css")
        }
        self.lus: dict[str, Fichier] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        chemin = self.paquets.get(scope["path"]) if _est_un_get(scope) else None
        if chemin is None or not accepte_gzip(Headers(scope=scope)):
            await self.app(scope, receive, send)
            return
        if scope["path"] not in self.lus:
            lu = await run_in_threadpool(lit_fichier, chemin)
            self.lus[scope["path"]] = replace(lu, contenu=b"")  # only ever sent gzipped from here
        await self.lus[scope["path"]].reponse(Headers(scope=scope))(scope, receive, send)


def _est_un_get(scope: Scope) -> bool:
    return bool(scope["type"] == "http" and scope["method"] == "GET")
