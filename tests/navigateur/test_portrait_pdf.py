"""The portrait asked from its page: built on the click, the same file as the command line gives."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dashboard import portraits
from dashboard.bootstrap import Application
from tests.conftest import ARRETE
from tests.navigateur.conftest import Ouvre


def test_a_click_gives_the_portrait_of_the_territory_in_view(ouvre: Ouvre, bfc: Application) -> None:
    page = ouvre("/territoire?territoire=EPCI-242100410")
    with page.expect_download(timeout=30_000) as telecharge:
        page.get_by_role("button", name="Portrait PDF").click()
    assert telecharge.value.suggested_filename == "EPCI-242100410.pdf"
    fichier = Path(telecharge.value.path())
    assert fichier.read_bytes() == portraits.pdf(bfc, "EPCI-242100410", date.fromisoformat(ARRETE))
