"""The catalogue of 2,000 indicators in 100 datasets of 50 producers: the page, its search, its files.

Everything is invented, declared here only; it is published and sealed as the real one is.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from dashboard import bootstrap, catalogues, instantanes
from dashboard.instantane_parties import PARTIES
from dashboard.reglages import RACINE, lis_reglages
from tests.bench.mesure import Mesure, centile

INDICATEURS, JEUX, PRODUCTEURS = 2000, 100, 50
ANNEES, LIEUX = range(2021, 2026), ("REG-27", "DEP-21", "DEP-25", "DEP-58")
MOTS = ("fibre", "chômage", "énergie", "forêt", "santé", "lycée", "déchets", "eau", "trains", "emploi")
URLS = (
    {}, {"voir": "indicateurs"}, {"voir": "indicateurs", "q": "énergie"}, {"voir": "indicateurs", "q": "lycée 1"},
    {"voir": "producteurs"}, {"q": "forêt"}, {"producteur": "producteur_07"}, {"voir": "indicateurs", "page": "40"},
    {"jeu": "jeu_042"}, {"voir": "indicateurs", "fraicheur": "perime"},
)  # fmt: skip
THEMES = ("AGRI", "ECON", "EDUC", "ENER", "ENVI", "HEAL", "SOCI", "TRAN")
COMMUN = {"licence": "Licence Ouverte 2.0", "rythme_mois": 12}


def mesure_catalogue(tours: int = 200) -> Iterator[Mesure]:
    """Server time of the page over every kind of view, then the three files it is exported as."""
    with tempfile.TemporaryDirectory() as dossier:
        env = _publie(Path(dossier))
        durees = _page(env, tours)
        nom = f"catalogue de {INDICATEURS} indicateurs"
        yield Mesure(f"{nom} : temps serveur de la page, p95", centile(durees, 95), "ms", 100,
                     detail=f"p50 {centile(durees, 50):.0f} ms, {len(URLS)} vues, {tours} tirages")  # fmt: skip
        app = bootstrap.ouvre(lis_reglages({**os.environ, **env}))
        for forme in catalogues.FORMES:
            debut = time.perf_counter()
            fait = catalogues.ecrit(app, forme)
            duree = time.perf_counter() - debut
            detail = f"{fait.jeux} jeux, {fait.fichiers} fichiers, {len(fait.octets) / 1e6:.1f} Mo"
            yield Mesure(f"{nom} : export {forme}", duree, "s", 5, detail=detail)
        app.moteur.dispose()


def _publie(dossier: Path) -> Mapping[str, str]:
    """The environment of a store where all is published, with a sealed package."""
    espace = _ecris(dossier / "espace", RACINE / "data_sources" / "bfc")
    env = {"BOUSSOLE_HOME": str(dossier), "BOUSSOLE_ESPACE": str(espace), "BOUSSOLE_DATE_ARRETE": "2026-11-23",
           "BOUSSOLE_PROFIL": "agent"}  # fmt: skip
    app = bootstrap.ouvre(lis_reglages({**os.environ, **env}))
    refus = [r for r in bootstrap.rafraichit(app) if r.etat != "publie"]
    assert refus == [], refus[0]
    instantanes.cree(app, "public", parties=[p for p in PARTIES if p.nom == "catalogue et lignage"])
    app.moteur.dispose()
    return {**env, "BOUSSOLE_PROFIL": "public"}


def _ecris(dossier: Path, origine: Path) -> Path:
    for sous in ("indicateurs", "sources", "base_curee"):
        (dossier / sous).mkdir(parents=True)
    (dossier / "reference").symlink_to(origine / "reference")
    lu = yaml.safe_load((origine / "espace.yml").read_text("utf-8"))
    garde = {c: lu[c] for c in ("id", "nom", "code_region", "millesime_cog", "langue", "attribution")}
    producteurs = [
        {"id": f"producteur_{p:02d}", "nom": f"Producteur inventé {p}", "sigle": f"P{p}",
         "url": f"https://p{p}.exemple.invalid"} for p in range(PRODUCTEURS)
    ]  # fmt: skip
    _yaml(dossier / "espace.yml", {**garde, "producteurs": producteurs, "editeur": "producteur_00"})
    _yaml(dossier / "politiques.yml", {"politiques": [], "programmes": []})
    for jeu in range(JEUX):
        _yaml(dossier / "sources" / f"jeu_{jeu:03d}.yml", _source(jeu))
    for rang in range(INDICATEURS):
        _yaml(dossier / "indicateurs" / f"mesure_{rang:04d}.yml", _indicateur(rang))
    with (dossier / "base_curee" / "valeurs.csv").open("w", newline="", encoding="utf-8") as flux:
        table = csv.writer(flux)
        table.writerow(["jeu", "indicateur", "code_territoire", "periode", "valeur"])
        for rang in range(INDICATEURS):
            for annee in ANNEES[: 1 + rang % len(ANNEES)]:
                for lieu in LIEUX:
                    table.writerow([f"jeu_{rang % JEUX:03d}", f"mesure_{rang:04d}", lieu, annee, rang + annee - 2000])
    return dossier


def _source(jeu: int) -> dict[str, Any]:
    return {
        "id": f"jeu_{jeu:03d}", "nom": f"Jeu inventé {jeu} : {MOTS[jeu % len(MOTS)]}", **COMMUN,
        "description": f"Valeurs inventées pour le banc, sur le thème {MOTS[jeu % len(MOTS)]}.",
        "requete": f"SELECT indicateur, code_territoire, periode, valeur FROM valeurs WHERE jeu = 'jeu_{jeu:03d}'",
        "fiche": {"themes": [THEMES[jeu % len(THEMES)]], "mots_cles": [MOTS[jeu % len(MOTS)]]},
        "attentes": {"lignes_max": 10000},
    }  # fmt: skip


def _indicateur(rang: int) -> dict[str, Any]:
    mot = MOTS[rang // JEUX % len(MOTS)]
    return {
        "id": f"mesure_{rang:04d}", "libelle": f"Mesure inventée {rang}, {mot}", "libelle_court": f"{mot} {rang}",
        "definition": f"Grandeur inventée pour le banc, {mot}.", "formule": "Aucune", "unite": "points", "decimales": 0,
        "nature": "contexte", "sens": "neutre", "lecture": "stock", "agregation": "aucune",
        "mailles": ["region", "departement"], "source": f"jeu_{rang % JEUX:03d}",
        "producteur": f"producteur_{rang % PRODUCTEURS:02d}", "delai_mois": 6, "ordre": 1 + rang, **COMMUN,
    }  # fmt: skip


def _yaml(chemin: Path, contenu: dict[str, Any]) -> None:
    chemin.write_text(yaml.safe_dump(contenu, allow_unicode=True), encoding="utf-8")


def _page(env: Mapping[str, str], tours: int) -> list[float]:
    commande = [sys.executable, "-m", "tests.bench.catalogue", str(tours)]
    fait = subprocess.run(commande, env={**os.environ, **env}, check=False, capture_output=True, text=True)
    if fait.returncode:
        raise RuntimeError(fait.stderr[-2000:])
    return [float(x) for x in json.loads(fait.stdout.splitlines()[-1])]


def _tourne(tours: int) -> list[float]:
    """Durations in ms of the page run without a browser; the first run of each view is not counted."""
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.testing.v1 import AppTest

    PagesManager.uses_pages_directory = False
    essai = AppTest.from_file(str(RACINE / "streamlit_app.py"), default_timeout=300)
    essai.switch_page("pages/catalogue.py")
    durees = []
    for tour in range(tours + len(URLS)):
        essai.query_params.clear()
        for cle, valeur in URLS[tour % len(URLS)].items():
            essai.query_params[cle] = valeur
        debut = time.perf_counter()
        essai.run()
        durees.append(1000 * (time.perf_counter() - debut))
        refus = [e.value for e in (*essai.exception, *essai.error, *essai.warning)]
        assert refus == [], refus
    return durees[len(URLS) :]


if __name__ == "__main__":
    assert date.fromisoformat(os.environ["BOUSSOLE_DATE_ARRETE"])
    print(json.dumps(_tourne(int(sys.argv[1]))))
