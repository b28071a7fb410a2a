"""Where an indicator stands in one territory: its last value, its target, its statut, its freshness."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
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
AUTEURS = ("Région", "schéma", "État")
"""Who may set a target; when several did and all still run, the first one judges."""
EN_RETARD = (Statut.EN_RETARD, Statut.EN_RECUL)


@dataclass(frozen=True)
class Objectif:
    """A target in force: who set it, by which act, and its path."""

    auteur: str
    acte: str
    trajectoire: Trajectoire
    source_url: str | None = None
    note: str | None = None

    @property
    def echeance(self) -> date:
        """Date of the target."""
        assert self.trajectoire.echeance is not None
        return self.trajectoire.echeance

    @property
    def libelle_auteur(self) -> str:
        """« Cible État », « Cible Région », « Cible du schéma »."""
        return "Cible du schéma" if self.auteur == "schéma" else f"Cible {self.auteur}"


@dataclass(frozen=True)
class Situation:
    """One indicator in one territory. ``serie``: (end of period, value), oldest first; may be empty.
    ``secret``: it is empty because the values are hidden. ``autres``: what the targets of other authors say."""

    indicateur: Indicateur
    code: str
    avancement: Avancement
    objectif: Objectif | None
    fraicheur: Fraicheur | None
    age: int | None
    serie: tuple[Point, ...]
    secret: bool = False
    autres: tuple[tuple[Objectif, Avancement], ...] = ()

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


def objectifs_courants(lignes: Iterable[Any], sens: str, arrete: date) -> list[Objectif]:
    """The target of each author with the latest échéance, the one that judges first; the earlier ones are history.

    A target still running judges before one whose échéance is passed, the région's own before the others.
    """
    par_auteur: dict[str, Any] = {}
    for ligne in sorted(lignes, key=lambda x: x.echeance):
        par_auteur[str(ligne.auteur)] = ligne
    courants = [_objectif(x, sens) for x in par_auteur.values()]
    return sorted(courants, key=lambda o: (o.echeance < arrete, AUTEURS.index(o.auteur), -o.echeance.toordinal()))


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
    url, note = (None if pd.isna(x) else str(x) for x in (ligne.source_url, ligne.note))
    return Objectif(str(ligne.auteur), str(ligne.acte), trajectoire, url, note)


def situe(
    declare: Indicateur, code: str, serie: pd.DataFrame, objectifs: pd.DataFrame, arrete: date, seuils: Seuils
) -> Situation:
    """The situation at ``arrete``. ``serie``: rows of ``valeur`` for this indicator and territory, oldest first.

    A result counts once its period has ended; a context figure of the year under way is shown too.
    """
    lignes = objectifs[objectifs["code_territoire"] == code].itertuples()
    borne = "debut" if declare.est_contexte else "fin"
    rangs = zip(serie[borne], serie["fin"], serie["valeur"], serie["statut"], strict=True)
    return _situe(declare, code, list(rangs), objectifs_courants(lignes, declare.sens, arrete), arrete, seuils)


def situe_tous(
    declares: Iterable[Indicateur],
    places: Mapping[int, str],
    series: pd.DataFrame,
    objectifs: pd.DataFrame,
    arrete: date,
    seuils: Seuils,
) -> dict[str, dict[str, Situation]]:
    """Situations of many indicators, by indicator then by territory. ``places``: code by territory id.

    One pass on each frame: selecting rows once a situation would cost more than judging them.
    """
    rangs: dict[tuple[str, str], list[Rang]] = {}
    colonnes = (series[c] for c in ("indicateur", "territoire_id", "debut", "fin", "valeur", "statut"))
    for indicateur, lieu, debut, fin, valeur, statut in zip(*colonnes, strict=True):
        rangs.setdefault((indicateur, places[lieu]), []).append((debut, fin, valeur, statut))
    cibles: dict[tuple[str, str], list[Any]] = {}
    for ligne in objectifs.itertuples():
        cibles.setdefault((str(ligne.indicateur), str(ligne.code_territoire)), []).append(ligne)
    resultat: dict[str, dict[str, Situation]] = {}
    for declare in declares:
        siennes = resultat.setdefault(declare.id, {})
        for code in places.values():
            lus = rangs.get((declare.id, code), [])
            lus = lus if declare.est_contexte else [(fin, fin, v, s) for _, fin, v, s in lus]
            buts = objectifs_courants(cibles.get((declare.id, code), ()), declare.sens, arrete)
            siennes[code] = _situe(declare, code, lus, buts, arrete, seuils)
    return resultat


Rang = tuple[date, date, float, str]
"""(day from which it may be shown, end of the period, value or NaN, statut)."""


def _situe(
    declare: Indicateur, code: str, rangs: Sequence[Rang], buts: Sequence[Objectif], arrete: date, seuils: Seuils
) -> Situation:
    points = tuple((fin, float(v)) for vu, fin, v, _ in rangs if vu <= arrete and pd.notna(v))
    juges = [(o, evalue(o.trajectoire, points, arrete, seuils, Lecture(declare.lecture))) for o in buts]
    sans_but = evalue(SANS_BUT, points, arrete, seuils, Lecture(declare.lecture)) if not juges else juges[0][1]
    derniere = points[-1][0] if points else None
    return Situation(
        indicateur=declare,
        code=code,
        avancement=sans_but,
        objectif=juges[0][0] if juges else None,
        fraicheur=fraicheur(derniere, declare.rythme_mois, declare.delai_mois, arrete),
        age=age_mois(derniere, arrete) if derniere else None,
        serie=points,
        secret=not points and any(s == "Q" for *_, s in rangs),
        autres=tuple(juges[1:]),
    )


SANS_BUT = Trajectoire(None, None, None, None)


def plus_en_retard(situations: Sequence[Situation]) -> list[Situation]:
    """The late territories, the farthest from their path first."""
    return sorted((s for s in situations if s.en_retard), key=lambda s: s.retard_relatif)
