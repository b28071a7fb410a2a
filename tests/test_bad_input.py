"""Store missing, locked, read only, foreign or newer; settings wrong; port taken: one sentence with its remedy."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import port
from dashboard.reglages import ReglageInvalide, lis_reglages
from tests.conftest import RACINE, dashboard
from tests.test_cli import appelle

AGENT = "agent"


@pytest.fixture
def env(espace_mini: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sans_application: None) -> Path:
    """Settings of an agent on the tiny espace; gives the path of the store."""
    for nom, valeur in {"HOME": str(tmp_path), "ESPACE": str(espace_mini), "PROFIL": AGENT}.items():
        monkeypatch.setenv(f"BOUSSOLE_{nom}", valeur)
    return tmp_path / "boussole.sqlite"


@pytest.fixture
def construit(env: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert appelle(capsys, "refresh")[0] == 0
    return env


VERBES = [("get", "effectif"), ("why", "effectif", "REG-99", "2023"), ("doctor",)]


@pytest.mark.parametrize("verbe", VERBES, ids=lambda v: v[0])
def test_a_missing_store_says_which_command_builds_it(
    env: Path, capsys: pytest.CaptureFixture[str], verbe: tuple[str, ...]
) -> None:
    code, sortie, erreurs = appelle(capsys, *verbe)
    assert code == 3
    assert "fichier absent. Lancer « make run » pour le construire." in sortie + erreurs
    assert not env.exists()


@pytest.mark.parametrize("verbe", [("get", "effectif"), ("refresh",)], ids=lambda v: v[0])
def test_a_file_that_is_no_store_is_said_so_and_left_alone(
    env: Path, capsys: pytest.CaptureFixture[str], verbe: tuple[str, ...]
) -> None:
    env.write_text("Ceci n'est pas un magasin, mais un texte assez long pour ne pas être vide. " * 20)
    avant = env.read_bytes()
    code, _, erreurs = appelle(capsys, *verbe)
    assert code == 3
    assert "ce fichier n'est pas un magasin ; donner un autre chemin à BOUSSOLE_DB" in erreurs
    assert env.read_bytes() == avant


@pytest.fixture
def verrou(construit: Path) -> Iterator[Path]:
    """Another program is writing and does not finish."""
    connexion = sqlite3.connect(construit, isolation_level=None)
    connexion.execute("BEGIN IMMEDIATE")
    yield construit
    connexion.execute("ROLLBACK")
    connexion.close()


@pytest.mark.timeout(120)
def test_a_locked_store_says_to_wait(
    verrou: Path, capsys: pytest.CaptureFixture[str], espace_mini: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = tmp_path / "change"
    shutil.copytree(espace_mini, dossier)
    with (dossier / "base_curee" / "lignes.csv").open("a", encoding="utf-8") as flux:
        flux.write("effectif,COM-98001,2022,5,,,,,,,,,\n")
    monkeypatch.setenv("BOUSSOLE_ESPACE", str(dossier))
    assert appelle(capsys, "get", "effectif")[0] == 0
    code, _, erreurs = appelle(capsys, "refresh")
    assert code == 3
    assert "verrouillé par un autre programme ; attendre sa fin ou l'arrêter, puis recommencer" in erreurs
    assert "Traceback" not in erreurs


@pytest.mark.parametrize("verbe", [("get", "effectif"), ("refresh",)], ids=lambda v: v[0])
def test_a_read_only_store_can_be_read_and_says_why_it_cannot_be_written(
    construit: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, verbe: tuple[str, ...],
    espace_mini: Path, tmp_path: Path,
) -> None:  # fmt: skip
    dossier = tmp_path / "change"
    shutil.copytree(espace_mini, dossier)
    with (dossier / "indicateurs" / "effectif.yml").open("a", encoding="utf-8") as flux:
        flux.write("note: Nouvelle.\n")
    monkeypatch.setenv("BOUSSOLE_ESPACE", str(dossier))
    monkeypatch.setenv("BOUSSOLE_DB", f"sqlite:///file:{construit}?mode=ro&uri=true")
    code, sortie, erreurs = appelle(capsys, *verbe)
    if verbe[0] == "get":
        assert (code, erreurs) == (0, "")
        assert "1000" in sortie
    else:
        assert code == 3
        assert "en lecture seule ; donner le droit d'écriture sur le fichier et son dossier" in erreurs


@pytest.mark.parametrize("verbe", [("get", "effectif"), ("refresh",), ("doctor",)], ids=lambda v: v[0])
def test_a_newer_store_asks_for_a_newer_version(
    construit: Path, capsys: pytest.CaptureFixture[str], verbe: tuple[str, ...]
) -> None:
    connexion = sqlite3.connect(construit)
    connexion.execute("UPDATE alembic_version SET version_num = '9999'")
    connexion.commit()
    connexion.close()
    code, sortie, erreurs = appelle(capsys, *verbe)
    assert code == 3
    assert "schéma plus récent que ce logiciel. Installer la version de Boussole" in sortie + erreurs


@pytest.mark.parametrize(
    ("url", "phrase"),
    [
        ("n'importe quoi", "adresse illisible"),
        ("postgresql://boussole:motdepasse@127.0.0.1:1/base", "le serveur ne répond pas"),
        ("sqlite:////dossier/absent/boussole.sqlite", "fichier absent"),
    ],
)
def test_a_wrong_address_is_said_without_its_password(
    env: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str, phrase: str
) -> None:
    monkeypatch.setenv("BOUSSOLE_DB", url)
    code, _, erreurs = appelle(capsys, "get", "effectif")
    assert code == 3
    assert phrase in erreurs
    assert "motdepasse" not in erreurs


def test_a_database_that_does_not_exist_on_the_server_is_said_so(
    env: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], postgres: str
) -> None:
    monkeypatch.setenv("BOUSSOLE_DB", postgres.rsplit("/", 1)[0] + "/absente")
    code, _, erreurs = appelle(capsys, "get", "effectif")
    assert code == 3
    assert "base ou schéma absent ; créer la base" in erreurs


def test_a_wrong_password_is_said_so(
    env: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], postgres: str
) -> None:
    monkeypatch.setenv("BOUSSOLE_DB", postgres.replace(":", ":faux", 2).replace(":faux//", "://", 1))
    code, _, erreurs = appelle(capsys, "get", "effectif")
    assert code == 3
    assert "identifiants refusés" in erreurs


# ----------------------------------------------------------------------------------------------- settings


@pytest.mark.parametrize(
    ("nom", "valeur", "phrase"),
    [
        ("PROFIL", "chef", "BOUSSOLE_PROFIL : « chef » inconnu. Valeurs admises : public, partenaire, agent."),
        ("DATE_ARRETE", "demain", "BOUSSOLE_DATE_ARRETE : « demain » n'est pas une date. Forme attendue : 2026-11-23."),
        ("ESPACE", "/nulle/part", "Donner à BOUSSOLE_ESPACE le chemin d'un dossier d'espace"),
    ],
)
def test_a_wrong_setting_says_its_name_its_value_and_the_remedy(
    env: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], nom: str, valeur: str, phrase: str
) -> None:
    monkeypatch.setenv(f"BOUSSOLE_{nom}", valeur)
    code, sortie, erreurs = appelle(capsys, "get", "effectif")
    assert (code, sortie) == (1, "")
    assert phrase in erreurs


def test_an_espace_with_a_typo_refuses_every_verb(
    env: Path, espace_mini: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dossier = tmp_path / "faute"
    shutil.copytree(espace_mini, dossier)
    fichier = dossier / "indicateurs" / "effectif.yml"
    fichier.write_text(fichier.read_text(encoding="utf-8").replace("unite: hab.", "unite: pct"), encoding="utf-8")
    monkeypatch.setenv("BOUSSOLE_ESPACE", str(dossier))
    for verbe in (("get", "effectif"), ("refresh",), ("doctor",)):
        code, sortie, erreurs = appelle(capsys, *verbe)
        assert (code, sortie) == (1, "")
        assert "effectif.yml, ligne 6 : unité « pct » : nom inconnu" in erreurs


def test_settings_have_a_safe_default(tmp_path: Path) -> None:
    reglages = lis_reglages({"BOUSSOLE_HOME": str(tmp_path)})
    assert (reglages.profil, reglages.adresse, reglages.peut_ecrire) == ("public", "127.0.0.1", False)
    assert reglages.db == f"sqlite:///{tmp_path / 'boussole.sqlite'}"
    with pytest.raises(ReglageInvalide):
        lis_reglages({"BOUSSOLE_PROFIL": "AGENT"})
    assert reglages.fond_de_carte is None
    with pytest.raises(ReglageInvalide, match=r"BOUSSOLE_FOND_DE_CARTE : « osm » inconnu\. Valeurs admises : geo"):
        lis_reglages({"BOUSSOLE_FOND_DE_CARTE": "osm"})


def test_the_public_address_is_that_of_a_site_and_loses_its_last_slash() -> None:
    assert lis_reglages({}).url == ""
    assert (
        lis_reglages({"BOUSSOLE_URL": "https://region.exemple.fr/boussole/"}).url
        == "https://region.exemple.fr/boussole"
    )
    for faux in (
        "boussole",
        "ftp://exemple.fr",
        "https://exemple.fr/a b",
        "https://exemple.fr/?x=1",
        "https://exemple.fr/#x",
    ):
        with pytest.raises(ReglageInvalide, match="BOUSSOLE_URL"):
            lis_reglages({"BOUSSOLE_URL": faux})


# --------------------------------------------------------------------------------------- process and port


def test_no_trace_reaches_a_script_unless_it_asks(tmp_path: Path) -> None:
    env = {"BOUSSOLE_HOME": str(tmp_path)}
    sans = dashboard(env, "get", "densite")
    avec = dashboard(env, "get", "densite", "--debug")
    assert (sans.returncode, sans.stdout) == (3, "")
    assert sans.stderr.count("\n") == 1
    assert "Traceback" in avec.stderr


@pytest.mark.parametrize(("famille", "adresse"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_taken_port_is_said_with_the_command_for_another(famille: int, adresse: str) -> None:
    with socket.socket(famille) as prise:
        prise.bind((adresse, 0))
        prise.listen()
        numero = prise.getsockname()[1]
        resultat = subprocess.run(
            [sys.executable, "-m", "dashboard.port", adresse, str(numero)],
            cwd=RACINE, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert resultat.returncode == 3
    assert resultat.stderr.startswith(f"Port {numero} de {adresse} indisponible")
    assert f"make run PORT={numero + 1}" in resultat.stderr
    assert "Traceback" not in resultat.stderr
    assert port.verifie(adresse, numero) is None


@pytest.mark.parametrize("numero", ["abc", "70000", "-1"])
def test_a_number_that_is_no_port_is_said_so(numero: str) -> None:
    resultat = subprocess.run(
        [sys.executable, "-m", "dashboard.port", "127.0.0.1", numero],
        cwd=RACINE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert resultat.returncode == 2
    assert "Traceback" not in resultat.stderr
    assert numero in resultat.stderr
