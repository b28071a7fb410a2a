"""How far is this programme, on what path, where is it late, and what must be decided?"""

import streamlit as st

from dashboard.domain.comment_lire import Figure
from dashboard.views import blocs, budget, etats, filtres, jugements, lire, programme, programme_lieux

vue = filtres.lis_vue()
tous = etats.charge(vue)
if not tous.par_programme:
    blocs.entete("Programme", vue)
    blocs.vide("Aucun programme à suivre.", "Les programmes se déclarent dans l'espace, fichier politiques.yml.")
    st.stop()
demande = programme.choisi(vue, tous)
possibles = programme.a_choisir(vue, tous, demande)
etat = tous.par_programme[demande][vue.code_programmes]
blocs.entete(etat.programme.nom, vue, programme.fil(vue, etat))
montre = filtres.selecteur_mode("indicateur", possibles, "Indicateur") if len(possibles) > 1 else None
d = programme.charge(vue, tous, demande, montre)

mots = jugements.charge(vue, (demande, *etat.programme.tous))

gauche, centre, droite = st.columns([1, 1.6, 1.1], gap="medium")
with gauche:
    blocs.affiche(programme.chiffre(d))
    blocs.note(*programme.preuves(d))
with centre:
    programme.trace(d, mots)
    lire.comment_lire(Figure.TRAJECTOIRE, Figure.BARRE)
    blocs.sous_titre("Ce que disent les chiffres")
    blocs.affiche(programme.paragraphe(programme.recit_de(d)))
with droite:
    blocs.sous_titre("Synthèse")
    blocs.affiche(jugements.synthese(mots, demande, etat.statut))
    blocs.sous_titre("Décisions attendues")
    blocs.affiche(jugements.decisions(mots, demande), jugements.intention(mots, demande))
    blocs.sous_titre("Depuis lundi")
    blocs.affiche(programme.paragraphe(programme.depuis_lundi(d)))

ailleurs = programme.en_departements(d)
if ailleurs:
    blocs.sous_titre(*programme_lieux.titre(ailleurs))
    gauche, droite = st.columns([1, 2.9], gap="medium")
    with gauche:
        blocs.affiche(programme_lieux.carte(vue, ailleurs))
    with droite:
        blocs.affiche(programme_lieux.multiples(vue, ailleurs))
        lire.comment_lire(Figure.PETITES)

gauche, droite = st.columns([1.2, 1], gap="large")
with gauche:
    blocs.sous_titre("Autres indicateurs du programme")
    blocs.affiche(programme.lies(d))
with droite:
    budget.affiche_programme(vue, d.programme, programme.avancement_annuel(d))
    lire.comment_lire(Figure.BUDGET)
