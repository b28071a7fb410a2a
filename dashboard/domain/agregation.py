"""Roll-ups from children to parents, vectorised; never a mean of rates, never a missing child as zero."""

from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np
import pandas as pd


class AgregationInterdite(ValueError):
    """An aggregate was asked of an indicator that declares it has none."""


class Methode(StrEnum):
    """How an indicator is rolled up, declared in its record."""

    SOMME = "somme"
    RATIO = "ratio"
    MOYENNE_PONDEREE = "moyenne_ponderee"
    MEDIANE = "mediane"
    AUCUNE = "aucune"


MESURES = ("valeur", "numerateur", "denominateur", "poids", "population", "n_unites", "part_max")
RESULTAT = [
    "valeur", "numerateur", "denominateur", "completude", "completude_population",
    "enfants_presents", "enfants_attendus", "n_unites", "part_max",
]  # fmt: skip


def agrege(
    parts: pd.DataFrame,
    groupe: Sequence[str],
    methode: Methode | str,
    facteur: float = 1.0,
    attendus: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row per group of ``parts`` (one row per child), columns ``groupe`` then ``RESULTAT``.

    ``parts``: ``groupe``, ``valeur`` and, when known, numerateur, denominateur, poids, population, n_unites,
    part_max (share of the largest unit, 0..1). NaN is a missing child, which never counts as zero.
    ``facteur`` scales a ratio: 100 for percents, valeur = facteur * sum(numerateur) / sum(denominateur).
    ``attendus``: some columns of ``groupe`` plus enfants_attendus and population_attendue, the children that
    should be there; without it the rows of ``parts`` are the expectation.
    completude and completude_population are shares 0..1, NaN when unknown; valeur is NaN when nothing can be
    computed. n_unites is NaN as soon as one counted child does not tell its own. A row of ``parts`` without
    group (NaN) is left out.
    Raises ``AgregationInterdite`` for the method « aucune ».
    """
    methode = Methode(methode)
    if methode is Methode.AUCUNE:
        raise AgregationInterdite(
            "Agrégation interdite : l'indicateur déclare « agregation: aucune ». "
            "Afficher les valeurs du producteur à la maille demandée."
        )
    table = parts.reindex(columns=[*groupe, *MESURES])
    table[list(MESURES)] = table[list(MESURES)].astype("float64")
    present = _presents(table, methode)
    table[list(MESURES)] = table[list(MESURES)].where(present)
    table["population_totale"] = parts["population"].astype("float64") if "population" in parts else np.nan
    table["present"] = present.astype("int64")
    resultat = _CALCULS[methode](table, list(groupe), facteur)
    return _avec_completude(resultat, table, list(groupe), attendus)[[*groupe, *RESULTAT]]


def _presents(table: pd.DataFrame, methode: Methode) -> "pd.Series[bool]":
    """A child counts only when everything its method needs is there."""
    besoins = {
        Methode.RATIO: ["numerateur", "denominateur"],
        Methode.MOYENNE_PONDEREE: ["valeur", "poids"],
    }
    return table[besoins.get(methode, ["valeur"])].notna().all(axis=1)


def _sommes(table: pd.DataFrame, groupe: list[str], **colonnes: "pd.Series[float]") -> pd.DataFrame:
    """Sums by group, NaN where a group has no value at all."""
    return table[groupe].assign(**colonnes).groupby(groupe, sort=True, observed=True).sum(min_count=1)


def _somme(table: pd.DataFrame, groupe: list[str], facteur: float) -> pd.DataFrame:
    colonnes = {c: table[c] for c in ("valeur", "numerateur", "denominateur")}
    return _sommes(table, groupe, **colonnes)


def _quotient(
    table: pd.DataFrame, groupe: list[str], haut: "pd.Series[float]", bas: "pd.Series[float]", facteur: float
) -> pd.DataFrame:
    sommes = _sommes(table, groupe, numerateur=haut, denominateur=bas)
    denominateur = sommes["denominateur"].where(sommes["denominateur"] != 0)
    return sommes.assign(valeur=facteur * sommes["numerateur"] / denominateur)


def _ratio(table: pd.DataFrame, groupe: list[str], facteur: float) -> pd.DataFrame:
    return _quotient(table, groupe, table["numerateur"], table["denominateur"], facteur)


def _moyenne_ponderee(table: pd.DataFrame, groupe: list[str], facteur: float) -> pd.DataFrame:
    return _quotient(table, groupe, table["valeur"] * table["poids"], table["poids"], 1.0)


def _mediane(table: pd.DataFrame, groupe: list[str], facteur: float) -> pd.DataFrame:
    medianes = table.groupby(groupe, sort=True, observed=True)["valeur"].median().to_frame()
    return medianes.assign(numerateur=np.nan, denominateur=np.nan)


_CALCULS: dict[Methode, Callable[[pd.DataFrame, list[str], float], pd.DataFrame]] = {
    Methode.SOMME: _somme,
    Methode.RATIO: _ratio,
    Methode.MOYENNE_PONDEREE: _moyenne_ponderee,
    Methode.MEDIANE: _mediane,
}


def _avec_completude(
    resultat: pd.DataFrame, table: pd.DataFrame, groupe: list[str], attendus: pd.DataFrame | None
) -> pd.DataFrame:
    """Add to the values what they rest on: children and population present out of those expected."""
    comptes = _comptes(table, groupe)
    resultat = resultat.join(comptes).reset_index()
    if attendus is not None:
        cles = [c for c in groupe if c in attendus]
        resultat = resultat.drop(columns=["enfants_attendus", "population_attendue"])
        voulues = attendus.reindex(columns=[*cles, "enfants_attendus", "population_attendue"])
        resultat = resultat.merge(voulues, on=cles, how="left", validate="many_to_one")
    resultat["completude"] = _part(resultat["enfants_presents"], resultat["enfants_attendus"])
    resultat["completude_population"] = _part(resultat["population_presente"], resultat["population_attendue"])
    return resultat


def _comptes(table: pd.DataFrame, groupe: list[str]) -> pd.DataFrame:
    presents = table["present"]
    poids = table["valeur"].abs()
    sommes = table[groupe].assign(
        enfants_presents=presents,
        enfants_attendus=1,
        population_presente=table["population_totale"].where(presents == 1, 0.0),
        population_attendue=table["population_totale"],
        n_unites=table["n_unites"],
        sans_unites=table["n_unites"].isna() & (presents == 1),
        poids=poids,
    ).groupby(groupe, sort=True, observed=True).sum(min_count=1)  # fmt: skip
    plus_gros = table[groupe].assign(part=table["part_max"] * poids)
    maximum = plus_gros.groupby(groupe, sort=True, observed=True)["part"].max()
    return sommes.assign(
        n_unites=sommes["n_unites"].where(sommes["sans_unites"] == 0),
        part_max=_part(maximum, sommes["poids"]),
    ).drop(columns=["sans_unites", "poids"])


def _part(presente: "pd.Series[float]", attendue: "pd.Series[float]") -> "pd.Series[float]":
    """Share 0..1, NaN when nothing is expected or nothing is known."""
    return presente / attendue.where(attendue > 0)
