"""Two packages put together, as whoever kept both can do: what the figures of one tell of what the other hides.

Nothing is read in the store: observations and memberships are those of the packages. The truth is not known here, so
an interval counts as found as soon as some truth inside it would be within the margin.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dashboard.bootstrap import Application
from dashboard.domain.audit_secret import Grandeur, Tableau, compose, d_office, intervalles
from dashboard.domain.formatage import compte
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.programme_lineaire import MARGE, Reels
from dashboard.domain.renfort_secret import grandeurs
from dashboard.exports.publication import InstantaneAbime

_CLE = ["territoire", "debut", "fin", "frequence"]
_CHIFFRES = ["valeur", "numerateur", "denominateur", "n_unites"]
_MAILLES = {"REG": "region", "DEP": "departement", "EPCI": "epci", "COM": "commune"}


@dataclass(frozen=True)
class Faute:
    """One period of an indicator. ``rendues``: hidden in A, given in B. ``serrees``: bounded too well by both."""

    indicateur: str
    fin: str
    rendues: int
    serrees: int


@dataclass(frozen=True)
class Croisement:
    """``cachees``: cells that at least one of the two hides. ``deja``: given in A, hidden in B."""

    cachees: int
    deja: int
    fautes: tuple[Faute, ...]

    def en_json(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self)

    def phrases(self) -> list[str]:
        """For a terminal."""
        dites = [
            f"{f.indicateur}, {f.fin} : {compte(f.rendues, 'valeur rendue', 'valeurs rendues')}, "
            f"{compte(f.serrees, 'valeur retrouvée', 'valeurs retrouvées')} à 10 % près"
            for f in self.fautes
        ]
        if self.deja:
            dites.append(f"{compte(self.deja, 'valeur donnée', 'valeurs données')} par A, puis cachée par B.")
        conclusion = "LE SECRET NE TIENT PAS" if self.fautes else "le secret tient"
        cachees = compte(self.cachees, "valeur cachée", "valeurs cachées")
        return [*dites, f"{cachees} dans l'un ou l'autre paquet : {conclusion}."]


def croise(app: Application, avant: Path, apres: Path) -> Croisement:
    """The two folders together, A the older one. Raises ``InstantaneAbime`` when one is not a package."""
    parentes = _parentes(apres)
    cachees = deja = 0
    fautes = list[Faute]()
    for declare in (i for i in app.espace.indicateurs if i.a_secret):
        a, b = _observations(avant, declare), _observations(apres, declare)
        ensemble = a.merge(b, on=_CLE, how="outer", suffixes=("_a", "_b"))
        for quand, partie in ensemble.groupby(["debut", "fin", "frequence"]):
            q_a, q_b = (partie[f"statut_{x}"].eq("Q").to_numpy() for x in "ab")
            if not (q_a | q_b).any():
                continue
            cachees += int((q_a | q_b).sum())
            deja += int((q_b & partie["statut_a"].notna().to_numpy() & ~q_a).sum())
            rendues = int((q_a & partie["statut_b"].notna().to_numpy() & ~q_b).sum())
            serrees = _serrees(declare, partie, parentes)
            if rendues or serrees:
                fautes.append(Faute(declare.id, str(quand[1]), rendues, serrees))
    return Croisement(cachees, deja, tuple(fautes))


def _serrees(declare: Indicateur, partie: pd.DataFrame, parentes: pd.DataFrame) -> int:
    """Cells that both hide and that all the sums of both bound too well."""
    cellules = pd.DataFrame({n: partie[f"{n}_b"].fillna(partie[f"{n}_a"]) for n in _CHIFFRES}, index=partie.index)
    cellules = cellules.assign(confidentialite=partie["confidentialite_b"].fillna(partie["confidentialite_a"]))
    masque = cellules[_CHIFFRES].isna().all(axis=1).to_numpy()
    codes = partie["territoire"].tolist()
    communes = [c for c in codes if c.startswith("COM-")]
    presentes = parentes[parentes["enfant"].isin(communes)] if communes else parentes
    tableau = compose(codes, presentes)
    toutes = grandeurs(cellules, cellules.iloc[:0], tableau, declare.agregation, declare.min_unites, vraies=False)
    serrees = np.zeros(len(masque), dtype=bool)
    for g in toutes:
        serrees |= _trop_serre(tableau, masque, g)
    return int(serrees.sum())


def _trop_serre(tableau: Tableau, masque: np.ndarray, g: Grandeur) -> np.ndarray:
    mini, maxi = intervalles(tableau, masque, g)
    libre = np.flatnonzero(masque & np.isfinite(mini) & np.isfinite(maxi))
    resultat = np.zeros(len(masque), dtype=bool)
    bas, haut = d_office(tableau, g)
    resultat[libre] = _etroit(mini[libre], maxi[libre]) & ~_etroit(bas[libre], haut[libre])
    return resultat


def _etroit(mini: Reels, maxi: Reels) -> np.ndarray:
    """Is there a truth in the interval that both ends are within the margin of?"""
    etroit: np.ndarray = (1 - MARGE) * maxi <= (1 + MARGE) * mini + 1e-9
    return etroit


def _observations(paquet: Path, declare: Indicateur) -> pd.DataFrame:
    colonnes = [*_CLE, *_CHIFFRES, "statut", "confidentialite"]
    chemin = paquet / "donnees" / "observations" / f"{declare.id}.csv"
    if not chemin.exists():
        return pd.DataFrame(columns=colonnes)
    return _lis(chemin)[colonnes].astype(dict.fromkeys(_CHIFFRES, "float64"))


def _lis(chemin: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(chemin, dtype={"territoire": "str", "enfant": "str", "parent": "str"}, keep_default_na=True)
    except (OSError, ValueError) as erreur:
        raise InstantaneAbime(
            f"« {chemin} » : table illisible ({erreur}). Donner deux dossiers d'instantanés entiers."
        ) from None


def _parentes(paquet: Path) -> pd.DataFrame:
    """Memberships of the package, région included, with the mailles of both ends."""
    liens = _lis(paquet / "donnees" / "appartenances.csv")[["enfant", "parent"]].drop_duplicates()
    regions = liens[liens["parent"].str.startswith("REG-")].set_index("enfant")["parent"]
    communes = liens[liens["enfant"].str.startswith("COM-") & liens["parent"].str.startswith("DEP-")]
    vers_region = communes.assign(parent=communes["parent"].map(regions)).dropna()
    tous = pd.concat([liens, vers_region], ignore_index=True).drop_duplicates()
    mailles = {c: tous[c].str.partition("-")[0].map(_MAILLES) for c in ("enfant", "parent")}
    return tous.assign(maille_enfant=mailles["enfant"], maille_parent=mailles["parent"])
