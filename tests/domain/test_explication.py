"""An explanation in words and as JSON, from figures invented here."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from dashboard.domain.avancement import evalue
from dashboard.domain.explication import But, Chiffre, Envoi, Explication, Ligne, Part, Parts, contenu_visible
from dashboard.domain.explication_but import taux
from dashboard.domain.explication_dite import calcul, etapes, phrase, secret, texte
from dashboard.domain.explication_json import en_json
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.organisme import Producteur
from dashboard.domain.periode import parse_periode
from dashboard.domain.situation import Objectif
from dashboard.domain.territoire import Maille
from dashboard.domain.trajectoire import Trajectoire
from tests.mini import _indicateur

ESSAI = Producteur(id="essai", nom="Producteur d'essai", sigle="Essai", url="https://exemple.fr")
RIEN: dict[str, Any] = dict.fromkeys(
    ("numerateur", "denominateur", "n_unites", "completude", "completude_population", "calculee", "confidentialite")
)


def declare(**autres: Any) -> Indicateur:
    return Indicateur(**_indicateur("essai_effectif", "comptes", **autres))


def chiffre(valeur: float | None, **autres: Any) -> Chiffre:
    return Chiffre(**{**RIEN, "valeur": valeur, "origine": "C", "statut": "A", "lot": 3, **autres})


def explique(c: Chiffre, parts: tuple[Part, ...] = (), quoi: Indicateur | None = None, **autres: Any) -> Explication:
    total = Parts(Maille.COMMUNE, 3, len(parts), Maille.COMMUNE, len(parts), parts) if parts else None
    quand = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    envoi = Envoi(3, "comptes", "Comptes", "Aucune", ESSAI, "fichier · a.csv", "", "f" * 64, quand, "agent", 3, 2, 9)
    return Explication(
        quoi or declare(), ESSAI, "DEP-98", "Nord", parse_periode("2023"), date(2026, 11, 23), 2026, c, total,
        (envoi,), **{"lignes": (), **autres},
    )  # fmt: skip


def plat(t: str) -> str:
    return t.replace("\u202f", " ")


TROIS = (
    Part("COM-98001", "Un", 100.0, lot=3, ligne=2),
    Part("COM-98002", "Deux", 300.0),
    Part("COM-98004", "Trois", 50.0),
)


def test_a_sum_is_written_out_with_its_terms() -> None:
    e = explique(chiffre(450, completude=1.0), TROIS)
    assert plat(calcul(e)) == "100 + 300 + 50 = 450 hab."
    assert plat(phrase(e)) == "Essai essai_effectif, Nord, 2023 : 450 hab."


def test_a_sum_with_a_hidden_or_missing_term_is_never_written_out() -> None:
    for trou in (Part("COM-98001", "Un", None, secret=True), Part("COM-98001", "Un", None)):
        dit = plat(calcul(explique(chiffre(450, completude=2 / 3), (trou, *TROIS[1:]))))
        assert dit == "somme des territoires, sur 3 communes = 450 hab."


def test_a_share_is_written_with_its_numerator_and_denominator() -> None:
    quoi = declare(agregation="ratio", facteur=100, unite="%", decimales=3)
    e = explique(chiffre(10.470085, numerateur=579 + 9, denominateur=5616), TROIS, quoi)
    assert plat(calcul(e)) == "100 × 588 ÷ 5 616 = 10,470 %"


def test_a_hidden_figure_has_its_motive_and_no_number_at_all() -> None:
    quoi = declare(min_unites=3, agregation="ratio", unite="%")
    for code, mots in (("A", "moins de 3 unités"), ("D", "soustraction")):
        e = explique(chiffre(None, statut="Q", confidentialite=code), quoi=quoi)
        assert mots in secret(e)
        assert calcul(e) == ""
        assert ": s." in texte(e)
        assert en_json(e)["chiffre"]["valeur"] is None


def test_the_check_beside_a_published_figure_says_its_gap() -> None:
    dit = plat(texte(explique(chiffre(440, origine="P", calculee=450.0), TROIS)))
    assert "les parties donnent 450 hab., écart −10,0 hab. ; le chiffre publié l'emporte" in dit
    assert "aucun écart" in texte(explique(chiffre(450, origine="P", calculee=450.0), TROIS))


def test_the_steps_follow_the_chain() -> None:
    but = Objectif("Région", "Acte d'essai", Trajectoire(400, date(2022, 12, 31), 500, date(2028, 12, 31)))
    avancement = evalue(but.trajectoire, [(date(2023, 12, 31), 450)], date(2026, 11, 23))
    e = explique(chiffre(450, completude=1.0), TROIS, buts=(But(but, avancement),))
    assert [p.cle for p in etapes(e)] == ["source", "lot", "mesure", "agregation", "valeur", "objectif"]
    assert plat(taux(e.buts[0])) == "100 × (450 − 400) ÷ (500 − 400) = 50,0 %"
    assert "ligne 2 du lot 3" in plat(texte(e))


def test_a_row_in_an_older_code_says_that_it_was_carried() -> None:
    ligne = Ligne(3, 8, "COM-98003", 2024, contenu={"valeur": 12.0}, reprise=True)
    dit = texte(explique(chiffre(450, origine="P"), lignes=(ligne,)))
    assert "COM-98003, COG 2024, portée à DEP-98 par la table de passage (COG 2026)" in dit
    assert "valeur 12" in dit


def test_the_json_is_a_document_of_known_keys() -> None:
    lu = json.loads(json.dumps(en_json(explique(chiffre(450, completude=1.0), TROIS)), allow_nan=False))
    assert list(lu) == [
        "indicateur", "territoire", "periode", "arrete", "chiffre", "parties", "lots", "lignes", "objectifs",
        "programme",
    ]  # fmt: skip
    assert lu["lots"][0]["cree_le"] == "2026-11-23T09:00:00+00:00"
    assert lu["parties"]["liste"][0] == {
        "code": "COM-98001", "nom": "Un", "valeur": 100.0, "secret": False, "lot": 3, "ligne": 2,
    }  # fmt: skip


RECUE = {"valeur": None, "numerateur": 7.0, "denominateur": 20.0, "n_unites": 9.0, "statut": "A"}


@pytest.mark.parametrize(
    ("quoi", "c", "recue", "seule", "attendu"),
    [
        ({}, chiffre(35), RECUE, True, {"numerateur", "denominateur", "n_unites"}),
        ({}, chiffre(35), RECUE, False, {"numerateur", "denominateur", "n_unites"}),
        ({"min_unites": 3}, chiffre(35, origine="P"), RECUE, True, {"numerateur", "denominateur", "n_unites"}),
        ({"min_unites": 3}, chiffre(35, origine="P"), RECUE, False, set()),
        ({"dominance": 0.85}, chiffre(35), RECUE, True, set()),
        ({"min_unites": 3}, chiffre(None, origine="P", statut="Q"), RECUE, True, set()),
        ({}, chiffre(35), {**RECUE, "statut": "Q"}, True, set()),
    ],
)
def test_a_received_row_says_no_more_than_what_is_shown(
    quoi: dict[str, Any], c: Chiffre, recue: dict[str, Any], seule: bool, attendu: set[str]
) -> None:
    assert set(contenu_visible(declare(**quoi), c, recue, seule=seule)) == attendu


def test_the_rest_of_a_long_list_is_counted() -> None:
    e = explique(chiffre(450, completude=1.0), TROIS)
    assert e.parts
    long = replace(e, parts=replace(e.parts, total=12))
    assert "- et 9 communes de plus, aux plus petites valeurs" in plat(texte(long))
