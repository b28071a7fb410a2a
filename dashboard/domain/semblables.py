"""Territories that look like one: same level, near density and population, widened by steps until there are enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.domain.comparaison import CLASSES_DENSITE, TRANCHES_POPULATION, classe_densite, tranche_population
from dashboard.domain.formatage import compte
from dashboard.domain.territoire import Maille

MINIMUM = 5
SOURCE_CLASSES = (
    "Densité moyenne (population / superficie), en classes dont les seuils 25, 300 et 1 500 hab./km² sont ceux de la "
    "grille de densité de l'Insee ; ce n'est pas cette grille, qui se calcule sur des carreaux de 1 km²."
)


@dataclass(frozen=True)
class Semblables:
    """``codes``: nearest first. ``methode``: one sentence that says how they were taken. ``elargi``: steps taken."""

    codes: tuple[str, ...]
    methode: str
    elargi: int = 0


def semblables(
    territoires: pd.DataFrame,
    code: str,
    maille: Maille,
    minimum: int = MINIMUM,
    bornes: tuple[Sequence[float], Sequence[float]] = (TRANCHES_POPULATION, CLASSES_DENSITE),
) -> Semblables:
    """Territories of the same maille, density class and population band; wider by steps under ``minimum``.

    ``territoires``: code, population (hab.), superficie_km2 (km²), all of one maille. A step widens the population by
    one band on each side, then the density by one class, in turn. Never itself. Empty, with the reason, when the
    territory lacks population or area, or when nothing else of its level exists.
    """
    t = territoires[["code", "population", "superficie_km2"]].reset_index(drop=True)
    t["densite"] = t["population"].astype("float64") / t["superficie_km2"].astype("float64").where(lambda s: s > 0)
    t = t.dropna(subset=["population", "densite"])
    lui = (t["code"] == code).to_numpy()
    if not lui.any():
        return Semblables((), "Population ou superficie inconnue : aucun territoire semblable ne peut être cherché.")
    bandes = np.searchsorted(bornes[0], t["population"].to_numpy(dtype=np.float64), side="right")
    classes = np.searchsorted(bornes[1], t["densite"].to_numpy(dtype=np.float64), side="right")
    ecart_bande, ecart_classe = np.abs(bandes - bandes[lui][0]), np.abs(classes - classes[lui][0])
    soi = t[lui].iloc[0]
    for pas in range(2 * max(len(b) for b in bornes) + 2):
        large, dense = (pas + 1) // 2, pas // 2
        pris = (ecart_bande <= large) & (ecart_classe <= dense) & ~lui
        if pris.sum() >= minimum or pris.sum() == len(t) - 1:
            break
    proches = t[pris].assign(ecart=_distance(t[pris], soi)).sort_values(["ecart", "code"])
    codes = tuple(str(c) for c in proches["code"])
    return Semblables(codes, _methode(codes, maille, soi, large, dense), pas)


def _distance(autres: pd.DataFrame, soi: pd.Series) -> pd.Series:
    """How far, population and density both counted in times: twice as large is as far as half as large."""
    parts = [np.log(autres[c].astype("float64").clip(lower=1e-9) / max(float(soi[c]), 1e-9)) for c in
             ("population", "densite")]  # fmt: skip
    return pd.Series(parts[0] ** 2 + parts[1] ** 2)


def _methode(codes: Sequence[str], maille: Maille, soi: pd.Series, large: int, dense: int) -> str:
    if not codes:
        return f"Aucun autre territoire de ce niveau ({maille.pluriel}) dans la région."
    bande, classe = tranche_population(float(soi["population"])), classe_densite(float(soi["densite"]))
    population = f"même tranche de population ({bande})"
    if large:
        population = f"population de la même tranche ({bande}) ou à {compte(large, 'tranche', 'tranches')} près"
    densite = f"même classe de densité ({classe})"
    if dense:
        densite = f"densité de la même classe ({classe}) ou à {compte(dense, 'classe', 'classes')} près"
    elargi = " Critères élargis : il y en avait moins de 5." if large or dense else ""
    singulier = maille.libelle if maille is Maille.EPCI else maille.libelle.lower()
    return f"{compte(len(codes), singulier, maille.pluriel)} : {population}, {densite}.{elargi}"
