"""The audit of what is published: what readers are given against the true figures, lot by lot, and two by two.

It reads the truth: for agents only. The last result is kept beside the store, for the page that tells of quality.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from dashboard import bootstrap
from dashboard.bootstrap import Application
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.lecteur import AGENT, Lecteur
from dashboard.domain.liens_secret import trahies
from dashboard.domain.paires_secret import Paire, compare
from dashboard.domain.periode import Frequence, Periode
from dashboard.domain.renfort_secret import Quand, audite, grandeurs
from dashboard.domain.secret import SECONDAIRE
from dashboard.reglages import Reglages
from dashboard.store import queries
from dashboard.store.ecriture import EcritureRefusee
from dashboard.store.historique import list_lots
from dashboard.store.instantanes import load_instantanes
from dashboard.store.moteur import Connection, lecture

FICHIER = "audit_secret.json"
CHIFFRES = ["valeur", "numerateur", "denominateur", "n_unites", "calculee"]
TEMPS = ["debut", "fin", "frequence"]
_TEMOINS = 60
"""Shown territories on which two indicators are compared."""
_ETATS = 12
"""States of an indicator that are compared two by two; before them, only with the last one."""


@dataclass(frozen=True)
class Ligne:
    """One indicator, one period, as of one lot. ``plus_etroit``: least share of the truth an interval reaches."""

    indicateur: str
    periode: str
    lot: int
    cellules: int
    primaires: int
    secondaires: int
    retrouvees: int
    figures: int
    plus_etroit: float

    @property
    def tient(self) -> bool:
        """Nothing hidden is given or found again."""
        return not (self.retrouvees or self.figures)


@dataclass(frozen=True)
class LignePaire:
    """The same period as two lots showed it."""

    indicateur: str
    periode: str
    lots: tuple[int, int]
    paire: Paire


@dataclass(frozen=True)
class Lien:
    """Another indicator that shows, in one of its columns, ``cellules`` figures that this one hides."""

    indicateur: str
    periode: str
    autre: str
    colonne: str
    cellules: int


@dataclass(frozen=True)
class Audit:
    """All that was looked at."""

    lignes: tuple[Ligne, ...]
    paires: tuple[LignePaire, ...]
    liens: tuple[Lien, ...] = ()

    @property
    def tient(self) -> bool:
        """Does the secret hold everywhere?"""
        return not self.liens and all(x.tient for x in self.lignes) and all(p.paire.tient for p in self.paires)

    @property
    def cachees(self) -> int:
        """Hidden cells that were audited."""
        return sum(x.primaires + x.secondaires for x in self.lignes)

    @property
    def plus_etroit(self) -> float:
        """The narrowest interval of all, as a share of the truth."""
        return min((x.plus_etroit for x in self.lignes), default=float("inf"))


class DernierAudit(NamedTuple):
    """``plus_etroit``: None when nothing is hidden, or nothing bounds what is."""

    quand: date
    tient: bool
    cachees: int
    plus_etroit: float | None


def dernier_audit(reglages: Reglages) -> DernierAudit | None:
    """What the last complete audit found; None when none was made, or when its file cannot be read."""
    try:
        lu = json.loads((reglages.home / FICHIER).read_text("utf-8"))
        etroit = None if lu["plus_etroit"] is None else float(lu["plus_etroit"])
        return DernierAudit(date.fromisoformat(lu["quand"]), bool(lu["tient"]), int(lu["cachees"]), etroit)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def audite_tout(app: Application, choisis: Sequence[Indicateur] = ()) -> Audit:
    """Every indicator with a rule, or those named. Refused to whoever may not write: it reads what is hidden."""
    exige_agent(app)
    indicateurs = [i for i in choisis or app.espace.indicateurs if i.a_secret]
    lignes, paires, liens = list[Ligne](), list[LignePaire](), list[Lien]()
    with lecture(app.moteur) as connexion:
        for declare in indicateurs:
            etats = [e for lot in _lots(connexion, declare) if (e := _etat(app, connexion, declare, lot))]
            lignes += [_ligne(declare, etat) for etat in (etats[-1].values() if etats else ())]
            paires += [p for a, b in _deux_a_deux(len(etats)) for p in _paires(declare, etats[a], etats[b])]
            liens += [
                lien for etat in (etats[-1].values() if etats else ()) for lien in _liens(app, connexion, declare, etat)
            ]
    audit = Audit(tuple(lignes), tuple(paires), tuple(liens))
    if not choisis:
        _retient(app.reglages, audit)
    return audit


def exige_agent(app: Application) -> None:
    """The audit reads what is hidden: raises ``EcritureRefusee`` for the public profile."""
    if not app.auteur.peut_ecrire:
        raise EcritureRefusee(
            f"Audit du secret refusé au profil « {app.auteur.profil} » : il lit les chiffres cachés. Le lancer en "
            "agent, sur ce poste seulement : BOUSSOLE_PROFIL=agent, serveur à l'écoute de 127.0.0.1."
        )


def _retient(reglages: Reglages, audit: Audit) -> None:
    etroit = audit.plus_etroit if np.isfinite(audit.plus_etroit) else None
    dit = {"quand": f"{datetime.now(UTC):%Y-%m-%d}", "tient": audit.tient, "cachees": audit.cachees}
    provisoire = reglages.home / f".{FICHIER}"
    provisoire.write_text(json.dumps({**dit, "plus_etroit": etroit}), "utf-8")
    os.replace(provisoire, reglages.home / FICHIER)


def _deux_a_deux(n: int) -> Iterator[tuple[int, int]]:
    for b in range(1, n):
        for a in range(b):
            if b == n - 1 or a >= n - _ETATS:
                yield a, b


def _lots(connexion: Connection, declare: Indicateur) -> list[int]:
    """Lots after which this indicator showed something else, and those of the packages: what a reader may have kept."""
    changements = list_lots(connexion, AGENT, declare.id)
    paquets = {p.lot for a in ("public", "interne") for p in load_instantanes(connexion, a)}
    suivis = {max((c for c in changements if c <= lot), default=0) for lot in paquets}
    return sorted({*changements, *suivis} - {0})


@dataclass(frozen=True)
class _Vu:
    """One period of an indicator as of a lot: the truth, and what was shown of it, row for row."""

    lot: int
    quand: Quand
    vu: pd.DataFrame

    @property
    def masque(self) -> Any:
        """What a reader did not have."""
        return (self.vu["statut"].isna() | self.vu["statut"].eq("Q")).to_numpy(dtype=bool)


def _etat(app: Application, connexion: Connection, declare: Indicateur, lot: int) -> dict[str, _Vu]:
    places = queries.list_territoires(connexion).set_index("id")["code"]
    lecteur = Lecteur("audit", AGENT.acces, lot=lot)
    montres = queries.load_series(connexion, lecteur, [declare.id], [int(i) for i in places.index])
    montres = montres.assign(code_territoire=montres["territoire_id"].map(places))
    montres = montres.assign(fin=pd.to_datetime(montres["fin"]).astype("datetime64[s]"))
    etats = {}
    for quand in bootstrap.verites(app, connexion, declare, lot):
        cle = ["code_territoire", "fin", "frequence"]
        vu = quand.cellules[cle].merge(montres[[*cle, *CHIFFRES, "statut", "confidentialite"]], on=cle, how="left")
        premiere = quand.cellules.iloc[0]
        bornes = premiere["debut"].date(), premiere["fin"].date()
        etats[Periode(*bornes, Frequence(premiere["frequence"])).code] = _Vu(lot, quand, vu)
    return etats


def _grandeurs(declare: Indicateur, etat: _Vu) -> list[Any]:
    codees = etat.quand.cellules.assign(confidentialite=etat.vu["confidentialite"].to_numpy())
    return grandeurs(codees, etat.quand.fournies, etat.quand.tableau, declare.agregation, declare.min_unites)


def _ligne(declare: Indicateur, etat: _Vu) -> Ligne:
    constat = audite(etat.quand.tableau, etat.masque, _grandeurs(declare, etat))
    cachees = etat.vu["statut"].eq("Q")
    secondaires = int((cachees & etat.vu["confidentialite"].eq(SECONDAIRE)).sum())
    figures = int(etat.vu.loc[cachees, CHIFFRES].notna().any(axis=1).sum())
    retrouvees = len({c for c, _ in constat.trouvees})
    non_caches = int((etat.quand.cellules["masque"].to_numpy(dtype=bool) & ~etat.masque).sum())
    periode = _periode(etat)
    return Ligne(
        declare.id, periode, etat.lot, len(etat.vu), int(cachees.sum()) - secondaires, secondaires,
        retrouvees, figures + non_caches, constat.plus_etroit,
    )  # fmt: skip


def _periode(etat: _Vu) -> str:
    premiere = etat.quand.cellules.iloc[0]
    return Periode(premiere["debut"].date(), premiere["fin"].date(), Frequence(premiere["frequence"])).code


def _paires(declare: Indicateur, avant: dict[str, _Vu], apres: dict[str, _Vu]) -> Iterator[LignePaire]:
    for periode in avant.keys() & apres.keys():
        a, b = avant[periode], apres[periode]
        if not (a.masque.any() or b.masque.any()):
            continue
        paire = compare(b.quand.tableau, _aligne(a, b), _aligne(b, b), _grandeurs(declare, b))
        yield LignePaire(declare.id, periode, (a.lot, b.lot), paire)


def _aligne(etat: _Vu, sur: _Vu) -> pd.DataFrame:
    """Truth and mask of a state, in the order of another's table; a place it did not have is hidden there."""
    vrai = etat.quand.cellules.assign(masque=etat.masque).set_index("code_territoire")
    vrai = vrai[["valeur", "numerateur", "denominateur", "masque"]].reindex(sur.quand.cellules["code_territoire"])
    return vrai.assign(connue=vrai["masque"].notna(), masque=vrai["masque"].eq(True) | vrai["masque"].isna())


def _liens(app: Application, connexion: Connection, declare: Indicateur, etat: _Vu) -> Iterator[Lien]:
    """Indicators of the same period that repeat a quantity of this one and do not hide it where it is hidden."""
    if not etat.masque.any():
        return
    vraies = etat.quand.cellules.assign(masque=etat.masque).set_index("code_territoire")
    temoins = [*vraies.index[etat.masque], *vraies.index[~etat.masque][:_TEMOINS]]
    places = queries.list_territoires(connexion).set_index("code")["id"]
    autres = [i.id for i in app.espace.indicateurs if i.id != declare.id]
    montres = queries.load_series(connexion, AGENT, autres, [int(i) for i in places.reindex(temoins).dropna()])
    noms = pd.Series(places.index, index=places.to_numpy())
    montres = montres.assign(code=montres["territoire_id"].map(noms))
    quand = vraies.iloc[0]
    memes = montres[pd.to_datetime(montres["fin"]).eq(quand["fin"]) & montres["frequence"].eq(quand["frequence"])]
    for autre, sien in memes.groupby("indicateur"):
        for _, colonne, cellules in trahies(vraies, sien.set_index("code")):
            yield Lien(declare.id, _periode(etat), str(autre), colonne, cellules)


def en_json(audit: Audit) -> dict[str, Any]:
    """For machines: an open interval is null."""
    lignes = [
        {**asdict(x), "plus_etroit": x.plus_etroit if np.isfinite(x.plus_etroit) else None, "tient": x.tient}
        for x in audit.lignes
    ]
    paires = [
        {"indicateur": p.indicateur, "periode": p.periode, "lots": list(p.lots), **asdict(p.paire),
         "tient": p.paire.tient} for p in audit.paires
    ]  # fmt: skip
    liens = [asdict(x) for x in audit.liens]
    return {"tient": audit.tient, "cachees": audit.cachees, "lignes": lignes, "paires": paires, "liens": liens}
