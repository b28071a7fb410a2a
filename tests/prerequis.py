"""``python -m tests.prerequis``: Chromium and PostgreSQL, installed through apt when root, else said exactly."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from glob import glob

NAVIGATEURS = ("chromium", "chromium-browser", "google-chrome")


def navigateur() -> str | None:
    """Path of a Chromium, None when there is none. BOUSSOLE_CHROMIUM wins."""
    demande = os.environ.get("BOUSSOLE_CHROMIUM")
    return demande or next((c for n in NAVIGATEURS if (c := shutil.which(n))), None)


def postgres() -> str | None:
    """Folder of the PostgreSQL server binaries (initdb, pg_ctl), None when there is none."""
    for dossier in sorted(glob("/usr/lib/postgresql/*/bin"), reverse=True):
        if os.path.exists(f"{dossier}/initdb"):
            return dossier
    chemin = shutil.which("initdb")
    return os.path.dirname(os.path.realpath(chemin)) if chemin else None


def manquants() -> list[str]:
    """Debian packages that are needed and absent."""
    besoins = {"chromium": navigateur(), "postgresql": postgres()}
    return [paquet for paquet, trouve in besoins.items() if trouve is None]


def main() -> int:
    absents = manquants()
    if absents and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installation de {', '.join(absents)} (apt-get)…", flush=True)
        silence = {"stdout": subprocess.DEVNULL}
        environnement = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], check=False, env=environnement, **silence)
        commande = [
            "apt-get",
            "install",
            "-y",
            "-qq",
            "--no-install-recommends",
            *absents,
            "fonts-liberation",
        ]
        subprocess.run(commande, check=False, env=environnement, **silence)
        absents = manquants()
    if absents:
        print(
            f"Il manque : {', '.join(absents)}. Installer : sudo apt-get install {' '.join(absents)}",
            file=sys.stderr,
        )
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
