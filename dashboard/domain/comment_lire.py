"""« Comment lire »: one short text for each kind of figure that the pages draw."""

from __future__ import annotations

from enum import StrEnum

from dashboard.domain.indicateur import Indicateur


class Figure(StrEnum):
    """A kind of figure."""

    TRAJECTOIRE = "trajectoire"
    SERIE = "serie"
    CARTE_TAUX = "carte_taux"
    CARTE_NOMBRES = "carte_nombres"
    CARTE_DIVERGENTE = "carte_divergente"
    CLASSEMENT = "classement"
    DISTRIBUTION = "distribution"
    NUAGE = "nuage"
    SERIES = "series"
    BASE100 = "base100"
    COULEURS = "couleurs"
    PETITES = "petites"
    BARRE = "barre"
    ETINCELLE = "etincelle"
    POSITION = "position"
    BUDGET = "budget"

    @property
    def titre(self) -> str:
        """What it is called."""
        return _TEXTES[self][0]

    @property
    def texte(self) -> str:
        """How it is read, and what must not be read in it."""
        return _TEXTES[self][1]


_TEXTES = {
    Figure.TRAJECTOIRE: (
        "La trajectoire",
        "Trait plein : ce qui a été observé. Tirets : le chemin droit de la valeur initiale à la cible. L'écart se "
        "lit à la date de la dernière valeur, pas à aujourd'hui. Un fond gris est un temps sans donnée, pas une "
        "valeur nulle.",
    ),
    Figure.SERIE: (
        "La série",
        "Chaque point est une valeur publiée, à la fin de sa période. L'axe ne part pas toujours de zéro : "
        "regarder ses graduations avant la pente. Sous cinq points, aucune tendance n'est dite.",
    ),
    Figure.CARTE_TAUX: (
        "La carte de taux",
        "Plus la couleur est foncée, plus le taux est haut. La légende donne les bornes de chaque classe : deux "
        "voisins de couleurs différentes peuvent être presque égaux. Une grande surface n'est pas une grande "
        "population. Gris : donnée absente ; pointillé : secret.",
    ),
    Figure.CARTE_NOMBRES: (
        "La carte en cercles",
        "La surface du cercle est proportionnelle au nombre. Un grand cercle dit d'abord un grand territoire : pour "
        "comparer, prendre une part ou un taux. Les nombres ne sont jamais montrés en aplats de couleur.",
    ),
    Figure.CARTE_DIVERGENTE: (
        "La carte à deux couleurs",
        "Deux couleurs de part et d'autre d'un repère (zéro, la région ou la cible) ; plus la couleur est vive, "
        "plus on s'en éloigne. La couleur dit le côté, elle ne dit pas ce qui est bien ou mal.",
    ),
    Figure.CLASSEMENT: (
        "Le classement",
        "Le point est la valeur, la barre bleue son intervalle à 95 %, le trait vertical la région. Deux barres "
        "qui se recouvrent ne disent pas lequel est devant : « 12e à 34e » donne tous les rangs possibles.",
    ),
    Figure.DISTRIBUTION: (
        "La distribution",
        "Chaque barre compte les territoires dont la valeur est dans l'intervalle. La boîte tient la moitié "
        "centrale, son trait est la médiane. Un point isolé est souvent un petit territoire : vérifier son effectif.",
    ),
    Figure.NUAGE: (
        "Le nuage de points",
        "Chaque point est un territoire, placé par ses deux indicateurs. Un nuage penché dit que les deux vont "
        "ensemble, pas que l'un cause l'autre ; ce qui est vrai des territoires ne l'est pas forcément des "
        "personnes.",
    ),
    Figure.SERIES: (
        "Les petites séries",
        "Une petite courbe par territoire, toutes à la même échelle : on compare les formes et les niveaux d'un "
        "coup d'œil.",
    ),
    Figure.BASE100: (
        "La base 100",
        "Toutes les courbes partent de 100 la même année : 110 veut dire 10 % de plus qu'alors. Elle compare des "
        "évolutions, jamais des niveaux ; une année de départ exceptionnelle fausse toutes les autres.",
    ),
    Figure.COULEURS: (
        "Le tableau coloré",
        "Chaque colonne a sa propre échelle de couleurs, du plus bas au plus haut : la couleur se compare de haut "
        "en bas, pas de gauche à droite.",
    ),
    Figure.PETITES: (
        "Les départements côte à côte",
        "Une vignette par département, la même échelle partout. Trait : observé ; tirets : le chemin vers la cible "
        "de ce département, qui n'est pas celle de la région.",
    ),
    Figure.BARRE: (
        "La barre d'avancement",
        "La barre montre la part du chemin parcourue vers la cible ; le trait noir, la part attendue à la date de la "
        "valeur. Une barre qui dépasse le trait est en avance sur son chemin, une barre plus courte derrière : "
        "la couleur et le statut disent de combien.",
    ),
    Figure.ETINCELLE: (
        "La petite courbe",
        "La forme de la série, du premier au dernier point, sans échelle : elle dit si l'on monte ou descend, pas de "
        "combien. La flèche n'est donnée qu'à partir de cinq points.",
    ),
    Figure.POSITION: (
        "La place parmi les pairs",
        "Le point donne la place du territoire, du plus bas au plus haut de son niveau ; la bande grise est la "
        "moitié centrale. Être au milieu n'est ni bien ni mal, et un écart peut tenir au hasard des petits nombres.",
    ),
    Figure.BUDGET: (
        "Le budget et l'avancement",
        "En haut le chemin parcouru, en bas l'argent, sur les mêmes années. Voté, engagé et payé sont trois "
        "moments d'une même dépense : ils ne s'additionnent pas.",
    ),
}


def de_la_carte(declare: Indicateur) -> Figure:
    """The kind of map an indicator is drawn as."""
    if declare.en_cercles:
        return Figure.CARTE_NOMBRES
    return Figure.CARTE_DIVERGENTE if declare.carte.divergente else Figure.CARTE_TAUX
