"""Hides more until the audit holds: the quantities of a period, what they give away, and the cheapest cell to add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.domain.agregation import Methode
from dashboard.domain.audit_secret import (
    Booleens,
    Grandeur,
    Memoire,
    Tableau,
    codes_petits,
    grandeur,
    intervalles,
    largeur,
    parts,
    retrouvees,
)
from dashboard.domain.programme_lineaire import MARGE, Reels
from dashboard.domain.secret import LIBRE, PETIT_EFFECTIF, SECONDAIRE

_RAPPORTS = ("numerateur", "denominateur", "n_unites")


@dataclass(frozen=True)
class Quand:
    """One period: its cells, the sums that a reader can write, what the communes gave."""

    cellules: pd.DataFrame
    liens: pd.DataFrame
    tableau: Tableau
    fournies: pd.DataFrame


def grandeurs(
    cellules: pd.DataFrame,
    fournies: pd.DataFrame,
    tableau: Tableau,
    methode: Methode,
    min_unites: int,
    *,
    vraies: bool = True,
) -> list[Grandeur]:
    """What can be added up and is hidden: the value of a count, both terms of a ratio, the number of units.

    ``cellules``: true figures and confidentialite, in the order of the table; ``fournies``: those of the communes.
    The numerator of a share is bounded by its denominator, which another indicator may well publish. ``vraies``:
    the hidden figures are there; without them, neither is the denominator that would bound.
    """
    noms = (("valeur",) if methode is Methode.SOMME else ()) + _RAPPORTS
    vrais = {n: cellules[n].to_numpy(dtype=np.float64) for n in noms if cellules[n].notna().any()}
    atomes = {n: parts(tableau, v, fournies.get(n)) for n, v in vrais.items()}
    codes = codes_petits(cellules["confidentialite"].to_numpy(dtype=object), min_unites)
    toutes = []
    for nom, vrai in vrais.items():
        plafond = np.full(len(atomes[nom]), np.inf)
        part = vraies and nom == "numerateur" and "denominateur" in atomes
        if part and (atomes[nom] <= atomes["denominateur"]).all():
            plafond = atomes["denominateur"]
        siens = codes if _memes(vrai, vrais.get("n_unites")) else {}
        toutes.append(grandeur(tableau, nom, vrai, atomes[nom], siens, plafond))
    return [g for rang, g in enumerate(toutes) if not any(_meme_audit(g, autre) for autre in toutes[:rang])]


def _meme_audit(une: Grandeur, autre: Grandeur) -> bool:
    """A count is often its own number of units: audited once."""
    paires = ((une.parts, autre.parts), (une.vrai, autre.vrai), (une.bas, autre.bas), (une.haut, autre.haut))
    return une.codes == autre.codes and all(np.array_equal(a, b, equal_nan=True) for a, b in paires)


def _memes(vrai: Reels, unites: Reels | None) -> bool:
    """Is this quantity the number of units itself? A reader sees it where both are shown."""
    if unites is None:
        return False
    connues = ~np.isnan(vrai) & ~np.isnan(unites)
    return bool(connues.any() and np.array_equal(vrai[connues], unites[connues]))


@dataclass(frozen=True)
class Constat:
    """What an audit found. ``trouvees``: (cell, quantity) recovered; ``plus_etroit``: least share of the truth."""

    cellules: int
    trouvees: tuple[tuple[int, int], ...]
    plus_etroit: float

    @property
    def tient(self) -> bool:
        """Is nothing hidden recovered?"""
        return not self.trouvees


def audite(
    tableau: Tableau, masque: Booleens, toutes: Sequence[Grandeur], memoires: Sequence[Memoire] | None = None
) -> Constat:
    """Every quantity of one period against one mask; ``memoires``: one a quantity, kept from one mask to the next."""
    trouvees, etroit = list[tuple[int, int]](), np.inf
    for rang, g in enumerate(toutes):
        mini, maxi = intervalles(tableau, masque, g, memoires[rang] if memoires else None)
        trouvees += [(int(c), rang) for c in np.flatnonzero(retrouvees(tableau, masque, g, mini, maxi))]
        connues = masque & ~np.isnan(g.vrai)
        etroit = min(etroit, float(largeur(g.vrai, mini, maxi)[connues].min(initial=np.inf)))
    return Constat(int(masque.sum()), tuple(trouvees), etroit)


def renforce(tableau: Tableau, masque: Booleens, toutes: Sequence[Grandeur]) -> Booleens:
    """The mask completed until nothing hidden is within reach: ends at the latest when everything is hidden.

    A cell whose figures nothing can blur (its only sum is itself) may stay found: the audit tells it.
    """
    masque = masque.copy()
    tailles = np.diff(tableau.dans.indptr)
    memoires: list[Memoire] = [{} for _ in toutes]
    while not (constat := audite(tableau, masque, toutes, memoires)).tient:
        avant, visees = masque.copy(), set[int]()
        for cellule, rang in constat.trouvees:
            somme, choix = _choisit(tableau, avant, tailles, toutes[rang], cellule)
            if somme not in visees:
                visees.add(somme)
                masque[choix] = True
        if (masque == avant).all():
            break
    return masque


def _choisit(
    tableau: Tableau, masque: Booleens, tailles: npt.NDArray[np.int32], g: Grandeur, cellule: int
) -> tuple[int, list[int]]:
    """The sum that gives a cell away, and what to hide with it: inside it when it hides too little, else beside.

    Among the cells this sum is directly made of; the sum itself when none of them would blur anything.
    """
    communs = tableau.dans @ _indicatrice(tableau, cellule)
    jumelles = np.flatnonzero(~masque & (communs == tailles) & (tailles == tailles[cellule]))
    if len(jumelles):
        return int(jumelles[0]), [int(jumelles[0])]
    besoin = MARGE * abs(float(g.vrai[cellule]))
    dedans = ~masque & (communs == tailles) & (tailles < tailles[cellule])
    montres = np.unique(tableau.dans[np.flatnonzero(dedans & (tailles == 1))].indices)
    manque = besoin - (abs(float(g.vrai[cellule])) - float(np.abs(g.parts[montres]).sum()))
    autour = np.flatnonzero(~masque & (communs > 0) & (tailles > communs))
    if dedans.any() and (manque >= 0 or not len(autour)):
        return cellule, _les_moins_cheres(tableau, dedans, tailles, g, max(manque, 0.0))
    if not len(autour):
        return cellule, []
    complets = autour[communs[autour] == tailles[cellule]]
    choisies = complets if len(complets) else autour
    somme = int(choisies[np.argmin(tailles[choisies])])
    contenu = tableau.dans @ _indicatrice(tableau, somme)
    dans_somme = ~masque & (contenu == tailles) & (tailles < tailles[somme]) & (communs == 0)
    return somme, _les_moins_cheres(tableau, dans_somme, tailles, g, besoin) or [somme]


def _indicatrice(tableau: Tableau, cellule: int) -> Reels:
    atomes = np.zeros(tableau.dans.shape[1])
    atomes[tableau.dans.indices[tableau.dans.indptr[cellule] : tableau.dans.indptr[cellule + 1]]] = 1.0
    return atomes


def _les_moins_cheres(
    tableau: Tableau, candidates: Booleens, tailles: npt.NDArray[np.int32], g: Grandeur, besoin: float
) -> list[int]:
    """Among the finest: the lightest that is heavy enough to blur, else the heaviest until they are together.

    What lies inside another candidate is left out: the sum does not tell it apart. Empty when all are zero.
    """
    rangs = np.flatnonzero(candidates)
    dans = tableau.dans[rangs]
    commun = (dans @ dans.T).tocoo()
    petite, grande = tailles[rangs][commun.row], tailles[rangs][commun.col]
    directes = np.delete(rangs, np.unique(commun.row[(commun.data == petite) & (grande > petite)]))
    utiles = directes[np.abs(g.vrai[directes]) > 0]
    if not len(utiles):
        return []
    fines = utiles[tailles[utiles] == tailles[utiles].min()]
    fines = fines[np.argsort(np.abs(g.vrai[fines]), kind="stable")]
    poids = np.abs(g.vrai[fines])
    if (poids > besoin).any():
        return [int(fines[np.argmax(poids > besoin)])]
    assez = np.flatnonzero(np.cumsum(poids[::-1]) > besoin)
    return [int(c) for c in fines[::-1][: int(assez[0]) + 1 if len(assez) else None]]


def tait_les_codes(tableau: Tableau, confidentialite: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """The code « small counts » of a parent that holds two cells so coded becomes « secondary ».

    Two communes of one unit at least in an EPCI of two at most: the codes alone would tell all three.
    """
    petits = np.flatnonzero(confidentialite == PETIT_EFFECTIF)
    dans = tableau.dans[petits]
    commun = (dans @ dans.T).tocoo()
    tailles = np.diff(tableau.dans.indptr)[petits]
    inclus = (commun.data == tailles[commun.col]) & (commun.row != commun.col)
    contenus = np.bincount(commun.row[inclus], minlength=len(petits))
    codes = confidentialite.copy()
    codes[petits[contenus >= 2]] = SECONDAIRE
    return codes


def complete(masque: Booleens, avant: Booleens, confidentialite: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Secrecy codes once the mask is completed: what was added is secondary."""
    return np.where(masque & ~avant, SECONDAIRE, np.where(masque, confidentialite, LIBRE))
