"""Agreements and entries of the register: what is refused, when one ends, how access is narrowed. Invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from dashboard.domain.convention import ABONNEMENTS, CRITERES, Aipd, Convention, EtatConvention, Traitement
from dashboard.domain.organisme import Producteur
from dashboard.domain.source import Source
from tests.confidentiel import CONVENTION
from tests.mini import SOURCES

FIN = date(2026, 11, 30)
PERSONNELLES: dict[str, Any] = {
    "donnees_personnelles": True,
    "finalite": "Essai.",
    "base_legale": "contrat",
    "personnes": ["agents"],
    "categories": ["identité"],
    "duree_conservation": "Un an.",
    "destinataires": ["direction"],
    "identifiants": ["Nom"],
    "aipd": dict.fromkeys(CRITERES, False),
}


def source(**declare: Any) -> Source:
    return Source.model_validate(SOURCES[0] | declare)


@pytest.mark.parametrize(
    ("reste", "etat"),
    [
        (61, "en cours"),
        (60, "expire sous 60 jours"),
        (31, "expire sous 60 jours"),
        (30, "expire sous 30 jours"),
        (0, "expire sous 30 jours"),
        (-1, "expirée"),
    ],
)
def test_an_agreement_holds_on_its_last_day_and_is_told_before(reste: int, etat: str) -> None:
    convention = Convention.model_validate(CONVENTION | {"jusqu_au": FIN})
    jour = FIN - timedelta(reste)
    assert (convention.reste(jour), convention.etat(jour)) == (reste, EtatConvention(etat))


@pytest.mark.parametrize(
    ("declare", "refus"),
    [
        ({"acces": "gfu"}, "source d'accès gfu sans convention"),
        ({"acces": "ouvert", "convention": CONVENTION}, "acces « ouvert » plus large que ce que permet la convention"),
        ({"acces": "gfu", "convention": CONVENTION | {"diffusion": "interne"}}, "plus large"),
        ({"acces": "gfu", "convention": CONVENTION | {"jusqu_au": "2025-01-01"}}, "corriger l'une des deux dates"),
        ({"acces": "gfu", "convention": CONVENTION | {"partenaires": []}}, "at least 1 item"),
        ({"nature": "objectifs", "acces": "interne"}, "source d'objectifs restreinte"),
        ({"traitement": PERSONNELLES | {"donnees_personnelles": False}}, "identifiants déclarés sans données"),
        ({"traitement": PERSONNELLES | {"base_legale": None}}, "données personnelles sans base_legale"),
        ({"traitement": PERSONNELLES | {"aipd": None}}, "données personnelles sans aipd"),
        ({"traitement": PERSONNELLES | {"identifiants": ["note"]}}, "identifiant « note » aussi lu comme une donnée"),
        ({"traitement": PERSONNELLES | {"aipd": {"evaluation": True}}}, "Field required"),
    ],
)
def test_a_declaration_that_does_not_hold_is_refused(declare: dict[str, Any], refus: str) -> None:
    with pytest.raises(ValidationError, match=refus):
        source(**declare)


def test_what_holds_is_accepted() -> None:
    assert source(acces="gfu", convention=CONVENTION).convention is not None
    assert source(acces="interne").convention is None
    assert source(traitement=PERSONNELLES).traitement is not None


@pytest.mark.parametrize(
    ("reunis", "requise"), [((), False), (("croisement",), False), (("croisement", "surveillance"), True)]
)
def test_two_criteria_ask_for_an_impact_assessment(reunis: tuple[str, ...], requise: bool) -> None:
    reponses = {c: c in reunis for c in CRITERES}
    traitement = Traitement.model_validate(PERSONNELLES | {"aipd": reponses})
    assert traitement.aipd is not None
    assert (traitement.aipd.requise, traitement.aipd_dite == "requise") == (requise, requise)
    assert len(traitement.aipd.reunis) == len(reunis)


def test_every_criterion_has_its_words_and_the_software_declares_its_own_processing() -> None:
    assert set(Aipd.model_fields) == set(CRITERES)
    assert ABONNEMENTS.donnees_personnelles


@pytest.mark.parametrize(
    "contact", ["contact@exemple.invalid", "Open.Data@exemple.invalid", "https://exemple.invalid/form"]
)
def test_the_contact_of_a_producer_is_a_service_or_a_form(contact: str) -> None:
    joint = Producteur(id="abc", nom="Essai", sigle="E", contact=contact).joindre
    assert joint == (f"mailto:{contact.lower()}" if "@" in contact else contact)


@pytest.mark.parametrize("contact", ["zoe.invente@exemple.invalid", "zoe", "javascript:alert(1)", "contact@exemple"])
def test_the_address_of_a_person_is_no_contact_of_a_producer(contact: str) -> None:
    with pytest.raises(ValidationError, match="jamais l'adresse d'une personne") as refus:
        Producteur(id="abc", nom="Essai", sigle="E", contact=contact)
    assert contact not in refus.value.errors()[0]["msg"]


def test_without_a_contact_its_site_answers() -> None:
    assert Producteur(id="abc", nom="E", sigle="E", url="https://exemple.invalid").joindre == "https://exemple.invalid"
    assert Producteur(id="abc", nom="E", sigle="E").joindre is None
