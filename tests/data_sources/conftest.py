"""The tiny espace projected without a store behind each test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.bootstrap import Application
from dashboard.domain.periode import parse_periode
from dashboard.domain.reference import Reference
from dashboard.espace import load_espace
from dashboard.store import queries, reference
from dashboard.store.moteur import migre, open_moteur
from data_sources.pipeline import codes_connus
from data_sources.projection import projette
from tests import mini

Projette = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def places(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Reference:
    moteur = open_moteur(f"sqlite:///{tmp_path_factory.mktemp('places') / 'm.sqlite'}")
    migre(moteur)
    reference.charge(moteur, espace_mini / "reference", 2026, mini.ECRIVAIN)
    with moteur.connect() as connexion:
        return reference.lis(connexion, 2026)


@pytest.fixture(scope="module")
def projete(espace_mini: Path, places: Reference) -> Projette:
    """``projete(*lignes)``: the rows shown, indexed by territory code."""
    espace, sources = load_espace(espace_mini)
    source = next(s for s in sources if s.id == "comptes")
    cles = {i.id: rang for rang, i in enumerate(espace.indicateurs, 1)}
    codes = places.courants.set_index("id")["code"]

    def projete_(*lignes: dict[str, Any]) -> pd.DataFrame:
        lues = mini.lis_livraison(mini.recues(lignes), source, espace, codes_connus(places))
        assert lues.rejets.empty, lues.rejets.to_string()
        cadre = projette(lues.bonnes, {i.id: i for i in espace.indicateurs}, cles, places)
        return cadre.assign(code=cadre["territoire_id"].map(codes)).set_index("code")

    return projete_


@pytest.fixture(scope="module")
def tout(bfc: Application) -> pd.DataFrame:
    """Every value the public sees, by indicator, territory and period."""
    with bfc.moteur.connect() as connexion:
        places = queries.list_territoires(connexion).set_index("id")["code"]
        ids = [i.id for i in bfc.espace.indicateurs]
        cadre = queries.load_series(connexion, bfc.lecteur, ids, [int(p) for p in places.index])
    cadre["code"] = cadre["territoire_id"].map(places)
    return cadre.set_index(["indicateur", "code", "fin", "frequence"]).sort_index()


def valeur(tout: pd.DataFrame, indicateur: str, code: str, periode: str) -> pd.Series:
    p = parse_periode(periode)
    ligne: pd.Series = tout.loc[(indicateur, code, p.fin, p.frequence.value)]
    return ligne
