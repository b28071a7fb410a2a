"""The routes and the middleware of the server, in their order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from dashboard.serving.alertes import Producteur, routes_alertes
from dashboard.serving.assets import charge_actifs, routes_actifs, url_actif
from dashboard.serving.compression import PaquetsCompresses
from dashboard.serving.entetes import EntetesSecurite, Politique, empreintes_des_scripts
from dashboard.serving.page_html import PageEnFrancais
from dashboard.serving.sante import Controles, routes_sante


def routes(espace: Path, controles: Controles, alertes: Producteur) -> list[BaseRoute]:
    """What we serve beside Streamlit's pages: health, readiness, alerts, assets, geometry of the espace folder."""
    return [*routes_sante(controles), *routes_alertes(alertes), *routes_actifs(espace)]


def middleware(statique: Path, script_composants: Callable[[], str]) -> list[Middleware]:
    """From the outside in. `statique`: Streamlit's folder of index.html; `script_composants`: see Politique."""
    politique = Politique(empreintes_des_scripts(statique / "index.html"), script_composants)
    return [
        Middleware(EntetesSecurite, politique=politique),
        Middleware(PageEnFrancais, script=url_actif("avant.js"), style=charge_actifs().urls.get("style.css", "")),
        Middleware(PaquetsCompresses, dossier=statique / "static"),
    ]
