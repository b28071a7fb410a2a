"""The open read interface, wired: what it reads is the store of this process, always with the public's eyes.

Alone: ``python -m dashboard api --port 8601``, or ``uvicorn --factory dashboard.interface:seule``.
"""

from __future__ import annotations

from functools import partial

from starlette.applications import Starlette
from starlette.middleware import Middleware

from dashboard import bootstrap
from dashboard.api.application import routes_api
from dashboard.api.matiere import Donnees
from dashboard.bootstrap import Application, application
from dashboard.serving.entetes import EntetesSecurite, Politique
from dashboard.serving.sante import routes_sante


def donnees(app: Application | None = None) -> Donnees:
    """What the interface reads. Raises as ``bootstrap.ouvre`` does."""
    app = app or application()
    return Donnees(app.moteur, app.espace, app.sources, app.reglages.espace, bootstrap.codes_postaux(app))


def seule(app: Application | None = None) -> Starlette:
    """The interface as a server of its own, with its health and the headers of the pages."""
    politique = Politique((), lambda: "")
    return Starlette(
        routes=[*routes_sante(bootstrap.controles_pret), *routes_api(partial(donnees, app))],
        middleware=[Middleware(EntetesSecurite, politique=politique)],
    )
