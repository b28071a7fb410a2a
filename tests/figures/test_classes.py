"""Classes of a map: each method against known breaks, a centre that stays the centre, and the odd series."""

from __future__ import annotations

import time
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.indicateur import Indicateur
from dashboard.figures.classes import Decoupage, decoupe, libelles
from dashboard.figures.methodes import ECHANTILLON, LIBELLES, Reglage, coupe, de_part_et_d_autre, lis_seuils
from dashboard.figures.palette import DIVERGENTE
from tests import mini

METHODES = ("quantiles", "jenks", "egales", "ecarts")


def declare(**autres: object) -> Indicateur:
    champs = next(i for i in mini.INDICATEURS if i["id"] == "part_fictive")
    return Indicateur.model_validate({**champs, "decimales": 1, **autres})


def carte(valeurs: list[float | None], reglage: Reglage | None = None, **autres: object) -> Decoupage:
    serie = pd.Series(valeurs, dtype=float)
    statuts = pd.Series([None] * len(valeurs), dtype=object)
    return decoupe(declare(**autres), serie, statuts, reglage or Reglage())


def plat(textes: tuple[str, ...]) -> list[str]:
    return [t.replace("\u202f", " ").replace("−", "-") for t in textes]


def test_natural_breaks_are_those_of_the_literature() -> None:
    assert coupe(np.array([1, 2, 4, 5, 7, 9, 10, 20.0]), "jenks", 3) == [7, 20]
    assert coupe(np.array([4, 5, 9, 10.0]), "jenks", 2) == [9]
    trois = np.array([1.0, 1.1, 1.2, 5.0, 5.1, 5.2, 9.0, 9.1, 9.3])
    assert coupe(trois, "jenks", 3) == [5.0, 9.0]


def test_natural_breaks_are_the_best_of_every_possible_cut() -> None:
    x = np.sort(np.random.default_rng(7).gamma(2, 5, 14))

    def dispersion(i: int, j: int) -> float:
        morceaux = x[:i], x[i:j], x[j:]
        return float(sum(((m - m.mean()) ** 2).sum() for m in morceaux))

    meilleur = min(((i, j) for i in range(1, 13) for j in range(i + 1, 14)), key=lambda c: dispersion(*c))
    assert coupe(x, "jenks", 3) == [x[meilleur[0]], x[meilleur[1]]]


def test_natural_breaks_of_every_commune_take_less_than_a_second() -> None:
    valeurs = np.random.default_rng(2026).lognormal(3, 2, 3685)
    debut = time.perf_counter()
    bornes = coupe(valeurs, "jenks")
    assert time.perf_counter() - debut < 1
    assert len(bornes) == 4
    assert ECHANTILLON <= 1_000


def test_equal_intervals_and_deviations() -> None:
    valeurs = np.arange(0, 101, dtype=float)
    assert coupe(valeurs, "egales") == [20, 40, 60, 80]
    moyenne, ecart = valeurs.mean(), valeurs.std()
    assert coupe(valeurs, "ecarts") == pytest.approx([moyenne + k * ecart for k in (-1.5, -0.5, 0.5, 1.5)])


def test_a_value_that_fills_more_than_a_class_is_a_class_alone() -> None:
    valeurs = np.array([0.0] * 90 + list(range(1, 21)))
    bornes = coupe(valeurs, "quantiles")
    assert bornes[0] == 1
    assert len(bornes) == 4


@given(st.lists(st.floats(-1e12, 1e12), max_size=40), st.sampled_from(METHODES))
def test_bounds_ascend_and_leave_neither_end_empty(valeurs: list[float], methode: str) -> None:
    x = np.array(valeurs, dtype=float)
    bornes = coupe(x, methode)
    assert bornes == sorted(set(bornes))
    assert all(x.min() < b <= x.max() for b in bornes)
    assert len(bornes) <= 4


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(-1e6, 1e6), st.sampled_from(METHODES))
def test_the_reference_is_always_a_bound(valeurs: list[float], centre: float, methode: str) -> None:
    bornes, sous = de_part_et_d_autre(np.array(valeurs), methode, centre)
    assert bornes[sous] == centre
    assert all(a < b for a, b in pairwise(bornes))


@pytest.mark.parametrize("methode", ["defaut", *METHODES])
def test_a_scale_around_a_reference_changes_colour_there(methode: str) -> None:
    d = carte([float(v) for v in range(100)], Reglage(methode, repere=70.0, nom_repere="la région"))
    sous = d.seuils.index(70.0)
    assert {d.palette[sous], d.palette[sous + 1]} == {DIVERGENTE[2], DIVERGENTE[3]}
    assert "de part et d'autre de la région" in d.phrase


def test_a_diverging_indicator_stays_around_zero_whatever_the_method() -> None:
    d = carte([-8, -3, -1, 0.5, 2, 9, 4, -6, 3, 1], Reglage("jenks"), carte={"divergente": True})
    assert 0.0 in d.seuils
    assert d.phrase.endswith("de zéro")


def test_thresholds_by_hand_are_used_as_given() -> None:
    d = carte([5, 15, 25, 35], Reglage("main", (10.0, 20.0, 30.0)))
    assert d.chiffres == "0123"
    assert plat(d.libelles) == ["moins de 10 %", "10 à 20 %", "20 à 30 %", "30 % et plus"]


@pytest.mark.parametrize(("texte", "attendu"), [
    ("10,20,30", (10, 20, 30)), ("10;20,5;30", (10, 20.5, 30)), ("-5 0 5", (-5, 0, 5)), ("2.5", (2.5,)),
])  # fmt: skip
def test_thresholds_are_read_as_french_people_write_them(texte: str, attendu: tuple[float, ...]) -> None:
    assert lis_seuils(texte) == attendu


@pytest.mark.parametrize(("texte", "mot"), [
    ("dix,vingt", "illisibles"), ("30,10", "non croissants"), ("10,10", "non croissants"), ("", "0 donnés"),
    ("1,2,3,4,5,6,7,8,9", "9 donnés"), ("1,inf", "nombre fini"), ("nan", "nombre fini"),
])  # fmt: skip
def test_thresholds_that_cannot_be_used_are_told_with_the_remedy(texte: str, mot: str) -> None:
    with pytest.raises(ValueError, match=mot):
        lis_seuils(texte)


def test_the_declared_thresholds_are_the_default() -> None:
    assert carte([1, 5, 9], carte={"seuils": [2, 6]}).seuils == (2, 6)
    assert carte([1, 5, 9], Reglage("quantiles"), carte={"seuils": [2, 6]}).seuils == (5, 9)


def test_classes_of_several_maps_are_shared_when_asked() -> None:
    ensemble = np.array([0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100.0])
    serie, statuts = pd.Series([1.0, 2.0, 99.0]), pd.Series([None] * 3, dtype=object)
    d = decoupe(declare(), serie, statuts, Reglage("egales"), ensemble)
    assert d.seuils == (20, 40, 60, 80)
    assert d.effectifs == (2, 0, 0, 0, 1)


def test_one_single_value_everywhere_says_so() -> None:
    for methode in ("defaut", *METHODES):
        d = carte([12.0, 12.0, None], Reglage(methode))
        assert plat(d.libelles) == ["12,0 % partout"]
        assert (d.chiffres, d.absents) == ("00m", 1)


def test_a_map_where_everything_is_missing_has_no_class() -> None:
    for methode in ("defaut", *METHODES):
        d = carte([None, None], Reglage(methode))
        assert d.libelles == ("aucune valeur",)
        assert (d.chiffres, d.effectifs, d.absents) == ("mm", (0,), 2)


def test_a_map_where_everything_is_secret_counts_them() -> None:
    d = decoupe(declare(), pd.Series([np.nan, np.nan]), pd.Series(["Q", "Q"]))
    assert (d.chiffres, d.secrets, d.absents) == ("ss", 2, 0)


def test_negative_values_keep_their_sign_in_the_legend() -> None:
    d = carte([-30, -20, -10, 0, 10, 20.0], Reglage("egales"))
    assert plat(d.libelles)[0].startswith("moins de -2")


def test_ten_orders_of_magnitude_stay_readable() -> None:
    valeurs = [10.0**k for k in range(-3, 8) for _ in range(3)]
    d = carte(valeurs, decimales=0)
    assert len(set(d.libelles)) == 5
    assert all(n >= 3 for n in d.effectifs)
    assert any("\u202f000" in t for t in d.libelles), d.libelles


def test_bounds_are_written_as_they_cut() -> None:
    """A value is never in a class whose words exclude it: bounds are rounded before they cut."""
    valeurs = np.random.default_rng(3).normal(50, 10, 200)
    d = carte(valeurs.tolist())
    assert d.seuils == tuple(round(s, 1) for s in d.seuils)


def test_names_of_classes_carry_unit_and_sign() -> None:
    assert plat(libelles([20, 40], declare())) == ["moins de 20 %", "20 à 40 %", "40 % et plus"]
    assert plat(libelles([-5, 5], declare(carte={"divergente": True}))) == [
        "moins de -5 %",
        "-5 à +5 %",
        "+5 % et plus",
    ]


def test_every_method_has_a_name() -> None:
    assert set(METHODES) < set(LIBELLES)


def test_the_green_side_of_a_reference_is_the_wanted_one() -> None:
    valeurs = [float(v) for v in range(100)]
    plus, moins = (carte(valeurs, Reglage(repere=50.0), sens=s).palette for s in ("hausse", "baisse"))
    assert plus == DIVERGENTE
    assert moins == DIVERGENTE[::-1]
