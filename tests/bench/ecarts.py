"""Two weeks of 14.7 million observations compared: every indicator differs by 2 % of its rows, no digest helps.

Invented rows, as many as the synthetic store: 200 indicators, 20 years, the four levels of a région.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from dashboard.domain.ecarts import Cause
from dashboard.exports.ecarts_lecture import compte
from dashboard.exports.paquet import Paquet
from tests.bench.mesure import Mesure, sommet_mio
from tests.paquets_ecrits import SCHEMA, ecris_paquet

INDICATEURS, ANNEES = 200, range(2004, 2024)
LIEUX = {"commune": 3551, "departement": 8, "epci": 116, "region": 1}
PREFIXES = {"commune": "COM-", "departement": "DEP-", "epci": "EPCI-", "region": "REG-"}
PART = 0.02
BARRE, MIO = 20.0, 1024.0


def mesure_ecarts() -> Iterator[Mesure]:
    """Seconds of the whole comparison, then those of a week whose digests are told. In processes of their own."""
    with tempfile.TemporaryDirectory() as dossier:
        lignes = _ecris(Path(dossier), INDICATEURS)
        lu = _mesure(Path(dossier))
        nom = f"diff de deux semaines de {lignes / 1e6:.1f} M de lignes".replace(".", ",")
        detail = f"{lu['revisions']} révisions, {lu['nouvelles']} nouvelles, {lu['retirees']} retirées"
        yield Mesure(nom, lu["secondes"], "s", BARRE, detail=detail)
        yield Mesure(f"{nom}, mémoire au plus haut", lu["mio"], "Mio", MIO)


def _ecris(dossier: Path, indicateurs: int) -> int:
    """Both packages; the second one revises, adds and withdraws rows of every indicator."""
    places = [{"code": f"{PREFIXES[m]}{i:05d}", "maille": m, "nom": str(i)} for m, n in LIEUX.items() for i in range(n)]
    tables = {"territoires": places}
    ecris_paquet(dossier, "2026-W47", (_table(i, False) for i in range(indicateurs)), tables)
    ecris_paquet(dossier, "2026-W48", (_table(i, True) for i in range(indicateurs)), tables)
    return Paquet.ouvre(dossier / "2026-W48").lignes()


def _table(rang: int, change: bool) -> pa.Table:
    """One indicator. Changed: 2 % of the values revised, 0.1 % of the rows withdrawn, as many added a year later."""
    hasard = np.random.default_rng(rang)
    codes, mailles = [], []
    for maille, nombre in LIEUX.items():
        codes += [f"{PREFIXES[maille]}{i:05d}" for i in range(nombre)]
        mailles += [maille] * nombre
    annees, lieux = np.array(ANNEES), len(codes)
    lieu, annee = np.tile(np.arange(lieux), len(annees)), np.repeat(annees, lieux)
    valeur = hasard.normal(50, 10, len(lieu)).round(2)
    secret = hasard.random(len(lieu)) < 0.05
    if change:
        revise = hasard.random(len(lieu)) < PART
        valeur = np.where(revise, valeur + 0.01, valeur)
        garde = hasard.random(len(lieu)) >= 0.001
        ajoutes = hasard.choice(lieux, lieux // 50, replace=False)
        lieu, annee = np.r_[lieu[garde], ajoutes], np.r_[annee[garde], np.full(len(ajoutes), 2024)]
        valeur, secret = np.r_[valeur[garde], np.full(len(ajoutes), 1.5)], np.r_[secret[garde], ajoutes < 0]
    ordre = np.lexsort((np.array(codes)[lieu], annee, np.array(mailles)[lieu]))
    lieu, annee, valeur, secret = lieu[ordre], annee[ordre], valeur[ordre], secret[ordre]
    jours = {j: np.array([date(a, *d).isoformat() for a in range(2004, 2025)], "datetime64[D]")[annee - 2004]
             for j, d in (("debut", (1, 1)), ("fin", (12, 31)))}  # fmt: skip
    n = len(lieu)
    fixe = {"frequence": "A", "origine": "publiee", "completude": 1.0, "completude_population": 1.0}
    colonnes = {
        "indicateur": pa.array([f"synthetique_{rang:03d}"] * n),
        "territoire": pa.array(np.array(codes, object)[lieu]), "maille": pa.array(np.array(mailles, object)[lieu]),
        **{j: pa.array(v) for j, v in jours.items()},
        "valeur": pa.array(valeur, mask=secret), "numerateur": pa.array(valeur * 2, mask=secret),
        "denominateur": pa.array(valeur * 4, mask=secret), "n_unites": pa.array(lieu),
        "statut": pa.array(np.where(secret, "Q", "A").astype(object)),
        "confidentialite": pa.array(np.where(secret, "C", "F").astype(object)),
        "calculee": pa.nulls(n, pa.float64()),
        **{c: pa.array([v] * n) for c, v in fixe.items()},
    }  # fmt: skip
    return pa.table({c: colonnes[c] for c in SCHEMA.names}).cast(SCHEMA)


def _mesure(dossier: Path) -> dict[str, float]:
    commande = [sys.executable, "-m", "tests.bench.ecarts", str(dossier)]
    fait = subprocess.run(commande, check=True, capture_output=True, text=True)
    lu: dict[str, float] = json.loads(fait.stdout.splitlines()[-1])
    return lu


def _compare(dossier: Path) -> dict[str, float]:
    debut = time.perf_counter()
    total = compte(Paquet.ouvre(dossier / "2026-W47"), Paquet.ouvre(dossier / "2026-W48"))
    secondes = time.perf_counter() - debut
    return {
        "secondes": secondes, "mio": sommet_mio(),
        "revisions": total[Cause.REVISION], "nouvelles": total[Cause.NOUVELLE], "retirees": total[Cause.RETIREE],
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(_compare(Path(sys.argv[1]))))
