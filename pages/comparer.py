"""How does a territory compare with the others, and what do the numbers allow to say of it?"""

import streamlit as st

from dashboard.domain.avertissements import de_la_maille
from dashboard.domain.comment_lire import Figure
from dashboard.views import (
    blocs,
    comparer,
    comparer_classement,
    comparer_couleurs,
    comparer_figures,
    comparer_nuage,
    filtres,
    lire,
    origine,
)

vue = filtres.lis_vue()
blocs.entete("Comparaison", vue, comparer.FIL)
place_phrase = st.container()
mode, c = comparer.choisit(vue)
if c is not None:
    with place_phrase:
        blocs.phrase(comparer.phrase(c))
    if mode == "classement":
        comparer_classement.classement(c)
    elif mode == "couleurs":
        comparer_couleurs.couleurs(c)
    elif mode == "nuage":
        comparer_nuage.nuage(c)
    else:
        comparer_figures.dessine(mode, c)
    lire.comment_lire(Figure(mode))
    lire.prudence(de_la_maille(c.declare, c.cadre))
    blocs.note(f"{comparer.nature(c)} ", *origine.note_source(c.declare), *comparer.mentions(c))
