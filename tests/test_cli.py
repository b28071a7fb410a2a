"""The command line: what scripts and schedulers rely on. Codes: 0 done, 1 refused, 2 wrong usage, 3 unavailable."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard import cli, lecture_cli, pilotage
from dashboard.bootstrap import Application
from dashboard.domain.statut import Statut
from tests.conftest import dashboard

Lance = Callable[..., tuple[int, str, str]]


def appelle(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of a verb run in this process."""
    try:
        code = cli.main(list(arguments))
    except SystemExit as sortie:
        code = int(sortie.code or 0)
    lu = capsys.readouterr()
    return code, lu.out, lu.err


@pytest.fixture
def lance(
    magasin_pret: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    sans_application: None,
) -> Lance:  # fmt: skip
    """A verb on the committed espace, as the public."""
    for nom, valeur in magasin_pret.items():
        monkeypatch.setenv(nom, valeur)
    return lambda *arguments: appelle(capsys, *arguments)


def test_json_is_one_document_and_nothing_else(lance: Lance) -> None:
    code, sortie, erreurs = lance("get", "densite", "--territoire", "DEP-58", "--format", "json")
    assert (code, erreurs) == (0, "")
    assert json.loads(sortie) == {
        "indicateur": "densite", "unite": "hab./km²",
        "valeurs": [{"code": "DEP-58", "nom": "Nièvre", "periode": "2023", "valeur": 29.3474526864,
                     "numerateur": 201417.0, "denominateur": 6863.1851, "completude": 1.0, "origine": "C",
                     "statut": "A"}],
        "situation": {
            "code": "DEP-58", "arrete": "2026-11-23", "statut": "non_mesure", "motif": "pas de cible",
            "ta": None, "ta_brut": None, "ta_attendu": None, "ecart": None, "cible": None, "echeance": None,
            "auteur": None, "acte": None, "effort_annuel": None, "fraicheur": "en_attente",
            "date_valeur": "2023-12-31", "valeur": 29.347452686362775, "autres": [],
        },
    }  # fmt: skip


def situation(sortie: str) -> dict[str, Any]:
    lue: dict[str, Any] = json.loads(sortie, parse_constant=pytest.fail)["situation"]
    return lue


def test_the_situation_of_a_target_is_given_for_machines_unrounded(lance: Lance) -> None:
    _, sortie, _ = lance("get", "maisons_sante_pluripro", "--format", "json")
    lue = situation(sortie)
    assert (lue["code"], lue["statut"], lue["valeur"], lue["cible"]) == ("REG-27", "en_retard", 145.0, 244.0)
    assert (lue["date_valeur"], lue["echeance"], lue["auteur"]) == ("2023-12-31", "2026-12-31", "État")
    assert lue["ta"] == lue["ta_brut"] == pytest.approx(100 * (145 - 141) / (244 - 141), abs=1e-12)
    assert lue["ecart"] == pytest.approx(lue["ta_brut"] - lue["ta_attendu"], abs=1e-12)
    assert (lue["fraicheur"], lue["motif"], lue["autres"]) == ("perime", None, [])
    assert lue["effort_annuel"] > 0


def test_the_situation_is_judged_at_the_date_that_is_asked(lance: Lance) -> None:
    _, sortie, _ = lance("get", "maisons_sante_pluripro", "--format", "json", "--arrete", "2023-07-15")
    lue = situation(sortie)
    assert (lue["arrete"], lue["date_valeur"], lue["fraicheur"]) == ("2023-07-15", "2023-06-30", "a_jour")


def test_a_hidden_value_has_a_situation_that_says_so_without_a_figure(lance: Lance) -> None:
    _, sortie, _ = lance("get", "age_moyen_maires", "--territoire", "EPCI-200067668", "--format", "json")
    lue = situation(sortie)
    assert (lue["statut"], lue["valeur"], lue["date_valeur"]) == ("non_mesure", None, None)
    assert lue["motif"] == "valeur couverte par le secret statistique"


def test_every_indicator_has_a_situation_at_every_level(bfc: Application) -> None:
    for code in ("REG-27", "DEP-58", "EPCI-200067668", "COM-21231"):
        for declare in bfc.espace.indicateurs:
            jugee = pilotage.situation(bfc, bfc.lecteur, declare, code, date(2026, 11, 23))
            texte = json.dumps(lecture_cli.situation_json(jugee, date(2026, 11, 23)), allow_nan=False)
            assert jugee.statut is not Statut.NON_MESURE or json.loads(texte)["motif"], (declare.id, code)


def test_the_table_ends_on_the_situation_in_words(lance: Lance) -> None:
    _, sortie, _ = lance("get", "maisons_sante_pluripro", "--territoire", "DEP-58")
    derniere = sortie.strip().splitlines()[-1].replace("\u202f", " ")
    assert derniere.startswith("Maisons de santé pluriprofessionnelles : 16 maisons en décembre 2023")
    assert derniere.endswith("attendus à cette date : en recul.")


def test_csv_has_its_header_and_a_point(lance: Lance) -> None:
    code, sortie, _ = lance("get", "population_municipale", "--maille", "departement", "--periode", "2023",
                            "--format", "csv")  # fmt: skip
    lignes = list(csv.DictReader(io.StringIO(sortie)))
    assert code == 0
    assert len(lignes) == 8
    assert {x["code"]: float(x["valeur"]) for x in lignes}["DEP-90"] == 140255


def test_the_table_is_for_eyes(lance: Lance) -> None:
    code, sortie, _ = lance("get", "population_municipale", "--territoire", "COM-39368")
    assert code == 0
    assert "Hauts de Bienne" in sortie
    assert "5032" in sortie


@pytest.mark.parametrize(("maille", "nombre"), [("region", 1), ("departement", 8), ("epci", 116), ("commune", 3685)])
def test_each_level_can_be_asked(lance: Lance, maille: str, nombre: int) -> None:
    code, sortie, _ = lance("get", "densite", "--maille", maille, "--format", "json")
    assert code == 0
    assert len(json.loads(sortie)["valeurs"]) == nombre


def test_a_hidden_value_is_q_without_figure(lance: Lance) -> None:
    _, sortie, _ = lance("get", "age_moyen_maires", "--territoire", "EPCI-200067668", "--format", "json")
    (valeur,) = json.loads(sortie)["valeurs"]
    assert (valeur["statut"], valeur["valeur"], valeur["numerateur"], valeur["denominateur"]) == ("Q", None, None, None)


def test_why_tells_the_formula_the_row_the_lot_and_the_content(lance: Lance) -> None:
    code, sortie, _ = lance("why", "maisons_sante_pluripro", "DEP-58", "2023-12")
    assert code == 0
    for attendu in ("Nièvre, déc. 2023 : 16", "Formule :", "Source « programmes », ligne", "sha256", "ind-311.csv"):
        assert attendu in sortie.replace("\u202f", " ")


def test_why_as_json_is_one_document_that_says_the_same(lance: Lance) -> None:
    code, sortie, erreurs = lance("why", "maisons_sante_pluripro", "DEP-58", "2023-12", "--format", "json")
    lu = json.loads(sortie)
    assert (code, erreurs) == (0, "")
    assert (lu["chiffre"]["valeur"], lu["lignes"][0]["recu"], lu["objectifs"][0]["cible"]) == (16, {"valeur": 16}, 25)
    _, texte, _ = lance("why", "maisons_sante_pluripro", "DEP-58", "2023-12")
    assert lu["lots"][0]["sha256"] in texte
    assert lu["objectifs"][0]["calcul"] in texte
    code, _, refus = lance("why", "maisons_sante_pluripro", "DEP-58", "2023-12", "--as-of", "2020-W01")
    assert (code, "aucune valeur pour Nièvre" in refus) == (1, True)


def test_why_of_a_sum_says_it_was_computed(lance: Lance) -> None:
    _, sortie, _ = lance("why", "population_municipale", "REG-27", "2023")
    assert "Calculé à partir des territoires qui le composent." in sortie


def test_why_of_a_secret_gives_no_figure(lance: Lance) -> None:
    code, sortie, _ = lance("why", "age_moyen_maires", "EPCI-200067668", "2026-03")
    assert code == 0
    assert " : s." in sortie
    assert "50,9" not in sortie
    assert "Numérateur" not in sortie


def test_why_of_a_plain_row_has_no_empty_address(lance: Lance) -> None:
    _, sortie, _ = lance("why", "population_municipale", "COM-21231", "2023")
    assert "161 830" in sortie.replace("\u202f", " ")
    assert "Adresse" not in sortie


def test_as_of_a_week_before_anything_there_was_nothing(lance: Lance) -> None:
    code, sortie, _ = lance("get", "densite", "--as-of", "2020-W01", "--format", "json")
    assert (code, json.loads(sortie)["valeurs"]) == (0, [])


def test_doctor_says_that_all_is_ready(lance: Lance) -> None:
    code, sortie, _ = lance("doctor", "--format", "json")
    etat = json.loads(sortie)
    assert code == 0
    assert etat["pret"] is True
    assert etat["controles"]["sources"]["message"] == "10 sources publiées sur 10."
    assert etat["reglages"]["écriture"] == "refusée"
    assert etat["reglages"]["BOUSSOLE_FOND_DE_CARTE"] == "aucun"
    code, sortie, _ = lance("doctor")
    assert code == 0
    assert "prêt" in sortie


REFUS = [
    (("get", "populaton"), 1, "Indicateur « populaton » inconnu. Essayer : part_population_cpts, population"),
    (("get", "densite", "--territoire", "DEP-99"), 1, "Territoire « DEP-99 » absent du COG en vigueur. Essayer : DEP-"),
    (("get", "densite", "--territoire", "Dijon"), 1, "Code de territoire inconnu : « Dijon »"),
    (("get", "densite", "--periode", "hier"), 1, "Période inconnue : « hier ». Formes admises"),
    (("get", "densite", "--as-of", "hier"), 1, "Semaine inconnue : « hier ». Forme admise : 2026-W47."),
    (("get", "densite", "--arrete", "hier"), 1, "Date d'arrêté « hier » inconnue. Forme attendue : 2026-11-23."),
    (("alertes", "--programme", "fibr"), 1, "Programme « fibr » : valeur inconnue. Essayer :"),
    (("alertes", "--alerte", "retard"), 1, "Alerte « retard » : valeur inconnue. Essayer : en_retard"),
    (("alertes", "--territoire", "COM-21231"), 1, "aucun programme n'y est mesuré. Prendre un département"),
    (("alertes", "--envoie", "--territoire", "DEP-58"), 1, "--envoie s'emploie sans filtre"),
    (("alertes", "--envoie"), 1, "Écriture refusée au profil « public »"),
    (("abonne", "elu@exemple.fr"), 1, "Écriture refusée au profil « public »"),
    (("desabonne", "abc"), 1, "Écriture refusée au profil « public »"),
    (("why", "densite", "DEP-58", "1950"), 1, "aucune valeur pour Nièvre en 1950"),
    (("refresh", "inconnue"), 1, "Source « inconnue » inconnue. Sources admises : budgets, cerema_conso_enaf"),
    (("get", "densite", "--maille", "canton"), 2, "Usage incorrect"),
    (("get",), 2, "Usage incorrect"),
    (("danse",), 2, "Usage incorrect"),
    ((), 2, "Usage incorrect"),
]


@pytest.mark.parametrize(("arguments", "code", "phrase"), REFUS, ids=[" ".join(r[0]) or "rien" for r in REFUS])
def test_a_bad_request_is_one_french_sentence_on_standard_error(
    lance: Lance, arguments: tuple[str, ...], code: int, phrase: str
) -> None:
    obtenu, sortie, erreurs = lance(*arguments)
    assert (obtenu, sortie) == (code, "")
    assert phrase in erreurs
    assert len(erreurs.strip().splitlines()) == 1
    assert "Traceback" not in erreurs


def test_debug_shows_the_whole_trace(lance: Lance) -> None:
    with pytest.raises(Exception, match="populaton"):
        lance("get", "populaton", "--debug")


def test_the_public_may_not_refresh(espace_mini: Path, tmp_path: Path) -> None:
    resultat = dashboard({"BOUSSOLE_HOME": str(tmp_path), "BOUSSOLE_ESPACE": str(espace_mini)}, "refresh")
    assert resultat.returncode == 1
    assert resultat.stderr.startswith("Écriture refusée au profil « public »")
    assert "Traceback" not in resultat.stderr


def test_a_refresh_that_is_refused_has_code_one_and_the_good_source_passes(
    espace_mini: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    dossier = tmp_path / "espace"
    shutil.copytree(espace_mini, dossier)
    with (dossier / "sources" / "comptes.yml").open("a", encoding="utf-8") as flux:
        flux.write("attentes: {lignes_min: 500}\n")
    for nom, valeur in {"HOME": str(tmp_path), "ESPACE": str(dossier), "PROFIL": "agent"}.items():
        monkeypatch.setenv(f"BOUSSOLE_{nom}", valeur)
    code, sortie, erreurs = appelle(capsys, "refresh")
    assert code == 1
    assert sortie == "cibles : lot 1 publié : 1 nouvelle\n"
    assert erreurs.startswith("comptes : Source « comptes » : 8")
    code, sortie, _ = appelle(capsys, "refresh", "cibles", "--dry-run")
    assert (code, sortie) == (0, "cibles : déjà publié (lot 1), rien n'a changé\n")


def test_a_source_that_does_not_answer_has_code_three(
    espace_mini: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil

    dossier = tmp_path / "espace"
    shutil.copytree(espace_mini, dossier)
    with (dossier / "sources" / "comptes.yml").open("a", encoding="utf-8") as flux:
        flux.write("url: ENTREPOT_ABSENT\n")
    for nom, valeur in {"HOME": str(tmp_path), "ESPACE": str(dossier), "PROFIL": "agent"}.items():
        monkeypatch.setenv(f"BOUSSOLE_{nom}", valeur)
    code, _, erreurs = appelle(capsys, "refresh")
    assert code == 3
    assert "variable ENTREPOT_ABSENT absente" in erreurs
