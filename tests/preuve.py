"""``python -m tests.preuve``: a browser opens every page of a new store and notes all that it asks, and of whom.

Writes ``docs/preuves/requetes.json``, which the page Qualité et souveraineté shows. The store is that of the espace
delivered; the profile is that of an agent, so that no page is left out. Exit code 1 when anything left home.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from dashboard.domain.souverainete import Preuve
from dashboard.reglages import version_du_code
from dashboard.souverainete import PREUVE
from tests.conftest import dashboard
from tests.navigateur.conftest import (
    _ARGUMENTS,
    BUREAU,
    PAGES,
    TELEPHONE,
    Surveillance,
    _contexte,
    attend_dessin,
    sert,
)  # fmt: skip
from tests.prerequis import navigateur

TOUTES = (*PAGES, "/qualite?vue=souverainete", "/donnees", "/saisie", "/conventions")
REPOS_MS = 800
"""Time left to a page, once drawn, to ask for something more."""


def observe(adresse: str, chromium: Browser, chemins: tuple[str, ...] = TOUTES) -> Surveillance:
    """Every page in both sizes, each in a context without cache."""
    constats = Surveillance(urlsplit(adresse).netloc)
    for chemin in chemins:
        for taille in (BUREAU, TELEPHONE):
            contexte = _contexte(chromium, taille, constats)
            page = contexte.new_page()
            page.goto(adresse + chemin)
            attend_dessin(page)
            page.wait_for_timeout(REPOS_MS)
            contexte.close()
    return constats


def preuve(constats: Surveillance, version: str) -> Preuve:
    """The record of what was seen, now."""
    return Preuve(
        faite_le=datetime.now(UTC).replace(microsecond=0),
        version=version_du_code(),
        navigateur=f"Chromium {version}",
        pages=TOUTES,
        tailles=tuple(f"{largeur}x{hauteur}" for largeur, hauteur in (BUREAU, TELEPHONE)),
        requetes=constats.requetes,
        etrangeres=tuple(sorted(set(constats.etrangers))),
        refus=tuple(sorted(set(constats.refus))),
    )


def main() -> int:
    with tempfile.TemporaryDirectory() as maison, sync_playwright() as playwright:
        env = {"BOUSSOLE_HOME": maison, "BOUSSOLE_PROFIL": "agent"}
        fait = dashboard(env, "refresh", "--embarque")
        if fait.returncode:
            print(fait.stderr, file=sys.stderr)
            return 3
        chromium = playwright.chromium.launch(executable_path=navigateur(), args=list(_ARGUMENTS))
        with sert(env, Path(maison)) as adresse:
            faite = preuve(observe(adresse, chromium), chromium.version)
        chromium.close()
    PREUVE.parent.mkdir(parents=True, exist_ok=True)
    PREUVE.write_text(faite.model_dump_json(indent=1) + "\n", encoding="utf-8")
    print(f"{faite.phrase}. Écrit dans docs/preuves/{PREUVE.name}.")
    return 0 if faite.tenue else 1


if __name__ == "__main__":
    sys.exit(main())
