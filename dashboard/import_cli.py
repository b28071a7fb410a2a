"""The writing verbs of the command line: import a file, undo a lot, rebuild what is shown."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from dashboard import bootstrap, lecture_cli
from dashboard.domain.source import Source

FAIT, REFUSE, INDISPONIBLE = 0, 1, 3
CODES = {"refuse": REFUSE, "indisponible": INDISPONIBLE}
LIGNES_DITES = 20


def source(app: bootstrap.Application, nom: str) -> Source:
    """The declared source. Raises ``Inconnu`` with those that exist."""
    for declaree in app.sources:
        if declaree.id == nom:
            return declaree
    connues = ", ".join(s.id for s in app.sources)
    raise lecture_cli.Inconnu(f"Source « {nom} » inconnue. Sources admises : {connues}.")


def dit(resultat: bootstrap.Resultat) -> int:
    """Says what one source gave, on the stream where it belongs; gives its exit code."""
    code = CODES.get(resultat.etat, FAIT)
    print(f"{resultat.source} : {resultat.message}", file=sys.stderr if code else sys.stdout, flush=True)
    return code


def importe(options: argparse.Namespace) -> int:
    """Checks a file, says the difference with current values, publishes unless it is a dry run."""
    app = bootstrap.ouvre()
    declaree = source(app, options.source)
    fichier = Path(options.fichier).expanduser()
    if not fichier.is_file():
        raise lecture_cli.Inconnu(f"Fichier « {fichier.name} » introuvable. Vérifier le chemin donné.")
    bootstrap.prepare(app)
    muet = options.format == "json" or not sys.stderr.isatty()
    resultat = bootstrap.importe(app, declaree, fichier, a_blanc=options.dry_run, suivi=_muet if muet else _montre)
    if options.format == "json":
        print(json.dumps(_en_json(resultat), ensure_ascii=False))
        return CODES.get(resultat.etat, FAIT)
    for rejet in resultat.rejets.head(LIGNES_DITES).itertuples():
        print(f"  ligne {rejet.ligne}, {rejet.colonne} : {rejet.message} ; {rejet.suggestion}")
    if len(resultat.rejets) > LIGNES_DITES:
        print(f"  … et {len(resultat.rejets) - LIGNES_DITES} autres refus")
    for trace in resultat.entete.traces if resultat.entete else ():
        exemple = trace.exemples[0]
        print(f"  {trace.regle}, {trace.colonne} : {trace.nombre} fois (ligne {exemple.ligne} : "
              f"« {exemple.avant} » devient « {exemple.apres} »)")  # fmt: skip
    for alerte in resultat.entete.alertes if resultat.entete else ():
        print(f"  À vérifier : {alerte}")
    return dit(resultat)


def _muet(_etape: str, _part: float) -> None:
    """Nobody watches."""


def _montre(etape: str, part: float) -> None:
    print(f"  {part:4.0%} {etape}…", file=sys.stderr, flush=True)


def _en_json(resultat: bootstrap.Resultat) -> dict[str, object]:
    bilan, entete = resultat.bilan, resultat.entete
    return {
        "source": resultat.source,
        "etat": resultat.etat,
        "message": resultat.message,
        "lot": bilan.lot if bilan and bilan.lot else None,
        "recues": entete.recues if entete else 0,
        "hors_champ": entete.hors_champ if entete else 0,
        "rejetees": int(resultat.rejets["ligne"].nunique()),
        "bilan": {c: getattr(bilan, c) for c in ("nouvelles", "modifiees", "retirees", "inchangees")} if bilan else {},
        "alertes": list(entete.alertes) if entete else [],
        "reparations": [{"regle": t.regle, "colonne": t.colonne, "nombre": t.nombre} for t in entete.traces]
        if entete
        else [],
        "rejets": json.loads(resultat.rejets.to_json(orient="records", force_ascii=False)),
    }


def annule(options: argparse.Namespace) -> int:
    """A new lot that restores what the given one had replaced."""
    app = bootstrap.ouvre()
    bootstrap.prepare(app)
    return dit(bootstrap.annule(app, options.lot))


def reconstruit(options: argparse.Namespace) -> int:
    """Recomputes all that is shown; a lot only when something differs."""
    app = bootstrap.ouvre()
    bootstrap.prepare(app)
    return dit(bootstrap.reconstruit(app))
