"""The rules of alerts, in sentences that a policy officer can sign. Figures invented."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dashboard.domain.alertes import (
    REGLES,
    Alerte,
    alertes_de,
    causes,
    compte_alertes,
    decision_attendue,
    decision_depassee,
    echu,
    en_recul,
    en_retard,
    meteo_absente,
    meteo_contredit,
    non_mesure,
    perime,
    phrase_alerte,
)
from dashboard.domain.apports import EtatDecision, Meteo
from tests.dossiers import ARRETE, decision, dossier, situation, synthese

DEMAIN, HIER = ARRETE + timedelta(days=1), ARRETE - timedelta(days=1)


def dit(alerte: Alerte, *args: object, **autres: object) -> str:
    """The sentence, with plain spaces."""
    return phrase_alerte(alerte, dossier(*args, **autres)).replace("\u202f", " ")  # type: ignore[arg-type]


def test_a_programme_under_sixty_percent_of_its_expected_path_is_late() -> None:
    assert en_retard(dossier(situation(va=29)))
    assert not en_retard(dossier(situation(va=31)))


def test_a_programme_that_moved_away_from_its_target_is_said_to_move_away_and_not_late() -> None:
    assert en_recul(dossier(situation(va=-1)))
    assert not en_retard(dossier(situation(va=-1)))
    assert not en_recul(dossier(situation(va=29)))


def test_a_programme_whose_date_has_passed_without_its_target_is_expired() -> None:
    assert echu(dossier(situation(va=50, echeance=2025)))
    assert not echu(dossier(situation(va=100, echeance=2025)))
    assert not echu(dossier(situation(va=50, echeance=2026)))


def test_a_programme_without_any_figure_is_not_measured_and_never_fine() -> None:
    assert non_mesure(dossier(situation(va=None)))
    assert not non_mesure(dossier(situation(va=0)))


def test_a_figure_that_should_have_been_replaced_by_now_is_out_of_date() -> None:
    assert perime(dossier(situation(delai_mois=6)))
    assert not perime(dossier(situation(delai_mois=12)))
    assert not perime(dossier(situation(va=None)))


def test_a_measured_programme_that_nobody_judged_lacks_its_meteo() -> None:
    assert meteo_absente(dossier())
    assert not meteo_absente(dossier(mots=synthese()))
    assert not meteo_absente(dossier(situation(va=None)))


def test_a_sunny_meteo_on_a_late_programme_has_to_be_explained() -> None:
    assert meteo_contredit(dossier(situation(va=10), mots=synthese(Meteo.SOLEIL)))
    assert not meteo_contredit(dossier(situation(va=10), mots=synthese(Meteo.ORAGE)))
    assert meteo_contredit(dossier(situation(va=50), mots=synthese(Meteo.ORAGE)))


@pytest.mark.parametrize("meteo", Meteo)
def test_no_meteo_contradicts_a_programme_that_is_not_measured(meteo: Meteo) -> None:
    assert not meteo_contredit(dossier(situation(va=None), mots=synthese(meteo)))


def test_a_decision_still_open_the_day_after_its_date_is_late() -> None:
    assert decision_depassee(dossier(decisions=(decision(HIER),)))
    assert not decision_depassee(dossier(decisions=(decision(ARRETE),)))


def test_a_decision_taken_or_dropped_is_neither_late_nor_awaited() -> None:
    for fini in (EtatDecision.PRISE, EtatDecision.ABANDONNEE):
        clos = dossier(decisions=(decision(HIER, etat=fini), decision(DEMAIN, fil=3, etat=fini)))
        assert not decision_depassee(clos)
        assert not decision_attendue(clos)


def test_a_decision_is_awaited_from_thirty_days_before_its_date_to_that_date() -> None:
    for jours, attendue in ((-1, False), (0, True), (30, True), (31, False)):
        seule = dossier(decisions=(decision(ARRETE + timedelta(days=jours)),))
        assert decision_attendue(seule) is attendue, jours


def test_every_alert_has_one_rule_a_short_label_and_a_sentence() -> None:
    assert set(REGLES) == set(Alerte)
    assert all(0 < len(a.libelle) <= 20 for a in Alerte)
    assert len({a.libelle for a in Alerte}) == len(Alerte)


def test_a_programme_on_its_path_judged_and_fresh_raises_nothing() -> None:
    assert alertes_de(dossier(mots=synthese(Meteo.SOLEIL))) == ()


def test_alerts_come_the_most_serious_first_and_are_counted_with_their_zeros() -> None:
    pire = dossier(situation(va=-5, delai_mois=0), decisions=(decision(HIER),))
    assert alertes_de(pire) == (Alerte.EN_RECUL, Alerte.DECISION_DEPASSEE, Alerte.PERIME, Alerte.METEO_ABSENTE)
    comptes = compte_alertes([pire, dossier(), dossier(situation(va=10))])
    assert list(comptes) == list(Alerte)
    assert (comptes[Alerte.EN_RECUL], comptes[Alerte.EN_RETARD], comptes[Alerte.ECHU]) == (1, 1, 0)
    assert comptes[Alerte.METEO_ABSENTE] == 3


def test_the_sentence_of_a_delay_has_the_figures_their_date_and_the_target() -> None:
    assert dit(Alerte.EN_RETARD, situation(va=10)) == (
        "Programme d'essai : en retard, 10 % du chemin parcouru pour 50 % attendus ; "
        "10 centres en décembre 2024, pour une cible de 100 centres fin 2026."
    )


def test_the_sentence_of_a_programme_of_several_names_what_is_below_its_path() -> None:
    assert dit(Alerte.EN_RETARD, situation("centres", 10), situation("maisons", 45)) == (
        "Programme d'essai : en retard, 28 % du chemin parcouru pour 50 % attendus, "
        "sous la trajectoire : centres et maisons ; "
        "« centres », 10 centres en décembre 2024, pour une cible de 100 centres fin 2026."
    )


def test_the_sentence_of_an_expired_target_says_when_and_what_was_reached() -> None:
    assert dit(Alerte.ECHU, situation(va=50, echeance=2025)) == (
        "Programme d'essai : échéance du 31 décembre 2025 passée sans que la cible soit atteinte ; "
        "50 centres en décembre 2024, pour une cible de 100 centres fin 2025."
    )


def test_the_sentence_of_an_old_figure_says_since_when_the_next_one_was_due() -> None:
    assert dit(Alerte.PERIME, situation(delai_mois=3)) == (
        "Programme d'essai : donnée périmée, dernière valeur de décembre 2024, "
        "la suivante était attendue le 31 mars 2026 au plus tard."
    )


def test_the_sentence_of_the_unmeasured_gives_its_motive() -> None:
    assert dit(Alerte.NON_MESURE, situation(va=None)) == "Programme d'essai : non mesuré, aucune valeur observée."
    assert dit(Alerte.NON_MESURE, situation(va=None), non_mesure="Base à choisir.") == (
        "Programme d'essai : non mesuré, base à choisir."
    )


def test_the_sentences_on_the_meteo_quote_both_judgements() -> None:
    assert dit(Alerte.METEO_CONTREDITE, situation(va=10), mots=synthese(Meteo.SOLEIL)).startswith(
        "Programme d'essai : la météo du 2 novembre 2026 dit « soleil », le calcul dit « en retard » ; 10 centres"
    )
    assert dit(Alerte.METEO_ABSENTE).startswith(
        "Programme d'essai : aucune météo n'a été donnée, le calcul dit « dans la trajectoire » ; 50 centres"
    )


def test_the_sentence_of_a_decision_says_what_by_whom_and_for_when_the_oldest_first() -> None:
    deux = (decision(HIER, fil=3, titre="Autre"), decision(date(2026, 11, 1), fil=2))
    assert dit(Alerte.DECISION_DEPASSEE, decisions=deux) == (
        "Programme d'essai : la décision « Voter l'avenant » est attendue de la commission permanente pour le "
        "1er novembre 2026 ; 1 autre décision en retard."
    )


def test_the_sentence_does_not_change_with_the_day_it_is_read() -> None:
    from dataclasses import replace

    tard = dossier(situation(va=10, delai_mois=0), decisions=(decision(HIER),))
    demain = replace(tard, arrete=tard.arrete + timedelta(days=40))
    for alerte in alertes_de(tard):
        assert phrase_alerte(alerte, tard) == phrase_alerte(alerte, demain)


def test_only_the_indicators_that_raise_an_alert_are_its_causes() -> None:
    vieux, neuf = situation("centres", 10, delai_mois=0), situation("maisons", 100)
    assert causes(Alerte.PERIME, dossier(vieux, neuf)) == (vieux,)
    assert causes(Alerte.METEO_ABSENTE, dossier(vieux, neuf)) == (vieux, neuf)
