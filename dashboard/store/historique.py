"""When what is shown of an indicator changed."""

from __future__ import annotations

from sqlalchemy import Connection, select

from dashboard.domain.lecteur import Lecteur
from dashboard.store.queries import _cle
from dashboard.store.schema import valeur


def list_lots(connexion: Connection, lecteur: Lecteur, code: str) -> list[int]:
    """Lots that changed what is shown of an indicator, oldest first; none when unknown or closed to this reader."""
    debuts = select(valeur.c.lot_debut).where(valeur.c.indicateur_id == _cle(connexion, lecteur, code)).distinct()
    return sorted(int(n) for n in connexion.execute(debuts).scalars())
