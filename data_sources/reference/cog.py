"""Code officiel géographique: vintages of a région, dated territories and links.

Memberships are read, never deduced: a département is never derived from a commune code (52210 Frettes is
an associated commune of Champlitte, département 70).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from data_sources.reference.paquets import COG_PAR_MILLESIME, read_cog

MILLESIMES: tuple[int, ...] = tuple(COG_PAR_MILLESIME)
DERNIER = MILLESIMES[-1]
TYPES_EPCI = {"MET69": "METRO"}
Cle = TypeVar("Cle", bound=tuple[str, ...])


class RegionInconnue(Exception):
    """The région code is in no vintage."""


@dataclass(frozen=True)
class Commune:
    """A commune actuelle of one vintage. `population` is as published, None when absent."""

    code: str
    nom: str
    departement: str
    population: int | None
    anciens_codes: tuple[str, ...] = ()
    codes_postaux: tuple[str, ...] = ()


@dataclass(frozen=True)
class Epci:
    """An EPCI à fiscalité propre; `membres` maps every member commune, région or not, to its population."""

    code: str
    nom: str
    type: str
    membres: Mapping[str, int | None]


@dataclass(frozen=True)
class Millesime:
    """One COG vintage cut to a région. `chefs_lieux`: delegated or associated commune -> commune actuelle."""

    annee: int
    region: str
    nom_region: str
    departements: Mapping[str, str]
    communes: Mapping[str, Commune]
    epci: Mapping[str, Epci]
    chefs_lieux: Mapping[str, str] = field(default_factory=dict)

    def epci_par_commune(self) -> dict[str, str]:
        """Commune of the région -> its EPCI; communes without EPCI are absent."""
        return {m: e.code for e in self.epci.values() for m in e.membres if m in self.communes}


# ---------------------------------------------------------------- reading a vintage


def _population(ligne: Mapping[str, Any], champ: str) -> int | None:
    valeur = ligne.get(champ)
    return None if valeur is None else int(valeur)


def _commune(ligne: Mapping[str, Any]) -> Commune:
    return Commune(
        code=ligne["code"],
        nom=ligne["nom"],
        departement=ligne["departement"],
        population=_population(ligne, "population"),
        anciens_codes=tuple(ligne.get("anciensCodes", ())),
        codes_postaux=tuple(ligne.get("codesPostaux", ())),
    )


def _epci(ligne: Mapping[str, Any]) -> Epci:
    membres = {m["code"]: _population(m, "populationMunicipale") for m in ligne["membres"]}
    return Epci(ligne["code"], ligne["nom"], TYPES_EPCI.get(ligne["type"], ligne["type"]), membres)


def _communes_actuelles(lignes: Iterable[Mapping[str, Any]], region: str) -> dict[str, Commune]:
    """Only `commune-actuelle` rows: a delegated commune may bear its chef-lieu's code."""
    actuelles = (x for x in lignes if x["type"] == "commune-actuelle" and x.get("region") == region)
    return {x["code"]: _commune(x) for x in actuelles}


def _chefs_lieux(lignes: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    types = ("commune-deleguee", "commune-associee")
    return {x["code"]: x["chefLieu"] for x in lignes if x["type"] in types and x["code"] != x["chefLieu"]}


def read_millesime(annee: int, region: str, cache: Path) -> Millesime:
    """One vintage of a région. Raises RegionInconnue, naming the known codes."""
    regions = {x["code"]: x["nom"] for x in read_cog(annee, "regions", cache)}
    if region not in regions:
        connus = ", ".join(sorted(regions))
        raise RegionInconnue(f"Région '{region}' inconnue du COG {annee}. Codes admis : {connus}.")
    lignes = read_cog(annee, "communes", cache)
    communes = _communes_actuelles(lignes, region)
    epci = (_epci(x) for x in read_cog(annee, "epci", cache))
    departements = read_cog(annee, "departements", cache)
    return Millesime(
        annee=annee,
        region=region,
        nom_region=regions[region],
        departements={x["code"]: x["nom"] for x in departements if x["region"] == region},
        communes=communes,
        epci={e.code: e for e in epci if not communes.keys().isdisjoint(e.membres)},
        chefs_lieux=_chefs_lieux(lignes),
    )


# ---------------------------------------------------------------- dated runs


def find_periodes(presences: Iterable[int]) -> list[tuple[int, int | None]]:
    """Contiguous runs in the list of vintages; the end is None while the last vintage is included."""
    rangs = sorted(MILLESIMES.index(m) for m in presences)
    suites: list[list[int]] = []
    for rang in rangs:
        if suites and suites[-1][-1] == rang - 1:
            suites[-1].append(rang)
        else:
            suites.append([rang])
    bornes = [(MILLESIMES[s[0]], MILLESIMES[s[-1]]) for s in suites]
    return [(debut, None if fin == DERNIER else fin) for debut, fin in bornes]


def _liens_millesime(m: Millesime) -> Iterable[tuple[str, str]]:
    for commune in m.communes.values():
        yield f"COM-{commune.code}", f"DEP-{commune.departement}"
    for code, epci in m.epci_par_commune().items():
        yield f"COM-{code}", f"EPCI-{epci}"
    for departement in m.departements:
        yield f"DEP-{departement}", f"REG-{m.region}"


def _noms_millesime(m: Millesime) -> Iterable[tuple[str, str, str, str]]:
    yield f"REG-{m.region}", "region", m.nom_region, "region"
    for code, nom in m.departements.items():
        yield f"DEP-{code}", "departement", nom, "departement"
    for epci in m.epci.values():
        yield f"EPCI-{epci.code}", "epci", epci.nom, epci.type
    for commune in m.communes.values():
        yield f"COM-{commune.code}", "commune", commune.nom, "commune"


def _dater(
    millesimes: Sequence[Millesime], lire: Callable[[Millesime], Iterable[Cle]]
) -> list[tuple[Cle, int, int | None]]:
    """What `lire` says of each vintage, as dated runs."""
    presences: dict[Cle, list[int]] = defaultdict(list)
    for m in millesimes:
        for cle in lire(m):
            presences[cle].append(m.annee)
    return [(cle, debut, fin) for cle in sorted(presences) for debut, fin in find_periodes(presences[cle])]


def list_liens(millesimes: Sequence[Millesime]) -> list[dict[str, Any]]:
    """Dated links COM->DEP, COM->EPCI, DEP->REG."""
    champs = ("enfant", "parent")
    dates = _dater(millesimes, _liens_millesime)
    return [dict(zip(champs, cle, strict=True), millesime_debut=debut, millesime_fin=fin) for cle, debut, fin in dates]


def list_territoires(millesimes: Sequence[Millesime], superficies: Mapping[str, float]) -> list[dict[str, Any]]:
    """One row per run of vintages of a (code, name); areas (km²) and totals only on rows still current."""
    dernier = millesimes[-1]
    lignes = []
    for (code, maille, nom, nature), debut, fin in _dater(millesimes, _noms_millesime):
        courant = fin is None
        epci = dernier.epci.get(code.removeprefix("EPCI-")) if courant and maille == "epci" else None
        lignes.append(
            {
                "code": code,
                "maille": maille,
                "nom": nom,
                "type": nature,
                "millesime_debut": debut,
                "millesime_fin": fin,
                "superficie_km2": superficies.get(code) if courant else None,
                "communes_total": len(epci.membres) if epci else None,
            }
        )
    return sorted(lignes, key=lambda x: (x["code"], x["millesime_debut"]))


def list_codes_postaux(dernier: Millesime) -> list[dict[str, Any]]:
    """Postcodes of the current communes: one postcode may serve several communes, one commune have several."""
    couples = {(postal, f"COM-{c.code}") for c in dernier.communes.values() for postal in c.codes_postaux}
    return [{"code_postal": postal, "code": code} for postal, code in sorted(couples)]
