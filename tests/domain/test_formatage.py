import math
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.formatage import (
    avec_unite,
    compte,
    date_courte,
    date_heure,
    date_longue,
    en_phrase,
    liste,
    mois_annee,
    nombre,
    ordinal,
    pluriel,
    pourcentage,
    signe,
)

FINE = "\u202f"


@pytest.mark.parametrize(
    ("x", "decimales", "texte"),
    [
        (1234.5, 1, f"1{FINE}234,5"),
        (2_802_670, 0, f"2{FINE}802{FINE}670"),
        (-1234.25, 2, f"−1{FINE}234,25"),
        (2.5, 0, "3"),
        (0.125, 2, "0,13"),
        (1.005, 2, "1,01"),
        (-0.04, 1, "0,0"),
        (7, 2, "7,00"),
        (Decimal("12.345"), 1, "12,3"),
        (np.float32(2.5), 1, "2,5"),
        (np.int64(3685), 0, f"3{FINE}685"),
        (1e21, 0, FINE.join(["1", *["000"] * 7])),
    ],
)
def test_numbers_are_french(x: float, decimales: int, texte: str) -> None:
    assert nombre(x, decimales) == texte


@pytest.mark.parametrize("x", [None, float("nan"), np.nan, pd.NA, math.inf])
def test_missing_is_nd_and_carries_no_unit_and_no_sign(x: float | None) -> None:
    assert nombre(x) == pourcentage(x) == avec_unite(x, "ha") == signe(x) == "n.d."


def test_secret_is_s_whatever_the_value() -> None:
    assert nombre(12, secret=True) == pourcentage(None, secret=True) == signe(3, secret=True) == "s."
    assert avec_unite(3, "ha", secret=True) == "s."


def test_units_follow_a_narrow_no_break_space() -> None:
    assert pourcentage(12.3) == f"12,3{FINE}%"
    assert pourcentage(100, 0) == f"100{FINE}%"
    assert avec_unite(1500, "ha") == f"1{FINE}500{FINE}ha"
    assert avec_unite(1500, "") == f"1{FINE}500"


def test_changes_carry_a_real_sign_and_zero_carries_none() -> None:
    assert signe(1.25, 1, "pt") == f"+1,3{FINE}pt"
    assert signe(-3) == "−3"
    assert signe(0) == signe(0.3) == signe(-0.3) == "0"


def test_dates_are_french_and_the_first_is_premier() -> None:
    assert date_courte(date(2026, 11, 23)) == "23 nov. 2026"
    assert date_courte(date(2026, 1, 1)) == "1er janv. 2026"
    assert date_courte(date(2026, 8, 31)) == "31 août 2026"
    assert date_longue(date(2026, 5, 1)) == "1er mai 2026"
    assert date_longue(date(2026, 2, 21)) == "21 février 2026"
    assert mois_annee(date(2023, 12, 5)) == "déc. 2023"
    assert mois_annee(date(2023, 12, 5), court=False) == "décembre 2023"


def test_instants_are_stored_in_utc_and_shown_in_paris() -> None:
    assert date_heure(datetime(2026, 6, 30, 22, 5, tzinfo=UTC)) == "1er juil. 2026 à 00:05"
    assert date_heure(datetime(2026, 11, 23, 13, 5, tzinfo=UTC)) == "23 nov. 2026 à 14:05"
    with pytest.raises(ValueError, match="sans fuseau"):
        date_heure(datetime(2026, 11, 23))


@pytest.mark.parametrize(("n", "mot"), [(0, "commune"), (1, "commune"), (1.9, "commune"), (2, "communes")])
def test_zero_and_one_are_singular_in_french(n: float, mot: str) -> None:
    assert pluriel(n, "commune", "communes") == mot


def test_counts_carry_their_word() -> None:
    assert compte(0, "commune", "communes") == f"0{FINE}commune"
    assert compte(3685, "commune", "communes") == f"3{FINE}685{FINE}communes"


def test_lists_end_with_et() -> None:
    assert liste(["a", "b", "c"]) == "a, b et c"
    assert liste(["a", "b"]) == "a et b"
    assert liste(["a"]) == "a"
    assert liste([]) == ""
    assert liste(["a", "b"], "ou") == "a ou b"


def test_ordinals() -> None:
    assert [ordinal(1), ordinal(2), ordinal(1, feminin=True), ordinal(21)] == ["1er", "2e", "1re", "21e"]


@given(st.floats(-1e15, 1e15), st.integers(0, 4))
def test_a_shown_number_reads_back_as_the_rounded_number(x: float, decimales: int) -> None:
    lu = nombre(x, decimales).replace(FINE, "").replace("−", "-").replace(",", ".")
    assert abs(Decimal(lu) - Decimal(repr(x))) <= Decimal(1).scaleb(-decimales) / 2
    assert lu != "-0"


@pytest.mark.parametrize(
    ("libelle", "attendu"),
    [
        ("Régularité des TER", "régularité des TER"),
        ("EPCI de la région", "EPCI de la région"),
        ("Âge", "âge"),
        ("", ""),
    ],
)
def test_a_label_inside_a_sentence_keeps_its_acronyms(libelle: str, attendu: str) -> None:
    assert en_phrase(libelle) == attendu
