"""Where an indicator stands in one territory: its last value, its target, its statut, its freshness."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from dashboard.domain.avancement import Avancement, evalue
from dashboard.domain.fraicheur import Fraicheur, age_mois, fraicheur
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.statut import Seuils, Statut
from dashboard.domain.trajectoire import Lecture, Point, Trajectoire

ORDRE = (
    Statut.EN_RECUL, Statut.EN_RETARD, Statut.A_SURVEILLER, Statut.ECHU_NON_ATTEINT, Statut.NON_MESURE,
    Statut.DANS_LA_TRAJECTOIRE, Statut.ATTEINT,
)  # fmt: skip
EN_RETARD = (Statut.EN_RETARD, Statut.EN_RECUL)


@dataclass(frozen=True)
class Objectif:
    """A target in force: who set it, by which act, and its path."""

    auteur: str
    acte: str
    trajectoire: Trajectoire


@dataclass(frozen=True)
class Situation:
    """One indicator in one territory. ``serie``: (end of period, value), oldest first; may be empty.
    ``secret``: it is empty because the values are hidden."""

    indicateur: Indicateur
    code: str
    avancement: Avancement
    objectif: Objectif | None
    fraicheur: Fraicheur | None
    age: int | None
    serie: tuple[Point, ...]
    secret: bool = False

    @property
    def statut(self) -> Statut:
        """The computed statut."""
        return self.avancement.statut

    @property
    def en_retard(self) -> bool:
        """Late or moving away."""
        return self.statut in EN_RETARD

    @property
    def retard_relatif(self) -> float:
        """TA over TA attendu: what ranks late territories; +inf when it cannot be computed."""
        brut, attendu = self.avancement.ta_brut, self.avancement.ta_attendu
        return brut / attendu if brut is not None and attendu else float("inf")


def objectif_courant(objectifs: pd.DataFrame, code: str, sens: str) -> Objectif | None:
    """The target of a territory with the latest échéance; the earlier ones are history."""
    lignes = objectifs[objectifs["code_territoire"] == code]
    if lignes.empty:
        return None
    return _objectif(lignes.sort_values("echeance").iloc[-1], sens)


def objectifs_anciens(objectifs: pd.DataFrame, code: str) -> list[tuple[date, float]]:
    """(échéance, value) of the targets that a later one replaced."""
    lignes = objectifs[objectifs["code_territoire"] == code].sort_values("echeance").iloc[:-1]
    return list(zip(lignes["echeance"], lignes["valeur"], strict=True))


def _objectif(ligne: Any, sens: str) -> Objectif:
    jalons = tuple((date.fromisoformat(j), float(v)) for j, v in json.loads(ligne.jalons))
    trajectoire = Trajectoire(
        vi=None if pd.isna(ligne.valeur_initiale) else float(ligne.valeur_initiale),
        date_vi=None if pd.isna(ligne.date_initiale) else ligne.date_initiale,
        vc=float(ligne.valeur),
        echeance=ligne.echeance,
        jalons=jalons,
        sens=None if sens == "neutre" else sens,
    )
    return Objectif(str(ligne.auteur), str(ligne.acte), trajectoire)


def situe(
    declare: Indicateur, code: str, serie: pd.DataFrame, objectifs: pd.DataFrame, arrete: date, seuils: Seuils
) -> Situation:
    """The situation at ``arrete``. ``serie``: rows of ``valeur`` for this indicator and territory.

    A result counts once its period has ended; a context figure of the year under way is shown too.
    """
    borne = "debut" if declare.est_contexte else "fin"
    points = tuple(
        (f, float(v))
        for vu, f, v in zip(serie[borne], serie["fin"], serie["valeur"], strict=True)
        if pd.notna(v) and vu <= arrete
    )
    objectif = objectif_courant(objectifs, code, declare.sens)
    but = objectif.trajectoire if objectif else Trajectoire(None, None, None, None)
    derniere = points[-1][0] if points else None
    return Situation(
        indicateur=declare,
        code=code,
        avancement=evalue(but, points, arrete, seuils, Lecture(declare.lecture)),
        objectif=objectif,
        fraicheur=fraicheur(derniere, declare.rythme_mois, declare.delai_mois, arrete),
        age=age_mois(derniere, arrete) if derniere else None,
        serie=points,
        secret=not points and bool((serie["statut"] == "Q").any()),
    )


def plus_en_retard(situations: Sequence[Situation]) -> list[Situation]:
    """The late territories, the farthest from their path first."""
    return sorted((s for s in situations if s.en_retard), key=lambda s: s.retard_relatif)
