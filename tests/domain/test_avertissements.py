"""What may be read wrongly is told, and only then: cases seeded one by one, figures invented."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from dashboard.domain.avertissements import avertissements, de_la_maille, petits_nombres
from dashboard.domain.indicateur import Indicateur
from tests.mini import _indicateur

NUM = ["valeur", "numerateur", "denominateur", "n_unites", "completude", "completude_population", "calculee"]
PART = {"agregation": "ratio", "unite": "%", "facteur": 100, "decimales": 1}


def declare(**autres: Any) -> Indicateur:
    return Indicateur(**_indicateur("essai_quoi", "comptes", **autres))


def serie(*lignes: dict[str, Any]) -> pd.DataFrame:
    cadre = pd.DataFrame([{"fin": date(2020 + i, 12, 31), "frequence": "A", **x} for i, x in enumerate(lignes)])
    return cadre.reindex(columns=["fin", "frequence", *NUM]).astype(dict.fromkeys(NUM, "float64"))


def plat(dits: list[str]) -> str:
    return " ".join(dits).replace("\u202f", " ")


def test_a_plain_complete_series_says_nothing() -> None:
    saine = serie(*({"valeur": 40 + i, "numerateur": 4000, "denominateur": 10_000, "completude": 1} for i in range(4)))
    assert avertissements(declare(**PART), saine, auteurs=["Région"]) == []
    assert avertissements(declare(), serie({"valeur": None})) == []


def test_a_share_of_few_says_its_interval() -> None:
    dit = plat(avertissements(declare(**PART), serie({"valeur": 0, "numerateur": 0, "denominateur": 20})))
    assert "repose sur 0 sur 20" in dit
    assert "va de 0,0 % à 16,1 %" in dit  # Wilson, RULES


@pytest.mark.parametrize(
    ("quoi", "ligne", "petit"),
    [
        (PART, {"numerateur": 9, "denominateur": 15}, True),
        (PART, {"numerateur": 5, "denominateur": 150}, True),
        (PART, {"numerateur": 5, "denominateur": 5_000}, False),
        (PART, {"n_unites": 12}, True),
        (PART, {"n_unites": 120}, False),
        (PART, {}, False),
        ({}, {"n_unites": 3}, False),  # a count is what it is
    ],
)
def test_small_numbers_are_those_of_few_units(quoi: dict[str, Any], ligne: dict[str, Any], petit: bool) -> None:
    ((_, lue),) = serie({"valeur": 12, **ligne}).iterrows()
    assert (petits_nombres(declare(**quoi), lue) is not None) is petit


def test_an_incomplete_total_and_a_check_that_differs_are_told() -> None:
    dit = plat(avertissements(declare(), serie({"valeur": 90, "completude": 0.875, "completude_population": 0.93})))
    assert "88 % des territoires ont une valeur, 93 % des habitants" in dit
    assert "somme de ses parties (+10 hab.)" in plat(avertissements(declare(), serie({"valeur": 90, "calculee": 80})))
    assert avertissements(declare(), serie({"valeur": 90, "calculee": 90})) == []


def test_a_series_whose_perimeter_changes_is_told() -> None:
    lignes = [{"valeur": 90, "completude": c} for c in (0.7, 0.9, 1.0)]
    assert "le total couvre de 70 % à 100 % des territoires" in plat(avertissements(declare(), serie(*lignes)))


def test_missing_periods_are_named() -> None:
    trouee = serie(*({"valeur": i} for i in range(5))).drop(index=[1, 3])
    assert "Série à trous : 2021 et 2023 sans valeur" in plat(avertissements(declare(), trouee))
    mois = serie({"valeur": 1}, {"valeur": 2}).assign(frequence="M", fin=[date(2024, 1, 31), date(2024, 4, 30)])
    assert "févr. 2024 et mars 2024 sans valeur" in plat(avertissements(declare(rythme_mois=1), mois))
    assert avertissements(declare(rythme_mois=3), mois) == []  # a figure of the month, published every quarter
    loin = serie({"valeur": 1}, {"valeur": 2}).assign(fin=[date(2001, 12, 31), date(2010, 12, 31)])
    assert "2002, 2003, 2004 et 5 autres sans valeur" in plat(avertissements(declare(), loin))


@pytest.mark.parametrize(
    ("note", "mots"),
    [
        ("Les valeurs de 2014 relèvent d'une autre méthode et ne sont pas chaînées.", "Série non homogène"),
        ("2026 vient de la presse.", "Valeur à confirmer"),
        ("donnée provisoire", "Valeur à confirmer"),
        ("fichier lu dans une copie publique", ""),
    ],
)
def test_what_the_producer_wrote_of_a_break_or_of_a_provisional_figure_is_repeated(note: str, mots: str) -> None:
    for dits in (
        avertissements(declare(note=note), serie({"valeur": 1})),
        avertissements(declare(), serie({"valeur": 1}), [note]),
    ):
        assert (mots in plat(dits)) if mots else dits == []


def test_running_totals_and_targets_of_two_authors_are_told() -> None:
    assert "repart de zéro" in plat(avertissements(declare(lecture="cumul_annuel"), serie({"valeur": 1})))
    assert "auteurs différents (Région et État)" in plat(
        avertissements(declare(), serie({"valeur": 1}), auteurs=["Région", "État", "État"])
    )


def test_a_map_of_counts_says_that_they_are_counts_and_what_is_missing() -> None:
    cadre = serie({"valeur": 1}, {"valeur": None})
    dit = plat(de_la_maille(declare(), cadre))
    assert "jamais en aplats" in dit
    assert "1 territoire sans valeur : gris n'est pas zéro" in dit
    petits = serie(*({"valeur": 50, "numerateur": 5, "denominateur": 10} for _ in range(3)))
    assert "3 territoires reposent sur de petits nombres" in plat(de_la_maille(declare(**PART), petits))
