"""The blocks that show contributions: a word with every shape, the most urgent first, never markup."""

from __future__ import annotations

import html
import itertools
import re
from datetime import date, datetime
from typing import Any

from dashboard.domain.apports import Apport, Genre, Meteo, Signature
from dashboard.domain.indicateur import Acces
from dashboard.figures.palette import ciel
from dashboard.views import apports_vue

ARRETE = date(2026, 11, 23)
NUMEROS = itertools.count(1)


def apport(genre: Genre, contenu: dict[str, Any], version: int = 1) -> Apport:
    return Apport(genre, "programme", "REG-99", genre.modele.model_validate(contenu),
                  Signature("Directrice", "Mobilités"), Acces.OUVERT, next(NUMEROS), version,
                  datetime(2026, 11, 22, 23, 30))  # fmt: skip


def mots(bloc: str) -> str:
    return re.sub(r"[\s\u202f]+", " ", html.unescape(re.sub(r"<[^>]+>", " ", bloc))).strip()


def decision(titre: str, echeance: date, etat: str = "ouverte") -> Apport:
    return apport(Genre.DECISION, {"titre": titre, "echeance": echeance, "responsable": "Présidence", "etat": etat})


def test_each_meteo_has_its_own_drawing_and_its_word() -> None:
    assert len({ciel(m.value) for m in Meteo}) == 4
    assert [mots(apports_vue.meteo(m)) for m in Meteo] == ["Soleil", "Couvert", "Nuage", "Orage"]


def test_a_synthese_is_signed_and_dated_in_paris_in_paragraphs() -> None:
    bloc = apports_vue.synthese(apport(Genre.SYNTHESE, {"meteo": "nuage", "texte": "Un\nsuite\n\n<b>Deux</b>"}, 3))
    assert mots(bloc) == (
        "Nuage appui nécessaire Un suite <b>Deux</b> Directrice, Mobilités · 23 nov. 2026 à 00:30 · version 3"
    )
    assert bloc.count("<p>") == 2


def test_open_decisions_come_first_and_the_overdue_one_says_so() -> None:
    bloc = mots(apports_vue.decisions([
        decision("Close", date(2026, 1, 1), "prise"), decision("Lointaine", date(2027, 6, 1)),
        decision("Passée", date(2026, 11, 22)), decision("Proche", date(2026, 11, 23)),
    ], ARRETE))  # fmt: skip
    ordre = [bloc.index(m) for m in ("Passée En retard", "Proche À décider", "Lointaine À venir", "Close Prise")]
    assert ordre == sorted(ordre)
    assert "échéance dépassée le 22 nov. 2026" in bloc
    assert bloc.count("dépassée") == 1


def test_nothing_written_is_a_sentence() -> None:
    assert mots(apports_vue.decisions([], ARRETE)) == "Aucune décision attendue."
    assert mots(apports_vue.commentaires([])) == "Aucun commentaire."
    assert mots(apports_vue.evenements([])) == "Aucun événement noté."
    assert mots(apports_vue.propositions([], {})) == "Aucune valeur contestée."


def test_history_gives_each_version_its_meteo_its_date_and_its_author() -> None:
    anciennes = [apport(Genre.SYNTHESE, {"meteo": m, "texte": m}, v) for v, m in ((1, "soleil"), (2, "orage"))]
    bloc = mots(apports_vue.historique(anciennes))
    assert bloc.index("Version 2 du 23 nov. 2026 · Orage") < bloc.index("Version 1 du 23 nov. 2026 · Soleil")
    assert bloc.count("Directrice, Mobilités") == 2


def test_history_of_a_decision_keeps_what_it_was() -> None:
    bloc = mots(apports_vue.historique([decision("Voter", date(2026, 11, 22), "abandonnee")]))
    assert "Titre Voter Échéance 22 nov. 2026 Responsable Présidence État Abandonnée" in bloc


def test_an_intention_shows_only_what_was_filled() -> None:
    bloc = mots(apports_vue.intention(apport(Genre.INTENTION, {"ambition": "Tous raccordés", "fait": "La moitié"})))
    assert bloc.startswith("Ambition Tous raccordés Ce qui est fait La moitié Directrice")
