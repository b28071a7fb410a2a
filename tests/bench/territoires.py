"""Maps beside plotly's own, what a browser's main thread endures, portraits beside matplotlib's, a large workbook.

The workbook's figures are drawn at random; everything else is the real base.
"""

from __future__ import annotations

import io
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from playwright.sync_api import Browser, Page, sync_playwright

from dashboard import bootstrap, portraits
from dashboard.domain.territoire import Maille
from dashboard.exports.portrait_pdf import Imprimeur
from dashboard.exports.tableur import en_xlsx
from dashboard.reglages import lis_reglages
from dashboard.serving.geometrie import fichier_geometrie
from dashboard.store import queries
from dashboard.store.moteur import lecture
from tests.bench.carte import ARGUMENTS, COURANT, PRET, RACINE, choisit, dessinee, serveur
from tests.bench.magasin import GRAINE
from tests.bench.mesure import Mesure, centile
from tests.prerequis import navigateur

ECHELLES = ("EPCI", "Départ.", "Commune", "EPCI", "Commune")
GESTES = 12
# Plotly's map says itself when the title is the new one and every tile is drawn.
PLOTLY_PRET = """titre => { const g = document.querySelector('.js-plotly-plot'), c = g && g._fullLayout;
  const m = c && c.map && c.map._subplot && c.map._subplot.map;
  return !!(m && c.title.text.includes(titre) && m.loaded() && m.areTilesLoaded()); }"""
OBSERVE = """() => { window.longues = []; new PerformanceObserver(l => l.getEntries().forEach(e =>
  window.longues.push(e.duration))).observe({ type: 'longtask' }); }"""


def mesure_territoires(env: dict[str, str]) -> Iterator[Mesure]:
    """``env``: that of a store already built from the real base."""
    app = bootstrap.ouvre(lis_reglages(env))
    poids = sum(fichier_geometrie(app.reglages.espace, m).chemin.stat().st_size for m in ("commune", "departement"))
    yield Mesure("carte : géométrie du premier dessin, gzip", poids / 1024, "Kio", 350)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=navigateur(), args=ARGUMENTS)
        with serveur("app.py", env) as (_, port):
            changement = yield from _produit(chromium, port)
        with serveur(str(Path(__file__).with_name("naif_plotly.py")), env) as (_, port):
            yield from _plotly(chromium, port, changement)
        chromium.close()
    yield from mesure_portraits(env)
    yield mesure_tableur()


def _produit(chromium: Browser, port: int) -> Iterator[Mesure]:
    """Changes of scale, then what dragging and zooming cost; gives the median time of a change of indicator."""
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"http://127.0.0.1:{port}/carte?indicateur=densite")
    dessin = dessinee(page)
    durees: list[float] = []
    for echelle in (*ECHELLES, *ECHELLES):
        _repose(page)
        debut = time.perf_counter()
        page.get_by_role("radio", name=echelle).or_(page.get_by_role("button", name=echelle, exact=True)).first.click()
        dessin = dessinee(page, dessin)
        durees.append(time.perf_counter() - debut)
    yield Mesure("carte : changement d'échelle dessiné, médiane", centile(durees[len(ECHELLES) :], 50), "s", 0.7,
                 detail=f"les premiers, géométrie comprise : {centile(durees[: len(ECHELLES)], 50):.2f} s")  # fmt: skip
    yield _longues(page)
    _repose(page)
    dessin, changements = dessinee(page), []
    for nom in list(COURANT.values())[1:]:
        _repose(page)
        debut = choisit(page, nom)
        dessin = dessinee(page, dessin)
        changements.append(time.perf_counter() - debut)
    return centile(changements, 50)


def _repose(page: Page) -> None:
    page.wait_for_selector(PRET)
    page.wait_for_timeout(800)


def _longues(page: Page) -> Mesure:
    """The longest task of the main thread while the map of the communes is dragged and zoomed."""
    for cadre in page.frames:
        cadre.evaluate(OBSERVE)
    boite = page.locator("iframe").first.bounding_box()
    assert boite is not None
    x, y = boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2
    cadre = next(c for c in page.frames[1:] if c.evaluate("() => !!(window.boussole && window.boussole.etat.carte)"))
    for geste in range(GESTES):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 90 * (-1) ** geste, y + 40, steps=12)
        page.mouse.up()
        page.wait_for_timeout(250)
        cadre.evaluate("sens => { const c = window.boussole.etat.carte; c.setZoom(c.getZoom() + sens); }",
                       1 if geste % 4 < 2 else -1)  # fmt: skip
        page.wait_for_timeout(400)
    durees = [d for c in page.frames for d in c.evaluate("() => window.longues || []")]
    lues = f"{len(durees)} de plus de 50 ms en {GESTES} glissers et {GESTES} zooms"
    return Mesure("carte : plus longue tâche du navigateur", max(durees, default=0.0), "ms", 100, detail=lues)


def _plotly(chromium: Browser, port: int, changement: float) -> Iterator[Mesure]:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    debut = time.perf_counter()
    page.goto(f"http://127.0.0.1:{port}/")
    page.wait_for_function(PLOTLY_PRET, arg="densite", timeout=180_000)
    yield Mesure("plotly en ligne : premier dessin", time.perf_counter() - debut, "s")
    durees = []
    for tour in range(4):
        _repose(page)
        rang = 1 - tour % 2
        page.get_by_role("combobox").first.click()
        option = page.get_by_role("option").nth(rang)
        option.wait_for()
        debut = time.perf_counter()
        option.click()
        page.wait_for_function(PLOTLY_PRET, arg=list(COURANT)[rang], timeout=180_000, polling=10)
        durees.append(time.perf_counter() - debut)
    duree = centile(durees, 50)
    yield Mesure("plotly en ligne : changement dessiné, médiane", duree, "s")
    yield Mesure("carte : changement, plotly ÷ le nôtre", duree / changement, "fois", 5, "au moins")


# ---------------------------------------------------------------------------------------- portraits


def mesure_portraits(env: dict[str, str]) -> Iterator[Mesure]:
    """The command over the 125 territories in a process of its own, one at a time, communes, and matplotlib's page."""
    with tempfile.TemporaryDirectory() as dossier:
        code = (
            "import resource, subprocess, sys, time; d = time.perf_counter();"
            "subprocess.run([sys.executable, '-m', 'dashboard', 'portrait', '--tous', '--out', sys.argv[1]],"
            " check=True, stdout=subprocess.DEVNULL); print(time.perf_counter() - d,"
            " resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
        )
        commande = [sys.executable, "-c", code, dossier]
        fait = subprocess.run(commande, check=True, capture_output=True, text=True, env=env, cwd=RACINE)
        secondes, mio = (float(x) for x in fait.stdout.split())
        nombre = len(list(Path(dossier).glob("*.pdf")))
    yield Mesure(f"{nombre} portraits PDF, une commande", secondes, "s", 15)
    yield Mesure(f"{nombre} portraits PDF, mémoire au plus haut", mio, "Mio", 572)
    epci, communes = _un_a_un(env)
    yield Mesure("un portrait d'EPCI, médiane", epci, "ms", 100)
    yield Mesure("un portrait de commune, médiane", communes, "ms", 100)
    yield Mesure("une page matplotlib, médiane", _matplotlib(), "ms", detail="texte et deux dessins")


def _un_a_un(env: dict[str, str]) -> tuple[float, float]:
    """Milliseconds of one portrait, data and page, when several are asked together."""
    app, imprimeur, hasard = bootstrap.ouvre(lis_reglages(env)), Imprimeur(), random.Random(GRAINE)
    with lecture(app.moteur) as connexion:
        places = queries.list_territoires(connexion)
    arrete, durees = app.reglages.aujourd_hui(), []
    for maille in (Maille.EPCI, Maille.COMMUNE):
        codes = hasard.sample(sorted(places.loc[places["maille"] == maille, "code"]), 60)
        flux, prises = portraits.donnees(app, codes, arrete), list[float]()
        while True:
            debut = time.perf_counter()
            if (suivant := next(flux, None)) is None:
                break
            imprimeur.pdf(suivant[1])
            prises.append(1000 * (time.perf_counter() - debut))
        durees.append(centile(prises, 50))
    return durees[0], durees[1]


def _matplotlib(pages: int = 12) -> float:
    """Milliseconds of one simple page: the way most tools make a PDF from Python."""
    durees, annees = [], np.arange(2014, 2024)
    with mpl.rc_context({"pdf.fonttype": 42}):
        for page in range(pages):
            debut = time.perf_counter()
            figure = Figure(figsize=(8.27, 11.69))
            FigureCanvasPdf(figure)
            haut, bas = figure.subplots(2)
            haut.plot(annees, np.cos(annees + page))
            bas.barh([f"Territoire {i}" for i in range(12)], np.arange(12) + page)
            for ligne in range(20):
                figure.text(0.1, 0.02 + ligne / 60, f"Ligne {ligne} du portrait, valeur {page + ligne}")
            figure.savefig(io.BytesIO(), format="pdf")
            durees.append(1000 * (time.perf_counter() - debut))
    return centile(durees, 50)


# ---------------------------------------------------------------------------------------- workbook


def mesure_tableur(lignes: int = 3685, colonnes: int = 50) -> Mesure:
    """A workbook as Suivi and Carte send it."""
    hasard, durees = np.random.default_rng(GRAINE), list[float]()
    valeurs = {f"Indicateur {k}": np.round(hasard.normal(50, 10, lignes), 1) for k in range(colonnes - 1)}
    cadre = pd.DataFrame({"Code": [f"COM-{i:05d}" for i in range(lignes)], **valeurs})
    for _ in range(3):
        debut = time.perf_counter()
        en_xlsx(cadre, {"Source": "banc"})
        durees.append(time.perf_counter() - debut)
    return Mesure(f"XLSX de {lignes} × {colonnes}, médiane", centile(durees, 50), "s", 1)
