"""What was typed becomes a contribution, or one French sentence that says what to correct."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dashboard.domain.apports import Decision, Genre, Meteo, Proposition, Signature, Synthese
from dashboard.domain.brouillon import SaisieRefusee, lis_nombre, prepare
from dashboard.domain.formatage import ESPACE_FINE
from dashboard.domain.indicateur import Acces

MOI = Signature("Directrice", "Direction des mobilités")
DECISION = {"titre": "Voter", "echeance": date(2026, 12, 1), "responsable": "Présidente"}
PROPOSITION = {"periode": "2024", "valeur": "1 234,5", "motif": "Comptage", "methode": "Relevé"}


def refus(genre: Genre, saisie: dict[str, Any], signature: Signature = MOI) -> str:
    with pytest.raises(SaisieRefusee) as refusee:
        prepare(genre, "programme", "REG-99", saisie, signature)
    return str(refusee.value).replace(ESPACE_FINE, " ")


def test_a_synthese_is_open_and_keeps_its_words() -> None:
    brouillon = prepare(
        Genre.SYNTHESE, "programme", "REG-99", {"meteo": "orage", "texte": " <b>Ça</b>\r\n\r\nva mal\x00 "}, MOI
    )
    assert brouillon.contenu == Synthese(meteo=Meteo.ORAGE, texte="<b>Ça</b>\n\nva mal")
    assert brouillon.acces is Acces.OUVERT


@pytest.mark.parametrize("genre", Genre)
def test_comments_and_contested_values_are_for_agents_and_the_rest_is_open(genre: Genre) -> None:
    saisies: dict[Genre, dict[str, Any]] = {
        Genre.SYNTHESE: {"meteo": "soleil", "texte": "x"}, Genre.COMMENTAIRE: {"texte": "x"},
        Genre.INTENTION: {"ambition": "x"}, Genre.DECISION: DECISION, Genre.PROPOSITION: PROPOSITION,
        Genre.EVENEMENT: {"jour": date(2026, 1, 1), "titre": "x"},
    }  # fmt: skip
    interne = prepare(genre, "programme", "REG-99", saisies[genre], MOI).acces is Acces.INTERNE
    assert interne == (genre in (Genre.COMMENTAIRE, Genre.PROPOSITION))


def test_100_000_characters_are_refused_with_how_many_there_are_and_how_many_fit() -> None:
    assert refus(Genre.COMMENTAIRE, {"texte": "é" * 100_000}) == (
        "« Texte » : 100 000 caractères, pour 4 000 au plus ; raccourcir de 96 000 caractères."
    )


@pytest.mark.parametrize(
    ("genre", "saisie", "phrase"),
    [
        (Genre.COMMENTAIRE, {"texte": " \n "}, "« Texte » : à remplir avant de publier."),
        (Genre.SYNTHESE, {"meteo": None, "texte": "x"}, "« Météo » : à remplir avant de publier."),
        (Genre.SYNTHESE, {"meteo": "neige", "texte": "x"}, "« Météo » : « neige » n'est pas admis ici ; choisir"),
        (Genre.DECISION, DECISION | {"echeance": None}, "« Échéance » : à remplir avant de publier."),
        (Genre.DECISION, DECISION | {"titre": "x" * 161}, "« Titre » : 161 caractères, pour 160 au plus"),
        (Genre.PROPOSITION, PROPOSITION | {"valeur": "douze"}, "« Valeur » : « douze » n'est pas un nombre"),
        (Genre.PROPOSITION, PROPOSITION | {"valeur": "inf"}, "« Valeur » : « inf » n'est pas un nombre"),
        (Genre.PROPOSITION, PROPOSITION | {"valeur": ""}, "« Valeur » : à remplir avant de publier."),
        (Genre.PROPOSITION, PROPOSITION | {"periode": "hier"}, "Période inconnue : « hier »"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_field_and_the_remedy(genre: Genre, saisie: dict[str, Any], phrase: str) -> None:
    assert phrase in refus(genre, saisie)


def test_who_signs_gives_a_function_and_a_direction() -> None:
    assert "Fonction" in refus(Genre.COMMENTAIRE, {"texte": "x"}, Signature(" ", "Direction"))
    assert "Direction" in refus(Genre.COMMENTAIRE, {"texte": "x"}, Signature("Directrice", ""))


@pytest.mark.parametrize(
    ("saisi", "nombre"), [("1 234,5", 1234.5), ("1\u202f234.5", 1234.5), ("\u22123", -3.0), ("12 %", "12 %"), (4, 4)]
)
def test_a_number_is_read_as_the_french_write_it(saisi: object, nombre: object) -> None:
    assert lis_nombre(saisi) == nombre


def test_a_contested_value_names_its_period_by_its_code() -> None:
    contenu = prepare(Genre.PROPOSITION, "indicateur", "REG-99", PROPOSITION | {"periode": " 2024-Q3 "}, MOI).contenu
    assert isinstance(contenu, Proposition)
    assert (contenu.periode, contenu.valeur) == ("2024-T3", 1234.5)


def test_a_decision_starts_open() -> None:
    contenu = prepare(Genre.DECISION, "programme", "REG-99", DECISION, MOI).contenu
    assert isinstance(contenu, Decision)
    assert contenu.etat == "ouverte"


def test_a_contested_value_is_not_settled_without_an_answer() -> None:
    assert "« Réponse » : à remplir" in refus(Genre.PROPOSITION, PROPOSITION | {"etat": "refusee", "reponse": " "})
    assert prepare(Genre.PROPOSITION, "i", "REG-99", PROPOSITION | {"etat": "acceptee", "reponse": "Vu"}, MOI)
