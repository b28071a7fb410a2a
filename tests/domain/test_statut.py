"""The statut, one definition, on published figures of the région (baromètre de la DITP, Agence Bio)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.avancement import Lecture, Sens, Seuils, Statut, Trajectoire, evalue

ARRETE = date(2026, 11, 23)
REELS = st.floats(-1e6, 1e6)


def fin(annee: int, mois: int = 12) -> date:
    return date(annee + mois // 12, mois % 12 + 1, 1) - timedelta(days=1)


SANTE = Trajectoire(141, fin(2022), 244, fin(2026))
SERIE_SANTE = [(fin(2022), 141.0), (fin(2023, 6), 141.0), (fin(2023), 145.0)]
CYCLABLE = Trajectoire(3679, fin(2022), 4434, fin(2026))
BIO = Trajectoire(5.9, fin(2017), 15, fin(2022))
CENT = Trajectoire(0, fin(2020), 100, fin(2030))


# --- published figures


def test_maisons_de_sante_are_late_at_3_9_percent_for_25_expected() -> None:
    avancement = evalue(SANTE, SERIE_SANTE, ARRETE)
    assert avancement.ta == pytest.approx(3.88, abs=0.01)
    assert avancement.ta_attendu == pytest.approx(24.98, abs=0.01)
    assert avancement.ecart == pytest.approx(3.88 - 24.98, abs=0.01)
    assert avancement.statut is Statut.EN_RETARD
    assert (avancement.va, avancement.date_va) == (145, fin(2023))


def test_fibre_is_on_its_path_at_79_9_percent_for_44_4_expected() -> None:
    fibre = Trajectoire(59.09, fin(2022, 6), 100, fin(2026))
    avancement = evalue(fibre, [(fin(2023, 12), 88.33), (fin(2024, 3), 90.51), (fin(2024, 6), 91.79)], ARRETE)
    assert avancement.ta == pytest.approx(79.93, abs=0.01)
    assert avancement.ta_attendu == pytest.approx(44.44, abs=0.01)
    assert avancement.statut is Statut.DANS_LA_TRAJECTOIRE


def test_one_dip_is_not_a_reversal_cycle_ways_are_to_watch() -> None:
    serie = [(fin(2024, 3), 3848.0), (fin(2024, 6), 3942.0), (fin(2024, 9), 3903.0)]
    avancement = evalue(CYCLABLE, serie, ARRETE)
    assert avancement.ta == pytest.approx(29.67, abs=0.01)
    assert avancement.ta_attendu == pytest.approx(43.74, abs=0.01)
    assert avancement.statut is Statut.A_SURVEILLER


def test_two_successive_dips_are_a_reversal() -> None:
    serie = [(fin(2024, 3), 3948.0), (fin(2024, 6), 3942.0), (fin(2024, 9), 3903.0)]
    avancement = evalue(CYCLABLE, serie, ARRETE)
    assert avancement.statut is Statut.EN_RECUL
    assert avancement.motif == "les deux dernières évolutions vont dans le mauvais sens"


def test_a_dip_then_a_plateau_is_not_a_reversal() -> None:
    serie = [(fin(2024, 3), 3948.0), (fin(2024, 6), 3903.0), (fin(2024, 9), 3903.0)]
    assert evalue(CYCLABLE, serie, ARRETE).statut is Statut.A_SURVEILLER


def test_the_organic_share_missed_its_target_of_2022() -> None:
    avancement = evalue(BIO, [(fin(2023), 10.08), (fin(2024), 9.91), (fin(2025), 9.77)], ARRETE)
    assert avancement.statut is Statut.ECHU_NON_ATTEINT
    assert avancement.motif == "échéance du 31 déc. 2022 passée"
    assert avancement.ta == pytest.approx(42.53, abs=0.01)
    assert avancement.effort_annuel is None


# --- the statut, one definition


def test_the_expected_path_is_read_at_the_date_of_the_value_not_today() -> None:
    vieux = evalue(CENT, [(fin(2022), 20.0)], ARRETE)
    assert vieux.ta_attendu == pytest.approx(20, abs=0.1)
    assert vieux.statut is Statut.DANS_LA_TRAJECTOIRE


@pytest.mark.parametrize(
    ("va", "statut"),
    [
        (100, Statut.ATTEINT),
        (48, Statut.DANS_LA_TRAJECTOIRE),
        (47, Statut.A_SURVEILLER),
        (31, Statut.A_SURVEILLER),
        (29, Statut.EN_RETARD),
        (-1, Statut.EN_RECUL),
    ],
)
def test_half_way_the_ratio_decides(va: float, statut: Statut) -> None:
    assert evalue(CENT, [(fin(2025), va)], ARRETE).statut is statut


@pytest.mark.parametrize(
    ("va", "statut"),
    [(1.4, Statut.DANS_LA_TRAJECTOIRE), (1.2, Statut.A_SURVEILLER), (0, Statut.A_SURVEILLER)],
)
def test_while_little_is_expected_the_gap_in_points_decides(va: float, statut: Statut) -> None:
    jour = date(2021, 3, 25)
    avancement = evalue(CENT, [(jour, va)], ARRETE)
    assert avancement.ta_attendu == pytest.approx(2.3, abs=0.01)
    assert avancement.statut is statut


def test_five_points_behind_while_little_is_expected_is_late() -> None:
    seuils = Seuils(attendu_faible=12)
    assert evalue(CENT, [(fin(2021), 5.1)], ARRETE, seuils).statut is Statut.A_SURVEILLER
    assert evalue(CENT, [(fin(2021), 4.9)], ARRETE, seuils).statut is Statut.EN_RETARD


def test_thresholds_come_from_the_espace() -> None:
    doux = Seuils(ratio_trajectoire=0.5, ratio_surveiller=0.2)
    assert evalue(CENT, [(fin(2025), 29.0)], ARRETE, doux).statut is Statut.DANS_LA_TRAJECTOIRE
    with pytest.raises(ValueError, match="à surveiller"):
        Seuils(ratio_trajectoire=0.5, ratio_surveiller=0.6)
    with pytest.raises(ValueError, match="inconnu"):
        Seuils.model_validate({"inconnu": 1})


def test_a_target_met_stays_met_after_its_date_and_asks_for_no_effort() -> None:
    avancement = evalue(BIO, [(fin(2022), 15.2)], ARRETE)
    assert avancement.statut is Statut.ATTEINT
    assert avancement.effort_annuel is None


def test_the_day_of_the_echeance_is_not_past_it() -> None:
    serie = [(fin(2025), 50.0)]
    assert evalue(CENT, serie, fin(2030)).statut is Statut.DANS_LA_TRAJECTOIRE
    assert evalue(CENT, serie, fin(2030) + timedelta(days=1)).statut is Statut.ECHU_NON_ATTEINT


@pytest.mark.parametrize(
    ("trajectoire", "serie", "motif"),
    [
        (Trajectoire(0, fin(2020), None, None), [(fin(2025), 5.0)], "pas de cible"),
        (CENT, [], "aucune valeur observée"),
        (CENT, [(fin(2025), float("nan"))], "aucune valeur observée"),
        (CENT, [(fin(2027), 50.0)], "aucune valeur observée"),
        (CENT, [(fin(2019), 5.0)], "aucune valeur depuis la valeur initiale (31 déc. 2020)"),
        (
            Trajectoire(None, None, 100, fin(2030)),
            [(fin(2025), 5.0)],
            "pas de valeur initiale et sens voulu non déclaré",
        ),
        (
            Trajectoire(None, None, 100, fin(2030), sens="hausse"),
            [(fin(2025), 5.0)],
            "pas de valeur initiale",
        ),
        (
            Trajectoire(100, fin(2020), 100, fin(2030)),
            [(fin(2025), 5.0)],
            "valeur initiale égale à la cible et sens voulu non déclaré",
        ),
        (
            Trajectoire(0, fin(2020), 100, None),
            [(fin(2025), 5.0)],
            "trajectoire attendue inconnue : date initiale ou échéance absente",
        ),
    ],
)
def test_what_cannot_be_measured_says_why(
    trajectoire: Trajectoire, serie: list[tuple[date, float]], motif: str
) -> None:
    avancement = evalue(trajectoire, serie, ARRETE)
    assert (avancement.statut, avancement.motif) == (Statut.NON_MESURE, motif)
    assert avancement.ecart is None


def test_a_target_without_vi_is_met_or_missed_when_its_direction_is_declared() -> None:
    but = Trajectoire(None, None, 15, fin(2022), sens=Sens.HAUSSE)
    assert evalue(but, [(fin(2025), 15.0)], ARRETE).statut is Statut.ATTEINT
    assert evalue(but, [(fin(2025), 9.8)], ARRETE).statut is Statut.ECHU_NON_ATTEINT


def test_a_falling_indicator_follows_the_same_rules() -> None:
    but = Trajectoire(100, fin(2020), 60, fin(2030))
    assert evalue(but, [(fin(2025), 80.0)], ARRETE).statut is Statut.DANS_LA_TRAJECTOIRE
    assert evalue(but, [(fin(2025), 59.0)], ARRETE).statut is Statut.ATTEINT
    assert evalue(but, [(fin(2025), 101.0)], ARRETE).statut is Statut.EN_RECUL
    hausses = [(fin(2023), 70.0), (fin(2024), 71.0), (fin(2025), 72.0)]
    assert evalue(but, hausses, ARRETE).statut is Statut.EN_RECUL


def test_every_statut_has_its_words() -> None:
    assert [s.libelle for s in Statut] == [
        "atteint",
        "dans la trajectoire",
        "à surveiller",
        "en retard",
        "en recul",
        "échu non atteint",
        "non mesuré",
    ]


# --- the nature of the series

CUMUL = [(fin(2022), 29619.0), (fin(2023, 11), 29209.0), (fin(2023), 29960.0), (fin(2024, 1), 628.0)]
APPRENTISSAGE = Trajectoire(26223, fin(2021), 35187, fin(2026))


def test_a_running_total_that_restarts_in_january_is_not_a_fall() -> None:
    avancement = evalue(APPRENTISSAGE, CUMUL, ARRETE, lecture=Lecture.CUMUL_ANNUEL)
    assert (avancement.va, avancement.date_va) == (29960, fin(2023))
    assert avancement.ta == pytest.approx(41.69, abs=0.01)
    assert avancement.statut is Statut.DANS_LA_TRAJECTOIRE
    assert evalue(APPRENTISSAGE, CUMUL, ARRETE).statut is Statut.EN_RECUL


def test_a_running_total_without_a_closed_year_is_not_measured() -> None:
    avancement = evalue(APPRENTISSAGE, CUMUL[-1:], ARRETE, lecture="cumul_annuel")
    assert avancement.statut is Statut.NON_MESURE
    assert "sans année close" in (avancement.motif or "")


def test_a_running_total_reverses_when_its_closed_years_do() -> None:
    serie = [(fin(2022), 29000.0), (fin(2023), 28000.0), (fin(2024), 27000.0), (fin(2025, 6), 2000.0)]
    assert evalue(APPRENTISSAGE, serie, ARRETE, lecture="cumul_annuel").statut is Statut.EN_RECUL


def test_a_seasonal_flux_is_compared_with_the_same_month() -> None:
    but = Trajectoire(20, fin(2020), 100, fin(2030))
    saison = [(fin(2023, 8), 44.0), (fin(2024, 6), 90.0), (fin(2024, 7), 70.0), (fin(2024, 8), 50.0)]
    assert evalue(but, saison, ARRETE, lecture="flux").statut is Statut.DANS_LA_TRAJECTOIRE
    assert evalue(but, saison, ARRETE, lecture="stock").statut is Statut.EN_RECUL


@given(st.lists(st.tuples(st.dates(date(2018, 1, 1), date(2032, 1, 1)), REELS), max_size=8), REELS, REELS)
def test_evalue_always_answers_a_statut_and_a_reason_when_it_cannot(
    serie: list[tuple[date, float]], vi: float, vc: float
) -> None:
    avancement = evalue(Trajectoire(vi, fin(2020), vc, fin(2030)), serie, ARRETE)
    if avancement.statut is Statut.NON_MESURE:
        assert avancement.motif
    else:
        assert avancement.va is not None
    assert avancement.date_va is None or avancement.date_va <= ARRETE
