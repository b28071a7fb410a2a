"""Killed at any moment, an import leaves the whole old lot or the whole new one, and the next one goes through.

Three seeded moments here, fifty in the endurance campaign. Invented figures.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from dashboard import bootstrap
from dashboard.reglages import lis_reglages
from dashboard.store import queries
from tests import mini
from tests.conftest import RACINE, verbe
from tests.mini import COMMUNES, Atelier

ANNEES = range(1924, 2024)
MOMENTS = random.Random(2026).sample(range(1000), 50)
"""Thousandths of the duration of a whole import."""
RAPIDES, ENDURANCE = MOMENTS[:3], MOMENTS[3:]


def _fichier(dossier: Path, facteur: int) -> Path:
    lignes = [(c, a, facteur * (rang + a)) for rang, c in enumerate(COMMUNES) for a in ANNEES]
    chemin = dossier / f"livraison_{facteur}.csv"
    pd.DataFrame(lignes, columns=["commune", "annee", "effectif"]).to_csv(chemin, index=False)
    return chemin


@pytest.fixture
def depot(url_vierge: str, espace_mini: Path, tmp_path: Path) -> dict[str, str]:
    """An espace whose source is a file, published once (the old lot)."""
    espace = tmp_path / "espace"
    shutil.copytree(espace_mini, espace)
    mini.source_fichier(espace, territoire="commune", periode="annee", valeur="effectif")
    env = {"BOUSSOLE_HOME": str(tmp_path), "BOUSSOLE_ESPACE": str(espace), "BOUSSOLE_DB": url_vierge,
           "BOUSSOLE_PROFIL": "agent"}  # fmt: skip
    assert verbe(env, "import", str(_fichier(tmp_path, 1)), "--source", "comptes").returncode == 0
    return env


def _montre(env: dict[str, str]) -> dict[tuple[object, ...], float]:
    app = bootstrap.ouvre(lis_reglages(env))
    atelier = Atelier(app.moteur, app.espace, app.sources, app.reglages.espace)
    cadre = atelier.valeurs()
    with app.moteur.connect() as connexion:
        lots = queries.load_lots(connexion)
    app.moteur.dispose()
    assert set(lots["statut"]) <= {"publie", "refuse"}
    return {(c, v.fin): v.valeur for c, v in zip(cadre.index, cadre.itertuples(), strict=True)}


def _coupe(env: dict[str, str], fichier: Path, delai: float) -> None:
    """Starts the import and kills it, without any warning, after ``delai`` seconds."""
    commande = [sys.executable, "-m", "dashboard", "import", str(fichier), "--source", "comptes"]
    silence = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processus = subprocess.Popen(commande, cwd=RACINE, env={**os.environ, **env}, **silence)
    time.sleep(delai)
    processus.send_signal(signal.SIGKILL)
    processus.wait(20)


def _eprouve(env: dict[str, str], dossier: Path, moments: list[int]) -> None:
    ancien = _montre(env)
    debut = time.monotonic()
    assert verbe(env, "import", str(_fichier(dossier, 2)), "--source", "comptes", "--dry-run").returncode == 0
    duree = time.monotonic() - debut
    nouveau = {cle: 2 * valeur for cle, valeur in ancien.items()}
    for moment in moments:
        _coupe(env, _fichier(dossier, 2), duree * moment / 900)
        montre = _montre(env)
        assert montre in (ancien, nouveau), f"mélange après une coupure à {moment} ‰"
        if montre == nouveau:
            assert verbe(env, "import", str(_fichier(dossier, 1)), "--source", "comptes").returncode == 0
            assert _montre(env) == ancien
    assert verbe(env, "import", str(_fichier(dossier, 2)), "--source", "comptes").returncode == 0
    assert _montre(env) == nouveau


def test_a_killed_import_is_whole_or_absent(depot: dict[str, str], tmp_path: Path) -> None:
    _eprouve(depot, tmp_path, RAPIDES)


@pytest.mark.endurance
def test_fifty_killed_imports_are_whole_or_absent(depot: dict[str, str], tmp_path: Path) -> None:
    _eprouve(depot, tmp_path, ENDURANCE)
