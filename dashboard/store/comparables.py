"""The second reading of a whole maille: values with what they were computed from, for intervals and ranks.

Read through the same door as ``queries``: what the reader may not see is not selected, and a hidden value comes
without figures.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
from sqlalchemy import Connection, Date, Integer, bindparam, select

from dashboard.domain.lecteur import Lecteur
from dashboard.domain.territoire import Maille
from dashboard.store.queries import _cadre
from dashboard.store.schema import indicateur, valeur
from dashboard.store.visibilite import au_lot, visible

COLONNES = ["territoire_id", "valeur", "numerateur", "denominateur", "statut"]
MESURES = ["valeur", "numerateur", "denominateur"]


def load_comparables(connexion: Connection, lecteur: Lecteur, code: str, maille: Maille, fin: date) -> pd.DataFrame:
    """``COLONNES`` of one indicator for every territory of a maille at one date.

    Empty when the indicator is unknown, not allowed, or never published there. A hidden row has no figure at all.
    """
    permis = visible(lecteur).where(indicateur.c.code == bindparam("code"))
    requete = select(*(valeur.c[c] for c in COLONNES)).where(
        valeur.c.indicateur_id.in_(permis),
        valeur.c.maille == bindparam("maille", type_=Integer),
        valeur.c.fin == bindparam("fin", type_=Date),
        au_lot(lecteur),
    )
    cadre = _cadre(connexion, requete, COLONNES, {"code": code, "maille": maille.rang, "fin": fin})
    cadre[MESURES] = cadre[MESURES].astype("float64").where(cadre["statut"] != "Q")
    return cadre.astype({"territoire_id": "int64"})
