"""The pace of a series and where it leads: ordinary least squares on its last comparable points.

Nothing is said from fewer than five points. Intervals are those of Student at 95 %: of the slope for the trend, of a
single future value for the projection (Insee, « Séries chronologiques »; NIST/SEMATECH e-Handbook, 4.5.2.1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dashboard.domain.trajectoire import Lecture, Point

POINTS_MIN = 5
ANNEES_LUES = 5
"""How far back a pace is read: older changes say little of the next ones."""
JOURS_PAR_AN = 365.25
# Quantile 97.5 % of Student's law by degrees of freedom; beyond 30 the normal one is close enough.
_STUDENT = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
            2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045,
            2.042)  # fmt: skip


class Direction(StrEnum):
    """What a trend says: up, down, or nothing that the noise allows."""

    HAUSSE = "hausse"
    BAISSE = "baisse"
    INDECISE = "indecise"

    @property
    def libelle(self) -> str:
        """Words shown to people."""
        return {"hausse": "en hausse", "baisse": "en baisse", "indecise": "sans tendance nette"}[self.value]


@dataclass(frozen=True, slots=True)
class Projection:
    """The value that the pace gives at a date, with its 95 % interval, in the unit of the indicator."""

    jour: date
    valeur: float
    basse: float
    haute: float


@dataclass(frozen=True, slots=True)
class Tendance:
    """The line through the last comparable points: pace a year (unit of the indicator) and what it rests on."""

    par_an: float
    direction: Direction
    points: int
    depuis: date
    _milieu: float
    _moyenne: float
    _etendue: float
    _residu: float

    def projette(self, jour: date, bornes: tuple[float, float] | None = None) -> Projection:
        """Where the line stands that day. ``bornes``: what the indicator cannot leave (0 and 100 for a share)."""
        x = _annees(jour)
        valeur = self._moyenne + self.par_an * (x - self._milieu)
        ecart = _student(self.points) * self._residu
        ecart *= math.sqrt(1 + 1 / self.points + (x - self._milieu) ** 2 / self._etendue)
        bas, haut = bornes or (-math.inf, math.inf)
        return Projection(jour, *(min(max(v, bas), haut) for v in (valeur, valeur - ecart, valeur + ecart)))


def tendance(serie: Sequence[Point], lecture: Lecture | str = Lecture.STOCK) -> Tendance | None:
    """The trend of (end of period, value), oldest first; None with fewer than five comparable points.

    A flux is seasonal and a cumul_annuel restarts each January: only the month of the last value is kept.
    """
    points = [p for p in serie if math.isfinite(p[1])]
    if Lecture(lecture) in (Lecture.FLUX, Lecture.CUMUL_ANNUEL) and points:
        points = [p for p in points if p[0].month == points[-1][0].month]
    recents = [p for p in points if _annees(points[-1][0]) - _annees(p[0]) <= ANNEES_LUES + 0.01]
    points = recents if len(recents) >= POINTS_MIN else points[-POINTS_MIN:]
    return _ajuste(points) if len(points) >= POINTS_MIN else None


def _ajuste(points: Sequence[Point]) -> Tendance:
    n, xs, ys = len(points), [_annees(j) for j, _ in points], [v for _, v in points]
    milieu, moyenne = math.fsum(xs) / n, math.fsum(ys) / n
    etendue = math.fsum((x - milieu) ** 2 for x in xs)
    pente = math.fsum((x - milieu) * (y - moyenne) for x, y in zip(xs, ys, strict=True)) / etendue
    carres = math.fsum((y - moyenne - pente * (x - milieu)) ** 2 for x, y in zip(xs, ys, strict=True))
    residu = math.sqrt(carres / (n - 2))
    marge = _student(n) * residu / math.sqrt(etendue)
    direction = Direction.INDECISE
    if abs(pente) > marge:
        direction = Direction.HAUSSE if pente > 0 else Direction.BAISSE
    return Tendance(pente, direction, n, points[0][0], milieu, moyenne, etendue, residu)


def _annees(jour: date) -> float:
    return jour.toordinal() / JOURS_PAR_AN


def _student(n: int) -> float:
    libertes = n - 2
    return _STUDENT[libertes - 1] if libertes <= len(_STUDENT) else 1.96
