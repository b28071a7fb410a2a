"""The interface on the tiny, invented espace: hidden values, closed indicators, programme and source."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard.api.application import routes_api
from dashboard.bootstrap import Application
from dashboard.interface import donnees
from tests import catalogues, paquets
from tests.partage import une_fois

RACINE = "/api/v1"


@pytest.fixture(scope="session")
def home(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Read only."""
    partage = une_fois(tmp_path_factory, "interface", lambda ou: catalogues.installe(espace_mini, ou))
    return partage / "maison"


@pytest.fixture(scope="session")
def app(home: Path) -> Iterator[Application]:
    """An agent's application: the interface must not see what he sees."""
    ouverte = paquets.ouvre(home)
    assert ouverte.lecteur.profil == "agent"
    yield ouverte
    ouverte.moteur.dispose()


def serveur(app: Application) -> Starlette:
    """The interface as it is mounted; the store is asked at each request."""
    return Starlette(routes=routes_api(partial(donnees, app), fraicheur=0))


@pytest.fixture(scope="session")
def client(app: Application) -> TestClient:
    return TestClient(serveur(app), follow_redirects=False)
