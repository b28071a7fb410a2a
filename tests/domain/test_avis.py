"""An alert is told once: it is new again only when its figure, its target or its words changed. Figures invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from dashboard.domain.alertes import Alerte, alertes_de
from dashboard.domain.apports import Meteo
from dashboard.domain.avis import Filtre, cle, depuis, list_avis
from tests.dossiers import ARRETE, decision, dossier, situation, synthese

TARD = dossier(situation(va=10, delai_mois=0), mots=synthese(Meteo.SOLEIL), decisions=(decision(date(2026, 11, 1)),))


def test_an_unchanged_alert_keeps_its_key_as_days_pass() -> None:
    demain = replace(TARD, arrete=TARD.arrete + timedelta(days=30))
    assert len(alertes_de(TARD)) == 4
    for alerte in alertes_de(TARD):
        assert cle(alerte, TARD) == cle(alerte, demain)
        assert depuis(alerte, TARD) == depuis(alerte, demain)


def test_every_alert_of_every_programme_has_its_own_key() -> None:
    autre = dossier(situation(va=10, delai_mois=0), id="autre")
    cles = [cle(a, d) for d in (TARD, autre) for a in Alerte]
    assert len(set(cles)) == len(cles)
    assert all(len(c) < 200 and c.isascii() for c in cles)


@pytest.mark.parametrize("autre", [situation(va=11), situation(va=10, vc=101), situation(va=10, echeance=2027)])
def test_another_figure_or_another_target_is_another_alert(autre) -> None:  # type: ignore[no-untyped-def]
    assert cle(Alerte.EN_RETARD, dossier(autre)) != cle(Alerte.EN_RETARD, dossier(situation(va=10)))


def test_what_does_not_cause_the_alert_does_not_make_it_new() -> None:
    avant = dossier(situation("centres", 10), situation("maisons", 60))
    apres = dossier(situation("centres", 10), situation("maisons", 61))
    assert cle(Alerte.EN_RETARD, avant) == cle(Alerte.EN_RETARD, apres)


def test_a_decision_that_is_put_off_or_added_is_new_and_one_reworded_is_not() -> None:
    def une(*decisions):  # type: ignore[no-untyped-def]
        return cle(Alerte.DECISION_DEPASSEE, dossier(decisions=decisions))

    premiere = decision(date(2026, 11, 1))
    assert une(premiere) == une(decision(date(2026, 11, 1), titre="Reformulée"))
    assert une(premiere) != une(decision(date(2026, 11, 2)))
    assert une(premiere) != une(premiere, decision(date(2026, 11, 1), fil=9))


def test_a_meteo_changed_for_another_that_still_contradicts_is_new() -> None:
    avant, apres = (dossier(situation(va=10), mots=synthese(m)) for m in (Meteo.SOLEIL, Meteo.COUVERT))
    assert cle(Alerte.METEO_CONTREDITE, avant) != cle(Alerte.METEO_CONTREDITE, apres)


def test_each_alert_dates_from_its_fact() -> None:
    assert depuis(Alerte.EN_RETARD, TARD) == date(2024, 12, 31)
    assert depuis(Alerte.PERIME, TARD) == date(2025, 12, 31)
    assert depuis(Alerte.METEO_CONTREDITE, TARD) == date(2026, 11, 2)
    assert depuis(Alerte.DECISION_DEPASSEE, TARD) == date(2026, 11, 1)
    assert depuis(Alerte.ECHU, dossier(situation(va=50, echeance=2025))) == date(2025, 12, 31)
    assert depuis(Alerte.METEO_ABSENTE, dossier()) == date(2024, 12, 31)
    assert depuis(Alerte.NON_MESURE, dossier(situation(va=None))) is None


def test_a_decision_to_come_dates_from_its_announcement_never_from_the_future() -> None:
    proche, lointaine = (dossier(decisions=(decision(ARRETE + timedelta(days=j)),)) for j in (5, 30))
    assert depuis(Alerte.DECISION_ATTENDUE, proche) == date(2026, 11, 2)
    assert depuis(Alerte.DECISION_ATTENDUE, lointaine) == ARRETE


def test_a_filter_keeps_its_programmes_and_its_kinds_in_the_order_of_gravity() -> None:
    autre = dossier(situation(va=10), id="autre")
    tous = list_avis([TARD, autre], Filtre())
    assert [a.alerte for a in tous] == sorted((a.alerte for a in tous), key=list(Alerte).index)
    choisis = list_avis([TARD, autre], Filtre(("autre",), "", (Alerte.PERIME, Alerte.METEO_ABSENTE, Alerte.EN_RETARD)))
    assert [(a.dossier.etat.programme.id, a.alerte) for a in choisis] == [
        ("autre", Alerte.EN_RETARD), ("autre", Alerte.METEO_ABSENTE),
    ]  # fmt: skip
    assert list_avis([TARD], Filtre(("absent",))) == []
