"""Which sources are on time, and how does a file become figures?"""

import streamlit as st

from dashboard.views import blocs, donnees, filtres, import_vue, rapport_vue

donnees.garde()
vue = filtres.lis_vue()
voulu = import_vue.demande()
blocs.entete("Données", vue)
blocs.phrase(donnees.phrase(vue))

if voulu.tache is not None:
    import_vue.tache(vue, voulu.tache)
elif voulu.lot is not None:
    rapport_vue.lot(vue, voulu.lot)
blocs.sous_titre("Alimenter une source")
import_vue.assistant(vue, voulu)
import_vue.agis(vue, voulu)

blocs.sous_titre("Sources", "Leur état à la date d'arrêté.")
blocs.affiche(donnees.sources(vue))
gauche, droite = st.columns([1.7, 1], gap="large")
with gauche:
    blocs.sous_titre("Lots", "Chaque livraison reçue, la plus récente d'abord. Aucune n'est jamais effacée.")
    blocs.affiche(donnees.lots(vue))
with droite:
    blocs.sous_titre("Dernières tâches", "Le travail lancé d'ici, même après avoir quitté la page.")
    blocs.affiche(donnees.taches())
