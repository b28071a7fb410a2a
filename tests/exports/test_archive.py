"""A package as one file: complete, the same bytes twice, verified with the standard library alone."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from dashboard.exports.archive import ecris_archive
from tests import paquets


@pytest.fixture(scope="module")
def paquet(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = paquets.installe(espace_mini, tmp_path_factory.mktemp("archive"))
    app = paquets.ouvre(home)
    chemin = paquets.cree(app).chemin
    app.moteur.dispose()
    return chemin


def test_what_is_mailed_is_enough_to_verify(paquet: Path, tmp_path: Path) -> None:
    archive = ecris_archive(paquet, tmp_path / "semaine.zip")
    with zipfile.ZipFile(archive) as lue:
        lue.extractall(tmp_path / "ailleurs")
    (dossier,) = (tmp_path / "ailleurs").iterdir()
    assert dossier.name == "boussole-2026-W48"
    seul = [sys.executable, "-I", "-S", "verifie.py"]
    fait = subprocess.run(seul, cwd=dossier, capture_output=True, text=True, check=False)
    assert fait.returncode == 0, fait.stdout + fait.stderr
    (dossier / "LISEZMOI.txt").write_bytes(b"autre chose")
    fait = subprocess.run(seul, cwd=dossier, capture_output=True, text=True, check=False)
    assert fait.returncode == 1
    assert "LISEZMOI.txt" in fait.stdout + fait.stderr


def test_the_same_package_is_the_same_bytes(paquet: Path, tmp_path: Path) -> None:
    assert (
        ecris_archive(paquet, tmp_path / "a.zip").read_bytes() == ecris_archive(paquet, tmp_path / "b.zip").read_bytes()
    )
    assert not list(tmp_path.glob(".*"))


def test_an_archive_that_cannot_be_written_leaves_nothing(paquet: Path, tmp_path: Path) -> None:
    (tmp_path / "fichier").write_text("")
    with pytest.raises(OSError, match="fichier"):
        ecris_archive(paquet, tmp_path / "fichier" / "a.zip")
    assert [f.name for f in tmp_path.iterdir()] == ["fichier"]


def test_two_threads_that_write_the_same_archive_do_not_collide(paquet: Path, tmp_path: Path) -> None:
    ensemble, cible = Barrier(2, timeout=10), tmp_path / "semaine.zip"

    def ecris(_: int) -> bytes:
        ensemble.wait()
        return ecris_archive(paquet, cible).read_bytes()

    with ThreadPoolExecutor(2) as fils:
        deux = list(fils.map(ecris, range(2)))
    assert deux[0] == deux[1] == cible.read_bytes()
    assert [f.name for f in tmp_path.iterdir()] == ["semaine.zip"]
