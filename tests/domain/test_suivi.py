"""The table of the Suivi page: what it holds, how filters and sorts read it, the sentence that counts it."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.domain.evaluation import STATUTS, evalue_tous
from dashboard.domain.indicateur import Espace
from dashboard.domain.suivi import Choix, assemble, filtre, montre, phrase
from dashboard.domain.territoire import Maille
from dashboard.espace import load_espace
from tests.domain.test_evaluation import cible, serie

PLACES = pd.DataFrame(
    {"id": [7, 3, 5], "code": ["REG-99", "DEP-98", "DEP-99"], "nom": ["Essai", "Nord-Est", "Sud"],
     "maille": ["region", "departement", "departement"]}
)  # fmt: skip
HAUTES = (Maille.REGION, Maille.DEPARTEMENT)
FIN = date(2025, 12, 31)


@pytest.fixture(scope="session")
def espace(espace_mini: Path) -> Espace:
    declare = load_espace(espace_mini)[0]
    muet = declare.programmes[0].model_copy(update={"id": "muet", "indicateurs": (), "lies": (), "nom": "Sans mesure"})
    return declare.model_copy(update={"programmes": (*declare.programmes, muet)})


def lignes(espace: Espace, *, contexte: bool = False, meteos: dict[str, str] | None = None) -> pd.DataFrame:
    valeurs = [(7, 50.0), (3, 5.0), (5, 90.0)]
    points = [x for lieu, v in valeurs for x in serie((FIN, v), lieu=lieu, indicateur="taux_publie")]
    points += serie((FIN, 12.0), lieu=3, indicateur="effectif")
    buts = [cible(code_territoire=c, indicateur="taux_publie") for c in PLACES["code"]]
    series = pd.DataFrame(points, columns=["indicateur", "territoire_id", "debut", "fin", "valeur", "statut"])
    ids = dict(zip(PLACES["id"], PLACES["code"], strict=True))
    juges = evalue_tous(espace.indicateurs, ids, series, pd.DataFrame(buts), date(2026, 11, 23))
    return assemble(espace, juges, PLACES, meteos or {}, contexte=contexte)


def noms(cadre: pd.DataFrame) -> list[tuple[str, str]]:
    return [(str(i), str(c)) for i, c in zip(cadre["indicateur"], cadre["code"], strict=True)]


def test_rows_are_programmes_by_indicator_by_territory_and_a_silent_programme_has_its_row(espace: Espace) -> None:
    cadre = lignes(espace)
    codes = list(PLACES["code"])
    assert noms(cadre) == [*[("taux_publie", c) for c in codes], *[("centres_publies", c) for c in codes],
                           ("", "REG-99")]  # fmt: skip
    assert STATUTS[cadre.iloc[-1]["statut"]].value == "non_mesure"
    assert not cadre["contexte"].any()


def test_the_farthest_below_its_path_comes_first_and_what_is_not_measured_last(espace: Espace) -> None:
    cadre = filtre(lignes(espace), Choix(HAUTES))
    assert list(cadre["code"])[:3] == ["DEP-98", "REG-99", "DEP-99"]
    assert cadre["ecart"].iloc[3:].isna().all()
    assert list(filtre(lignes(espace), Choix(HAUTES, tri="territoire"))["code"])[:2] == ["REG-99", "REG-99"]


@pytest.mark.parametrize(
    ("autre", "attendues"),
    [
        ({"statuts": ("en_retard",)}, 1), ({"statuts": ("en_retard", "non_mesure")}, 5), ({"politiques": ("x",)}, 0),
        ({"programmes": ("muet",)}, 1), ({"mailles": (Maille.DEPARTEMENT,)}, 4), ({"fraicheurs": ("a_jour",)}, 3),
        ({"producteurs": ("essai",)}, 6), ({"cherche": "NORD est"}, 2), ({"cherche": "sans mesure"}, 1),
        ({"cherche": "(.*"}, 0), ({"meteos": ("orage",)}, 6),
    ],
)  # fmt: skip
def test_each_filter_keeps_its_rows(espace: Espace, autre: dict[str, Any], attendues: int) -> None:
    cadre = lignes(espace, meteos={"programme": "orage"})
    assert len(filtre(cadre, dataclasses.replace(Choix(HAUTES), **autre))) == attendues


def test_context_comes_after_when_it_is_asked_and_no_statut_is(espace: Espace) -> None:
    cadre = lignes(espace, contexte=True)
    choix = Choix(HAUTES, contexte=True)
    avec = filtre(cadre, choix)
    assert list(avec["contexte"]) == sorted(avec["contexte"])
    assert avec["contexte"].sum() == 15  # five context indicators in three places
    assert not filtre(cadre, dataclasses.replace(choix, statuts=("en_retard",)))["contexte"].any()
    assert not filtre(cadre, dataclasses.replace(choix, contexte=False))["contexte"].any()
    valeurs, jours = montre(avec[(avec["indicateur"] == "effectif") & (avec["code"] == "DEP-98")])
    assert valeurs.tolist() == [12.0]
    assert jours.iloc[0].date() == FIN


def test_the_sentence_counts_rows_programmes_and_those_below_their_path(espace: Espace) -> None:
    def dit(cadre: pd.DataFrame) -> str:
        return "".join(t for t, _ in phrase(cadre, HAUTES)).replace("\u202f", " ")

    cadre = lignes(espace, contexte=True)
    assert (
        dit(filtre(cadre, Choix(HAUTES))) == "7 lignes · 2 programmes, région et départements · 1 sous sa trajectoire"
    )
    assert dit(filtre(cadre, Choix(HAUTES, contexte=True))).endswith("· 15 de contexte")
    assert dit(cadre[cadre["contexte"]]) == "15 lignes · région et départements · 15 de contexte"
    assert dit(cadre.iloc[:0]) == "Aucune ligne"
