from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.periode import (
    Frequence,
    Periode,
    PeriodeInconnue,
    ajoute_mois,
    bornes_semaine,
    parse_periode,
    semaine_iso,
)

FORMES = [
    ("2023", "2023", date(2023, 1, 1), date(2023, 12, 31), Frequence.A),
    ("2023-S1", "1er sem. 2023", date(2023, 1, 1), date(2023, 6, 30), Frequence.S),
    ("2023-S2", "2e sem. 2023", date(2023, 7, 1), date(2023, 12, 31), Frequence.S),
    ("2023-T1", "1er trim. 2023", date(2023, 1, 1), date(2023, 3, 31), Frequence.T),
    ("2023-T4", "4e trim. 2023", date(2023, 10, 1), date(2023, 12, 31), Frequence.T),
    ("2024-02", "févr. 2024", date(2024, 2, 1), date(2024, 2, 29), Frequence.M),
    ("2023-12", "déc. 2023", date(2023, 12, 1), date(2023, 12, 31), Frequence.M),
    ("2023-12-31", "31 déc. 2023", date(2023, 12, 31), date(2023, 12, 31), Frequence.J),
    ("2017-2023", "2017-2023", date(2017, 1, 1), date(2023, 12, 31), Frequence.P),
]


@pytest.mark.parametrize(("code", "texte", "debut", "fin", "frequence"), FORMES)
def test_each_form_is_two_dates_and_a_rhythm_and_comes_back(
    code: str, texte: str, debut: date, fin: date, frequence: Frequence
) -> None:
    periode = parse_periode(code)
    assert periode == Periode(debut, fin, frequence)
    assert periode.code == code
    assert periode.texte == str(periode) == texte


@pytest.mark.parametrize("texte", ["sans-date", "", "2023-13", "2023-T5", "2023-S3", "2023-02-30", "23", "2023-2017"])
def test_what_is_not_a_period_is_refused_with_its_text_and_the_forms(texte: str) -> None:
    with pytest.raises(PeriodeInconnue, match="Formes admises : 2023, 2023-S1, 2023-T4, 2023-12") as refus:
        parse_periode(texte)
    assert f"« {texte} »" in str(refus.value)


def test_a_period_never_ends_before_it_starts() -> None:
    with pytest.raises(PeriodeInconnue, match="inversée"):
        Periode(date(2024, 1, 1), date(2023, 1, 1), Frequence.A)


def test_every_frequency_says_its_name_and_its_length() -> None:
    assert [f.mois for f in Frequence] == [12, 6, 3, 1, None, None]
    assert Frequence.P.libelle == "pluriannuelle"


@pytest.mark.parametrize(
    ("jour", "semaine"),
    [(date(2027, 1, 1), "2026-W53"), (date(2024, 12, 30), "2025-W01"), (date(2021, 1, 3), "2020-W53")],
)
def test_iso_weeks_belong_to_the_year_of_their_thursday(jour: date, semaine: str) -> None:
    assert semaine_iso(jour) == semaine
    lundi, dimanche = bornes_semaine(semaine)
    assert lundi <= jour <= dimanche
    assert (lundi.weekday(), dimanche - lundi) == (0, timedelta(days=6))


@pytest.mark.parametrize("code", ["2025-W53", "2026", "2026-W00", "semaine 3"])
def test_a_week_that_does_not_exist_is_refused(code: str) -> None:
    with pytest.raises(PeriodeInconnue, match="Forme admise : 2026-W47"):
        bornes_semaine(code)


def test_the_end_of_a_month_stays_the_end_of_a_month() -> None:
    assert ajoute_mois(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert ajoute_mois(date(2023, 6, 30), 6) == date(2023, 12, 31)
    assert ajoute_mois(date(2023, 1, 30), 1) == date(2023, 2, 28)
    assert ajoute_mois(date(2023, 11, 15), -12) == date(2022, 11, 15)


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(["A", "S", "T", "M", "J"]))
def test_any_period_around_any_day_comes_back_from_its_code(jour: date, frequence: str) -> None:
    codes = {
        "A": f"{jour.year}",
        "S": f"{jour.year}-S{(jour.month + 5) // 6}",
        "T": f"{jour.year}-T{(jour.month + 2) // 3}",
        "M": f"{jour:%Y-%m}",
        "J": f"{jour}",
    }
    periode = parse_periode(codes[frequence])
    assert periode.debut <= jour <= periode.fin
    assert parse_periode(periode.code) == periode
    assert bornes_semaine(semaine_iso(jour))[0] <= jour
