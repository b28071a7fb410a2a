"""import, undo and rebuild on the command line: exit codes, one JSON document, sentences. Invented figures."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests import mini
from tests.conftest import verbe


@pytest.fixture
def env(espace_mini: Path, tmp_path: Path) -> dict[str, str]:
    espace = tmp_path / "espace"
    shutil.copytree(espace_mini, espace)
    mini.source_fichier(espace, territoire="Code", periode="Annee", valeur="Effectif", maille="commune",
                        reparations=["virgule_decimale"], attentes={"rejets_max": 1})  # fmt: skip
    return {"BOUSSOLE_HOME": str(tmp_path), "BOUSSOLE_ESPACE": str(espace), "BOUSSOLE_PROFIL": "agent"}


def livre(dossier: Path, *lignes: str, nom: str = "livraison.csv") -> str:
    (dossier / nom).write_text("\n".join(["Code;Annee;Effectif", *lignes]), encoding="utf-8")
    return str(dossier / nom)


def montre(env: dict[str, str], code: str = "COM-98001") -> list[float]:
    fait = verbe(env, "get", "effectif", "--territoire", code, "--format", "json")
    return [v["valeur"] for v in json.loads(fait.stdout)["valeurs"]]


def test_a_dry_run_says_everything_and_publishes_nothing(env: dict[str, str], tmp_path: Path) -> None:
    fichier = livre(tmp_path, "98001;2023;12,5", "98002;2023;7", "98999;2023;1")
    fait = verbe(env, "import", fichier, "--source", "comptes", "--dry-run", "--format", "json")
    rapport = json.loads(fait.stdout)
    assert (fait.returncode, rapport["etat"], rapport["lot"]) == (0, "verifie", None)
    assert (rapport["recues"], rapport["rejetees"], rapport["hors_champ"]) == (3, 1, 0)
    assert rapport["reparations"] == [{"regle": "virgule_decimale", "colonne": "valeur", "nombre": 1}]
    assert rapport["rejets"][0]["motif"] == "territoire_inconnu"
    assert montre(env) == []


def test_a_file_is_published_then_undone(env: dict[str, str], tmp_path: Path) -> None:
    assert verbe(env, "import", livre(tmp_path, "98001;2023;12"), "--source", "comptes").returncode == 0
    fait = verbe(env, "import", livre(tmp_path, "98001;2023;99"), "--source", "comptes", "--format", "json")
    lot = json.loads(fait.stdout)["lot"]
    assert montre(env) == [99]
    retour = verbe(env, "undo", str(lot))
    assert (retour.returncode, montre(env)) == (0, [12])
    assert f"annule le lot {lot}" in retour.stdout
    encore = verbe(env, "undo", str(lot))
    assert encore.returncode == 1
    assert "déjà annulé" in encore.stderr


def test_the_same_file_twice_is_already_published(env: dict[str, str], tmp_path: Path) -> None:
    fichier = livre(tmp_path, "98001;2023;12")
    assert verbe(env, "import", fichier, "--source", "comptes").returncode == 0
    encore = verbe(env, "import", fichier, "--source", "comptes")
    assert (encore.returncode, "déjà publié" in encore.stdout) == (0, True)


def test_a_rebuild_changes_nothing(env: dict[str, str], tmp_path: Path) -> None:
    verbe(env, "import", livre(tmp_path, "98001;2023;12"), "--source", "comptes")
    fait = verbe(env, "rebuild")
    assert (fait.returncode, "rien ne change" in fait.stdout, montre(env)) == (0, True, [12])


@pytest.mark.parametrize(
    ("arguments", "code", "phrase"),
    [
        (["import", "absent.csv", "--source", "comptes"], 1, "Fichier « absent.csv » introuvable"),
        (["import", "FICHIER", "--source", "inconnue"], 1, "Source « inconnue » inconnue. Sources admises : cibles"),
        (["import", "FICHIER"], 2, "Usage incorrect"),
        (["undo", "douze"], 2, "Usage incorrect"),
        (["undo", "99"], 1, "Lot 99 : aucun lot publié de ce numéro"),
    ],
)
def test_a_mistake_is_one_sentence(
    env: dict[str, str], tmp_path: Path, arguments: list[str], code: int, phrase: str
) -> None:
    fichier = livre(tmp_path, "98001;2023;12")
    fait = verbe(env, *[fichier if a == "FICHIER" else a for a in arguments])
    assert (fait.returncode, fait.stdout) == (code, "")
    assert phrase in fait.stderr
    assert "Traceback" not in fait.stderr


def test_the_public_profile_imports_nothing(env: dict[str, str], tmp_path: Path) -> None:
    public = env | {"BOUSSOLE_PROFIL": "public"}
    fait = verbe(public, "import", livre(tmp_path, "98001;2023;1"), "--source", "comptes")
    assert fait.returncode == 1
    assert "Écriture refusée au profil « public »" in fait.stderr
