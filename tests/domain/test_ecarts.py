from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.ecarts import (
    AJOUT,
    MODIFICATION,
    OBSERVATIONS,
    RETRAIT,
    Cause,
    EtatInvalide,
    champs_declares,
    compare,
    compare_observations,
    compare_table,
    miroir,
)

PLACES = ["COM-98001", "COM-98002", "DEP-98", "REG-99"]
MAILLES = {"COM": "commune", "DEP": "departement", "REG": "region"}
CHAMPS = ["valeur", "completude", "origine", "statut"]


def observations(*lignes: tuple[str, int, float | None, str], categories: bool = False) -> pd.DataFrame:
    """(territoire, year, valeur, statut)."""
    cadre = pd.DataFrame(
        [{
            "maille": MAILLES[t[:3]], "debut": date(a, 1, 1), "fin": date(a, 12, 31), "frequence": "A",
            "territoire": t, "valeur": v, "completude": 1.0, "origine": "publiee", "statut": s,
        } for t, a, v, s in lignes],
        columns=[*OBSERVATIONS, *CHAMPS],
    )  # fmt: skip
    cadre = cadre.astype({"valeur": "float64", "completude": "float64", "debut": "datetime64[ms]",
                          "fin": "datetime64[ms]"})  # fmt: skip
    return cadre.astype(dict.fromkeys(("maille", "frequence", "territoire"), "category")) if categories else cadre


def causes(avant: pd.DataFrame, apres: pd.DataFrame, seuls: tuple[str, ...] = ()) -> list[str]:
    return compare_observations(avant, apres, seuls)["cause"].tolist()


def test_a_row_that_only_the_second_state_has_is_a_new_value() -> None:
    ecarts = compare_observations(
        observations(("DEP-98", 2022, 1.0, "A")),
        observations(("DEP-98", 2022, 1.0, "A"), ("DEP-98", 2023, 2.0, "A")), (),
    )  # fmt: skip
    assert ecarts["cause"].tolist() == [Cause.NOUVELLE]
    assert ecarts["nature"].tolist() == [AJOUT]
    assert ecarts.loc[0, "valeur_apres"] == 2.0
    assert pd.isna(ecarts.loc[0, "valeur_avant"])
    assert ecarts.loc[0, "fin"] == pd.Timestamp(2023, 12, 31)


@pytest.mark.parametrize(
    ("avant", "apres", "cause"),
    [
        ((1.0, "A"), (2.0, "A"), Cause.REVISION),
        ((1.0, "A"), (1.0, "E"), Cause.REVISION),
        ((1.0, "A"), (float(np.nextafter(1.0, 2.0)), "A"), Cause.REVISION),
        ((None, "M"), (1.0, "A"), Cause.NOUVELLE),
        ((1.0, "A"), (None, "M"), Cause.RETIREE),
        ((None, "M"), (None, "Q"), Cause.NOUVELLE),
        ((1.0, "A"), (None, "Q"), Cause.REVISION),
        ((None, "Q"), (1.0, "A"), Cause.REVISION),
    ],
)
def test_a_figure_a_missing_one_and_a_hidden_one_are_three_states(
    avant: tuple[float | None, str], apres: tuple[float | None, str], cause: Cause
) -> None:
    assert causes(observations(("DEP-98", 2022, *avant)), observations(("DEP-98", 2022, *apres))) == [cause]


def test_what_is_equal_is_not_told_missing_and_hidden_included() -> None:
    memes = observations(("DEP-98", 2022, 0.1 + 0.2, "A"), ("REG-99", 2022, None, "Q"), ("COM-98001", 2022, None, "M"))
    assert causes(memes, memes.iloc[::-1]) == []


def test_the_rows_of_a_territory_that_one_state_only_has_come_from_the_perimeter() -> None:
    avant = observations(("COM-98001", 2022, 1.0, "A"), ("COM-98002", 2022, 2.0, "A"))
    apres = observations(("COM-98001", 2022, 3.0, "A"))
    assert causes(avant, apres, ("COM-98002",)) == [Cause.REVISION, Cause.PERIMETRE]


def test_the_fields_that_differ_are_named() -> None:
    apres = observations(("DEP-98", 2022, 2.0, "E"))
    assert compare(observations(("DEP-98", 2022, 1.0, "A")), apres, OBSERVATIONS, "x")["champs"].tolist() == [
        "valeur,statut"
    ]


def test_a_key_that_stands_twice_or_a_missing_column_is_refused_by_name() -> None:
    double = observations(("DEP-98", 2022, 1.0, "A"), ("DEP-98", 2022, 2.0, "A"))
    with pytest.raises(EtatInvalide, match="deux fois"):
        compare(double, double, OBSERVATIONS, "observations")
    with pytest.raises(EtatInvalide, match="« maille » absente"):
        compare(double.drop(columns="maille"), double, OBSERVATIONS, "observations")


def test_a_result_whose_statut_differs_is_told_apart_from_one_recalculated() -> None:
    ligne = {"programme": "p", "indicateur": "i", "territoire": "REG-99", "auteur": "État", "ta": 10.0}
    avant = pd.DataFrame([{**ligne, "statut": "en_retard"}, {**ligne, "territoire": "DEP-98", "statut": "atteint"}])
    apres = avant.assign(statut=["a_surveiller", "atteint"], ta=[12.0, 11.0])
    ecarts = compare_table("resultats", avant, apres).set_index("territoire")
    assert ecarts["cause"].to_dict() == {"REG-99": Cause.STATUT, "DEP-98": Cause.JUGEMENT}


def test_two_targets_of_one_key_are_paired_whatever_their_order() -> None:
    cible = {"indicateur": "i", "territoire": "REG-99", "auteur": "État", "echeance": "2026-12-31", "acte": "a"}
    deux = pd.DataFrame([{**cible, "valeur": 1.0}, {**cible, "valeur": 2.0}])
    assert compare_table("objectifs", deux, deux.iloc[::-1]).empty
    trois = pd.concat([deux, deux.iloc[:1].assign(valeur=3.0)])
    assert compare_table("objectifs", deux, trois)["valeur_apres"].tolist() == [3.0]


def test_the_fields_of_a_declaration_that_differ_are_named_those_absent_too() -> None:
    assert champs_declares({"a": 1, "b": None, "c": 3}, {"a": 1, "c": 4}) == ["b", "c"]


LIGNE = st.tuples(
    st.sampled_from(PLACES),
    st.sampled_from([2021, 2022, 2023]),
    st.one_of(st.none(), st.sampled_from([0.0, 1.0, 1.0000000000000002, -3.5])),
    st.sampled_from(["A", "E", "Q", "M"]),
)
ETAT = st.lists(LIGNE, max_size=12, unique_by=lambda x: x[:2])
LIEUX = st.lists(st.sampled_from(PLACES), unique=True)


@given(ETAT, ETAT, LIEUX, st.booleans())
def test_the_differences_are_the_exact_mirror_of_those_the_other_way_round(
    a: list[Any], b: list[Any], seuls: list[str], categories: bool
) -> None:
    avant, apres = observations(*a, categories=categories), observations(*b, categories=categories)
    aller, retour = compare_observations(avant, apres, seuls), compare_observations(apres, avant, seuls)
    pd.testing.assert_frame_equal(miroir(aller), retour, check_dtype=False)


@given(ETAT, ETAT)
def test_applying_the_differences_to_one_state_gives_the_other(a: list[Any], b: list[Any]) -> None:
    avant, apres = observations(*a), observations(*b)
    ecarts = compare(avant, apres, OBSERVATIONS, "x")
    lignes = {x[:2]: x[2:] for x in a}
    for ligne in ecarts.itertuples():
        cle = (ligne.territoire, ligne.fin.year)
        if ligne.nature == RETRAIT:
            assert lignes.pop(cle) is not None
        else:
            assert ligne.nature in (AJOUT, MODIFICATION)
            valeur = None if pd.isna(ligne.valeur_apres) else ligne.valeur_apres
            assert lignes.get(cle) != (valeur, ligne.statut_apres)
            lignes[cle] = (valeur, ligne.statut_apres)
    assert lignes == {x[:2]: x[2:] for x in b}
