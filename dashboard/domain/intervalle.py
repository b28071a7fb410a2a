"""Confidence intervals of proportions and rates at 95 %, with the standard library only."""

import math
from collections.abc import Callable
from typing import NamedTuple

Z = 1.959963984540054
ALPHA = 0.05
SEUIL_EXACT = 10


class Intervalle(NamedTuple):
    """Both bounds included, in the unit asked for."""

    bas: float
    haut: float

    def exclut(self, repere: float) -> bool:
        """Is the benchmark outside?"""
        return not self.bas <= repere <= self.haut


def wilson(k: float, n: float, facteur: float = 100.0) -> Intervalle | None:
    """Wilson (1927) score interval of k out of n, in percent by default; None when n is 0.

    Raises ValueError when k is not within 0..n.
    """
    if n == 0:
        return None
    if not 0 <= k <= n:
        raise ValueError(f"Proportion impossible : {k:g} sur {n:g}. Vérifier numérateur et dénominateur.")
    p, z2 = k / n, Z * Z
    centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    demi = Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Intervalle(facteur * max(0.0, centre - demi), facteur * min(1.0, centre + demi))


def byar_ou_exact(evenements: int, population: float, par: float = 100_000.0) -> Intervalle | None:
    """Interval of a rate of events per ``par`` inhabitants; None when the population is 0.

    Byar's approximation (Breslow and Day, 1987) from 10 events, exact Poisson limits below.
    Raises ValueError on a negative count.
    """
    if population <= 0:
        return None
    if evenements < 0:
        raise ValueError(f"Nombre d'événements négatif : {evenements}. Vérifier le numérateur.")
    bornes = _poisson_exact(evenements) if evenements < SEUIL_EXACT else _byar(evenements)
    return Intervalle(*(par * borne / population for borne in bornes))


def _byar(n: int) -> tuple[float, float]:
    haut = n + 1
    return (
        n * (1 - 1 / (9 * n) - Z / (3 * math.sqrt(n))) ** 3,
        haut * (1 - 1 / (9 * haut) + Z / (3 * math.sqrt(haut))) ** 3,
    )


def _poisson_exact(n: int) -> tuple[float, float]:
    """Means under which n or more, and n or fewer, events have each a probability of 2.5 %."""
    plafond = 4.0 * n + 20.0
    bas = 0.0 if n == 0 else _racine(lambda m: _repartition(n - 1, m) - (1 - ALPHA / 2), plafond)
    return bas, _racine(lambda m: _repartition(n, m) - ALPHA / 2, plafond)


def _repartition(n: int, moyenne: float) -> float:
    """P(X <= n) of a Poisson law."""
    return math.exp(-moyenne) * math.fsum(moyenne**i / math.factorial(i) for i in range(n + 1))


def _racine(decroissante: Callable[[float], float], plafond: float) -> float:
    """Zero of a decreasing function between 0 and ``plafond``, by bisection to the last bit that matters."""
    bas, haut = 0.0, plafond
    for _ in range(100):
        milieu = (bas + haut) / 2
        bas, haut = (milieu, haut) if decroissante(milieu) > 0 else (bas, milieu)
    return (bas + haut) / 2
