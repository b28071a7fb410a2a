"""Steering at scale: the engine over 400 indicators × 3,810 territories, then L'essentiel and Suivi in a browser.

The espace and the targets are invented, declared here only: 40 programmes of 10 indicators over the 14.7 M rows of
``magasin.py``, whose 200 indicators are each followed twice.
"""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import insert, select

from dashboard import bootstrap
from dashboard.domain.avancement import evalue
from dashboard.domain.buts import Cibles
from dashboard.domain.evaluation import COLONNES, STATUTS, Valeurs, evalue_indicateur
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.lecteur import PUBLIC
from dashboard.domain.trajectoire import Trajectoire
from dashboard.store import queries, schema
from dashboard.store.moteur import Engine, lecture, migre, open_moteur
from tests.bench.carte import ARGUMENTS, PRET, serveur
from tests.bench.fil import Compteur
from tests.bench.magasin import GRAINE
from tests.bench.mesure import Mesure, centile, sommet_mio
from tests.prerequis import navigateur

INDICATEURS, TERRITOIRES, ANNEES, PROGRAMMES = 400, 3810, range(2014, 2024), 40
ARRETE = date(2026, 11, 23)
DEPART, ECHEANCE = date(2018, 12, 31), date(2030, 12, 31)
TERRITOIRES_VUS = ("DEP-21", "DEP-58", "DEP-90", "DEP-71")
BARRES: dict[str, tuple[float | None, ...]] = {"L'essentiel": (60, 1.8, 0.3, 30), "Suivi": (100, None, None, 60)}
"""By page: server time (ms), first display (s), change of territory (s), bytes of a change (KiB)."""
LECTURES = ("stock", "stock", "flux", "glissant", "cumul_annuel")


# ------------------------------------------------------------------------------------------- engine


def mesure_moteur(indicateurs: int = INDICATEURS, territoires: int = TERRITOIRES) -> Iterator[Mesure]:
    """In a process of its own, so that its memory is its own."""
    commande = [sys.executable, "-m", "tests.bench.pilotage", str(indicateurs), str(territoires)]
    fait = subprocess.run(commande, check=True, capture_output=True, text=True)
    lu = json.loads(fait.stdout.splitlines()[-1])
    nom = f"moteur : {indicateurs} indicateurs × {territoires} territoires"
    yield Mesure(nom, lu["secondes"], "s", 2.0, detail=f"{lu['series']} séries, {lu['valeurs']} valeurs")
    yield Mesure(f"{nom}, mémoire au plus haut", lu["mio"], "Mio", 500)
    yield Mesure("moteur : boucle d'une série à la fois ÷ moteur", lu["rapport"], "fois", 20, "au moins")


def _moteur(indicateurs: int, territoires: int) -> dict[str, float]:
    """Seconds of the engine alone, on values made one indicator at a time; every result is kept, as a page does."""
    garde: dict[str, list[np.ndarray]] = {c: [] for c in COLONNES}
    total, valeurs = 0.0, 0
    for rang in range(indicateurs):
        declare = declaration(f"synthetique_{rang:03d}", LECTURES[rang % len(LECTURES)])
        v, c = _donnees(rang, territoires)
        debut = time.perf_counter()
        colonnes = evalue_indicateur(declare, territoires, v, c, ARRETE)
        total += time.perf_counter() - debut
        valeurs += len(v.valeur)
        for nom, tableau in colonnes.items():
            garde[nom].append(tableau)
    sommet = sommet_mio()
    seule = _une_a_une(min(indicateurs, len(LECTURES)), territoires)
    par_serie = total / (indicateurs * territoires)
    return {"secondes": total, "series": indicateurs * territoires, "valeurs": valeurs, "mio": sommet,
            "rapport": seule / par_serie}  # fmt: skip


def _donnees(rang: int, n: int) -> tuple[Valeurs, Cibles]:
    """Ten yearly values and a target by place; one place in ten has a jalon."""
    hasard = np.random.default_rng([GRAINE, rang])
    fins = np.array([f"{a}-12-31" for a in ANNEES], dtype="datetime64[D]")
    niveau = hasard.normal(50, 10, n)
    valeurs = (niveau[:, None] + np.cumsum(hasard.normal(1, 2, (n, len(fins))), axis=1)).ravel()
    valeurs[hasard.random(len(valeurs)) < 0.01] = np.nan
    jalons = np.full(n, "[]", dtype=object)
    jalons[::10] = [f'[["2024-12-31", {v:.2f}]]' for v in niveau[::10] + 6]
    lieux = np.arange(n)
    jours = [np.full(n, np.datetime64(j)) for j in (DEPART, ECHEANCE)]
    cibles = Cibles(lieux, np.zeros(n, np.int8), niveau, jours[0], niveau + 20, jours[1], jalons)
    return Valeurs(np.repeat(lieux, len(fins)), np.tile(fins, n), valeurs), cibles


def _une_a_une(indicateurs: int, n: int, tirees: int = 300) -> float:
    """Seconds of one series judged alone, on a sample; fails if one statut differs."""
    total = 0.0
    for rang in range(indicateurs):
        declare = declaration("essai_essai", LECTURES[rang % len(LECTURES)])
        v, c = _donnees(rang, n)
        statuts = evalue_indicateur(declare, n, v, c, ARRETE)["statut"]
        lues = v.valeur.reshape(n, -1)
        for lieu in range(0, n, max(1, n // tirees)):
            serie = list(zip((j.item() for j in v.fin[: lues.shape[1]]), lues[lieu].tolist(), strict=True))
            jalons = tuple((date.fromisoformat(j), x) for j, x in json.loads(c.jalons[lieu]))
            debut = time.perf_counter()
            but = Trajectoire(float(c.vi[lieu]), DEPART, float(c.vc[lieu]), ECHEANCE, jalons, declare.sens)
            avancement = evalue(but, serie, ARRETE, lecture=declare.lecture)
            total += (time.perf_counter() - debut) / len(range(0, n, max(1, n // tirees)))
            assert STATUTS[statuts[lieu]] is avancement.statut
    return total / indicateurs


# ------------------------------------------------------------------------------------ synthetic espace


def declaration(identifiant: str, lecture: str = "stock") -> Indicateur:
    """An invented indicator of a programme."""
    return Indicateur.model_validate(_declare(identifiant, lecture))


def _declare(identifiant: str, lecture: str = "stock") -> dict[str, Any]:
    return {
        "id": identifiant, "libelle": f"Indicateur {identifiant}", "libelle_court": identifiant[-20:],
        "definition": "Inventé pour le banc.", "formule": "Aucune", "unite": "%", "decimales": 1,
        "nature": "programme", "sens": "hausse", "lecture": lecture, "agregation": "aucune",
        "mailles": ["region", "departement", "epci", "commune"], "source": "banc", "producteur": "banc",
        "licence": "Aucune", "rythme_mois": 12, "delai_mois": 12,
    }  # fmt: skip


def ecris_espace(dossier: Path, origine: Path, codes: Sequence[str]) -> Path:
    """An espace of 40 programmes over the given indicators, with the referential of ``origine``."""
    lu = yaml.safe_load((origine / "espace.yml").read_text("utf-8"))
    garde = {c: lu[c] for c in ("id", "nom", "code_region", "millesime_cog", "langue", "attribution") if c in lu}
    producteur = {"id": "banc", "nom": "Producteur du banc", "sigle": "Banc"}
    programmes = [_programme(p, codes) for p in range(PROGRAMMES)]
    politiques = [{"id": f"politique_{p}", "nom": f"Politique inventée {p}"} for p in range(8)]
    for sous in ("indicateurs", "sources"):
        (dossier / sous).mkdir(parents=True)
    _yaml(dossier / "espace.yml", {**garde, "producteurs": [producteur]})
    _yaml(dossier / "politiques.yml", {"politiques": politiques, "programmes": programmes})
    source = {"id": "banc", "nom": "Banc", "licence": "Aucune", "rythme_mois": 12, "requete": "SELECT 1",
              "colonnes": {"valeur": "valeur"}}  # fmt: skip
    _yaml(dossier / "sources" / "banc.yml", source)
    for code in codes:
        _yaml(dossier / "indicateurs" / f"{code}.yml", _declare(code))
    (dossier / "reference").symlink_to(origine / "reference")
    return dossier


def _programme(rang: int, codes: Sequence[str]) -> dict[str, Any]:
    """Ten indicators: an espace counts each in one programme only, the others are linked."""
    comptes = list(codes[rang::PROGRAMMES])[:10]
    suite = [codes[(10 * rang + k) % len(codes)] for k in range(len(codes))]
    lies = [c for c in suite if c not in comptes][: 10 - len(comptes)]
    return {
        "id": f"programme_{rang:02d}", "politique": f"politique_{rang % 8}", "nom": f"Programme inventé {rang}",
        "nom_court": f"Programme {rang}", "cadre": "Banc", "indicateurs": comptes, "lies": lies,
    }  # fmt: skip


def _yaml(chemin: Path, contenu: dict[str, Any]) -> None:
    chemin.write_text(yaml.safe_dump(contenu, allow_unicode=True), encoding="utf-8")


@contextmanager
def magasin_du_banc(origine: Path, dossier: Path) -> Iterator[tuple[str, list[str]]]:
    """A copy of a SQLite store with targets for the région and its départements: its URL and its indicators.

    A copy, because the synthetic store serves the other measures as it is.
    """
    copie = dossier / "pilotage.sqlite"
    copie.unlink(missing_ok=True)
    with closing(sqlite3.connect(origine)) as source, closing(sqlite3.connect(copie)) as cible:
        source.backup(cible)
    moteur = open_moteur(f"sqlite:///{copie}")
    try:
        migre(moteur)
        with lecture(moteur) as connexion:
            codes = queries.list_indicateurs(connexion, PUBLIC)
        _vise(moteur, codes)
        moteur.dispose()
        yield f"sqlite:///{copie}", codes
    finally:
        moteur.dispose()
        for suffixe in ("", "-wal", "-shm"):
            Path(f"{copie}{suffixe}").unlink(missing_ok=True)


def _vise(moteur: Engine, codes: Sequence[str]) -> None:
    """A target of the région for each indicator in each place of the two upper levels."""
    places = schema.territoire
    hautes = places.c.maille.in_(["region", "departement"]) & places.c.millesime_fin.is_(None)
    commun = {"auteur": "Région", "acte": "banc", "jalons": "[]", "date_initiale": DEPART, "echeance": ECHEANCE,
              "lot_debut": 1, "lot_fin": schema.LOT_OUVERT}  # fmt: skip
    with moteur.begin() as connexion:
        lieux = list(connexion.execute(select(places.c.code).where(hautes)).scalars())
        depart = np.random.default_rng(GRAINE).normal(40, 4, len(lieux)).tolist()
        lignes = [
            {**commun, "indicateur": i, "code_territoire": c, "valeur_initiale": v, "valeur": v + 8}
            for i in codes for c, v in zip(lieux, depart, strict=True)
        ]  # fmt: skip
        connexion.execute(schema.objectif.delete())
        connexion.execute(insert(schema.objectif), lignes)


# -------------------------------------------------------------------------------------------- pages


def mesure_pages(app: bootstrap.Application, tours: int = 200) -> Iterator[Mesure]:
    """The two pages over the synthetic store: server time of a rerun, bytes, cold load, change of territory."""
    origine = Path(app.moteur.url.database or "")
    with tempfile.TemporaryDirectory() as dossier, magasin_du_banc(origine, origine.parent) as (url, codes):
        espace = ecris_espace(Path(dossier) / "espace", app.reglages.espace, codes)
        env = {"BOUSSOLE_HOME": dossier, "BOUSSOLE_ESPACE": str(espace), "BOUSSOLE_DB": url,
               "BOUSSOLE_DATE_ARRETE": ARRETE.isoformat()}  # fmt: skip
        for page, nom in (("essentiel", "L'essentiel"), ("suivi", "Suivi")):
            durees = durees_serveur(page, env, tours)
            detail = f"p50 {centile(durees, 50):.0f} ms, {tours} tirages"
            yield Mesure(f"{nom} : temps serveur, p95", centile(durees, 95), "ms", BARRES[nom][0], detail=detail)
        yield from _navigateur({**os.environ, **env})


def durees_serveur(page: str, env: dict[str, str], tours: int) -> list[float]:
    """Durations in ms of a page run without a browser, in a process of its own, each time for another territory."""
    commande = [sys.executable, "-m", "tests.bench.pilotage", "--page", page, str(tours)]
    fait = subprocess.run(commande, env={**os.environ, **env}, check=False, capture_output=True, text=True)
    if fait.returncode:
        raise RuntimeError(fait.stderr[-2000:])
    return [float(x) for x in json.loads(fait.stdout.splitlines()[-1])]


def _tourne(page: str, tours: int) -> list[float]:
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.testing.v1 import AppTest

    PagesManager.uses_pages_directory = False
    essai = AppTest.from_file(str(Path(__file__).resolve().parents[2] / "streamlit_app.py"), default_timeout=300)
    if page != "essentiel":
        essai.switch_page(f"pages/{page}.py")
    durees = []
    for tour in range(tours + len(TERRITOIRES_VUS)):
        essai.query_params["territoire"] = TERRITOIRES_VUS[tour % len(TERRITOIRES_VUS)]
        debut = time.perf_counter()
        essai.run()
        durees.append(1000 * (time.perf_counter() - debut))
        refus = [e.value for e in (*essai.exception, *essai.error)]
        assert refus == [], refus
    return durees[len(TERRITOIRES_VUS) :]


def _navigateur(env: dict[str, str]) -> Iterator[Mesure]:
    with sync_playwright() as playwright, serveur("app.py", env) as (_, port):
        chromium = playwright.chromium.launch(executable_path=navigateur(), args=ARGUMENTS)
        for chemin, nom, attendu in (("/", "L'essentiel", ".b-situations"), ("/suivi", "Suivi", ".b-suivi")):
            compteur, froids = Compteur(port), []
            for _ in range(4):
                page = chromium.new_context(viewport={"width": 1440, "height": 900}).new_page()
                debut = time.perf_counter()
                page.goto(f"http://127.0.0.1:{compteur.port}{chemin}")
                page.wait_for_selector(attendu, timeout=120_000)
                froids.append(time.perf_counter() - debut)
            yield Mesure(
                f"{nom} : premier affichage (serveur chaud, médiane)", centile(froids[1:], 50), "s", BARRES[nom][1]
            )
            changements, octets = _change_de_territoire(page, compteur)
            yield Mesure(f"{nom} : changement de territoire, médiane", centile(changements, 50), "s", BARRES[nom][2])
            yield Mesure(f"{nom} : octets d'un changement", centile(octets, 50) / 1024, "Kio", BARRES[nom][3])
            for contexte in chromium.contexts:
                contexte.close()
            compteur.ferme()
        chromium.close()


def _change_de_territoire(page: Page, compteur: Compteur) -> tuple[list[float], list[float]]:
    """Seconds until the new title of the popover is shown, and bytes, the assets of the page being there already."""
    durees, octets = [], []
    for cherche in ("Nièvre", "Jura", "Doubs", "Yonne"):
        page.wait_for_selector(PRET)
        page.wait_for_timeout(800)
        page.get_by_role("button", name="arrêté au").click()
        page.get_by_label("Territoire", exact=True).click()
        option, avant = page.get_by_role("option", name=f"{cherche} · département"), compteur.octets
        debut = time.perf_counter()
        option.click()
        page.get_by_role("button", name=f"{cherche} · arrêté au").wait_for(timeout=60_000)
        page.wait_for_selector(PRET)
        durees.append(time.perf_counter() - debut)
        page.wait_for_timeout(1000)
        octets.append(float(compteur.depuis(avant)))
        page.keyboard.press("Escape")
    return durees, octets


def mesure_pilotage(app: bootstrap.Application) -> Iterator[Mesure]:
    """Everything of steering, in the order of the table."""
    yield from mesure_moteur()
    yield from mesure_pages(app)


if __name__ == "__main__":
    if sys.argv[1] == "--page":
        print(json.dumps(_tourne(sys.argv[2], int(sys.argv[3]))))
    else:
        pd.DataFrame()  # what any page has loaded counts in its memory
        print(json.dumps(_moteur(int(sys.argv[1]), int(sys.argv[2]))))
