"""A body decompressed as it comes, never beyond a limit: no packet is expanded further than what is still allowed."""

from __future__ import annotations

import zlib

ADMISES = {"": 0, "identity": 0, "gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16}
GZIP = b"\x1f\x8b"


class BombeDetectee(Exception):
    """The decompressed body goes beyond the limit."""


class Decompression:
    """``encodage``: the Content-Encoding header. ``limite``: bytes, decompressed.

    A body that is itself a gzip file (« data.csv.gz ») is decompressed too. Raises ValueError on an encoding that was
    not asked for or on bytes that are not compressed so, EOFError when the compressed body stops short.
    """

    def __init__(self, encodage: str, limite: int) -> None:
        nom = encodage.strip().lower()
        if nom not in ADMISES:
            raise ValueError(f"compression « {nom} » non admise")
        self.bits = ADMISES[nom]
        self.limite = limite
        self.recus = bytearray()
        self.moteur = zlib.decompressobj(self.bits) if self.bits else None

    def ajoute(self, paquet: bytes) -> None:
        if not self.recus and self.moteur is None and paquet.startswith(GZIP):
            self.bits = ADMISES["gzip"]
            self.moteur = zlib.decompressobj(self.bits)
        if self.moteur is None:
            self._garde(paquet)
            return
        while paquet:
            if self.moteur.eof:  # a gzip file may be several ones end to end
                self.moteur = zlib.decompressobj(self.bits)
            paquet = self._gonfle(self.moteur, paquet)

    def acheve(self) -> bytes:
        if self.moteur is not None and not self.moteur.eof:
            raise EOFError
        return bytes(self.recus)

    def _gonfle(self, moteur: zlib._Decompress, paquet: bytes) -> bytes:
        """What is left of the packet for the next stream."""
        try:
            self._garde(moteur.decompress(paquet, self.limite - len(self.recus) + 1))
        except zlib.error as erreur:
            raise ValueError("octets mal compressés") from erreur
        return moteur.unused_data

    def _garde(self, octets: bytes) -> None:
        self.recus += octets
        if len(self.recus) > self.limite:
            raise BombeDetectee
