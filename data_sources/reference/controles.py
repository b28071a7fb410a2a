"""What a build must satisfy before it is written; every check is kept in controles.json.

Generic checks hold for any région. Answers known for one région (counts, totals) are in its
`reference/attendus.yml`, read if present.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from data_sources.reference.cog import DERNIER, Millesime
from data_sources.reference.geometrie import Formes, all_valid, count_overlaps, find_trous_km2
from data_sources.reference.passage import Evenement, carry, compose
from data_sources.reference.populations import Populations, Publication

RUBRIQUES = {
    "communes_par_millesime",
    "evenements",
    "population_cog_actuel",
    "populations_avant_fusion",
}


class AttendusIllisibles(Exception):
    """The file of known answers is not what it should be."""


@dataclass(frozen=True)
class Controle:
    """One check: what was expected, what was found.

    Not `bloquant`: a known limit of a package (no census 2017 in Mayotte, a Spanish enclave), kept and told.
    """

    nom: str
    attendu: Any
    obtenu: Any
    bloquant: bool = True

    @property
    def ok(self) -> bool:
        return bool(self.attendu == self.obtenu)

    def en_dict(self) -> dict[str, Any]:
        return {"nom": self.nom, "attendu": self.attendu, "obtenu": self.obtenu, "ok": self.ok}


def read_attendus(chemin: Path) -> dict[str, Any]:
    """Known answers of a région; empty if the file does not exist. Raises AttendusIllisibles."""
    if not chemin.exists():
        return {}
    try:
        contenu = yaml.safe_load(chemin.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as erreur:
        raise AttendusIllisibles(f"{chemin} n'est pas du YAML : {erreur}. Corrigez-le.") from erreur
    inconnues = sorted(contenu.keys() - RUBRIQUES)
    if inconnues:
        admises = ", ".join(sorted(RUBRIQUES))
        raise AttendusIllisibles(f"{chemin} : rubriques inconnues {inconnues}. Rubriques admises : {admises}.")
    return dict(contenu)


# ---------------------------------------------------------------- generic


def check_millesime(m: Millesime) -> Iterable[Controle]:
    """Each commune in one département of the région and at most one EPCI."""
    hors = sorted(c.code for c in m.communes.values() if c.departement not in m.departements)
    yield Controle(f"COG {m.annee} : communes sans département de la région", [], hors)
    membres = Counter(c for e in m.epci.values() for c in e.membres if c in m.communes)
    yield Controle(f"COG {m.annee} : communes dans plusieurs EPCI", [], sorted(c for c, n in membres.items() if n > 1))


def check_passage(avant: Millesime, apres: Millesime, evenements: Sequence[Evenement]) -> Controle:
    """The communes of a vintage, carried, are exactly those of the next."""
    portees = carry(dict.fromkeys(avant.communes, 1.0), evenements, avant.annee, apres.annee)
    ecart = sorted(portees.keys() ^ apres.communes.keys())
    return Controle(f"Passage {avant.annee} -> {apres.annee} : communes en trop ou perdues", [], ecart)


def check_couverture(publication: Publication, valeurs: Populations, m: Millesime) -> Controle:
    """Communes without a published population: only those without EPCI where the EPCI list is the source."""
    admis = m.communes.keys() - m.epci_par_commune().keys() if publication.champ == "epci" else set[str]()
    manquent = sorted(m.communes.keys() - valeurs.keys())
    nom = f"Population {publication.annee} : communes sans valeur"
    return Controle(nom, sorted(admis), manquent, bloquant=False)


def _differences(gauche: Mapping[str, float], droite: Mapping[str, float], exclus: set[str]) -> list[str]:
    communs = (gauche.keys() & droite.keys()) - exclus
    return sorted(c for c in communs if round(gauche[c]) != round(droite[c]))


def check_seconde_publication(
    publication: Publication,
    seconde: Populations,
    premieres: Mapping[Publication, Populations],
    evenements: Sequence[Evenement],
) -> Controle:
    """The same census published in two geographies gives the same figures once carried to the current COG.

    Communes born of a split are left out: their share is an estimate.
    """
    premiere = next(p for p in premieres if p.annee == publication.annee)
    scindes = {e.code_vers for e in evenements if e.type == "scission"}
    gauche = carry(premieres[premiere], evenements, premiere.millesime, DERNIER)
    droite = carry(seconde, evenements, publication.millesime, DERNIER)
    ecarts = _differences(gauche, droite, scindes)
    nom = f"Population {publication.annee} : communes différentes entre COG {premiere.millesime} et "
    return Controle(f"{nom}COG {publication.millesime}", [], ecarts)


def check_geometrie(maille: str, version: str, formes: Formes, codes: Iterable[str]) -> Iterable[Controle]:
    """One valid polygon for each current territory, edges shared without overlap."""
    nom = f"Géométrie {maille} {version}"
    ecart = sorted(formes.keys() ^ set(codes))
    yield Controle(f"{nom} : territoires sans forme, ou formes sans territoire", [], ecart)
    yield Controle(f"{nom} : toutes les formes sont valides", True, all_valid(formes))
    yield Controle(f"{nom} : formes aux bords non jointifs", 0, count_overlaps(formes))


def check_aires(communes: Formes, region: Formes, superficies: Mapping[str, float], cache: Path) -> Iterable[Controle]:
    """No hole but foreign enclaves; areas of the whole and of the parts agree."""
    trous = find_trous_km2(region, communes, cache)
    nom = "Géométrie : trous de la région non couverts par une commune voisine (km²)"
    yield Controle(nom, 0.0, trous, bloquant=False)
    code_region = next(iter(region))
    cumul = sum(superficies[c] for c in communes)
    ecart = round(abs(cumul - superficies[code_region]) / cumul, 5)
    yield Controle("Superficie : écart relatif entre région et somme des communes", 0.0, ecart)
    union = next(iter(region.values())).area / 1e6
    yield Controle("Superficie : écart relatif après nettoyage", 0.0, round(abs(union - cumul) / cumul, 5))


def check_elus(conseils: Sequence[Mapping[str, Any]], maires: Sequence[Mapping[str, Any]]) -> Iterable[Controle]:
    """Counts are coherent and no mayor is shown alone."""
    faux = [x["code_commune"] for x in conseils if max(x["femmes"], x["age_connu"]) > x["conseillers"]]
    yield Controle("Conseils municipaux : effectifs incohérents", [], faux)
    isoles = [x["code_territoire"] for x in maires if x["maires"] < 3 or x["maille"] == "commune"]
    yield Controle("Maires : groupes de moins de trois personnes", [], isoles)


# ---------------------------------------------------------------- known answers of a région


def check_attendus(
    attendus: Mapping[str, Any],
    millesimes: Sequence[Millesime],
    evenements: Sequence[Evenement],
    populations: Mapping[Publication, Populations],
) -> Iterable[Controle]:
    """The known answers that `attendus` states, one check each."""
    par_annee = {m.annee: m for m in millesimes}
    for annee, nombre in attendus.get("communes_par_millesime", {}).items():
        yield Controle(f"COG {annee} : nombre de communes", nombre, len(par_annee[annee].communes))
    for nature, nombre in attendus.get("evenements", {}).items():
        obtenu = sum(e.type == nature for e in evenements)
        yield Controle(f"Passage : nombre d'événements '{nature}'", nombre, obtenu)
    portees = {p.annee: carry(v, evenements, p.millesime, DERNIER) for p, v in populations.items()}
    for annee, total in attendus.get("population_cog_actuel", {}).items():
        obtenu = round(sum(portees[annee].values()))
        yield Controle(f"Population {annee} au COG {DERNIER} : total", total, obtenu)
    for x in attendus.get("populations_avant_fusion", []):
        obtenu = round(portees[x["annee"]][str(x["code"])])
        nom = f"Population {x['annee']} de {x['code']} : somme des communes fusionnées"
        yield Controle(nom, x["population"], obtenu)


def check_composition(evenements: Sequence[Evenement], millesimes: Sequence[Millesime]) -> Controle:
    """Every passage to the current COG ends on a current commune."""
    actuelles = millesimes[-1].communes
    debuts = [m.annee for m in millesimes[:-1]]
    cibles = {c for de in debuts for liens in compose(evenements, de, DERNIER).values() for c in liens}
    return Controle("Passage : arrivées hors du COG actuel", [], sorted(cibles - actuelles.keys()))
