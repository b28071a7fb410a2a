"""What is this territory like, beside those that contain it?"""

import streamlit as st

from dashboard.domain.comment_lire import Figure
from dashboard.figures import serie
from dashboard.views import blocs, contrastes, cote_a_cote, essentiel, etats, filtres, lire, portrait, voisinage

vue = filtres.lis_vue()
blocs.entete(str(vue.territoire["nom"]), vue, portrait.fil(vue))
p = portrait.charge(vue)
dit, imprime = st.columns([4, 1], vertical_alignment="center")
with dit:
    blocs.phrase(portrait.phrase(p))
with imprime.container(horizontal=True, horizontal_alignment="right"):
    portrait.bouton_pdf(vue)
portrait.cartes(p)

gauche, droite = st.columns([2.3, 1], gap="medium")
with gauche:
    blocs.sous_titre(portrait.titre_comparaison(vue), "Contexte, pas des résultats de politique régionale.")
    blocs.affiche(portrait.comparaison(p))
    blocs.note(portrait.NOTE_PLACE)
    lire.comment_lire(Figure.POSITION)
    lire.prudence(portrait.prudence(p))
    contrastes.affiche(vue, p)
    voisinage.affiche(vue)
with droite:
    lignes = portrait.base_100(p)
    blocs.sous_titre(portrait.titre_population(lignes))
    st.plotly_chart(serie.base_100(lignes), theme=None, config=blocs.PLOTLY, alt=portrait.alternative(lignes))
    lire.comment_lire(Figure.BASE100)
    blocs.sous_titre("Les programmes ici", portrait.note_programmes(vue))
    blocs.affiche(essentiel.resume(vue, etats.charge(vue)))
cote_a_cote.affiche(vue)
