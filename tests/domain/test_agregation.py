import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.agregation import AgregationInterdite, Methode, agrege

TROIS = pd.DataFrame(
    {
        "parent": "P",
        "numerateur": [500, 9, 70],
        "denominateur": [5000, 180, 350],
        "population": [5000, 180, 350],
    }
)


def seul(parts: pd.DataFrame, methode: str, facteur: float = 1.0) -> pd.Series:
    return agrege(parts, ["parent"], methode, facteur).iloc[0]


def test_a_rate_is_the_ratio_of_the_sums_never_the_mean_of_the_rates() -> None:
    total = seul(TROIS, "ratio", 100)
    assert total["valeur"] == pytest.approx(10.470, abs=0.0005)
    assert total["valeur"] != pytest.approx(11.667, abs=0.5)
    assert (total["numerateur"], total["denominateur"]) == (579, 5530)


def test_a_missing_child_is_never_a_zero_and_lowers_the_completeness() -> None:
    parts = TROIS.assign(numerateur=[500, None, 70])
    total = seul(parts, "ratio", 100)
    assert total["valeur"] == pytest.approx(100 * 570 / 5350)
    assert (total["enfants_presents"], total["enfants_attendus"]) == (2, 3)
    assert total["completude"] == pytest.approx(2 / 3)
    assert total["completude_population"] == pytest.approx(5350 / 5530)


def test_the_expected_children_can_be_told_when_their_rows_are_absent() -> None:
    parts = pd.DataFrame({"parent": "REG-27", "fin": "2023-12-31", "valeur": 1.0, "population": [100] * 7})
    attendus = pd.DataFrame({"parent": ["REG-27"], "enfants_attendus": [8], "population_attendue": [752]})
    total = agrege(parts, ["parent", "fin"], "somme", attendus=attendus).iloc[0]
    assert (total["enfants_presents"], total["enfants_attendus"]) == (7, 8)
    assert total["completude_population"] == pytest.approx(0.93, abs=0.001)


def test_a_sum_over_nothing_is_missing_not_zero() -> None:
    total = seul(pd.DataFrame({"parent": ["P", "P"], "valeur": [np.nan, np.nan]}), "somme")
    assert np.isnan(total["valeur"])
    assert total["completude"] == 0


def test_a_ratio_over_a_zero_denominator_is_missing_not_infinite() -> None:
    total = seul(pd.DataFrame({"parent": ["P"], "numerateur": [0], "denominateur": [0]}), "ratio", 100)
    assert np.isnan(total["valeur"])


def test_a_weighted_mean_uses_the_named_weight() -> None:
    parts = pd.DataFrame({"parent": "P", "valeur": [10, 20, 99], "poids": [3, 1, np.nan]})
    total = seul(parts, "moyenne_ponderee")
    assert total["valeur"] == pytest.approx(12.5)
    assert total["completude"] == pytest.approx(2 / 3)


def test_a_median_is_the_median_of_those_present() -> None:
    parts = pd.DataFrame({"parent": list("PPPQ"), "valeur": [1, 9, np.nan, 4]})
    resultat = agrege(parts, ["parent"], Methode.MEDIANE)
    assert resultat["valeur"].tolist() == [5, 4]


def test_asking_for_an_aggregate_that_is_not_allowed_raises_and_says_what_to_do() -> None:
    with pytest.raises(AgregationInterdite, match=r"agregation: aucune.*Afficher les valeurs du producteur"):
        seul(TROIS, "aucune")


def test_units_and_dominance_travel_up_for_the_secrecy_rules() -> None:
    parts = pd.DataFrame({"parent": "P", "valeur": [80.0, 20.0], "n_unites": [2, 5], "part_max": [0.9, 0.5]})
    total = seul(parts, "somme")
    assert total["n_unites"] == 7
    assert total["part_max"] == pytest.approx(0.72)
    assert np.isnan(seul(parts.assign(n_unites=[2, np.nan]), "somme")["n_unites"])


def test_a_child_of_two_parents_counts_in_each_and_a_child_without_parent_in_none() -> None:
    parts = pd.DataFrame({"parent": ["P", "Q", None], "valeur": [3.0, 3.0, 5.0]})
    assert agrege(parts, ["parent"], "somme").set_index("parent")["valeur"].to_dict() == {"P": 3, "Q": 3}


def test_the_input_is_left_as_it_was() -> None:
    avant = TROIS.copy()
    agrege(TROIS, ["parent"], "ratio")
    pd.testing.assert_frame_equal(TROIS, avant)


COUPLES = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 500)), min_size=1, max_size=20)


@settings(max_examples=10)
@given(COUPLES, st.lists(st.integers(0, 3), min_size=20, max_size=20))
def test_rolling_up_in_two_steps_or_in_one_gives_the_same(couples: list[tuple[int, int]], groupes: list[int]) -> None:
    parts = pd.DataFrame(couples, columns=["numerateur", "denominateur"])
    parts["parent"] = [str(g) for g in groupes[: len(parts)]]
    etage = agrege(parts, ["parent"], "ratio", 100).assign(parent="P")
    direct = agrege(parts.assign(parent="P"), ["parent"], "ratio", 100)
    assert agrege(etage, ["parent"], "ratio", 100)["valeur"].iloc[0] == pytest.approx(direct["valeur"].iloc[0])


@settings(max_examples=10)
@given(COUPLES)
def test_a_rate_stays_between_those_of_its_children(couples: list[tuple[int, int]]) -> None:
    parts = pd.DataFrame(couples, columns=["numerateur", "denominateur"]).assign(parent="P")
    taux = parts["numerateur"] / parts["denominateur"]
    assert taux.min() - 1e-9 <= seul(parts, "ratio")["valeur"] <= taux.max() + 1e-9
