"""The map on a page: one content in, the code of the clicked territory out."""

from __future__ import annotations

from functools import cache

import streamlit as st
import streamlit_folium
from streamlit import runtime
from streamlit_folium import st_folium

from dashboard.figures.carte import Bibliotheque, ContenuCarte, couche_de_valeurs, fond_de_carte
from dashboard.serving.assets import url_actif

# What st_folium's page appends to the script of the map before running it.
_SUITE = "window.map = map_div; window.initComponent(map_div, false);"


def affiche_carte(contenu: ContenuCarte, cle: str) -> str | None:
    """Show a map; return the code of the territory just clicked, once, then None until the next click.

    `cle` names the map in the session: the same key keeps zoom and position when the content changes.
    """
    _inscrit()
    st_folium(
        fond_de_carte(_bibliotheque()),
        key=cle,
        height=contenu.hauteur,
        use_container_width=True,
        returned_objects=["last_active_drawing"],
        feature_group_to_add=couche_de_valeurs(contenu),
    )
    return _clic(cle)


def script_de_base() -> str:
    """The one inline script that the map's frame runs, the same for every map: the CSP allows it by hash."""
    script: str = streamlit_folium._get_map_string(fond_de_carte(_bibliotheque()))
    return script + _SUITE


def _inscrit() -> None:
    """Register st_folium's frame: Streamlit does it alone only when a running page imports it first."""
    if runtime.exists():
        runtime.get_instance().component_registry.register_component(streamlit_folium._component_func)


def _clic(cle: str) -> str | None:
    """Take the click that st_folium leaves in the session under the map's key, and only at a new click."""
    dessin = (st.session_state.pop(cle, None) or {}).get("last_active_drawing")
    return str(dessin["properties"]["code"]) if dessin else None


@cache
def _bibliotheque() -> Bibliotheque:
    return Bibliotheque(
        js=tuple(url_actif(nom) for nom in ("leaflet.js", "lecture.js", "carte.js", "carte_suite.js")),
        css=(url_actif("leaflet.css"), url_actif("carte.css")),
    )
