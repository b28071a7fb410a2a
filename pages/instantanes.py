"""What was published each week, is it intact, and what differs from one week to another?"""

import streamlit as st

from dashboard.views import blocs, filtres, instantanes

vue = filtres.lis_vue()
blocs.entete("Instantanés", vue, instantanes.FIL)
lus = instantanes.lis()
if lus is not None:
    blocs.phrase(instantanes.phrase(lus))
    instantanes.liste(lus)
    gauche, droite = st.columns([1, 1.6], gap="large")
    with gauche:
        blocs.sous_titre("Vérifier", "Chaque octet contre son empreinte, puis le sceau et la chaîne.")
        instantanes.verifie(lus)
    with droite:
        blocs.sous_titre("Comparer deux semaines", "Ce qui diffère, par cause.")
        instantanes.compare(lus)
    blocs.sous_titre("Ce que prouve un sceau")
    instantanes.explique(lus)
