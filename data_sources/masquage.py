"""Applies statistical secrecy to the values about to be published, period by period."""

from __future__ import annotations

from collections.abc import Iterator

import networkx as nx
import numpy as np
import pandas as pd

from dashboard.domain.audit_secret import Booleens, Tableau, compose
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.renfort_secret import Quand, complete, grandeurs, renforce, tait_les_codes
from dashboard.domain.secret import LIBRE, SECONDAIRE, masque, secret_secondaire
from dashboard.domain.territoire import Maille

CHIFFRES = ["valeur", "numerateur", "denominateur", "n_unites", "calculee"]
TEMPS = ["debut", "fin", "frequence"]


def masque_publication(
    valeurs: pd.DataFrame,
    declare: Indicateur,
    parentes: pd.DataFrame,
    fournies: pd.DataFrame,
    caches: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """``valeurs`` with statut and confidentialite; a hidden row (statut Q) keeps no figure at all.

    ``parentes``: enfant, parent, maille_enfant, maille_parent of the current COG. ``fournies``: what was supplied, by
    code_territoire and period. ``caches``: code_territoire, fin, frequence that an earlier lot hid: they stay so.
    Hidden cells are completed until an audit finds nothing hidden within reach inside one period.
    """
    if not declare.a_secret:
        return valeurs.assign(statut="A", confidentialite=LIBRE)
    cellules = deja_caches(primaire(valeurs, declare), caches)
    morceaux = [_complete(periode, declare) for periode in periodes(cellules, declare, parentes, fournies)]
    tout = pd.concat(morceaux).sort_index()
    cache = tout["masque"].astype(bool)
    tout[CHIFFRES] = tout[CHIFFRES].astype("float64").mask(cache)
    return tout.assign(statut=np.where(cache, "Q", "A")).drop(columns="masque")


def primaire(valeurs: pd.DataFrame, declare: Indicateur) -> pd.DataFrame:
    """``valeurs`` with what its own rules hide: masque, confidentialite."""
    trouve = masque(valeurs, declare.min_unites or None, declare.dominance)
    return valeurs.assign(masque=trouve["masque"], confidentialite=trouve["confidentialite"])


def deja_caches(cellules: pd.DataFrame, caches: pd.DataFrame | None) -> pd.DataFrame:
    """The same, what an earlier lot hid being hidden still: shown today, it would tell what was hidden then."""
    if caches is None or caches.empty:
        return cellules
    cle = ["code_territoire", "fin", "frequence"]
    avant = pd.MultiIndex.from_frame(caches[cle])
    deja = pd.MultiIndex.from_frame(cellules[cle]).isin(avant) & ~cellules["masque"].to_numpy(dtype=bool)
    codes = cellules["confidentialite"].mask(deja, SECONDAIRE)
    return cellules.assign(masque=cellules["masque"] | deja, confidentialite=codes)


def periodes(
    cellules: pd.DataFrame, declare: Indicateur, parentes: pd.DataFrame, fournies: pd.DataFrame
) -> Iterator[Quand]:
    """Each period apart; what depends on the communes present alone is made once."""
    communes = fournies[fournies["code_territoire"].str.startswith(Maille.COMMUNE.prefixe)]
    siennes = dict(tuple(communes.groupby(TEMPS)))
    rien, sommes = communes.iloc[:0], dict[frozenset[str], tuple[pd.DataFrame, pd.DataFrame]]()
    tableaux = dict[tuple[str, ...], Tableau]()
    for quand, partie in cellules.groupby(TEMPS, sort=False):
        donnees = siennes.get(quand, rien).set_index("code_territoire")
        presentes = frozenset(donnees.index)
        if presentes not in sommes:
            restent = _entre(parentes, presentes)
            sommes[presentes] = (restent, sommes_visibles(restent, declare))
        restent, liens = sommes[presentes]
        cle = (*partie["code_territoire"], "", *sorted(presentes))
        if cle not in tableaux:
            tableaux = {cle: compose(partie["code_territoire"].tolist(), restent)}
        yield Quand(partie, liens, tableaux[cle], donnees)


def _entre(parentes: pd.DataFrame, presentes: frozenset[str]) -> pd.DataFrame:
    """The same without the communes that gave nothing: two territories may then be the same sum.

    When no commune was supplied, what the producer summed is not known: every commune is kept.
    """
    absente = parentes["maille_enfant"].eq(Maille.COMMUNE.value) & ~parentes["enfant"].isin(presentes)
    return parentes[~absente] if presentes else parentes


def _complete(quand: Quand, declare: Indicateur) -> pd.DataFrame:
    """Secondary suppression of one period: what subtraction gives back first, then what an audit still finds."""
    if not quand.cellules["masque"].any():
        return quand.cellules
    protege = _par_soustraction(quand.cellules, quand.liens)
    avant = quand.cellules["masque"].to_numpy(dtype=bool)
    codes = tait_les_codes(quand.tableau, quand.cellules["confidentialite"].to_numpy(dtype=object))
    dites = quand.cellules.assign(confidentialite=codes)
    toutes = grandeurs(dites, quand.fournies, quand.tableau, declare.agregation, declare.min_unites)
    apres = renforce(quand.tableau, protege, toutes)
    return quand.cellules.assign(masque=apres, confidentialite=complete(apres, avant, codes))


def _par_soustraction(cellules: pd.DataFrame, liens: pd.DataFrame) -> Booleens:
    """The exact algebra. Sums that no one publishes are added as known cells, then dropped."""
    visibles = cellules.assign(code=cellules["code_territoire"], poids=cellules["n_unites"])
    ensembles = liens.loc[~liens["parent"].isin(visibles["code"]) & liens["ensemble"], "parent"].unique()
    ajoutees = pd.DataFrame({"code": ensembles, "masque": False, "confidentialite": LIBRE})
    systeme = pd.concat([visibles, ajoutees]) if len(ajoutees) else visibles
    protege = secret_secondaire(systeme.reset_index(drop=True), liens.drop(columns="ensemble"))
    return protege["masque"].to_numpy(dtype=bool)[: len(visibles)]


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
