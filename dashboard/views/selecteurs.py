"""Choices of several values, searches and switches, each in the URL as ids; ``filtres`` alone touches the session."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.views import filtres

PREMIERE = {"page": None}
"""Another choice shows its first page."""


def plusieurs(cle: str, options: Mapping[str, str], libelle: str, nom: str, *, tous: str = "Tous") -> tuple[str, ...]:
    """Ids chosen in a list (id -> words shown), none meaning all; in the URL under ``cle``, separated by commas."""
    choisies = filtres.choix_multiple(cle, options, nom)
    widget = filtres.pose(f"liste:{cle}", list(choisies))
    st.multiselect(
        libelle,
        list(options),
        format_func=lambda o: options.get(o, o),
        placeholder=tous,
        key=widget,
        on_change=filtres.ecris,
        args=(cle, widget, _dans_l_ordre(options), "", PREMIERE),
    )
    return choisies


def pastilles(cle: str, options: Mapping[str, str], libelle: str, nom: str, defaut: Sequence[str]) -> tuple[str, ...]:
    """A few values side by side, at least one; ``defaut`` when the address says nothing."""
    choisies = filtres.choix_multiple(cle, options, nom) or tuple(defaut)
    widget = filtres.pose(f"pastilles:{cle}", list(choisies))
    st.pills(
        libelle,
        list(options),
        selection_mode="multi",
        format_func=lambda o: options.get(o, o),
        key=widget,
        on_change=filtres.ecris,
        args=(cle, widget, _dans_l_ordre(options), ",".join(defaut), PREMIERE),
    )
    return choisies


def un(cle: str, options: Mapping[str, str], libelle: str) -> str:
    """One id of a list (id -> words shown), the first by default."""
    defaut = next(iter(options))
    widget = filtres.pose(f"choix:{cle}", filtres.choix(cle, list(options), defaut, libelle.lower()))
    st.selectbox(
        libelle,
        list(options),
        format_func=lambda o: options.get(o, o),
        key=widget,
        on_change=filtres.ecris,
        args=(cle, widget, str, defaut, PREMIERE),
    )
    return str(st.query_params.get(cle, defaut))


def cherche(cle: str, libelle: str, exemple: str) -> str:
    """A text to look for."""
    voulu = filtres.texte_libre(cle, 80)
    widget = filtres.pose(f"texte:{cle}", voulu)
    st.text_input(
        libelle,
        placeholder=exemple,
        max_chars=80,
        key=widget,
        type="search",
        live=True,
        on_change=filtres.ecris,
        args=(cle, widget, lambda v: str(v or ""), "", PREMIERE),
    )
    return voulu


def interrupteur(cle: str, libelle: str, aide: str) -> bool:
    """On or off, off by default; on is ``1`` in the URL."""
    actif = filtres.choix(cle, ["0", "1"], "0", libelle.lower()) == "1"
    widget = filtres.pose(f"oui:{cle}", actif)
    st.toggle(
        libelle,
        key=widget,
        help=aide,
        on_change=filtres.ecris,
        args=(cle, widget, lambda v: "1" if v else None, None, PREMIERE),
    )
    return actif


def pages(cle: str, nombre: int, libelle: str) -> int:
    """The page in view, from 1, and the buttons that turn it; nothing is drawn for a single page."""
    admises = [str(i + 1) for i in range(max(1, nombre))]
    actuelle = int(filtres.choix(cle, admises, "1", "page"))
    if nombre > 1:
        with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
            st.caption(libelle, width="content")
            _tourne(cle, actuelle - 1, "Page précédente", ":material/chevron_left:", actuelle == 1)
            _tourne(cle, actuelle + 1, "Page suivante", ":material/chevron_right:", actuelle == nombre)
    return actuelle


def pliable(nom: str, *, deplie: bool) -> DeltaGenerator:
    """A line of widgets that the style sheet hides on a phone until it is unfolded."""
    cle = f"pliable_{nom}_deplie" if deplie else f"pliable_{nom}"
    return st.container(horizontal=True, vertical_alignment="bottom", gap="small", width="content", key=cle)


def _tourne(cle: str, vers: int, libelle: str, icone: str, eteint: bool) -> None:
    valeur = None if vers <= 1 else str(vers)
    st.button(libelle, icon=icone, disabled=eteint, on_click=filtres.note, args=(cle, valeur), key=f"{libelle}:{cle}")


def _dans_l_ordre(options: Mapping[str, str]) -> Callable[[Any], str]:
    """The same choice is the same address, whatever was clicked first."""
    return lambda valeurs: ",".join(o for o in options if o in valeurs)
