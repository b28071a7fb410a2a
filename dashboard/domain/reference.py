"""The territorial referential as frames: places, dated memberships, passage between vintages, populations."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from dashboard.domain.cog import compose_passage
from dashboard.domain.territoire import Maille


@dataclass(frozen=True)
class Reference:
    """The referential as frames. ``territoires``: current and past; ``liens``: dated; ``passage``: events.

    What is derived is kept: a publication asks for it once an indicator. Shared, never modified.
    """

    territoires: pd.DataFrame
    liens: pd.DataFrame
    passage: pd.DataFrame
    millesime: int
    _inchanges: dict[int, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def courants(self) -> pd.DataFrame:
        """Territories of the current COG, by code, with their id and population."""
        actuels = self.territoires[self.territoires["millesime_fin"].isna()]
        return actuels.set_index("code", drop=False)

    @property
    def premier(self) -> int:
        """The first vintage that is known whole."""
        return int(self.territoires["millesime_debut"].min())

    @property
    def anciens(self) -> frozenset[str]:
        """Codes of communes that vanished before the first vintage; one of these dates a table at ``premier - 1``."""
        avant = self.passage["millesime_de"] < self.premier
        return frozenset(self.passage.loc[avant, "code_de"])

    def codes_de(self, millesime: int) -> frozenset[str]:
        """Codes of the territories of one COG vintage; before the first one, those of the first and the former ones."""
        if millesime < self.premier:
            return self.codes_de(self.premier) | self.anciens
        debut, fin = self.territoires["millesime_debut"], self.territoires["millesime_fin"].fillna(9999)
        return frozenset(self.territoires.loc[(debut <= millesime) & (millesime <= fin), "code"])

    def communes_de(self, millesime: int, recues: Collection[str] = ()) -> list[str]:
        """Communes of one COG vintage. Before the first vintage, a former code counts only when it was supplied."""
        codes = self.codes_de(millesime)
        if millesime < self.premier:
            codes = self.codes_de(self.premier) | (self.anciens & frozenset(recues))
        return sorted(c for c in codes if c.startswith(Maille.COMMUNE.prefixe))

    def inchanges_depuis(self, millesime: int) -> frozenset[str]:
        """Current territories above the commune that hold today the same communes as in a past vintage."""
        if millesime not in self._inchanges:
            avant, maintenant = self._membres(max(millesime, self.premier)), self._membres(self.millesime)
            self._inchanges[millesime] = frozenset(
                c for c in self.courants.index
                if not c.startswith(Maille.EPCI.prefixe) or avant.get(c) == maintenant.get(c)
            )  # fmt: skip
        return self._inchanges[millesime]

    def _membres(self, millesime: int) -> dict[str, frozenset[str]]:
        """Communes of each EPCI in a vintage, in today's codes."""
        passage = compose_passage(self.passage, millesime, self.millesime).set_index("code_de")["code_vers"].to_dict()
        debut, fin = self.liens["millesime_debut"], self.liens["millesime_fin"].fillna(9999)
        liens = self.liens[(debut <= millesime) & (millesime <= fin)]
        liens = liens[liens["parent"].str.startswith(Maille.EPCI.prefixe)]
        actuels = liens["enfant"].map(lambda code: passage.get(code, code))
        return {str(p): frozenset(g) for p, g in actuels.groupby(liens["parent"])}

    @cached_property
    def parents(self) -> pd.DataFrame:
        """Current communes with the codes of their parents: epci (missing when none), departement, region."""
        actifs = self.liens[self.liens["millesime_fin"].isna()]
        lien = dict(zip(zip(actifs["enfant"], actifs["parent"].str[:3], strict=True), actifs["parent"], strict=True))
        communes = self.courants.query("maille == 'commune'")["code"]
        departement = communes.map(lambda c: lien.get((c, "DEP")))
        return pd.DataFrame(
            {
                "commune": communes,
                "epci": communes.map(lambda c: lien.get((c, "EPC"))),
                "departement": departement,
                "region": departement.map(lambda c: lien.get((c, "REG"))),
            }
        )


def population_courante(populations: pd.DataFrame, passage: pd.DataFrame, millesime: int) -> pd.DataFrame:
    """Municipal population by census year carried to the current COG: columns code, annee, population."""
    morceaux: list[pd.DataFrame] = []
    for cog, partie in populations.groupby("millesime_cog"):
        table = compose_passage(passage, int(str(cog)), millesime).rename(columns={"code_de": "code"})
        portee = partie.merge(table, on="code", how="left")
        portee["code_vers"] = portee["code_vers"].fillna(portee["code"])
        portee["population"] = portee["population"] * portee["part"].fillna(1.0)
        morceaux.append(portee.groupby(["code_vers", "annee"], as_index=False)[["population"]].sum())
    tout: pd.DataFrame = pd.concat(morceaux, ignore_index=True)
    return tout.set_axis(["code", "annee", "population"], axis="columns")
