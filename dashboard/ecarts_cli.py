"""``python -m dashboard snapshot diff A B``: what differs between two packages, by cause, and every row of it."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from dashboard import archives, bootstrap
from dashboard.domain.ecarts import Cause, EtatInvalide
from dashboard.domain.formatage import nombre
from dashboard.exports.ecarts_lecture import list_observations, list_tables
from dashboard.exports.ecarts_lignes import COLONNES, Ligne, en_clair, en_csv, lignes
from dashboard.exports.paquet import Paquet, PaquetIllisible
from dashboard.store.ecriture import exige

FAIT, REFUSE = 0, 1
FORMATS = ("table", "json", "csv")
PREMIERES = 5
"""Rows of a cause shown on a screen; JSON and CSV have them all."""


def declare_diff(analyseur: argparse.ArgumentParser) -> None:
    """The arguments of ``snapshot diff``, but those that every action of ``snapshot`` has."""
    analyseur.add_argument("avant", metavar="A", help="une semaine, current ou un dossier")
    analyseur.add_argument("apres", metavar="B")
    analyseur.add_argument("--complet", action="store_true", help="relire aussi ce que les empreintes disent égal")


def diff(options: argparse.Namespace) -> int:
    """Compares; two packages that differ are no error."""
    app = bootstrap.ouvre()
    if options.audience == "interne":
        exige(app.auteur)
    try:
        avant, apres = (
            Paquet.ouvre(archives.paquet_servi(app, options.audience, nom)) for nom in (options.avant, options.apres)
        )
        ecrit = {"json": _json, "csv": _csv}.get(options.format, _table)
        ecrit(avant, apres, getattr(options, "complet", False))
    except (PaquetIllisible, EtatInvalide) as erreur:
        if options.debug:
            raise
        print(erreur, file=sys.stderr)
        return REFUSE
    return FAIT


def _lignes(avant: Paquet, apres: Paquet, complet: bool) -> Iterator[Ligne]:
    """Tables first: they are read in order, and say why the values differ."""
    for nom, ecarts in list_tables(avant, apres, complet=complet):
        yield from lignes(nom, ecarts)
    for _, ecarts in list_observations(avant, apres, complet=complet):
        yield from lignes("observations", ecarts)


def _table(avant: Paquet, apres: Paquet, complet: bool) -> None:
    comptes: Counter[str] = Counter()
    premieres: dict[str, list[str]] = {}
    for ecarts_de in (list_tables, list_observations):
        for nom, ecarts in ecarts_de(avant, apres, complet=complet):
            table = nom if ecarts_de is list_tables else "observations"
            for cause, siens in ecarts.groupby("cause", sort=False):
                comptes[str(cause)] += len(siens)
                vues = premieres.setdefault(str(cause), [])
                vues += [en_clair(x) for x in lignes(table, siens.head(PREMIERES - len(vues)))]
    print(f"De {avant.semaine} à {apres.semaine}, {apres.audience} :")
    for cause in Cause:
        if comptes[cause.value]:
            print(f"\n{cause.libelle} : {nombre(comptes[cause.value])}")
            print("\n".join(f"  {texte}" for texte in premieres[cause.value]))
            reste = comptes[cause.value] - len(premieres[cause.value])
            print(f"  … et {nombre(reste)} de plus" if reste else "", end="\n" if reste else "")
    if not comptes:
        print("Aucune différence.")


def _json(avant: Paquet, apres: Paquet, complet: bool) -> None:
    """One document, written row by row: a week may change millions of them."""
    comptes: Counter[str] = Counter()
    entete = json.dumps({"avant": avant.semaine, "apres": apres.semaine, "audience": apres.audience})
    print(entete.removesuffix("}") + ', "lignes": [', end="")
    for rang, ligne in enumerate(_lignes(avant, apres, complet)):
        comptes[ligne["cause"]] += 1
        print(("," if rang else "") + json.dumps(ligne, ensure_ascii=False, allow_nan=False))
    print(f'], "comptes": {json.dumps(dict(comptes))}}}')


def _csv(avant: Paquet, apres: Paquet, complet: bool) -> None:
    flux: Any = csv.writer(sys.stdout, lineterminator="\n")
    flux.writerow(COLONNES)
    for ligne in _lignes(avant, apres, complet):
        flux.writerow(en_csv(ligne))
