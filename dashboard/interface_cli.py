"""``python -m dashboard api``: the open read interface as a process of its own, without the pages."""

from __future__ import annotations

import argparse
import sys

from dashboard import bootstrap, port
from dashboard.store.moteur import verifie

FAIT, INDISPONIBLE = 0, 3


def arguments(analyseur: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    analyseur.add_argument("--port", type=_port, default=8601, metavar="PORT", help="8601 par défaut")
    analyseur.add_argument("--adresse", default="127.0.0.1", metavar="ADRESSE", help="127.0.0.1 par défaut")


def _port(texte: str) -> int:
    if not texte.isdecimal() or not 0 < int(texte) < 65_536:
        raise argparse.ArgumentTypeError(f"port « {texte[:20]} » incorrect, donner un nombre de 1 à 65535")
    return int(texte)


def sert(options: argparse.Namespace) -> int:
    """Serves it until it is stopped; refused when there is nothing to read."""
    app = bootstrap.ouvre()
    verifie(app.moteur)
    occupe = port.verifie(options.adresse, options.port, "--port ")
    if occupe:
        print(occupe, file=sys.stderr)
        return INDISPONIBLE
    import uvicorn  # only this command waits for a server

    from dashboard.interface import seule
    from dashboard.serving.memoire import stabilise

    stabilise()
    uvicorn.run(seule(app), host=options.adresse, port=options.port, log_level="warning", access_log=False)
    return FAIT
