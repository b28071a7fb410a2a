"""Hides more until the audit holds: the quantities of a period, what they give away, and the cheapest cell to add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.domain.agregation import Methode
from dashboard.domain.audit_secret import (
    MARGE,
    Booleens,
    Grandeur,
    Memoire,
    Reels,
    Tableau,
    codes_petits,
    grandeur,
    intervalles,
    largeur,
    parts,
    retrouvees,
)
from dashboard.domain.secret import LIBRE, SECONDAIRE

_RAPPORTS = ("numerateur", "denominateur", "n_unites")


def grandeurs(
    cellules: pd.DataFrame, fournies: pd.DataFrame, tableau: Tableau, methode: Methode, min_unites: int
) -> list[Grandeur]:
    """What can be added up and is hidden: the value of a count, both terms of a ratio, the number of units.

    ``cellules``: true figures and confidentialite, in the order of the table; ``fournies``: those of the communes.
    The numerator of a share is bounded by its denominator, which another indicator may well publish.
    """
    noms = (("valeur",) if methode is Methode.SOMME else ()) + _RAPPORTS
    vrais = {n: cellules[n].to_numpy(dtype=np.float64) for n in noms if cellules[n].notna().any()}
    atomes = {n: parts(tableau, v, fournies.get(n)) for n, v in vrais.items()}
    codes = codes_petits(cellules["confidentialite"].to_numpy(dtype=object), min_unites)
    toutes = []
    for nom, vrai in vrais.items():
        plafond = np.full(len(atomes[nom]), np.inf)
        if nom == "numerateur" and "denominateur" in atomes and (atomes[nom] <= atomes["denominateur"]).all():
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
    """The mask completed until nothing hidden is within reach: ends at the latest when everything is hidden."""
    masque = masque.copy()
    tailles = np.diff(tableau.dans.indptr)
    memoires: list[Memoire] = [{} for _ in toutes]
    while not (constat := audite(tableau, masque, toutes, memoires)).tient:
        avant, visees = masque.copy(), set[int]()
        for cellule, rang in constat.trouvees:
            somme, choix = _choisit(tableau, avant, tailles, toutes[rang], cellule)
            if somme not in visees and choix is not None:
                visees.add(somme)
                masque[choix] = True
        if (masque == avant).all():
            break
    return masque


def _choisit(
    tableau: Tableau, masque: Booleens, tailles: npt.NDArray[np.int32], g: Grandeur, cellule: int
) -> tuple[int, int | None]:
    """The sum that gives a cell away, and the cell to hide with it: inside it when it hides too little, else beside.

    Among the cells this sum is directly made of: the finest, then the lightest that is heavy enough to blur.
    """
    soi = np.zeros(tableau.dans.shape[1])
    soi[tableau.dans.indices[tableau.dans.indptr[cellule] : tableau.dans.indptr[cellule + 1]]] = 1.0
    communs = tableau.dans @ soi
    jumelles = np.flatnonzero(~masque & (communs == tailles) & (tailles == tailles[cellule]))
    if len(jumelles):
        return int(jumelles[0]), int(jumelles[0])
    besoin = MARGE * abs(float(g.vrai[cellule]))
    dedans = ~masque & (communs == tailles) & (tailles < tailles[cellule])
    montre_dedans = float(np.abs(tableau.dans[dedans & (tailles == 1)] @ np.abs(g.parts)).sum())
    if dedans.any() and abs(float(g.vrai[cellule])) - montre_dedans <= besoin:
        return cellule, _le_moins_cher(tableau, dedans, tailles, g, besoin)
    autour = np.flatnonzero(~masque & (communs > 0) & (tailles > communs))
    if not len(autour):
        return cellule, _le_moins_cher(tableau, dedans, tailles, g, besoin)
    complets = autour[communs[autour] == tailles[cellule]]
    choisies = complets if len(complets) else autour
    somme = int(choisies[np.argmin(tailles[choisies])])
    contenu = np.zeros_like(soi)
    contenu[tableau.dans.indices[tableau.dans.indptr[somme] : tableau.dans.indptr[somme + 1]]] = 1.0
    dans_somme = ~masque & (tableau.dans @ contenu == tailles) & (tailles < tailles[somme]) & (communs == 0)
    trouve = _le_moins_cher(tableau, dans_somme, tailles, g, besoin)
    return somme, somme if trouve is None else trouve


def _le_moins_cher(
    tableau: Tableau, candidates: Booleens, tailles: npt.NDArray[np.int32], g: Grandeur, besoin: float
) -> int | None:
    """None when no candidate holds anything that would blur. Those inside another candidate are not told apart."""
    rangs = np.flatnonzero(candidates)
    dans = tableau.dans[rangs]
    commun = (dans @ dans.T).tocoo()
    petite, grande = tailles[rangs][commun.row], tailles[rangs][commun.col]
    inclus = np.unique(commun.row[(commun.data == petite) & (grande > petite)])
    directes = np.delete(rangs, inclus)
    utiles = directes[np.abs(g.vrai[directes]) > 0]
    if not len(utiles):
        return None
    poids = np.abs(g.vrai[utiles])
    assez = poids > besoin
    ordre = np.lexsort((utiles, np.where(assez, poids, -poids), ~assez, tailles[utiles]))
    return int(utiles[ordre[0]])


def complete(masque: Booleens, avant: Booleens, confidentialite: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Secrecy codes once the mask is completed: what was added is secondary."""
    return np.where(masque & ~avant, SECONDAIRE, np.where(masque, confidentialite, LIBRE))
