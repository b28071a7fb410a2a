"""Is a source on time? Judged on its last period, on its last pull, and on whether it was ever pulled at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dashboard.domain.fraicheur import Fraicheur, fraicheur
from dashboard.domain.periode import ajoute_mois
from dashboard.domain.source import Source

EN_DIRECT = ("http", "ogc", "sdmx")


class Etat(StrEnum):
    """How a source stands, from the best to the worst."""

    A_JOUR = "a_jour"
    ATTENDUE = "attendue"
    EN_RETARD = "en_retard"
    JAMAIS_EN_DIRECT = "jamais_en_direct"
    JAMAIS = "jamais"

    @property
    def libelle(self) -> str:
        """Words shown to people."""
        return {
            "a_jour": "à jour", "attendue": "attendue", "en_retard": "en retard",
            "jamais_en_direct": "jamais tirée en direct ici", "jamais": "jamais tirée",
        }[self.value]  # fmt: skip


@dataclass(frozen=True)
class Ponctualite:
    """``depuis``: since when it is late, or expected. ``raison``: why, in words; empty when there is nothing to say."""

    etat: Etat
    depuis: date | None = None
    raison: str = ""


def ponctualite(
    source: Source, fin: date | None, arrete: date, *, echec: tuple[date, str] | None = None, tiree: bool = True
) -> Ponctualite:
    """``fin``: end of its last period, None when nothing is published. ``echec``: day and reason of the last pull when
    it failed. ``tiree``: was it ever pulled with success?
    """
    if source.a_la_main:
        echec = None
    if source.connecteur in EN_DIRECT and not tiree:
        return Ponctualite(Etat.JAMAIS_EN_DIRECT, None, echec[1] if echec else "")
    if fin is None:
        attend = "ses fichiers se déposent ici" if source.a_la_main else ""
        return Ponctualite(Etat.JAMAIS, None, echec[1] if echec else attend)
    attendue = ajoute_mois(fin, source.rythme_mois)
    limite = ajoute_mois(fin, source.rythme_mois + source.delai_mois)
    if echec:
        return Ponctualite(Etat.EN_RETARD, echec[0], f"dernier tirage en échec : {echec[1]}")
    juge = fraicheur(fin, source.rythme_mois, source.delai_mois, arrete)
    if juge is Fraicheur.PERIME:
        return Ponctualite(Etat.EN_RETARD, limite, "la période suivante n'est pas arrivée")
    if juge is Fraicheur.EN_ATTENTE:
        return Ponctualite(Etat.ATTENDUE, attendue, "le délai du producteur court encore")
    return Ponctualite(Etat.A_JOUR)
