"""The map on a page: one content in, what was clicked or framed out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import streamlit as st
import streamlit_folium
from streamlit import runtime
from streamlit_folium import st_folium

from dashboard.figures.carte import Bibliotheque, ContenuCarte, couche_de_valeurs, fond_de_carte
from dashboard.serving.assets import url_actif

# What st_folium's page appends to the script of the map before running it.
_SUITE = "window.map = map_div; window.initComponent(map_div, false);"
_CADRE = "carte:cadre"
SUITES = ("carte_suite.js", "carte_choix.js", "carte_fond.js")


@dataclass(frozen=True)
class Clic:
    """Codes that the browser says were clicked, or framed when ``cadre``: whatever it likes, the page judges them."""

    codes: tuple[str, ...]
    cadre: bool = False


def affiche_carte(contenu: ContenuCarte, cle: str) -> Clic | None:
    """Show a map; return what was just clicked or framed, once, then None until the next time.

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


def _clic(cle: str) -> Clic | None:
    """Take the click that st_folium leaves in the session under the map's key, and only at a new click."""
    return lis_clic(st.session_state.pop(cle, None))


def lis_clic(recu: object) -> Clic | None:
    """What the browser sent, or None when it is not a click of our script."""
    dessin = recu.get("last_active_drawing") if isinstance(recu, dict) else None
    dit = dessin.get("properties") if isinstance(dessin, dict) else None
    if not isinstance(dit, dict):
        return None
    if isinstance(dit.get("cadre"), list):
        return Clic(tuple(c for c in dit["cadre"] if isinstance(c, str)), cadre=True)
    return Clic((dit["code"],)) if isinstance(dit.get("code"), str) else None


def retient_cadre(gardes: Sequence[str], trouves: int) -> None:
    """Remembers how many territories a frame held, when the selection keeps fewer."""
    st.session_state[_CADRE] = (frozenset(gardes), trouves)


def trouves_dans_le_cadre(choisis: Sequence[str]) -> int | None:
    """How many territories were in the frame that gave this very selection; None when no frame gave it."""
    gardes, trouves = st.session_state.get(_CADRE, (frozenset(), 0))
    return trouves if choisis and gardes == frozenset(choisis) else None


@cache
def _bibliotheque() -> Bibliotheque:
    return Bibliotheque(
        js=tuple(url_actif(nom) for nom in ("leaflet.js", "lecture.js", "carte.js", *SUITES)),
        css=(url_actif("leaflet.css"), url_actif("carte.css")),
    )
