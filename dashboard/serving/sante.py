"""`/sante` (the process answers) and `/pret` (what the pages need is there), for a supervisor or a proxy."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route


@dataclass(frozen=True)
class Controle:
    """Result of one readiness check. `message` is a French sentence without path, host or secret."""

    nom: str
    ok: bool
    message: str


Controles = Callable[[], Sequence[Controle]]

_JOURNAL = logging.getLogger(__name__)
_SANS_CACHE = {"Cache-Control": "no-store"}


def routes_sante(controles: Controles) -> list[BaseRoute]:
    """Both routes. `controles` is called at each `/pret`, in a worker thread."""

    def pret(_requete: Request) -> Response:
        return _reponse_pret(_mesure(controles))

    return [Route("/sante", _sante), Route("/pret", pret)]


def _sante(_requete: Request) -> Response:
    return PlainTextResponse("ok", headers=_SANS_CACHE)


def _mesure(controles: Controles) -> tuple[Controle, ...]:
    """The checks, or a single failed one when they cannot even run: readiness answers, never breaks."""
    try:
        return tuple(controles())
    except Exception as erreur:  # noqa: BLE001
        _JOURNAL.exception("Contrôles de /pret impossibles")
        message = f"Contrôles impossibles ({type(erreur).__name__}). Voir le journal du serveur."
        return (Controle("controles", False, message),)


def _reponse_pret(controles: tuple[Controle, ...]) -> Response:
    pret = bool(controles) and all(controle.ok for controle in controles)
    contenu = {
        "pret": pret,
        "controles": {c.nom: {"ok": c.ok, "message": c.message} for c in controles},
    }
    return JSONResponse(contenu, status_code=200 if pret else 503, headers=_SANS_CACHE)
