"""``python -m dashboard snapshot``: verbs, exit codes, French refusals. The tiny espace: figures are invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import cli, instantanes
from dashboard.bootstrap import Application
from tests import paquets

SEMAINE = "2026-W48"


@pytest.fixture(scope="module")
def maison(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one public package."""
    home = paquets.installe(espace_mini, tmp_path_factory.mktemp("commande"))
    ouverte = paquets.ouvre(home)
    paquets.cree(ouverte, SEMAINE)
    ouverte.moteur.dispose()
    return home


@pytest.fixture
def app(maison: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Application]:
    with paquets.copie(maison, tmp_path / "maison") as ouverte:
        for nom, valeur in {**paquets.environnement(tmp_path / "maison"), "BOUSSOLE_PROFIL": "agent"}.items():
            monkeypatch.setenv(nom, valeur)
        yield ouverte


def snapshot(*arguments: object) -> int:
    return cli.main(["snapshot", *(str(a) for a in arguments)])


def test_create_publishes_once_and_says_the_fingerprint(
    app: Application, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instantanes.cree, "__kwdefaults__", {**instantanes.cree.__kwdefaults__, "parties": ()})
    assert snapshot("create", "--audience", "interne", "--format", "json") == 0
    dit = json.loads(capsys.readouterr().out)
    assert (dit["nouveau"], Path(dit["chemin"]).parent.name) == (True, "snapshots-internes")
    assert snapshot("create", "--audience", "interne") == 0
    sortie = capsys.readouterr()
    assert sortie.out.startswith(f"Déjà publié : {dit['semaine']}")
    assert sortie.err == ""


def test_other_data_without_a_reason_are_refused(
    app: Application, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instantanes.cree, "__kwdefaults__", {**instantanes.cree.__kwdefaults__, "parties": ()})
    assert snapshot("create", "--audience", "interne") == 0
    paquets.modifie(app)
    assert snapshot("create", "--audience", "interne") == 1
    assert "--raison" in capsys.readouterr().err
    assert snapshot("create", "--audience", "interne", "--raison", "Oubli") == 0


def test_list_tells_weeks_sizes_and_fingerprints(app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    assert snapshot("list") == 0
    assert f"{SEMAINE}     publié" in capsys.readouterr().out
    assert snapshot("list", "--format", "json") == 0
    derniere = json.loads(capsys.readouterr().out)[-1]
    assert (derniere["semaine"], derniere["etat"]) == (SEMAINE, "publie")
    assert snapshot("list", "--audience", "interne") == 0
    assert "Aucun instantané" in capsys.readouterr().out


def test_verify_accepts_what_is_intact_and_names_what_is_not(
    app: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    for quoi in ((), (SEMAINE,), ("current",), (app.reglages.home / "snapshots" / SEMAINE,)):
        assert snapshot("verify", *quoi) == 0
    (app.reglages.home / "snapshots" / SEMAINE / "version.json").write_text("{}")
    capsys.readouterr()
    assert snapshot("verify") == 1
    assert f"{SEMAINE}/version.json : contenu modifié" in capsys.readouterr().err
    assert snapshot("verify", SEMAINE, "--format", "json") == 1
    assert json.loads(capsys.readouterr().out)["dommages"][0]["genre"] == "modifie"


@pytest.mark.parametrize("verbe", [("create",), ("list",)])
def test_a_damaged_journal_stops_everything_with_a_sentence(
    app: Application, capsys: pytest.CaptureFixture[str], verbe: tuple[str, ...]
) -> None:
    (app.reglages.home / "snapshots" / "journal.jsonl").write_text("{}\n")
    assert snapshot(*verbe) == 1
    assert "journal.jsonl : ligne illisible" in capsys.readouterr().err


@pytest.mark.parametrize("nom", ["2026-W01", "../snapshots", "x"])
def test_an_unknown_package_is_refused_with_the_remedy(
    app: Application, capsys: pytest.CaptureFixture[str], nom: str
) -> None:
    assert snapshot("verify", nom) == 1
    assert "snapshot list" in capsys.readouterr().err


def test_what_is_internal_needs_the_agent_profile(
    app: Application, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOUSSOLE_PROFIL", "public")
    for verbe in (("list",), ("verify",), ("create",), ("restore", SEMAINE)):
        assert snapshot(*verbe, "--audience", "interne") == 1
        assert "BOUSSOLE_PROFIL=agent" in capsys.readouterr().err
    assert snapshot("list") == 0


def test_restore_fills_a_new_store_only(
    app: Application, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert snapshot("restore", SEMAINE) == 1
    assert "n'est pas vide" in capsys.readouterr().err
    monkeypatch.setenv("BOUSSOLE_DB", f"sqlite:///{tmp_path}/neuf.sqlite")
    assert snapshot("restore", SEMAINE) == 0
    assert "BOUSSOLE_DATE_ARRETE=2026-11-23" in capsys.readouterr().out


def test_remove_proposes_nothing_when_all_is_recent(app: Application, capsys: pytest.CaptureFixture[str]) -> None:
    assert snapshot("remove") == 0
    assert "Rien à retirer" in capsys.readouterr().out
    assert snapshot("remove", SEMAINE, "--raison", "Place") == 1
    assert "dernier publié" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [(), ("create", "--audience", "tous"), ("restore",), ("diff", "2026-W48")])
def test_a_wrong_usage_is_said_in_two(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as fin:
        snapshot(*arguments)
    assert fin.value.code == 2
    assert "Usage incorrect" in capsys.readouterr().err
