"""Help: how to read progress, what each statut and each word means."""

from __future__ import annotations

from dashboard.domain.formatage import nombre
from dashboard.domain.statut import Seuils, Statut
from dashboard.views import blocs, cached
from dashboard.views.html import Sur, balise, joint


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


MOTS = {
    "Date d'arrêté": "Le jour auquel tout est jugé. Rien de ce qui est daté d'après n'est montré pour un programme.",
    "Taux d'avancement (TA)": "Part du chemin parcourue entre la valeur initiale et la cible : "
    "100 × (valeur − valeur initiale) ÷ (cible − valeur initiale).",
    "TA attendu": "Où devrait en être le chemin, tracé droit de la valeur initiale à la cible, à la date de la valeur.",
    "TA d'un programme": "Moyenne pondérée des TA de ses indicateurs, toujours avec leur nombre ; elle n'est pas "
    "montrée quand moins des deux tiers du poids sont mesurés. Le même seuil la compare à la moyenne des TA attendus.",
    "À ce rythme": "La droite des cinq dernières années prolongée jusqu'à l'échéance, avec son intervalle à 95 % ; "
    "au moins cinq points comparables. C'est un constat prolongé, pas une prévision.",
    "Météo": "Jugement de la direction responsable (soleil, couvert, nuage, orage), distinct du statut calculé : "
    "leur désaccord est lui-même un signal.",
    "Valeur périmée": "Le producteur aurait déjà dû publier la suivante, son délai habituel compris.",
    "Cible État": "Cible fixée par l'État et déclinée par territoire ; elle n'engage pas la Région.",
    "Cible du schéma": "Cible d'un schéma régional (SRADDET, plan déchets…), avec l'acte qui l'a fixée.",
    "Contexte": "Indicateur qui décrit un territoire (population, parité…) ; il ne mesure aucune politique régionale.",
    "EPCI": "Établissement public de coopération intercommunale : communauté de communes, d'agglomération, "
    "urbaine, ou métropole.",
    "Partie régionale": "Pour un EPCI à cheval sur deux régions, seules ses communes de la région sont comptées.",
    "Complétude": "Part des communes, et de leurs habitants, dont la valeur entre dans le total.",
    "n.d.": "Donnée non disponible : absente, jamais zéro.",
    "s.": "Secret statistique : trop peu d'unités pour publier sans désigner quelqu'un.",
    "COG": "Code officiel géographique de l'INSEE : la liste des communes au 1er janvier de chaque année.",
}


def lecture() -> Sur:
    """How to read a progress bar."""
    return joint(
        balise("p", "La barre montre la part du chemin parcourue vers la cible ; le trait noir, la part attendue à la "
               "date de la valeur. Une barre qui dépasse le trait est en avance, une barre plus courte est en retard.")
    )  # fmt: skip


def statuts() -> Sur:
    """Each statut with its rule."""
    lignes = [[blocs.statut(s), texte] for s, texte in _explications(cached.app().espace.seuils).items()]
    return blocs.table([("Statut", False), ("Règle", False)], lignes, "Les statuts et leur règle")


def glossaire() -> Sur:
    """The words."""
    return blocs.definitions(dict(MOTS))


def limites() -> Sur:
    """What must not be read in the figures."""
    return balise(
        "p",
        "Boussole ne complète, n'arrondit et n'interpole aucun chiffre publié. Elle ne compare pas un territoire à "
        "lui-même et ne donne pas de rang quand l'écart n'est pas distinguable. L'âge et le sexe d'un maire ne sont "
        "jamais montrés pour une commune.",
    )  # fmt: skip
