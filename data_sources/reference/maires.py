"""Mayors, from EPCI upwards only: at commune level their sex and age would describe one person.

An EPCI may hold one or two communes of the région, so small groups are withheld too, and with them whatever
would give them back by subtraction: in each set of départements joined by a published EPCI, the mayors
outside the published EPCI are nobody, or at least GROUPE_MINIMAL.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from data_sources.reference.cog import Millesime
from data_sources.reference.elus import Elu

GROUPE_MINIMAL = 3


def _composantes(paires: Iterable[tuple[str, str]], departements: Iterable[str]) -> dict[str, str]:
    """Département -> name of its set, two départements being together if an EPCI links them."""
    ensemble = {d: d for d in departements}
    for gauche, droite in paires:
        ancien, nouveau = ensemble[droite], ensemble[gauche]
        ensemble = {d: nouveau if e == ancien else e for d, e in ensemble.items()}
    return ensemble


def _liaisons(parts: Mapping[str, Counter[str]], publies: set[str]) -> list[tuple[str, str]]:
    """Pairs of départements that share a published EPCI."""
    return [(min(parts[e]), d) for e in sorted(publies) for d in sorted(parts[e])]


def find_publiables(parts: Mapping[str, Counter[str]], totaux: Mapping[str, int]) -> set[str]:
    """EPCI whose mayors may be shown together.

    `parts`: EPCI -> number of mayors by département; `totaux`: number of mayors by département (communes
    without EPCI included). Départements that are not shown count as one.
    """
    publies = {e for e, compte in parts.items() if compte.total() >= GROUPE_MINIMAL}
    while True:
        ensembles = _composantes(_liaisons(parts, publies), totaux)
        restes: Counter[str] = Counter()
        for departement, total in totaux.items():
            restes[ensembles[departement]] += total
        for epci in publies:
            restes[ensembles[min(parts[epci])]] -= parts[epci].total()
        exposes = sorted(e for e, reste in restes.items() if 0 < reste < GROUPE_MINIMAL)
        if not exposes:
            return publies
        candidats = [e for e in publies if ensembles[min(parts[e])] == exposes[0]]
        if not candidats:
            return publies
        publies.remove(min(candidats, key=lambda e: (parts[e].total(), e)))


def find_departements_masques(totaux: Mapping[str, int]) -> set[str]:
    """Départements whose mayors may not be shown: too few (Paris), or the one that would give them back."""
    masques = {d for d, total in totaux.items() if 0 < total < GROUPE_MINIMAL}
    while masques and sum(totaux[d] for d in masques) < GROUPE_MINIMAL and masques != totaux.keys():
        masques.add(min(totaux.keys() - masques, key=lambda d: (totaux[d], d)))
    return masques


def _ligne(code: str, maille: str, maires: Sequence[Elu]) -> dict[str, object]:
    ages = [m.age for m in maires if m.age is not None]
    return {
        "code_territoire": code,
        "maille": maille,
        "maires": len(maires),
        "femmes": sum(m.femme for m in maires),
        "somme_ages": round(sum(ages), 6),
        "ages_connus": len(ages),
    }


def _group(maires: Iterable[Elu], groupes: Mapping[str, str]) -> dict[str, list[Elu]]:
    resultat: dict[str, list[Elu]] = defaultdict(list)
    for maire in maires:
        if maire.commune in groupes:
            resultat[groupes[maire.commune]].append(maire)
    return resultat


def _epci_publiables(maires: Sequence[Elu], departements: Mapping[str, str], m: Millesime) -> set[str]:
    parts: dict[str, Counter[str]] = defaultdict(Counter)
    epci = m.epci_par_commune()
    for maire in maires:
        if maire.commune in epci:
            parts[epci[maire.commune]][departements[maire.commune]] += 1
    return find_publiables(parts, Counter(departements[maire.commune] for maire in maires))


def list_maires(elus: Iterable[Elu], m: Millesime) -> list[dict[str, object]]:
    """Rows of maires.csv: région, départements, publishable EPCI (regional part); never a commune."""
    maires = [e for e in elus if e.maire]
    totaux = Counter(m.communes[e.commune].departement for e in maires)
    masques = find_departements_masques(totaux)
    lisibles = {c: "" if x.departement in masques else x.departement for c, x in m.communes.items()}
    publiables = _epci_publiables(maires, lisibles, m)
    departements = {c: f"DEP-{d}" for c, d in lisibles.items() if d}
    epci = {c: f"EPCI-{e}" for c, e in m.epci_par_commune().items() if e in publiables}
    region = dict.fromkeys(m.communes, f"REG-{m.region}")
    mailles = (("departement", departements), ("epci", epci), ("region", region))
    return [
        _ligne(code, maille, groupe)
        for maille, groupes in mailles
        for code, groupe in sorted(_group(maires, groupes).items())
    ]
