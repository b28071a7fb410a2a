"""What is hidden stays hidden: an independent attacker, with exact fractions, tries every subtraction."""

from fractions import Fraction

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.secret import masque, recuperables, secret_secondaire


def codes(n_unites: list[float], part_max: list[float], minimum: int | None, dominance: float | None) -> list[str]:
    frame = pd.DataFrame({"n_unites": n_unites, "part_max": part_max})
    resultat = masque(frame, minimum, dominance)
    assert (resultat["masque"] == (resultat["confidentialite"] != "F")).all()
    return resultat["confidentialite"].tolist()


def test_too_few_units_are_hidden_and_an_empty_set_is_not() -> None:
    assert codes([0, 1, 2, 3, 50], [0] * 5, 3, None) == ["F", "A", "A", "F", "F"]
    assert codes([10, 11], [0, 0], 11, None) == ["A", "F"]


def test_one_dominant_unit_hides_the_value() -> None:
    assert codes([50, 50, 2], [0.85, 0.86, 0.9], 3, 0.85) == ["F", "T", "A"]


def test_what_cannot_be_checked_is_hidden_only_when_a_rule_is_declared() -> None:
    assert codes([np.nan, 5], [0.1, np.nan], 3, 0.85) == ["A", "T"]
    assert codes([np.nan, 1], [np.nan, 1], None, None) == ["F", "F"]
    assert masque(pd.DataFrame({"valeur": [1.0]}), 3, None)["masque"].tolist() == [True]


def cellules(poids: dict[str, float], *caches: str) -> pd.DataFrame:
    table = pd.DataFrame({"code": list(poids), "poids": list(poids.values())})
    return table.assign(masque=table["code"].isin(caches))


def liens(**enfants: str) -> pd.DataFrame:
    """R1="ABC" reads: R is the sum of A, B and C in the hierarchy 1."""
    lignes = [(e, nom[0], nom[1:]) for nom, noms in enfants.items() for e in noms]
    return pd.DataFrame(lignes, columns=["enfant", "parent", "hierarchie"])


def caches(resultat: pd.DataFrame) -> set[str]:
    return set(resultat.loc[resultat["masque"], "code"])


def test_a_hidden_child_takes_the_smallest_other_child_with_it() -> None:
    depart = cellules({"R": 10, "A": 1, "B": 4, "C": 5}, "A")
    assert recuperables(depart, liens(R1="ABC")) == ["A"]
    resultat = secret_secondaire(depart, liens(R1="ABC"))
    assert caches(resultat) == {"A", "B"}
    assert resultat["confidentialite"].tolist() == ["F", "A", "D", "F"]


def test_a_zero_is_taken_last_because_it_would_give_the_other_away() -> None:
    assert caches(secret_secondaire(cellules({"R": 6, "A": 1, "B": 0, "C": 5}, "A"), liens(R1="ABC"))) == {
        "A",
        "C",
    }
    assert caches(secret_secondaire(cellules({"R": 1, "A": 1, "B": 0}, "A"), liens(R1="AB"))) == {"A", "B"}


def test_an_only_child_hides_its_parent_and_the_parent_takes_a_sibling() -> None:
    depart = cellules({"R": 9, "P": 1, "Q": 8, "A": 1}, "A")
    resultat = secret_secondaire(depart, liens(R1="PQ", P1="A"))
    assert caches(resultat) == {"A", "P", "Q"}


def test_an_epci_across_two_departements_does_not_betray_a_commune() -> None:
    """Every parent hides two children, and yet c = E - (a + b) = E - D while D is shown."""
    poids = {"D": 30, "F": 70, "E": 60, "a": 10, "b": 20, "c": 30, "d": 40}
    tables = liens(D1="ab", F1="cd", E2="abc")
    depart = cellules(poids, "a", "b", "c", "d")
    assert set(recuperables(depart, tables)) == {"c", "d"}
    resultat = secret_secondaire(depart, tables)
    assert recuperables(resultat, tables) == []


def test_the_reason_of_the_primary_secret_is_kept() -> None:
    depart = cellules({"R": 10, "A": 1, "B": 4}, "A").assign(confidentialite=["F", "T", "F"])
    assert secret_secondaire(depart, liens(R1="AB"))["confidentialite"].tolist() == ["F", "T", "D"]


def test_a_parent_that_is_not_shown_gives_nothing_away() -> None:
    depart = cellules({"A": 1, "B": 4}, "A")
    assert caches(secret_secondaire(depart, liens(R1="AB"))) == {"A"}
    assert caches(secret_secondaire(depart, liens(R1="").head(0))) == {"A"}


def test_nothing_hidden_hides_nothing() -> None:
    assert caches(secret_secondaire(cellules({"R": 5, "A": 1, "B": 4}), liens(R1="AB"))) == set()


def test_one_companion_that_protects_two_sums_is_preferred_to_two() -> None:
    poids = {"D": 60, "E": 60, "a": 1, "b": 20, "c": 5, "d": 6}
    resultat = secret_secondaire(cellules(poids, "a"), liens(D1="abc", E1="abd"))
    assert caches(resultat) == {"a", "b"}


def test_what_an_earlier_snapshot_hid_stays_hidden() -> None:
    hier = secret_secondaire(cellules({"R": 10, "A": 1, "B": 4, "C": 5}, "A"), liens(R1="ABC"))
    revise = cellules({"R": 10, "A": 1, "B": 6, "C": 3}, *caches(hier))
    assert caches(secret_secondaire(revise, liens(R1="ABC"))) == {"A", "B"}


@st.composite
def regions(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A région with its départements, its EPCI that straddle them, its communes, and some cells hidden."""
    n = draw(st.integers(3, 14))
    dep = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    epci = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    poids = draw(st.lists(st.integers(0, 30), min_size=n, max_size=n))
    communes = [f"C{i}" for i in range(n)]
    lignes = [(c, f"D{d}", "com") for c, d in zip(communes, dep, strict=True)]
    lignes += [(c, f"E{e}", "com") for c, e in zip(communes, epci, strict=True)]
    lignes += [(d, "R", "dep") for d in sorted({p for _, p, _ in lignes if p[0] == "D"})]
    lignes += [(e, "R", "epci") for e in sorted({p for _, p, _ in lignes if p[0] == "E"})]
    tables = pd.DataFrame(lignes, columns=["enfant", "parent", "hierarchie"])
    valeurs = dict(zip(communes, poids, strict=True))
    for parent in [*sorted({p for _, p, h in lignes if h == "com"}), "R"]:
        enfants = {e for e, p, h in lignes if p == parent and h in ("com", "dep")}
        valeurs[parent] = sum(valeurs[e] for e in enfants)
    caches_ = draw(st.lists(st.sampled_from(communes), unique=True, max_size=4))
    return cellules({c: float(v) for c, v in valeurs.items()}, *caches_), tables


def attaque(table: pd.DataFrame, tables: pd.DataFrame) -> set[str]:
    """Codes isolated by Gauss-Jordan elimination, in exact fractions, on what the reader does not see."""
    inconnus = table.loc[table["masque"], "code"].tolist()
    lignes: list[list[Fraction]] = []
    for (parent, _), groupe in tables.groupby(["parent", "hierarchie"]):
        enfants = set(groupe["enfant"])
        lignes.append([Fraction((c in enfants) - (c == parent)) for c in inconnus])
    pivot = 0
    for colonne in range(len(inconnus)):
        choix = next((i for i in range(pivot, len(lignes)) if lignes[i][colonne]), None)
        if choix is None:
            continue
        lignes[pivot], lignes[choix] = lignes[choix], lignes[pivot]
        tete = [x / lignes[pivot][colonne] for x in lignes[pivot]]
        lignes = [
            tete if i == pivot else [x - ligne[colonne] * t for x, t in zip(ligne, tete, strict=True)]
            for i, ligne in enumerate(lignes)
        ]
        pivot += 1
    seules = [[i for i, x in enumerate(ligne) if x] for ligne in lignes]
    return {inconnus[s[0]] for s in seules if len(s) == 1}


@given(regions())
def test_nothing_hidden_is_recoverable_by_any_chain_of_subtractions(
    region: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    depart, tables = region
    assert set(recuperables(depart, tables)) == attaque(depart, tables)
    resultat = secret_secondaire(depart, tables)
    assert caches(depart) <= caches(resultat)
    assert attaque(resultat, tables) == set()


@given(regions())
def test_a_shown_parent_hides_no_child_or_at_least_two(region: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    depart, tables = region
    perdus = caches(secret_secondaire(depart, tables))
    for (parent, _), groupe in tables.groupby(["parent", "hierarchie"]):
        if parent not in perdus:
            assert len(perdus & set(groupe["enfant"])) != 1
