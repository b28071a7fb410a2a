"""Published packages that are no longer served: they hold what their audience may no longer read.

A package never changes, so nothing is taken out of it: it stops being served whole, until the agreement is renewed.
Its seal stays in the journal and its folder on the disk, for whoever runs the server.
"""

from __future__ import annotations

from pathlib import Path

from dashboard.bootstrap import Application
from dashboard.domain.lecteur import PAR_AUDIENCE
from dashboard.store.moteur import lecture
from dashboard.store.visibilite import list_retenus


def retenue(app: Application, audience: str, paquet: Path) -> bool:
    """Does this package hold an indicator that was closed to its audience since, or whose agreement has ended?"""
    with lecture(app.moteur) as connexion:
        fermes = list_retenus(connexion, PAR_AUDIENCE[audience])
    return any(f.stem in fermes for f in (paquet / "donnees" / "observations").glob("*.csv"))
