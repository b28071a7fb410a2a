"""The measures of quality taken at each publication, and the deliveries they judge.

Read through the same door as ``queries``: of an indicator or a source the reader may not see, nothing is selected.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Float,
    Integer,
    Select,
    SmallInteger,
    String,
    Table,
    and_,
    func,
    insert,
    select,
)

from dashboard.domain.lecteur import Lecteur
from dashboard.domain.qualite import Dimension, Pris, Recue, Releve
from dashboard.domain.territoire import Maille
from dashboard.store.annulations import annules
from dashboard.store.schema import indicateur, lot, metadata, objectif, rejet, reparation
from dashboard.store.visibilite import visible

SANS_MAILLE = -1
DOUBLONS = ("doublon", "doublon_conflictuel")
"""Motifs of ``rejet`` that say that a row repeats or contradicts another."""
REGLE_DOUBLONS = "doublons_identiques"

qualite = Table(
    "qualite",
    metadata,
    Column("lot", Integer, primary_key=True, autoincrement=False),
    Column("indicateur", String(64), primary_key=True),
    Column("dimension", String(16), primary_key=True),
    Column("maille", SmallInteger, primary_key=True, autoincrement=False),
    Column("valeur", Float, nullable=False),
    Column("nombre", Integer, nullable=False),
    Column("sur", Integer, nullable=False),
    Column("complement", Float),
    Column("fin", Date),
)
_AVEC_LOT = select(lot.c.source, lot.c.cree_le, qualite).join(lot, lot.c.id == qualite.c.lot)
_MAILLES = {SANS_MAILLE: None, **{m.rang: m for m in Maille}}


def ecris(connexion: Connection, numero: int, releves: Sequence[Releve]) -> None:
    """Keeps the measures of a lot, in the transaction that publishes it."""
    if releves:
        connexion.execute(insert(qualite), [_ligne(numero, r) for r in releves])


def _ligne(numero: int, r: Releve) -> dict[str, object]:
    return {
        "lot": numero, "indicateur": r.indicateur, "dimension": r.dimension.value,
        "maille": SANS_MAILLE if r.maille is None else r.maille.rang, "valeur": r.valeur, "nombre": r.nombre,
        "sur": r.sur, "complement": r.complement, "fin": r.fin,
    }  # fmt: skip


def load_releves(connexion: Connection, lecteur: Lecteur) -> list[Pris]:
    """The measures of the last lot of each source, of the indicators this reader may see; undone lots are left out."""
    ici = _permis(lecteur)
    derniers = (
        select(qualite.c.indicateur, func.max(qualite.c.lot).label("lot"))
        .join(lot, lot.c.id == qualite.c.lot)
        .where(*ici)
        .group_by(qualite.c.indicateur, lot.c.source)
        .subquery()
    )
    memes = and_(derniers.c.indicateur == qualite.c.indicateur, derniers.c.lot == qualite.c.lot)
    return _pris(connexion, _AVEC_LOT.join(derniers, memes))


def load_historique(connexion: Connection, lecteur: Lecteur, indicateurs: Collection[str]) -> list[Pris]:
    """The measures of some indicators after each lot, oldest first; of those this reader may not see, nothing."""
    siens = qualite.c.indicateur.in_(sorted(indicateurs))
    return _pris(connexion, _AVEC_LOT.where(siens, *_permis(lecteur)))


def _permis(lecteur: Lecteur) -> tuple[ColumnElement[bool], ...]:
    visibles = select(indicateur.c.code).where(indicateur.c.id.in_(visible(lecteur)))
    return (
        qualite.c.indicateur.in_(visibles),
        qualite.c.lot <= lecteur.lot,
        qualite.c.lot.not_in(annules(lecteur.lot)),
    )


def _pris(connexion: Connection, requete: Select[Any]) -> list[Pris]:
    lues = connexion.execute(requete.order_by(qualite.c.lot, qualite.c.indicateur, qualite.c.maille))
    return [Pris(x.lot, x.source, x.cree_le.date(), _releve(x)) for x in lues]


def _releve(x: Any) -> Releve:
    dimension, maille = Dimension(x.dimension), _MAILLES[x.maille]
    return Releve(x.indicateur, dimension, x.valeur, x.nombre, x.sur, maille, x.complement, x.fin)


def load_recues(
    connexion: Connection, lecteur: Lecteur, sources: Collection[str], *, toutes: bool = False
) -> list[Recue]:
    """Deliveries of some sources, published or refused, oldest first; undone ones are left out.

    ``sources``: those the reader may know of. The last delivery and the last published one of each, or ``toutes``.
    """
    siens = (
        lot.c.source.in_(sorted(sources)),
        lot.c.genre == "livraison",
        lot.c.id <= lecteur.lot,
        lot.c.id.not_in(annules(lecteur.lot)),
    )
    choisis = select(lot.c.id).where(*siens)
    if not toutes:
        derniers = select(func.max(lot.c.id)).where(*siens).group_by(lot.c.source)
        choisis = derniers.union(derniers.where(lot.c.statut == "publie"))  # type: ignore[assignment]
    repetees = _comptes(
        connexion,
        select(rejet.c.lot, func.count(func.distinct(rejet.c.ligne)))
        .where(rejet.c.lot.in_(choisis), rejet.c.motif.in_(DOUBLONS))
        .group_by(rejet.c.lot),
    )
    reparees = _comptes(
        connexion,
        select(reparation.c.lot, func.sum(reparation.c.nombre))
        .where(reparation.c.lot.in_(choisis), reparation.c.regle == REGLE_DOUBLONS)
        .group_by(reparation.c.lot),
    )
    requete = select(lot).where(lot.c.id.in_(choisis)).order_by(lot.c.id)
    return [
        Recue(
            x.id, x.source, x.cree_le.date(), x.statut == "publie",
            x.recues - x.hors_champ + reparees.get(x.id, 0), x.rejetees,
            repetees.get(x.id, 0) + reparees.get(x.id, 0), x.message,
        )
        for x in connexion.execute(requete)
    ]  # fmt: skip


def _comptes(connexion: Connection, requete: Select[Any]) -> dict[int, int]:
    return {int(numero): int(combien) for numero, combien in connexion.execute(requete)}


def load_sources_des_cibles(connexion: Connection, lecteur: Lecteur) -> frozenset[str]:
    """Sources of the targets, in force or not, of the indicators this reader may see."""
    visibles = select(indicateur.c.code).where(indicateur.c.id.in_(visible(lecteur)))
    requete = (
        select(lot.c.source)
        .distinct()
        .join(objectif, objectif.c.lot_debut == lot.c.id)
        .where(objectif.c.indicateur.in_(visibles), lot.c.id <= lecteur.lot)
    )
    return frozenset(str(s) for s in connexion.execute(requete).scalars())
