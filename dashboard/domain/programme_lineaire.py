"""The linear program of one block of hidden cells, written once and asked of every objective."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import linprog

MARGE = 0.10
"""A hidden value is found again when the interval lies within this share of it, on both sides."""
Reels = npt.NDArray[np.float64]
Ligne = tuple[frozenset[int], float, float]
"""A sum of atoms and its two bounds, the same for an equation."""


class Modele:
    """The linear program of one block, written once for every objective."""

    def __init__(self, lignes: Sequence[Ligne], bas: Reels, haut: Reels, parts: Reels) -> None:
        self.atomes = sorted(frozenset().union(*(e for e, _, _ in lignes)))
        rang = {a: r for r, a in enumerate(self.atomes)}
        self.rang = rang
        egales = [(e, b) for e, b, h in lignes if b == h]
        autres = [ligne for ligne in lignes if ligne[1] != ligne[2]]
        finis = [abs(x) for _, b, h in lignes for x in (b, h) if np.isfinite(x)]
        self.echelle = max([1.0, *finis])
        self.egal = self._matrice([e for e, _ in egales]), np.array([b for _, b in egales]) / self.echelle
        entre = self._matrice([e for e, _, _ in autres])
        droite = np.array([h for _, _, h in autres] + [-b for _, b, _ in autres]) / self.echelle
        self.au_plus = sparse.vstack([entre, -entre]).tocsr()[np.isfinite(droite)], droite[np.isfinite(droite)]
        self.vrai: Reels = parts[self.atomes] / self.echelle
        self.moins, self.plus = self.vrai.copy(), self.vrai.copy()
        self.bornes_atomes = np.column_stack([bas[self.atomes], haut[self.atomes]]) / self.echelle

    def _matrice(self, ensembles: Sequence[frozenset[int]]) -> sparse.csr_array:
        paires = [(r, self.rang[a]) for r, e in enumerate(ensembles) for a in e]
        lignes, colonnes = np.array(paires, dtype=np.intp).reshape(-1, 2).T
        return sparse.csr_array((np.ones(len(lignes)), (lignes, colonnes)), (len(ensembles), len(self.atomes)))

    def bornes(self, voulus: frozenset[int], *, presse: bool) -> tuple[float, float]:
        """``presse``: what the solutions already seen show of one atom is enough when it is past the margin."""
        rangs = [self.rang[a] for a in voulus]
        if presse and len(rangs) == 1 and (vues := self._deja_loin(rangs[0])):
            return vues
        cout = np.zeros(len(self.atomes))
        cout[rangs] = 1.0
        bas, haut = (self._optimum(signe * cout) for signe in (1.0, -1.0))
        return bas * self.echelle, -haut * self.echelle

    def _deja_loin(self, rang: int) -> tuple[float, float] | None:
        """One unit past the margin, so that rounding changes nothing."""
        vrai, bas, haut = (float(x[rang]) * self.echelle for x in (self.vrai, self.moins, self.plus))
        ecart = MARGE * abs(vrai) + 1
        return (bas, haut) if bas < vrai - ecart or haut > vrai + ecart else None

    def _optimum(self, cout: Reels) -> float:
        trouve = linprog(
            cout, self.au_plus[0], self.au_plus[1], self.egal[0], self.egal[1], self.bornes_atomes, method="highs"
        )
        if trouve.status == 0:
            self.moins, self.plus = np.minimum(self.moins, trouve.x), np.maximum(self.plus, trouve.x)
            return float(trouve.fun)
        if trouve.status == 3:
            return -np.inf
        return float(cout @ self.vrai)  # the solver gave up: taken as found, so that more is hidden
