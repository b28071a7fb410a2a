"""What secrecy has hidden so far: a publication keeps it hidden."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import Connection, select

from dashboard.store.masse import lis_colonnes
from dashboard.store.schema import indicateur, territoire, valeur


def lis_caches(connexion: Connection, indicateurs: Sequence[str]) -> pd.DataFrame:
    """What any lot has ever hidden of these: indicateur, code_territoire, fin, frequence."""
    colonnes = [indicateur.c.code.label("indicateur"), territoire.c.code.label("code_territoire")]
    requete = (
        select(*colonnes, valeur.c.fin, valeur.c.frequence)
        .join(indicateur, indicateur.c.id == valeur.c.indicateur_id)
        .join(territoire, territoire.c.id == valeur.c.territoire_id)
        .where(valeur.c.statut == "Q", indicateur.c.code.in_(list(indicateurs)))
        .distinct()
    )
    lus = lis_colonnes(connexion, requete, ["indicateur", "code_territoire", "fin", "frequence"])
    return lus.assign(fin=pd.to_datetime(lus["fin"]).astype("datetime64[s]"))
