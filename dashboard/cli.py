"""The command line, one verb a function. Exit codes: 0 done, 1 refused, 2 wrong usage, 3 unavailable."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from dashboard import (
    alertes_cli,
    bootstrap,
    bulletin_cli,
    catalogue_cli,
    explications,
    import_cli,
    instantane_cli,
    interface_cli,
    lecture_cli,
    messagerie,
    pilotage,
    portrait_cli,
    secret_cli,
    taches,
)
from dashboard.domain.explication_dite import texte
from dashboard.domain.explication_json import en_json
from dashboard.domain.formatage import date_courte
from dashboard.domain.periode import PeriodeInconnue, parse_periode
from dashboard.domain.phrases import detail_situation
from dashboard.domain.territoire import CodeInconnu, Maille
from dashboard.espace import EspaceInvalide
from dashboard.exports.publication import InstantaneAbime
from dashboard.instantanes import InstantaneImpossible, InstantaneRefuse
from dashboard.reglages import ReglageInvalide
from dashboard.store import queries
from dashboard.store.abonnements import AbonnementRefuse
from dashboard.store.ecriture import EcritureRefusee
from dashboard.store.moteur import MagasinIndisponible, lecture, verifie
from dashboard.store.taches import TacheIntrouvable

FAIT, REFUSE, USAGE, INDISPONIBLE = 0, 1, 2, 3


class _Analyseur(argparse.ArgumentParser):
    """argparse that refuses in French."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"Usage incorrect : {message}. Aide : python -m dashboard {self.prog.split()[-1]} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one verb; errors are one French sentence on standard error."""
    options = _analyseur().parse_args(arguments)
    try:
        return int(options.action(options))
    except (
        lecture_cli.Inconnu,
        explications.SansChiffre,
        CodeInconnu,
        PeriodeInconnue,
        EcritureRefusee,
        TacheIntrouvable,
    ) as erreur:
        return _dit(erreur, REFUSE, options)
    except (EspaceInvalide, ReglageInvalide, pilotage.FiltreInconnu, AbonnementRefuse) as erreur:
        return _dit(erreur, REFUSE, options)
    except (InstantaneRefuse, InstantaneAbime) as erreur:
        return _dit(erreur, REFUSE, options)
    except (MagasinIndisponible, messagerie.EnvoiImpossible, InstantaneImpossible) as erreur:
        return _dit(erreur, INDISPONIBLE, options)


def _dit(erreur: Exception, code: int, options: argparse.Namespace) -> int:
    if options.debug:
        raise erreur
    print(erreur, file=sys.stderr)
    return code


def _analyseur() -> argparse.ArgumentParser:
    commun = argparse.ArgumentParser(add_help=False)
    commun.add_argument("--debug", action="store_true", help="montrer la trace complète d'une erreur")
    racine = _Analyseur(prog="python -m dashboard", description="Boussole en ligne de commande.")
    verbes = racine.add_subparsers(dest="verbe", required=True, metavar="VERBE", parser_class=_Analyseur)

    def verbe(nom: str, action: Callable[[argparse.Namespace], int], aide: str) -> argparse.ArgumentParser:
        analyseur = verbes.add_parser(nom, help=aide, description=aide, parents=[commun], prog=nom)
        analyseur.set_defaults(action=action)
        return analyseur

    refresh = verbe("refresh", _refresh, "tire les sources et publie ce qui a changé")
    refresh.add_argument("source", nargs="*", metavar="SOURCE")
    refresh.add_argument("--dry-run", action="store_true", help="vérifier sans publier")
    refresh.add_argument("--embarque", action="store_true", help="la base livrée seule, sans réseau")
    importe = verbe("import", import_cli.importe, "vérifie un fichier, montre la différence, publie sauf --dry-run")
    importe.add_argument("fichier", metavar="FICHIER", type=Path)
    importe.add_argument("--source", required=True, metavar="SOURCE")
    importe.add_argument("--dry-run", action="store_true", help="vérifier sans publier")
    importe.add_argument("--format", choices=["table", "json"], default="table")
    undo = verbe("undo", import_cli.annule, "annule un lot par un nouveau lot")
    undo.add_argument("lot", metavar="LOT", type=int)
    verbe("rebuild", import_cli.reconstruit, "recalcule tout ce qui est montré à partir des mesures reçues")
    get = verbe("get", _get, "donne les valeurs d'un indicateur")
    get.add_argument("indicateur", metavar="INDICATEUR")
    get.add_argument("--territoire", metavar="CODE")
    get.add_argument("--maille", choices=[m.value for m in Maille])
    get.add_argument("--periode", metavar="P")
    get.add_argument("--as-of", metavar="SEMAINE", help="tel que connu à la fin de la semaine (2026-W47)")
    get.add_argument("--arrete", metavar="DATE", help="juger la situation à cette date (2026-11-23)")
    get.add_argument("--format", choices=["table", "json", "csv"], default="table")
    why = verbe("why", _why, "explique un chiffre : formule, ligne source, lot, empreinte")
    why.add_argument("indicateur", metavar="INDICATEUR")
    why.add_argument("code", metavar="CODE")
    why.add_argument("periode", metavar="PERIODE")
    why.add_argument("--as-of", metavar="SEMAINE", help="tel que connu à la fin de la semaine (2026-W47)")
    why.add_argument("--arrete", metavar="DATE", help="juger l'avancement à cette date (2026-11-23)")
    why.add_argument("--format", choices=["table", "json"], default="table")
    alertes_cli.declare(verbe)
    portrait_cli.arguments(verbe("portrait", portrait_cli.imprime, "imprime le portrait de territoires en PDF"))
    instantane_cli.arguments(verbe("snapshot", int, "l'instantané de la semaine : état complet, scellé"), commun)
    bulletin_cli.arguments(verbe("bulletin", int, "le bulletin de la semaine : le lire, l'envoyer"), commun)
    catalogue_cli.arguments(verbe("catalogue", catalogue_cli.ecris, "écrit le catalogue des données (DCAT-AP 3)"))
    secret_cli.arguments(verbe("secret", secret_cli.audite, "ce qui est caché peut-il être retrouvé ?"))
    interface_cli.arguments(verbe("api", interface_cli.sert, "sert l'interface de lecture seule, sans les pages"))
    doctor = verbe("doctor", _doctor, "tout est-il prêt ?")
    doctor.add_argument("--format", choices=["table", "json"], default="table")
    # Started by the pages, for the work they wait for: not a verb of a person, so no line in the help.
    tache = verbes.add_parser("tache", parents=[commun], prog="tache")
    tache.add_argument("numero", type=int, metavar="N")
    tache.set_defaults(action=_tache)
    return racine


def _tache(options: argparse.Namespace) -> int:
    etat = taches.execute(bootstrap.ouvre(), options.numero)
    return {"terminee": FAIT, "annulee": FAIT, "refusee": REFUSE}.get(etat, INDISPONIBLE)


def _refresh(options: argparse.Namespace) -> int:
    app = bootstrap.ouvre()
    for nom in options.source:
        import_cli.source(app, nom)
    resultats = bootstrap.rafraichit(app, options.source, a_blanc=options.dry_run, embarque=options.embarque)
    return max((import_cli.dit(r) for r in resultats), default=FAIT)


def _get(options: argparse.Namespace) -> int:
    app = bootstrap.ouvre()
    verifie(app.moteur)
    declare = lecture_cli.indicateur(app, options.indicateur)
    with lecture(app.moteur) as connexion:
        lecteur = app.lecteur
        if options.as_of:
            jour = lecture_cli.fin_de_semaine(options.as_of)
            lecteur = replace(lecteur, lot=queries.lot_au(connexion, jour))
        cadre = lecture_cli.valeurs(connexion, lecteur, declare, options.territoire, options.maille, options.periode)
    if options.format == "csv":
        cadre.to_csv(sys.stdout, index=False)
        return FAIT
    code, arrete = options.territoire or app.espace.code_region, lecture_cli.arrete(app, options.arrete)
    situation = pilotage.situation(app, lecteur, declare, code, arrete)
    if options.format == "json":
        valeurs = json.loads(cadre.to_json(orient="records", force_ascii=False))
        entete = {"indicateur": declare.id, "unite": declare.unite, "valeurs": valeurs}
        dit = {**entete, "situation": lecture_cli.situation_json(situation, arrete)}
        print(json.dumps(dit, ensure_ascii=False, allow_nan=False))
    else:
        print(cadre.to_string(index=False, na_rep="n.d.") if len(cadre) else "Aucune valeur.")
        if options.territoire or not options.maille:
            print(detail_situation(situation))
    return FAIT


def _why(options: argparse.Namespace) -> int:
    app = bootstrap.ouvre()
    verifie(app.moteur)
    lecteur, arrete = app.lecteur, lecture_cli.arrete(app, options.arrete)
    if options.as_of:
        with lecture(app.moteur) as connexion:
            jour = lecture_cli.fin_de_semaine(options.as_of)
            lecteur = replace(lecteur, lot=queries.lot_au(connexion, jour))
    voulue = parse_periode(options.periode)
    expliquee = explications.explique(app, lecteur, options.indicateur, options.code, voulue, arrete)
    if options.format == "json":
        print(json.dumps(en_json(expliquee), ensure_ascii=False, allow_nan=False))
    else:
        print(texte(expliquee))
    return FAIT


def _doctor(options: argparse.Namespace) -> int:
    app = bootstrap.ouvre()
    controles = bootstrap.controles_pret(detaille=True)
    reglages = {
        "BOUSSOLE_DB": bootstrap.adresse_masquee(app),
        "BOUSSOLE_ESPACE": str(app.reglages.espace),
        "BOUSSOLE_HOME": str(app.reglages.home),
        "BOUSSOLE_PROFIL": app.reglages.profil,
        "écriture": "permise" if app.reglages.peut_ecrire else "refusée",
        "BOUSSOLE_SMTP": messagerie.masque(app.reglages.smtp),
        "BOUSSOLE_EXPEDITEUR": app.reglages.expediteur or "absent",
        "BOUSSOLE_CLE_SIGNATURE": app.reglages.cle_signature.name if app.reglages.cle_signature else "absente",
        "BOUSSOLE_FOND_DE_CARTE": app.reglages.fond_de_carte or "aucun",
        "BOUSSOLE_URL": app.reglages.url or "absente",
        "BOUSSOLE_BULLETIN": f"{len(app.reglages.bulletin)} destinataires",
        "date d'arrêté": date_courte(app.reglages.aujourd_hui()),
    }
    pret = all(c.ok for c in controles)
    if options.format == "json":
        etats = {c.nom: {"ok": c.ok, "message": c.message} for c in controles}
        print(json.dumps({"pret": pret, "controles": etats, "reglages": reglages}, ensure_ascii=False))
    else:
        for nom, valeur in reglages.items():
            print(f"{nom:24} {valeur}")
        for controle in controles:
            print(f"{'prêt' if controle.ok else 'NON':24} {controle.nom} : {controle.message}")
    return FAIT if pret else INDISPONIBLE
