"""How does an indicator vary from one place to another?"""

import streamlit as st

from dashboard.domain.periode import parse_periode
from dashboard.domain.territoire import Maille
from dashboard.views import (
    blocs,
    carte_choix,
    carte_comparaison,
    carte_donnees,
    carte_selection,
    carte_vue,
    catalogue,
    fiche,
    filtres,
    origine,
)


@st.fragment
def choix_et_carte(vue: filtres.Vue) -> None:
    """A fragment: another indicator, scale or period sends the map again, not the page around it."""
    vue = filtres.a_jour(vue)
    place_phrase = st.container()
    avec, echelle, quand, mode_ = st.columns(carte_choix.largeurs(), vertical_alignment="bottom")
    with avec:
        declare = filtres.selecteur_indicateur(fiche.visibles(vue), fiche.vitrine().carte)
    mailles = [m for m in declare.mailles if m is not Maille.REGION]
    if carte_choix.vide(mailles, publie=True):
        return
    with echelle:
        carte_choix.maille_absente(declare, mailles)
        maille = filtres.selecteur_maille(mailles, mailles[-1])
    connues = dict(carte_donnees.periodes(vue, declare, maille))
    if carte_choix.vide(mailles, publie=bool(connues)):
        return
    with quand:
        periode = carte_choix.periode(connues)
    with mode_:
        mode = filtres.selecteur_mode("vue", {"carte": "Carte", "tableau": "Tableau"}, "Présentation")

    demande = carte_choix.lis(vue, declare, maille, connues, periode)
    carte = carte_donnees.charge(vue, declare, maille, parse_periode(periode).fin, demande.reglage)
    carte, autre = carte_comparaison.cartes(vue, carte, demande, connues, periode)
    with place_phrase:
        blocs.phrase(carte_vue.phrase(vue, carte, zoom=demande.zoom))
    carte_selection.outils(vue, carte, autre, demande, connues)
    clic = carte_comparaison.montre(vue, carte, autre, demande, mode)
    carte_selection.apres_clic(vue, carte, demande, clic)
    carte_selection.table(vue, carte, autre, demande)
    dits = (carte_choix.CLICS_DITS[demande.clic], carte_choix.CADRE_DIT)
    blocs.note(*origine.note_source(declare), *carte_donnees.mentions(vue, maille), *dits)
    filtres.suit(vue)


vue = filtres.lis_vue()
blocs.entete("Carte", vue)
choix_et_carte(vue)
blocs.note(catalogue.attribution())
