from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.fraicheur import Fraicheur, age_mois, fraicheur
from dashboard.domain.periode import ajoute_mois

FIN = date(2023, 12, 31)


@pytest.mark.parametrize(
    ("arrete", "attendu"),
    [
        (date(2024, 1, 1), Fraicheur.A_JOUR),
        (date(2024, 6, 30), Fraicheur.A_JOUR),
        (date(2024, 7, 1), Fraicheur.EN_ATTENTE),
        (date(2024, 9, 30), Fraicheur.EN_ATTENTE),
        (date(2024, 10, 1), Fraicheur.PERIME),
        (date(2026, 11, 23), Fraicheur.PERIME),
    ],
)
def test_a_half_yearly_value_due_three_months_late(arrete: date, attendu: Fraicheur) -> None:
    assert fraicheur(FIN, rythme_mois=6, delai_mois=3, date_arrete=arrete) is attendu


def test_without_a_value_there_is_no_freshness() -> None:
    assert fraicheur(None, 12, 6, date(2026, 11, 23)) is None


def test_freshness_has_words() -> None:
    assert [f.libelle for f in Fraicheur] == ["à jour", "en attente", "périmé"]


def test_age_counts_whole_months() -> None:
    assert age_mois(FIN, date(2024, 1, 30)) == 0
    assert age_mois(FIN, date(2024, 1, 31)) == 1
    assert age_mois(FIN, date(2026, 11, 23)) == 34
    assert age_mois(FIN, date(2023, 6, 1)) == 0


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.integers(1, 36), st.integers(0, 24), st.integers(0, 90))
def test_time_passing_never_makes_a_value_fresher(fin: date, rythme: int, delai: int, mois: int) -> None:
    etats = list(Fraicheur)
    avant = fraicheur(fin, rythme, delai, ajoute_mois(fin, mois))
    apres = fraicheur(fin, rythme, delai, ajoute_mois(fin, mois + 1))
    assert avant is not None
    assert apres is not None
    assert etats.index(avant) <= etats.index(apres)
