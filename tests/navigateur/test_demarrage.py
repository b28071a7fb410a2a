"""The first reader may be there before the server is: he waits, he never sees a half-started product."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import RACINE
from tests.postgres import port_libre


@pytest.mark.parametrize("tour", range(2))
def test_a_page_asked_at_the_very_first_second_is_whole(
    navigateur: Browser, magasin_pret: Mapping[str, str], tour: int
) -> None:
    port = port_libre()
    commande = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    serveur = subprocess.Popen(commande, cwd=RACINE, env={**os.environ, **magasin_pret}, stderr=subprocess.DEVNULL)
    try:
        _attend_sante(f"http://127.0.0.1:{port}/_stcore/health")
        page = navigateur.new_page()
        page.goto(f"http://127.0.0.1:{port}/carte")
        expect(page.get_by_role("heading", name="Carte", exact=True)).to_be_visible(timeout=30_000)
        expect(page.get_by_role("alert")).to_have_count(0)
        page.close()
    finally:
        serveur.terminate()
        serveur.wait(20)


def _attend_sante(adresse: str) -> None:
    limite = time.monotonic() + 30
    while time.monotonic() < limite:
        try:
            if urllib.request.urlopen(adresse, timeout=1).read() == b"ok":
                return
        except OSError:
            pass
        time.sleep(0.02)
    raise TimeoutError(adresse)
