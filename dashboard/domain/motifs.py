"""Why a figure is missing, or what explains a statut: one set of words, for one series as for many at once."""

from __future__ import annotations

from datetime import date
from enum import IntEnum

from dashboard.domain.formatage import date_courte


class Motif(IntEnum):
    """A reason by its number: an array of many keeps one byte each. ``RIEN``: nothing to explain."""

    RIEN = 0
    SANS_VALEUR = 1
    ANNEE_OUVERTE = 2
    AVANT_DEPART = 3
    SANS_CIBLE = 4
    SENS_INCONNU = 5
    CIBLE_AU_DEPART = 6
    DEJA_ATTEINT = 7
    ECHU = 8
    ELOIGNEE = 9
    DEUX_RECULS = 10
    SANS_DEPART = 11
    SANS_CHEMIN = 12

    def texte(self, jour: date | None = None) -> str | None:
        """The reason in French; ``jour``: the date of the baseline or of the échéance that it names."""
        if self is Motif.RIEN:
            return None
        return _TEXTES[self].format(jour=date_courte(jour) if jour else "")


_TEXTES = {
    Motif.SANS_VALEUR: "aucune valeur observée",
    Motif.ANNEE_OUVERTE: "cumul annuel sans année close : aucune valeur comparable à la cible",
    Motif.AVANT_DEPART: "aucune valeur depuis la valeur initiale ({jour})",
    Motif.SANS_CIBLE: "pas de cible",
    Motif.SENS_INCONNU: "pas de valeur initiale et sens voulu non déclaré",
    Motif.CIBLE_AU_DEPART: "valeur initiale égale à la cible et sens voulu non déclaré",
    Motif.DEJA_ATTEINT: "valeur initiale déjà au niveau de la cible : 100 % tant qu'elle est tenue, 0 % sinon",
    Motif.ECHU: "échéance du {jour} passée",
    Motif.ELOIGNEE: "la valeur s'est éloignée de la cible depuis la valeur initiale",
    Motif.DEUX_RECULS: "les deux dernières évolutions vont dans le mauvais sens",
    Motif.SANS_DEPART: "pas de valeur initiale",
    Motif.SANS_CHEMIN: "trajectoire attendue inconnue : date initiale ou échéance absente",
}
