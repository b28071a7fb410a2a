"""How does an indicator vary from one place to another?"""

import streamlit as st

from dashboard.domain.periode import parse_periode
from dashboard.domain.territoire import Maille
from dashboard.views import blocs, carte_vue, catalogue, fiche, filtres, origine


@st.fragment
def choix_et_carte(vue: filtres.Vue) -> None:
    """A fragment: another indicator, scale or period sends the map again, not the page around it."""
    vue = filtres.a_jour(vue)
    place_phrase = st.container()
    avec, echelle, quand, mode_ = st.columns([2.4, 1.7, 1, 1.4], vertical_alignment="bottom")
    with avec:
        declare = filtres.selecteur_indicateur(fiche.visibles(vue), fiche.vitrine().carte)
    mailles = [m for m in declare.mailles if m is not Maille.REGION]
    if not mailles:
        blocs.vide("Cet indicateur n'existe que pour la région : pas de carte.", "Sa série est sur la page Indicateur.")
        return
    with echelle:
        maille = filtres.selecteur_maille(mailles, mailles[-1])
    periodes = carte_vue.periodes(vue, declare, maille)
    if not periodes:
        blocs.vide("Aucune valeur publiée pour cet indicateur.", "Son producteur doit la fournir ; voir le catalogue.")
        return
    with quand:
        periode = filtres.selecteur_periode(periodes)
    with mode_:
        mode = filtres.selecteur_mode("vue", {"carte": "Carte", "tableau": "Tableau"}, "Présentation")

    carte = carte_vue.charge(vue, declare, maille, parse_periode(periode).fin)
    with place_phrase:
        blocs.phrase(carte_vue.phrase(vue, carte))
    gauche, droite = st.columns([2.8, 1], gap="medium")
    with gauche:
        if mode == "tableau":
            carte_vue.tableau(vue, carte)
        elif clic := carte_vue.affiche(vue, carte):
            st.switch_page("pages/territoire.py", query_params=filtres.parametres(territoire=clic))
        blocs.note(*origine.note_source(declare), " Cliquer un territoire ouvre son portrait.")
    with droite:
        carte_vue.legende(carte)
        carte_vue.reperes(vue, carte)


vue = filtres.lis_vue()
blocs.entete("Carte", vue)
choix_et_carte(vue)
blocs.note(catalogue.attribution())
