"""Published packages that are no longer served: they hold what their audience may no longer read.

A package never changes, so nothing is taken out of it: it stops being served whole, until the agreement is renewed.
Its seal stays in the journal and its folder on the disk, for whoever runs the server.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from dashboard.bootstrap import Application
from dashboard.domain.lecteur import PAR_AUDIENCE
from dashboard.espace import EspaceInvalide, relis, tus
from dashboard.store import visibilite
from dashboard.store.instantanes import load_espace_version, load_instantanes
from dashboard.store.moteur import lecture
from dashboard.store.visibilite import list_retenus

_relis = lru_cache(maxsize=16)(relis)


def retenue(app: Application, audience: str, paquet: Path) -> bool:
    """Does this package hold an indicator that was closed to its audience since, or whose agreement has ended?"""
    lecteur = PAR_AUDIENCE[audience]
    with lecture(app.moteur) as connexion:
        fermes = list_retenus(connexion, lecteur)
        siens = [i for i in load_instantanes(connexion, audience) if str(i.semaine) == paquet.name]
        contenu = load_espace_version(connexion, siens[-1].espace) if siens else None
    try:
        if contenu:
            fermes |= tus(_relis(contenu), app.sources, lecteur.acces, visibilite.aujourd_hui())
    except EspaceInvalide:  # what it rested on is not known any more
        return True
    return any(f.stem in fermes for f in (paquet / "donnees" / "observations").glob("*.csv"))
