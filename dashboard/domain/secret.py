"""Statistical secrecy: what is hidden (primary), and what must be hidden with it (secondary).

Confidentiality codes are those of SDMX (CL_CONF_STATUS): F free, A small counts, T dominance by one unit,
D secondary. A hidden value has the observation status Q and is never 0, never blank.
"""

import numpy as np
import pandas as pd

LIBRE, PETIT_EFFECTIF, DOMINANCE, SECONDAIRE = "F", "A", "T", "D"
_SEUIL = 1e-7


def masque(frame: pd.DataFrame, min_unites: int | None, dominance: float | None) -> pd.DataFrame:
    """Primary suppression: columns ``masque`` (bool) and ``confidentialite``, on the index of ``frame``.

    ``frame``: n_unites (statistical units behind the value) and part_max (share of the largest, 0..1).
    Hidden when 0 < n_unites < ``min_unites``, or part_max > ``dominance``. When a threshold is declared and
    the column is missing or NaN, the rule cannot be checked: the value is hidden. A None threshold: no rule.
    """
    n_unites, part_max = _colonne(frame, "n_unites"), _colonne(frame, "part_max")
    petit = pd.Series(False, index=frame.index)
    domine = pd.Series(False, index=frame.index)
    if min_unites is not None:
        petit = ~((n_unites == 0) | (n_unites >= min_unites))
    if dominance is not None:
        domine = ~((part_max <= dominance) | (n_unites == 0))
    code = np.select([petit, domine], [PETIT_EFFECTIF, DOMINANCE], default=LIBRE)
    return pd.DataFrame({"masque": petit | domine, "confidentialite": code}, index=frame.index)


def _colonne(frame: pd.DataFrame, nom: str) -> "pd.Series[float]":
    vide = pd.Series(np.nan, index=frame.index, dtype="float64")
    return frame[nom].astype("float64") if nom in frame else vide


def secret_secondaire(cellules: pd.DataFrame, liens: pd.DataFrame) -> pd.DataFrame:
    """Hide what would let a hidden cell be found again by any chain of subtractions.

    ``cellules``: code, poids (published value, NaN read as 0), masque; one row per territory of every level
    shown, for one indicator and one period. ``liens``: enfant, parent and, when a parent is the sum of its
    children in several ways (région by département, by EPCI), hierarchie. A link towards an absent cell
    is ignored. Returns ``cellules`` with masque completed and confidentialite (D where added).
    In every parent that is shown, at least two children are hidden as soon as one is. The cell added protects
    most sums at once, then is the smallest; zeros come last (a zero would give the other away), and a parent
    only when nothing else is left. For pairs of snapshots, pass as already hidden what an earlier one hid.
    """
    systeme = _Systeme(cellules, liens)
    avant = systeme.cache.copy()
    while systeme.protege_simples() or systeme.protege_combinaisons():
        pass
    ajoutees = systeme.cache & ~avant
    resultat = cellules.assign(masque=systeme.cache)
    primaires = np.where(avant, PETIT_EFFECTIF, LIBRE)
    codes = cellules.get("confidentialite", primaires)
    return resultat.assign(confidentialite=np.where(ajoutees, SECONDAIRE, codes))


def recuperables(cellules: pd.DataFrame, liens: pd.DataFrame) -> list[str]:
    """Codes of the hidden cells that subtraction gives back: empty when the secret holds."""
    systeme = _Systeme(cellules, liens)
    return [str(c) for c in cellules["code"].to_numpy()[systeme.recuperables()]]


class _Systeme:
    """The sums a reader can write: one row per (parent, hierarchy), +1 on children and -1 on the parent."""

    def __init__(self, cellules: pd.DataFrame, liens: pd.DataFrame) -> None:
        self.cache = cellules["masque"].to_numpy(dtype=bool).copy()
        self.poids = np.abs(cellules["poids"].fillna(0.0).to_numpy(dtype=float))
        rang = pd.Series(np.arange(len(cellules)), index=cellules["code"].to_numpy())
        self.lignes, self.colonnes, self.signes = _equations(liens, rang)
        self.n_lignes = int(self.lignes.max()) + 1 if len(self.lignes) else 0
        self.est_parent = np.zeros(len(cellules), dtype=bool)
        self.est_parent[self.colonnes[self.signes < 0]] = True

    def protege_simples(self) -> bool:
        """Hide one more cell in each sum that has exactly one hidden; tells whether it hid any."""
        caches = np.bincount(self.lignes, weights=self.cache[self.colonnes], minlength=self.n_lignes)
        candidates = (caches == 1)[self.lignes] & ~self.cache[self.colonnes]
        if not candidates.any():
            return False
        lignes, colonnes = self.lignes[candidates], self.colonnes[candidates]
        utilite = np.bincount(colonnes, minlength=len(self.cache))
        ordre = np.lexsort((*self._preference(colonnes, utilite), lignes))
        _, premiers = np.unique(lignes[ordre], return_index=True)
        self.cache[colonnes[ordre][premiers]] = True
        return True

    def _preference(self, colonnes: np.ndarray, utilite: np.ndarray) -> tuple[np.ndarray, ...]:
        """Sort keys, the last one first: children before parents, positive before zero, then what protects
        most sums at once, then the smallest."""
        poids = self.poids[colonnes]
        return colonnes, poids, -utilite[colonnes], poids == 0, self.est_parent[colonnes]

    def matrice(self) -> np.ndarray:
        """The sums as a dense matrix (sums x cells)."""
        matrice = np.zeros((self.n_lignes, len(self.cache)))
        np.add.at(matrice, (self.lignes, self.colonnes), self.signes)
        return matrice

    def recuperables(self) -> np.ndarray:
        """Ranks of the hidden cells that some combination of the sums isolates."""
        inconnues = np.flatnonzero(self.cache)
        matrice = self.matrice()[:, inconnues]
        matrice = matrice[matrice.any(axis=1)]
        if not matrice.size:
            return inconnues[:0]
        _, valeurs, droites = np.linalg.svd(matrice, full_matrices=False)
        ecriture = (droites[valeurs > _SEUIL] ** 2).sum(axis=0)
        isolees: np.ndarray = inconnues[ecriture > 1 - _SEUIL]
        return isolees

    def protege_combinaisons(self) -> bool:
        """Hide one more cell in each combination of sums that isolates a hidden one; tells if it hid any."""
        trouvees = self.recuperables()
        if not len(trouvees):
            return False
        avant = self.cache.copy()
        for participe in self._combinaisons(trouvees):
            colonnes = np.flatnonzero(participe & ~avant)
            if len(colonnes) and not self.cache[colonnes].any():
                utilite = np.zeros(len(avant))
                self.cache[colonnes[np.lexsort(self._preference(colonnes, utilite))[0]]] = True
        return bool((self.cache != avant).any())

    def _combinaisons(self, trouvees: np.ndarray) -> np.ndarray:
        """Which cells (columns) take part in the combination of sums that isolates each of these (rows)."""
        matrice = self.matrice()
        inconnues = np.flatnonzero(self.cache)
        voulus = (inconnues[:, None] == trouvees[None, :]).astype(float)
        poids = np.linalg.lstsq(matrice[:, inconnues].T, voulus, rcond=None)[0]
        participe: np.ndarray = np.abs(poids.T @ matrice) > _SEUIL
        return participe


def _equations(liens: pd.DataFrame, rang: "pd.Series[int]") -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sparse form of the sums: row, column and sign of each term. Links to absent cells are dropped."""
    hierarchie = liens["hierarchie"] if "hierarchie" in liens else pd.Series("", index=liens.index)
    table = pd.DataFrame({"enfant": liens["enfant"], "parent": liens["parent"], "h": hierarchie})
    table = table[table["enfant"].isin(rang.index) & table["parent"].isin(rang.index)]
    ligne = table.groupby(["parent", "h"]).ngroup().to_numpy()
    uniques, premiers = np.unique(ligne, return_index=True)
    enfants = rang.loc[table["enfant"]].to_numpy()
    parents = rang.loc[table["parent"].iloc[premiers]].to_numpy()
    signes = np.concatenate([np.ones(len(enfants)), -np.ones(len(parents))])
    return np.concatenate([ligne, uniques]), np.concatenate([enfants, parents]), signes
