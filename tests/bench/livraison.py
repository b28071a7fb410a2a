"""A delivery of 100,000, 1 and 5 million lines checked and published on both databases; checking beside a bare read.

Invented figures for the real communes of the espace, 70 synthetic indicators, 20 years; nothing is kept.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from sqlalchemy import create_engine, make_url, text

from dashboard import bootstrap
from dashboard.reglages import RACINE, lis_reglages
from dashboard.store import reference
from data_sources import pipeline
from data_sources.connectors import Acces, fichier
from data_sources.controles import controle_lignes, controle_valeurs
from data_sources.lecture import lis_mesures
from data_sources.mise_en_forme import met_en_forme
from tests.bench.mesure import Mesure, tableau
from tests.postgres import serveur_postgres

TAILLES = {"100 000": 100_000, "1 million": 1_000_000, "5 millions": 5_000_000}
ANNEES = range(2004, 2024)
BARRES = {"SQLite": 20.0, "PostgreSQL": 25.0}


def mesure_livraisons() -> Iterator[Mesure]:
    """Checking alone, then whole imports by size and database, with their peak memory."""
    with tempfile.TemporaryDirectory() as nom:
        dossier = Path(nom)
        os.chmod(dossier, 0o755)
        fichiers = {taille: _fichier(dossier, n) for taille, n in TAILLES.items()}
        espace = _espace(dossier)
        yield from _verification(dossier, espace, fichiers["1 million"])
        for base in BARRES:
            yield from _imports(dossier, espace, fichiers, base)


def _indicateurs(n: int) -> int:
    return max(1, round(n / (3685 * len(ANNEES))))


def _fichier(dossier: Path, n: int) -> Path:
    """``n`` lines, about: every commune, every year, as many indicators as needed."""
    communes = pd.read_csv(RACINE / "data_sources/bfc/reference/territoires.csv", dtype=str)
    codes = communes.loc[communes["maille"].eq("commune") & communes["millesime_fin"].isna(), "code"].str[4:].to_numpy()
    noms = [f"synthetique_{rang:03d}" for rang in range(_indicateurs(n) + 1)]
    tout = pd.MultiIndex.from_product([noms, ANNEES, codes], names=["indicateur", "annee", "commune"])[:n].to_frame()
    tout["valeur"] = np.random.default_rng(1).integers(0, 100_000, n)
    chemin = dossier / f"{n}.csv"
    tout.to_csv(chemin, index=False, sep=";")
    return chemin


def _espace(dossier: Path) -> Path:
    espace = dossier / "espace"
    for sous in ("indicateurs", "sources", "base_curee"):
        (espace / sous).mkdir(parents=True)
    shutil.copytree(RACINE / "data_sources/bfc/reference", espace / "reference")
    _ecris(espace / "espace.yml", {
        "id": "banc", "nom": "Banc", "code_region": "REG-27", "millesime_cog": 2026, "attribution": "Inventé.",
        "producteurs": [{"id": "banc", "nom": "Banc", "sigle": "Banc"}],
    })  # fmt: skip
    _ecris(espace / "politiques.yml", {"politiques": [], "programmes": []})
    for rang in range(_indicateurs(5_000_000) + 1):
        nom = f"synthetique_{rang:03d}"
        _ecris(espace / "indicateurs" / f"{nom}.yml", {
            "id": nom, "libelle": nom, "libelle_court": nom, "definition": "Inventé.", "formule": "Aucune",
            "unite": "hab.", "nature": "contexte", "sens": "neutre", "lecture": "stock", "agregation": "somme",
            "mailles": ["region", "departement", "epci", "commune"], "source": "depots", "producteur": "banc",
            "licence": "Aucune", "rythme_mois": 12, "delai_mois": 12,
        })  # fmt: skip
    _ecris(espace / "sources" / "depots.yml", {
        "id": "depots", "nom": "Dépôts", "connecteur": "fichier", "url": "", "licence": "Aucune", "rythme_mois": 12,
        "colonnes": {"territoire": "commune", "periode": "annee"}, "forme": {"maille": "commune"},
        "attentes": {"lignes_max": 6_000_000, "valeur_min": 0},
    })  # fmt: skip
    return espace


def _ecris(chemin: Path, contenu: Mapping[str, object]) -> None:
    chemin.write_text(yaml.safe_dump(dict(contenu), allow_unicode=True), encoding="utf-8")


def _env(dossier: Path, espace: Path, url: str) -> dict[str, str]:
    return {
        "BOUSSOLE_HOME": str(dossier),
        "BOUSSOLE_ESPACE": str(espace),
        "BOUSSOLE_PROFIL": "agent",
        "BOUSSOLE_DB": url,
    }


def _verification(dossier: Path, espace: Path, livraison: Path) -> Iterator[Mesure]:
    """Reading, shaping, judging each line and controlling, beside pandas.read_csv of the same file."""
    app = bootstrap.ouvre(lis_reglages(_env(dossier, espace, f"sqlite:///{dossier / 'verification.sqlite'}")))
    bootstrap.prepare(app)
    with app.moteur.connect() as connexion:
        connus = pipeline.codes_connus(reference.lis(connexion, 2026))
    source, declares = app.sources[0], {i.id: i for i in app.espace.indicateurs}
    nues: dict[Any, list[float]] = {"c": [], "pyarrow": []}
    verifiees = []
    for _ in range(3):
        for moteur, durees in nues.items():
            debut = time.perf_counter()
            pd.read_csv(livraison, sep=";", engine=moteur)
            durees.append(time.perf_counter() - debut)
        debut = time.perf_counter()
        recue = fichier.lis(source, Acces(dossier, dossier, fichier=livraison))
        lues = lis_mesures(met_en_forme(recue.lignes, source).table, source, app.espace, connus)
        controle_lignes(len(recue.lignes), lues, source, None)
        controle_valeurs(lues.bonnes, source, declares)
        verifiees.append(time.perf_counter() - debut)
    yield Mesure("1 million de lignes : pandas.read_csv nu", min(nues["c"]), "s")
    yield Mesure("1 million de lignes : pandas.read_csv nu, moteur pyarrow", min(nues["pyarrow"]), "s")
    yield Mesure("1 million de lignes : vérification seule", min(verifiees), "s")
    yield Mesure("vérification ÷ lecture nue", min(verifiees) / min(nues["c"]), "fois", 3)
    yield Mesure("vérification ÷ lecture nue, moteur pyarrow", min(verifiees) / min(nues["pyarrow"]), "fois")


def _imports(dossier: Path, espace: Path, fichiers: Mapping[str, Path], base: str) -> Iterator[Mesure]:
    if base == "PostgreSQL":
        with serveur_postgres() as url:
            for rang, (taille, livraison) in enumerate(fichiers.items()):
                yield from _import(_env(dossier, espace, _base_neuve(url, f"banc_{rang}")), taille, livraison, base)
        return
    for taille, livraison in fichiers.items():
        yield from _import(
            _env(dossier, espace, f"sqlite:///{dossier / f'{livraison.stem}.sqlite'}"), taille, livraison, base
        )


def _base_neuve(url: str, nom: str) -> str:
    moteur = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with moteur.connect() as connexion:
        connexion.execute(text(f'CREATE DATABASE "{nom}"'))
    moteur.dispose()
    return make_url(url).set(database=nom).render_as_string(hide_password=False)


# What the kernel says of this process alone: getrusage keeps the size of the process that started it.
SONDE = (
    "import sys; from pathlib import Path; from dashboard.cli import main; c = main(sys.argv[1:]); "
    "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0], file=sys.stderr); sys.exit(c)"
)


def _import(env: Mapping[str, str], taille: str, livraison: Path, base: str) -> Iterator[Mesure]:
    """One import by the command line, on a store that already has its referential."""
    commun = {"cwd": RACINE, "env": {**os.environ, **env}, "capture_output": True, "text": True}
    subprocess.run([sys.executable, "-m", "dashboard", "refresh"], check=False, **commun)  # type: ignore[call-overload]
    debut = time.perf_counter()
    commande = [sys.executable, "-c", SONDE, "import", str(livraison), "--source", "depots", "--format", "json"]
    fait = subprocess.run(commande, check=False, **commun)  # type: ignore[call-overload]
    duree = time.perf_counter() - debut
    assert fait.returncode == 0, fait.stderr[-2000:]
    assert json.loads(fait.stdout)["etat"] == "publie"
    memoire = int(fait.stderr.strip().splitlines()[-1]) / 2**20
    moyenne = taille == "1 million"
    yield Mesure(f"{base} : {taille} de lignes vérifiées et publiées", duree, "s", BARRES[base] if moyenne else None)
    yield Mesure(f"{base} : {taille}, mémoire au plus haut", memoire, "Gio", 1.0 if moyenne else None)


if __name__ == "__main__":
    print(tableau(list(mesure_livraisons())))
