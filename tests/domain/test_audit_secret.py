"""The auditor against an attacker who tries every value; every figure is drawn at random."""

from __future__ import annotations

import itertools
from functools import lru_cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.agregation import Methode
from dashboard.domain.audit_secret import (
    Grandeur,
    Tableau,
    codes_petits,
    compose,
    dedans,
    grandeur,
    intervalles,
    parts,
    sans_redites,
)
from dashboard.domain.renfort_secret import audite, complete, grandeurs, renforce, tait_les_codes
from dashboard.domain.secret import secret_secondaire

COMMUNES = {
    "COM-a": ("EPCI-1", "DEP-1"), "COM-b": ("EPCI-1", "DEP-1"), "COM-c": ("EPCI-2", "DEP-1"),
    "COM-d": ("EPCI-2", "DEP-2"), "COM-e": ("EPCI-3", "DEP-2"), "COM-f": ("EPCI-3", "DEP-2"),
}  # fmt: skip
"""Invented: the EPCI 2 straddles both départements."""
HAUTES = ["REG-1", "DEP-1", "DEP-2", "EPCI-1", "EPCI-2", "EPCI-3"]
TOUTES = [*HAUTES, *COMMUNES]


@lru_cache
def liens() -> pd.DataFrame:
    couples = [(c, p) for c, siens in COMMUNES.items() for p in (*siens, "REG-1")]
    table = pd.DataFrame(couples, columns=["enfant", "parent"])
    maille = {"REG": "region", "DEP": "departement", "EPCI": "epci"}
    return table.assign(maille_enfant="commune", maille_parent=table["parent"].str.split("-").str[0].map(maille))


def effectif(valeurs: dict[str, float], codes: list[str] = TOUTES) -> tuple[Tableau, Grandeur]:
    """A count by commune, and its sums."""
    tableau = compose(codes, liens())
    fournies = pd.Series(valeurs)
    atomes = parts(tableau, np.full(len(codes), np.nan), fournies)
    vrai = tableau.dans @ atomes
    return tableau, grandeur(tableau, "valeur", vrai, atomes, {}, np.full(len(atomes), np.inf))


def masque(codes: list[str], *caches: str) -> np.ndarray:
    return np.isin(np.array(codes, dtype=object), caches)


def bornes(tableau: Tableau, cache: np.ndarray, g: Grandeur) -> dict[str, tuple[float, float]]:
    mini, maxi = intervalles(tableau, cache, g)
    return {str(tableau.codes[c]): (mini[c], maxi[c]) for c in np.flatnonzero(cache)}


VALEURS = {"COM-a": 2.0, "COM-b": 50.0, "COM-c": 30.0, "COM-d": 7.0, "COM-e": 4.0, "COM-f": 9.0}


def test_a_hidden_cell_alone_in_a_sum_is_known_exactly() -> None:
    tableau, g = effectif(VALEURS)
    assert bornes(tableau, masque(TOUTES, "COM-a"), g) == {"COM-a": (2, 2)}


def test_two_hidden_cells_share_what_is_left_between_zero_and_their_sum() -> None:
    tableau, g = effectif(VALEURS)
    assert bornes(tableau, masque(TOUTES, "COM-a", "COM-b"), g) == {"COM-a": (0, 52), "COM-b": (0, 52)}


def test_a_straddling_epci_gives_away_what_two_sums_of_two_seem_to_hide() -> None:
    tableau, g = effectif(VALEURS)
    caches = masque(TOUTES, "COM-c", "COM-d")
    assert bornes(tableau, caches, g) == {"COM-c": (30, 30), "COM-d": (7, 7)}


def test_levels_that_are_not_published_still_bound_what_is() -> None:
    """No commune shown: the EPCI 1 lies inside the département 1, whose total it cannot exceed."""
    tableau, g = effectif(VALEURS, HAUTES)
    assert bornes(tableau, masque(HAUTES, "EPCI-1", "EPCI-2"), g) == {"EPCI-1": (0, 82), "EPCI-2": (7, 89)}


def test_the_code_small_counts_is_a_bound_that_the_attacker_has() -> None:
    tableau, g = effectif(VALEURS)
    caches = masque(TOUTES, "COM-a", "COM-b")
    codes = codes_petits(np.array(["A" if c == "COM-a" else "F" for c in TOUTES], dtype=object), 3)
    sachant = grandeur(tableau, "n_unites", g.vrai, g.parts, codes, np.full(len(g.parts), np.inf))
    assert bornes(tableau, caches, sachant) == {"COM-a": (1, 2), "COM-b": (50, 51)}
    assert [TOUTES[c] for c, _ in audite(tableau, caches, [sachant]).trouvees] == ["COM-b"]


def test_a_share_is_bounded_by_the_denominator_that_another_indicator_publishes() -> None:
    cellules = pd.DataFrame({"code": TOUTES})
    tableau = compose(TOUTES, liens())
    termes = pd.DataFrame({"numerateur": [3.0, 9.0, 5, 5, 5, 5], "denominateur": 10.0, "n_unites": 9.0}, COMMUNES)
    for nom in termes:
        cellules[nom] = tableau.dans @ parts(tableau, np.full(12, np.nan), termes[nom])
    cellules["confidentialite"] = "F"
    haut = grandeurs(cellules, termes, tableau, Methode.RATIO, 3)[0]
    assert haut.nom == "numerateur"
    assert bornes(tableau, masque(TOUTES, "COM-a", "COM-b"), haut) == {"COM-a": (2, 10), "COM-b": (2, 10)}


def test_negative_figures_leave_no_floor() -> None:
    tableau, g = effectif({**VALEURS, "COM-f": -9.0})
    assert bornes(tableau, masque(TOUTES, "COM-a", "COM-b"), g)["COM-a"] == (-np.inf, np.inf)


def test_nested_sums_leave_the_larger_ones() -> None:
    epci, departement = frozenset({1, 2}), frozenset({1, 2, 3})
    assert set(sans_redites({epci, departement})) == {epci, frozenset({3})}


def test_what_communes_did_not_give_is_what_explains_the_cells() -> None:
    tableau = compose(HAUTES, liens())
    vrai = np.array([102.0, 82, 20, 52, 37, 13])
    assert np.allclose(tableau.dans @ parts(tableau, vrai), vrai)


def possibles(tableau: Tableau, cache: np.ndarray, g: Grandeur) -> dict[str, tuple[float, float]]:
    """Every whole figure that the communes could have and that gives what is shown: the attacker's own list."""
    dans = tableau.dans.toarray()
    plafond = int(g.parts.max()) + int(g.parts.sum() - g.parts.max())
    essais = np.array(list(itertools.product(range(plafond + 1), repeat=len(g.parts))))
    justes = essais[(essais @ dans[~cache].T == dans[~cache] @ g.parts).all(axis=1)]
    sommes = justes @ dans[cache].T
    noms = tableau.codes[cache]
    return {str(c): (s.min(), s.max()) for c, s in zip(noms, sommes.T, strict=True)}


PETITS = ["COM-a", "COM-b", "COM-c", "COM-d"]
PETITES_MAILLES = ["DEP-1", "DEP-2", "EPCI-1", "EPCI-2", *PETITS]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    valeurs=st.lists(st.integers(0, 3), min_size=4, max_size=4),
    caches=st.sets(st.sampled_from(PETITES_MAILLES)),
    publiees=st.sampled_from([PETITES_MAILLES, PETITES_MAILLES[:4]]),
)
def test_the_interval_is_what_an_attacker_who_tries_everything_finds(
    valeurs: list[int], caches: set[str], publiees: list[str]
) -> None:
    table = liens()[liens()["enfant"].isin(PETITS)]
    tableau = compose(publiees, table)
    atomes = parts(
        tableau, np.full(len(publiees), np.nan), pd.Series(dict(zip(PETITS, map(float, valeurs), strict=True)))
    )
    g = grandeur(tableau, "valeur", tableau.dans @ atomes, atomes, {}, np.full(len(atomes), float(sum(valeurs))))
    cache = masque(publiees, *caches)
    trouve, voulu = bornes(tableau, cache, g), possibles(tableau, cache, g)
    assert {c: (float(a), float(b)) for c, (a, b) in voulu.items()} == trouve


def cellules_de(g: Grandeur, *caches: str) -> pd.DataFrame:
    return pd.DataFrame({"code": TOUTES, "poids": g.vrai, "masque": masque(TOUTES, *caches)})


def sommes() -> pd.DataFrame:
    table = liens().assign(hierarchie="com")
    autres = [(e, "REG-1", e[:3]) for e in HAUTES[1:]]
    return pd.concat([
        table[["enfant", "parent", "hierarchie"]],
        pd.DataFrame(autres, columns=["enfant", "parent", "hierarchie"]),
    ])  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    valeurs=st.lists(st.integers(0, 60), min_size=6, max_size=6),
    primaires=st.sets(st.sampled_from(list(COMMUNES)), min_size=1, max_size=3),
)
def test_once_reinforced_nothing_hidden_is_within_ten_percent(valeurs: list[int], primaires: set[str]) -> None:
    tableau, g = effectif(dict(zip(COMMUNES, map(float, valeurs), strict=True)))
    soustraites = secret_secondaire(cellules_de(g, *primaires), sommes())["masque"].to_numpy(dtype=bool)
    tenu = renforce(tableau, soustraites, [g])
    mini, maxi = intervalles(tableau, tenu, g)
    assert not dedans(g.vrai, mini, maxi)[tenu].any()
    assert (soustraites <= tenu).all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(valeurs=st.lists(st.integers(0, 14), min_size=6, max_size=6), publiees=st.sampled_from([TOUTES, HAUTES]))
def test_it_holds_too_when_the_figure_is_the_number_of_units(valeurs: list[int], publiees: list[str]) -> None:
    """The attacker then knows by the codes that each small count is 1 or 2, on every level."""
    tableau, g = effectif(dict(zip(COMMUNES, map(float, valeurs), strict=True)), publiees)
    petits = (g.vrai > 0) & (g.vrai < 3)
    codes = tait_les_codes(tableau, np.where(petits, "A", "F").astype(object))
    su = grandeur(tableau, "n_unites", g.vrai, g.parts, codes_petits(codes, 3), np.full(len(g.parts), np.inf))
    assert audite(tableau, renforce(tableau, petits, [su]), [su]).tient


def test_without_secondary_suppression_the_auditor_finds_the_cell() -> None:
    tableau, g = effectif(VALEURS)
    constat = audite(tableau, masque(TOUTES, "COM-a"), [g])
    assert not constat.tient
    assert constat.plus_etroit == 0


def test_each_cell_added_is_needed_by_another_one() -> None:
    tableau, g = effectif(VALEURS)
    depart = secret_secondaire(cellules_de(g, "COM-a"), sommes())["masque"].to_numpy(dtype=bool)
    tenu = renforce(tableau, depart, [g])
    for ajoutee in np.flatnonzero(tenu & ~masque(TOUTES, "COM-a")):
        sans = tenu.copy()
        sans[ajoutee] = False
        assert not audite(tableau, sans, [g]).tient, tableau.codes[ajoutee]


def test_a_code_that_bounds_one_calls_a_third_one() -> None:
    """COM-a is 1 or 2: its only companion would be known within two units."""
    tableau, g = effectif(VALEURS)
    cache = masque(TOUTES, "COM-a", "COM-b")
    codes = {TOUTES.index("COM-a"): (1.0, 2.0)}
    sachant = grandeur(tableau, "n_unites", g.vrai, g.parts, codes, np.full(len(g.parts), np.inf))
    tenu = renforce(tableau, cache, [sachant])
    assert tenu.sum() > cache.sum()
    assert audite(tableau, tenu, [sachant]).tient


def test_codes_that_together_would_tell_the_number_of_units_are_not_all_said() -> None:
    """Two communes of one unit in an EPCI of two: coded « A » all three, they would be known."""
    tableau, g = effectif({**VALEURS, "COM-a": 1.0, "COM-b": 1.0})
    codes = np.array(["A" if c in ("COM-a", "COM-b", "EPCI-1") else "F" for c in TOUTES], dtype=object)
    cache = masque(TOUTES, "COM-a", "COM-b", "EPCI-1", "EPCI-2", "COM-c", "COM-d")

    def trouvees(dits: np.ndarray) -> set[str]:
        su = grandeur(tableau, "n_unites", g.vrai, g.parts, codes_petits(dits, 3), np.full(len(g.parts), np.inf))
        return {TOUTES[c] for c, _ in audite(tableau, cache, [su]).trouvees}

    tus = tait_les_codes(tableau, codes)
    assert {c: k for c, k in zip(TOUTES, tus, strict=True) if k != "F"} == {"EPCI-1": "D", "COM-a": "A", "COM-b": "A"}
    petits = {"EPCI-1", "COM-a", "COM-b"}
    assert petits <= trouvees(codes)
    assert not petits & trouvees(tus)


def test_what_was_added_is_secondary() -> None:
    codes = np.array(["A", "F", "F"], dtype=object)
    avant, apres = np.array([True, False, False]), np.array([True, True, False])
    assert complete(apres, avant, codes).tolist() == ["A", "D", "F"]


@pytest.mark.parametrize(("mini", "maxi", "oui"), [(90, 110, True), (89, 110, False), (90, 111, False)])
def test_the_margin_is_ten_percent_on_both_sides(mini: float, maxi: float, oui: bool) -> None:
    assert dedans(np.array([100.0]), np.array([float(mini)]), np.array([float(maxi)]))[0] == oui
