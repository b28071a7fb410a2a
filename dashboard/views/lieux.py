"""Names of places in lists: found as one types, told apart from those that share their name."""

from __future__ import annotations

import pandas as pd

from dashboard.domain.formatage import sans_accent
from dashboard.domain.territoire import Maille

RESULTATS = 20


def proches(places: pd.DataFrame, code: str, cherche: str) -> list[str]:
    """Matches of the search, or the surroundings of the current territory."""
    if cherche.strip():
        cle = sans_accent(cherche.strip())
        noms = places["nom"].map(sans_accent)
        trouves = places[noms.str.contains(cle, regex=False)].assign(debut=~noms.str.startswith(cle))
        tries = trouves.sort_values(["debut", "population"], ascending=[True, False])
        return [str(c) for c in tries["code"].head(RESULTATS)]
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


def departement_de(places: pd.DataFrame, code: str) -> str | None:
    """The département of a place; for an EPCI, the one where most of its communes are."""
    ligne = places.loc[code]
    if ligne["maille"] == Maille.EPCI:
        communes = places[places["epci"] == code]["departement"]
        return str(communes.mode().iloc[0]) if len(communes) else None
    departement = ligne["departement"]
    return str(departement) if isinstance(departement, str) else None


def fusion(places: pd.DataFrame, ancien: str, code: str, nom: str | None) -> str:
    """What became of a territory that no longer exists. ``code``: the one that holds it; ``nom``: its last name."""
    qui = f"{nom} ({ancien})" if nom else f"Le territoire {ancien}"
    return f"{qui} n'existe plus : c'est maintenant {places.loc[code, 'nom']} ({code}), montré ici."
