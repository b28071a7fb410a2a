"""Where does each policy stand, what is late, where, and what must be decided?"""

import streamlit as st

from dashboard.domain import phrases
from dashboard.views import blocs, filtres, fraicheur, situations

vue = filtres.lis_vue()
blocs.entete("L'essentiel", vue)
suivis = situations.charge(vue)
ici = situations.noms_programmes(suivis, vue.code_programmes)

if not ici:
    blocs.vide("Aucun programme à suivre ici.", "Les programmes se déclarent dans l'espace, fichier politiques.yml.")
    fraicheur.carte_region(vue)
    st.stop()

blocs.phrase(phrases.essentiel(ici, situations.pires_departements(vue, suivis)))
blocs.note(fraicheur.note_cibles(list(ici.values())))
if vue.code != vue.code_programmes:
    nom = vue.territoires.loc[vue.code_programmes, "nom"]
    blocs.note(f"Les programmes sont mesurés par département et région : voici {nom}.")
situations.bandeau(vue, suivis)

gauche, droite = st.columns([2.6, 1], gap="medium")
with gauche:
    blocs.affiche(situations.table(vue, suivis))
    blocs.note(*fraicheur.note_essentiel(vue, list(ici.values())))
    fraicheur.carte_region(vue)
with droite:
    situations.carte_des_retards(vue, suivis)
    fraicheur.carte_fraicheur(vue, list(ici.values()))
