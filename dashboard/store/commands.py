"""Writes to the store: the espace, one lot of measures or targets. Every write asks who its author is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection, Engine, Table, and_, bindparam, func, insert, select, update

from dashboard.domain.indicateur import Espace
from dashboard.domain.lecteur import Auteur
from dashboard.store.ecriture import maintenant, publication
from dashboard.store.schema import (
    LOT_OUVERT,
    espace_version,
    indicateur,
    lot,
    mesure,
    objectif,
    rejet,
    valeur,
)

CLE_VALEUR = ["indicateur_id", "maille", "fin", "frequence", "territoire_id"]
CONTENU_VALEUR = [
    "debut", "valeur", "numerateur", "denominateur", "n_unites", "completude", "completude_population",
    "calculee", "origine", "statut", "confidentialite",
]  # fmt: skip
CLE_OBJECTIF = ["indicateur", "code_territoire", "auteur", "echeance"]
CONTENU_OBJECTIF = [
    "acte", "date_acte", "date_initiale", "valeur_initiale", "jalons", "valeur", "source_url", "note",
]  # fmt: skip
PAQUET = 20_000


@dataclass(frozen=True)
class Lot:
    """What is known of one import before it is published. ``regles``: hash of all that decides what is shown."""

    source: str
    origine: str
    sha256: str
    espace: str
    recues: int
    regles: str = ""
    message: str = ""


@dataclass(frozen=True)
class Bilan:
    """What a publication did: its lot, and the rows new, changed, gone, unchanged."""

    lot: int
    nouvelles: int = 0
    modifiees: int = 0
    retirees: int = 0
    inchangees: int = 0


Projection = Callable[[Connection, int], pd.DataFrame]


def enregistre_espace(moteur: Engine, espace: Espace, empreinte: str, contenu: str, auteur: Auteur) -> bool:
    """Keeps this version of the espace and the access class of each indicator. True when it was new."""
    with moteur.connect() as connexion:
        derniere = select(espace_version.c.empreinte).order_by(espace_version.c.cree_le.desc()).limit(1)
        if connexion.execute(derniere).scalar() == empreinte:
            return False
    with publication(moteur, auteur, "espace", empreinte) as connexion:
        deja = select(espace_version.c.empreinte).where(espace_version.c.empreinte == empreinte)
        if connexion.execute(deja).first():
            connexion.execute(
                update(espace_version).where(espace_version.c.empreinte == empreinte).values(cree_le=maintenant())
            )
        else:
            connexion.execute(insert(espace_version).values(empreinte=empreinte, contenu=contenu, cree_le=maintenant()))
        _range_indicateurs(connexion, espace)
    return True


def _range_indicateurs(connexion: Connection, espace: Espace) -> None:
    """Gives each declared indicator its key; one no longer declared is closed to every reader."""
    connus = {c: i for i, c in connexion.execute(select(indicateur.c.id, indicateur.c.code))}
    connexion.execute(update(indicateur).values(acces="retire"))
    for declare in espace.indicateurs:
        if declare.id in connus:
            ligne = update(indicateur).where(indicateur.c.code == declare.id)
            connexion.execute(ligne.values(acces=declare.acces.value))
        else:
            connexion.execute(insert(indicateur).values(code=declare.id, acces=declare.acces.value))


def publie_mesures(
    moteur: Engine,
    entete: Lot,
    mesures: pd.DataFrame,
    rejets: pd.DataFrame,
    projette: Projection,
    auteur: Auteur,
) -> Bilan:
    """Publishes one lot of measures in one transaction: rows as received, refusals, then ``valeur`` rebuilt.

    ``projette(connexion, lot)`` gives the rows of ``valeur`` for the indicators of this lot.
    """
    with publication(moteur, auteur, "publication", entete.source) as connexion:
        avant = _indicateurs_du_dernier_lot(connexion, entete.source)
        numero = _ouvre_lot(connexion, entete, len(mesures), rejets)
        _ajoute(connexion, mesure, mesures.assign(lot=numero))
        neuf = projette(connexion, numero)
        return _remplace(connexion, valeur, neuf, CLE_VALEUR, CONTENU_VALEUR, numero, avant)


def publie_objectifs(
    moteur: Engine, entete: Lot, objectifs: pd.DataFrame, rejets: pd.DataFrame, auteur: Auteur
) -> Bilan:
    """Publishes one lot of targets; the targets they replace stay in history."""
    with publication(moteur, auteur, "publication", entete.source) as connexion:
        ouverts = select(objectif.c.indicateur).distinct().join(lot, lot.c.id == objectif.c.lot_debut)
        avant = connexion.execute(ouverts.where(lot.c.source == entete.source, objectif.c.lot_fin == LOT_OUVERT))
        concernes = list(avant.scalars())
        numero = _ouvre_lot(connexion, entete, len(objectifs), rejets)
        return _remplace(connexion, objectif, objectifs, CLE_OBJECTIF, CONTENU_OBJECTIF, numero, concernes)


def _indicateurs_du_dernier_lot(connexion: Connection, source: str) -> list[int]:
    """Keys of the indicators the source gave last time: one it no longer gives is withdrawn."""
    dernier = dernier_lot(connexion, source)
    codes = select(mesure.c.indicateur).distinct().where(mesure.c.lot == (dernier[0] if dernier else 0))
    return list(connexion.execute(select(indicateur.c.id).where(indicateur.c.code.in_(codes))).scalars())


def refuse_lot(moteur: Engine, entete: Lot, rejets: pd.DataFrame, auteur: Auteur) -> int:
    """Keeps the trace of a refused lot with its reasons; nothing shown changes."""
    with publication(moteur, auteur, "refus", f"{entete.source} : {entete.message}") as connexion:
        return _ouvre_lot(connexion, entete, 0, rejets, statut="refuse")


def _ouvre_lot(connexion: Connection, entete: Lot, acceptees: int, rejets: pd.DataFrame, statut: str = "publie") -> int:
    resultat = connexion.execute(
        insert(lot).values(
            source=entete.source,
            origine=entete.origine,
            sha256=entete.sha256,
            auteur="agent",
            cree_le=maintenant(),
            statut=statut,
            recues=entete.recues,
            acceptees=acceptees,
            rejetees=rejets["ligne"].nunique() if len(rejets) else 0,
            espace=entete.espace,
            regles=entete.regles,
            message=entete.message,
        )
    )
    cle = resultat.inserted_primary_key
    assert cle is not None
    numero = int(cle[0])
    _ajoute(connexion, rejet, rejets.assign(lot=numero))
    return numero


def _ajoute(connexion: Connection, table: Table, cadre: pd.DataFrame) -> None:
    """Inserts a frame by packets; only the columns the table has."""
    colonnes = [c.name for c in table.columns if c.name in cadre.columns]
    for debut in range(0, len(cadre), PAQUET):
        connexion.execute(insert(table), enregistrements(cadre[colonnes].iloc[debut : debut + PAQUET]))


def enregistrements(cadre: pd.DataFrame) -> list[dict[str, object]]:
    """Rows as plain Python values, missing as None."""
    return [dict(zip(cadre.columns, ligne, strict=True)) for ligne in zip(*map(_colonne, cadre.items()), strict=True)]


def _colonne(nommee: tuple[object, pd.Series]) -> list[object]:
    serie = nommee[1]
    return [None if manque else v for v, manque in zip(serie.tolist(), serie.isna().tolist(), strict=True)]


def _remplace(
    connexion: Connection,
    table: Table,
    neuf: pd.DataFrame,
    cle: list[str],
    contenu: list[str],
    numero: int,
    avant: Sequence[object] = (),
) -> Bilan:
    """Closes the current rows that changed or went, opens the new ones, leaves the others untouched.

    ``avant``: indicators that were the source's and may no longer be.
    """
    ancien = _courantes(connexion, table, neuf, cle, contenu, avant)
    fusion = ancien.merge(neuf[cle + contenu], on=cle, how="outer", suffixes=("_a", ""), indicator="ou")
    gauche, droite, deux = (fusion["ou"].eq(c) for c in ("left_only", "right_only", "both"))
    change = deux & ~_identiques(fusion, contenu)
    _ferme(connexion, table, fusion.loc[gauche | change, cle], cle, numero)
    neuves = fusion.loc[droite | change, cle + contenu]
    _ajoute(connexion, table, neuves.assign(lot_debut=numero, lot_fin=LOT_OUVERT))
    return Bilan(numero, int(droite.sum()), int(change.sum()), int(gauche.sum()), int((deux & ~change).sum()))


def _courantes(
    connexion: Connection,
    table: Table,
    neuf: pd.DataFrame,
    cle: list[str],
    contenu: list[str],
    avant: Sequence[object],
) -> pd.DataFrame:
    colonnes = [table.c[c] for c in cle + contenu]
    concernes = {*neuf[cle[0]].unique().tolist(), *avant}
    requete = select(*colonnes).where(table.c.lot_fin == LOT_OUVERT, table.c[cle[0]].in_(concernes))
    lignes = connexion.execute(requete).all()
    return pd.DataFrame([tuple(x) for x in lignes], columns=cle + contenu).astype(
        {c: neuf[c].dtype for c in cle + contenu}
    )


def _identiques(fusion: pd.DataFrame, contenu: Iterable[str]) -> pd.Series:
    """True where every content column is equal, missing equal to missing."""
    egal = pd.Series(True, index=fusion.index)
    for colonne in contenu:
        avant, apres = fusion[f"{colonne}_a"], fusion[colonne]
        egal &= (avant == apres).fillna(False).astype(bool) | (avant.isna() & apres.isna())
    return egal


def _ferme(connexion: Connection, table: Table, cles: pd.DataFrame, cle: list[str], numero: int) -> None:
    if cles.empty:
        return
    condition = and_(*(table.c[c] == bindparam(f"b_{c}") for c in cle), table.c.lot_fin == LOT_OUVERT)
    connexion.execute(
        update(table).where(condition).values(lot_fin=numero),
        enregistrements(cles.rename(columns={c: f"b_{c}" for c in cle})),
    )


def dernier_lot(connexion: Connection, source: str) -> tuple[int, str, str] | None:
    """(lot, sha256, regles) of the last published lot of a source, or None."""
    requete = (
        select(lot.c.id, lot.c.sha256, lot.c.regles)
        .where(lot.c.source == source, lot.c.statut == "publie")
        .order_by(lot.c.id.desc())
        .limit(1)
    )
    ligne = connexion.execute(requete).first()
    return (int(ligne.id), str(ligne.sha256), str(ligne.regles)) if ligne else None


def lis_mesures(connexion: Connection, numero: int) -> pd.DataFrame:
    """The rows of one lot as received."""
    lignes = connexion.execute(select(mesure).where(mesure.c.lot == numero).order_by(mesure.c.id)).all()
    return pd.DataFrame([tuple(x) for x in lignes], columns=[c.name for c in mesure.columns])


def cles_indicateurs(connexion: Connection) -> dict[str, int]:
    """Key of each known indicator."""
    return {str(c): int(i) for i, c in connexion.execute(select(indicateur.c.id, indicateur.c.code))}


def date_dernier_lot(connexion: Connection, source: str) -> date | None:
    """Day of the last published lot of a source."""
    requete = select(func.max(lot.c.cree_le)).where(lot.c.source == source, lot.c.statut == "publie")
    quand = connexion.execute(requete).scalar()
    return quand.date() if quand else None
