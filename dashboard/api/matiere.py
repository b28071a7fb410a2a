"""What the public may see of one version of the store: made once a version, read by every request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from dashboard.domain.indicateur import Espace, Indicateur, Producteur, Programme
from dashboard.domain.lecteur import PUBLIC
from dashboard.domain.rattachement import rattache
from dashboard.domain.recherche import Annuaire, normalise
from dashboard.domain.source import Source
from dashboard.domain.territoire import Maille, maille_de
from dashboard.store import queries
from dashboard.store.moteur import Connection, Engine


@dataclass(frozen=True)
class Donnees:
    """What the wiring hands in. ``dossier``: that of the espace. ``postaux``: code_postal, code."""

    moteur: Engine
    espace: Espace
    sources: tuple[Source, ...]
    dossier: Path
    postaux: pd.DataFrame


@dataclass(frozen=True)
class Matiere:
    """The declarations and places that the public may know of. ``places``: by code, with their ``id``."""

    version: int
    espace: Espace
    indicateurs: Mapping[str, Indicateur]
    programmes: Mapping[str, Programme]
    sources: Mapping[str, Source]
    places: pd.DataFrame
    annuaire: Annuaire

    def programme_de(self, indicateur: str) -> Programme | None:
        """The programme that counts it, else the one that shows it, among those the public may know of."""
        comptent = (p for p in self.programmes.values() if indicateur in p.indicateurs)
        lies = (p for p in self.programmes.values() if indicateur in p.lies)
        return next(comptent, None) or next(lies, None)

    def producteur(self, declare: Indicateur) -> Producteur:
        """Who publishes an indicator."""
        return self.espace.producteur(declare.producteur)

    def cherche(self, mots: str) -> list[Indicateur]:
        """Indicators whose name, id, definition or producer holds every word; in their declared order."""
        voulus = normalise(mots).split()
        return [i for i in self.indicateurs.values() if voulus and all(m in self._texte(i) for m in voulus)]

    def _texte(self, i: Indicateur) -> str:
        p = self.producteur(i)
        return normalise(f"{i.id} {i.libelle} {i.definition} {p.nom} {p.sigle}")

    def dans(self, parent: str) -> pd.DataFrame:
        """The places inside another one; an EPCI is in every département where it has communes."""
        places, maille = self.places, maille_de(parent)
        if maille is Maille.REGION:
            return places[places["code"] != parent]
        if maille is Maille.DEPARTEMENT:
            dedans = places["departement"] == parent
            return places[dedans | places["code"].isin(places.loc[dedans, "epci"].dropna())]
        return places[places["epci"] == parent]


def lis_matiere(connexion: Connection, donnees: Donnees, version: int) -> Matiere:
    """The matter of this version of the store."""
    visibles = set(queries.list_indicateurs(connexion, PUBLIC))
    places = queries.list_territoires(connexion)
    espace = donnees.espace
    return Matiere(
        version,
        espace,
        {i.id: i for i in espace.ordonnes if i.id in visibles},
        {p.id: p for p in espace.programmes_visibles(visibles)},
        {s.id: s for s in donnees.sources if s.acces in PUBLIC.acces},
        rattache(places, queries.list_liens(connexion)),
        Annuaire.de(places, donnees.postaux),
    )
