"""``python -m dashboard snapshot create|list|verify|diff|restore``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dashboard import archives, bootstrap, ecarts_cli, instantanes
from dashboard.domain.formatage import date_heure, nombre
from dashboard.domain.instantane import AUDIENCES, Semaine, empreinte_courte, propose_retention
from dashboard.exports import verifie
from dashboard.exports.archive import ecris_archive
from dashboard.exports.instantane_contexte import Progres, en_silence
from dashboard.store.ecriture import exige

FAIT, REFUSE, USAGE = 0, 1, 2
MOTS = {"publie": "publié", "retire": "retiré", "non_produite": "non produite"}


def arguments(analyseur: argparse.ArgumentParser, commun: argparse.ArgumentParser) -> None:
    """Declares the verbs of a snapshot."""
    verbes = analyseur.add_subparsers(dest="action_instantane", required=True, metavar="ACTION")

    def verbe(
        nom: str, action: Callable[[argparse.Namespace], int], aide: str, formats: Sequence[str] = ("table", "json")
    ) -> argparse.ArgumentParser:
        sien = verbes.add_parser(nom, help=aide, description=aide, parents=[commun], prog=f"snapshot {nom}")
        sien.add_argument("--audience", choices=AUDIENCES, default="public", help="public par défaut")
        sien.add_argument("--format", choices=formats, default="table")
        sien.set_defaults(action=action)
        return sien

    create = verbe("create", _cree, "fabrique, scelle et publie l'instantané de la semaine")
    create.add_argument("--raison", default="", metavar="TEXTE", help="motif d'une correction de la même semaine")
    verbe("list", _liste, "les instantanés publiés, et les semaines non produites")
    remove = verbe("remove", _retire, "retire un ancien instantané, en gardant son sceau ; sans SEMAINE, propose")
    remove.add_argument("semaine", nargs="?", metavar="SEMAINE")
    remove.add_argument("--raison", default="", metavar="TEXTE", help="pourquoi")
    verify = verbe("verify", _verifie, "vérifie un instantané, ou tous, octet pour octet")
    verify.add_argument("paquet", nargs="?", metavar="SEMAINE", help="une semaine, current ou un dossier ; tous sinon")
    aide = "ce qui a changé d'un instantané à l'autre"
    ecarts_cli.declare_diff(verbe("diff", ecarts_cli.diff, aide, ecarts_cli.FORMATS))
    archive = verbe("zip", _archive, "l'instantané en un fichier, à envoyer")
    archive.add_argument("paquet", metavar="SEMAINE")
    archive.add_argument("--out", metavar="FICHIER", type=Path, help="sinon dans le dossier des archives")
    restore = verbe("restore", _restaure, "reconstruit un magasin vide à partir d'un instantané")
    restore.add_argument("paquet", metavar="SEMAINE", help="une semaine, current ou un dossier")


def _cree(options: argparse.Namespace) -> int:
    app = bootstrap.ouvre()
    debut = time.monotonic()
    fait = instantanes.cree(app, options.audience, options.raison, progres=_progres())
    if options.format == "json":
        mesure = {"secondes": round(time.monotonic() - debut, 1)}
        _json({**fait.__dict__, "semaine": str(fait.semaine), "chemin": str(fait.chemin), **mesure})
        return FAIT
    quoi = f"Instantané {fait.semaine} publié" if fait.nouveau else f"Déjà publié : {fait.semaine}, mêmes données"
    print(f"{quoi} : {fait.chemin}")
    print(f"Empreinte du contenu : {empreinte_courte(fait.contenu)}")
    print(f"Sceau : {fait.sceau}")
    return FAIT


def _liste(options: argparse.Namespace) -> int:
    app = bootstrap.ouvre()
    _exige_audience(app, options.audience)
    etats = instantanes.liste(app, options.audience)
    if options.format == "json":
        _json([{**e.__dict__, "semaine": str(e.semaine)} for e in etats])
        return FAIT
    for e in etats:
        taille = f"{nombre(e.taille / 1e6, 1)} Mo" if e.taille else ""
        quand = date_heure(_instant(e.quand)) if e.quand else ""
        print(f"{e.semaine!s:12} {MOTS[e.etat]:13} {quand:26} {taille:>10}  {empreinte_courte(e.contenu):15} {e.motif}")
    if not etats:
        print("Aucun instantané. Le premier : make snapshot.")
    return FAIT


def _retire(options: argparse.Namespace) -> int:
    """Without a week, only proposes: 8 weeks, then month ends, then year ends are kept. A person decides."""
    app = bootstrap.ouvre()
    _exige_audience(app, options.audience)
    if options.semaine:
        instantanes.retire(app, options.audience, Semaine.lis(options.semaine), options.raison)
        archives.fichier(app.reglages, options.audience, options.semaine).unlink(missing_ok=True)
        print(f"{options.semaine} retiré ; son sceau et la raison restent au journal.")
        return FAIT
    presentes = [e.semaine for e in instantanes.liste(app, options.audience) if e.etat == "publie"]
    proposees = [str(s) for s in propose_retention(presentes)]
    if options.format == "json":
        _json(proposees)
    else:
        print("\n".join(proposees) or "Rien à retirer : tout tient dans la conservation proposée.")
    return FAIT


def _instant(texte: str) -> Any:
    from datetime import datetime

    return datetime.fromisoformat(texte)


def _verifie(options: argparse.Namespace) -> int:
    app = bootstrap.ouvre()
    _exige_audience(app, options.audience)
    ou = instantanes.dossier(app.reglages, options.audience)
    chemin = instantanes.paquet(app, options.audience, options.paquet) if options.paquet else ou
    dommages = verifie.verifie(str(chemin), verifie.a_l_ecran if sys.stderr.isatty() else None)
    if options.format == "json":
        _json({"intact": not dommages, "dommages": [d._asdict() for d in dommages]})
        return REFUSE if dommages else FAIT
    for dommage in dommages:
        print(dommage.message, file=sys.stderr)
    print(f"{Path(chemin).name} : {len(dommages)} défaut(s)." if dommages else f"{Path(chemin).name} : intact.")
    return REFUSE if dommages else FAIT


def _archive(options: argparse.Namespace) -> int:
    app = bootstrap.ouvre()
    _exige_audience(app, options.audience)
    chemin = archives.paquet_servi(app, options.audience, options.paquet)
    cible = options.out or archives.fichier(app.reglages, options.audience, chemin.name)
    try:
        ecris_archive(chemin, Path(cible).expanduser())
    except OSError as erreur:
        raise instantanes.InstantaneRefuse(
            f"« {cible} » : écriture impossible ({erreur.strerror}). Donner à --out un autre chemin."
        ) from None
    print(f"{cible} : {nombre(cible.stat().st_size / 1e6, 1)} Mo.")
    return FAIT


def _restaure(options: argparse.Namespace) -> int:
    from dashboard import restauration

    app = bootstrap.ouvre()
    _exige_audience(app, options.audience)
    chemin = instantanes.paquet(app, options.audience, options.paquet)
    fait = restauration.restaure(app, chemin, _progres())
    if options.format == "json":
        _json(fait)
    else:
        print(f"Magasin reconstruit depuis {chemin.name} : {nombre(fait['valeurs'])} valeurs, telles que publiées.")
        print(f"Pour retrouver la même empreinte : BOUSSOLE_DATE_ARRETE={fait['arrete']}, puis snapshot create.")
    return FAIT


def _exige_audience(app: bootstrap.Application, audience: str) -> None:
    if audience == "interne":
        exige(app.auteur)


def _json(contenu: Any) -> None:
    print(json.dumps(contenu, ensure_ascii=False, allow_nan=False))


def _progres() -> Progres:
    """On a terminal only, rewritten on one line."""
    if not sys.stderr.isatty():
        return en_silence
    debut = time.monotonic()

    def montre(etape: str, part: float) -> None:
        print(f"\r\033[K  {time.monotonic() - debut:4.0f} s  {etape} {part:.0%}", end="", file=sys.stderr, flush=True)

    return montre
