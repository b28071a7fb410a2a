"""Build the territorial reference and the context tables of a région, from public packages.

    python -m data_sources.reference.build --region 27 --out data_sources/bfc [--cache FOLDER]

Rewrites <out>/reference (but its attendus.yml, which it reads) and three tables of <out>/base_curee, only
if every check holds. Running it twice gives the same bytes.
Exit codes: 0 done, 1 refused with reasons, 2 wrong usage, 3 a package is unavailable.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from data_sources.reference import cog, controles, elus, geometrie, maires, mairies, passage, populations
from data_sources.reference.attribution import render_attribution
from data_sources.reference.ecriture import write_csv, write_geojson, write_json, write_texte
from data_sources.reference.paquets import PaquetError

Lignes = list[dict[str, object]]
REFUS = (
    controles.AttendusIllisibles,
    cog.RegionInconnue,
    passage.PassageIrresolu,
    geometrie.GeometrieAbsente,
)
COLONNES: dict[str, tuple[str, ...]] = {
    "reference/territoires.csv": (
        "code", "maille", "nom", "type", "millesime_debut", "millesime_fin", "superficie_km2",
        "communes_total",
    ),
    "reference/liens.csv": ("enfant", "parent", "millesime_debut", "millesime_fin"),
    "reference/passage.csv": passage.COLONNES,
    "reference/anciens.csv": ("code", "code_vers", "millesime"),
    "reference/codes_postaux.csv": ("code_postal", "code"),
    "reference/populations.csv": ("annee", "millesime_cog", "code", "population"),
    "base_curee/conseils_municipaux.csv": (
        "code_commune", "millesime_cog", "date_extraction", "conseillers", "femmes", "moins_40_ans",
        "age_connu",
    ),
    "base_curee/maires.csv": (
        "code_territoire", "maille", "maires", "femmes", "somme_ages", "ages_connus",
    ),
    "base_curee/mairies.csv": (
        "code_commune", "millesime_cog", "mairies", "mairies_avec_horaires", "heures_hebdo",
        "mairies_avec_site",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Construction:
    """Everything a build writes, in memory."""

    nom_region: str
    extrait_apres: str
    tables: Mapping[str, Lignes]
    formes: Mapping[tuple[str, str], geometrie.Formes]
    noms: Mapping[str, str]
    controles: Sequence[controles.Controle]


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _groupes(m: cog.Millesime) -> dict[str, dict[str, str]]:
    """For each maille, commune of the current COG -> code of its territory."""
    return {
        "commune": {c: f"COM-{c}" for c in m.communes},
        "epci": {c: f"EPCI-{e}" for c, e in m.epci_par_commune().items()},
        "departement": {c: f"DEP-{x.departement}" for c, x in m.communes.items()},
        "region": dict.fromkeys(m.communes, f"REG-{m.region}"),
    }


def _superficies(brutes: geometrie.Formes, groupes: Mapping[str, Mapping[str, str]]) -> dict[str, float]:
    """Area (km², 4 decimals) of every current territory, from shapes neither cleaned nor simplified.

    Communes are rounded before they are summed, so that the parts shown give the whole shown.
    """
    aires = {c: round(aire, 4) for c, aire in geometrie.areas_km2(brutes).items()}
    sommes = (geometrie.sum_areas(aires, g) for g in groupes.values())
    return {code: round(aire, 4) for somme in sommes for code, aire in somme.items()}


def _wgs84(projetees: Mapping[str, geometrie.Formes], region: str) -> dict[tuple[str, str], geometrie.Formes]:
    complete = {(m, "complete"): geometrie.complete_wgs84(f, region) for m, f in projetees.items()}
    legere = {(m, "legere"): geometrie.simplify_wgs84(f, m, region) for m, f in projetees.items()}
    return {**complete, **legere}


@dataclass(frozen=True)
class _Sources:
    """What was read of the packages for a région."""

    region: str
    cache: Path
    millesimes: Sequence[cog.Millesime]
    evenements: Sequence[passage.Evenement]
    populations: Mapping[populations.Publication, populations.Populations]

    @property
    def par_annee(self) -> dict[int, cog.Millesime]:
        return {m.annee: m for m in self.millesimes}


def _read(region: str, cache: Path) -> _Sources:
    _say(f"Région {region} : lecture des millésimes {', '.join(map(str, cog.MILLESIMES))}…")
    millesimes = [cog.read_millesime(annee, region, cache) for annee in cog.MILLESIMES]
    evenements = passage.find_passages(millesimes)
    _say(f"{len(millesimes[-1].communes)} communes au COG {cog.DERNIER}, {len(evenements)} événements.")
    _say("Lecture des populations…")
    par_annee = {m.annee: m for m in millesimes}
    lues = populations.read_populations(populations.PUBLICATIONS, par_annee, cache)
    return _Sources(region, cache, millesimes, evenements, lues)


def _check_sources(s: _Sources, attendus: Mapping[str, Any]) -> Iterable[controles.Controle]:
    for m in s.millesimes:
        yield from controles.check_millesime(m)
    for avant, apres in pairwise(s.millesimes):
        yield controles.check_passage(avant, apres, s.evenements)
    yield controles.check_composition(s.evenements, s.millesimes)
    for publication, valeurs in s.populations.items():
        yield controles.check_couverture(publication, valeurs, s.par_annee[publication.millesime])
    secondes = populations.read_populations(populations.SECONDES_PUBLICATIONS, s.par_annee, s.cache)
    for publication, valeurs in secondes.items():
        yield controles.check_seconde_publication(publication, valeurs, s.populations, s.evenements)
    yield from controles.check_attendus(attendus, s.millesimes, s.evenements, s.populations)


def _check_formes(
    formes: Mapping[tuple[str, str], geometrie.Formes], groupes: Mapping[str, Mapping[str, str]]
) -> Iterable[controles.Controle]:
    for (maille, version), f in formes.items():
        yield from controles.check_geometrie(maille, version, f, groupes[maille].values())


def _tables_elus(s: _Sources) -> tuple[dict[str, Lignes], str]:
    """The three context tables, and the date from which the register was extracted."""
    actuel = s.millesimes[-1]
    conseils = elus.read_conseils(actuel.communes, s.cache)
    return {
        "base_curee/conseils_municipaux.csv": elus.list_conseils(conseils),
        "base_curee/maires.csv": maires.list_maires(conseils.elus, actuel),
        "base_curee/mairies.csv": mairies.list_mairies(actuel.communes, s.cache),
    }, conseils.extrait_apres


def _tables_reference(s: _Sources, superficies: Mapping[str, float]) -> dict[str, Lignes]:
    return {
        "reference/territoires.csv": cog.list_territoires(s.millesimes, superficies),
        "reference/liens.csv": cog.list_liens(s.millesimes),
        "reference/passage.csv": passage.list_evenements(s.evenements),
        "reference/anciens.csv": passage.list_anciens(s.millesimes),
        "reference/codes_postaux.csv": cog.list_codes_postaux(s.millesimes[-1]),
        "reference/populations.csv": populations.list_populations(s.populations),
    }


def _noms(territoires: Lignes) -> dict[str, str]:
    """Names of the current territories."""
    return {str(x["code"]): str(x["nom"]) for x in territoires if x["millesime_fin"] is None}


def build(region: str, cache: Path, attendus: Mapping[str, Any]) -> Construction:
    """Read, assemble and check; writes nothing."""
    s = _read(region, cache)
    groupes = _groupes(s.millesimes[-1])
    _say("Géométrie : réunion des communes fusionnées, nettoyage, simplification…")
    brutes = geometrie.read_communes_projetees(s.par_annee, s.evenements, cache)
    superficies = _superficies(brutes, groupes)
    propres = geometrie.clean_coverage(brutes)
    projetees = {maille: geometrie.join_by(propres, g) for maille, g in groupes.items()}
    formes = _wgs84(projetees, region)
    _say("Conseils municipaux et mairies…")
    contexte, extrait_apres = _tables_elus(s)
    tables = {**contexte, **_tables_reference(s, superficies)}
    _say("Contrôles…")
    faits = [
        *_check_sources(s, attendus),
        *_check_formes(formes, groupes),
        *controles.check_aires(projetees["commune"], projetees["region"], superficies, cache),
        *controles.check_elus(tables["base_curee/conseils_municipaux.csv"], tables["base_curee/maires.csv"]),
    ]
    noms = _noms(tables["reference/territoires.csv"])
    return Construction(s.millesimes[-1].nom_region, extrait_apres, tables, formes, noms, faits)


def write(construction: Construction, out: Path) -> None:
    """Write every file of a build."""
    for chemin, lignes in construction.tables.items():
        write_csv(out / chemin, COLONNES[chemin], lignes)
    for (maille, version), formes in construction.formes.items():
        write_geojson(out / f"reference/geometrie/{maille}_{version}.geojson.gz", formes, construction.noms)
    texte = render_attribution(construction.nom_region, construction.extrait_apres)
    write_texte(out / "reference/attribution.md", texte)
    write_json(out / "reference/controles.json", [c.en_dict() for c in construction.controles])


def _default_cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "boussole" / "paquets"


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    analyseur = argparse.ArgumentParser(
        prog="python -m data_sources.reference.build",
        description="Construit le référentiel territorial d'une région depuis les paquets publics.",
    )
    analyseur.add_argument("--region", required=True, help="code INSEE de la région (27, 94…)")
    analyseur.add_argument("--out", required=True, type=Path, help="dossier de l'espace à remplir")
    analyseur.add_argument("--cache", type=Path, default=_default_cache(), help="dossier des paquets")
    return analyseur.parse_args(arguments)


def _accept(faits: Sequence[controles.Controle]) -> bool:
    """Tell what the checks found; False if one forbids writing."""
    for c in faits:
        if not c.ok:
            nature = "Contrôle non tenu" if c.bloquant else "Avertissement"
            _say(f"{nature} : {c.nom} : attendu {c.attendu}, obtenu {c.obtenu}.")
    _say(f"{sum(c.ok for c in faits)} contrôles tenus sur {len(faits)}.")
    refus = any(c.bloquant and not c.ok for c in faits)
    if refus:
        _say("Rien n'a été écrit : corrigez la source ou la valeur attendue, puis relancez.")
    return not refus


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = _parse(arguments)
    try:
        attendus = controles.read_attendus(options.out / "reference/attendus.yml")
        construction = build(options.region, options.cache.resolve(), attendus)
    except PaquetError as erreur:
        _say(str(erreur))
        return 3
    except REFUS as erreur:
        _say(str(erreur))
        return 1
    if not _accept(construction.controles):
        return 1
    try:
        write(construction, options.out)
    except OSError as erreur:
        _say(f"Écriture impossible dans {options.out} : {erreur.strerror}. Vérifiez les droits et l'espace.")
        return 3
    _say(f"Référentiel écrit dans {options.out}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
