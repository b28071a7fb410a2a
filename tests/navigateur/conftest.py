"""A real server and a real browser. Every page opened here is watched: one foreign request, one refusal of the
Content-Security-Policy or one uncaught error fails the test that opened it.

`magasin_pret` (tests/conftest.py) gives the environment of a server whose store is built.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, Page, sync_playwright

RACINE = Path(__file__).resolve().parents[2]
PAGES = (
    "/", "/politiques", "/programme", "/carte", "/territoire", "/suivi", "/indicateur", "/comparer", "/catalogue",
    "/catalogue?jeu=population", "/instantanes", "/qualite", "/aide", "/visite", "/bulletin",
    "/pourquoi?indicateur=maisons_sante_pluripro",
)  # fmt: skip
BUREAU, TELEPHONE = (1440, 900), (390, 844)

_ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
_CARTE = 'iframe[src*="streamlit_folium"]'
_LOCAUX = ("data", "blob", "about")
_GUETTEUR = """
document.addEventListener("securitypolicyviolation", (e) =>
  window.signaleRefus(`${e.violatedDirective} : ${e.blockedURI} (${document.location.pathname})`));
"""


@dataclass
class Surveillance:
    """What the pages of one test did that they should not have."""

    hote: str
    requetes: int = 0
    etrangers: list[str] = field(default_factory=list)
    refus: list[str] = field(default_factory=list)
    erreurs: list[str] = field(default_factory=list)

    def note_requete(self, url: str) -> None:
        morceaux = urlsplit(url)
        self.requetes += morceaux.scheme not in _LOCAUX
        if morceaux.scheme not in _LOCAUX and morceaux.netloc != self.hote:
            self.etrangers.append(url)

    def note_refus(self, constat: str) -> None:
        self.refus.append(constat)

    def note_console(self, genre: str, texte: str) -> None:
        if "Content Security Policy" in texte:
            self.refus.append(texte)
        elif genre == "error":
            self.erreurs.append(texte)

    def verifie(self) -> None:
        assert self.etrangers == [], f"Requêtes vers un autre hôte : {self.etrangers}"
        assert self.refus == [], f"Refus de la politique de sécurité : {self.refus}"
        assert self.erreurs == [], f"Erreurs dans le navigateur : {self.erreurs}"


@contextmanager
def sert(env: Mapping[str, str], dossier: Path) -> Iterator[str]:
    """Address of the product, started as `make run` starts it, stopped by its own process id."""
    port, journal = _port_libre(), dossier / "journal.txt"
    adresse = f"http://127.0.0.1:{port}"
    commande = [sys.executable, "-m", "streamlit", "run", "app.py"]
    options = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    with journal.open("wb") as sortie:
        processus = subprocess.Popen(
            [*commande, *options], cwd=RACINE, env={**os.environ, **env}, stdout=sortie, stderr=subprocess.STDOUT
        )
        try:
            _attend(adresse, processus, journal)
            yield adresse
        finally:
            processus.terminate()
            processus.wait(timeout=20)


@pytest.fixture(scope="session")
def serveur(magasin_pret: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The committed espace, served to a public reader."""
    with sert(magasin_pret, tmp_path_factory.mktemp("serveur")) as adresse:
        yield adresse


@pytest.fixture(scope="session")
def navigateur() -> Iterator[Browser]:
    """Debian's Chromium, or the one that BOUSSOLE_CHROMIUM names."""
    chemin = os.environ.get("BOUSSOLE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if chemin is None:
        pytest.fail("Chromium absent. L'installer (apt-get install chromium) ou définir BOUSSOLE_CHROMIUM.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chemin, args=list(_ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def surveillance(serveur: str) -> Iterator[Surveillance]:
    """Watches every page of the test, and judges at its end."""
    constats = Surveillance(urlsplit(serveur).netloc)
    yield constats
    constats.verifie()


Ouvre = Callable[..., Page]


@pytest.fixture
def ouvre(serveur: str, navigateur: Browser, surveillance: Surveillance) -> Iterator[Ouvre]:
    """`ouvre("/carte", TELEPHONE)` opens a page in a fresh, watched context and waits until it is drawn."""
    contextes: list[BrowserContext] = []

    def ouvre_page(chemin: str, taille: tuple[int, int] = BUREAU) -> Page:
        contextes.append(_contexte(navigateur, taille, surveillance))
        page = contextes[-1].new_page()
        page.goto(serveur + chemin)
        attend_dessin(page)
        return page

    yield ouvre_page
    for contexte in contextes:
        contexte.close()


def attend_dessin(page: Page) -> None:
    """Wait until Streamlit has run the page and drawn its elements."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=30_000)
    page.wait_for_selector('[data-testid="stMain"] h1', timeout=30_000)
    page.wait_for_function("() => !document.querySelector('[data-testid=\"stSkeleton\"]')")


def cadre_de_la_carte(page: Page) -> Frame:
    """The map's frame, once drawn (a page that comes back may mount it twice: the drawn one is taken)."""
    dessinee = page.frame_locator(_CARTE).locator('html[data-carte="prete"]')
    dessinee.wait_for(state="attached", timeout=30_000)
    element = page.query_selector(_CARTE)
    cadre = element.content_frame() if element else None
    assert cadre is not None
    return cadre


def _contexte(navigateur: Browser, taille: tuple[int, int], surveillance: Surveillance) -> BrowserContext:
    """A new context whose every request, channel, refusal and error is noted."""
    telephone = taille == TELEPHONE
    contexte = navigateur.new_context(
        viewport={"width": taille[0], "height": taille[1]},
        locale="fr-FR",
        is_mobile=telephone,
        has_touch=telephone,
    )
    contexte.expose_function("signaleRefus", surveillance.note_refus)
    contexte.add_init_script(_GUETTEUR)
    contexte.on("request", lambda requete: surveillance.note_requete(requete.url))
    contexte.on("console", lambda message: surveillance.note_console(message.type, message.text))
    contexte.on("weberror", lambda erreur: surveillance.erreurs.append(str(erreur.error)))
    contexte.on("page", lambda page: page.on("websocket", lambda canal: _note_canal(surveillance, canal.url)))
    return contexte


def _note_canal(surveillance: Surveillance, url: str) -> None:
    surveillance.note_requete(url)


def _port_libre() -> int:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])


def _attend(adresse: str, processus: subprocess.Popen[bytes], journal: Path, secondes: float = 60) -> None:
    limite = time.monotonic() + secondes
    while time.monotonic() < limite and processus.poll() is None:
        try:
            with urllib.request.urlopen(f"{adresse}/_stcore/health", timeout=2) as reponse:
                if reponse.read() == b"ok":
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"Le serveur n'a pas démarré :\n{journal.read_text(encoding='utf-8', errors='replace')}")
