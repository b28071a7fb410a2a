"""The six measures: their thresholds, their verdicts, their words. Figures are invented."""

from datetime import date

import pytest
from pydantic import ValidationError

from dashboard.domain.qualite import (
    DEFAUTS,
    Dimension,
    Mesure,
    Seuil,
    Seuils,
    Verdict,
    jours_de_retard,
    juge,
    part,
    pire,
    sans,
)


@pytest.mark.parametrize(
    ("dimension", "valeur", "verdict"),
    [
        (Dimension.COMPLETUDE, 95.0, Verdict.BON),
        (Dimension.COMPLETUDE, 94.9, Verdict.A_SURVEILLER),
        (Dimension.PONCTUALITE, 0, Verdict.BON),
        (Dimension.PONCTUALITE, 1, Verdict.A_SURVEILLER),
        (Dimension.VALIDITE, 99.99, Verdict.A_SURVEILLER),
        (Dimension.UNICITE, 100, Verdict.BON),
        (Dimension.COHERENCE, 0.5, Verdict.BON),
        (Dimension.COHERENCE, 0.51, Verdict.A_SURVEILLER),
        (Dimension.REVISIONS, 10, Verdict.BON),
        (Dimension.REVISIONS, 10.1, Verdict.A_SURVEILLER),
        (Dimension.COMPLETUDE, None, Verdict.NON_MESURABLE),
    ],
)
def test_the_default_thresholds_warn_past_themselves(
    dimension: Dimension, valeur: float | None, verdict: Verdict
) -> None:
    assert juge(dimension, valeur, Seuils()) is verdict


def test_a_source_overrides_one_threshold_and_keeps_the_others() -> None:
    seuils = Seuils(completude=Seuil(bloque=50))
    assert seuils.pour(Dimension.COMPLETUDE) == Seuil(alerte=95, bloque=50)
    assert juge(Dimension.COMPLETUDE, 49.9, seuils) is Verdict.BLOQUANT
    assert juge(Dimension.COMPLETUDE, 50, seuils) is Verdict.A_SURVEILLER
    assert seuils.pour(Dimension.COHERENCE) == DEFAUTS[Dimension.COHERENCE]


def test_nothing_blocks_unless_it_is_declared_and_lateness_never_does() -> None:
    assert all(s.bloque is None for s in DEFAUTS.values())
    with pytest.raises(ValidationError, match="une livraison tardive ne se refuse pas"):
        Seuils(ponctualite=Seuil(bloque=30))
    with pytest.raises(ValidationError):
        Seuil(alerte=float("nan"))


def test_lateness_counts_the_days_past_rhythm_and_delay() -> None:
    fin = date(2023, 12, 31)
    assert jours_de_retard(fin, 12, 12, date(2025, 12, 31)) == 0
    assert jours_de_retard(fin, 12, 12, date(2026, 1, 1)) == 1
    assert jours_de_retard(fin, 12, 0, date(2025, 1, 30)) == 30


def test_a_share_is_never_rounded_to_all_or_nothing() -> None:
    assert [part(v) for v in (0, 0.01, 50, 99.99, 100)] == [
        "0\u202f%", "0,1\u202f%", "50,0\u202f%", "99,9\u202f%", "100\u202f%",
    ]  # fmt: skip


def test_the_worst_verdict_wins_and_what_is_not_measured_says_nothing() -> None:
    assert pire([Verdict.NON_MESURABLE, Verdict.BON]) is Verdict.BON
    assert pire([Verdict.BON, Verdict.A_SURVEILLER, Verdict.BLOQUANT]) is Verdict.BLOQUANT
    assert pire([]) is Verdict.NON_MESURABLE


def test_a_measure_is_read_in_its_own_unit() -> None:
    def lue(dimension: Dimension, valeur: float) -> str:
        return Mesure(dimension, valeur, dimension.unite, Verdict.BON, "").texte

    assert lue(Dimension.PONCTUALITE, 0) == "à l'heure"
    assert lue(Dimension.PONCTUALITE, 1333) == "1\u202f333 j"
    assert lue(Dimension.COMPLETUDE, 98.62) == "98,6\u202f%"
    assert sans(Dimension.COHERENCE, "rien").texte == "—"


def test_each_dimension_is_defined_and_named_as_the_w3c_names_it() -> None:
    assert len({d.dqv for d in Dimension}) == len({d.definition for d in Dimension}) == len(Dimension) == 6
    assert Dimension.COMPLETUDE.dqv == "http://www.w3.org/2016/05/ldqd#completeness"
