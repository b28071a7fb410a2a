"""The snapshot of the week: the région as it is delivered, then 14.7 million rows; verification beside ``sha256sum``.

Each one is made by a process of its own, whose time and memory are those of the operator. What is drawn is drawn in
both: classeur, carte, bulletin, rapport, portraits, site, as ``PARTIES`` has them.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from dashboard import bootstrap, instantanes
from dashboard.exports.archive import ecris_archive
from dashboard.exports.paquet import Paquet
from dashboard.instantane_parties import PARTIES
from dashboard.reglages import lis_reglages
from dashboard.store.moteur import migre
from tests.bench.magasin import dossier_banc, prepare
from tests.bench.mesure import Mesure

SECONDES, SECONDES_MASSE, MIO, MO_ZIP, VITESSE = 120.0, 360.0, 954.0, 60.0, 0.7
FOIS = 5


def mesure_instantane(env: dict[str, str]) -> Iterator[Mesure]:
    """Of the delivered région. ``env``: settings of a store that holds it."""
    home = Path(env["BOUSSOLE_HOME"])
    lu = _fabrique(home)
    paquet = Path(str(lu["chemin"]))
    lignes = Paquet.ouvre(paquet)
    portraits = len(list((paquet / "portraits").glob("*.pdf")))
    parties = [
        n for n in ("synthese.xlsx", "carte.gpkg", "rapport.pdf", "bulletin.pdf", "site") if (paquet / n).exists()
    ]
    quoi = f"instantané de la région livrée, {portraits} portraits"
    detail = f"{len(lignes.indicateurs)} indicateurs, {lignes.lignes()} valeurs, {', '.join(parties)} ; "
    detail += f"{float(lu['processeur']):.0f} s de processeur"
    yield Mesure(quoi, float(lu["secondes"]), "s", SECONDES, detail=detail)
    yield Mesure(f"{quoi}, mémoire au plus haut", float(lu["mio"]), "Mio", MIO)
    debut = time.perf_counter()
    taille = ecris_archive(paquet, home / "instantane.zip").stat().st_size
    duree = time.perf_counter() - debut
    yield Mesure("l'instantané en un fichier zip", taille / 1e6, "Mo", MO_ZIP, detail=f"écrit en {duree:.1f} s")
    yield from _verification("instantané de la région livrée", paquet)
    shutil.rmtree(paquet.parent)


def mesure_instantane_de_masse() -> Iterator[Mesure]:
    """Of a copy of the synthetic store, its schema brought up to date."""
    prepare(f"sqlite:///{dossier_banc() / 'synthetique.sqlite'}").moteur.dispose()
    with tempfile.TemporaryDirectory(dir=dossier_banc()) as dossier:
        home = Path(dossier)
        for fichier in dossier_banc().glob("synthetique.sqlite*"):
            shutil.copyfile(fichier, home / fichier.name.replace("synthetique", "boussole"))
        lu = _fabrique(home)
        paquet = Path(str(lu["chemin"]))
        lignes = Paquet.ouvre(paquet).lignes() / 1e6
        portraits = len(list((paquet / "portraits").glob("*.pdf")))
        quoi = f"instantané de {lignes:.1f} M de lignes, {portraits} portraits".replace(".", ",")
        octets = sum(f.stat().st_size for f in paquet.rglob("*") if f.is_file())
        detail = f"{octets / 1e9:.1f} Go écrits, {float(lu['processeur']):.0f} s de processeur"
        yield Mesure(quoi, float(lu["secondes"]), "s", SECONDES_MASSE, detail=detail)
        yield Mesure(f"{quoi}, mémoire au plus haut", float(lu["mio"]), "Mio", MIO)
        yield from _verification(f"instantané de {lignes:.1f} M de lignes".replace(".", ","), paquet)


def _verification(quoi: str, paquet: Path) -> Iterator[Mesure]:
    """The single-file verifier, interpreter included, against ``sha256sum --check``: same files, best of each."""
    verifie = [sys.executable, "-I", str(paquet / "verifie.py"), str(paquet)]
    sha256sum = ["sha256sum", "--check", "--quiet", "MANIFEST.sha256"]
    siennes, nues = [], []
    for _ in range(FOIS):
        siennes.append(_duree(verifie, paquet))
        nues.append(_duree(sha256sum, paquet))
    a_nous, reference = min(siennes), min(nues)
    detail = f"{a_nous:.2f} s contre {reference:.2f} s"
    yield Mesure(f"{quoi} : vitesse de verifie.py ÷ sha256sum", reference / a_nous, "fois", VITESSE, "au moins", detail)


def _duree(commande: list[str], ou: Path) -> float:
    debut = time.perf_counter()
    subprocess.run(commande, cwd=ou, check=True, capture_output=True)
    return time.perf_counter() - debut


def _fabrique(home: Path) -> dict[str, float | str]:
    """The package made by another process; its path, seconds, those of processor, peak memory in Mio."""
    code = (
        "import json, resource, subprocess, sys, time; d = time.perf_counter();"
        "p = subprocess.run([sys.executable, '-m', 'tests.bench.instantane', *sys.argv[1:]], check=True,"
        " stdout=subprocess.PIPE, text=True);"
        "print(json.dumps({**json.loads(p.stdout.splitlines()[-1]), 'secondes': time.perf_counter() - d,"
        " 'mio': (r := resource.getrusage(resource.RUSAGE_CHILDREN)).ru_maxrss / 1024,"
        " 'processeur': r.ru_utime + r.ru_stime}))"
    )
    fait = subprocess.run([sys.executable, "-c", code, str(home)], check=True, stdout=subprocess.PIPE, text=True)
    lu: dict[str, float | str] = json.loads(fait.stdout)
    return lu


def _cree(home: Path) -> dict[str, object]:
    """The public package of this store, and at what second each step of it began."""
    app = bootstrap.ouvre(lis_reglages({"BOUSSOLE_HOME": str(home), "BOUSSOLE_PROFIL": "agent"}))
    migre(app.moteur)
    etapes: dict[str, float] = {}
    debut = time.perf_counter()

    def note(etape: str, _part: float) -> None:
        etapes.setdefault(etape, round(time.perf_counter() - debut, 1))

    fait = instantanes.cree(app, progres=note, parties=PARTIES)
    print(etapes, file=sys.stderr)
    return {"chemin": str(fait.chemin)}


if __name__ == "__main__":
    print(json.dumps(_cree(Path(sys.argv[1]))))
