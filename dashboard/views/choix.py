"""Choices kept in the address under any name: a list, a few words side by side, several territory codes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard.views import filtres
from dashboard.views.selecteurs import PREMIERE

SEPARATEUR = ","


def liste(cle: str, options: Mapping[str, str], libelle: str, defaut: str | None = None, nom: str = "") -> str:
    """One id of a list (id -> words shown), in the address under ``cle``; ``defaut``, else the first, when silent."""
    ids = list(options)
    repli = defaut if defaut in options else ids[0]
    actuel = filtres.choix(cle, ids, repli, nom or libelle.lower())
    widget = f"liste:{cle}:{actuel}"
    st.selectbox(
        libelle, ids, index=ids.index(actuel), format_func=lambda o: options.get(o, o), key=widget,
        on_change=filtres.ecris, args=(cle, widget, str, repli, PREMIERE),
    )  # fmt: skip
    return actuel


def bascule(
    cle: str, options: Mapping[str, str], libelle: str, defaut: str | None = None, *, cache: bool = False
) -> str:
    """One id among a few, side by side. ``cache``: its label is only for those who listen."""
    ids = list(options)
    repli = defaut if defaut in options else ids[0]
    actuel = filtres.choix(cle, ids, repli, libelle.lower())
    widget = f"bascule:{cle}:{actuel}"
    st.segmented_control(
        libelle, ids, default=actuel, format_func=lambda o: options.get(o, o), key=widget, required=True,
        label_visibility="collapsed" if cache else "visible", on_change=filtres.ecris,
        args=(cle, widget, str, repli, PREMIERE),
    )  # fmt: skip
    return actuel


def codes(cle: str, admis: Collection[str], maximum: int) -> tuple[str, ...]:
    """Territory codes of the address, in its order; what does not exist or is too much is left out and told."""
    demandes = list(dict.fromkeys(d for d in st.query_params.get(cle, "").split(SEPARATEUR) if d))
    retenus = tuple(d for d in demandes if d in admis)[:maximum]
    if len(retenus) < len(demandes):
        st.warning(
            f"L'adresse demande des territoires qui n'existent pas à ce niveau, ou plus de {maximum} : "
            "ils sont laissés de côté.",
            icon=":material/info:",
        )
        st.query_params[cle] = SEPARATEUR.join(retenus)
        if not retenus:
            del st.query_params[cle]
    return retenus


def plusieurs(
    cle: str, options: Sequence[str], actuels: Sequence[str], libelle: str, nomme: Callable[[str], str], maximum: int
) -> None:
    """Several codes chosen in a list; the address is rewritten when they change."""
    widget = f"plusieurs:{cle}:{SEPARATEUR.join(actuels)}"
    st.multiselect(
        libelle, list(dict.fromkeys([*actuels, *options])), default=list(actuels), format_func=nomme,
        max_selections=maximum, placeholder="Choisir dans la liste", key=widget,
        on_change=filtres.ecris, args=(cle, widget, _ensemble, ""),
    )  # fmt: skip


def _ensemble(valeurs: Any) -> str:
    return SEPARATEUR.join(str(v) for v in valeurs or ())
