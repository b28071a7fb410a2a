"""What differs between two states, row by row and by cause: exact, and the mirror of itself the other way round.

A state is a set of frames. Figures are compared as they are, never within a tolerance; a missing figure equals a
missing figure, a hidden one is a state of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Entiers = npt.NDArray[np.int64]
Booleens = npt.NDArray[np.bool_]
AJOUT, RETRAIT, MODIFICATION = "ajout", "retrait", "modification"
AVANT, APRES = "_avant", "_apres"
SECRET = "Q"
_MAX = 2**62


class EtatInvalide(ValueError):
    """A state that cannot be compared; the message names the table and what is wrong with it."""


class Cause(StrEnum):
    """Why a row differs, what people must read first first."""

    STATUT = "statut"
    NOUVELLE = "nouvelle"
    REVISION = "revision"
    RETIREE = "retiree"
    CIBLE = "cible"
    DEFINITION = "definition"
    PERIMETRE = "perimetre"
    APPORT = "apport"
    JUGEMENT = "jugement"

    @property
    def libelle(self) -> str:
        """Words shown to people."""
        return _LIBELLES[self]

    @property
    def miroir(self) -> Cause:
        """The cause of the same row when the two states are exchanged."""
        return {Cause.NOUVELLE: Cause.RETIREE, Cause.RETIREE: Cause.NOUVELLE}.get(self, self)


_LIBELLES = {
    Cause.STATUT: "Statut changé",
    Cause.NOUVELLE: "Nouvelle valeur",
    Cause.REVISION: "Révision",
    Cause.RETIREE: "Valeur retirée",
    Cause.CIBLE: "Cible changée",
    Cause.DEFINITION: "Méthode changée",
    Cause.PERIMETRE: "Périmètre changé",
    Cause.APPORT: "Synthèse ou décision",
    Cause.JUGEMENT: "Avancement recalculé",
}


@dataclass(frozen=True)
class Table:
    """What identifies a row of a table, and the cause that a difference of it has."""

    cle: tuple[str, ...]
    cause: Cause


OBSERVATIONS = ("maille", "fin", "frequence", "territoire", "debut")
"""What identifies an observation of one indicator, in the order in which a package keeps them."""
TABLES: Mapping[str, Table] = {
    "etats": Table(("programme", "territoire"), Cause.JUGEMENT),
    "resultats": Table(("programme", "indicateur", "territoire"), Cause.JUGEMENT),
    "objectifs": Table(("indicateur", "territoire", "auteur", "echeance"), Cause.CIBLE),
    "indicateurs": Table(("id",), Cause.DEFINITION),
    "politiques": Table(("id",), Cause.DEFINITION),
    "programmes": Table(("id",), Cause.DEFINITION),
    "territoires": Table(("code",), Cause.PERIMETRE),
    "appartenances": Table(("enfant", "parent"), Cause.PERIMETRE),
    "passages": Table(("millesime_de", "code_de", "code_vers"), Cause.PERIMETRE),
    "apports": Table(("fil",), Cause.APPORT),
}
JUGEES = ("etats", "resultats")
"""Tables of judgements: a statut that differs is told apart from a figure that does."""


def compare(avant: pd.DataFrame, apres: pd.DataFrame, cle: Sequence[str], nom: str) -> pd.DataFrame:
    """The rows that differ, in the order of ``cle``: nature, champs, the key, each field ``_avant`` and ``_apres``.

    ``champs`` names the fields that differ, with commas. Only the fields of both are compared. Raises
    :class:`EtatInvalide` when a column of the key is absent or a key stands twice.
    """
    for cadre in (avant, apres):
        if absentes := [c for c in cle if c not in cadre.columns]:
            raise EtatInvalide(f"Table « {nom} » : colonne « {absentes[0]} » absente.")
    champs = [c for c in apres.columns if c in avant.columns and c not in cle]
    a, b = _cles(avant, apres, cle)
    for rangs in (a, b):
        if not (_croissant(rangs) or pd.Index(rangs).is_unique):
            raise EtatInvalide(f"Table « {nom} » : une même clé ({', '.join(cle)}) y figure deux fois.")
    ia, ib, ja, jb = _apparie(a, b)
    change, textes = _champs_changes(avant, apres, champs, ia, ib)
    return _assemble(avant, apres, cle, champs, (ja, jb, ia[change], ib[change]), textes, (a, b))


def _apparie(a: Entiers, b: Entiers) -> tuple[Entiers, Entiers, Entiers, Entiers]:
    """Positions of the common keys in each, then of those of the first only, of the second only."""
    if len(a) == len(b) and bool((a == b).all()):
        tous, aucun = np.arange(len(a)), np.empty(0, np.int64)
        return tous, tous, aucun, aucun
    if _croissant(a) and _croissant(b) and len(b):
        dans_b = np.minimum(np.searchsorted(b, a), len(b) - 1)
        communs = b[dans_b] == a
    else:
        dans_b = pd.Index(b).get_indexer(pd.Index(a))
        communs = dans_b >= 0
    vus = np.zeros(len(b), bool)
    vus[dans_b[communs]] = True
    return np.flatnonzero(communs), dans_b[communs], np.flatnonzero(~communs), np.flatnonzero(~vus)


def _croissant(rangs: Entiers) -> bool:
    """Already in the order of the keys, each once, as a package keeps them?"""
    return bool((rangs[1:] > rangs[:-1]).all())


def _cles(avant: pd.DataFrame, apres: pd.DataFrame, cle: Sequence[str]) -> tuple[Entiers, Entiers]:
    """One integer a row, the same for the same key on either side, in the order of the keys."""
    total_a, total_b, ampleur = np.zeros(len(avant), np.int64), np.zeros(len(apres), np.int64), 1
    for colonne in cle:
        a, b = _rangs(avant[colonne], apres[colonne])
        bas = min((int(x.min()) for x in (a, b) if len(x)), default=0)
        taille = max((int(x.max()) for x in (a, b) if len(x)), default=0) - bas + 1
        if ampleur * taille > _MAX:
            tous = pd.factorize(np.r_[total_a, total_b], sort=True)[0].astype(np.int64)
            total_a, total_b, ampleur = tous[: len(a)], tous[len(a) :], len(tous) + 1
        total_a, total_b = total_a * taille + (a - bas), total_b * taille + (b - bas)
        ampleur *= taille
    return total_a, total_b


def _rangs(a: pd.Series, b: pd.Series) -> tuple[Entiers, Entiers]:
    """Ranks common to both columns; missing is -1 (a date ranks as its day)."""
    if _memes_categories(a, b):
        rang = np.append(np.argsort(np.argsort(np.asarray(a.cat.categories, dtype=object))), -1).astype(np.int64)
        return rang[a.cat.codes.to_numpy()], rang[b.cat.codes.to_numpy()]
    if a.dtype.kind == "M" and a.dtype == b.dtype:
        jours = [x.to_numpy().astype("datetime64[D]").astype(np.int64) for x in (a, b)]
        return jours[0], jours[1]
    deux = np.r_[a.astype(object).to_numpy(), b.astype(object).to_numpy()]
    rangs = pd.factorize(pd.Series(deux, dtype=object), sort=True)[0].astype(np.int64)
    return rangs[: len(a)], rangs[len(a) :]


def _memes_categories(a: pd.Series, b: pd.Series) -> bool:
    deux = isinstance(a.dtype, pd.CategoricalDtype) and isinstance(b.dtype, pd.CategoricalDtype)
    return deux and bool(a.cat.categories.equals(b.cat.categories))


def _champs_changes(
    avant: pd.DataFrame, apres: pd.DataFrame, champs: Sequence[str], ia: Entiers, ib: Entiers
) -> tuple[Booleens, list[str]]:
    """Which of the paired rows differ, and the names of the fields that do."""
    masque = np.zeros(len(ia), np.int64)
    tous = len(ia) == len(avant) == len(apres) and bool((ia == ib).all())
    for rang, champ in enumerate(champs):
        a, b = _comparables(avant[champ], apres[champ])
        a, b = (a, b) if tous else (a[ia], b[ib])
        masque |= ((a != b) & ~((a != a) & (b != b))).astype(np.int64) << rang
    change = masque != 0
    uniques, ou = np.unique(masque[change], return_inverse=True)
    noms = [",".join(c for r, c in enumerate(champs) if u >> r & 1) for u in uniques.tolist()]
    return change, [noms[i] for i in ou.tolist()]


def _comparables(a: pd.Series, b: pd.Series) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Both columns as figures that are equal when what they hold is; NaN stands for a missing figure."""
    if a.dtype.kind in "fiub" and b.dtype.kind in "fiub":
        return a.to_numpy(), b.to_numpy()
    if _memes_categories(a, b):
        return a.cat.codes.to_numpy(), b.cat.codes.to_numpy()
    return _rangs(a, b)


def _assemble(
    avant: pd.DataFrame, apres: pd.DataFrame, cle: Sequence[str], champs: Sequence[str],
    positions: tuple[Entiers, Entiers, Entiers, Entiers], textes: Sequence[str], rangs: tuple[Entiers, Entiers],
) -> pd.DataFrame:  # fmt: skip
    retraits, ajouts, ia, ib = positions
    n_retraits, n_ajouts = len(retraits), len(ajouts)
    pa = np.r_[retraits, np.full(n_ajouts, -1), ia].astype(np.int64)
    pb = np.r_[np.full(n_retraits, -1), ajouts, ib].astype(np.int64)
    ordre = np.argsort(np.r_[rangs[0][retraits], rangs[1][ajouts], rangs[0][ia]], kind="stable")
    pa, pb = pa[ordre], pb[ordre]
    natures = np.repeat(np.array([RETRAIT, AJOUT, MODIFICATION], object), [n_retraits, n_ajouts, len(ia)])
    vides = [""] * (n_retraits + n_ajouts)
    colonnes: dict[str, Any] = {"nature": natures[ordre], "champs": np.array([*vides, *textes], object)[ordre]}
    for c in cle:
        x, y = _prends(avant[c], pa), _prends(apres[c], pb)
        colonnes[c] = x.where(pa >= 0, y)
    for c in champs:
        colonnes[c + AVANT], colonnes[c + APRES] = _prends(avant[c], pa), _prends(apres[c], pb)
    return pd.DataFrame(colonnes)


def _prends(colonne: pd.Series, positions: Entiers) -> pd.Series:
    """Values at some positions, missing at -1; texts as objects, so that both sides join."""
    pris = pd.api.extensions.take(colonne.array, positions, allow_fill=True)
    serie = pd.Series(pris)
    return serie if serie.dtype.kind in "fM" else serie.astype(object).where(serie.notna(), None)


def compare_observations(avant: pd.DataFrame, apres: pd.DataFrame, seuls: Collection[str]) -> pd.DataFrame:
    """The observations of one indicator that differ, with their ``cause``. ``seuls``: territories of one state only.

    A row that comes or goes with its territory comes from the perimeter. A figure that was missing is a new one.
    """
    ecarts = compare(avant, apres, OBSERVATIONS, "observations")
    vu_avant, vu_apres = _presente(ecarts, AVANT), _presente(ecarts, APRES)
    nature = ecarts["nature"].to_numpy()
    cause = np.full(len(ecarts), Cause.REVISION.value, object)
    cause[(nature == AJOUT) | (~vu_avant & vu_apres)] = Cause.NOUVELLE.value
    cause[(nature == RETRAIT) | (vu_avant & ~vu_apres)] = Cause.RETIREE.value
    cause[ecarts["territoire"].isin(seuls).to_numpy() & (nature != MODIFICATION)] = Cause.PERIMETRE.value
    ecarts.insert(0, "cause", cause)
    return ecarts


def _presente(ecarts: pd.DataFrame, cote: str) -> Booleens:
    """Is there a figure, shown or hidden, on that side?"""
    return np.asarray(ecarts["valeur" + cote].notna() | (ecarts["statut" + cote] == SECRET))


def compare_table(nom: str, avant: pd.DataFrame, apres: pd.DataFrame) -> pd.DataFrame:
    """The rows of one of :data:`TABLES` that differ, with their ``cause``."""
    table = TABLES[nom]
    if nom == "objectifs":
        avant, apres = _numerote(avant, table.cle), _numerote(apres, table.cle)
    cle = (*table.cle, "rang") if nom == "objectifs" else table.cle
    ecarts = compare(avant, apres, cle, nom)
    ecarts.insert(0, "cause", table.cause.value)
    if nom in JUGEES:
        change = ecarts["champs"].str.split(",").map(lambda champs: "statut" in champs)
        ecarts.loc[change.to_numpy(dtype=bool) | (ecarts["nature"] != MODIFICATION), "cause"] = Cause.STATUT.value
    return ecarts


def _numerote(cadre: pd.DataFrame, cle: Sequence[str]) -> pd.DataFrame:
    """With the rank of a row among those of the same key, told apart by all they hold: nothing forbids two targets."""
    if any(c not in cadre.columns for c in cle):
        return cadre.assign(rang=0)
    rangee = cadre.sort_values(list(cadre.columns), kind="stable", na_position="last")
    return rangee.assign(rang=rangee.groupby(list(cle), dropna=False).cumcount().astype("float64"))


def miroir(ecarts: pd.DataFrame) -> pd.DataFrame:
    """The same differences, seen from the other state."""
    inverse = {AJOUT: RETRAIT, RETRAIT: AJOUT}
    noms = {c: _autre_cote(c) for c in ecarts.columns}
    retourne = ecarts.rename(columns=noms)[list(ecarts.columns)]
    retourne["nature"] = [inverse.get(n, n) for n in ecarts["nature"]]
    if "cause" in ecarts:
        retourne["cause"] = [Cause(c).miroir.value for c in ecarts["cause"]]
    return retourne


def _autre_cote(colonne: str) -> str:
    for ici, la in ((AVANT, APRES), (APRES, AVANT)):
        if colonne.endswith(ici):
            return colonne.removesuffix(ici) + la
    return colonne


def champs_declares(avant: Mapping[str, Any], apres: Mapping[str, Any]) -> list[str]:
    """The fields of two declarations that differ, in alphabetical order; one that is absent differs from any value."""
    absent = object()
    return sorted(c for c in {*avant, *apres} if avant.get(c, absent) != apres.get(c, absent))
