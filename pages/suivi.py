"""Where does each indicator of each programme stand, territory by territory?"""

from collections.abc import Mapping

import streamlit as st

from dashboard.domain.comment_lire import Figure
from dashboard.domain.suivi import phrase
from dashboard.views import (
    blocs,
    catalogue,
    filtres,
    jugements,
    lire,
    selecteurs,
    suivi,
    suivi_fichiers,
    suivi_table,
    vues,
)


@st.fragment
def filtres_et_lignes(vue: filtres.Vue, meteos: Mapping[str, str]) -> None:
    """A fragment: another filter sends the rows again, not the page around them."""
    vue = filtres.a_jour(vue)
    filtres.suit(vue)
    choix = suivi.lis(vue, meteos)
    deplie = suivi.filtre(vue, meteos)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        suivi.echelle(vue)
        with selecteurs.pliable("affichage", deplie=deplie):
            suivi.affichage()
            vues.selecteur("suivi", ("territoire", *suivi.CLES))
    donnees = suivi.charge(vue, choix)
    if donnees is None:
        return
    cadre = suivi.garde(donnees, choix, meteos)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        blocs.compte(phrase(cadre, choix.mailles))
        with st.container(horizontal=True, width="content"):
            suivi_fichiers.boutons(vue, choix, cadre)
    if cadre.empty:
        suivi.vide(donnees, choix)
        return
    place = st.container()
    total = suivi_table.nombre_de_pages(cadre)
    numero = selecteurs.pages("page", total, f"{suivi_table.PAR_PAGE} lignes par page, {total} pages")
    with place:
        blocs.affiche(suivi_table.table(donnees, suivi_table.page(cadre, numero), meteos))
    blocs.note(*suivi_table.LEGENDE)
    lire.comment_lire(Figure.BARRE, Figure.ETINCELLE)


vue = filtres.lis_vue()
blocs.entete("Suivi", vue)
filtres_et_lignes(vue, jugements.charge(vue).meteos)
blocs.note(catalogue.attribution())
