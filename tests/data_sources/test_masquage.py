"""Secrecy at publication: what is hidden, what must be hidden with it, and an attacker who subtracts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dashboard.domain.reference import Reference
from tests.mini import ABSORBANTE, ABSORBEE, CHEVAL, COMMUNES, E3, NORD, PARENTS, SUD, ligne

SANS_REDUCTION = [Phase.explicit, Phase.generate]
Projette = Callable[..., pd.DataFrame]
CHIFFRES = ["valeur", "numerateur", "denominateur", "n_unites", "calculee"]


def secrets(unites: dict[str, int | None], part_max: float | None = 0.2) -> list[dict[str, Any]]:
    return [
        ligne(c, 100 + i, indicateur="effectif_secret", n_unites=n, part_max=part_max)
        for i, (c, n) in enumerate(unites.items())
    ]


def parts(unites: dict[str, int | None]) -> list[dict[str, Any]]:
    return [
        ligne(c, indicateur="part_secrete", numerateur=i, denominateur=10 + i, n_unites=n)
        for i, (c, n) in enumerate(unites.items())
    ]


NEUF: dict[str, int | None] = dict.fromkeys(COMMUNES, 9)


def codes(vu: pd.DataFrame) -> dict[str, str]:
    return vu[vu["statut"] == "Q"]["confidentialite"].to_dict()


def retrouvables(vu: pd.DataFrame, fournies: Collection[str] = tuple(COMMUNES)) -> list[str]:
    """Hidden cells that are a combination of shown ones, whatever the figures of the communes.

    Written apart from the product: each cell is the set of its communes; a hidden set that lies in the span of
    the shown sets is found again by additions and subtractions.
    """
    communes = list(fournies)
    dans = {c: {c, *PARENTS[c]} for c in communes}
    vecteurs = {cellule: np.array([float(cellule in dans[c]) for c in communes]) for cellule in vu.index}
    montrees = [vecteurs[c] for c in vu.index[vu["statut"] != "Q"]]
    base = np.array(montrees) if montrees else np.zeros((1, len(communes)))
    rang = np.linalg.matrix_rank(base)
    cachees = vu.index[vu["statut"] == "Q"]
    return [c for c in cachees if np.linalg.matrix_rank(np.vstack([base, vecteurs[c]])) == rang]


def test_nothing_is_hidden_where_units_are_many(projete: Projette) -> None:
    vu = projete(*secrets(NEUF))
    assert set(vu["statut"]) == {"A"}
    assert set(vu["confidentialite"]) == {"F"}


def test_too_few_units_hide_the_value_and_another_one_with_it(projete: Projette) -> None:
    unites: dict[str, int | None] = {**NEUF, "COM-99002": 1, "COM-99003": 1}
    vu = projete(*secrets(unites))
    assert vu.loc[E3, ["statut", "confidentialite"]].tolist() == ["Q", "A"]
    assert "D" in codes(vu).values()
    assert vu.loc[vu["statut"] == "Q", CHIFFRES].notna().sum().sum() == 0
    assert retrouvables(vu) == []


@pytest.mark.parametrize(("unites", "cache"), [(0, False), (1, True), (2, True), (3, False)])
def test_the_threshold_is_three_units_and_none_is_no_secret(projete: Projette, unites: int, cache: bool) -> None:
    vu = projete(*parts({**NEUF, "COM-98001": unites}))
    assert (vu.loc["COM-98001", "statut"] == "Q") is cache


def test_a_number_of_units_that_is_not_told_hides(projete: Projette) -> None:
    vu = projete(*parts({**NEUF, "COM-98001": None}))
    assert vu.loc["COM-98001", ["statut", "confidentialite"]].tolist() == ["Q", "A"]


def test_one_unit_that_weighs_too_much_hides(projete: Projette) -> None:
    lignes = secrets(NEUF)
    domine = [x | {"valeur": 10_000, "part_max": 0.99} if x["code_territoire"] == "COM-99003" else x for x in lignes]
    vu = projete(*domine)
    assert vu.loc[E3, ["statut", "confidentialite"]].tolist() == ["Q", "T"]
    assert retrouvables(vu) == []


def test_a_weight_that_is_not_told_hides(projete: Projette) -> None:
    assert set(projete(*secrets(NEUF, part_max=None))["statut"]) == {"Q"}


def test_two_communes_that_merge_bring_their_units_together(projete: Projette) -> None:
    lignes = [ligne(c, indicateur="part_secrete", numerateur=1, denominateur=2, n_unites=2, millesime_cog=2024)
              for c in (ABSORBANTE, ABSORBEE)]  # fmt: skip
    assert projete(*lignes).loc[ABSORBANTE, ["statut", "n_unites"]].tolist() == ["A", 4]


def test_a_straddling_epci_does_not_give_back_what_its_departements_hide(projete: Projette) -> None:
    """When every commune is in an EPCI, région − E1 − the straddling one would give E3 back."""
    unites: dict[str, int | None] = {**NEUF, "COM-99002": 1, "COM-99003": 1}
    del unites["COM-99004"]
    vu = projete(*secrets(unites))
    assert E3 in codes(vu)
    assert retrouvables(vu, unites) == []
    seul = vu.assign(statut=["Q" if c == E3 else "A" for c in vu.index])
    assert retrouvables(seul, unites) == [E3]


@settings(max_examples=10, deadline=None, derandomize=True, phases=SANS_REDUCTION)
@given(
    unites=st.fixed_dictionaries({c: st.sampled_from([0, 1, 2, 3, 9, None]) for c in COMMUNES}),
    absentes=st.sets(st.sampled_from(list(COMMUNES)), max_size=2),
)
def test_nothing_hidden_comes_back_by_subtraction(
    projete: Projette, unites: dict[str, int | None], absentes: set[str]
) -> None:  # fmt: skip
    fournies = {c: n for c, n in unites.items() if c not in absentes}
    for lignes in (secrets(fournies), parts(fournies)):
        vu = projete(*lignes)
        assert retrouvables(vu, fournies) == []
        assert vu.loc[vu["statut"] == "Q", CHIFFRES].notna().sum().sum() == 0
        petites = {c for c, n in fournies.items() if n in (1, 2, None)}
        assert {c for c in vu.index if c in petites} <= set(codes(vu))


def test_the_referential_of_this_attack_has_its_straddling_epci(places: Reference) -> None:
    parents = places.parents
    assert set(parents.loc[parents["epci"] == CHEVAL, "departement"]) == {NORD, SUD}
