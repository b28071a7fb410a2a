"""``python -m dashboard api``: the open read interface as a process of its own, without the pages."""

from __future__ import annotations

import argparse

from dashboard import bootstrap
from dashboard.store.moteur import verifie


def arguments(analyseur: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    analyseur.add_argument("--port", type=int, default=8601, metavar="PORT", help="8601 par défaut")
    analyseur.add_argument("--adresse", default="127.0.0.1", metavar="ADRESSE", help="127.0.0.1 par défaut")


def sert(options: argparse.Namespace) -> int:
    """Serves it until it is stopped; refused when there is nothing to read."""
    verifie(bootstrap.application().moteur)
    import uvicorn  # only this command waits for a server

    from dashboard.interface import seule

    uvicorn.run(seule(), host=options.adresse, port=options.port, log_level="warning", access_log=False)
    return 0
