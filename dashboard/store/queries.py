"""The one door for reading. Every function takes a connection and a ``Lecteur``; what he may not see is not selected.

Frames come back with plain columns; a hidden value is ``statut == 'Q'`` with no figure, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, Date, Float, Integer, Select, and_, bindparam, func, select
from sqlalchemy.types import TypeEngine

from dashboard.domain.lecteur import Lecteur
from dashboard.domain.periode import Frequence, Periode
from dashboard.domain.territoire import Maille
from dashboard.store import visibilite
from dashboard.store.annulations import annules
from dashboard.store.schema import (
    MAGASIN,
    etat,
    indicateur,
    lot,
    mesure,
    objectif,
    rejet,
    reparation,
    territoire,
    territoire_lien,
    tirage,
    valeur,
)
from dashboard.store.tirages import REUSSIS
from dashboard.store.visibilite import au_lot, en_cours, expires, visible

COLONNES_VALEUR = [
    "debut", "fin", "frequence", "valeur", "numerateur", "denominateur", "n_unites", "completude",
    "completude_population", "calculee", "origine", "statut", "confidentialite",
]  # fmt: skip
# A whole maille at once: only what a map, a legend or a rank shows. Each column of figures costs 0.4 ms on
# 3,685 communes, each date 1 ms on SQLite.
COLONNES_DERNIERES = ["territoire_id", "valeur", "completude", "statut"]


def load_version(connexion: Connection) -> int:
    """The store version: part of every cache key, so that no replica is ever stale.

    It moves at each publication, and when an agreement ends: what was kept of an expired indicator is read no more.
    """
    ligne = connexion.execute(select(etat.c.version, expires()).where(etat.c.id == MAGASIN)).first()
    return int(ligne[0]) + (int(ligne[1]) << 32) if ligne else 0


def _cle(connexion: Connection, lecteur: Lecteur, code: str) -> int | None:
    """The key of an indicator this reader may see; None when unknown or not allowed (the two look the same)."""
    requete = visible(lecteur).where(indicateur.c.code == code)
    ligne = connexion.execute(requete).first()
    return int(ligne.id) if ligne else None


def list_indicateurs(connexion: Connection, lecteur: Lecteur) -> list[str]:
    """Codes of the indicators this reader may see."""
    requete = select(indicateur.c.code).where(indicateur.c.id.in_(visible(lecteur))).order_by(indicateur.c.code)
    return [str(c) for c in connexion.execute(requete).scalars()]


def list_territoires(connexion: Connection) -> pd.DataFrame:
    """Territories of the current COG: id, code, maille, nom, type, superficie_km2, communes_total, population."""
    colonnes = ["id", "code", "maille", "nom", "type", "superficie_km2", "communes_total", "population"]
    requete = (
        select(*(territoire.c[c] for c in colonnes))
        .where(territoire.c.millesime_fin.is_(None))
        .order_by(territoire.c.code)
    )
    return _cadre(connexion, requete, colonnes)


def list_liens(connexion: Connection) -> pd.DataFrame:
    """Current memberships: enfant, parent."""
    requete = select(territoire_lien.c.enfant, territoire_lien.c.parent).where(
        territoire_lien.c.millesime_fin.is_(None)
    )
    return _cadre(connexion, requete, ["enfant", "parent"])


def list_periodes(connexion: Connection, lecteur: Lecteur, code: str, maille: Maille) -> list[Periode]:
    """Every period that has values, latest first. One index probe per period."""
    cle, trouvees, borne = _cle(connexion, lecteur, code), [], date.max
    requete = (
        select(valeur.c.debut, valeur.c.fin, valeur.c.frequence)
        .where(
            valeur.c.indicateur_id == cle,
            valeur.c.maille == maille.rang,
            valeur.c.fin < bindparam("borne", type_=Date),
            au_lot(lecteur),
        )
        .order_by(valeur.c.fin.desc())
        .limit(1)
    )
    while cle is not None and (ligne := connexion.execute(requete, {"borne": borne}).first()):
        trouvees.append(Periode(ligne.debut, ligne.fin, Frequence(ligne.frequence)))
        borne = ligne.fin
    return trouvees


def load_dernieres(
    connexion: Connection, lecteur: Lecteur, code: str, maille: Maille, fin: date | None = None
) -> pd.DataFrame:
    """Values of one indicator for every territory of a maille, at ``fin`` or at the latest period of the maille.

    Columns: those of ``COLONNES_DERNIERES`` and ``fin``. Empty when unknown, not allowed or never published.
    """
    acces = sorted(lecteur.acces)
    parametres = {"code": code, "acces": acces, "maille": maille.rang, "lot": lecteur.lot}
    parametres["jour"] = visibilite.aujourd_hui()
    trouvee = None if code in lecteur.tus else connexion.execute(_CLE_ET_DERNIERE_FIN, parametres).first()
    cle, fin = (None, fin) if trouvee is None else (trouvee.id, fin or trouvee.fin)
    parametres |= {"cle": cle, "fin": fin}
    if connexion.dialect.name == "postgresql":
        tableaux = connexion.execute(_DERNIERES_EN_TABLEAUX, parametres).one()
        return _assemble(tableaux, _DERNIERES, COLONNES_DERNIERES, {"fin": fin})
    return _cadre(connexion, _DERNIERES, COLONNES_DERNIERES, parametres, fin=fin)


# Written once: SQLAlchemy takes 2 ms to write these two questions, as long as the database takes to answer.
_MAILLE_AU_LOT = and_(
    valeur.c.maille == bindparam("maille", type_=Integer),
    valeur.c.lot_debut <= bindparam("lot", type_=Integer),
    valeur.c.lot_fin > bindparam("lot", type_=Integer),
)
_DERNIERE_FIN = (
    select(valeur.c.fin)
    .where(valeur.c.indicateur_id == indicateur.c.id, _MAILLE_AU_LOT)
    .order_by(valeur.c.fin.desc())
    .limit(1)
)
_CLE_ET_DERNIERE_FIN = select(indicateur.c.id, _DERNIERE_FIN.scalar_subquery().label("fin")).where(
    indicateur.c.code == bindparam("code"),
    indicateur.c.acces.in_(bindparam("acces", expanding=True)),
    en_cours(bindparam("jour", type_=Date)),
)
_DERNIERES = select(*(valeur.c[c] for c in COLONNES_DERNIERES)).where(
    valeur.c.indicateur_id == bindparam("cle", type_=Integer),
    valeur.c.fin == bindparam("fin", type_=Date),
    _MAILLE_AU_LOT,
)
# PostgreSQL sends four arrays faster than 3,685 rows.
_DERNIERES_EN_TABLEAUX = select(*(func.array_agg(c) for c in _DERNIERES.subquery().c))


def load_series(
    connexion: Connection, lecteur: Lecteur, codes: Sequence[str], territoires: Sequence[int]
) -> pd.DataFrame:
    """Every period of the given indicators for the given territory ids: a portrait, or a series.

    Columns: indicateur (code), territoire_id and those of ``valeur``; sorted by indicator, territory, date.
    """
    visibles = visible(lecteur).add_columns(indicateur.c.code).where(indicateur.c.code.in_(list(codes)))
    noms = {int(ligne.id): str(ligne.code) for ligne in connexion.execute(visibles)}
    colonnes = ["indicateur_id", "territoire_id", *COLONNES_VALEUR]
    requete = (
        select(*(valeur.c[c] for c in colonnes))
        .where(
            valeur.c.territoire_id.in_([int(t) for t in territoires]),
            valeur.c.indicateur_id.in_(list(noms)),
            au_lot(lecteur),
        )
        .order_by(valeur.c.territoire_id, valeur.c.indicateur_id, valeur.c.fin)
    )
    cadre = _cadre(connexion, requete, colonnes)
    cadre.insert(0, "indicateur", cadre.pop("indicateur_id").map(noms))
    return cadre


def load_objectifs(connexion: Connection, lecteur: Lecteur, codes: Sequence[str]) -> pd.DataFrame:
    """Targets of the given indicators, every territory and author, those in force as of the reader's lot."""
    colonnes = [c.name for c in objectif.columns if c.name not in ("id", "lot_fin")]
    permis = select(indicateur.c.code).where(indicateur.c.id.in_(visible(lecteur)))
    requete = (
        select(*(objectif.c[c] for c in colonnes))
        .where(
            objectif.c.indicateur.in_(list(codes)),
            objectif.c.indicateur.in_(permis),
            objectif.c.lot_debut <= lecteur.lot,
            objectif.c.lot_fin > lecteur.lot,
        )
        .order_by(objectif.c.indicateur, objectif.c.code_territoire, objectif.c.echeance)
    )
    return _cadre(connexion, requete, colonnes)


def load_provenance(
    connexion: Connection, lecteur: Lecteur, code: str, code_territoire: str, sources: Sequence[str] = ()
) -> pd.DataFrame:
    """Source row behind each figure of an indicator in one place, as of the reader's lot.

    ``sources``: those of the indicator, the one that wins last; within a source, a later lot wins. No figure as
    received: one that secrecy hides in ``valeur`` would come back here.
    """
    colonnes = ["fin", "source_url", "date_source", "note", "lot", "ligne_source", "millesime_cog", "frequence"]
    permis = select(indicateur.c.code).where(indicateur.c.id.in_(visible(lecteur)))
    requete = (
        select(*(mesure.c[c] for c in colonnes), lot.c.sha256, lot.c.origine, lot.c.source, lot.c.cree_le)
        .join(lot, lot.c.id == mesure.c.lot)
        .where(
            mesure.c.indicateur == code,
            mesure.c.indicateur.in_(permis),
            mesure.c.code_territoire == code_territoire,
            mesure.c.lot <= lecteur.lot,
            mesure.c.lot.not_in(annules(lecteur.lot)),
        )
        .order_by(mesure.c.lot)
    )
    cadre = _cadre(connexion, requete, [*colonnes, "sha256", "origine", "source", "cree_le"]).astype(object)
    cadre["rang"] = [sources.index(s) if s in sources else -1 for s in cadre["source"]]
    cadre = cadre.sort_values("rang", kind="stable").drop_duplicates(["fin", "frequence"], keep="last")
    cadre = cadre.sort_values("fin", ignore_index=True).drop(columns=["rang", "frequence"])
    return cadre.where(cadre.notna(), None)


def load_date_livree(connexion: Connection, source: str, codes: Sequence[str]) -> date | None:
    """When the producer published the latest figures of these indicators that the last lot of a source holds."""
    dernier = select(func.max(lot.c.id)).where(
        lot.c.source == source, lot.c.statut == "publie", lot.c.genre == "livraison"
    )  # fmt: skip
    requete = select(func.max(mesure.c.date_source)).where(
        mesure.c.lot == dernier.scalar_subquery(), mesure.c.indicateur.in_(list(codes))
    )
    jour: date | None = connexion.execute(requete).scalar()
    return jour


def load_lots(connexion: Connection) -> pd.DataFrame:
    """Every lot, latest first."""
    return _cadre(connexion, select(lot).order_by(lot.c.id.desc()), [c.name for c in lot.columns])


def load_rejets(connexion: Connection, numero: int) -> pd.DataFrame:
    """Refused rows of one lot."""
    requete = select(rejet).where(rejet.c.lot == numero).order_by(rejet.c.ligne)
    return _cadre(connexion, requete, [c.name for c in rejet.columns])


def load_reparations(connexion: Connection, numero: int) -> pd.DataFrame:
    """What the declared rules repaired in one lot: regle, colonne, nombre, exemples (JSON)."""
    requete = select(reparation).where(reparation.c.lot == numero).order_by(reparation.c.id)
    return _cadre(connexion, requete, [c.name for c in reparation.columns])


def load_tirages(connexion: Connection) -> pd.DataFrame:
    """The last pull of each source, and its last successful one: source, quand, etat, message."""
    colonnes = ["source", "quand", "etat", "message"]
    derniers = select(func.max(tirage.c.id)).group_by(tirage.c.source)
    reussis = derniers.where(tirage.c.etat.in_(REUSSIS))
    choisis = tirage.c.id.in_(derniers.union(reussis))
    requete = select(*(tirage.c[c] for c in colonnes)).where(choisis).order_by(tirage.c.id.desc())
    return _cadre(connexion, requete, colonnes)


def lot_au(connexion: Connection, jour: date) -> int:
    """The last lot published on or before ``jour`` (0 when there was none)."""
    fin = datetime.combine(jour + timedelta(days=1), datetime.min.time())
    return int(connexion.execute(select(func.max(lot.c.id)).where(lot.c.cree_le < fin)).scalar() or 0)


def _cadre(
    connexion: Connection,
    requete: Select[tuple[object, ...]],
    colonnes: Sequence[str],
    parametres: Mapping[str, object] | None = None,
    **constantes: object,
) -> pd.DataFrame:
    """Built by columns of a known type: from rows of SQLAlchemy, pandas takes ten times longer."""
    return _assemble(zip(*connexion.execute(requete, parametres or {}), strict=True), requete, colonnes, constantes)


def _assemble(
    colonnes_lues: Iterable[Sequence[object]],
    requete: Select[tuple[object, ...]],
    colonnes: Sequence[str],
    constantes: Mapping[str, object],
) -> pd.DataFrame:
    recues = list(colonnes_lues)
    if not recues or recues[0] is None:
        return pd.DataFrame(columns=[*colonnes, *constantes])
    types = [c.type for c in requete.selected_columns]
    series = {n: _colonne(v, t) for n, v, t in zip(colonnes, recues, types, strict=True)}
    return pd.DataFrame({**series, **constantes}, copy=False)


def _colonne(valeurs: Sequence[object], genre: TypeEngine[object]) -> npt.NDArray[np.float64] | Sequence[object]:
    """Figures as a float array, where pandas would look at each value to guess; missing is NaN."""
    return np.array(valeurs, dtype=np.float64) if isinstance(genre, Float) else valeurs
