"""What an attacker deduces of a hidden value: the narrowest interval that everything published leaves to it.

The cells of one indicator and one period are sums of *atoms*, the finest parts that published levels cut out. A shown
cell is an equation; what the secrecy code itself tells is a bound. Bounds by linear programming, block by block:
blocks are the atoms that equations tie together, once what nested sums already tell has been taken out of larger ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog

from dashboard.domain.programme_lineaire import MARGE, Ligne, Modele, Reels
from dashboard.domain.secret import PETIT_EFFECTIF

_NIVEAUX = ["epci", "departement", "region"]
_PRES = 1e-9
Booleens = npt.NDArray[np.bool_]
Memoire = dict[tuple[Any, ...], tuple[float, float]]
"""Bounds already computed, by block and by what was wanted: a block that no hidden cell joined is not solved again."""


@dataclass(frozen=True)
class Tableau:
    """``codes``: the cells. ``dans``: cells x atoms, 1 where the atom is part of the cell. ``atomes``: atom of each
    commune that counts (a commune that is no cell of its own shares its atom with its like)."""

    codes: npt.NDArray[np.object_]
    dans: sparse.csr_array
    atomes: pd.Series


@dataclass(frozen=True)
class Grandeur:
    """One additive quantity. ``parts``: its true value by atom; ``vrai``: by cell, NaN where it is not told.

    ``bas``, ``haut``: what is known of an atom before anything is published; ``codes``: (low, high) of the cells
    whose secrecy code tells a number of units.
    """

    nom: str
    parts: Reels
    vrai: Reels
    bas: Reels
    haut: Reels
    codes: Mapping[int, tuple[float, float]] = field(default_factory=dict)


def compose(codes: Sequence[str], parentes: pd.DataFrame) -> Tableau:
    """The cells ``codes`` over the communes of ``parentes`` (enfant, parent, maille_enfant, maille_parent)."""
    rang = pd.Index(list(codes))
    communes = parentes[parentes["maille_enfant"] == "commune"]
    places = communes.pivot(index="enfant", columns="maille_parent", values="parent").reindex(columns=_NIVEAUX)
    places["soi"] = places.index
    rangs = places.apply(rang.get_indexer)
    rangs = rangs.loc[(rangs >= 0).any(axis=1)]
    atomes = rangs.groupby(list(rangs.columns)).ngroup()
    uniques = rangs.assign(atome=atomes).drop_duplicates("atome").set_index("atome")
    longues = uniques.melt(ignore_index=False).query("value >= 0")
    lignes, colonnes = longues["value"].to_numpy(), longues.index.to_numpy()
    forme = (len(rang), int(atomes.max()) + 1 if len(atomes) else 0)
    dans = sparse.csr_array((np.ones(len(lignes)), (lignes, colonnes)), shape=forme)
    return Tableau(rang.to_numpy(dtype=object), dans, atomes)


def parts(tableau: Tableau, vrai: Reels, fournies: pd.Series | None = None) -> Reels:
    """Value of each atom: the sum of what its communes gave, else what explains the cells with the least gap."""
    if fournies is not None and len(fournies) and fournies.reindex(tableau.atomes.index).notna().all():
        donnees = fournies.reindex(tableau.atomes.index).groupby(tableau.atomes).sum()
        return np.asarray(donnees.sort_index(), dtype=np.float64)
    connues = np.flatnonzero(~np.isnan(vrai))
    dans, n = tableau.dans[connues], tableau.dans.shape[1]
    if not len(connues) or not n:
        return np.zeros(n)
    unites = sparse.eye_array(len(connues))
    cout = np.concatenate([np.zeros(n), np.ones(2 * len(connues))])
    libre = None if (vrai[connues] < 0).any() else 0
    bornes = [(libre, None)] * n + [(0, None)] * (2 * len(connues))
    egalites = sparse.hstack([dans, unites, -unites]).tocsr()
    trouve = linprog(cout, A_eq=egalites, b_eq=vrai[connues], bounds=bornes, method="highs").x
    return np.asarray(trouve[:n], dtype=np.float64)


def grandeur(
    tableau: Tableau, nom: str, vrai: Reels, valeurs: Reels, codes: Mapping[int, tuple[float, float]], plafond: Reels
) -> Grandeur:
    """``valeurs``: by atom. ``plafond``: what no atom exceeds. A bound that the truth breaks is not one."""
    positive = not ((valeurs < 0).any() or (vrai < 0).any())
    bas = np.where(positive, 0.0, -np.inf) * np.ones(len(valeurs))
    sommes = np.where(np.isnan(vrai), np.nan, tableau.dans @ valeurs)
    justes = {c: (min(a, s), max(b, s)) for c, (a, b) in codes.items() if not np.isnan(s := float(sommes[c]))}
    return Grandeur(nom, valeurs, sommes, np.minimum(bas, valeurs), np.maximum(plafond, valeurs), justes)


def intervalles(tableau: Tableau, masque: Booleens, g: Grandeur, memoire: Memoire | None = None) -> tuple[Reels, Reels]:
    """Lowest and highest value of each hidden cell; NaN for a shown one. ``memoire``: of other masks of ``g``."""
    systeme = _Systeme(tableau, masque, g, {} if memoire is None else memoire)
    mini, maxi = np.full(len(masque), np.nan), np.full(len(masque), np.nan)
    for cellule in np.flatnonzero(masque):
        mini[cellule], maxi[cellule] = systeme.bornes(_ligne(tableau.dans, cellule))
    if (g.parts == np.round(g.parts)).all():
        mini, maxi = np.ceil(mini - 1e-6), np.floor(maxi + 1e-6)
    return mini, maxi


def retrouvees(tableau: Tableau, masque: Booleens, g: Grandeur, mini: Reels, maxi: Reels) -> Booleens:
    """Hidden cells whose interval lies within ``MARGE`` of the truth, and that the code alone did not tell so well."""
    avant_bas, avant_haut = d_office(tableau, g)
    trouvees: Booleens = masque & dedans(g.vrai, mini, maxi) & ~dedans(g.vrai, avant_bas, avant_haut)
    return trouvees


def d_office(tableau: Tableau, g: Grandeur) -> tuple[Reels, Reels]:
    """Bounds of each cell before anything is published: signs, ceilings, and what the secrecy codes say."""
    bas, haut = tableau.dans @ _fini(g.bas, -1e300), tableau.dans @ _fini(g.haut, 1e300)
    for cellule, (moins, plus) in g.codes.items():
        bas[cellule], haut[cellule] = max(bas[cellule], moins), min(haut[cellule], plus)
    return bas, haut


def dedans(vrai: Reels, mini: Reels, maxi: Reels) -> Booleens:
    """Is the interval within ``MARGE`` of the truth? Never where the truth is not known."""
    ecart = MARGE * np.abs(vrai) + _PRES * np.maximum(1, np.abs(vrai))
    oui: Booleens = (mini >= vrai - ecart) & (maxi <= vrai + ecart)
    return oui


def largeur(vrai: Reels, mini: Reels, maxi: Reels) -> Reels:
    """How far the interval goes from the truth at most, as a share of it; infinite for an open one."""
    loin = np.maximum(maxi - vrai, vrai - mini)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(vrai == 0, np.where(loin > 0, np.inf, 0.0), loin / np.abs(vrai))


def _fini(bornes: Reels, infini: float) -> Reels:
    return np.where(np.isinf(bornes), infini, bornes)


def _ligne(dans: sparse.csr_array, rang: Any) -> npt.NDArray[np.intp]:
    colonnes: npt.NDArray[np.intp] = dans.indices[dans.indptr[rang] : dans.indptr[rang + 1]]
    return colonnes


class _Systeme:
    """What is published, as equations over the atoms that it does not tell one by one."""

    def __init__(self, tableau: Tableau, masque: Booleens, g: Grandeur, memoire: Memoire | None) -> None:
        self.presse, self.parts = memoire is not None, g.parts
        self.memoire: Memoire = {} if memoire is None else memoire
        self.bas, self.haut = g.bas.copy(), g.haut.copy()
        tailles = np.diff(tableau.dans.indptr)
        self.connus = np.zeros(len(self.parts), dtype=bool)
        for cellule in np.flatnonzero((tailles == 1) & ~masque):
            self.connus[_ligne(tableau.dans, cellule)] = True
        ensembles = {self._libres(tableau, c) for c in np.flatnonzero(~masque)} - {frozenset()}
        self.lignes = [(e, t, t) for e in sans_redites(ensembles) for t in [self._somme(e)]]
        for codee, (bas, haut) in g.codes.items():
            self._code(self._libres(tableau, codee), tableau, codee, bas, haut)
        self._blocs()

    def _libres(self, tableau: Tableau, cellule: Any) -> frozenset[int]:
        atomes = _ligne(tableau.dans, cellule)
        return frozenset(atomes[~self.connus[atomes]].tolist())

    def _somme(self, ensemble: frozenset[int]) -> float:
        return float(self.parts[list(ensemble)].sum())

    def _code(self, libres: frozenset[int], tableau: Tableau, cellule: int, bas: float, haut: float) -> None:
        """What a secrecy code tells: a bound of one atom, or a sum between two bounds."""
        atomes = _ligne(tableau.dans, cellule)
        deja = float(self.parts[atomes[self.connus[atomes]]].sum())
        if len(libres) == 1:
            (seul,) = libres
            self.bas[seul], self.haut[seul] = max(self.bas[seul], bas - deja), min(self.haut[seul], haut - deja)
        elif libres:
            self.lignes.append((libres, bas - deja, haut - deja))

    def _blocs(self) -> None:
        """Atoms that lines tie together: the number of the block of each atom, and the lines of each block."""
        n = len(self.parts)
        paires = [(r, a) for r, (ensemble, _, _) in enumerate(self.lignes) for a in ensemble]
        rangs, atomes = np.array(paires, dtype=np.intp).reshape(-1, 2).T
        graphe = sparse.coo_array((np.ones(len(rangs)), (rangs + n, atomes)), shape=(n + len(self.lignes),) * 2)
        self.bloc = sparse.csgraph.connected_components(graphe, directed=False)[1]
        self.par_bloc: dict[int, list[Ligne]] = {}
        for rang, ligne in enumerate(self.lignes):
            self.par_bloc.setdefault(int(self.bloc[n + rang]), []).append(ligne)
        self.modeles: dict[int, Modele] = {}
        self.noms: dict[int, tuple[Any, ...]] = {}

    def bornes(self, atomes: npt.NDArray[np.intp]) -> tuple[float, float]:
        """Lowest and highest sum of these atoms: blocks are independent, so their bounds add up."""
        libres = atomes[~self.connus[atomes]]
        mini = maxi = float(self.parts[atomes[self.connus[atomes]]].sum())
        blocs = self.bloc[libres]
        for bloc in np.unique(blocs).tolist():
            bas, haut = self._dans_un_bloc(bloc, frozenset(libres[blocs == bloc].tolist()))
            mini, maxi = mini + bas, maxi + haut
        return mini, maxi

    def _dans_un_bloc(self, bloc: int, voulus: frozenset[int]) -> tuple[float, float]:
        lignes = self.par_bloc.get(bloc, [])
        if any(e == voulus and bas == haut for e, bas, haut in lignes):
            return (self._somme(voulus),) * 2
        if len(lignes) <= 1:
            return self._direct(lignes, voulus)
        cle = (*self._nom(bloc), voulus)
        if cle not in self.memoire:
            if bloc not in self.modeles:
                self.modeles[bloc] = Modele(lignes, self.bas, self.haut, self.parts)
            self.memoire[cle] = self.modeles[bloc].bornes(voulus, presse=self.presse)
        return self.memoire[cle]

    def _nom(self, bloc: int) -> tuple[Any, ...]:
        """All that the bounds of a block depend on."""
        if bloc not in self.noms:
            lignes = frozenset(self.par_bloc[bloc])
            atomes = sorted(frozenset().union(*(e for e, _, _ in lignes)))
            self.noms[bloc] = (lignes, self.bas[atomes].tobytes(), self.haut[atomes].tobytes())
        return self.noms[bloc]

    def _direct(self, lignes: Sequence[Ligne], voulus: frozenset[int]) -> tuple[float, float]:
        """One sum at most: what is wanted is what is left once the others are at their ends."""
        eux = list(voulus)
        bas, haut = float(self.bas[eux].sum()), float(self.haut[eux].sum())
        for ensemble, moins, plus in lignes:
            autres = list(ensemble - voulus)
            bas = max(bas, moins - float(self.haut[autres].sum()))
            haut = min(haut, plus - float(self.bas[autres].sum()))
        return bas, haut


def sans_redites(ensembles: set[frozenset[int]]) -> Iterator[frozenset[int]]:
    """The same equations, each without what smaller ones inside it already tell: a département minus its EPCI."""
    tries = sorted(ensembles, key=lambda e: (len(e), min(e)))
    for rang, ensemble in enumerate(tries):
        reste = ensemble
        for plus_petit in reversed(tries[:rang]):
            if plus_petit <= reste:
                reste -= plus_petit
        if reste:
            yield reste


def codes_petits(confidentialite: npt.NDArray[np.object_], min_unites: int) -> dict[int, tuple[float, float]]:
    """What the code « small counts » tells of the number of units: from 1 to the threshold, itself excluded."""
    if min_unites < 2:
        return {}
    return {int(c): (1.0, float(min_unites - 1)) for c in np.flatnonzero(confidentialite == PETIT_EFFECTIF)}
