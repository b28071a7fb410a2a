"""What a page is looked at with, chosen at its top: territory, date d'arrêté, and the week it is read as of."""

from __future__ import annotations

from datetime import date

import streamlit as st

from dashboard.domain.formatage import date_courte, date_longue, jour_local
from dashboard.store.instantanes import Instantane
from dashboard.views import annuaire, cached, filtres
from dashboard.views.filtres import etiquette
from dashboard.views.html import affiche, balise
from dashboard.views.lieux import proches
from dashboard.views.vue import Vue

PRESENT = "Aujourd'hui"


@st.fragment
def selecteur_vue(vue: Vue) -> None:
    """The popover of every page: its label is the state itself. A fragment: typing redraws nothing else."""
    nom = str(vue.territoire["nom"])
    droite = st.container(horizontal=True, horizontal_alignment="right")
    with droite.popover(f"{nom} · arrêté au {date_courte(vue.arrete)}", icon=":material/tune:"):
        _choix_territoire(vue)
        st.date_input(
            "Date d'arrêté",
            vue.arrete,
            format="DD/MM/YYYY",
            key=f"arrete:{vue.arrete}",
            on_change=filtres.ecris,
            args=("arrete", f"arrete:{vue.arrete}", lambda v: v.isoformat() if isinstance(v, date) else None),
        )
        _choix_semaine()
    if filtres.vue_a_change():
        st.rerun()


def _choix_territoire(vue: Vue) -> None:
    """A search that answers as one types, then the places found, or the surroundings of the current one."""
    cherche = st.text_input(
        "Chercher un territoire", placeholder="Nom, code postal ou code", key="cherche", type="search", live=True
    )
    options = annuaire.cherche(str(cherche)) if (cherche or "").strip() else proches(vue.territoires, vue.code)
    if not options:
        affiche(balise("p", f"Aucun territoire ne correspond à « {cherche} ».", classe="b-note"))
        options = [vue.code]
    widget = f"territoire:{vue.code}:{cherche}"
    st.selectbox(
        "Territoire",
        options,
        index=options.index(vue.code) if vue.code in options else None,
        format_func=lambda c: etiquette(vue.territoires, c),
        placeholder="Choisir dans les résultats",
        key=widget,
        on_change=filtres.ecris,
        args=("territoire", widget, lambda v: None if v is None else str(v), cached.app().espace.code_region),
    )


def _choix_semaine() -> None:
    """A published week, as of which values, targets and words are then shown; absent before the first snapshot."""
    semaines = cached.semaines()
    if not semaines:
        return
    widget = filtres.pose("choix:semaine", st.query_params.get(cached.SEMAINE, ""))
    st.selectbox(
        "Tel que publié en semaine",
        ["", *semaines],
        format_func=lambda s: f"{s} ({date_courte(jour_local(semaines[s].cree_le))})" if s else PRESENT,
        key=widget,
        on_change=filtres.ecris,
        args=(cached.SEMAINE, widget, str, "", {"arrete": None}),
    )


def bandeau() -> None:
    """Over a page read as of a published week: which one, and the way back."""
    if (i := cached.en_vigueur()) is None:
        return
    with st.container(key="bandeau_semaine"):
        affiche(balise("p", *_dit(i), classe="b-jadis", role="status"))
        st.button("Revenir à aujourd'hui", icon=":material/today:", on_click=_revient)


def _dit(i: Instantane) -> list[str]:
    semaine = balise("strong", f"Semaine {i.semaine}")
    motif = f" Correction : {i.motif}." if i.motif else ""
    quand = date_longue(jour_local(i.cree_le))
    return [semaine, f", telle que publiée le {quand} : valeurs, cibles, mots et définitions d'alors.{motif}"]


def _revient() -> None:
    filtres.note(cached.SEMAINE, None)
    filtres.note("arrete", None)
