"""What stops the making of a package: a kill, a full disk, another run, a damage. Invented figures."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dashboard.bootstrap import Application
from dashboard.domain.instantane import SCEAU
from dashboard.exports import publication, verifie
from dashboard.exports.publication import InstantaneAbime
from dashboard.instantane_parties import Partie
from dashboard.instantanes import InstantaneImpossible
from dashboard.store.instantanes import load_instantanes
from tests import paquets
from tests.conftest import RACINE
from tests.paquets import cree, etat_sain, snapshots


def _lance(app: Application, semaine: str, limite: int, *tout: str) -> subprocess.CompletedProcess[str]:
    commande = [sys.executable, "-c", paquets.TUE, str(app.reglages.home), semaine, str(limite), *tout]
    return subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=False)


def _tue_a(app: Application, maison: Path, limite: int, *tout: str) -> None:
    """After a kill at the nth write, ``current`` is verified; the next run clears and finishes."""
    _remets(app, maison)
    fait = _lance(app, "2026-W48", limite, *tout)
    assert fait.returncode == -9, (limite, fait.stderr)
    _reprend(app, limite)


def _remets(app: Application, maison: Path) -> None:
    """The home as it was when only last week was published."""
    home = app.reglages.home
    for reste in ("snapshots", "boussole.sqlite"):
        chemin = home / reste
        shutil.rmtree(chemin) if chemin.is_dir() else chemin.unlink(missing_ok=True)
    shutil.copy(maison / "boussole.sqlite", home)
    shutil.copytree(maison / "avec_w47", home / "snapshots")


def _reprend(app: Application, limite: object) -> None:
    courant = publication.courant(snapshots(app))
    assert courant in ("2026-W47", "2026-W48"), limite
    assert verifie.verifie_paquet(str(snapshots(app) / courant)) == [], limite
    repris = cree(app)
    assert str(repris.semaine) == "2026-W48", limite
    etat_sain(app, "2026-W48")
    with app.moteur.connect() as connexion:
        assert [str(x.semaine) for x in load_instantanes(connexion, "public")][-1] == "2026-W48", limite


@pytest.fixture(scope="module")
def maison_w47(maison: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A home with last week published, kept beside; and how many writes a run makes."""
    copie = shutil.copytree(maison, tmp_path_factory.mktemp("w47") / "maison")
    ouverte = paquets.ouvre(copie)
    cree(ouverte, "2026-W47")
    ouverte.moteur.dispose()
    shutil.copytree(copie / "snapshots", copie / "avec_w47")
    temoin = shutil.copytree(copie, copie.parent / "temoin")
    fait = subprocess.run(
        [sys.executable, "-c", paquets.TUE, str(temoin), "2026-W48", "0"],
        cwd=RACINE, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return copie, int(fait.stdout)


@pytest.fixture
def app_w47(maison_w47: tuple[Path, int], tmp_path: Path) -> Iterator[Application]:
    with paquets.copie(maison_w47[0], tmp_path / "maison") as ouverte:
        yield ouverte


def test_a_kill_at_a_sample_of_writes_leaves_a_verified_package(
    app_w47: Application, maison_w47: tuple[Path, int]
) -> None:
    maison, total = maison_w47
    assert total > 30
    for limite in (total // 2, total - 2, total - 1, total):
        app_w47.moteur.dispose()
        _tue_a(app_w47, maison, limite)


@pytest.mark.endurance
def test_a_kill_at_every_write_leaves_a_verified_package(app_w47: Application, maison_w47: tuple[Path, int]) -> None:
    maison, total = maison_w47
    for limite in range(1, total + 1):
        app_w47.moteur.dispose()
        _tue_a(app_w47, maison, limite)


@pytest.mark.endurance
def test_a_kill_at_every_write_of_all_that_is_drawn_leaves_a_verified_package(
    app_w47: Application, maison_w47: tuple[Path, int]
) -> None:
    maison, sans_dessin = maison_w47
    _remets(app_w47, maison)
    total = int(_lance(app_w47, "2026-W48", 0, "tout").stdout)
    assert total > sans_dessin + 10
    # The first writes are those of the data, where the test above has already stopped it.
    for limite in range(sans_dessin - 20, total + 1):
        app_w47.moteur.dispose()
        _tue_a(app_w47, maison, limite, "tout")


@pytest.mark.endurance
def test_a_kill_at_any_instant_leaves_a_verified_package(app_w47: Application, maison_w47: tuple[Path, int]) -> None:
    """Also in the middle of a write, and in the libraries that write by themselves."""
    maison, hasard = maison_w47[0], random.Random(2026)
    _remets(app_w47, maison)
    debut = time.monotonic()
    _lance(app_w47, "2026-W48", 0, "tout")
    duree, tues = time.monotonic() - debut, 0
    commande = [sys.executable, "-c", paquets.TUE, str(app_w47.reglages.home), "2026-W48", "0", "tout"]
    for tour in range(40):
        app_w47.moteur.dispose()
        _remets(app_w47, maison)
        instant = hasard.uniform(0.3, 1.0) * duree
        lance = subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            lance.wait(instant)
        lance.kill()
        tues += lance.wait() == -9
        _reprend(app_w47, (tour, instant))
    assert tues > 20


def test_a_run_killed_between_the_rename_and_the_journal_is_finished_by_the_next(
    app_w47: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tombe(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(publication, "_inscrit", tombe)
        with pytest.raises(InstantaneImpossible, match=r"No space.*« current » reste 2026-W47"):
            cree(app_w47)
    assert publication.courant(snapshots(app_w47)) == "2026-W47"
    assert (snapshots(app_w47) / "2026-W48").is_dir()
    suite = cree(app_w47)
    assert (suite.nouveau, str(suite.semaine)) == (False, "2026-W48")
    etat_sain(app_w47, "2026-W48")


@pytest.mark.parametrize("limite", [20_000, 150_000])
def test_a_full_disk_leaves_the_last_verified_package(
    app_w47: Application, monkeypatch: pytest.MonkeyPatch, limite: int
) -> None:
    ecrits = 0
    vrai = publication.Path.write_bytes

    def ecris(chemin: Path, octets: Any) -> int:
        nonlocal ecrits
        ecrits += len(octets)
        if ecrits > limite:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return vrai(chemin, octets)

    def grosse(_: object, dossier: Path) -> None:
        for n in range(20):
            (dossier / f"partie_{n}").write_bytes(b"x" * 10_000)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", ecris)
        with pytest.raises(InstantaneImpossible, match="No space"):
            cree(app_w47, parties=[Partie("grosse", grosse)])
    etat_sain(app_w47, "2026-W47")
    assert str(cree(app_w47).semaine) == "2026-W48"


def _disque_plein(app: Application, pas: int, *tout: str) -> int:
    """On a real, small disk in a mount namespace of its own; how many times it was full."""
    commande = ["unshare", "-rm", sys.executable, "-c", paquets.PLEIN, str(app.reglages.home), str(pas), *tout]
    fait = subprocess.run(commande, cwd=RACINE, capture_output=True, text=True, check=False)
    assert fait.returncode == 0, fait.stderr
    return int(fait.stdout)


@pytest.mark.endurance
def test_a_disk_really_full_leaves_the_last_verified_package(app_w47: Application) -> None:
    assert _disque_plein(app_w47, 40) >= 2


@pytest.mark.endurance
def test_a_disk_full_at_every_page_leaves_the_last_verified_package(app_w47: Application) -> None:
    assert _disque_plein(app_w47, 4) >= 20


@pytest.mark.endurance
def test_a_disk_full_at_any_time_of_all_that_is_drawn_leaves_the_last_verified_package(app_w47: Application) -> None:
    assert _disque_plein(app_w47, 24, "tout") >= 20


@pytest.mark.endurance
def test_every_damage_of_every_file_of_a_complete_package_is_found(complets: dict[str, Path], tmp_path: Path) -> None:
    dossier = shutil.copytree(complets["public"].parent, tmp_path / "snapshots")
    (paquet,) = [f for f in dossier.iterdir() if f.is_dir()]
    fichiers = sorted(f for f in dossier.rglob("*") if f.is_file())
    assert len(fichiers) > 40
    for fichier in fichiers:
        octets = fichier.read_bytes()
        milieu = len(octets) // 2
        for dommage in (octets[:milieu] + bytes([octets[milieu] ^ 1]) + octets[milieu + 1 :], octets[:-2], b""):
            fichier.write_bytes(dommage)
            assert verifie.verifie(str(dossier)), (fichier.name, len(dommage))
        fichier.unlink()
        assert verifie.verifie(str(dossier)), (fichier.name, "absent")
        fichier.with_name(f"{fichier.name}.autre").write_bytes(octets)
        assert verifie.verifie(str(dossier)), (fichier.name, "renommé")
        fichier.with_name(f"{fichier.name}.autre").rename(fichier)
    for lieu in {f.parent for f in fichiers if paquet in f.parents}:
        (lieu / "en_trop").write_bytes(b"")
        assert verifie.verifie(str(dossier)), (lieu.name, "en trop")
        (lieu / "en_trop").unlink()
    assert verifie.verifie(str(dossier)) == []


def test_a_part_that_fails_publishes_nothing(app_w47: Application) -> None:
    def casse(_: object, dossier: Path) -> None:
        (dossier / "a_moitie.txt").write_text("x")
        raise RuntimeError("panne")

    with pytest.raises(InstantaneImpossible, match=r"« casse ».*panne"):
        cree(app_w47, parties=[Partie("casse", casse)])
    etat_sain(app_w47, "2026-W47")


def test_what_changes_between_the_seal_and_the_reading_is_not_published(
    app_w47: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    vrai = publication._sur_le_disque

    def abime(chantier: Path) -> None:
        vrai(chantier)
        (chantier / "version.json").write_bytes(b"{}")

    monkeypatch.setattr(publication, "_sur_le_disque", abime)
    with pytest.raises(InstantaneAbime, match=r"version\.json : contenu modifié"):
        cree(app_w47)
    etat_sain(app_w47, "2026-W47")


def test_a_package_out_of_the_chain_is_never_adopted_nor_erased(app_w47: Application) -> None:
    etranger = shutil.copytree(snapshots(app_w47) / "2026-W47", snapshots(app_w47) / "2026-W30")
    with pytest.raises(InstantaneAbime, match="hors de la chaîne"):
        cree(app_w47)
    assert (etranger / SCEAU).is_file()


def _a_la_fois(app: Application, fois: int) -> None:
    script = (
        "import sys; from pathlib import Path; from tests import paquets; from dashboard.store.moteur import "
        "MagasinIndisponible\n"
        "try: print('publie' if paquets.cree(paquets.ouvre(Path(sys.argv[1]))).nouveau else 'deja')\n"
        "except MagasinIndisponible as e: print('occupe' if 'Un autre instantané' in str(e) else e)"
    )
    commande = [sys.executable, "-c", script, str(app.reglages.home)]
    lances = [subprocess.Popen(commande, cwd=RACINE, stdout=subprocess.PIPE, text=True) for _ in range(fois)]
    dits = sorted(p.communicate()[0].strip() for p in lances)
    assert dits.count("publie") == 1, dits
    assert set(dits) <= {"publie", "deja", "occupe"}, dits
    etat_sain(app, "2026-W48")


def test_of_two_runs_at_once_one_publishes(app: Application) -> None:
    _a_la_fois(app, 2)


@pytest.mark.endurance
def test_of_two_runs_at_once_twenty_times_one_publishes(maison: Path, tmp_path: Path) -> None:
    for n in range(20):
        with paquets.copie(maison, tmp_path / str(n)) as ouverte:
            _a_la_fois(ouverte, 2)
