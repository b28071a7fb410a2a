"""Writes to the store: the espace, one lot of measures or targets. Every write asks who its author is."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

import pandas as pd
from sqlalchemy import Connection, Engine, insert, select, update

from dashboard.domain.indicateur import Espace
from dashboard.domain.lecteur import Auteur
from dashboard.domain.lots import LotPublie, en_vigueur
from dashboard.domain.qualite import Releve
from dashboard.domain.reparation import Trace
from dashboard.store import qualite
from dashboard.store.comparaison import Bilan, Ecarts, applique, compare
from dashboard.store.ecriture import maintenant, publication
from dashboard.store.masse import insere, lis_colonnes
from dashboard.store.schema import (
    LOT_OUVERT,
    espace_version,
    indicateur,
    lot,
    mesure,
    objectif,
    rejet,
    reparation,
    valeur,
)

__all__ = ["Bilan", "Ecarts"]

CLE_VALEUR = ["indicateur_id", "maille", "fin", "frequence", "territoire_id"]
CONTENU_VALEUR = [
    "debut", "valeur", "numerateur", "denominateur", "n_unites", "completude", "completude_population",
    "calculee", "origine", "statut", "confidentialite",
]  # fmt: skip
CLE_OBJECTIF = ["indicateur", "code_territoire", "auteur", "echeance"]
CONTENU_OBJECTIF = [
    "acte", "date_acte", "date_initiale", "valeur_initiale", "jalons", "valeur", "source_url", "note",
]  # fmt: skip


@dataclass(frozen=True)
class Lot:
    """What is known of one import before it is published. ``regles``: hash of all that decides what is shown.

    Counts are lines of the delivery: recues = acceptees + refused + hors_champ.
    """

    source: str
    origine: str
    sha256: str
    espace: str
    recues: int
    regles: str = ""
    message: str = ""
    acceptees: int = 0
    hors_champ: int = 0
    alertes: tuple[str, ...] = ()
    traces: tuple[Trace, ...] = ()
    releves: tuple[Releve, ...] = ()
    complete: bool = True


Projection = Callable[[Connection], pd.DataFrame]
"""Rows of ``valeur`` to be shown, computed from what the store holds."""
Verification = Callable[[Ecarts], Lot]
"""The lot as it is kept: with its alerts and its measures, from what it changes."""


def enregistre_espace(moteur: Engine, espace: Espace, empreinte: str, contenu: str, auteur: Auteur) -> bool:
    """Keeps this version of the espace, the access class of each indicator and its last day. True when it was new."""
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


def load_dernier_espace(connexion: Connection) -> str | None:
    """Canonical JSON of the declarations in force; None in a new store."""
    requete = select(espace_version.c.contenu).order_by(espace_version.c.cree_le.desc()).limit(1)
    contenu: str | None = connexion.execute(requete).scalar()
    return contenu


def _range_indicateurs(connexion: Connection, espace: Espace) -> None:
    """Gives each declared indicator its key; one no longer declared is closed to every reader."""
    connus = {c: i for i, c in connexion.execute(select(indicateur.c.id, indicateur.c.code))}
    connexion.execute(update(indicateur).values(acces="retire"))
    for declare in espace.indicateurs:
        if declare.id in connus:
            ligne = update(indicateur).where(indicateur.c.code == declare.id)
            connexion.execute(ligne.values(acces=declare.acces.value, jusqu_au=declare.jusqu_au))
        else:
            droits = {"acces": declare.acces.value, "jusqu_au": declare.jusqu_au}
            connexion.execute(insert(indicateur).values(code=declare.id, **droits))


def publie_mesures(
    moteur: Engine,
    entete: Lot,
    mesures: pd.DataFrame,
    rejets: pd.DataFrame,
    projette: Projection,
    verifie: Verification,
    auteur: Auteur,
) -> tuple[Bilan, Ecarts]:
    """Publishes one lot of measures in one transaction: rows as received, refusals, then ``valeur`` rebuilt.

    What changes is computed before the first write, so that a database which locks whole stays open meanwhile.
    ``verifie(ecarts)`` gives the lot with its alerts and its measures; it may raise, and nothing is published then.
    """
    with publication(moteur, auteur, "publication", entete.source) as connexion:
        ecarts = compare_valeurs(connexion, entete, projette(connexion))
        entete = verifie(ecarts)
        numero = _ouvre_lot(connexion, entete, auteur, rejets)
        insere(connexion, mesure, mesures.assign(lot=numero))
        return applique(connexion, valeur, ecarts, CLE_VALEUR, numero), ecarts


def compare_valeurs(connexion: Connection, entete: Lot, neuf: pd.DataFrame) -> Ecarts:
    """What publishing ``neuf`` would change; an indicator that the source no longer gives is withdrawn."""
    vigueur = en_vigueur(lots_publies(connexion, entete.source), complete=entete.complete)
    codes = select(mesure.c.indicateur).distinct().where(mesure.c.lot.in_(vigueur))
    avant = list(connexion.execute(select(indicateur.c.id).where(indicateur.c.code.in_(codes))).scalars())
    return compare(connexion, valeur, neuf, CLE_VALEUR, CONTENU_VALEUR, avant)


def publie_objectifs(
    moteur: Engine, entete: Lot, objectifs: pd.DataFrame, rejets: pd.DataFrame, verifie: Verification, auteur: Auteur
) -> tuple[Bilan, Ecarts]:
    """Publishes one lot of targets; the targets they replace stay in history."""
    with publication(moteur, auteur, "publication", entete.source) as connexion:
        ecarts = compare_objectifs(connexion, entete.source, objectifs)
        entete = verifie(ecarts)
        numero = _ouvre_lot(connexion, entete, auteur, rejets)
        return applique(connexion, objectif, ecarts, CLE_OBJECTIF, numero), ecarts


def compare_objectifs(connexion: Connection, source: str, neuf: pd.DataFrame) -> Ecarts:
    """What publishing these targets would change."""
    ouverts = select(objectif.c.indicateur).distinct().join(lot, lot.c.id == objectif.c.lot_debut)
    avant = connexion.execute(ouverts.where(lot.c.source == source, objectif.c.lot_fin == LOT_OUVERT)).scalars()
    return compare(connexion, objectif, neuf, CLE_OBJECTIF, CONTENU_OBJECTIF, list(avant))


def annule_lot(moteur: Engine, entete: Lot, annule: int, projette: Projection, auteur: Auteur) -> Bilan:
    """A new lot that undoes ``annule``: values are shown as if it had never come. Nothing received is deleted."""
    with publication(moteur, auteur, "annulation", f"{entete.source} : lot {annule}") as connexion:
        ecarts = compare_valeurs(connexion, entete, projette(connexion))
        numero = _ouvre_lot(connexion, entete, auteur, SANS_REJET, genre="annulation", annule=annule)
        return applique(connexion, valeur, ecarts, CLE_VALEUR, numero)


def annule_objectifs(moteur: Engine, entete: Lot, annule: int, auteur: Auteur) -> Bilan:
    """A new lot that shows the targets again as they were before lot ``annule``."""
    with publication(moteur, auteur, "annulation", f"{entete.source} : lot {annule}") as connexion:
        source = select(lot.c.id).where(lot.c.source == entete.source)
        colonnes = [*CLE_OBJECTIF, *CONTENU_OBJECTIF]
        requete = select(*(objectif.c[c] for c in colonnes)).where(
            objectif.c.lot_debut.in_(source), objectif.c.lot_debut < annule, objectif.c.lot_fin >= annule
        )
        ecarts = compare_objectifs(connexion, entete.source, lis_colonnes(connexion, requete, colonnes))
        numero = _ouvre_lot(connexion, entete, auteur, SANS_REJET, genre="annulation", annule=annule)
        return applique(connexion, objectif, ecarts, CLE_OBJECTIF, numero)


def reconstruit(moteur: Engine, entete: Lot, projette: Projection, auteur: Auteur) -> Bilan:
    """Shows again everything that the measures give under today's rules. A lot only when something differs."""
    with publication(moteur, auteur, "reconstruction", entete.source) as connexion:
        tous = list(connexion.execute(select(indicateur.c.id)).scalars())
        ecarts = compare(connexion, valeur, projette(connexion), CLE_VALEUR, CONTENU_VALEUR, tous)
        if not (len(ecarts.nouvelles) or len(ecarts.modifiees) or len(ecarts.retirees)):
            return ecarts.bilan(0)
        numero = _ouvre_lot(connexion, entete, auteur, SANS_REJET, genre="reconstruction")
        return applique(connexion, valeur, ecarts, CLE_VALEUR, numero)


def refuse_lot(moteur: Engine, entete: Lot, rejets: pd.DataFrame, auteur: Auteur) -> int:
    """Keeps the trace of a refused lot with its reasons; nothing shown changes."""
    with publication(moteur, auteur, "refus", f"{entete.source} : {entete.message}") as connexion:
        return _ouvre_lot(connexion, replace(entete, acceptees=0), auteur, rejets, statut="refuse")


SANS_REJET = pd.DataFrame(columns=["ligne"])


def _ouvre_lot(
    connexion: Connection,
    entete: Lot,
    auteur: Auteur,
    rejets: pd.DataFrame,
    *,
    statut: str = "publie",
    genre: str = "livraison",
    annule: int | None = None,
) -> int:
    resultat = connexion.execute(
        insert(lot).values(
            source=entete.source,
            origine=entete.origine,
            sha256=entete.sha256,
            auteur=auteur.profil,
            cree_le=maintenant(),
            statut=statut,
            recues=entete.recues,
            acceptees=entete.acceptees,
            rejetees=rejets["ligne"].nunique() if len(rejets) else 0,
            espace=entete.espace,
            regles=entete.regles,
            message=entete.message,
            genre=genre,
            annule=annule,
            hors_champ=entete.hors_champ,
            alertes=json.dumps(entete.alertes, ensure_ascii=False),
        )
    )
    cle = resultat.inserted_primary_key
    assert cle is not None
    numero = int(cle[0])
    insere(connexion, rejet, rejets.assign(lot=numero))
    qualite.ecris(connexion, numero, entete.releves)
    for trace in entete.traces:
        exemples = json.dumps([asdict(e) for e in trace.exemples], ensure_ascii=False)
        champs = {"lot": numero, "regle": trace.regle, "colonne": trace.colonne, "nombre": trace.nombre}
        connexion.execute(insert(reparation).values(**champs, exemples=exemples))
    return numero


def lots_publies(connexion: Connection, source: str) -> list[LotPublie]:
    """Deliveries and undo lots of a source, published, oldest first."""
    requete = (
        select(lot.c.id, lot.c.annule)
        .where(lot.c.source == source, lot.c.statut == "publie", lot.c.genre.in_(["livraison", "annulation"]))
        .order_by(lot.c.id)
    )
    return [LotPublie(int(x.id), x.annule) for x in connexion.execute(requete)]


@dataclass(frozen=True)
class Dernier:
    """The last delivery in force of a source."""

    id: int
    sha256: str
    regles: str
    recues: int


def dernier_lot(connexion: Connection, source: str) -> Dernier | None:
    """The last delivery in force of a source, or None."""
    vigueur = en_vigueur(lots_publies(connexion, source), complete=True)
    requete = select(lot.c.id, lot.c.sha256, lot.c.regles, lot.c.recues).where(lot.c.id.in_(vigueur))
    ligne = connexion.execute(requete).first()
    return Dernier(int(ligne.id), str(ligne.sha256), str(ligne.regles), int(ligne.recues)) if ligne else None


def lis_lot(connexion: Connection, numero: int) -> dict[str, object] | None:
    """One lot, or None."""
    ligne = connexion.execute(select(lot).where(lot.c.id == numero)).mappings().first()
    return dict(ligne) if ligne else None


def lis_mesures(connexion: Connection, lots: Sequence[int], indicateurs: Sequence[str] = ()) -> pd.DataFrame:
    """The rows of some lots as received, oldest lot first; of some indicators only, when they are named."""
    colonnes = [c.name for c in mesure.columns]
    requete = select(mesure).where(mesure.c.lot.in_(list(lots))).order_by(mesure.c.lot, mesure.c.id)
    if indicateurs:
        requete = requete.where(mesure.c.indicateur.in_(list(indicateurs)))
    lues = lis_colonnes(connexion, requete, colonnes)
    chiffres = dict.fromkeys(("valeur", "numerateur", "denominateur", "n_unites", "part_max"), "float64")
    jours = {c: pd.to_datetime(lues[c]).astype("datetime64[s]") for c in ("debut", "fin")}
    return lues.astype(chiffres).assign(**jours)


def cles_indicateurs(connexion: Connection) -> dict[str, int]:
    """Key of each known indicator."""
    return {str(c): int(i) for i, c in connexion.execute(select(indicateur.c.id, indicateur.c.code))}
