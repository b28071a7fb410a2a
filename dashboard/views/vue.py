"""What a page looks at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from dashboard.domain.lecteur import Lecteur
from dashboard.domain.territoire import Maille
from dashboard.views import cached
from dashboard.views.lieux import departement_de


@dataclass(frozen=True)
class Vue:
    """What a page looks at: reader, store version, territory, date d'arrêté."""

    lecteur: Lecteur
    version: int
    code: str
    arrete: date

    @cached_property
    def territoires(self) -> pd.DataFrame:
        """Current territories, indexed by code."""
        return cached.territoires(self.version)

    @cached_property
    def territoire(self) -> pd.Series:
        """The territory in view."""
        return self.territoires.loc[self.code]

    @cached_property
    def code_programmes(self) -> str:
        """The territory whose programmes are shown: itself, or its département when they stop there."""
        if self.territoire["maille"] in (Maille.REGION, Maille.DEPARTEMENT):
            return self.code
        return departement_de(self.territoires, self.code) or cached.app().espace.code_region
