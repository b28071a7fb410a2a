"""The tiny espace and its packages, each test on a copy of its own. Every figure is invented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import instantanes
from dashboard.bootstrap import Application
from tests import paquets


@pytest.fixture(scope="module")
def maison(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paquets.installe(espace_mini, tmp_path_factory.mktemp("instantanes"))


@pytest.fixture
def app(maison: Path, tmp_path: Path) -> Iterator[Application]:
    with paquets.copie(maison, tmp_path / "maison") as ouverte:
        yield ouverte


@pytest.fixture(scope="module")
def complets(maison: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A complete package of each audience, drawings included. Read only."""
    with paquets.copie(maison, tmp_path_factory.mktemp("complets") / "maison") as ouverte:
        quand = paquets.SEMAINES["2026-W48"]
        return {a: instantanes.cree(ouverte, a, maintenant=quand).chemin for a in ("public", "interne")}
