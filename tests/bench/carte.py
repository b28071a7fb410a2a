"""The map in Chromium on the real store: bytes on the wire, time to drawn, memory; the naive way in the same run."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit_folium
from playwright.sync_api import Browser, Page, sync_playwright

from dashboard import bootstrap
from dashboard.domain.lecteur import PUBLIC
from dashboard.domain.territoire import Maille
from dashboard.figures.carte import Bibliotheque, ContenuCarte, couche_de_valeurs, encode_valeurs, fond_de_carte
from dashboard.figures.classes import decoupe
from dashboard.reglages import lis_reglages
from dashboard.serving.memoire import stabilise
from dashboard.store import queries
from dashboard.store.moteur import lecture
from tests.bench.fil import Compteur
from tests.bench.mesure import Mesure, centile
from tests.postgres import port_libre
from tests.prerequis import navigateur

RACINE = Path(__file__).resolve().parents[2]
PAGES = ("/", "/carte", "/territoire?territoire=COM-21231", "/indicateur", "/catalogue", "/aide")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Another indicator at each change, so that neither the server nor the browser has seen its values before.
COURANT = {
    "densite": "Densité",
    "evolution_population_2017_2023": "Évolution de la population",
    "heures_ouverture_mairie_hebdo": "Heures d'ouverture",
    "part_elus_moins_40_ans": "Élus municipaux",
    "part_femmes_conseil_municipal": "Femmes dans les conseils",
    "part_mairies_avec_site_web": "Mairies avec un site",
}
PRET = "[data-testid=stApp][data-test-script-state=notRunning]"
# The canvas is drawn when it has coloured pixels and no longer changes.
EMPREINTE = """() => { const c = document.querySelector('canvas'); if (!c) return '';
  const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0, s = 0;
  for (let i = 0; i < d.length; i += 64) { if (d[i + 3]) { n++; s = (s * 31 + d[i] + d[i + 1]) % 1000003; } }
  return n > 500 ? n + ':' + s : ''; }"""


@contextmanager
def base_livree() -> Iterator[tuple[dict[str, str], float]]:
    """A store built from the base that comes with the espace: its environment, and the seconds it took."""
    with tempfile.TemporaryDirectory() as dossier:
        env = {**os.environ, "BOUSSOLE_HOME": dossier, "BOUSSOLE_DATE_ARRETE": "2026-11-23"}
        env["BOUSSOLE_DB"] = f"sqlite:///{dossier}/boussole.sqlite"
        debut = time.perf_counter()
        commande = [sys.executable, "-m", "dashboard", "refresh", "--embarque"]
        subprocess.run(commande, cwd=RACINE, env={**env, "BOUSSOLE_PROFIL": "agent"}, check=True, capture_output=True)
        yield env, time.perf_counter() - debut


def mesure_carte(env: dict[str, str], construite: float) -> Iterator[Mesure]:
    """Server time, before any browser is started, then everything a browser sees, on the store of ``base_livree``."""
    yield _temps_serveur(env)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=navigateur(), args=ARGUMENTS)
        debut = time.perf_counter()
        with serveur("app.py", env) as (processus, port):
            _attend_page(chromium.new_page(), port, "/")
            duree = construite + time.perf_counter() - debut
            yield Mesure("du référentiel livré à la première page", duree, "s", 60)
            produit = yield from _produit(chromium, port)
            yield _memoire(chromium, processus, port)
        naif = env | {"STREAMLIT_SERVER_ENABLE_WEBSOCKET_COMPRESSION": "false"}  # Streamlit's own default
        with serveur(str(Path(__file__).with_name("naif.py")), naif) as (_, port):
            yield from _naif(chromium, port, produit)
        chromium.close()


def _temps_serveur(env: dict[str, str]) -> Mesure:
    """Read, classes, encoding and layer of a map change, p95 over the indicators."""
    app, fond, durees = bootstrap.ouvre(lis_reglages(env)), fond_de_carte(Bibliotheque((), ())), []
    stabilise()  # as the server does
    for tour in range(200):
        declare = app.espace.indicateur(list(COURANT)[tour % len(COURANT)])
        debut = time.perf_counter()
        with lecture(app.moteur) as connexion:
            cadre = queries.load_dernieres(connexion, PUBLIC, declare.id, Maille.COMMUNE, None)
        classes = decoupe(declare, cadre["valeur"].astype(float), cadre["statut"])
        exactes = encode_valeurs(classes.chiffres, cadre["valeur"].tolist(), declare.decimales, declare.unite)
        contenu = ContenuCarte("", "", classes.chiffres, classes.palette, classes.libelles, exactes=exactes)
        streamlit_folium._get_feature_group_string(couche_de_valeurs(contenu), fond)
        durees.append(1000 * (time.perf_counter() - debut))
    return Mesure(
        "carte : temps serveur d'un changement, p95",
        centile(durees, 95),
        "ms",
        15,
        detail=f"p50 {centile(durees, 50):.1f} ms",
    )


@contextmanager
def serveur(script: str, env: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A Streamlit server on loopback, stopped by its own process."""
    port = port_libre()
    commande = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    processus = subprocess.Popen(
        [*commande, "--server.address", "127.0.0.1"], cwd=RACINE, env=env,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield processus, port
    finally:
        processus.terminate()
        processus.wait(20)


def _attend_page(page: Page, port: int, chemin: str) -> None:
    page.goto(f"http://127.0.0.1:{port}{chemin}")
    page.wait_for_selector("h1", timeout=60_000)


def dessinee(page: Page, avant: str = "", limite: float = 90.0) -> str:
    """Waits until the map of the page is drawn and differs from ``avant``; gives its fingerprint."""
    fin = time.perf_counter() + limite
    while time.perf_counter() < fin:
        for cadre in page.frames[1:]:
            texte = str(cadre.evaluate(EMPREINTE))
            if texte and texte != avant:
                return texte
        page.wait_for_timeout(10)
    raise TimeoutError("Carte non dessinée.")


def _produit(chromium: Browser, port: int) -> Iterator[Mesure]:
    """First draw in a fresh context, then changes of indicator: median time, largest bytes."""
    compteur, premiers = Compteur(port), []
    for relais in (port, port, port, port, compteur.port):  # counting takes a relay, which a first draw is spared
        page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
        debut = time.perf_counter()
        page.goto(f"http://127.0.0.1:{relais}/carte?indicateur={next(iter(COURANT))}")
        dessin = dessinee(page)
        premiers.append(time.perf_counter() - debut)
    yield Mesure("carte : premier dessin (serveur chaud, médiane)", centile(premiers[1:-1], 50), "s", 2)
    durees, octets = [], []
    for nom in list(COURANT.values())[1:]:
        page.wait_for_selector(PRET)
        page.wait_for_timeout(800)
        avant = compteur.octets
        choisi = choisit(page, nom)
        dessin = dessinee(page, dessin)
        durees.append(time.perf_counter() - choisi)
        page.wait_for_timeout(1200)
        octets.append(compteur.depuis(avant))
    compteur.ferme()
    yield Mesure("carte : changement dessiné, médiane", centile(durees, 50), "s", 0.4)
    yield Mesure("carte : octets d'un changement, page entière, sur le fil", centile(octets, 50) / 1024, "Kio", 10)
    return centile(octets, 50)


def choisit(page: Page, debut_du_nom: str) -> float:
    """Another indicator in the list; gives the moment just before the click."""
    champ = page.get_by_role("combobox").filter(visible=True).first
    champ.click()
    champ.fill(debut_du_nom)  # a long list only draws what is in view
    option = page.get_by_role("option").filter(has_text=debut_du_nom).first
    option.wait_for()
    avant = time.perf_counter()
    option.click()
    return avant


def _memoire(chromium: Browser, processus: subprocess.Popen[bytes], port: int) -> Mesure:
    """Resident memory of the server once every page was opened."""
    page = chromium.new_page()
    for chemin in PAGES:
        _attend_page(page, port, chemin)
        page.wait_for_timeout(1500)
    etat = Path(f"/proc/{processus.pid}/status").read_text()
    kio = next(int(ligne.split()[1]) for ligne in etat.splitlines() if ligne.startswith("VmRSS"))
    return Mesure("mémoire du serveur après chaque page", kio / 1024, "Mio", 350)


def _naif(chromium: Browser, port: int, produit: float) -> Iterator[Mesure]:
    """The same change, the naive way."""
    compteur = Compteur(port)
    page = chromium.new_page()
    debut = time.perf_counter()
    page.goto(f"http://127.0.0.1:{compteur.port}/")
    page.wait_for_selector("h1:has-text('densite')", timeout=120_000)
    page.wait_for_timeout(15_000)
    avant = compteur.octets
    page.get_by_role("combobox").first.click()
    page.get_by_role("option").nth(1).click()
    debut = time.perf_counter()
    page.wait_for_selector("h1:has-text('evolution')", timeout=120_000)
    duree = time.perf_counter() - debut
    page.wait_for_timeout(12_000)
    octets = compteur.depuis(avant)
    compteur.ferme()
    yield Mesure("naïf : le serveur a répondu à un changement", duree, "s")
    yield Mesure("naïf : octets d'un changement, sur le fil", octets / 2**20, "Mio")
    yield Mesure("carte : octets du naïf ÷ les nôtres", octets / produit, "fois", 500, "au moins")
