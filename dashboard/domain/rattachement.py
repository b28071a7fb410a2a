"""Where a territory stands: its parents, its kind in words, whether it goes beyond the région."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd

from dashboard.domain.formatage import nombre, pluriel
from dashboard.domain.territoire import Maille, maille_de

TYPES = {"CC": "communauté de communes", "CA": "communauté d'agglomération", "CU": "communauté urbaine",
         "METRO": "métropole"}  # fmt: skip
_COLONNES = {Maille.EPCI: "epci", Maille.DEPARTEMENT: "departement"}


def rattache(places: pd.DataFrame, liens: pd.DataFrame) -> pd.DataFrame:
    """Territories indexed by code, with the code of their ``departement`` and ``epci``.

    ``places``: rows of ``territoire``. ``liens``: enfant, parent. An EPCI may straddle départements: see
    :func:`departement_de`.
    """
    places = places.set_index("code", drop=False)
    for colonne, prefixe in (("departement", "DEP-"), ("epci", "EPCI-")):
        lien = liens[liens["parent"].str.startswith(prefixe)].set_index("enfant")["parent"]
        places[colonne] = places["code"].map(lien[~lien.index.duplicated()])
    return places


def departement_de(places: pd.DataFrame, code: str) -> str | None:
    """The département of a place; for an EPCI, the one where most of its communes are."""
    if maille_de(code) is Maille.EPCI:
        communes = places.loc[places["epci"] == code, "departement"]
        return str(communes.mode().iloc[0]) if len(communes) else None
    departement = places.at[code, "departement"]
    return str(departement) if isinstance(departement, str) else None


def departements_de(places: pd.DataFrame, code: str) -> list[str]:
    """Every département where a territory has communes; more than one for an EPCI that straddles."""
    if maille_de(code) is not Maille.EPCI:
        seul = departement_de(places, code)
        return [seul] if seul else []
    return sorted(str(d) for d in places.loc[places["epci"] == code, "departement"].dropna().unique())


def parents(places: pd.DataFrame, code: str, code_region: str) -> list[str]:
    """The EPCI, the département and the région of a territory, those that are not itself."""
    epci = places.at[code, "epci"]
    trouves = [epci if isinstance(epci, str) else None, departement_de(places, code), code_region]
    return [c for c in dict.fromkeys(trouves) if c and c != code]


def genre(places: pd.DataFrame, code: str) -> str:
    """« communauté urbaine, 67 communes »: what a territory is."""
    ligne, maille = places.loc[code], maille_de(code)
    if maille is Maille.COMMUNE:
        return "commune"
    n = communes_ici(places, code)
    nom = TYPES.get(str(ligne["type"]), maille.libelle) if maille is Maille.EPCI else maille.libelle.lower()
    return f"{nom}, {nombre(n)} {pluriel(n, 'commune', 'communes')}"


def communes_ici(places: pd.DataFrame, code: str) -> int:
    """How many communes of the région a territory has."""
    communes, maille = places["maille"] == Maille.COMMUNE, maille_de(code)
    return int((communes & (places[_COLONNES[maille]] == code) if maille in _COLONNES else communes).sum())


def communes_au_dehors(places: pd.DataFrame, code: str) -> int | None:
    """All the communes of an EPCI that goes beyond the région, else None."""
    total = cast("Any", places.at[code, "communes_total"])
    if maille_de(code) is not Maille.EPCI or pd.isna(total) or int(total) <= communes_ici(places, code):
        return None
    return int(total)
