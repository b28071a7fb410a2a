"""What an operator installs: units that parse, call documented verbs, and name no other place than the two agreed."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest

from dashboard import cli
from tests.conftest import RACINE

DEPLOY = RACINE / "deploy"
EXPLOITATION = (RACINE / "docs" / "exploitation.md").read_text(encoding="utf-8")
FICHIERS = sorted(f for f in DEPLOY.iterdir() if f.name.startswith("boussole"))
PERMIS = ("/opt/boussole", "/etc/boussole")


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


def test_cron_pulls_at_the_same_time() -> None:
    (ligne,) = [x for x in (DEPLOY / "boussole.cron").read_text(encoding="utf-8").splitlines() if x[:1].isdigit()]
    assert ligne.startswith("30 4 * * * boussole ")
    assert "CRON_TZ=Europe/Paris" in (DEPLOY / "boussole.cron").read_text(encoding="utf-8")


@pytest.mark.parametrize("fichier", FICHIERS, ids=lambda f: f.name)
def test_every_verb_called_exists_and_is_documented(fichier: Path) -> None:
    for commande in re.findall(r"-m dashboard ([^\n]+)", fichier.read_text(encoding="utf-8")):
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
