"""Which data does the région have, from whom, how fresh, on what terms, and in which files?"""

import streamlit as st

from dashboard.views import blocs, catalogue, catalogue_jeu, filtres


@st.fragment
def liste(onglet: str, vue: filtres.Vue) -> None:
    """A fragment: another filter sends the rows again, not the page around them."""
    vue = filtres.a_jour(vue)
    filtres.suit(vue)
    catalogue.resultats(catalogue.charge(vue), onglet)


vue = filtres.lis_vue()
lu = catalogue.charge(vue)
choisi = catalogue_jeu.demande(lu)
if choisi is None:
    blocs.entete("Catalogue", vue)
    blocs.phrase(catalogue.phrase(lu))
    onglet = filtres.selecteur_mode("voir", catalogue.ONGLETS, "Ce que montre le catalogue")
    if onglet == "producteurs":
        blocs.affiche(catalogue.producteurs(lu))
    else:
        liste(onglet, vue)
    blocs.affiche(catalogue.telechargements())
else:
    jeu, entree = choisi
    blocs.entete(entree.titre, vue, catalogue_jeu.fil())
    blocs.phrase(catalogue_jeu.phrase(jeu, entree))
    gauche, droite = st.columns([1, 1.5], gap="large")
    with gauche:
        blocs.affiche(catalogue_jeu.fiche(lu, jeu, entree))
        blocs.sous_titre("Qui en répond")
        catalogue_jeu.contacts(jeu)
        catalogue_jeu.convention(jeu)
        blocs.sous_titre("Qualité")
        blocs.affiche(catalogue_jeu.qualite(vue, jeu))
    with droite:
        blocs.sous_titre("Indicateurs", "Ce que ce jeu mesure.")
        blocs.affiche(catalogue_jeu.indicateurs(vue, jeu))
        blocs.sous_titre("Fichiers", "Ceux du dernier instantané public, à une adresse stable.")
        catalogue_jeu.fichiers(jeu, entree)
        blocs.sous_titre("Derniers lots", "Chaque envoi publié, avec son empreinte.")
        blocs.affiche(catalogue_jeu.livraisons(jeu))
blocs.note(catalogue.attribution())
