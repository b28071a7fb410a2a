"""``python -m dashboard portrait``: files, folder, restart, refusals. The tiny espace: figures are invented."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dashboard import cli
from tests import mini
from tests.conftest import verbe

JOUR = ("--arrete", "2026-11-23")


@pytest.fixture(scope="module")
def maison(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose store holds the tiny espace, drawn."""
    home = tmp_path_factory.mktemp("portraits")
    mini.dessine(shutil.copytree(espace_mini, home / "espace"))
    env = {"BOUSSOLE_HOME": str(home), "BOUSSOLE_ESPACE": str(home / "espace"), "BOUSSOLE_PROFIL": "agent"}
    fait = verbe(env, "refresh", "--embarque")
    assert fait.returncode == 0, fait.stderr
    return home


@pytest.fixture(autouse=True)
def _ici(maison: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOUSSOLE_HOME", str(maison))
    monkeypatch.setenv("BOUSSOLE_ESPACE", str(maison / "espace"))


def portrait(*arguments: object) -> int:
    return cli.main(["portrait", *(str(a) for a in arguments), *JOUR])


def test_a_code_gives_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fichier = tmp_path / "loin" / "nord.pdf"
    assert portrait(mini.NORD, "--out", fichier) == 0
    assert fichier.read_bytes().startswith(b"%PDF")
    assert capsys.readouterr().out == f"1\u202fportrait écrit : {fichier}\n"


def test_a_code_goes_under_its_own_name_in_a_folder_that_exists(tmp_path: Path) -> None:
    assert portrait("COM-98001", "--out", tmp_path) == 0
    assert [f.name for f in tmp_path.iterdir()] == ["COM-98001.pdf"]


def test_a_maille_gives_a_folder_and_all_gives_those_above_the_commune(tmp_path: Path) -> None:
    assert portrait("--maille", "epci", "--out", tmp_path / "epci") == 0
    assert sorted(f.stem for f in (tmp_path / "epci").iterdir()) == [mini.E1, mini.CHEVAL, mini.E3]
    assert portrait("--tous", "--out", tmp_path / "tous") == 0
    attendus = [mini.NORD, mini.SUD, mini.E1, mini.CHEVAL, mini.E3, mini.REGION]
    assert sorted(f.stem for f in (tmp_path / "tous").iterdir()) == attendus


def test_what_is_finished_is_not_done_again_and_what_is_missing_or_stale_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    portrait("--maille", "epci", "--out", tmp_path)
    (tmp_path / f"{mini.E1}.pdf").unlink()
    (tmp_path / f"{mini.E3}.pdf").write_bytes(b"%PDF, cut short")
    garde = (tmp_path / f"{mini.CHEVAL}.pdf").stat().st_mtime_ns
    capsys.readouterr()
    assert portrait("--maille", "epci", "--out", tmp_path) == 0
    assert capsys.readouterr().out == f"2\u202fportraits écrits, 1 déjà à jour : {tmp_path}\n"
    assert (tmp_path / f"{mini.CHEVAL}.pdf").stat().st_mtime_ns == garde
    assert not list(tmp_path.glob(".*"))


def test_another_date_makes_another_portrait(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fichier = tmp_path / "p.pdf"
    portrait(mini.E1, "--out", fichier)
    avant = fichier.read_bytes()
    assert cli.main(["portrait", mini.E1, "--out", str(fichier), "--arrete", "2026-11-24"]) == 0
    assert fichier.read_bytes() != avant


@pytest.mark.parametrize(
    ("arguments", "code", "mots"),
    [
        (["COM-98099"], 1, "Territoire « COM-98099 » absent"),
        (["Dijon"], 1, "Code de territoire inconnu : « Dijon »"),
        (["REG-99", "--tous"], 2, "un seul des trois"),
        ([], 2, "donner un CODE"),
        (["REG-99", "--arrete", "hier"], 1, "Date d'arrêté « hier » refusée. Forme attendue : 2026-11-23"),
        (["REG-99", "--arrete", "1066-10-14"], 1, "entre 2000 et 2099"),
    ],
)
def test_a_refusal_names_the_value_and_the_remedy(
    arguments: list[str], code: int, mots: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["portrait", *arguments, "--out", str(tmp_path / "p.pdf")]) == code
    erreur = capsys.readouterr().err
    assert mots in erreur
    assert erreur.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_a_place_where_nothing_can_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "fichier").write_text("déjà là", encoding="utf-8")
    assert portrait("--tous", "--out", tmp_path / "fichier") == 1
    assert "écriture impossible" in capsys.readouterr().err


def test_a_store_that_is_not_there_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BOUSSOLE_HOME", str(tmp_path / "vide"))
    assert portrait("REG-99", "--out", tmp_path / "p.pdf") == 3
    assert "Magasin" in capsys.readouterr().err


def test_an_espace_without_drawings_has_portraits_without_maps(
    maison: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nu = shutil.copytree(maison / "espace", tmp_path / "nu")
    shutil.rmtree(nu / "reference" / "geometrie")
    monkeypatch.setenv("BOUSSOLE_ESPACE", str(nu))
    assert portrait("COM-98001", "--out", tmp_path / "p.pdf") == 0
