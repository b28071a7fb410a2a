"""What changed this week, why, and what does it do to the programmes?"""

import streamlit as st

from dashboard.views import blocs, bulletin, filtres

vue = filtres.lis_vue()
tete = st.container()
lu = bulletin.choisi(vue)
with tete:
    blocs.entete("Bulletin", vue, bulletin.fil(lu))
if lu is not None:
    blocs.phrase(lu.bulletin.phrase)
    cause = bulletin.puces(lu)
    gauche, droite = st.columns([2.55, 1], gap="large")
    with gauche:
        bulletin.phrases(lu.bulletin, cause)
    with droite:
        bulletin.cote(lu)
