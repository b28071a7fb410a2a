"""What was answered, kept as bytes: a list is read and written once for each version of the store."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock

from starlette.datastructures import Headers
from starlette.responses import Response

from dashboard.serving.alertes import est_connu
from dashboard.serving.compression import accepte_gzip

PLACE = 24 << 20
"""Bytes kept at most, plain and compressed together."""
COMMUNS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link"}
CACHE = {"Cache-Control": "public, max-age=60, must-revalidate", "Vary": "Accept, Accept-Encoding"}


@dataclass(frozen=True)
class Corps:
    """An answer ready to be sent. ``marque``: of its bytes alone, so that it tells nothing of what is not in it.

    ``suivante``: address of the next page, for the formats that cannot say it inside.
    """

    clair: bytes
    compresse: bytes
    genre: str
    marque: str
    suivante: str | None = None

    @classmethod
    def de(cls, clair: bytes, genre: str, suivante: str | None = None) -> Corps:
        """Compressed once."""
        marque = hashlib.sha256(genre.encode() + b"\0" + clair).hexdigest()[:32]
        return cls(clair, gzip.compress(clair, 5, mtime=0), genre, f'"{marque}"', suivante)

    @property
    def taille(self) -> int:
        """Bytes that it takes in memory."""
        return len(self.clair) + len(self.compresse)

    def reponse(self, entetes: Headers, methode: str) -> Response:
        """The answer, or nothing for a reader who holds these very bytes."""
        dits = {**CACHE, **COMMUNS, "ETag": f"W/{self.marque}"}  # weak: the same whether compressed or not
        if self.suivante is not None:
            dits["Link"] = f'<{self.suivante}>; rel="next"'
        if est_connu(entetes.get("if-none-match", ""), self.marque):
            return Response(status_code=304, headers=dits)
        corps = self.clair
        if accepte_gzip(entetes):
            dits["Content-Encoding"], corps = "gzip", self.compresse
        dits["Content-Type"], dits["Content-Length"] = self.genre, str(len(corps))
        return Response(b"" if methode == "HEAD" else corps, headers=dits)


class Gardees:
    """The last answers, the oldest used leave first when their bytes exceed ``place``."""

    def __init__(self, place: int = PLACE) -> None:
        self._place, self._taille = place, 0
        self._corps: OrderedDict[Hashable, Corps] = OrderedDict()
        self._verrou = Lock()

    def prend(self, cle: Hashable) -> Corps | None:
        """The answer kept under this key."""
        with self._verrou:
            trouve = self._corps.get(cle)
            if trouve is not None:
                self._corps.move_to_end(cle)
            return trouve

    def range(self, cle: Hashable, corps: Corps) -> None:
        """Keeps an answer, unless it alone would take a quarter of the place."""
        if corps.taille > self._place // 4:
            return
        with self._verrou:
            if (ancien := self._corps.pop(cle, None)) is not None:
                self._taille -= ancien.taille
            self._corps[cle] = corps
            self._taille += corps.taille
            while self._taille > self._place:
                self._taille -= self._corps.popitem(last=False)[1].taille
