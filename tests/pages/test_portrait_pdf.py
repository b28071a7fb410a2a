"""The button of a territory's page: there for every kind of place, and nothing is built before the click."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard import portraits
from tests.pages.conftest import Ouvre


@pytest.mark.parametrize("lieu", ["REG-27", "EPCI-242100410", "COM-39368"])
def test_the_button_is_there_and_builds_nothing_by_itself(
    ouvre: Ouvre, lieu: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    demandes: list[tuple[str, date]] = []
    monkeypatch.setattr(portraits, "pdf", lambda _app, code, jour: demandes.append((code, jour)) or b"%PDF")
    ecran = ouvre("territoire", territoire=lieu).sains()
    (bouton,) = [e for e in ecran.elements if e.type == "download_button"]
    assert bouton.label == "Portrait PDF"
    assert demandes == []
