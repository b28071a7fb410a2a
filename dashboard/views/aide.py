"""Help: how to read progress, what each statut and each word means."""

from __future__ import annotations

import streamlit as st

from dashboard.domain.formatage import nombre
from dashboard.domain.statut import Seuils, Statut
from dashboard.views import blocs, cached, filtres, selecteurs
from dashboard.views.glossaire import liste
from dashboard.views.html import Sur, affiche, balise


def _explications(seuils: Seuils) -> dict[Statut, str]:
    bon, moyen = nombre(seuils.ratio_trajectoire * 100), nombre(seuils.ratio_surveiller * 100)
    return {
        Statut.ATTEINT: "La valeur a rejoint la cible.",
        Statut.DANS_LA_TRAJECTOIRE: f"Au moins {bon} % de l'avancement attendu à la date de la valeur.",
        Statut.A_SURVEILLER: f"Entre {moyen} et {bon} % de l'avancement attendu.",
        Statut.EN_RETARD: f"Moins de {moyen} % de l'avancement attendu.",
        Statut.EN_RECUL: "La valeur est passée sous son point de départ, ou s'éloigne de la cible deux fois de suite.",
        Statut.ECHU_NON_ATTEINT: "L'échéance est passée sans que la cible soit atteinte.",
        Statut.NON_MESURE: "Il manque une valeur, une cible ou un point de départ : le motif est toujours écrit.",
    }


def statuts() -> Sur:
    """Each statut with its rule."""
    lignes = [[blocs.statut(s), texte] for s, texte in _explications(cached.app().espace.seuils).items()]
    return blocs.table([("Statut", False), ("Règle", False)], lignes, "Les statuts et leur règle")


def mot_demande() -> bool:
    """Does the address ask for a word? It is then shown first."""
    return bool(filtres.texte_libre("mot", 1))


@st.fragment
def glossaire() -> None:
    """The words, with a search. A fragment: typing redraws nothing else."""
    cherche = selecteurs.cherche("mot", "Chercher un mot", "Mot ou partie de sa définition")
    affiche(liste(cherche))


def limites() -> Sur:
    """What must not be read in the figures."""
    return balise(
        "p",
        "Boussole ne complète, n'arrondit et n'interpole aucun chiffre publié. Elle ne compare pas un territoire à "
        "lui-même et ne donne pas de rang quand l'écart n'est pas distinguable. L'âge et le sexe d'un maire ne sont "
        "jamais montrés pour une commune.",
    )  # fmt: skip
