"""The verbs of alerts on the command line: read them, send what is new, subscribe, unsubscribe."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime

from dashboard import bootstrap, lecture_cli, messagerie, pilotage
from dashboard.domain.alertes import Alerte
from dashboard.domain.avis import Avis, Filtre, list_avis
from dashboard.exports.courriel import courriel
from dashboard.store import abonnements
from dashboard.store.moteur import lecture, verifie

FAIT, INDISPONIBLE = 0, 3
Verbe = Callable[[str, Callable[[argparse.Namespace], int], str], argparse.ArgumentParser]


def declare(verbe: Verbe) -> None:
    """Adds the three verbs to the command line."""
    alertes = verbe("alertes", _alertes, "dit les alertes des programmes ; avec --envoie, écrit aux abonnés")
    _filtres(alertes)
    alertes.add_argument("--arrete", metavar="DATE", help="juger à cette date (2026-11-23)")
    alertes.add_argument("--format", choices=["table", "json"], default="table")
    alertes.add_argument("--envoie", action="store_true", help="envoyer à chaque abonné ce qui est nouveau pour lui")
    abonne = verbe("abonne", _abonne, "abonne une adresse aux alertes")
    abonne.add_argument("adresse", metavar="ADRESSE")
    _filtres(abonne)
    desabonne = verbe("desabonne", _desabonne, "retire un abonnement, et l'adresse avec lui")
    desabonne.add_argument("jeton", metavar="JETON")


def _filtres(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("--territoire", metavar="CODE")
    analyseur.add_argument("--programme", nargs="+", action="extend", default=[], metavar="ID")
    analyseur.add_argument("--alerte", nargs="+", action="extend", default=[], metavar="A",
                           help=f"parmi {', '.join(a.value for a in Alerte)}")  # fmt: skip


def _filtre(app: bootstrap.Application, options: argparse.Namespace) -> Filtre:
    return pilotage.filtre(app, app.lecteur, options.programme, options.territoire, options.alerte)


def _alertes(options: argparse.Namespace) -> int:
    app = bootstrap.ouvre()
    verifie(app.moteur)
    if options.envoie:
        return _envoie(app, options)
    filtre, arrete = _filtre(app, options), lecture_cli.arrete(app, options.arrete)
    avis = list_avis(pilotage.dossiers(app, app.lecteur, filtre.territoire, arrete), filtre)
    if options.format == "json":
        contenu = {"territoire": filtre.territoire, "arrete": arrete.isoformat(), "comptes": _comptes(avis)}
        print(json.dumps({**contenu, "alertes": [_en_json(a) for a in avis]}, ensure_ascii=False))
    else:
        for un in avis:
            print(f"{un.alerte.libelle:18} {un.phrase}")
        print(f"{len(avis)} alertes." if len(avis) > 1 else f"{len(avis) or 'Aucune'} alerte.")
    return FAIT


def _comptes(avis: list[Avis]) -> dict[str, int]:
    """How many of each kind among those that the filter keeps."""
    return {a.value: sum(un.alerte is a for un in avis) for a in Alerte}


def _en_json(avis: Avis) -> dict[str, object]:
    programme, depuis = avis.dossier.etat.programme, avis.depuis
    return {
        "alerte": avis.alerte.value,
        "libelle": avis.alerte.libelle,
        "programme": programme.id,
        "nom": programme.nom,
        "territoire": avis.dossier.etat.code,
        "depuis": depuis.isoformat() if depuis else None,
        "phrase": avis.phrase,
        "cle": avis.cle,
    }


def _envoie(app: bootstrap.Application, options: argparse.Namespace) -> int:
    """Writes to each subscriber what is new for him; a subscription is marked once its own mail was accepted."""
    if options.territoire or options.programme or options.alerte or options.arrete:
        raise lecture_cli.Inconnu("--envoie s'emploie sans filtre ni date : chaque abonnement a les siens.")
    with lecture(app.moteur) as connexion:
        abonnes = abonnements.liste(connexion, app.auteur)
    ou = messagerie.serveur(app.reglages)
    a_dire, echecs = pilotage.nouveautes(app, abonnes)
    envoyes = 0
    if a_dire:
        noms = pilotage.noms(app)
        with messagerie.session(ou) as envoi:
            for abonne, avis, cles in a_dire:
                quand = datetime.now(UTC).replace(microsecond=0)
                lieu = noms[abonne.filtre.territoire]
                try:
                    envoi(courriel(avis, lieu, ou.expediteur, abonne.adresse, abonne.jeton, quand))
                except messagerie.EnvoiImpossible as erreur:
                    echecs.append(f"{abonne.adresse} : {erreur}")
                    continue
                abonnements.marque(app.moteur, app.auteur, abonne, cles, quand.replace(tzinfo=None))
                envoyes += 1
    sans = len(abonnes) - envoyes - len(echecs)
    for echec in echecs:
        print(echec, file=sys.stderr)
    if options.format == "json":
        print(json.dumps({"envoyes": envoyes, "sans_nouveau": sans, "echecs": echecs}, ensure_ascii=False))
    else:
        print(f"Courriels envoyés : {envoyes}. Abonnements sans rien de nouveau : {sans}. Échecs : {len(echecs)}.")
    return INDISPONIBLE if echecs else FAIT


def _abonne(options: argparse.Namespace) -> int:
    app = bootstrap.ouvre()
    verifie(app.moteur)
    filtre = pilotage.filtre(app, pilotage.LECTEUR_COURRIEL, options.programme, options.territoire, options.alerte)
    fait = abonnements.abonne(app.moteur, app.auteur, options.adresse, filtre)
    print(f"{fait.adresse} est abonnée. Pour la retirer : python -m dashboard desabonne {fait.jeton}")
    return FAIT


def _desabonne(options: argparse.Namespace) -> int:
    app = bootstrap.ouvre()
    verifie(app.moteur)
    print(f"{abonnements.desabonne(app.moteur, app.auteur, options.jeton)} ne recevra plus d'alertes.")
    return FAIT
