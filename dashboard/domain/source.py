"""What a source declares: where it is, how its columns are named, what must hold before it is published."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dashboard.domain.indicateur import Acces, Identifiant, Modele, Texte

BASE_CUREE = "base_curee"


class Colonnes(Modele):
    """The supplier's column names for each field of ours; ``None`` when it does not supply it."""

    indicateur: str = "indicateur"
    territoire: str = "code_territoire"
    periode: str = "periode"
    valeur: str | None = "valeur"
    numerateur: str | None = None
    denominateur: str | None = None
    n_unites: str | None = None
    part_max: str | None = None
    statut: str | None = None
    millesime_cog: str | None = None
    source_url: str | None = None
    date_source: str | None = None
    note: str | None = None


class Attentes(Modele):
    """What must hold or the lot is refused: row bounds and known totals by indicator and period."""

    lignes_min: int = Field(default=1, ge=0)
    lignes_max: int = Field(default=1_000_000, gt=0)
    valeur_min: float | None = None
    valeur_max: float | None = None
    rejets_max: int = Field(default=0, ge=0)
    totaux: dict[str, float] = Field(default_factory=dict)


class Source(Modele):
    """One source. ``url``: ``base_curee``, or the name of the environment variable that holds a URL."""

    id: Identifiant
    nom: Texte
    nature: Literal["mesures", "objectifs"] = "mesures"
    connecteur: Literal["sql"] = "sql"
    url: Texte = BASE_CUREE
    requete: Texte
    colonnes: Colonnes = Colonnes()
    millesime_cog: int | None = None
    licence: Texte
    acces: Acces = Acces.OUVERT
    rythme_mois: int = Field(gt=0)
    attentes: Attentes = Attentes()
    description: str = ""
