"""Where does each policy stand, what is late, where, and what must be decided?"""

import streamlit as st

from dashboard.domain import phrases_programmes
from dashboard.domain.comment_lire import Figure
from dashboard.views import blocs, budget, essentiel, etats, filtres, fraicheur, jugements, lire

vue = filtres.lis_vue()
blocs.entete("L'essentiel", vue)
tous = etats.charge(vue)
ici = tous.ici(vue.code_programmes)

if not ici:
    blocs.vide("Aucun programme à suivre ici.", "Les programmes se déclarent dans l'espace, fichier politiques.yml.")
    fraicheur.carte_region(vue)
    st.stop()

noms = {p: str(vue.territoires.loc[e.code, "nom"]) for p, e in tous.pires(vue.code_programmes).items()}
blocs.phrase(phrases_programmes.essentiel(ici, noms), phrases_programmes.note_cibles(ici))
if vue.code != vue.code_programmes:
    nom = vue.territoires.loc[vue.code_programmes, "nom"]
    blocs.note(f"Les programmes sont mesurés par département et région : voici {nom}.")
essentiel.bandeau(ici)

gauche, droite = st.columns([3.3, 1], gap="medium")
with gauche:
    blocs.affiche(essentiel.table(vue, tous, jugements.charge(vue).decisions))
    blocs.note(*fraicheur.note_lecture(vue))
    lire.comment_lire(Figure.BARRE)
with droite:
    essentiel.carte_des_retards(vue, tous)
    budget.carte_region(vue)
    fraicheur.carte_fraicheur(vue, ici)
fraicheur.carte_region(vue)
