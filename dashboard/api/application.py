"""The interface as an ASGI application: each declared operation routed, checked, read, kept as bytes."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Callable
from dataclasses import replace
from threading import Lock
from typing import Any, cast

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from dashboard.api.demande import RACINE, Contenu, Demande
from dashboard.api.documentation import page
from dashboard.api.erreurs import EN_PANNE, OCCUPEE, Probleme, cite, reponse_probleme
from dashboard.api.matiere import Donnees, Matiere, en_semaine, lis_matiere
from dashboard.api.modeles import Document
from dashboard.api.negociation import forme_voulue
from dashboard.api.openapi import document
from dashboard.api.operations import OPERATIONS, TYPES, Operation
from dashboard.api.parametres import lis_parametres
from dashboard.api.reponses import COMMUNS, Corps, Gardees
from dashboard.store import queries
from dashboard.store.moteur import lecture, verifie

FRAICHEUR = 1.0
"""Seconds during which the version of the store is not asked again."""
LECTEURS, ATTENTE = 2, 64
"""Answers made at once, and those that may wait: the pages of the same process come first."""

_JOURNAL = logging.getLogger(__name__)
_METHODES = "GET, HEAD, OPTIONS"
_OPTIONS = {
    "Allow": _METHODES, "Access-Control-Allow-Methods": _METHODES, "Access-Control-Max-Age": "86400",
    "Access-Control-Allow-Headers": "Accept, If-None-Match", **COMMUNS,
}  # fmt: skip

TOUTES: tuple[Operation, ...] = (
    *OPERATIONS,
    Operation("openapi", "/openapi.json", "Le document OpenAPI 3.1 de l'interface.",
              lambda _d: Contenu(document(TOUTES)), Document, fixe=True),
    Operation("docs", "/docs", "La documentation, à lire.", lambda _d: Contenu(page(TOUTES)), None,
              formats=("html",), fixe=True),
)  # fmt: skip


class Interface:
    """Answers from the bytes it keeps, and reads when it has none. ``ouvre``: the wiring, called once, when needed."""

    def __init__(self, ouvre: Callable[[], Donnees], fraicheur: float = FRAICHEUR) -> None:
        self._ouvre, self._fraicheur = ouvre, fraicheur
        self._donnees: Donnees | None = None
        self._matiere: Matiere | None = None
        self._lue, self._relit, self._attendent = 0.0, False, 0
        self._verrou, self._places = Lock(), asyncio.Semaphore(LECTEURS)
        self._gardees = Gardees()

    async def repond(self, operation: Operation, requete: Request) -> Response:
        """One request, whatever happens."""
        if requete.method == "OPTIONS":
            return Response(status_code=204, headers=_OPTIONS)
        try:
            corps = await self._corps(operation, requete)
        except Probleme as probleme:
            return reponse_probleme(probleme, COMMUNS)
        except Exception:  # noqa: BLE001 the reader gets a sentence, the operator the trace
            _JOURNAL.exception("API %s", requete.url.path)
            return reponse_probleme(Probleme(503, EN_PANNE), COMMUNS)
        return corps.reponse(requete.headers, requete.method)

    async def _corps(self, operation: Operation, requete: Request) -> Corps:
        textes = tuple(requete.query_params.multi_items())
        demandes = lis_parametres(textes, operation.demandes)
        forme = forme_voulue(operation.formats, demandes.get("format"), requete.headers.get("accept"))
        matiere = None if operation.fixe else await self._a_jour()
        chemin = {p.nom: requete.path_params[p.nom] for p in operation.chemin}
        cle = (operation.id, forme, matiere and matiere.version, *chemin.values(), *demandes.values())
        gardee = self._gardees.prend(cle)
        if gardee is not None:
            return gardee
        if self._attendent >= ATTENTE:
            raise Probleme(503, OCCUPEE)
        self._attendent += 1
        try:
            async with self._places:
                deja = self._gardees.prend(cle)  # made while this one was waiting
                # None for what needs no store, and asks nothing of it.
                donnees, matiere = cast(Donnees, self._donnees), cast(Matiere, matiere)
                demande = Demande(donnees, matiere, requete.url.path, {**chemin, **demandes}, textes)
                if deja is not None:
                    return deja
                return await run_in_threadpool(self._ecris, operation, demande, forme, cle)
        finally:
            self._attendent -= 1

    def _ecris(self, operation: Operation, demande: Demande, forme: str, cle: tuple[Any, ...]) -> Corps:
        contenu = operation.lis(self._en_semaine(demande))
        corps = Corps.de(contenu.octets(forme), TYPES[forme], contenu.suivante)
        self._gardees.range(cle, corps)
        return corps

    def _en_semaine(self, demande: Demande) -> Demande:
        """The same request on the matter of the week that it names."""
        semaine = demande.demandes.get("semaine")
        if semaine is None:
            return demande
        with lecture(demande.donnees.moteur) as connexion:
            return replace(demande, matiere=en_semaine(connexion, demande.matiere, semaine, demande.donnees.sources))

    async def _a_jour(self) -> Matiere:
        """The matter of the store, at most ``fraicheur`` old; while one request asks again, the others do not wait."""
        matiere = self._matiere
        if matiere is not None and (self._relit or time.monotonic() - self._lue < self._fraicheur):
            return matiere
        return await run_in_threadpool(self._relis)

    def _relis(self) -> Matiere:
        with self._verrou:
            self._relit = True
            try:
                self._matiere = self._relue()
                self._lue = time.monotonic()
            except BaseException:
                self._matiere = None
                raise
            finally:
                self._relit = False
            return self._matiere

    def _relue(self) -> Matiere:
        if self._donnees is None:
            self._donnees = self._ouvre()
        if self._matiere is None:
            verifie(self._donnees.moteur)
        with lecture(self._donnees.moteur) as connexion:
            version = queries.load_version(connexion)
            if self._matiere is not None and self._matiere.version == version:
                return self._matiere
            return lis_matiere(connexion, self._donnees, version)


def interface(ouvre: Callable[[], Donnees], fraicheur: float = FRAICHEUR) -> Starlette:
    """The application to be mounted under ``RACINE``."""
    sert = Interface(ouvre, fraicheur)
    return Starlette(
        routes=[_route(sert, o) for o in TOUTES], exception_handlers={HTTPException: _refus}
    )  # fmt: skip


def routes_api(ouvre: Callable[[], Donnees], fraicheur: float = FRAICHEUR) -> list[BaseRoute]:
    """The interface mounted where it is served, its address without a last slash included."""

    def redirige(_requete: Request) -> Response:
        return RedirectResponse(f"{RACINE}/", 308, COMMUNS)

    monte = Mount(RACINE, interface(ouvre, fraicheur))
    monte.path_regex = re.compile(monte.path_regex.pattern, re.DOTALL)  # an address with a line feed is ours too
    return [Route(RACINE, redirige), monte]


def _route(sert: Interface, operation: Operation) -> Route:
    async def repond(requete: Request) -> Response:
        return await sert.repond(operation, requete)

    return Route(operation.adresse, repond, methods=["GET", "HEAD", "OPTIONS"])


async def _refus(requete: Request, erreur: Exception) -> Response:
    """What no route takes: an unknown address, or a method that would write."""
    assert isinstance(erreur, HTTPException)
    if erreur.status_code == 405:
        refus = Probleme(405, f"Méthode {cite(requete.method)} non admise : cette interface se lit. Demander en GET.")
        return reponse_probleme(refus, {"Allow": _METHODES, **COMMUNS})
    chemin = requete.url.path
    return reponse_probleme(
        Probleme(404, f"Adresse {cite(chemin)} introuvable. Les adresses sont à {RACINE}/."), COMMUNS
    )
