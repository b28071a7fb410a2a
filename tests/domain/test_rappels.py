"""« Mes tâches » at a date d'arrêté: what is due, late, to write, to decide, to settle, to chase. Invented figures."""

from __future__ import annotations

import itertools
from datetime import date, datetime
from typing import Any

import pytest

from dashboard.domain.apports import Apport, Genre, Signature
from dashboard.domain.avancement import Avancement, ProgrammeTA
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.indicateur import Acces, Indicateur, Programme
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.rappels import Geste, Rappel, attendue, chiffre, rappels
from dashboard.domain.situation import Situation
from dashboard.domain.statut import Statut

ARRETE, REGION, NORD = date(2026, 11, 23), "REG-99", "DEP-98"
VALEUR = date(2025, 12, 31)
NUMEROS = itertools.count(1)


def etat(
    statut: Statut = Statut.DANS_LA_TRAJECTOIRE, programme: str = "fibre", fraicheur: Fraicheur = Fraicheur.A_JOUR
) -> EtatProgramme:
    declare = Indicateur.model_validate({
        "id": f"{programme}_taux", "libelle": "Taux d'essai", "libelle_court": "Taux d'essai", "definition": "x",
        "formule": "x", "unite": "%", "nature": "programme", "sens": "hausse", "lecture": "stock",
        "agregation": "aucune", "mailles": ["region"], "source": "essai", "producteur": "essai", "licence": "x",
        "rythme_mois": 3, "delai_mois": 2, "decimales": 1,
    })  # fmt: skip
    a = Avancement(10.0, 10.0, 20.0, -10.0, statut, None, None, 1.0, VALEUR)
    s = Situation(declare, REGION, a, None, fraicheur, 11, ((VALEUR, 1.0),))
    p = Programme.model_validate({
        "id": programme, "politique": "essai", "nom": "Essai", "nom_court": "Essai", "cadre": "x",
        "indicateurs": [declare.id],
    })  # fmt: skip
    return EtatProgramme(p, REGION, (s,), ProgrammeTA(10.0, 1, 1, 1.0), statut, None, 10.0, 20.0)


def apport(
    genre: Genre, contenu: dict[str, Any], le: date = ARRETE, sujet: str = "fibre", code: str = REGION
) -> Apport:
    return Apport(genre, sujet, code, genre.modele.model_validate(contenu), Signature("Directrice", "Numérique"),
                  Acces.OUVERT, next(NUMEROS), 1, datetime(le.year, le.month, le.day, 9))  # fmt: skip


def synthese(meteo: str = "soleil", le: date = ARRETE) -> Apport:
    return apport(Genre.SYNTHESE, {"meteo": meteo, "texte": "x"}, le)


def decision(echeance: date, etat: str = "ouverte", code: str = REGION) -> Apport:
    contenu = {"titre": "Voter l'avenant", "echeance": echeance, "responsable": "la Présidente", "etat": etat}
    return apport(Genre.DECISION, contenu, code=code)


def proposition(etat: str = "en_attente") -> Apport:
    contenu = {"periode": "2025-T4", "valeur": 12.34, "motif": "x", "methode": "x", "etat": etat}
    return apport(Genre.PROPOSITION, contenu, sujet="fibre_taux")


def dus(etats: list[EtatProgramme], *apports: Apport, arrete: date = ARRETE) -> list[Rappel]:
    return rappels(etats, apports, arrete, {"essai": "Producteur d'essai"})


def gestes(etats: list[EtatProgramme], *apports: Apport, arrete: date = ARRETE) -> list[Geste]:
    return [r.geste for r in dus(etats, *apports, arrete=arrete)]


@pytest.mark.parametrize("statut", [Statut.EN_RETARD, Statut.EN_RECUL, Statut.ECHU_NON_ATTEINT])
def test_a_programme_that_is_late_without_a_synthese_has_one_to_write(statut: Statut) -> None:
    (rappel,) = dus([etat(statut)])
    assert (rappel.geste, rappel.genre, rappel.quoi) == (
        Geste.A_ECRIRE, Genre.SYNTHESE, f"{statut.libelle}, sans synthèse",
    )  # fmt: skip


@pytest.mark.parametrize("statut", [Statut.DANS_LA_TRAJECTOIRE, Statut.A_SURVEILLER, Statut.NON_MESURE, Statut.ATTEINT])
def test_a_programme_that_is_not_late_needs_no_synthese(statut: Statut) -> None:
    assert dus([etat(statut)]) == []


def test_a_synthese_of_another_territory_does_not_count() -> None:
    ailleurs = apport(Genre.SYNTHESE, {"meteo": "orage", "texte": "x"}, code=NORD)
    assert gestes([etat(Statut.EN_RETARD)], ailleurs) == [Geste.A_ECRIRE]


@pytest.mark.parametrize(("jours", "vieille"), [(90, False), (91, True)])
def test_a_synthese_is_written_again_after_90_days(jours: int, vieille: bool) -> None:
    le = date.fromordinal(ARRETE.toordinal() - jours)
    trouves = dus([etat()], synthese(le=le))
    assert bool(trouves) == vieille
    if vieille:
        assert (trouves[0].geste, trouves[0].quoi.replace("\u202f", " ")) == (
            Geste.A_ECRIRE, "la synthèse a 91 jours",
        )  # fmt: skip


def test_a_synthese_older_than_the_last_value_is_written_again() -> None:
    (rappel,) = dus([etat()], synthese(le=date(2025, 12, 30)), arrete=date(2026, 1, 2))
    assert rappel.quoi == "la synthèse est antérieure à la valeur de décembre 2025"
    assert dus([etat()], synthese(le=VALEUR), arrete=date(2026, 1, 2)) == []


def test_a_meteo_that_contradicts_the_statut_is_to_explain() -> None:
    (rappel,) = dus([etat(Statut.EN_RETARD)], synthese("soleil"))
    assert (rappel.geste, rappel.quoi) == (Geste.A_EXPLIQUER, "la météo dit « soleil », le calcul « en retard »")
    assert dus([etat(Statut.EN_RETARD)], synthese("orage")) == []
    assert dus([etat(Statut.NON_MESURE)], synthese("soleil")) == []


@pytest.mark.parametrize(
    ("echeance", "geste"),
    [
        (date(2026, 11, 22), [Geste.EN_RETARD]),
        (date(2026, 11, 23), [Geste.A_DECIDER]),
        (date(2026, 12, 23), [Geste.A_DECIDER]),
        (date(2026, 12, 24), []),
    ],
)
def test_a_decision_is_announced_30_days_before_and_late_the_day_after(echeance: date, geste: list[Geste]) -> None:
    assert gestes([etat()], decision(echeance)) == geste


@pytest.mark.parametrize("sort", ["prise", "abandonnee"])
def test_a_decision_that_is_taken_or_dropped_is_over(sort: str) -> None:
    assert dus([etat()], decision(date(2026, 1, 1), sort)) == []


def test_a_decision_on_another_territory_keeps_its_own() -> None:
    (rappel,) = dus([etat()], decision(date(2026, 1, 1), code=NORD))
    assert (rappel.code, rappel.quoi) == (NORD, "« Voter l'avenant », attendu de : la Présidente")


def test_a_contested_value_waits_for_its_answer() -> None:
    (rappel,) = dus([etat()], proposition())
    assert (rappel.geste, rappel.programme) == (Geste.A_TRANCHER, "fibre")
    assert rappel.quoi == "taux d'essai, 4e trim. 2025 : proposition de 12,34\u202f%"
    assert dus([etat()], proposition("refusee")) == []


def test_a_value_out_of_date_names_its_producer_since_the_day_it_was_due() -> None:
    tardif = etat(fraicheur=Fraicheur.PERIME)
    (rappel,) = dus([tardif, tardif])
    assert (rappel.geste, rappel.quoi, rappel.depuis) == (
        Geste.A_RELANCER, "Producteur d'essai, pour taux d'essai", date(2026, 5, 31),
    )  # fmt: skip
    assert attendue(tardif.situations[0]) == date(2026, 5, 31)


def test_what_concerns_no_programme_here_is_left_out() -> None:
    assert dus([etat()], apport(Genre.DECISION, dict(decision(date(2026, 1, 1)).contenu), sujet="inconnu")) == []


def test_the_most_urgent_comes_first_whatever_the_order_it_was_read_in() -> None:
    etats = [etat(Statut.EN_RETARD, "bio"), etat(Statut.EN_RECUL, "velo"), etat(fraicheur=Fraicheur.PERIME)]
    apports = [decision(date(2026, 12, 1)), decision(date(2026, 6, 1)), proposition(), synthese("orage")]
    ordre = [(r.geste, r.programme) for r in dus(etats, *apports)]
    assert ordre == [
        (Geste.EN_RETARD, "fibre"), (Geste.A_DECIDER, "fibre"), (Geste.A_EXPLIQUER, "fibre"),
        (Geste.A_ECRIRE, "velo"), (Geste.A_ECRIRE, "bio"), (Geste.A_TRANCHER, "fibre"), (Geste.A_RELANCER, "fibre"),
    ]  # fmt: skip
    for autre in itertools.islice(itertools.permutations(apports), 0, 24, 5):
        assert [(r.geste, r.programme) for r in dus(etats[::-1], *autre)] == ordre


@pytest.mark.parametrize(
    ("valeur", "texte"), [(12.0, "12,0"), (12.345, "12,345"), (-3.5, "\u22123,5"), (1e-7, "0,0000001"), (1e15, "1e15")]
)
def test_a_contested_value_keeps_the_decimals_it_was_given(valeur: float, texte: str) -> None:
    declare = etat().situations[0].indicateur
    attendu = "1 000 000 000 000 000,0" if texte == "1e15" else texte
    assert chiffre(declare, valeur).replace("\u202f%", "").replace("\u202f", " ") == attendu
