"""Names of places in lists, told apart from those that share their name."""

from __future__ import annotations

import pandas as pd

from dashboard.domain.rattachement import departement_de
from dashboard.domain.territoire import Maille


def proches(places: pd.DataFrame, code: str) -> list[str]:
    """The surroundings of a place: the région, the départements, its EPCI, itself."""
    haut = places[places["maille"].isin([Maille.REGION, Maille.DEPARTEMENT])]["code"]
    ligne = places.loc[code]
    voisins = [c for c in (ligne["departement"], ligne["epci"], code) if isinstance(c, str)]
    return list(dict.fromkeys([*sorted(haut, key=lambda c: (not c.startswith("REG"), c)), *voisins]))


def etiquette(places: pd.DataFrame, code: str) -> str:
    """« Saint-Aubin · commune, Jura »: never a bare name, many communes share theirs."""
    ligne = places.loc[code]
    maille = Maille(ligne["maille"])
    if maille in (Maille.REGION, Maille.DEPARTEMENT):
        return f"{ligne['nom']} · {maille.libelle.lower()}"
    genre = maille.libelle if maille is Maille.EPCI else maille.libelle.lower()
    departement = departement_de(places, code)
    ou = f", {places.loc[departement, 'nom']}" if departement else ""
    return f"{ligne['nom']} · {genre}{ou}"


def fusion(places: pd.DataFrame, ancien: str, code: str, nom: str | None) -> str:
    """What became of a territory that no longer exists. ``code``: the one that holds it; ``nom``: its last name."""
    qui = f"{nom} ({ancien})" if nom else f"Le territoire {ancien}"
    return f"{qui} n'existe plus : c'est maintenant {places.loc[code, 'nom']} ({code}), montré ici."
