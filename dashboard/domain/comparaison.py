"""Benchmarks, ranks, similar territories and trends: what the numbers allow to say."""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

import numpy as np
import pandas as pd

from dashboard.domain.formatage import nombre
from dashboard.domain.intervalle import Intervalle, Z, byar_ou_exact, wilson
from dashboard.domain.trajectoire import Sens

__all__ = [
    "Intervalle",
    "Rang",
    "Tendance",
    "Verdict",
    "byar_ou_exact",
    "classe_densite",
    "rang",
    "semblables",
    "tendance",
    "tranche_population",
    "verdict",
    "verdict_intervalle",
    "wilson",
]

TRANCHES_POPULATION = (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000)
CLASSES_DENSITE = (25.0, 50.0, 100.0, 300.0, 1_500.0)
POINTS_TENDANCE = 5
JOURS_PAR_AN = 365.25


class Verdict(StrEnum):
    """What the interval allows to say against a benchmark."""

    AU_DESSUS = "au-dessus"
    EN_DESSOUS = "en-dessous"
    NON_DISTINGUABLE = "non distinguable"

    @property
    def libelle(self) -> str:
        """Words shown to people."""
        if self is Verdict.NON_DISTINGUABLE:
            return self.value
        return f"significativement {'au-dessus' if self is Verdict.AU_DESSUS else 'en dessous'}"


def verdict_intervalle(intervalle: Intervalle | None, repere: float | None) -> Verdict:
    """A verdict only if the interval excludes the benchmark; anything missing is « non distinguable »."""
    if intervalle is None or repere is None or not intervalle.exclut(repere):
        return Verdict.NON_DISTINGUABLE
    return Verdict.AU_DESSUS if intervalle.bas > repere else Verdict.EN_DESSOUS


def verdict(k: float | None, n: float | None, repere: float | None, facteur: float = 100.0) -> Verdict:
    """Verdict on a proportion k/n; ``repere`` in the same unit (percent by default)."""
    if k is None or n is None:
        return Verdict.NON_DISTINGUABLE
    return verdict_intervalle(wilson(k, n, facteur), repere)


@dataclass(frozen=True, slots=True)
class Rang:
    """Competition rank (1, 2, 2, 4): ``rang`` out of ``sur`` territories that have a value."""

    rang: int
    sur: int
    ex_aequo: bool


def rang(valeurs: Sequence[float], v: float | None, sens: Sens = Sens.HAUSSE, distinguable: bool = True) -> Rang | None:
    """Rank of v among ``valeurs`` (its own included), best first in the wanted direction.

    None when v is missing, or when the verdict was « non distinguable »: no rank is given then.
    """
    if v is None or not math.isfinite(v) or not distinguable:
        return None
    connues = [x for x in valeurs if math.isfinite(x)]
    devant = sum(x > v if sens is Sens.HAUSSE else x < v for x in connues)
    return Rang(devant + 1, len(connues), connues.count(v) > 1)


def tranche_population(population: float, bornes: Sequence[float] = TRANCHES_POPULATION) -> str:
    """« de 500 à 999 hab. »: the population band, in words."""
    i = bisect_right(bornes, population)
    if i == 0:
        return f"moins de {nombre(bornes[0])} hab."
    if i == len(bornes):
        return f"{nombre(bornes[-1])} hab. et plus"
    return f"de {nombre(bornes[i - 1])} à {nombre(bornes[i] - 1)} hab."


def classe_densite(densite: float, bornes: Sequence[float] = CLASSES_DENSITE) -> str:
    """« de 25 à 50 hab./km² »: the density class, in words (upper bound excluded)."""
    i = bisect_right(bornes, densite)
    if i == 0:
        return f"moins de {nombre(bornes[0])} hab./km²"
    if i == len(bornes):
        return f"{nombre(bornes[-1])} hab./km² et plus"
    return f"de {nombre(bornes[i - 1])} à {nombre(bornes[i])} hab./km²"


def semblables(
    territoires: pd.DataFrame,
    code: str,
    bornes_population: Sequence[float] = TRANCHES_POPULATION,
    bornes_densite: Sequence[float] = CLASSES_DENSITE,
) -> list[str]:
    """Codes of the territories in the same population band and density class, sorted, never itself.

    ``territoires``: code, population (hab.), densite (hab./km²), all of one maille. Empty when the territory
    is unknown or lacks population or density: nothing can be said similar to it.
    """
    connus = territoires.dropna(subset=["population", "densite"])
    bandes = np.searchsorted(bornes_population, connus["population"], side="right")
    classes = np.searchsorted(bornes_densite, connus["densite"], side="right")
    lui = (connus["code"] == code).to_numpy()
    if not lui.any():
        return []
    proches = (bandes == bandes[lui][0]) & (classes == classes[lui][0]) & ~lui
    return sorted(str(c) for c in connus["code"][proches])


@dataclass(frozen=True, slots=True)
class Tendance:
    """Slope per year in the unit of the indicator; ``sens`` is None when no direction can be stated."""

    pente: float | None
    sens: Sens | None
    motif: str | None


def tendance(serie: Sequence[tuple[date, float]]) -> Tendance:
    """Theil-Sen slope (1968), stated as a rise or a fall when Mann-Kendall is significant at 5 %.

    (date, value) in any order, NaN left out. Under 5 points: no slope, and the reason.
    """
    points = sorted(p for p in serie if math.isfinite(p[1]))
    if len(points) < POINTS_TENDANCE:
        return Tendance(None, None, f"{len(points)} points : il en faut {POINTS_TENDANCE} pour une tendance")
    paires = [(a, b) for a, b in combinations(points, 2) if a[0] < b[0]]
    pentes = [(b[1] - a[1]) / ((b[0] - a[0]).days / JOURS_PAR_AN) for a, b in paires]
    if not pentes or not _significative(np.array([v for _, v in points])):
        return Tendance(_mediane(pentes), None, "pas de tendance nette")
    pente = float(np.median(pentes))
    return Tendance(pente, Sens.HAUSSE if pente > 0 else Sens.BAISSE, None)


def _mediane(pentes: Sequence[float]) -> float | None:
    return float(np.median(pentes)) if pentes else None


def _significative(valeurs: np.ndarray) -> bool:
    """Mann-Kendall test, normal approximation with continuity and ties corrections."""
    n = len(valeurs)
    score = float(np.sign(valeurs[None, :] - valeurs[:, None])[np.triu_indices(n, 1)].sum())
    _, egaux = np.unique(valeurs, return_counts=True)
    variance = (n * (n - 1) * (2 * n + 5) - float((egaux * (egaux - 1) * (2 * egaux + 5)).sum())) / 18
    return variance > 0 and (abs(score) - 1) / math.sqrt(variance) > Z
