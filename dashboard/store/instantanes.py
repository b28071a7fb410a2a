"""The packages that were published, mirrored in the store; the folder of the packages is what makes them true.

Also what a snapshot takes whole: links, passages, contributions, the last lot. Restoring is in ``restauration``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import pandas as pd
from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError

from dashboard.domain.instantane import PUBLIE, Semaine
from dashboard.domain.lecteur import Auteur
from dashboard.store.ecriture import exige, maintenant
from dashboard.store.moteur import explique
from dashboard.store.queries import _cadre
from dashboard.store.schema import (
    cog_passage,
    espace_version,
    journal,
    lot,
    metadata,
    territoire,
    territoire_lien,
)

__all__ = ["Instantane", "metadata"]

instantane = Table(
    "instantane",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("semaine", String(8), nullable=False),
    Column("revision", SmallInteger, nullable=False),
    Column("audience", String(10), nullable=False),
    Column("cree_le", DateTime, nullable=False),
    Column("arrete", Date, nullable=False),
    Column("lot", Integer, nullable=False),
    Column("espace", String(64), nullable=False),
    Column("apport", Integer, nullable=False),
    Column("contenu", String(64), nullable=False),
    Column("sceau", String(64), nullable=False),
    Column("precedent", String(64)),
    Column("motif", Text, nullable=False),
    Column("etat", String(10), nullable=False),
    UniqueConstraint("audience", "semaine", "revision"),
)
_CHAMPS = ("audience", "cree_le", "arrete", "lot", "espace", "apport", "contenu", "sceau", "precedent", "motif", "etat")


@dataclass(frozen=True)
class Instantane:
    """One published package. ``cree_le``: UTC. ``lot``, ``apport``: the last of each that it holds."""

    semaine: Semaine
    audience: str
    cree_le: datetime
    arrete: date
    lot: int
    espace: str
    apport: int
    contenu: str
    sceau: str
    precedent: str | None
    motif: str = ""
    etat: str = PUBLIE


def load_instantanes(connexion: Connection, audience: str) -> list[Instantane]:
    """The packages of an audience, oldest first."""
    requete = (
        select(instantane)
        .where(instantane.c.audience == audience)
        .order_by(instantane.c.semaine, instantane.c.revision)
    )
    return [
        Instantane(replace(Semaine.lis(x.semaine), revision=x.revision), *(getattr(x, c) for c in _CHAMPS))
        for x in connexion.execute(requete)
    ]


def note(moteur: Engine, auteur: Auteur, paquets: list[Instantane]) -> None:
    """Writes the packages that the store does not know yet, and the state of the others."""
    exige(auteur)
    try:
        with moteur.begin() as connexion:
            for p in paquets:
                ici = (
                    (instantane.c.audience == p.audience)
                    & (instantane.c.semaine == p.semaine.iso)
                    & (instantane.c.revision == p.semaine.revision)
                )
                champs = {c: getattr(p, c) for c in _CHAMPS}
                if connexion.execute(update(instantane).where(ici).values(champs)).rowcount:
                    continue
                cles = {"semaine": p.semaine.iso, "revision": p.semaine.revision}
                connexion.execute(insert(instantane).values(**cles, **champs))
                detail = f"{p.semaine} · {p.audience} · {p.sceau}"
                connexion.execute(
                    insert(journal).values(quand=maintenant(), qui=auteur.profil, quoi="instantane", detail=detail)
                )
    except DBAPIError as erreur:
        raise explique(moteur, erreur) from erreur


def load_espace_version(connexion: Connection, empreinte: str) -> str | None:
    """Canonical JSON of the declarations of this hash; None when this store never had them."""
    requete = select(espace_version.c.contenu).where(espace_version.c.empreinte == empreinte)
    contenu: str | None = connexion.execute(requete).scalar()
    return contenu


def load_dernier_lot(connexion: Connection) -> int:
    """The last lot, published or refused; 0 in an empty store. As of it, nothing moves any more."""
    return int(connexion.execute(select(func.max(lot.c.id))).scalar() or 0)


def list_millesimes(connexion: Connection) -> pd.DataFrame:
    """code, millesime_debut of the current territories."""
    requete = select(territoire.c.code, territoire.c.millesime_debut).where(territoire.c.millesime_fin.is_(None))
    return _cadre(connexion, requete, ["code", "millesime_debut"])


def list_appartenances(connexion: Connection) -> pd.DataFrame:
    """Current memberships: enfant, parent, millesime_debut."""
    colonnes = ["enfant", "parent", "millesime_debut"]
    requete = select(*(territoire_lien.c[c] for c in colonnes)).where(territoire_lien.c.millesime_fin.is_(None))
    return _cadre(connexion, requete.order_by(territoire_lien.c.enfant, territoire_lien.c.parent), colonnes)


def list_passages(connexion: Connection) -> pd.DataFrame:
    """The passages between COG vintages."""
    colonnes = [c.name for c in cog_passage.columns]
    return _cadre(connexion, select(cog_passage).order_by(*cog_passage.primary_key.columns), colonnes)
