"""The interface as a process of its own, over real HTTP."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.api.conftest import RACINE
from tests.conftest import RACINE as PROJET
from tests.conftest import verbe
from tests.mini import COMMUNES
from tests.paquets import environnement
from tests.postgres import port_libre


@pytest.fixture(scope="module")
def adresse(home: Path) -> Iterator[str]:
    port = port_libre()
    commande = [sys.executable, "-m", "dashboard", "api", "--port", str(port)]
    processus = subprocess.Popen(commande, cwd=PROJET, env={**os.environ, **environnement(home)})
    adresse = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx.get(f"{adresse}/sante", timeout=1)
                break
            except httpx.TransportError:
                assert processus.poll() is None, "arrêtée"
                time.sleep(0.1)
        yield adresse
    finally:
        processus.terminate()
        processus.wait(20)


def test_it_serves_the_interface_its_health_and_no_page(adresse: str) -> None:
    lues = httpx.get(f"{adresse}{RACINE}/indicateurs/effectif/valeurs?maille=commune")
    assert {v["code"] for v in lues.json()["valeurs"]} == set(COMMUNES)
    assert (lues.headers["content-encoding"], lues.headers["x-content-type-options"]) == ("gzip", "nosniff")
    assert "script-src 'self'" in lues.headers["content-security-policy"]
    assert httpx.get(f"{adresse}/pret").json()["pret"] is True
    assert httpx.get(f"{adresse}/").status_code == 404


def test_a_head_has_no_body_and_a_known_mark_is_not_sent_again(adresse: str) -> None:
    ou = f"{adresse}{RACINE}/programmes"
    tete, corps = httpx.head(ou), httpx.get(ou)
    assert tete.headers["content-length"] == corps.headers["content-length"]
    assert httpx.get(ou, headers={"If-None-Match": corps.headers["etag"]}).status_code == 304


def test_a_store_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    refus = verbe({"BOUSSOLE_HOME": str(tmp_path)}, "api", "--port", str(port_libre()))
    assert refus.returncode == 3
    assert "fichier absent" in refus.stderr


def test_a_port_that_cannot_be_used_is_said(home: Path, adresse: str) -> None:
    occupe = verbe(environnement(home), "api", "--port", adresse.rpartition(":")[2])
    assert occupe.returncode == 3
    assert "Arrêter le programme qui l'occupe, ou choisir un autre port : --port" in occupe.stderr
    faux = verbe(environnement(home), "api", "--port", "99999")
    assert (faux.returncode, "1 à 65535" in faux.stderr) == (2, True)
