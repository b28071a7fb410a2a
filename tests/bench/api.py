"""The open interface under load while 20 readers use the pages: mounted beside them, then as its own process.

A list of values of every commune, compressed, asked 250 times a second at most over kept connections. A reader opens
a page, looks at it for five seconds, opens another. Both loads run in processes of their own.
"""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.bench.carte import RACINE, serveur
from tests.bench.mesure import Mesure, centile
from tests.postgres import port_libre

LISTE = "/api/v1/indicateurs/densite/valeurs?maille=commune"
LECTEURS, REGARD = 20, 5.0
CONNEXIONS, DEBIT = 10, 250
SECONDES = 15.0
PAGES = (("", ""), ("carte", ""), ("territoire", "territoire=COM-21231"), ("indicateur", ""), ("catalogue", ""))


def mesure_api(env: dict[str, str]) -> Iterator[Mesure]:
    """Pages alone, interface alone, both: mounted, then apart."""
    with serveur("app.py", env) as (_, pages), _seule(env) as a_part, _charges() as lance:
        lance(_lecteurs, pages, 2 * REGARD).result()  # every page has been opened once
        for nom, port in (("montée", pages), ("dans son processus", a_part)):
            lance(_appels, port, 2.0).result()
            seules = lance(_lecteurs, pages, SECONDES).result()
            yield from _dites(f"API {nom}, seule", lance(_appels, port, SECONDES).result(), None)
            vues, appels = lance(_lecteurs, pages, SECONDES), lance(_appels, port, SECONDES)
            yield from _dites(f"API {nom}, {LECTEURS} lecteurs sur les pages", appels.result(), 1.0)
            avant, apres = centile(seules, 95), centile(vues.result(), 95)
            yield Mesure(
                f"pages, p95 avec l'API {nom} ÷ sans", apres / avant, "fois", 1.5,
                detail=f"{1000 * avant:.0f} ms puis {1000 * apres:.0f} ms",
            )  # fmt: skip


def _dites(nom: str, appels: list[float], barre: float | None) -> Iterator[Mesure]:
    p95, debit = 1000 * centile(appels, 95), len(appels) / SECONDES
    detail = f"p50 {1000 * centile(appels, 50):.1f} ms, p99 {1000 * centile(appels, 99):.1f} ms"
    yield Mesure(f"{nom} : p95", p95, "ms", barre and 30, detail=detail)
    yield Mesure(f"{nom} : débit", debit, "demandes/s", barre and 200, "au moins")


Lance = Callable[[Callable[[int, float], list[float]], int, float], "Future[list[float]]"]


@contextmanager
def _charges() -> Iterator[Lance]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processus:
        yield lambda charge, port, secondes: processus.submit(charge, port, secondes)


@contextmanager
def _seule(env: dict[str, str]) -> Iterator[int]:
    port = port_libre()
    processus = subprocess.Popen([sys.executable, "-m", "dashboard", "api", "--port", str(port)], cwd=RACINE, env=env)
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/sante", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        processus.terminate()
        processus.wait(20)


def _appels(port: int, secondes: float) -> list[float]:
    """Seconds that each call took; each connection keeps its own pace and never asks twice at once."""
    return asyncio.run(_ensemble(lambda fin, rang: _appelle(port, fin, rang), CONNEXIONS, secondes))


def _lecteurs(port: int, secondes: float) -> list[float]:
    """Seconds from the click to the end of each page."""
    return asyncio.run(_ensemble(lambda fin, rang: _lit(port, fin, rang), LECTEURS, secondes))


async def _ensemble(charge: Callable[[float, int], object], combien: int, secondes: float) -> list[float]:
    fin = time.perf_counter() + secondes
    listes = await asyncio.gather(*(charge(fin, rang) for rang in range(combien)))  # type: ignore[call-overload]
    return [d for durees in listes for d in durees]


async def _appelle(port: int, fin: float, rang: int) -> list[float]:
    lis, ecris = await asyncio.open_connection("127.0.0.1", port)
    demande = f"GET {LISTE} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    durees, pas = list[float](), CONNEXIONS / DEBIT
    await asyncio.sleep(pas * rang / CONNEXIONS)
    while (debut := time.perf_counter()) < fin:
        ecris.write(demande)
        entete = await lis.readuntil(b"\r\n\r\n")
        assert entete.startswith(b"HTTP/1.1 200"), entete
        await lis.readexactly(int(entete.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        durees.append(time.perf_counter() - debut)
        await asyncio.sleep(max(0.0, debut + pas - time.perf_counter()))
    ecris.close()
    return durees


async def _lit(port: int, fin: float, rang: int) -> list[float]:
    hasard, durees = random.Random(rang), list[float]()
    adresse, hote = f"ws://127.0.0.1:{port}/_stcore/stream", f"http://127.0.0.1:{port}"
    async with websockets.connect(adresse, origin=hote, subprotocols=["streamlit"], max_size=None) as canal:
        await asyncio.sleep(REGARD * rang / LECTEURS)
        while (debut := time.perf_counter()) < fin:
            page, requete = hasard.choice(PAGES)
            message = BackMsg()
            message.rerun_script.page_name, message.rerun_script.query_string = page, requete
            await canal.send(message.SerializeToString())
            while ForwardMsg.FromString(await canal.recv()).WhichOneof("type") != "script_finished":
                pass
            durees.append(time.perf_counter() - debut)
            await asyncio.sleep(max(0.0, REGARD - durees[-1]))
    return durees
