"""``python -m dashboard bulletin show|send [SEMAINE]``: reads a bulletin, or writes it to those who receive it."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from dashboard import bootstrap, bulletins, messagerie
from dashboard.bulletins import Numero
from dashboard.domain.bulletin import Bulletin
from dashboard.domain.lecteur import PUBLIC
from dashboard.exports.bulletin_courriel import courriel_bulletin
from dashboard.exports.paquet import PaquetIllisible
from dashboard.store import abonnements
from dashboard.store.ecriture import exige
from dashboard.store.moteur import lecture, verifie

FAIT, REFUSE, INDISPONIBLE = 0, 1, 3
ENVOIS = "bulletins-envoyes.jsonl"


def arguments(analyseur: argparse.ArgumentParser, commun: argparse.ArgumentParser) -> None:
    """Declares the actions of a bulletin."""
    actions = analyseur.add_subparsers(dest="action_bulletin", required=True, metavar="ACTION")
    for nom, action, aide in (
        ("show", _montre, "dit le bulletin d'une semaine"),
        ("send", _envoie, "envoie le bulletin public d'une semaine, une fois à chacun"),
    ):
        sien = actions.add_parser(nom, help=aide, description=aide, parents=[commun], prog=f"bulletin {nom}")
        sien.add_argument("semaine", nargs="?", default="current", metavar="SEMAINE", help="la dernière par défaut")
        sien.add_argument("--format", choices=["table", "json"], default="table")
        sien.set_defaults(action=action)
        if nom == "send":
            sien.add_argument("--abonnes", action="store_true", help="écrire aussi aux abonnés des alertes")
            sien.add_argument("--encore", action="store_true", help="écrire même à qui l'a déjà reçu")


def _montre(options: argparse.Namespace) -> int:
    app = bootstrap.ouvre()
    try:
        bulletin = bulletins.lis(bulletins.trouve(bulletins.numeros(app, app.lecteur), options.semaine))
    except PaquetIllisible as erreur:
        return _refuse(erreur, options)
    if options.format == "json":
        print(json.dumps(bulletin.model_dump(mode="json"), ensure_ascii=False))
        return FAIT
    print(f"Bulletin {bulletin.semaine} : {bulletin.texte}")
    for cause, siennes in bulletin.par_cause().items():
        print(f"\n{cause.libelle}")
        print("\n".join(f"  {e.phrase}" for e in siennes))
    print(f"\nCe qui n'a pas bougé : {bulletin.stables}")
    return FAIT


def _envoie(options: argparse.Namespace) -> int:
    """The public bulletin only: a mail is passed on. An address is written down as its digest, to be told once."""
    app = bootstrap.ouvre()
    exige(app.auteur)
    try:
        numero = bulletins.trouve(bulletins.numeros(app, PUBLIC), options.semaine)
        bulletin = bulletins.lis(numero)
    except PaquetIllisible as erreur:
        return _refuse(erreur, options)
    ou = messagerie.serveur(app.reglages)
    adresses = _adresses(app, abonnes=options.abonnes)
    if not adresses:
        print(
            "Aucun destinataire. Donner des adresses à BOUSSOLE_BULLETIN, séparées par des virgules, ou --abonnes.",
            file=sys.stderr,
        )
        return REFUSE
    registre = app.reglages.home / ENVOIS
    deja = set() if options.encore else _deja(registre)
    restent = [a for a in adresses if _marque(a, numero) not in deja]
    echecs = _a_chacun(restent, bulletin, numero, ou, registre)
    for echec in echecs:
        print(echec, file=sys.stderr)
    comptes = {"envoyes": len(restent) - len(echecs), "deja": len(adresses) - len(restent), "echecs": len(echecs)}
    if options.format == "json":
        print(json.dumps({"semaine": numero.semaine, **comptes}))
    else:
        print(f"Bulletin {numero.semaine}. Courriels envoyés : {comptes['envoyes']}. Déjà reçus : {comptes['deja']}. "
              f"Échecs : {comptes['echecs']}.")  # fmt: skip
    return INDISPONIBLE if echecs else FAIT


def _a_chacun(
    adresses: list[str], bulletin: Bulletin, numero: Numero, ou: messagerie.Serveur, registre: Path
) -> list[str]:
    """What failed, without the addresses; each one that was accepted is written down at once."""
    echecs: list[str] = []
    if not adresses:
        return echecs
    pdf = bulletins.imprime(numero)
    with messagerie.session(ou) as envoi:
        for rang, adresse in enumerate(adresses, start=1):
            quand = datetime.now(UTC).replace(microsecond=0)
            try:
                envoi(courriel_bulletin(bulletin, pdf, numero.sceau, ou.expediteur, adresse, quand))
            except messagerie.EnvoiImpossible as erreur:
                echecs.append(f"destinataire {rang} : {erreur}")
                continue
            with registre.open("a", encoding="utf-8") as fichier:
                fichier.write(json.dumps({"quand": quand.isoformat(), "marque": _marque(adresse, numero)}) + "\n")
    return echecs


def _adresses(app: bootstrap.Application, *, abonnes: bool) -> list[str]:
    """Those of the settings, then those of the subscriptions when asked, each once."""
    donnees = [abonnements.adresse_valide(a) for a in app.reglages.bulletin]
    if abonnes:
        verifie(app.moteur)
        with lecture(app.moteur) as connexion:
            donnees += [a.adresse for a in abonnements.liste(connexion, app.auteur)]
    return list(dict.fromkeys(donnees))


def _marque(adresse: str, numero: Numero) -> str:
    return hashlib.sha256(f"{adresse}\0{numero.sceau}".encode()).hexdigest()


def _deja(registre: Path) -> set[str]:
    if not registre.is_file():
        return set()
    lignes = registre.read_text("utf-8").splitlines()
    return {str(json.loads(x)["marque"]) for x in lignes if x.endswith("}")}


def _refuse(erreur: Exception, options: argparse.Namespace) -> int:
    if options.debug:
        raise erreur
    print(erreur, file=sys.stderr)
    return REFUSE
