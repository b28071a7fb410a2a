"""Applies statistical secrecy to the values about to be published, period by period."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd

from dashboard.domain.indicateur import Indicateur
from dashboard.domain.secret import LIBRE, masque, secret_secondaire
from dashboard.domain.territoire import Maille

CHIFFRES = ["valeur", "numerateur", "denominateur", "n_unites", "calculee"]
TEMPS = ["debut", "fin", "frequence"]


def masque_publication(
    valeurs: pd.DataFrame, declare: Indicateur, parentes: pd.DataFrame, fournies: pd.DataFrame
) -> pd.DataFrame:
    """``valeurs`` with statut and confidentialite; a hidden row (statut Q) keeps no figure at all.

    ``parentes``: enfant, parent, maille_enfant, maille_parent of the current COG. ``fournies``: code_territoire and
    period of what was supplied. Hidden cells are completed so that nothing hidden comes back by subtraction inside
    one period.
    """
    if not declare.min_unites and declare.dominance is None:
        return valeurs.assign(statut="A", confidentialite=LIBRE)
    primaire = masque(valeurs, declare.min_unites or None, declare.dominance)
    cellules = valeurs.assign(masque=primaire["masque"], confidentialite=primaire["confidentialite"])
    communes = fournies[fournies["code_territoire"].str.startswith(Maille.COMMUNE.prefixe)]
    presentes = {quand: frozenset(partie["code_territoire"]) for quand, partie in communes.groupby(TEMPS)}
    liens = {p: sommes_visibles(_entre(parentes, p), declare) for p in {*presentes.values(), frozenset()}}
    morceaux = [
        _complete(partie, liens[presentes.get(quand, frozenset())])
        for quand, partie in cellules.groupby(TEMPS, sort=False)
    ]
    tout = pd.concat(morceaux).sort_index()
    cache = tout["masque"].astype(bool)
    tout[CHIFFRES] = tout[CHIFFRES].astype("float64").mask(cache)
    return tout.assign(statut=np.where(cache, "Q", "A")).drop(columns="masque")


def _entre(parentes: pd.DataFrame, presentes: frozenset[str]) -> pd.DataFrame:
    """The same without the communes that gave nothing: two territories may then be the same sum.

    When no commune was supplied, what the producer summed is not known: every commune is kept.
    """
    absente = parentes["maille_enfant"].eq(Maille.COMMUNE.value) & ~parentes["enfant"].isin(presentes)
    return parentes[~absente] if presentes else parentes


def _complete(cellules: pd.DataFrame, liens: pd.DataFrame) -> pd.DataFrame:
    """Secondary suppression of one period. Sums that no one publishes are added as known cells, then dropped."""
    visibles = cellules.assign(code=cellules["code_territoire"], poids=cellules["n_unites"])
    ensembles = liens.loc[~liens["parent"].isin(visibles["code"]) & liens["ensemble"], "parent"].unique()
    ajoutees = pd.DataFrame({"code": ensembles, "masque": False, "confidentialite": LIBRE})
    systeme = pd.concat([visibles, ajoutees]) if len(ajoutees) else visibles
    protege = secret_secondaire(systeme.reset_index(drop=True), liens.drop(columns="ensemble"))
    garde = protege.iloc[: len(visibles)].set_index(visibles.index)
    return cellules.assign(masque=garde["masque"].astype(bool), confidentialite=garde["confidentialite"])


def sommes_visibles(parentes: pd.DataFrame, declare: Indicateur) -> pd.DataFrame:
    """The sums a reader can write between published mailles: enfant, parent, hierarchie, ensemble.

    EPCI that straddle départements tie these départements together: only their whole is a sum of EPCI. That
    whole is a cell of its own (``ensemble``), since the départements in it are published.
    """
    voulues = {m.value for m in declare.mailles}
    publiees = parentes[parentes["maille_enfant"].isin(voulues) & parentes["maille_parent"].isin(voulues)]
    directs = publiees.assign(hierarchie=publiees["maille_enfant"], ensemble=False)
    colonnes = ["enfant", "parent", "hierarchie", "ensemble"]
    if not {Maille.EPCI.value, Maille.DEPARTEMENT.value} <= voulues:
        return directs[colonnes]
    return pd.concat([directs[colonnes], _ensembles(parentes)], ignore_index=True)


def _ensembles(parentes: pd.DataFrame) -> pd.DataFrame:
    """Groups of départements closed under their EPCI, as parents of both their EPCI and their départements."""
    communes = parentes[parentes["maille_enfant"] == Maille.COMMUNE.value]
    par_maille = communes.pivot(index="enfant", columns="maille_parent", values="parent")
    couples = par_maille[[Maille.EPCI.value, Maille.DEPARTEMENT.value]].dropna().drop_duplicates()
    graphe: nx.Graph[str] = nx.Graph(list(couples.itertuples(index=False, name=None)))
    lignes = []
    for composante in nx.connected_components(graphe):
        nom = "ENSEMBLE-" + "+".join(sorted(c for c in composante if c.startswith("DEP-")))
        lignes += [(c, nom, c.partition("-")[0], True) for c in sorted(composante)]
    return pd.DataFrame(lignes, columns=["enfant", "parent", "hierarchie", "ensemble"])
