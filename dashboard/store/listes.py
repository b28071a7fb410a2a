"""The values of one indicator for a maille or a place, a page at a time: what the open interface lists.

Read through the same door as ``queries``: what a reader may not see is not selected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Select, func, select

from dashboard.domain.lecteur import Lecteur
from dashboard.domain.periode import Frequence, Periode
from dashboard.domain.territoire import Maille
from dashboard.store.queries import _cadre, _cle
from dashboard.store.schema import territoire, valeur
from dashboard.store.visibilite import au_lot

COLONNES = ["debut", "fin", "frequence", "valeur", "statut", "confidentialite", "completude"]


@dataclass(frozen=True)
class Choix:
    """Which values: those of a place (its id) or of a maille; of one period, or whose end is between two days."""

    maille: Maille
    lieu: int | None = None
    periode: Periode | None = None
    debut: date | None = None
    fin: date | None = None


def load_page(
    connexion: Connection, lecteur: Lecteur, code: str, choix: Choix, limite: int, page: int
) -> tuple[pd.DataFrame, int]:
    """One page of values, latest period first then by code, and how many there are in all.

    Columns: code, nom and ``COLONNES``. Empty when the indicator is unknown or not allowed (the two look the same).
    """
    cle = _cle(connexion, lecteur, code)
    requete = _filtre(select(territoire.c.code, territoire.c.nom, *(valeur.c[c] for c in COLONNES)), lecteur, choix)
    requete = requete.where(valeur.c.indicateur_id == cle)
    total = int(connexion.execute(select(func.count()).select_from(requete.subquery())).scalar() or 0)
    rangee = requete.order_by(valeur.c.fin.desc(), valeur.c.frequence, territoire.c.code)
    cadre = _cadre(connexion, rangee.limit(limite).offset((page - 1) * limite), ["code", "nom", *COLONNES])
    return cadre, total


def load_derniere_periode(connexion: Connection, lecteur: Lecteur, code: str, choix: Choix) -> Periode | None:
    """The latest period among these values; None when there is none."""
    cle = _cle(connexion, lecteur, code)
    requete = _filtre(select(valeur.c.debut, valeur.c.fin, valeur.c.frequence), lecteur, choix)
    requete = requete.where(valeur.c.indicateur_id == cle).order_by(valeur.c.fin.desc(), valeur.c.frequence)
    ligne = connexion.execute(requete.limit(1)).first()
    return Periode(ligne.debut, ligne.fin, Frequence(ligne.frequence)) if ligne else None


def _filtre(requete: Select[tuple[object, ...]], lecteur: Lecteur, choix: Choix) -> Select[tuple[object, ...]]:
    requete = requete.join(territoire, territoire.c.id == valeur.c.territoire_id).where(
        territoire.c.millesime_fin.is_(None), valeur.c.maille == choix.maille.rang, au_lot(lecteur)
    )
    if choix.lieu is not None:
        requete = requete.where(valeur.c.territoire_id == choix.lieu)
    if choix.periode is not None:
        p = choix.periode
        requete = requete.where(valeur.c.fin == p.fin, valeur.c.debut == p.debut, valeur.c.frequence == p.frequence)
    if choix.debut is not None:
        requete = requete.where(valeur.c.fin >= choix.debut)
    if choix.fin is not None:
        requete = requete.where(valeur.c.fin <= choix.fin)
    return requete
