"""What an operator installs: units that parse, call documented verbs, and name no other place than the two agreed."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dashboard import cli
from tests.conftest import RACINE

DEPLOY = RACINE / "deploy"
EXPLOITATION = (RACINE / "docs" / "exploitation.md").read_text(encoding="utf-8")
FICHIERS = sorted(f for f in DEPLOY.iterdir() if f.name.startswith("boussole"))
PERMIS = ("/opt/boussole", "/etc/boussole", "/bin/sh")
SCRIPT = "boussole-snapshot.sh"


def unite(nom: str) -> configparser.ConfigParser:
    lue = configparser.ConfigParser(interpolation=None)
    lue.optionxform = str  # type: ignore[assignment,method-assign]
    lue.read_string((DEPLOY / nom).read_text(encoding="utf-8"))
    return lue


def test_the_service_is_one_documented_pull() -> None:
    service = unite("boussole-refresh.service")["Service"]
    assert service["Type"] == "oneshot"
    assert service["EnvironmentFile"] == "/etc/boussole/boussole.env"
    assert service["Environment"] == "BOUSSOLE_PROFIL=agent"
    assert service["ExecStart"] == "/opt/boussole/.venv/bin/python -m dashboard refresh"


def test_the_timer_is_daily_at_half_past_four_in_paris_and_catches_up() -> None:
    minuterie = unite("boussole-refresh.timer")
    assert minuterie["Timer"]["OnCalendar"] == "*-*-* 04:30:00 Europe/Paris"
    assert minuterie["Timer"]["Persistent"] == "true"
    assert (DEPLOY / minuterie["Timer"]["Unit"]).is_file()
    assert minuterie["Install"]["WantedBy"] == "timers.target"


def test_the_snapshot_is_made_on_monday_at_five_in_paris_and_catches_up() -> None:
    minuterie, service = unite("boussole-snapshot.timer"), unite("boussole-snapshot.service")
    assert minuterie["Timer"]["OnCalendar"] == "Mon *-*-* 05:00:00 Europe/Paris"
    assert minuterie["Timer"]["Persistent"] == "true"
    assert minuterie["Timer"]["Unit"] == "boussole-snapshot.service"
    assert service["Service"]["ExecStart"] == f"/opt/boussole/deploy/{SCRIPT}"
    assert os.access(DEPLOY / SCRIPT, os.X_OK)
    assert "boussole-refresh.service" in service["Unit"]["After"], "le tirage du jour finit d'abord"


def test_cron_does_both_at_the_same_times() -> None:
    texte = (DEPLOY / "boussole.cron").read_text(encoding="utf-8")
    tirage, instantane = [x for x in texte.splitlines() if x[:1].isdigit()]
    assert tirage.startswith("30 4 * * * boussole ")
    assert instantane.startswith("0 5 * * 1 boussole ")
    assert instantane.endswith(f"/opt/boussole/deploy/{SCRIPT}")
    assert "CRON_TZ=Europe/Paris" in texte


@pytest.mark.endurance  # needs systemd, which a bare machine may lack; its form is asserted above everywhere
def test_systemd_reads_every_calendar_and_names_no_mistake() -> None:
    for minuterie in DEPLOY.glob("*.timer"):
        quand = unite(minuterie.name)["Timer"]["OnCalendar"]
        lu = subprocess.run(["systemd-analyze", "calendar", quand], capture_output=True, text=True, check=False)
        assert lu.returncode == 0, lu.stderr
    for nom in ("boussole-refresh.service", "boussole-snapshot.service", "boussole-api.service"):
        lu = subprocess.run(["systemd-analyze", "verify", DEPLOY / nom], capture_output=True, text=True, check=False)
        assert [x for x in lu.stderr.splitlines() if "Unknown" in x or "Failed to parse" in x] == []


def test_the_interface_runs_alone_as_the_public_beside_the_pages() -> None:
    service = unite("boussole-api.service")["Service"]
    assert service["ExecStart"] == "/opt/boussole/.venv/bin/python -m dashboard api --port 8601"
    assert service["Environment"] == "BOUSSOLE_PROFIL=public"
    assert service["Restart"] == "on-failure"


def test_the_proxy_limits_the_interface_and_says_so_as_it_does() -> None:
    texte = (DEPLOY / "nginx-boussole.conf").read_text(encoding="utf-8")
    assert texte.count("{") == texte.count("}")
    zone = re.search(r"limit_req_zone \$binary_remote_addr zone=(\w+):\d+m rate=(\d+)r/s;", texte)
    assert zone is not None
    (api,) = re.findall(r"location /api/ \{(.*?)\n    \}", texte, flags=re.DOTALL)
    assert f"limit_req zone={zone[1]} burst=" in api
    assert "limit_req_status 429;" in api
    assert "proxy_pass http://127.0.0.1:8601;" in api
    (refus,) = re.findall(r"return 429 '(.*?)';", texte)
    assert set(json.loads(refus)) == {"type", "title", "status", "detail"}
    assert "application/problem+json" in texte
    (pages,) = re.findall(r"location / \{(.*?)\n    \}", texte, flags=re.DOTALL)
    assert "limit_req" not in pages
    assert "Upgrade $http_upgrade" in pages
    assert zone[2] in EXPLOITATION[EXPLOITATION.index("## Interface de lecture") :]


FAUX = """#!/bin/sh
echo "$BOUSSOLE_PROFIL $BOUSSOLE_ADRESSE $*" >> "$JOURNAL"
case "$*" in *"$ECHEC"*) exit "$CODE";; esac
"""
LUNDI = ["refresh", "snapshot create --audience public", "snapshot create --audience interne", "bulletin send"]


@pytest.mark.parametrize(
    ("echec", "code", "sortie"),
    [("rien", 0, 0), ("refresh", 3, 0), ("audience public", 3, 3), ("interne", 1, 1), ("bulletin", 3, 3)],
)
def test_a_step_that_fails_stops_no_other_and_a_late_source_is_no_failure_of_the_week(
    tmp_path: Path, echec: str, code: int, sortie: int
) -> None:
    (tmp_path / "deploy").mkdir()
    shutil.copy(DEPLOY / SCRIPT, tmp_path / "deploy")
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(FAUX, encoding="utf-8")
    python.chmod(0o755)
    env = {"PATH": os.environ["PATH"], "JOURNAL": str(tmp_path / "vu"), "ECHEC": echec, "CODE": str(code),
           "BOUSSOLE_ADRESSE": "0.0.0.0", "BOUSSOLE_BULLETIN": "elus@exemple.fr"}  # fmt: skip
    fait = subprocess.run([tmp_path / "deploy" / SCRIPT], env=env, check=False)
    assert fait.returncode == sortie
    vus = (tmp_path / "vu").read_text(encoding="utf-8").splitlines()
    assert vus == [f"agent 127.0.0.1 -m dashboard {etape}" for etape in LUNDI]
    (tmp_path / "vu").unlink()
    sans = {c: v for c, v in env.items() if c != "BOUSSOLE_BULLETIN"}
    subprocess.run([tmp_path / "deploy" / SCRIPT], env=sans, check=False)
    assert len((tmp_path / "vu").read_text(encoding="utf-8").splitlines()) == len(LUNDI) - 1, "personne à qui écrire"


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: f.name)
def test_every_verb_called_exists_and_is_documented(fichier: Path) -> None:
    for commande in re.findall(r"(?:-m dashboard|fais) ([a-z][^\n]+)", fichier.read_text(encoding="utf-8")):
        cli._analyseur().parse_args(commande.split())
        assert f"python -m dashboard {commande.split()[0]}" in EXPLOITATION


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: f.name)
def test_no_other_place_of_a_machine_is_named(fichier: Path) -> None:
    chemins = re.findall(r"(?<![\w.:/])/[a-z][\w./-]+", fichier.read_text(encoding="utf-8"))
    assert [c for c in chemins if not c.startswith(PERMIS)] == []


def test_every_setting_of_the_example_is_documented() -> None:
    reglages = re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "boussole.env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(reglages) == 10
    assert [r for r in reglages if f"`{r}`" not in EXPLOITATION] == []
