"""Passage from one COG vintage to the next: mergers, renamings, splits of communes.

Evidence is read from the COG alone: the chef-lieu of delegated and associated communes, and the former codes
(`anciensCodes`) of communes nouvelles without delegated communes. Names are never compared to find a merger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

import pandas as pd

from dashboard.domain.cog import compose_passage
from data_sources.reference.cog import Millesime

COLONNES = ("millesime_de", "millesime_vers", "code_de", "code_vers", "type", "part")


class PassageIrresolu(Exception):
    """A commune vanished or appeared and no source says where it went or came from."""


@dataclass(frozen=True, order=True)
class Evenement:
    """What happened to a commune code between two consecutive vintages; `part` is a population share."""

    millesime_de: int
    millesime_vers: int
    code_de: str
    code_vers: str
    type: str
    part: float = 1.0


def _successeurs(apres: Millesime) -> dict[str, str]:
    """Former code -> commune actuelle that bears it now, from both statements of the COG."""
    anciens = {a: c.code for c in apres.communes.values() for a in c.anciens_codes}
    return {k: v for k, v in {**anciens, **apres.chefs_lieux}.items() if v in apres.communes}


def _fusions(avant: Millesime, apres: Millesime) -> list[Evenement]:
    successeurs = _successeurs(apres)
    disparus = sorted(avant.communes.keys() - apres.communes.keys())
    perdus = [c for c in disparus if c not in successeurs]
    if perdus:
        raise PassageIrresolu(
            f"COG {avant.annee} -> {apres.annee} : communes disparues sans successeur connu : {perdus}."
        )
    return [Evenement(avant.annee, apres.annee, c, successeurs[c], "fusion") for c in disparus]


def _renommages(avant: Millesime, apres: Millesime) -> list[Evenement]:
    communs = sorted(avant.communes.keys() & apres.communes.keys())
    changes = [c for c in communs if avant.communes[c].nom != apres.communes[c].nom]
    return [Evenement(avant.annee, apres.annee, c, c, "renommage") for c in changes]


def _parts(codes: Sequence[str], apres: Millesime) -> dict[str, float]:
    """Share of each commune in their common population (equal shares if all are empty)."""
    poids = {c: apres.communes[c].population or 0 for c in codes}
    total = sum(poids.values())
    return {c: p / total if total else 1 / len(codes) for c, p in poids.items()}


def _scissions(avant: Millesime, apres: Millesime, cibles_de_fusion: set[str]) -> list[Evenement]:
    """Communes restored: they were delegated or associated to a commune of the vintage before."""
    issus: dict[str, set[str]] = defaultdict(set)
    for code in sorted(apres.communes.keys() - avant.communes.keys() - cibles_de_fusion):
        source = avant.chefs_lieux.get(code)
        if source is None or source not in avant.communes:
            raise PassageIrresolu(f"COG {avant.annee} -> {apres.annee} : origine de {code} inconnue.")
        issus[source] |= {code} | ({source} & apres.communes.keys())
    return [
        Evenement(avant.annee, apres.annee, source, code, "scission", round(part, 12))
        for source, codes in issus.items()
        for code, part in _parts(sorted(codes), apres).items()
    ]


def find_evenements(avant: Millesime, apres: Millesime) -> list[Evenement]:
    """Mergers, renamings and splits between two vintages, sorted; shares of a code sum to 1.

    Raises PassageIrresolu.
    """
    fusions = _fusions(avant, apres)
    scissions = _scissions(avant, apres, {e.code_vers for e in fusions})
    scindes = {e.code_de for e in scissions}
    entiers = [e for e in (*fusions, *_renommages(avant, apres)) if e.code_de not in scindes]
    return sorted([*entiers, *scissions])


def find_passages(millesimes: Sequence[Millesime]) -> list[Evenement]:
    """Events of every consecutive pair."""
    paires = pairwise(millesimes)
    return [e for avant, apres in paires for e in find_evenements(avant, apres)]


def list_anciens(millesimes: Sequence[Millesime]) -> list[dict[str, object]]:
    """Codes that vanished before the first vintage, with the commune that bears their territory in it.

    When each vanished is not in the COG packages: a table older than the first vintage is carried from these codes.
    Later packages know former codes that the first one forgot.
    """
    premier = millesimes[0]
    successeurs: dict[str, str] = {}
    for m in reversed(millesimes):
        successeurs |= {k: v for k, v in _successeurs(m).items() if v in premier.communes}
    disparus = sorted(successeurs.keys() - {c for m in millesimes for c in m.communes})
    return [{"code": f"COM-{c}", "code_vers": f"COM-{successeurs[c]}", "millesime": premier.annee} for c in disparus]


def compose(evenements: Iterable[Evenement], de: int, vers: int) -> dict[str, dict[str, float]]:
    """Codes touched between two vintages: code -> {current code: share}."""
    table = pd.DataFrame([asdict(e) for e in evenements], columns=list(COLONNES))
    liens: dict[str, dict[str, float]] = defaultdict(dict)
    for ligne in compose_passage(table, de, vers).itertuples(index=False):
        liens[str(ligne.code_de)][str(ligne.code_vers)] = float(str(ligne.part))
    return dict(liens)


def carry(valeurs: Mapping[str, float], evenements: Iterable[Evenement], de: int, vers: int) -> dict[str, float]:
    """Counts by commune code carried to another vintage: summed on a merger, shared on a split."""
    passage = compose(evenements, de, vers)
    portees: dict[str, float] = defaultdict(float)
    for code, valeur in valeurs.items():
        for cible, part in passage.get(code, {code: 1.0}).items():
            portees[cible] += valeur * part
    return dict(portees)


def list_evenements(evenements: Iterable[Evenement]) -> list[dict[str, object]]:
    """Rows of passage.csv, codes with their typed prefix."""
    return [{**asdict(e), "code_de": f"COM-{e.code_de}", "code_vers": f"COM-{e.code_vers}"} for e in sorted(evenements)]
