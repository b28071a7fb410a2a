"""``snapshot diff`` as a person and as a machine read it. Figures invented."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests import semaines
from tests.test_alertes_cli import Lance, lance

__all__ = ["lance"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BOUSSOLE_HOME", str(tmp_path / "home"))
    semaines.deux_semaines(tmp_path / "home")
    return tmp_path / "home"


def test_two_weeks_are_told_by_cause_with_their_first_rows(home: Path, lance: Lance) -> None:
    code, sortie, _ = lance("snapshot", "diff", "2026-W47", "2026-W48")
    assert code == 0
    assert sortie.splitlines() == [
        "De 2026-W47 à 2026-W48, public :", "", "Nouvelle valeur : 1", "  bornes 2024-12-31 REG-99 : ajout, 6148",
    ]  # fmt: skip


def test_the_other_way_round_the_new_value_is_withdrawn(home: Path, lance: Lance) -> None:
    _, sortie, _ = lance("snapshot", "diff", "2026-W48", str(home / "snapshots" / "2026-W47"))
    assert "Valeur retirée : 1" in sortie


def test_the_same_week_has_no_difference(home: Path, lance: Lance) -> None:
    assert "Aucune différence." in lance("snapshot", "diff", "2026-W48", "2026-W48")[1]


def test_every_row_is_in_the_json_document(home: Path, lance: Lance) -> None:
    code, sortie, _ = lance("snapshot", "diff", "2026-W47", "2026-W48", "--format", "json")
    lu = json.loads(sortie)
    assert (code, lu["comptes"]) == (0, {"nouvelle": 1})
    assert lu["lignes"][0]["cle"]["territoire"] == "REG-99"
    assert lu["lignes"][0]["apres"]["valeur"] == 6148.0
    assert lu["lignes"][0]["avant"] == {}


def test_every_row_is_in_the_csv(home: Path, lance: Lance) -> None:
    code, sortie, _ = lance("snapshot", "diff", "2026-W47", "2026-W48", "--format", "csv", "--complet")
    assert code == 0
    (ligne,) = csv.DictReader(io.StringIO(sortie))
    assert (ligne["cause"], ligne["table"], ligne["nature"]) == ("nouvelle", "observations", "ajout")
    assert json.loads(ligne["apres"])["valeur"] == 6148.0


def test_a_damaged_package_is_one_sentence_and_code_one(home: Path, lance: Lance) -> None:
    (home / "snapshots" / "2026-W48" / "version.json").write_text("non", "utf-8")
    code, sortie, erreur = lance("snapshot", "diff", "2026-W47", "2026-W48")
    assert (code, sortie) == (1, "")
    assert erreur.startswith("Paquet « 2026-W48 », fichier version.json")
    assert erreur.count("\n") == 1
