"""``python -m dashboard portrait``: one territory in a file, or a whole maille in a folder, restartable."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from datetime import date
from pathlib import Path
from typing import Any

from typst import TypstError

from dashboard import bootstrap, lecture_cli, portraits
from dashboard.bootstrap import Application
from dashboard.domain.formatage import compte, pluriel
from dashboard.domain.territoire import Maille, maille_de
from dashboard.exports.portrait_pdf import Imprimeur, est_a_jour
from dashboard.store import queries
from dashboard.store.moteur import lecture, verifie

FAIT, REFUSE, USAGE = 0, 1, 2
EN_PARALLELE = 2
TOUS = (Maille.REGION, Maille.DEPARTEMENT, Maille.EPCI)
DATES = (date(2000, 1, 1), date(2099, 12, 31))
ECRIT, A_JOUR, ECHEC = "écrit", "à jour", "échec"


def arguments(analyseur: argparse.ArgumentParser) -> None:
    """Declares what the verb takes."""
    analyseur.add_argument("code", metavar="CODE", nargs="?", help="un territoire, comme EPCI-242100410")
    analyseur.add_argument("--maille", choices=[m.value for m in Maille], help="tous les territoires d'une maille")
    analyseur.add_argument("--tous", action="store_true", help="la région, ses départements et ses EPCI")
    analyseur.add_argument(
        "--out", required=True, metavar="PATH", type=Path, help="un fichier pour CODE, sinon un dossier"
    )
    analyseur.add_argument("--arrete", metavar="DATE", help="date d'arrêté, comme 2026-11-23")


def imprime(options: argparse.Namespace) -> int:
    """Writes the portraits that are asked; a finished one whose data have not changed is left as it is."""
    if sum((bool(options.code), bool(options.maille), options.tous)) != 1:
        print("Usage incorrect : donner un CODE, ou --maille MAILLE, ou --tous, et un seul des trois.", file=sys.stderr)
        return USAGE
    app = bootstrap.ouvre()
    verifie(app.moteur)
    arrete, codes = _arrete(options.arrete, app), _codes(app, options)
    sortie = Path(options.out).expanduser()
    seul = options.code is not None and not sortie.is_dir()
    try:
        (sortie.parent if seul else sortie).mkdir(parents=True, exist_ok=True)
        return _tout(app, {c: sortie if seul else sortie / f"{c}.pdf" for c in codes}, arrete)
    except OSError as erreur:
        raise lecture_cli.Inconnu(
            f"« {sortie} » : écriture impossible ({erreur.strerror or erreur}). Donner à --out un autre chemin."
        ) from None


def _arrete(texte: str | None, app: Application) -> date:
    if texte is None:
        return app.reglages.aujourd_hui()
    try:
        jour = date.fromisoformat(texte)
    except ValueError:
        jour = date.min
    if not DATES[0] <= jour <= DATES[1]:
        raise lecture_cli.Inconnu(
            f"Date d'arrêté « {texte} » refusée. Forme attendue : 2026-11-23, entre {DATES[0].year} et {DATES[1].year}."
        )
    return jour


def _codes(app: Application, options: argparse.Namespace) -> list[str]:
    with lecture(app.moteur) as connexion:
        places = queries.list_territoires(connexion)
    if options.code:
        return [lecture_cli.code_connu(places, options.code)]
    mailles = TOUS if options.tous else (Maille(options.maille),)
    return sorted(places.loc[places["maille"].isin(mailles), "code"], key=lambda c: (maille_de(c).rang, c))


def _tout(app: Application, fichiers: dict[str, Path], arrete: date) -> int:
    """Data are made here while two threads print: Typst lets go of the interpreter as it works."""
    compteur: Counter[str] = Counter()
    atelier = _Atelier()
    with ThreadPoolExecutor(EN_PARALLELE) as equipe:
        try:
            taches = {}
            for code, contenu in portraits.donnees(app, list(fichiers), arrete):
                taches[equipe.submit(atelier.ecris, fichiers[code], contenu)] = code
                _avance(compteur, taches, len(fichiers), attend=False)
            _avance(compteur, taches, len(fichiers), attend=True)
        except KeyboardInterrupt:
            equipe.shutdown(wait=True, cancel_futures=True)
            print("\nInterrompu. Relancer la même commande : ce qui est fini ne sera pas refait.", file=sys.stderr)
            return REFUSE
    return _bilan(compteur, list(fichiers.values()))


def _avance(compteur: Counter[str], taches: dict[Future[str], str], total: int, *, attend: bool) -> None:
    """Counts what has ended since the last time; shows it on a terminal."""
    finies: Iterator[Future[str]] = as_completed(list(taches)) if attend else iter([t for t in taches if t.done()])
    for tache in finies:
        code = taches.pop(tache)
        try:
            compteur[tache.result()] += 1
        except TypstError as erreur:
            compteur[ECHEC] += 1
            print(f"{code} : portrait non composé ({erreur.message}). Prévenir l'exploitant.", file=sys.stderr)
        if sys.stderr.isatty() and total > 1:
            print(f"\r  {compteur.total()} sur {total}, {code:16}", end="", file=sys.stderr, flush=True)


def _bilan(compteur: Counter[str], fichiers: Sequence[Path]) -> int:
    if sys.stderr.isatty() and len(fichiers) > 1:
        print(file=sys.stderr)
    ou = fichiers[0] if len(fichiers) == 1 else fichiers[0].parent
    ecrits, gardes = compteur[ECRIT], compteur[A_JOUR]
    deja = f", {gardes} déjà à jour" if gardes else ""
    print(f"{compte(ecrits, 'portrait écrit', 'portraits écrits')}{deja} : {ou}")
    if compteur[ECHEC]:
        n = compteur[ECHEC]
        print(f"{n} {pluriel(n, 'portrait manque', 'portraits manquent')}.", file=sys.stderr)
    return REFUSE if compteur[ECHEC] else FAIT


class _Atelier(threading.local):
    """One printer for each thread."""

    def __init__(self) -> None:
        self.imprimeur = Imprimeur()

    def ecris(self, fichier: Path, contenu: dict[str, Any]) -> str:
        """Writes the file whole or not at all: under another name first."""
        if est_a_jour(fichier, contenu):
            return A_JOUR
        provisoire = fichier.with_name(f".{fichier.name}.{os.getpid()}.part")
        try:
            provisoire.write_bytes(self.imprimeur.pdf(contenu))
            provisoire.replace(fichier)
        finally:
            provisoire.unlink(missing_ok=True)
        return ECRIT
