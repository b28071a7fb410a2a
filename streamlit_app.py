"""The router: pages by who uses them, the brand, and one French sentence when nothing can be served."""

import logging

import streamlit as st

from dashboard.espace import EspaceInvalide
from dashboard.reglages import ReglageInvalide
from dashboard.store.moteur import MagasinIndisponible
from dashboard.views import cached, filtres

st.set_page_config(page_title="Boussole", page_icon="assets/logo.svg", layout="wide")
st.logo("assets/logo.svg", size="large")

PAGES = {
    "": [
        st.Page("pages/essentiel.py", title="L'essentiel", default=True),
        st.Page("pages/politiques.py", title="Politiques"),
        st.Page("pages/carte.py", title="Carte"),
        st.Page("pages/territoire.py", title="Mon territoire"),
        st.Page("pages/bulletin.py", title="Bulletin"),
        st.Page("pages/programme.py", title="Programme", visibility="hidden"),
        st.Page("pages/pourquoi.py", title="Pourquoi ce chiffre ?", visibility="hidden"),
    ],
    "Suivre": [
        st.Page("pages/suivi.py", title="Suivi"),
        st.Page("pages/indicateur.py", title="Indicateur"),
        st.Page("pages/comparer.py", title="Comparaison"),
    ],
    **(
        {"Alimenter": [st.Page("pages/donnees.py", title="Données"), st.Page("pages/saisie.py", title="Saisie")]}
        if cached.peut_ecrire()
        else {}
    ),
    "Gouverner": [
        st.Page("pages/catalogue.py", title="Catalogue"),
        st.Page("pages/instantanes.py", title="Instantanés"),
        *([st.Page("pages/conventions.py", title="Conventions et registre")] if cached.peut_ecrire() else []),
        st.Page("pages/qualite.py", title="Qualité et souveraineté"),
    ],
    "Aide": [
        st.Page("pages/visite.py", title="Visite guidée"),
        st.Page("pages/aide.py", title="Lire et comprendre"),
    ],
}

page = st.navigation(PAGES, position="top")
try:
    cached.pret()
    filtres.arrive(page.url_path)
    page.run()
except (EspaceInvalide, ReglageInvalide, MagasinIndisponible) as erreur:
    st.error(str(erreur), icon=":material/error:")
except Exception:  # the last net: the reader gets a sentence, the operator the trace
    logging.getLogger("boussole").exception("Page « %s »", page.url_path)
    st.error(
        "Cette page n'a pas pu s'afficher. Recharger l'adresse ; si cela continue, prévenir l'exploitant : "
        "la trace est dans le journal du serveur.",
        icon=":material/error:",
    )
