"""Which days the values of each indicator cover, read through the same door as ``queries``."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, func, select

from dashboard.domain.lecteur import Lecteur
from dashboard.store.schema import indicateur, valeur
from dashboard.store.visibilite import au_lot, visible


def load_couvertures(connexion: Connection, lecteur: Lecteur) -> dict[str, tuple[date, date]]:
    """First and last day of the values of every indicator this reader may see; one without values is left out."""
    visibles = visible(lecteur).subquery()
    requete = (
        select(indicateur.c.code, func.min(valeur.c.debut), func.max(valeur.c.fin))
        .join(indicateur, indicateur.c.id == valeur.c.indicateur_id)
        .where(valeur.c.indicateur_id.in_(select(visibles.c.id)), au_lot(lecteur))
        .group_by(indicateur.c.code)
    )
    return {str(code): (debut, fin) for code, debut, fin in connexion.execute(requete)}
