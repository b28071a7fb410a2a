"""What a reader may see today: one condition, asked by every question to the store.

The day is that of Paris, read at each question and never that of a view: a reader made yesterday, a process that has
run for a month and a week looked at as it was see no more than what the agreements allow now.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, func, not_, or_, select

from dashboard.domain.formatage import PARIS
from dashboard.domain.lecteur import Lecteur
from dashboard.store.schema import indicateur, valeur


def aujourd_hui() -> date:
    """Today in Paris: the only clock that agreements are judged by."""
    return datetime.now(PARIS).date()


def lisible(lecteur: Lecteur) -> ColumnElement[bool]:
    """May this reader see the indicator, by its access and by the agreements that it rests on?"""
    siens = indicateur.c.acces.in_(sorted(lecteur.acces))
    return and_(siens, indicateur.c.code.not_in(sorted(lecteur.tus)), en_cours())


def visible(lecteur: Lecteur) -> Select[tuple[int]]:
    """Keys of the indicators that this reader may see."""
    return select(indicateur.c.id).where(lisible(lecteur))


def au_lot(lecteur: Lecteur) -> ColumnElement[bool]:
    """Values that were current as of the reader's lot."""
    return and_(valeur.c.lot_debut <= lecteur.lot, valeur.c.lot_fin > lecteur.lot)


def en_cours(jour: ColumnElement[date] | None = None) -> ColumnElement[bool]:
    """Not expired; ``jour``: a parameter for a question that is written once, today otherwise."""
    return or_(indicateur.c.jusqu_au.is_(None), indicateur.c.jusqu_au >= (aujourd_hui() if jour is None else jour))


def fermes(lecteur: Lecteur) -> Select[tuple[str]]:
    """Codes of the indicators that this reader may not see."""
    return select(indicateur.c.code).where(not_(lisible(lecteur)))


def expires() -> ColumnElement[int]:
    """How many indicators are no longer shown because an agreement ended."""
    return select(func.count()).select_from(indicateur).where(not_(en_cours())).scalar_subquery()


def list_retenus(connexion: Connection, lecteur: Lecteur) -> set[str]:
    """Indicators whose past publications must no longer be served to this reader: closed since, or expired.

    One that the espace no longer declares is not: its history stays, unless its agreement has ended.
    """
    ferme = and_(indicateur.c.acces != "retire", indicateur.c.acces.not_in(sorted(lecteur.acces)))
    requete = select(indicateur.c.code).where(or_(ferme, not_(en_cours())))
    return {str(c) for c in connexion.execute(requete).scalars()}
