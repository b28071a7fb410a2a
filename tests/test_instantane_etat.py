"""Readiness tells the last snapshot: its week, its age, its seal, the weeks that were not made. Invented figures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard import bootstrap, instantane_etat
from dashboard.bootstrap import Application
from dashboard.domain.instantane import empreinte_courte
from tests import paquets
from tests.conftest import dashboard
from tests.paquets import cree

QUAND = datetime(2026, 12, 9, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def maison(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paquets.installe(espace_mini, tmp_path_factory.mktemp("etat"))


@pytest.fixture
def app(maison: Path, tmp_path: Path) -> Iterator[Application]:
    with paquets.copie(maison, tmp_path / "maison") as ouverte:
        yield ouverte


def test_a_store_without_any_snapshot_is_ready(app: Application) -> None:
    lu = instantane_etat.controle(app.reglages)
    assert (lu.nom, lu.ok, lu.message) == ("instantane", True, "Aucun instantané publié. Le premier : make snapshot.")


def test_the_last_one_is_told_with_its_age_and_the_weeks_not_made(app: Application) -> None:
    cree(app, "2026-W47")
    fait = cree(app, "2026-W48")
    lu = instantane_etat.controle(app.reglages, maintenant=QUAND)
    assert lu.ok
    assert lu.message.startswith("2026-W48, publié le 23 nov. 2026 (il y a 16\u202fjours), sceau vérifié, empreinte ")
    assert lu.message.endswith(f"{empreinte_courte(fait.contenu)}. Non produites : 2026-W49.")
    tard = instantane_etat.controle(app.reglages, maintenant=datetime(2027, 2, 3, tzinfo=UTC)).message
    assert tard.endswith(
        "Non produites : 2026-W52, 2026-W53, 2027-W01, 2027-W02, 2027-W03, 2027-W04 et 3\u202fautres avant."
    )
    assert "aujourd'hui" in instantane_etat.controle(app.reglages, maintenant=paquets.SEMAINES["2026-W48"]).message


@pytest.mark.parametrize(
    ("fichier", "octets", "attendu"),
    [
        ("2026-W48/SEAL.json", b"{}", "Dernier instantané à revoir"),
        ("2026-W48/MANIFEST.sha256", b"", "2026-W48, sceau rompu."),
        ("current", b"2026-W47\n", "« current » désigne 2026-W47, le dernier publié est 2026-W48."),
        ("current", b"2026-W40\n", "No such file"),
        ("current", b"\xff", "Dernier instantané à revoir"),
        ("journal.jsonl", b"{}\n", "journal.jsonl"),
    ],
)
def test_what_does_not_hold_is_said(app: Application, fichier: str, octets: bytes, attendu: str) -> None:
    cree(app, "2026-W47")
    cree(app, "2026-W48")
    (app.reglages.home / "snapshots" / fichier).write_bytes(octets)
    lu = instantane_etat.controle(app.reglages)
    assert not lu.ok
    assert attendu in lu.message
    assert lu.message.endswith("Lancer snapshot verify.")
    assert str(app.reglages.home) not in lu.message


def test_the_doctor_refuses_a_broken_one_but_the_server_stays_ready(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    cree(app, "2026-W48")
    (app.reglages.home / "snapshots" / "2026-W48" / "SEAL.json").write_bytes(b"{}")
    fait = dashboard(paquets.environnement(app.reglages.home), "doctor", "--format", "json")
    lus = json.loads(fait.stdout)["controles"]
    assert (lus["instantane"]["ok"], lus["instantane_interne"]["ok"]) == (False, True)
    assert fait.returncode == 3
    monkeypatch.setattr(bootstrap, "application", lambda: app)
    dits = {c.nom: c for c in bootstrap.controles_pret()}
    assert dits["instantane"].ok
    assert "à revoir" in dits["instantane"].message
    assert "instantane_interne" not in dits
