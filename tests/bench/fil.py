"""A loopback relay that counts what really goes to the browser, compression included."""

from __future__ import annotations

import asyncio
import threading


class Compteur:
    """Relays 127.0.0.1:``port`` to the server and counts the bytes that come back."""

    def __init__(self, cible: int) -> None:
        self.cible, self.octets, self.port = cible, 0, 0
        self._pret = threading.Event()
        self._boucle = asyncio.new_event_loop()
        threading.Thread(target=self._tourne, daemon=True).start()
        self._pret.wait(10)

    def depuis(self, avant: int) -> int:
        """Bytes sent to the browser since the count was ``avant``."""
        return self.octets - avant

    def ferme(self) -> None:
        """Stops relaying."""
        self._boucle.call_soon_threadsafe(self._boucle.stop)

    def _tourne(self) -> None:
        asyncio.set_event_loop(self._boucle)
        serveur = self._boucle.run_until_complete(asyncio.start_server(self._relaie, "127.0.0.1", 0))
        self.port = serveur.sockets[0].getsockname()[1]
        self._pret.set()
        self._boucle.run_forever()

    async def _relaie(self, lecteur: asyncio.StreamReader, ecrivain: asyncio.StreamWriter) -> None:
        retour, aller = await asyncio.open_connection("127.0.0.1", self.cible)
        await asyncio.gather(
            self._copie(lecteur, aller, compte=False), self._copie(retour, ecrivain, compte=True)
        )  # fmt: skip

    async def _copie(self, de: asyncio.StreamReader, vers: asyncio.StreamWriter, *, compte: bool) -> None:
        try:
            while octets := await de.read(65536):
                self.octets += len(octets) if compte else 0
                vers.write(octets)
                await vers.drain()
        except ConnectionError:
            pass
        finally:
            vers.close()
