"""``python -m dashboard catalogue``: the catalogue of the data as a file, for a portal that harvests it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from dashboard import bootstrap, catalogues
from dashboard.domain.formatage import compte
from dashboard.domain.instantane import AUDIENCES
from dashboard.reglages import lis_url
from dashboard.store.ecriture import exige

FAIT, REFUSE = 0, 1


def arguments(analyseur: argparse.ArgumentParser) -> None:
    """What the verb takes."""
    analyseur.add_argument("--out", required=True, metavar="FICHIER", type=Path, help="fichier à écrire")
    analyseur.add_argument("--format", choices=catalogues.FORMES, default="ttl", help="Turtle (ttl) par défaut")
    analyseur.add_argument("--audience", choices=AUDIENCES, default="public", help="public par défaut")
    analyseur.add_argument("--fichiers", metavar="URL", help="adresse du dossier de l'instantané ; sinon BOUSSOLE_URL")


def ecris(options: argparse.Namespace) -> int:
    """Writes it. Public unless asked; the internal one needs the right to write, as internal packages do."""
    app = bootstrap.ouvre()
    if options.audience == "interne":
        exige(app.auteur)
    racine = None if options.fichiers is None else f"{lis_url(options.fichiers, '--fichiers')}/"
    fait = catalogues.ecrit(app, options.format, options.audience, racine)
    cible = options.out.expanduser()
    try:
        cible.write_bytes(fait.octets)
    except OSError as erreur:
        print(
            f"« {cible} » : écriture impossible ({erreur.strerror}). Donner à --out un autre chemin.", file=sys.stderr
        )
        return REFUSE
    jeux = compte(fait.jeux, "jeu de données", "jeux de données")
    fichiers = compte(fait.fichiers, "fichier", "fichiers")
    print(f"{cible} : {jeux}, {fichiers}.")
    if fait.semaine is None:
        print(
            "Aucun instantané publié : le catalogue ne cite aucun fichier. Le premier : make snapshot.", file=sys.stderr
        )
    return FAIT
