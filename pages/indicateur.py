"""What does this indicator say, how was it made, and where does each figure come from?"""

import streamlit as st

from dashboard.domain.formatage import en_phrase
from dashboard.domain.phrases import TEINTES
from dashboard.figures import serie
from dashboard.views import blocs, fiche, filtres, lire, origine

vue = filtres.lis_vue()
entete = st.container()
declare = filtres.selecteur_indicateur(fiche.visibles(vue), fiche.vitrine().fiche)
f = fiche.charge(vue, declare)
with entete:
    blocs.entete(declare.libelle, vue, fiche.fil(f))
    blocs.phrase(fiche.phrase(f))

gauche, centre = st.columns([1, 2.1], gap="medium")
with gauche:
    blocs.affiche(fiche.chiffre(f))
with centre:
    blocs.sous_titre(f"{f.nom} : {en_phrase(declare.libelle)}", fiche.lecture_du_graphique(f))
    if len(f.situation.serie) > 1:
        figure = serie.trajectoire(f.situation, TEINTES[f.situation.statut], f.anciennes, vue.arrete)
        st.plotly_chart(figure, theme=None, config=blocs.PLOTLY, alt=fiche.alternative(f))
        lire.comment_lire(fiche.figure(f))
    else:
        blocs.vide(*fiche.sans_courbe(f))
    lire.prudence(origine.avertissements(f))

blocs.sous_titre(*fiche.titre_tableau(f))
blocs.affiche(fiche.tableau(f))
gauche, droite = st.columns(2, gap="medium")
with gauche:
    blocs.sous_titre("Ce que dit cet indicateur")
    blocs.affiche(origine.metadonnees(declare))
with droite:
    blocs.sous_titre("Pourquoi ce chiffre ?")
    blocs.affiche(origine.pourquoi(f))
    with st.expander("Toutes les valeurs de la série"):
        blocs.affiche(origine.toutes_valeurs(f))
