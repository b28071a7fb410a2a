"""Progress towards a target (taux d'avancement, TA), after the baseline method of the French State."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from dashboard.domain.formatage import pluriel
from dashboard.domain.motifs import Motif
from dashboard.domain.statut import SEUILS, Seuils, Statut, statut_par_ecart
from dashboard.domain.trajectoire import (
    Lecture,
    Point,
    Sens,
    Trajectoire,
    TrajectoireInvalide,
    atteint,
    valeur_attendue,
)

__all__ = [
    "SEUILS",
    "Avancement",
    "Lecture",
    "ProgrammeTA",
    "Sens",
    "Seuils",
    "Statut",
    "Trajectoire",
    "TrajectoireInvalide",
    "evalue",
    "programme_ta",
    "ta",
    "ta_attendu",
    "ta_brut",
]

JOURS_PAR_AN = 365.25


@dataclass(frozen=True, slots=True)
class Avancement:
    """Result of ``evalue``; TA and gap in points, effort in the unit of the indicator per year.

    Every figure that cannot be computed is None and ``motif`` says why, in French.
    """

    ta_brut: float | None
    ta: float | None
    ta_attendu: float | None
    ecart: float | None
    statut: Statut
    motif: str | None
    effort_annuel: float | None
    va: float | None = None
    date_va: date | None = None


def ta_brut(vi: float | None, va: float | None, vc: float | None, sens: Sens | str | None = None) -> float | None:
    """100·(VA−VI)/(VC−VI), never clamped; None when not computable (a value missing, or VI = VC).

    When the declared ``sens`` shows VI already at or past VC: 100 while VA meets VC, else 0.
    """
    if vi is None or va is None or vc is None:
        return None
    if sens and atteint(vi, vc, Sens(sens)):
        return 100.0 if atteint(va, vc, Sens(sens)) else 0.0
    return None if vi == vc else 100.0 * ((va - vi) / (vc - vi))


def ta(vi: float | None, va: float | None, vc: float | None, sens: Sens | str | None = None) -> float | None:
    """``ta_brut`` kept within 0 and 100, for bars and means."""
    return _borne(ta_brut(vi, va, vc, sens))


def _borne(brut: float | None) -> float | None:
    return None if brut is None else min(100.0, max(0.0, brut))


def ta_attendu(points: Sequence[Point], jour: date) -> float | None:
    """TA that the path VI -> jalons -> VC expects that day.

    Points carry values of the indicator, or already TA percents (0 at VI, 100 at VC): both give the same.
    0 before the first date, 100 after the last; None with fewer than two points or when VI = VC.
    """
    attendue = valeur_attendue(points, jour)
    return None if len(points) < 2 else ta_brut(points[0][1], attendue, points[-1][1])


def derniere_valeur(serie: Sequence[Point], lecture: Lecture, mois_reference: int | None) -> Point | None:
    """Latest value that can face the target.

    A running total of the year only can at the month of the target (December when unknown): the others wait.
    """
    if lecture is Lecture.CUMUL_ANNUEL:
        serie = [p for p in serie if p[0].month == (mois_reference or 12)]
    return serie[-1] if serie else None


def comparables(serie: Sequence[Point], lecture: Lecture) -> list[float]:
    """Values whose successive changes mean something.

    A flux is seasonal and a cumul_annuel restarts each January: only the month of the last value is kept.
    """
    if lecture in (Lecture.FLUX, Lecture.CUMUL_ANNUEL) and serie:
        serie = [p for p in serie if p[0].month == serie[-1][0].month]
    return [valeur for _, valeur in serie]


def deux_reculs(valeurs: Sequence[float], sens: Sens) -> bool:
    """Are the last two successive changes both in the wrong direction? One dip is not a reversal."""
    if len(valeurs) < 3:
        return False
    signe = 1 if sens is Sens.HAUSSE else -1
    avant, milieu, fin = (signe * v for v in valeurs[-3:])
    return avant > milieu > fin


def effort_annuel(vc: float | None, va: float | None, echeance: date | None, jour: date) -> float | None:
    """(VC − VA) per year left, in the unit of the indicator; None once the échéance is reached."""
    if vc is None or va is None or echeance is None or echeance <= jour:
        return None
    return (vc - va) / ((echeance - jour).days / JOURS_PAR_AN)


@dataclass(frozen=True, slots=True)
class _Mesure:
    """What is known at the date of the last usable value."""

    but: Trajectoire
    jour: date
    va: float
    valeurs: tuple[float, ...]

    @property
    def brut(self) -> float | None:
        return ta_brut(self.but.vi, self.va, self.but.vc, self.but.sens_voulu)

    @property
    def attendu(self) -> float | None:
        but = self.but
        if but.deja_atteint_au_depart:
            return 100.0
        complet = None not in (but.vi, but.date_vi, but.vc, but.echeance)
        return ta_attendu(but.points, self.jour) if complet else None


def evalue(
    trajectoire: Trajectoire,
    serie: Sequence[Point],
    date_arrete: date,
    seuils: Seuils = SEUILS,
    lecture: Lecture | str = Lecture.STOCK,
) -> Avancement:
    """Everything said of one indicator against one target, as of ``date_arrete``.

    ``serie`` holds (end of the period, value), one value a date, in any order; NaN is a missing value.
    What ends after ``date_arrete`` is not read. The expected path is evaluated at the date of the value.
    """
    mesure = _mesure(trajectoire, serie, date_arrete, Lecture(lecture))
    if isinstance(mesure, str):
        return Avancement(None, None, None, None, Statut.NON_MESURE, mesure, None)
    brut, attendu = mesure.brut, mesure.attendu
    statut, motif = _statut(mesure, brut, attendu, date_arrete, seuils)
    reste = None if statut is Statut.ATTEINT else trajectoire.vc
    effort = effort_annuel(reste, mesure.va, trajectoire.echeance, date_arrete)
    ecart = None if brut is None or attendu is None else brut - attendu
    return Avancement(brut, _borne(brut), attendu, ecart, statut, motif, effort, mesure.va, mesure.jour)


def _mesure(but: Trajectoire, serie: Sequence[Point], arrete: date, lecture: Lecture) -> _Mesure | str:
    """Last usable value with what precedes it, or the reason why there is none."""
    lue = sorted(p for p in serie if p[0] <= arrete and math.isfinite(p[1]))
    if not lue:
        return _dit(Motif.SANS_VALEUR)
    derniere = derniere_valeur(lue, lecture, but.echeance.month if but.echeance else None)
    if derniere is None:
        return _dit(Motif.ANNEE_OUVERTE)
    jour, va = derniere
    if but.date_vi and jour < but.date_vi:
        return _dit(Motif.AVANT_DEPART, but.date_vi)
    depuis = [p for p in lue if p[0] <= jour and (but.date_vi is None or p[0] >= but.date_vi)]
    return _Mesure(but, jour, va, tuple(comparables(depuis, lecture)))


def _statut(
    mesure: _Mesure, brut: float | None, attendu: float | None, arrete: date, seuils: Seuils
) -> tuple[Statut, str | None]:
    """The one definition of the statut: missing first, then atteint, échu, en recul, and by the path."""
    but, sens = mesure.but, mesure.but.sens_voulu
    if but.vc is None or sens is None:
        return Statut.NON_MESURE, _motif_sans_but(but)
    if atteint(mesure.va, but.vc, sens):
        return Statut.ATTEINT, _deja_atteint(but)
    if but.echeance and but.echeance < arrete:
        return Statut.ECHU_NON_ATTEINT, Motif.ECHU.texte(but.echeance)
    if brut is not None and brut < 0:
        return Statut.EN_RECUL, Motif.ELOIGNEE.texte()
    if deux_reculs(mesure.valeurs, sens):
        return Statut.EN_RECUL, Motif.DEUX_RECULS.texte()
    if brut is None:
        return Statut.NON_MESURE, Motif.SANS_DEPART.texte()
    if attendu is None:
        return Statut.NON_MESURE, Motif.SANS_CHEMIN.texte()
    return statut_par_ecart(brut, attendu, seuils), _deja_atteint(but)


def _deja_atteint(but: Trajectoire) -> str | None:
    return Motif.DEJA_ATTEINT.texte() if but.deja_atteint_au_depart else None


def _motif_sans_but(but: Trajectoire) -> str:
    if but.vc is None:
        return _dit(Motif.SANS_CIBLE)
    return _dit(Motif.SENS_INCONNU if but.vi is None else Motif.CIBLE_AU_DEPART)


def _dit(motif: Motif, jour: date | None = None) -> str:
    return motif.texte(jour) or ""


@dataclass(frozen=True, slots=True)
class ProgrammeTA:
    """Weighted TA of a programme; ``ta`` is None, with its ``motif``, when too little is measured."""

    ta: float | None
    mesures: int
    applicables: int
    part_poids: float
    motif: str | None = None

    @property
    def completude(self) -> str:
        """« 4 indicateurs sur 5 », always shown beside the TA."""
        return f"{self.mesures} {pluriel(self.mesures, 'indicateur', 'indicateurs')} sur {self.applicables}"


def programme_ta(indicateurs: Iterable[tuple[float | None, float, bool]], seuils: Seuils = SEUILS) -> ProgrammeTA:
    """Mean of (TA, weight, applicable) over the applicable and measured, by weight, each TA within 0..100.

    Not shown under ``seuils.completude_programme`` (2/3) of the applicable weight.
    """
    retenus = [(t, p) for t, p, applicable in indicateurs if applicable and p > 0]
    mesures = [(_borne(t), p) for t, p in retenus if t is not None]
    total, mesure = sum(p for _, p in retenus), sum(p for _, p in mesures)
    part = mesure / total if total else 0.0
    resultat = ProgrammeTA(None, len(mesures), len(retenus), part)
    if not retenus:
        return replace(resultat, motif="aucun indicateur applicable")
    if part < seuils.completude_programme - 1e-9:
        return replace(resultat, motif=f"moins des deux tiers mesurés : {resultat.completude}")
    return replace(resultat, ta=sum((t or 0.0) * p for t, p in mesures) / mesure)
