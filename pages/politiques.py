"""Which policies are on their path, which are not, and who answers for them?"""

import streamlit as st

from dashboard.views import blocs, etats, filtres, jugements, politiques

vue = filtres.lis_vue()
blocs.entete("Politiques", vue)
tous = etats.charge(vue)
ici = tous.ici(vue.code_programmes)
if not ici:
    blocs.vide("Aucun programme à suivre ici.", "Les programmes se déclarent dans l'espace, fichier politiques.yml.")
    st.stop()

choisie = politiques.statut_choisi()
gauche, droite = st.columns([1, 1.6], vertical_alignment="center")
with gauche:
    tri = filtres.selecteur_mode("tri", politiques.TRIS, "Présentation")
with droite:
    politiques.puces(ici, choisie)
retenus = politiques.retenus(vue, tous, choisie)
if not retenus:
    blocs.vide("Aucun programme à ce statut ici.", "Enlever le filtre, ou choisir un autre territoire.")
else:
    syntheses = jugements.charge(vue).syntheses
    blocs.note(politiques.compte(retenus), politiques.manques(retenus, syntheses))
    blocs.affiche(politiques.tables(retenus, tri, syntheses))
