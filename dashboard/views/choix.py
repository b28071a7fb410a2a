"""Choices kept in the address, without the session: a widget that says something else than the address rewrites it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import streamlit as st

from dashboard.views import filtres

SEPARATEUR = ","


def liste(cle: str, options: Mapping[str, str], libelle: str, defaut: str | None = None, nom: str = "") -> str:
    """One id of a list (id -> words shown), in the address under ``cle``; ``defaut``, else the first, when silent."""
    ids = list(options)
    repli = defaut if defaut in options else ids[0]
    actuel = filtres.choix(cle, ids, repli, nom or libelle.lower())
    voulu = st.selectbox(
        libelle, ids, index=ids.index(actuel), format_func=lambda o: options.get(o, o), key=f"liste:{cle}:{actuel}"
    )  # fmt: skip
    return _suit(cle, actuel, str(voulu), repli)


def bascule(
    cle: str, options: Mapping[str, str], libelle: str, defaut: str | None = None, *, cache: bool = False
) -> str:
    """One id among a few, side by side. ``cache``: its label is only for those who listen."""
    ids = list(options)
    repli = defaut if defaut in options else ids[0]
    actuel = filtres.choix(cle, ids, repli, libelle.lower())
    voulu = st.segmented_control(
        libelle, ids, default=actuel, format_func=lambda o: options.get(o, o), key=f"bascule:{cle}:{actuel}",
        required=True, label_visibility="collapsed" if cache else "visible",
    )  # fmt: skip
    return _suit(cle, actuel, str(voulu), repli)


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
        _ecris(cle, SEPARATEUR.join(retenus), "")
    return retenus


def plusieurs(
    cle: str, options: Sequence[str], actuels: Sequence[str], libelle: str, nomme: Callable[[str], str], maximum: int
) -> None:
    """Several codes chosen in a list; the address is rewritten when they change."""
    voulus = st.multiselect(
        libelle, list(dict.fromkeys([*actuels, *options])), default=list(actuels), format_func=nomme,
        max_selections=maximum, placeholder="Choisir dans la liste", key=f"plusieurs:{cle}:{SEPARATEUR.join(actuels)}",
    )  # fmt: skip
    if list(voulus) != list(actuels):
        _ecris(cle, SEPARATEUR.join(voulus), "")
        st.rerun()


def _suit(cle: str, actuel: str, voulu: str, repli: str) -> str:
    if voulu != actuel:
        _ecris(cle, voulu, repli)
        st.rerun()
    return actuel


def _ecris(cle: str, valeur: str, repli: str) -> None:
    if valeur == repli:
        st.query_params.pop(cle, None)
    else:
        st.query_params[cle] = valeur
