"""What is in force: the measures of the lots that count today, from every source of an indicator, and what shows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dashboard.domain.indicateur import Espace
from dashboard.domain.lots import en_vigueur
from dashboard.domain.reference import Reference
from dashboard.domain.source import Source
from dashboard.store import commands
from dashboard.store.caches import lis_caches
from dashboard.store.moteur import Connection
from data_sources.lecture import CLE_MESURE
from data_sources.projection import projette


def projection(
    espace: Espace,
    sources: Sequence[Source],
    source: Source,
    places: Reference,
    nouvelles: pd.DataFrame | None = None,
    *,
    sans: frozenset[int] = frozenset(),
) -> commands.Projection:
    """What the indicators of a source show once ``nouvelles`` are in and the lots ``sans`` are out."""

    def montre(connexion: Connection) -> pd.DataFrame:
        mesures = mesures_en_vigueur(connexion, espace, sources, source, nouvelles, sans)
        secrets = [i.id for i in espace.indicateurs if i.a_secret and source.id in i.sources]
        caches = lis_caches(connexion, secrets) if secrets else None
        declares = {i.id: i for i in espace.indicateurs}
        return projette(mesures, declares, commands.cles_indicateurs(connexion), places, caches)

    return montre


def mesures_en_vigueur(
    connexion: Connection,
    espace: Espace,
    sources: Sequence[Source],
    source: Source,
    nouvelles: pd.DataFrame | None,
    sans: frozenset[int],
) -> pd.DataFrame:
    """Measures in force of the indicators of a source: where two rows have the same key, the last one wins.

    Other sources of the same indicators come after the main one, the producer's own endpoint last, and within a
    source a later lot after an earlier one.
    """
    siens = [i for i in espace.indicateurs if source.id in i.sources]
    ordre = sorted({nom for i in siens for nom in i.sources}, key=lambda n: max(i.rang_source(n) for i in siens))
    declarees = {s.id: s for s in sources}
    morceaux = []
    for nom in ordre:
        remplace = nom == source.id and nouvelles is not None and source.livraison == "complete"
        vigueur = () if remplace else lots_en_vigueur(connexion, declarees[nom], sans)
        if vigueur:
            morceaux.append(commands.lis_mesures(connexion, vigueur, [i.id for i in siens]))
        if nom == source.id and nouvelles is not None:
            morceaux.append(nouvelles)
    if not morceaux:
        return commands.lis_mesures(connexion, [])
    if len(morceaux) == 1 and nouvelles is not None:
        return morceaux[0]
    return pd.concat(morceaux, ignore_index=True).drop_duplicates(CLE_MESURE, keep="last", ignore_index=True)


def lots_en_vigueur(connexion: Connection, source: Source, sans: frozenset[int] = frozenset()) -> tuple[int, ...]:
    """Lots of a source whose rows count today, oldest first."""
    publies = [lot for lot in commands.lots_publies(connexion, source.id) if lot.id not in sans]
    return en_vigueur(publies, complete=source.livraison == "complete")
