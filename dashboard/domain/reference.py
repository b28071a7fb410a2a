"""The territorial referential as frames: places, dated memberships, passage between vintages, populations."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard.domain.cog import compose_passage
from dashboard.domain.territoire import Maille


@dataclass(frozen=True)
class Reference:
    """The referential as frames. ``territoires``: current and past; ``liens``: dated; ``passage``: events."""

    territoires: pd.DataFrame
    liens: pd.DataFrame
    passage: pd.DataFrame
    millesime: int

    @property
    def courants(self) -> pd.DataFrame:
        """Territories of the current COG, by code, with their id and population."""
        actuels = self.territoires[self.territoires["millesime_fin"].isna()]
        return actuels.set_index("code", drop=False)

    def communes_de(self, millesime: int) -> list[str]:
        """Codes of the communes of one COG vintage."""
        places = self.territoires[self.territoires["maille"] == Maille.COMMUNE]
        vivantes = (places["millesime_debut"] <= millesime) & (places["millesime_fin"].fillna(9999) >= millesime)
        return [str(c) for c in places.loc[vivantes, "code"]]

    @property
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
