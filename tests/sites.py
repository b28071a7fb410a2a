"""Packages that hold a static site and no other drawing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from dashboard import instantanes
from dashboard.bootstrap import Application, ouvre
from dashboard.instantane_parties import Partie, site
from dashboard.reglages import lis_reglages
from tests import paquets
from tests.partage import une_fois


def paquet(app: Application, audience: str = "public") -> Path:
    """The package of one week."""
    seule = (Partie("site", site),)
    return instantanes.cree(app, audience, maintenant=paquets.SEMAINES["2026-W48"], parties=seule).chemin


def paquet_reel(magasin: Mapping[str, str], dossiers: pytest.TempPathFactory) -> Path:
    """That of the committed espace, whose store is only read; made once for all the tests of a run."""

    def construit(home: Path) -> None:
        url = f"sqlite:///{Path(magasin['BOUSSOLE_HOME']) / 'boussole.sqlite'}"
        env = {**magasin, "BOUSSOLE_HOME": str(home), "BOUSSOLE_DB": url, "BOUSSOLE_PROFIL": "agent"}
        app = ouvre(lis_reglages(env))
        try:
            paquet(app)
        finally:
            app.moteur.dispose()

    return une_fois(dossiers, "site", construit) / "snapshots" / "2026-W48"
