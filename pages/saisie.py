"""What do I have to write, decide or settle, and how do I add it to the figures?"""

import streamlit as st

from dashboard.views import blocs, donnees, etats, filtres, mes_taches, saisie

donnees.garde()
vue = filtres.lis_vue()
blocs.entete("Saisie", vue)
juges = etats.charge(vue).ici(vue.code_programmes)
dues = mes_taches.taches(vue, juges)
blocs.phrase(mes_taches.phrase(dues))

en_tete = st.container()
programme = saisie.choix_programme()
with en_tete:
    mes_taches.affiche(vue, dues, programme)
if programme is None:
    st.stop()
lus = saisie.contributions(vue, programme)
genre = saisie.choix_genre()
saisie.confirmation(lus, programme, genre)
chantier = saisie.chantier(vue, programme, genre, lus)
gauche, droite = st.columns([1, 1.35], gap="large")
with gauche:
    blocs.sous_titre(f"{programme.nom} : ce qui est dit", saisie.calcul(juges, programme))
    saisie.deja_dit(vue, programme, genre, lus)
    saisie.passe(vue, chantier)
with droite:
    saisie.titre(chantier)
    saisie.ecrit(vue, chantier)
