"""The routes and the middleware of the server, in their order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from dashboard.serving.alertes import Producteur, routes_alertes
from dashboard.serving.assets import charge_actifs, routes_actifs, url_actif
from dashboard.serving.bulletins import Bulletins, routes_bulletins
from dashboard.serving.compression import PaquetsCompresses
from dashboard.serving.entetes import EntetesSecurite, Politique, empreintes_des_scripts
from dashboard.serving.fond import fond_declare
from dashboard.serving.hote import HoteLocal
from dashboard.serving.instantanes import Archives, routes_instantanes
from dashboard.serving.page_html import PageEnFrancais
from dashboard.serving.sante import Controles, routes_sante


def routes(
    espace: Path, controles: Controles, alertes: Producteur, bulletins: Bulletins, archives: Archives
) -> list[BaseRoute]:
    """What we serve beside Streamlit's pages: health, readiness, feeds, packages, assets, geometry of the espace."""
    return [
        *routes_sante(controles),
        *routes_alertes(alertes),
        *routes_bulletins(bulletins),
        *routes_instantanes(archives),
        *routes_actifs(espace),
    ]


def middleware(
    statique: Path, script_composants: Callable[[], str], *, agent: bool, fond: str | None = None
) -> list[Middleware]:
    """From the outside in. `statique`: Streamlit's folder of index.html; `script_composants`: see Politique.

    `agent`: this server writes or reads what is closed: it only answers to this machine's names.
    `fond`: name of the background declared for the maps, whose host the map's frame may then ask for images.
    """
    declare = fond_declare(fond)
    scripts = empreintes_des_scripts(statique / "index.html")
    politique = Politique(scripts, script_composants, declare.hote if declare else None)
    return [
        *([Middleware(HoteLocal)] if agent else []),
        Middleware(EntetesSecurite, politique=politique),
        Middleware(PageEnFrancais, script=url_actif("avant.js"), style=charge_actifs().urls.get("style.css", "")),
        Middleware(PaquetsCompresses, dossier=statique / "static"),
    ]
