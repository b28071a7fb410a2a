"""What « Pourquoi ce chiffre ? » reads: one figure, its parts and the rows received behind them, by index only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, func, select

from dashboard.domain.lecteur import Lecteur
from dashboard.domain.lots import LotPublie, en_vigueur
from dashboard.domain.periode import Periode
from dashboard.domain.territoire import Maille
from dashboard.store.queries import _cadre
from dashboard.store.schema import cog_passage, indicateur, lot, mesure, reparation, territoire, territoire_lien, valeur
from dashboard.store.visibilite import au_lot, visible

CHIFFRE = [
    "debut", "fin", "frequence", "valeur", "numerateur", "denominateur", "n_unites", "completude",
    "completude_population", "calculee", "origine", "statut", "confidentialite", "lot_debut",
]  # fmt: skip
PLACE = ["id", "code", "nom", "maille", "population"]
RECUE = [
    "lot", "ligne_source", "code_territoire", "millesime_cog", "source_url", "date_source", "note", "valeur",
    "numerateur", "denominateur", "n_unites", "statut",
]  # fmt: skip

_LOT = mesure.c.lot + 0
"""The lot of a row, not by its index: a lot holds millions of rows, an indicator in one place a few."""
Codes = Select[tuple[str]]
"""A question whose answer is codes of territories: asked inside another one."""
PLACE_RECUE = ["lot", "ligne_source", "code_territoire"]
"""Where a row was received, without what it says."""


def load_places(connexion: Connection, codes: Sequence[str]) -> pd.DataFrame:
    """Some territories of the current COG: id, code, nom, maille, population."""
    requete = select(*(territoire.c[c] for c in PLACE)).where(
        territoire.c.code.in_(list(codes)), territoire.c.millesime_fin.is_(None)
    )
    return _cadre(connexion, requete, PLACE)


def load_chiffres(connexion: Connection, lecteur: Lecteur, code: str, place: int) -> pd.DataFrame:
    """Every period of an indicator in one territory, oldest first; empty when unknown or not allowed."""
    requete = (
        select(*(valeur.c[c] for c in CHIFFRE))
        .where(valeur.c.territoire_id == place, valeur.c.indicateur_id.in_(_cle(lecteur, code)), au_lot(lecteur))
        .order_by(valeur.c.fin, valeur.c.frequence)
    )
    return _cadre(connexion, requete, CHIFFRE)


def load_parts(
    connexion: Connection, lecteur: Lecteur, code: str, maille: Maille, periode: Periode, places: Sequence[int]
) -> pd.DataFrame:
    """The figures of some territories of one level at one period: territoire_id, valeur, statut."""
    colonnes = ["territoire_id", "valeur", "statut"]
    requete = select(*(valeur.c[c] for c in colonnes)).where(
        valeur.c.indicateur_id.in_(_cle(lecteur, code)),
        valeur.c.maille == maille.rang,
        valeur.c.fin == periode.fin,
        valeur.c.frequence == periode.frequence.value,
        valeur.c.territoire_id.in_([int(p) for p in places]),
        au_lot(lecteur),
    )
    return _cadre(connexion, requete, colonnes)


def _cle(lecteur: Lecteur, code: str) -> Select[tuple[int]]:
    return visible(lecteur).where(indicateur.c.code == code)


def load_base(connexion: Connection, lecteur: Lecteur, code: str) -> Maille | None:
    """The finest level at which an indicator is received: what its totals are made of."""
    for maille in reversed(Maille):
        requete = (
            select(mesure.c.id)
            .where(
                mesure.c.indicateur == code,
                mesure.c.indicateur.in_(_permis(lecteur)),
                mesure.c.code_territoire.like(f"{maille.prefixe}-%"),
                lecteur.lot >= _LOT,
            )
            .limit(1)
        )
        if connexion.execute(requete).first():
            return maille
    return None


def _permis(lecteur: Lecteur) -> Codes:
    return select(indicateur.c.code).where(indicateur.c.id.in_(visible(lecteur)))


def enfants(parent: str, maille: Maille) -> Codes:
    """Codes of the territories of a level that are in another one, which is wider."""
    lien = territoire_lien
    directs = select(lien.c.enfant).where(
        lien.c.parent == parent, lien.c.millesime_fin.is_(None), lien.c.enfant.like(f"{maille.prefixe}-%")
    )
    if not parent.startswith(Maille.REGION.prefixe) or maille is Maille.DEPARTEMENT:
        return directs
    departements = select(lien.c.enfant).where(lien.c.parent == parent, lien.c.millesime_fin.is_(None))
    communes = select(lien.c.enfant).where(lien.c.parent.in_(departements), lien.c.millesime_fin.is_(None))
    if maille is Maille.COMMUNE:
        return communes
    return (
        select(lien.c.parent)
        .where(lien.c.enfant.in_(communes), lien.c.parent.like(f"{maille.prefixe}-%"), lien.c.millesime_fin.is_(None))
        .distinct()
    )


def load_enfants(connexion: Connection, parent: str, maille: Maille) -> pd.DataFrame:
    """The territories of a level that are in another one: id, code, nom, maille, population."""
    requete = select(*(territoire.c[c] for c in PLACE)).where(
        territoire.c.code.in_(enfants(parent, maille)), territoire.c.millesime_fin.is_(None)
    )
    return _cadre(connexion, requete, PLACE)


def compte_enfants(connexion: Connection, parent: str, maille: Maille) -> int:
    """How many territories of a level are in another one."""
    requete = select(func.count()).where(
        territoire.c.code.in_(enfants(parent, maille)), territoire.c.millesime_fin.is_(None)
    )
    return connexion.execute(requete).scalar_one()


def load_anciens(connexion: Connection, code: str) -> list[str]:
    """Former codes whose figures are carried to this one, through every merger."""
    passage = cog_passage
    couples = connexion.execute(
        select(passage.c.code_de, passage.c.code_vers).where(passage.c.code_de != passage.c.code_vers)
    ).all()
    trouves: list[str] = []
    reste = [code]
    while reste:
        suivants = [str(de) for de, vers in couples if vers in reste and de not in trouves and de != code]
        trouves += suivants
        reste = suivants
    return trouves


def load_en_vigueur(connexion: Connection, lecteur: Lecteur, sources: Mapping[str, bool]) -> dict[str, list[int]]:
    """Deliveries in force of each source as of the reader's lot; ``sources``: is its delivery the whole state?"""
    requete = select(lot.c.id, lot.c.source, lot.c.annule, lot.c.genre).where(
        lot.c.source.in_(list(sources)), lot.c.statut == "publie", lot.c.id <= lecteur.lot
    )
    publies: dict[str, list[LotPublie]] = {s: [] for s in sources}
    for ligne in connexion.execute(requete):
        if ligne.genre in ("livraison", "annulation"):
            publies[str(ligne.source)].append(LotPublie(int(ligne.id), ligne.annule))
    return {s: list(en_vigueur(p, complete=sources[s])) for s, p in publies.items()}


def load_recues(
    connexion: Connection,
    lecteur: Lecteur,
    code: str,
    periode: Periode,
    lots: Sequence[int],
    codes: Sequence[str] | Codes,
    colonnes: Sequence[str] = RECUE,
) -> pd.DataFrame:
    """Rows received for some territories at one period, among some lots: ``RECUE``, or fewer of its columns.

    Figures as received are for ``domain.explication.contenu_visible`` to sort out: secrecy may hide them.
    """
    requete = _recues(lecteur, code, periode, lots, codes, [mesure.c[c] for c in colonnes])
    return _cadre(connexion, requete, colonnes)


def _recues(
    lecteur: Lecteur, code: str, periode: Periode, lots: Sequence[int], codes: Sequence[str] | Codes,
    quoi: Sequence[ColumnElement[Any]],
) -> Select[Any]:  # fmt: skip
    return select(*quoi).where(
        mesure.c.indicateur == code,
        mesure.c.indicateur.in_(_permis(lecteur)),
        mesure.c.code_territoire.in_(codes if isinstance(codes, Select) else list(codes)),
        mesure.c.fin == periode.fin,
        mesure.c.frequence == periode.frequence.value,
        _LOT.in_([n for n in lots if n <= lecteur.lot]),
    )


def load_etendues(
    connexion: Connection, lecteur: Lecteur, code: str, periode: Periode, lots: Sequence[int], codes: Codes
) -> pd.DataFrame:
    """How many rows of each lot were received for some territories at one period: lot, size, min, max (of lines)."""
    ligne = mesure.c.ligne_source
    requete = _recues(
        lecteur, code, periode, lots, codes, [mesure.c.lot, func.count(), func.min(ligne), func.max(ligne)]
    )
    return _cadre(connexion, requete.group_by(mesure.c.lot).order_by(mesure.c.lot), ["lot", "size", "min", "max"])


def load_lots(connexion: Connection, numeros: Sequence[int]) -> pd.DataFrame:
    """Some lots: id, source, origine, sha256, auteur, cree_le."""
    colonnes = ["id", "source", "origine", "sha256", "auteur", "cree_le"]
    requete = select(*(lot.c[c] for c in colonnes)).where(lot.c.id.in_(list(numeros))).order_by(lot.c.id)
    return _cadre(connexion, requete, colonnes)


def load_reparations(connexion: Connection, numeros: Sequence[int]) -> pd.DataFrame:
    """What the declared rules repaired in some lots, counted: lot, regle, colonne, nombre. No example: as received."""
    colonnes = ["lot", "regle", "colonne", "nombre"]
    requete = (
        select(*(reparation.c[c] for c in colonnes))
        .where(reparation.c.lot.in_(list(numeros)))
        .order_by(reparation.c.lot, reparation.c.id)
    )
    return _cadre(connexion, requete, colonnes)
