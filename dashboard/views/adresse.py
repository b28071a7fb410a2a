"""What the address of the Données page holds: the source to feed, the task or the lot to look at, what to confirm."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

CLES = ("source", "tache", "lot", "agir")


@dataclass(frozen=True)
class Demande:
    """``source``: an id that exists. ``tache``, ``lot``: numbers that may not exist. ``agir``: tirer or annuler."""

    source: str | None = None
    tache: int | None = None
    lot: int | None = None
    agir: str | None = None


def lis(sources: Collection[str]) -> Demande:
    """What this address asks. ``agir`` is taken off at once: a page that runs again asks nothing twice."""
    source, agir = st.query_params.get("source"), st.query_params.get("agir")
    if agir is not None:
        del st.query_params["agir"]
    if source is not None and source not in sources:
        del st.query_params["source"]
        st.warning("L'adresse demande une source qui n'existe pas ; la choisir dans la liste.", icon=":material/info:")
        source = None
    return Demande(source, _numero("tache"), _numero("lot"), agir)


def _numero(cle: str) -> int | None:
    """A number of the address; what is not one is number 0, which nothing has."""
    texte = st.query_params.get(cle)
    if texte is None:
        return None
    return int(texte) if texte.isascii() and texte.isdigit() and len(texte) < 10 else 0


def va(**valeurs: str | int | None) -> NoReturn:
    """Writes what the page must show now in its address, and runs it again."""
    for cle in CLES:
        if valeurs.get(cle) is None:
            st.query_params.pop(cle, None)
        else:
            st.query_params[cle] = str(valeurs[cle])
    st.rerun()
    raise AssertionError  # st.rerun never comes back
