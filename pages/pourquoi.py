"""Why this figure: its calculation, its parts, its source row, its lot, its target?"""

import streamlit as st

from dashboard.views import blocs, filtres, lire, pourquoi
from dashboard.views.preuve import TITRE

vue = filtres.lis_vue()
entete = st.container()
e = pourquoi.charge(vue)
with entete:
    blocs.entete(TITRE, vue, pourquoi.fil(e) if e else None)
if e is not None:
    gauche, droite = st.columns([1, 2], gap="large")
    with gauche:
        blocs.affiche(pourquoi.chiffre(e))
        lire.prudence(pourquoi.avertissements(e))
        pourquoi.agir(e)
        blocs.sous_titre("La qualité de cette donnée")
        blocs.affiche(pourquoi.qualite(vue, e))
    with droite:
        blocs.affiche(pourquoi.chaine(e))
