"""What the parts of a snapshot are made from: who it is for, as of when, and what that reader may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from dashboard.domain.indicateur import Espace, Indicateur, Programme
from dashboard.domain.instantane import Semaine
from dashboard.domain.lecteur import Lecteur
from dashboard.domain.organisme import Producteur
from dashboard.domain.source import Source, sources_visibles
from dashboard.store import queries
from dashboard.store.moteur import Engine, lecture

if TYPE_CHECKING:
    from dashboard.exports.instantane_observations import Bilan

Progres = Callable[[str, float], None]
"""Told a step in French, and how much of it is done, from 0 to 1."""


def en_silence(_etape: str, _part: float) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Contexte:
    """One snapshot being made.

    ``lecteur`` is pinned at one lot: nothing moves while it is read. ``dossier_espace``: where its geometry is.
    ``contenu``: digest of the canonical data, empty until they are written. ``precedent``: folder of the package
    before it, None for the first. ``bilan``: what was counted in the observations. ``sommes``: sha256 of the files of
    ``donnees``, by path. ``adresse``: public address of the site, empty when none is set.
    """

    moteur: Engine
    lecteur: Lecteur
    espace: Espace
    sources: tuple[Source, ...]
    dossier_espace: Path
    semaine: Semaine
    audience: str
    cree_le: datetime
    arrete: date
    espace_empreinte: str
    apport: int
    code: str
    motif: str = ""
    contenu: str = ""
    precedent: Path | None = None
    bilan: tuple[Bilan, ...] = ()
    sommes: Mapping[str, str] = field(default_factory=dict)
    adresse: str = ""
    progres: Progres = en_silence

    @cached_property
    def visibles(self) -> tuple[str, ...]:
        """Every indicator of the store that this reader may see, sorted."""
        with lecture(self.moteur) as connexion:
            return tuple(sorted(queries.list_indicateurs(connexion, self.lecteur)))

    @cached_property
    def indicateurs(self) -> tuple[Indicateur, ...]:
        """The declared ones among them, in the order of the espace."""
        return tuple(i for i in self.espace.ordonnes if i.id in set(self.visibles))

    @cached_property
    def programmes(self) -> tuple[Programme, ...]:
        """Those that this reader may know of."""
        return tuple(self.espace.programmes_visibles(self.visibles))

    @cached_property
    def sources_visibles(self) -> tuple[Source, ...]:
        """Those open to him that feed what he sees, and those of targets."""
        return sources_visibles(self.sources, self.lecteur.acces, self.indicateurs)

    @cached_property
    def producteurs(self) -> tuple[Producteur, ...]:
        """Without those whose only data are closed to him."""
        cites = {i.producteur for i in self.espace.indicateurs} | {s.producteur for s in self.sources}
        vus = {i.producteur for i in self.indicateurs} | {s.producteur for s in self.sources_visibles}
        caches = cites - vus - {self.espace.editeur}
        return tuple(p for p in self.espace.producteurs if p.id not in caches)

    @cached_property
    def places(self) -> pd.DataFrame:
        """The current territories, as ``queries.list_territoires`` gives them."""
        with lecture(self.moteur) as connexion:
            return queries.list_territoires(connexion)
