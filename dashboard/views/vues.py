"""Kept views of a page: chosen by all, kept and taken off by agents."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

import streamlit as st

from dashboard.store.ecriture import EcritureRefusee
from dashboard.store.moteur import MagasinIndisponible
from dashboard.store.vues import NOM_MAX, VueGardee, VueRefusee
from dashboard.store.vues import cree as garde
from dashboard.store.vues import retire as enleve
from dashboard.views import cached, filtres

ACTUELLE = 0
"""Not one of the kept views: what is on screen."""


def selecteur(page: str, cles: Sequence[str]) -> None:
    """The list of kept views, the one on screen chosen; agents can keep what is on screen, or take it off."""
    ecrit, gardees = cached.peut_ecrire(), _permises(page)
    if not gardees and not ecrit:
        return
    ici = filtres.requete(cles)
    presente = next((i for i, v in gardees.items() if v.parametres == ici), ACTUELLE)
    noms = {ACTUELLE: "Vue actuelle"} | {i: v.nom for i, v in gardees.items()}
    with st.container(width=190):
        widget = filtres.pose(f"vue:{page}", presente)
        st.selectbox(
            "Vue enregistrée", list(noms), format_func=lambda i: noms.get(i, ""), key=widget, on_change=_ouvre,
            args=(widget, {i: v.parametres for i, v in gardees.items()}, tuple(cles)),
        )  # fmt: skip
    if ecrit:
        with st.popover("Enregistrer cette vue", icon=":material/bookmark_add:"):
            _formulaire(page, ici, cles)
            if presente:
                st.button(f"Retirer « {noms[presente]} »", on_click=_retire, args=(presente,), icon=":material/delete:")


def _permises(page: str) -> dict[int, VueGardee]:
    """Those that name nothing closed to this reader: their name or their address would tell that it exists."""
    app = cached.app()
    vus, declares = set(cached.visibles(app.lecteur, cached.version())), app.espace.indicateurs
    ouverts = [i for i in declares if i.id in vus]
    fermes = {i.id for i in declares} - vus
    fermes |= {i.producteur for i in declares} - {i.producteur for i in ouverts}
    fermes |= {p.id for p in app.espace.programmes} - {p.id for p in app.espace.programmes_visibles(vus)}
    return {v.id: v for v in cached.vues(page) if fermes.isdisjoint(_valeurs(v.parametres))}


def _valeurs(parametres: str) -> set[str]:
    return {mot for _, texte in parse_qsl(parametres) for mot in texte.split(",")}


def _ouvre(widget: str, parametres: dict[int, str], cles: Sequence[str]) -> None:
    choisie = filtres.lu(widget)
    filtres.applique(parametres.get(choisie, "") if isinstance(choisie, int) else "", (*cles, "page"))


def _formulaire(page: str, parametres: str, cles: Sequence[str]) -> None:
    with st.form(f"garde:{page}", border=False, clear_on_submit=True, enter_to_submit=False):
        nom = st.text_input("Nom de la vue", max_chars=NOM_MAX, placeholder="Revue du lundi")
        st.caption("Elle garde le territoire et les filtres, pas la date d'arrêté. Tous les lecteurs la verront.")
        voulue = st.form_submit_button("Enregistrer")
    if voulue:
        try:
            garde(cached.app().moteur, page, nom, parametres, cles, cached.app().auteur)
        except (VueRefusee, EcritureRefusee, MagasinIndisponible) as refus:
            filtres.dis(str(refus))
        else:
            st.rerun(scope="fragment")


def _retire(numero: int) -> None:
    try:
        enleve(cached.app().moteur, numero, cached.app().auteur)
    except (VueRefusee, EcritureRefusee, MagasinIndisponible) as refus:
        filtres.dis(str(refus))
