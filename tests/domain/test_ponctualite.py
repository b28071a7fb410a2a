"""A source is on time, expected, late or was never pulled; and which lots are undone."""

from datetime import date

import pytest

from dashboard.domain.lots import LotPublie, lots_annules
from dashboard.domain.ponctualite import Etat, Ponctualite, ponctualite
from dashboard.domain.source import Source

FIN = date(2024, 12, 31)
ECHEC = (date(2026, 11, 20), "le serveur ne répond pas")


def source(**autres: object) -> Source:
    return Source.model_validate({
        "id": "essai", "nom": "Essai", "licence": "Aucune", "rythme_mois": 12, "delai_mois": 3, "requete": "SELECT 1",
        **autres,
    })  # fmt: skip


EN_DIRECT = {"connecteur": "http", "url": "https://exemple.test/x.csv"}
A_LA_MAIN = {"connecteur": "fichier", "url": ""}


@pytest.mark.parametrize(
    ("arrete", "etat", "depuis"),
    [
        (date(2025, 12, 31), Etat.A_JOUR, None),
        (date(2026, 1, 1), Etat.ATTENDUE, date(2025, 12, 31)),
        (date(2026, 3, 31), Etat.ATTENDUE, date(2025, 12, 31)),
        (date(2026, 4, 1), Etat.EN_RETARD, date(2026, 3, 31)),
    ],
)
def test_its_last_period_tells(arrete: date, etat: Etat, depuis: date | None) -> None:
    juge = ponctualite(source(), FIN, arrete)
    assert (juge.etat, juge.depuis) == (etat, depuis)


def test_a_failed_pull_is_late_with_its_reason() -> None:
    juge = ponctualite(source(), FIN, date(2025, 6, 1), echec=ECHEC)
    assert juge == Ponctualite(Etat.EN_RETARD, ECHEC[0], "dernier tirage en échec : le serveur ne répond pas")


def test_a_source_of_the_web_without_a_successful_pull_says_so() -> None:
    juge = ponctualite(source(**EN_DIRECT), FIN, date(2025, 6, 1), echec=ECHEC, tiree=False)
    assert juge == Ponctualite(Etat.JAMAIS_EN_DIRECT, None, ECHEC[1])
    assert ponctualite(source(**EN_DIRECT), FIN, date(2025, 6, 1)).etat is Etat.A_JOUR


def test_nothing_published_was_never_pulled() -> None:
    assert ponctualite(source(), None, FIN) == Ponctualite(Etat.JAMAIS)
    assert ponctualite(source(), None, FIN, echec=ECHEC).raison == ECHEC[1]


def test_a_source_fed_by_hand_has_nothing_to_fail() -> None:
    assert ponctualite(source(**A_LA_MAIN), FIN, date(2025, 6, 1), echec=ECHEC).etat is Etat.A_JOUR
    assert ponctualite(source(**A_LA_MAIN), None, FIN).raison == "ses fichiers se déposent ici"


def test_every_state_has_its_words() -> None:
    assert all(e.libelle for e in Etat)


@pytest.mark.parametrize(
    ("lots", "annules"),
    [
        ([(1, None), (2, None)], {}),
        ([(1, None), (2, 1)], {1: 2}),
        ([(1, None), (2, 1), (3, 2)], {2: 3}),
        ([(1, None), (2, 1), (3, 2), (4, 3)], {3: 4, 1: 2}),
    ],
)
def test_an_undo_that_is_undone_does_not_count(lots: list[tuple[int, int | None]], annules: dict[int, int]) -> None:
    assert lots_annules(LotPublie(*x) for x in lots) == annules
