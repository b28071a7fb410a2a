"""``python -m tests.bench [--ecrire]``: reads at 14.7 million rows, the map beside the naive way,
steering, deliveries, secrecy, the catalogue, explanations, the snapshot of the week and the differences of two, the
open interface under load."""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.api import mesure_api
from tests.bench.carte import base_livree, mesure_carte
from tests.bench.catalogue import mesure_catalogue
from tests.bench.ecarts import mesure_ecarts
from tests.bench.instantane import mesure_instantane, mesure_instantane_de_masse
from tests.bench.livraison import mesure_livraisons
from tests.bench.magasin import dossier_banc, prepare
from tests.bench.mesure import Mesure, tableau
from tests.bench.pilotage import mesure_pilotage
from tests.bench.pourquoi import mesure_pourquoi
from tests.bench.requetes import mesure_requetes
from tests.bench.secret import mesure_secret
from tests.bench.territoires import mesure_territoires
from tests.postgres import serveur_postgres
from tests.prerequis import navigateur

RESULTATS = Path(__file__).with_name("RESULTS.md")
MEMOIRE_PG = {"shared_buffers": "1GB", "work_mem": "32MB", "random_page_cost": "1.1"}


def mesures() -> Iterator[Mesure]:
    """Everything, in the order of the table."""
    yield from mesure_requetes(prepare(f"sqlite:///{dossier_banc() / 'synthetique.sqlite'}"))
    with serveur_postgres(dossier_banc() / "postgres", MEMOIRE_PG) as url:
        yield from mesure_requetes(prepare(url))
    with base_livree() as (env, construite):
        yield from mesure_carte(env, construite)
        yield from mesure_territoires(env)
        yield from mesure_instantane(env)
        yield from mesure_api(env)
    yield from mesure_pilotage(prepare(f"sqlite:///{dossier_banc() / 'synthetique.sqlite'}"))
    yield from mesure_pourquoi(prepare(f"sqlite:///{dossier_banc() / 'synthetique.sqlite'}"))
    yield from mesure_catalogue()
    yield from mesure_livraisons()
    yield from mesure_ecarts()
    yield from mesure_secret()
    yield from mesure_instantane_de_masse()


def machine() -> str:
    """What the figures were measured on, without any name."""
    memoire = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    chromium = subprocess.run([navigateur() or "true", "--version"], capture_output=True, text=True, check=False)
    version = chromium.stdout.split()[1] if len(chromium.stdout.split()) > 1 else "absent"
    return f"{os.cpu_count()} cœurs, {memoire:.0f} Gio, Python {platform.python_version()}, Chromium {version}"


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m tests.bench")
    options.add_argument("--ecrire", action="store_true", help="écrire tests/bench/RESULTS.md")
    choix = options.parse_args()
    liste = []
    for mesure in mesures():
        liste.append(mesure)
        print(tableau([mesure]).splitlines()[-1], flush=True)
    quand = f"{datetime.now(UTC):%Y-%m-%d}"
    texte = f"# Banc du {quand}\n\n{machine()}. Magasin synthétique de 14,7 millions de lignes.\n\n{tableau(liste)}\n"
    print(texte)
    if choix.ecrire:
        RESULTATS.write_text(texte, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
