"""Statistical secrecy of one synthetic indicator over the real territories: suppression, then its audit.

Counts are drawn at random, as skewed as those of businesses by commune; places are those of the referential.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from dashboard.domain.audit_secret import Grandeur, Tableau, intervalles
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.lecteur import Auteur
from dashboard.domain.reference import Reference
from dashboard.domain.renfort_secret import audite, grandeurs
from dashboard.domain.territoire import Maille
from dashboard.store import reference
from dashboard.store.moteur import migre, open_moteur
from data_sources.masquage import masque_publication, periodes, primaire
from data_sources.projection import parentes, vraies
from tests.bench.carte import RACINE
from tests.bench.magasin import GRAINE
from tests.bench.mesure import Mesure

UNITES = {0.05: 0.35, 0.4: 0.045}
"""Units by inhabitant, for about this share of territories that the rule hides by itself."""
_OBJECTIFS = 6


def mesure_secret() -> Iterator[Mesure]:
    """Both terms of a ratio and its number of units, over every commune, EPCI, département and the région."""
    places = _places()
    for taux in UNITES:
        yield from _une(places, taux)


def _places() -> Reference:
    with tempfile.TemporaryDirectory() as dossier:
        moteur = open_moteur(f"sqlite:///{dossier}/m.sqlite")
        migre(moteur)
        ou = RACINE / "data_sources" / "bfc" / "reference"
        reference.charge(moteur, Path(ou), 2026, Auteur("agent", peut_ecrire=True))
        with moteur.connect() as connexion:
            lues = reference.lis(connexion, 2026)
        moteur.dispose()
    return lues


def _une(places: Reference, taux: float) -> Iterator[Mesure]:
    declare, liens = _indicateur(), parentes(places)
    tout, fournies = vraies(_mesures(places, UNITES[taux]), declare, places, liens)
    debut = time.perf_counter()
    publiees = masque_publication(tout, declare, liens, fournies)
    masquees = time.perf_counter() - debut
    quand = next(periodes(primaire(tout, declare), declare, liens, fournies))
    cache = publiees["statut"].eq("Q").to_numpy()
    vues = quand.cellules.assign(confidentialite=publiees["confidentialite"].to_numpy())
    debut = time.perf_counter()
    toutes = grandeurs(vues, quand.fournies, quand.tableau, declare.agregation, declare.min_unites)
    constat = audite(quand.tableau, cache, toutes)
    audit = time.perf_counter() - debut
    assert constat.tient, f"{len(constat.trouvees)} valeurs retrouvées"
    primaires = int(quand.cellules["masque"].sum())
    nom = f"secret, {len(tout)} territoires, {100 * primaires / len(tout):.0f} % cachés d'office"
    ajoutees = f"{primaires} cachés d'office, {int(cache.sum()) - primaires} ajoutés"
    yield Mesure(f"{nom} : masquage et audit", masquees + audit, "s", 60, detail=f"{ajoutees} ; audit {audit:.1f} s")
    entier, bloc = _d_un_bloc(quand.tableau, cache, toutes[0]), _par_blocs(quand.tableau, cache, toutes[0])
    yield Mesure(f"{nom} : un intervalle, un seul programme ÷ par blocs", entier / bloc, "fois", 5, "au moins")


def _par_blocs(tableau: Tableau, cache: np.ndarray, g: Grandeur) -> float:
    """Seconds by interval, block by block."""
    debut = time.perf_counter()
    intervalles(tableau, cache, g)
    return (time.perf_counter() - debut) / int(cache.sum())


def _d_un_bloc(tableau: Tableau, cache: np.ndarray, g: Grandeur) -> float:
    """Seconds by interval, with every equation of the région in each program."""
    hasard = np.random.default_rng(GRAINE)
    montrees = tableau.dans[np.flatnonzero(~cache)]
    bornes = np.column_stack([g.bas, g.haut])
    debut = time.perf_counter()
    for cellule in hasard.choice(np.flatnonzero(cache), _OBJECTIFS, replace=False):
        cout = tableau.dans[[cellule]].toarray()[0]
        for signe in (1, -1):
            linprog(signe * cout, A_eq=montrees, b_eq=montrees @ g.parts, bounds=bornes, method="highs")
    return (time.perf_counter() - debut) / _OBJECTIFS


def _indicateur() -> Indicateur:
    return Indicateur(
        id="part_synthetique", libelle="Part", libelle_court="Part", definition="Tirée au hasard.", formule="Aucune",
        unite="%", nature="contexte", sens="neutre", lecture="stock", agregation="ratio", facteur=100,
        mailles=tuple(Maille), source="banc", producteur="banc", licence="Aucune", rythme_mois=12, delai_mois=12,
        min_unites=11,
    )  # fmt: skip


def _mesures(places: Reference, par_habitant: float) -> pd.DataFrame:
    """Units by commune: a share of its inhabitants, of very uneven luck."""
    hasard = np.random.default_rng(GRAINE)
    population = places.courants.query("maille == 'commune'")["population"].astype("float64")
    unites = np.round(population.to_numpy() * par_habitant * hasard.lognormal(0, 0.8, len(population)))
    termes = {"numerateur": hasard.binomial(unites.astype(int), 0.5).astype("float64"), "denominateur": unites}
    quand = {"debut": pd.Timestamp("2023-01-01"), "fin": pd.Timestamp("2023-12-31"), "frequence": "A"}
    cadre = pd.DataFrame({"code_territoire": population.index, **termes, "n_unites": unites}).assign(**quand)
    return cadre.assign(valeur=np.nan, part_max=np.nan, millesime_cog=2026)
