"""A target and the path that leads to it: VI(date) -> jalons -> VC(échéance)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

Point = tuple[date, float]


class TrajectoireInvalide(ValueError):
    """Dates of a path that do not increase; the message names both dates."""


class Sens(StrEnum):
    """Wanted direction of an indicator."""

    HAUSSE = "hausse"
    BAISSE = "baisse"


class Lecture(StrEnum):
    """Nature of a series: what "latest" and "change" mean for it."""

    STOCK = "stock"
    FLUX = "flux"
    CUMUL_ANNUEL = "cumul_annuel"
    GLISSANT = "glissant"


def sens_de(vi: float | None, vc: float | None) -> Sens | None:
    """Direction that leads from VI to VC; None when either is missing or both are equal."""
    if vi is None or vc is None or vi == vc:
        return None
    return Sens.HAUSSE if vc > vi else Sens.BAISSE


def atteint(valeur: float, cible: float, sens: Sens) -> bool:
    """Does the value meet the target in the wanted direction? Equality meets it."""
    return valeur >= cible if sens is Sens.HAUSSE else valeur <= cible


@dataclass(frozen=True, slots=True)
class Trajectoire:
    """A target as voted: initial value, milestones and target, in the unit of the indicator.

    ``sens`` is only needed when VI does not tell it (VI absent, equal to VC, or already past VC).
    Raises ``TrajectoireInvalide`` when the dates do not increase.
    """

    vi: float | None
    date_vi: date | None
    vc: float | None
    echeance: date | None
    jalons: tuple[Point, ...] = ()
    sens: Sens | str | None = None

    def __post_init__(self) -> None:
        _controle_dates([j for j, _ in self.points])

    @property
    def sens_voulu(self) -> Sens | None:
        """Declared direction, else the one from VI to VC."""
        return Sens(self.sens) if self.sens else sens_de(self.vi, self.vc)

    @property
    def deja_atteint_au_depart(self) -> bool:
        """VI already at or past VC in the wanted direction: the linear formula would mislead."""
        if self.vi is None or self.vc is None or self.sens_voulu is None:
            return False
        return atteint(self.vi, self.vc, self.sens_voulu)

    @property
    def points(self) -> tuple[Point, ...]:
        """VI, jalons and VC that carry both a date and a value, in order."""
        depart = ((self.date_vi, self.vi), *self.jalons, (self.echeance, self.vc))
        return tuple((jour, v) for jour, v in depart if jour is not None and v is not None)


def _controle_dates(jours: Sequence[date]) -> None:
    for avant, apres in pairwise(jours):
        if apres <= avant:
            raise TrajectoireInvalide(
                f"Trajectoire aux dates non croissantes : {avant.isoformat()} puis {apres.isoformat()}. "
                "Ordonner la valeur initiale, les jalons et l'échéance."
            )


def valeur_attendue(points: Sequence[Point], jour: date) -> float | None:
    """Height of the broken line through the points that day; flat before and after, None without points."""
    if not points:
        return None
    _controle_dates([j for j, _ in points])
    if jour <= points[0][0]:
        return points[0][1]
    for (debut, bas), (fin, haut) in pairwise(points):
        if jour <= fin:
            return bas + (haut - bas) * ((jour - debut).days / (fin - debut).days)
    return points[-1][1]
