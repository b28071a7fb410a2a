"""Benchmarks, ranks, population bands and density classes: what the numbers allow to say."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboard.domain.formatage import nombre
from dashboard.domain.intervalle import Intervalle, byar_ou_exact, wilson
from dashboard.domain.trajectoire import Sens

__all__ = [
    "Intervalle",
    "Rang",
    "Verdict",
    "byar_ou_exact",
    "classe_densite",
    "rang",
    "tranche_population",
    "verdict",
    "verdict_intervalle",
    "wilson",
]

TRANCHES_POPULATION = (200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000)
CLASSES_DENSITE = (25.0, 50.0, 100.0, 300.0, 1_500.0)


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
    connues = sorted(x for x in valeurs if math.isfinite(x))
    dessous, jusque = bisect_left(connues, v), bisect_right(connues, v)
    devant = len(connues) - jusque if sens is Sens.HAUSSE else dessous
    return Rang(devant + 1, len(connues), jusque - dessous > 1)


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
