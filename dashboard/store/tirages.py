"""Each pull of a source and its outcome: when it is due again, why it is late, what it remembers of its producer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import DBAPIError

from dashboard.domain.lecteur import Auteur
from dashboard.domain.source import Source
from dashboard.store.ecriture import exige, maintenant
from dashboard.store.moteur import explique
from dashboard.store.schema import tirage

REUSSIS = ("publie", "deja_publie", "inchange")
DELAIS = {"jour": timedelta(hours=20), "semaine": timedelta(days=6, hours=12), "mois": timedelta(days=27)}
"""Time after which a pull is due again: a little under its rhythm, so that a schedule never skips a turn."""


@dataclass(frozen=True)
class Tirage:
    """One pull: its moment (UTC), its outcome (see ``pipeline.Resultat``) and its sentence."""

    quand: datetime
    etat: str
    message: str

    @property
    def reussi(self) -> bool:
        """Did the producer answer something that could be published, or that already was?"""
        return self.etat in REUSSIS


def note(moteur: Engine, source: str, etat: str, message: str, validateurs: Mapping[str, str], auteur: Auteur) -> None:
    """Keeps the outcome of one pull. Raises :class:`MagasinIndisponible` when the store refuses."""
    exige(auteur)
    ligne = {"source": source, "quand": maintenant(), "etat": etat, "message": message}
    try:
        with moteur.begin() as connexion:
            connexion.execute(insert(tirage).values(**ligne, validateurs=json.dumps(dict(validateurs))))
    except DBAPIError as erreur:
        raise explique(moteur, erreur) from erreur


def dernier(connexion: Connection, source: str, *, reussi: bool = False) -> Tirage | None:
    """The last pull of a source, or its last successful one; None before the first."""
    requete = select(tirage.c.quand, tirage.c.etat, tirage.c.message).where(tirage.c.source == source)
    if reussi:
        requete = requete.where(tirage.c.etat.in_(REUSSIS))
    ligne = connexion.execute(requete.order_by(tirage.c.id.desc()).limit(1)).first()
    return Tirage(ligne.quand, str(ligne.etat), str(ligne.message)) if ligne else None


def validateurs(connexion: Connection, source: str) -> Mapping[str, str]:
    """ETag and Last-Modified of the last successful pull."""
    requete = (
        select(tirage.c.validateurs)
        .where(tirage.c.source == source, tirage.c.etat.in_(REUSSIS), tirage.c.validateurs != "{}")
        .order_by(tirage.c.id.desc())
        .limit(1)
    )
    texte = connexion.execute(requete).scalar()
    garde: dict[str, str] = json.loads(texte) if texte else {}
    return garde


def est_due(source: Source, precedent: Tirage | None, quand: datetime) -> bool:
    """Is it time to pull this source by itself? A failed pull is tried again at the next turn."""
    if source.tirage == "main":
        return False
    if source.tirage == "toujours" or precedent is None or not precedent.reussi:
        return True
    return quand - precedent.quand >= DELAIS[source.tirage]
