"""Who reads, what he may see, as of when. Every reading function takes one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from dashboard.domain.indicateur import Acces

LOT_COURANT = 2_147_483_646
"""As of now: greater than any real lot, smaller than the open end of a current row. Of contributions too."""


@dataclass(frozen=True)
class Lecteur:
    """A reader. ``acces`` empty means he sees nothing (default deny).

    ``lot``, ``apport``: figures and words as of that lot and that contribution; ``espace``: hash of the declarations
    they are read with, empty for those of today. What he may see is always decided today; ``tus``: indicators whose
    figures of then rest on a source that today he may not read, even where they no longer do.
    """

    profil: str
    acces: frozenset[Acces] = field(default_factory=frozenset)
    lot: int = LOT_COURANT
    apport: int = LOT_COURANT
    espace: str = ""
    tus: frozenset[str] = frozenset()

    @property
    def cle(self) -> tuple[str, int, int, str, frozenset[str]]:
        """All that decides of what he reads: the key of every cache."""
        return self.perimetre, self.lot, self.apport, self.espace, self.tus

    @property
    def perimetre(self) -> str:
        """Hash of what may be seen."""
        texte = ",".join(sorted(self.acces))
        return hashlib.sha256(texte.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Auteur:
    """Who writes: a function and a direction, never a person's name."""

    profil: str
    peut_ecrire: bool = False


PUBLIC = Lecteur("public", frozenset({Acces.OUVERT}))
PARTENAIRE = Lecteur("partenaire", frozenset({Acces.OUVERT, Acces.GFU}))
AGENT = Lecteur("agent", frozenset(Acces))
PAR_AUDIENCE = {"public": PUBLIC, "interne": AGENT}
"""For whom a snapshot is made: the reader whose eyes it has."""


def audiences(lecteur: Lecteur) -> tuple[str, ...]:
    """Those whose packages a reader may have: he sees all that their reader sees. None for who sees nothing."""
    return tuple(a for a, requis in PAR_AUDIENCE.items() if requis.acces <= lecteur.acces)


@dataclass(frozen=True)
class Contexte:
    """What a page is looked at with: the territory, and the date at which everything is judged."""

    code_territoire: str
    date_arrete: date
