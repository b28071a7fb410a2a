"""Who reads, what he may see, as of when. Every reading function takes one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from dashboard.domain.indicateur import Acces

LOT_COURANT = 2_147_483_646
"""As of now: greater than any real lot, smaller than the open end of a current row."""


@dataclass(frozen=True)
class Lecteur:
    """A reader. ``acces`` empty means he sees nothing (default deny). ``lot``: the store as of that lot."""

    profil: str
    acces: frozenset[Acces] = field(default_factory=frozenset)
    lot: int = LOT_COURANT

    @property
    def perimetre(self) -> str:
        """Hash of what may be seen; part of every cache key."""
        texte = ",".join(sorted(self.acces))
        return hashlib.sha256(texte.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Auteur:
    """Who writes: a function and a direction, never a person's name."""

    profil: str
    peut_ecrire: bool = False


PUBLIC = Lecteur("public", frozenset({Acces.OUVERT}))
AGENT = Lecteur("agent", frozenset(Acces))


@dataclass(frozen=True)
class Contexte:
    """What a page is looked at with: the territory, and the date at which everything is judged."""

    code_territoire: str
    date_arrete: date
