"""Ranks that intervals allow: never a comparison with oneself, never a rank that the numbers do not carry."""

from __future__ import annotations

import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.classement import Genre, Place, classe, genre, place, rangs, wilson_en_masse
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.intervalle import byar_ou_exact, wilson
from dashboard.domain.trajectoire import Sens
from tests import mini


def declare(**autres: object) -> Indicateur:
    return Indicateur.model_validate({**mini._indicateur("essai_part", "comptes"), **autres})


def mesures(*triplets: tuple[float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(triplets, columns=["valeur", "numerateur", "denominateur"])


def parts(*couples: tuple[int, int]) -> pd.DataFrame:
    return mesures(*((100 * k / n, k, n) for k, n in couples))


BORNES = st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e5)), min_size=1, max_size=25)


def test_a_territory_is_above_only_when_its_interval_is_entirely_above() -> None:
    bas, haut = np.array([80.0, 60.0, 10.0]), np.array([90.0, 85.0, 20.0])
    premier, dernier = rangs(bas, haut)
    assert list(premier) == [1, 1, 3]
    assert list(dernier) == [2, 2, 3]
    premier, dernier = rangs(bas, haut, Sens.BAISSE)
    assert list(premier) == [2, 2, 1]
    assert list(dernier) == [3, 3, 1]


def test_touching_intervals_are_not_told_apart() -> None:
    premier, dernier = rangs(np.array([10.0, 20.0]), np.array([20.0, 30.0]))
    assert list(premier) == [1, 1]
    assert list(dernier) == [2, 2]


def test_an_inverted_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="de 3 à 2"):
        rangs(np.array([1.0, 3.0]), np.array([1.0, 2.0]))


@given(BORNES, st.randoms(use_true_random=False))
def test_ranks_do_not_depend_on_the_order_of_the_rows(couples: list[tuple[float, float]], hasard: object) -> None:
    bas = np.array([b for b, _ in couples])
    haut = bas + np.array([e for _, e in couples])
    ordre = list(range(len(bas)))
    hasard.shuffle(ordre)  # type: ignore[attr-defined]
    for avant, apres in zip(rangs(bas, haut), rangs(bas[ordre], haut[ordre]), strict=True):
        assert list(avant[ordre]) == list(apres)


@given(BORNES, st.lists(st.floats(0, 1e6), min_size=25, max_size=25))
def test_a_wider_interval_never_narrows_a_range_of_ranks(couples: list[tuple[float, float]], plus: list[float]) -> None:
    bas = np.array([b for b, _ in couples])
    haut = bas + np.array([e for _, e in couples])
    marge = np.array(plus[: len(bas)])
    (premier, dernier), (large, etendu) = rangs(bas, haut), rangs(bas - marge, haut + marge)
    assert (large <= premier).all()
    assert (etendu >= dernier).all()


@given(BORNES)
def test_a_territory_is_never_compared_with_itself(couples: list[tuple[float, float]]) -> None:
    bas = np.array([b for b, _ in couples])
    premier, dernier = rangs(bas, bas + np.array([e for _, e in couples]))
    assert (premier >= 1).all()
    assert (premier <= dernier).all()
    assert (dernier <= len(bas)).all()
    assert list(np.concatenate(rangs(np.array([4.0]), np.array([4.0])))) == [1, 1]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 60)), min_size=2, max_size=20))
def test_ranks_do_not_depend_on_the_unit(couples: list[tuple[int, int]]) -> None:
    pourcent = parts(*((min(k, n), n) for k, n in couples))
    unite = pourcent.assign(valeur=pourcent["valeur"] / 100)
    a, b = classe(pourcent, Genre.PROPORTION), classe(unite, Genre.PROPORTION, facteur=1.0)
    assert a[["rang_min", "rang_max"]].equals(b[["rang_min", "rang_max"]])


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=1, max_size=30))
def test_bounds_computed_together_are_those_computed_one_by_one(couples: list[tuple[int, int]]) -> None:
    k, n = (np.array(c, dtype=float) for c in zip(*((min(k, n), n) for k, n in couples), strict=True))
    for bas, haut, un, sur in zip(*wilson_en_masse(k, n), k, n, strict=True):
        assert (bas, haut) == pytest.approx(wilson(un, sur), abs=1e-9)


def test_rates_use_byar_and_exact_limits() -> None:
    cadre = classe(mesures((820, 82, 10_000), (90, 9, 10_000)), Genre.TAUX, facteur=100_000)
    for rang, k in enumerate((82, 9)):
        attendu = byar_ou_exact(k, 10_000)
        assert tuple(cadre.loc[rang, ["bas", "haut"]]) == pytest.approx(attendu)


def test_small_numbers_give_no_rank_and_large_ones_do() -> None:
    cadre = classe(parts((1, 3), (2, 4), (1, 4), (400, 1000), (700, 1000), (100, 1000)), Genre.PROPORTION)
    lieux = [place(ligne, 6, Genre.PROPORTION) for _, ligne in cadre.iterrows()]
    assert [p.texte for p in lieux if p] == [
        "rang non distinguable", "rang non distinguable", "rang non distinguable", "rang non distinguable",
        "rang non distinguable", "4e à 6e",
    ]  # fmt: skip
    assert list(cadre["distinguable"]) == [False, False, False, False, False, True]


def test_plain_values_say_their_ties() -> None:
    cadre = classe(mesures(*((v, np.nan, np.nan) for v in (3.0, 5.0, 3.0, 1.0))), Genre.VALEUR)
    lieux = [place(ligne, 4, Genre.VALEUR) for _, ligne in cadre.iterrows()]
    assert [p.texte for p in lieux if p] == ["2e ex æquo (2 à égalité)", "1er", "2e ex æquo (2 à égalité)", "4e"]
    assert list(cadre["ex_aequo"]) == [True, False, True, False]
    assert cadre["distinguable"].all()


def test_a_missing_value_has_no_rank_and_takes_nobody_s() -> None:
    cadre = classe(mesures((50, 50, 100), (np.nan, np.nan, np.nan), (90, 900, 1000)), Genre.PROPORTION)
    assert place(cadre.iloc[1], 2, Genre.PROPORTION) is None
    assert list(cadre["rang_min"].dropna()) == [2, 1]
    assert classe(cadre.iloc[[1]][["valeur", "numerateur", "denominateur"]], Genre.PROPORTION)["bas"].isna().all()


def test_the_kind_of_comparison_follows_what_is_known() -> None:
    connues, sans = parts((1, 4), (2, 4)), mesures((25, np.nan, np.nan))
    assert genre(declare(unite="%", agregation="ratio", facteur=100), connues) is Genre.PROPORTION
    assert genre(declare(unite="%", agregation="ratio", facteur=100), sans) is Genre.VALEUR
    assert (
        genre(declare(unite="%", agregation="ratio", facteur=100, carte={"divergente": True}), connues) is Genre.VALEUR
    )
    assert genre(declare(unite="%", agregation="ratio", facteur=100), mesures((150, 6, 4))) is Genre.VALEUR
    assert genre(declare(unite="hab.", agregation="somme"), connues) is Genre.NOMBRE
    assert genre(declare(unite="points", facteur=1000, agregation="ratio"), connues) is Genre.TAUX


def test_each_kind_states_its_method() -> None:
    assert "Wilson" in Genre.PROPORTION.methode
    assert "Byar" in Genre.TAUX.methode
    assert Genre.NOMBRE.methode.startswith("Nombre : dépend de la taille")
    assert Place(1, 1, 1).texte == "1er"


@pytest.mark.parametrize("quoi", [Genre.PROPORTION, Genre.TAUX])
def test_every_commune_of_a_region_is_ranked_in_half_a_second(quoi: Genre) -> None:
    n = np.arange(1, 3686, dtype=float)
    cadre = mesures(*((100 * (i // 2) / i, i // 2, i) for i in n))
    debut = time.perf_counter()
    classe(cadre, quoi)
    assert time.perf_counter() - debut < 0.5
