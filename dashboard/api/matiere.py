"""What the public may see of one version of the store: made once a version, read by every request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.api.erreurs import Probleme, cite, introuvable
from dashboard.domain.indicateur import Espace, Indicateur, Programme
from dashboard.domain.instantane import PUBLIE
from dashboard.domain.lecteur import PUBLIC, Lecteur
from dashboard.domain.organisme import Producteur
from dashboard.domain.rattachement import rattache
from dashboard.domain.recherche import Annuaire, normalise
from dashboard.domain.source import Source
from dashboard.domain.territoire import Maille, maille_de
from dashboard.espace import EspaceInvalide, relis, tus
from dashboard.store import queries, visibilite
from dashboard.store.instantanes import Instantane, load_espace_version, load_instantanes
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
    """The declarations and places that the public may know of. ``places``: by code, with their ``id``.

    ``lecteur``: the public, as of today or of one of ``semaines``, the published weeks.
    """

    version: int
    espace: Espace
    indicateurs: Mapping[str, Indicateur]
    programmes: Mapping[str, Programme]
    sources: Mapping[str, Source]
    places: pd.DataFrame
    annuaire: Annuaire
    semaines: Mapping[str, Instantane]
    lecteur: Lecteur = PUBLIC

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
    places = queries.list_territoires(connexion)
    semaines = {str(i.semaine): i for i in load_instantanes(connexion, "public") if i.etat == PUBLIE}
    return Matiere(
        version,
        **_declarations(connexion, donnees.espace, donnees.sources),
        places=rattache(places, queries.list_liens(connexion)),
        annuaire=Annuaire.de(places, donnees.postaux),
        semaines=semaines,
    )


def en_semaine(connexion: Connection, matiere: Matiere, semaine: str, sources: Sequence[Source]) -> Matiere:
    """The matter as of a published week: its figures, its declarations. What may be seen is decided today.

    ``sources``: those of today. Raises :class:`Probleme` (404).
    """
    i = matiere.semaines.get(semaine)
    if i is None:
        raise introuvable("Semaine", semaine, "/api/v1/semaines")
    lecteur = replace(PUBLIC, lot=i.lot, apport=i.apport, espace=i.espace)
    contenu = load_espace_version(connexion, i.espace)
    if not contenu:
        return replace(matiere, lecteur=lecteur)
    try:
        alors = relis(contenu)
    except EspaceInvalide as erreur:
        raise Probleme(404, f"Semaine {cite(semaine)} : {erreur}") from None
    lecteur = replace(lecteur, tus=tus(alors, sources, lecteur.acces, visibilite.aujourd_hui()))
    return replace(matiere, **_declarations(connexion, *alors, lecteur), lecteur=lecteur)


def _declarations(
    connexion: Connection, espace: Espace, sources: Sequence[Source], lecteur: Lecteur = PUBLIC
) -> dict[str, Any]:
    """What the public may see today of these declarations."""
    visibles = set(queries.list_indicateurs(connexion, lecteur))
    return {
        "espace": espace,
        "indicateurs": {i.id: i for i in espace.ordonnes if i.id in visibles},
        "programmes": {p.id: p for p in espace.programmes_visibles(visibles)},
        "sources": {s.id: s for s in sources if s.acces in PUBLIC.acces},
    }
