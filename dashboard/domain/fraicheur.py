"""Freshness of a value: an axis of its own, shown beside the statut and never in its place."""

from datetime import date
from enum import StrEnum

from dashboard.domain.periode import ajoute_mois


class Fraicheur(StrEnum):
    """How the last value stands against the rhythm promised by its source."""

    A_JOUR = "a_jour"
    EN_ATTENTE = "en_attente"
    PERIME = "perime"

    @property
    def libelle(self) -> str:
        """Words shown to people."""
        return {"a_jour": "à jour", "en_attente": "en attente", "perime": "périmé"}[self.value]


def fraicheur(
    fin_derniere_valeur: date | None, rythme_mois: int, delai_mois: int, date_arrete: date
) -> Fraicheur | None:
    """À jour up to last value + rhythm, en attente up to + delay, périmé beyond; None without a value.

    Months; the bounds themselves still belong to the better state.
    """
    if fin_derniere_valeur is None:
        return None
    if date_arrete <= ajoute_mois(fin_derniere_valeur, rythme_mois):
        return Fraicheur.A_JOUR
    if date_arrete <= ajoute_mois(fin_derniere_valeur, rythme_mois + delai_mois):
        return Fraicheur.EN_ATTENTE
    return Fraicheur.PERIME


def age_mois(fin: date, date_arrete: date) -> int:
    """Whole months from the end of the value to the date d'arrêté (0 if the value ends later)."""
    mois = (date_arrete.year - fin.year) * 12 + date_arrete.month - fin.month
    while mois > 0 and ajoute_mois(fin, mois) > date_arrete:
        mois -= 1
    return max(mois, 0)
