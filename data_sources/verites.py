"""What the figures really are, hidden or not, as of one lot: for the audit of secrecy alone, never for a reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dashboard.domain.indicateur import Indicateur
from dashboard.domain.renfort_secret import Quand
from dashboard.domain.source import Source
from dashboard.store import commands, reference
from dashboard.store.moteur import Connection
from data_sources.etat import mesures_en_vigueur
from data_sources.masquage import periodes, primaire
from data_sources.pipeline import Contexte
from data_sources.projection import parentes, vraies


def verites(contexte: Contexte, connexion: Connection, declare: Indicateur, lot: int) -> Iterator[Quand]:
    """Each period of an indicator with its true figures, and what its own rules hide, once ``lot`` was published."""
    source = next(s for s in contexte.sources if s.id == declare.source)
    apres = _apres(contexte.sources, connexion, declare, lot)
    recues = mesures_en_vigueur(connexion, contexte.espace, contexte.sources, source, None, apres)
    siennes = recues[recues["indicateur"] == declare.id]
    if siennes.empty:
        return
    siennes = siennes.assign(**{c: siennes[c].astype("str") for c in ("code_territoire", "frequence")})
    places = reference.lis(connexion, contexte.espace.millesime_cog)
    liens = parentes(places)
    tout, fournies = vraies(siennes, declare, places, liens)
    yield from periodes(primaire(tout, declare), declare, liens, fournies)


def _apres(sources: Sequence[Source], connexion: Connection, declare: Indicateur, lot: int) -> frozenset[int]:
    siennes = [s.id for s in sources if s.id in declare.sources]
    return frozenset(p.id for nom in siennes for p in commands.lots_publies(connexion, nom) if p.id > lot)
