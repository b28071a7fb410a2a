"""Which policies are on their path, which are not, and who answers for them?"""

import streamlit as st

from dashboard.domain.comment_lire import Figure
from dashboard.views import alertes_vue, blocs, etats, filtres, jugements, lire, politiques

vue = filtres.lis_vue()
blocs.entete("Politiques", vue)
tous = etats.charge(vue)
ici = tous.ici(vue.code_programmes)
if not ici:
    blocs.vide("Aucun programme à suivre ici.", "Les programmes se déclarent dans l'espace, fichier politiques.yml.")
    st.stop()

choisie, alerte = politiques.statut_choisi(), alertes_vue.choisie()
mots = jugements.charge(vue)
dossiers = alertes_vue.dossiers(vue, ici, mots)
gauche, droite = st.columns([1, 1.9], vertical_alignment="top")
with gauche:
    tri = filtres.selecteur_mode("tri", politiques.TRIS, "Présentation")
with droite:
    politiques.puces(ici, choisie)
    blocs.affiche(alertes_vue.puces(dossiers, choisie, alerte))
retenus = politiques.retenus(ici, choisie, alertes_vue.touches(dossiers, alerte))
if not retenus:
    blocs.vide("Aucun programme ne passe ces filtres ici.", "En enlever un, ou choisir un autre territoire.")
else:
    blocs.note(politiques.compte(retenus), politiques.manques(retenus, mots.syntheses))
    blocs.affiche(politiques.tables(retenus, tri, mots.syntheses))
    lire.comment_lire(Figure.BARRE, Figure.ETINCELLE)
