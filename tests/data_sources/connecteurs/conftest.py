"""A server per test, and no real wait."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from data_sources.connectors import Acces, client
from tests.data_sources.connecteurs.serveur import Serveur


@pytest.fixture
def serveur() -> Iterator[Serveur]:
    ouvert = Serveur()
    yield ouvert
    ouvert.ferme()


@pytest.fixture(autouse=True)
def attentes(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds the client would have waited."""
    secondes: list[float] = []
    monkeypatch.setattr(client, "patiente", secondes.append)
    return secondes


@pytest.fixture
def acces(tmp_path: Path) -> Acces:
    return Acces(base_curee=tmp_path / "base.sqlite", depot=tmp_path)
