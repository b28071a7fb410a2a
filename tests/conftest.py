"""What several tests stand on: a real PostgreSQL, an empty store on each database, a tiny espace, the real store."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy import create_engine, make_url, text

from dashboard.bootstrap import Application, application, ouvre
from dashboard.reglages import lis_reglages
from dashboard.store.moteur import Engine, migre, open_moteur
from tests import mini
from tests.partage import une_fois
from tests.postgres import serveur_postgres

RACINE = Path(__file__).resolve().parents[1]
CORSE = RACINE / "tests" / "donnees" / "corse"
ARRETE = "2026-11-23"
BASES = ["sqlite", "postgresql"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test made for each file that is beside the project is no test where there is none: told apart, not skipped."""
    vides = [i for i in items if any("empty parameter set" in str(m.kwargs) for m in i.iter_markers("skip"))]
    config.hook.pytest_deselected(items=vides)
    items[:] = [i for i in items if i not in vides]


@pytest.fixture(scope="session", autouse=True)
def environnement_neutre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of this machine reaches a test, and no test reaches the store of this folder."""
    with pytest.MonkeyPatch.context() as patch:
        for nom in [
            n for n in os.environ if n.startswith("BOUSSOLE_") and n not in ("BOUSSOLE_CHROMIUM", "BOUSSOLE_SALES")
        ]:
            patch.delenv(nom)
        patch.setenv("BOUSSOLE_HOME", str(tmp_path_factory.mktemp("vide")))
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a real PostgreSQL server of our own, stopped at the end. Its absence is a failure, never a skip."""
    with serveur_postgres() as url:
        yield url


def _base_neuve(url: str, nom: str) -> str:
    administration = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )  # fmt: skip
    with administration.connect() as connexion:
        connexion.execute(text(f'CREATE DATABASE "{nom}"'))
    administration.dispose()
    return make_url(url).set(database=nom).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def numeros() -> Iterator[int]:
    return iter(range(1, 1_000_000))


def adresse(base: str, request: pytest.FixtureRequest) -> str:
    """The URL of a new, empty database."""
    if base == "sqlite":
        return f"sqlite:///{request.getfixturevalue('tmp_path') / 'magasin.sqlite'}"
    nom = f"essai_{next(request.getfixturevalue('numeros'))}"
    return _base_neuve(request.getfixturevalue("postgres"), nom)


@pytest.fixture(params=BASES)
def url_vierge(request: pytest.FixtureRequest) -> str:
    """An empty database, on each of the two."""
    return adresse(request.param, request)


@pytest.fixture
def moteur(url_vierge: str) -> Iterator[Engine]:
    """An empty store with its schema, on each of the two databases."""
    ouvert = open_moteur(url_vierge)
    migre(ouvert)
    yield ouvert
    ouvert.dispose()


@pytest.fixture
def moteur_sqlite(tmp_path: Path) -> Iterator[Engine]:
    """An empty store with its schema, on SQLite."""
    ouvert = open_moteur(f"sqlite:///{tmp_path / 'magasin.sqlite'}")
    migre(ouvert)
    yield ouvert
    ouvert.dispose()


@pytest.fixture(scope="session")
def espace_mini(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the tiny, synthetic espace. Shared: copy it to change it."""
    return mini.ecris(tmp_path_factory.mktemp("espaces") / "essai")


@pytest.fixture
def atelier(moteur: Engine, espace_mini: Path) -> mini.Atelier:
    """The tiny espace served by an empty store, on each of the two databases."""
    return mini.Atelier.ouvre(moteur, espace_mini)


@pytest.fixture
def atelier_sqlite(moteur_sqlite: Engine, espace_mini: Path) -> mini.Atelier:
    """The tiny espace served by an empty SQLite store."""
    return mini.Atelier.ouvre(moteur_sqlite, espace_mini)


def dashboard(env: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """``python -m dashboard …`` in a process of its own, as a script or a scheduler runs it."""
    commande = [sys.executable, "-m", "dashboard", *arguments]
    return subprocess.run(
        commande, cwd=RACINE, env={**os.environ, **env}, capture_output=True, text=True, check=False
    )  # fmt: skip


def verbe(env: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same verb in this process: ten times faster, for what does not depend on being started."""
    dit, erreur = io.StringIO(), io.StringIO()
    with patch.dict(os.environ, env), redirect_stdout(dit), redirect_stderr(erreur):
        try:
            code = import_module("dashboard.cli").main(list(arguments))
        except SystemExit as sortie:
            code = int(sortie.code or 0)
    return subprocess.CompletedProcess(list(arguments), code, dit.getvalue(), erreur.getvalue())


def _magasin(dossiers: pytest.TempPathFactory, nom: str, **env: str) -> dict[str, str]:
    """The environment of a store of its own, copied from the one that is refreshed once."""
    reglages = {"BOUSSOLE_DATE_ARRETE": ARRETE, **env}

    def rafraichit(home: Path) -> None:
        fait = verbe(
            {**reglages, "BOUSSOLE_HOME": str(home), "BOUSSOLE_PROFIL": "agent"}, "refresh", "--embarque"
        )  # fmt: skip
        assert fait.returncode == 0, fait.stderr

    home = dossiers.mktemp(nom)
    shutil.copytree(une_fois(dossiers, nom, rafraichit), home, dirs_exist_ok=True)
    return {"BOUSSOLE_HOME": str(home), **reglages}


@pytest.fixture(scope="session")
def magasin_pret(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment of a public reader whose store holds the committed espace, refreshed once (SQLite)."""
    return _magasin(tmp_path_factory, "bfc")


@pytest.fixture(scope="session")
def magasin_corse(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The same for the second espace."""
    return _magasin(tmp_path_factory, "corse", BOUSSOLE_ESPACE=str(CORSE))


@pytest.fixture(scope="session")
def bfc(magasin_pret: dict[str, str]) -> Iterator[Application]:
    """The application of a public reader, opened on the real store. Read only."""
    app = ouvre(lis_reglages(magasin_pret))
    yield app
    app.moteur.dispose()


@pytest.fixture
def sans_application() -> Iterator[None]:
    """The application of the process is forgotten before and after, and with it its settings."""
    application.cache_clear()
    yield
    application.cache_clear()
