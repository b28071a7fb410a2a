"""The command line: what scripts and schedulers rely on. Codes: 0 done, 1 refused, 2 wrong usage, 3 unavailable."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard import cli
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
    }  # fmt: skip


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
    code, sortie, _ = lance("doctor")
    assert code == 0
    assert "prêt" in sortie


REFUS = [
    (("get", "populaton"), 1, "Indicateur « populaton » inconnu. Essayer : part_population_cpts, population"),
    (("get", "densite", "--territoire", "DEP-99"), 1, "Territoire « DEP-99 » absent du COG en vigueur. Essayer : DEP-"),
    (("get", "densite", "--territoire", "Dijon"), 1, "Code de territoire inconnu : « Dijon »"),
    (("get", "densite", "--periode", "hier"), 1, "Période inconnue : « hier ». Formes admises"),
    (("get", "densite", "--as-of", "hier"), 1, "Semaine inconnue : « hier ». Forme admise : 2026-W47."),
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
