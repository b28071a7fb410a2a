"""The statut of an indicator against its path, and the thresholds that decide it."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Statut(StrEnum):
    """Where an indicator stands on the path to its target."""

    ATTEINT = "atteint"
    DANS_LA_TRAJECTOIRE = "dans_la_trajectoire"
    A_SURVEILLER = "a_surveiller"
    EN_RETARD = "en_retard"
    EN_RECUL = "en_recul"
    ECHU_NON_ATTEINT = "echu_non_atteint"
    NON_MESURE = "non_mesure"

    @property
    def libelle(self) -> str:
        """Words shown to people."""
        return _LIBELLES[self]


_LIBELLES = {
    Statut.ATTEINT: "atteint",
    Statut.DANS_LA_TRAJECTOIRE: "dans la trajectoire",
    Statut.A_SURVEILLER: "à surveiller",
    Statut.EN_RETARD: "en retard",
    Statut.EN_RECUL: "en recul",
    Statut.ECHU_NON_ATTEINT: "échu non atteint",
    Statut.NON_MESURE: "non mesuré",
}


class Seuils(BaseModel):
    """Thresholds of the statut, kept and versioned in the espace. Ratios without unit, gaps in TA points."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ratio_trajectoire: float = Field(default=0.95, gt=0, le=1)
    ratio_surveiller: float = Field(default=0.60, gt=0, le=1)
    attendu_faible: float = Field(default=5.0, ge=0, lt=100)
    ecart_trajectoire: float = Field(default=-1.0, le=0)
    ecart_surveiller: float = Field(default=-5.0, le=0)
    completude_programme: float = Field(default=2 / 3, gt=0, le=1)

    @model_validator(mode="after")
    def _ordonnes(self) -> "Seuils":
        ordre = self.ratio_surveiller < self.ratio_trajectoire
        if not (ordre and self.ecart_surveiller < self.ecart_trajectoire):
            raise ValueError("Seuils de statut : le seuil « à surveiller » doit être sous « trajectoire ».")
        return self


SEUILS = Seuils()
BRUIT = 1e-9
"""Float noise must not decide on a threshold."""


def statut_par_ecart(brut: float, attendu: float, seuils: Seuils) -> Statut:
    """Statut by the ratio TA / TA attendu, or by the gap in points while little is expected."""
    if attendu <= seuils.attendu_faible:
        mesure, bon, moyen = brut - attendu, seuils.ecart_trajectoire, seuils.ecart_surveiller
    else:
        mesure, bon, moyen = brut / attendu, seuils.ratio_trajectoire, seuils.ratio_surveiller
    if mesure >= bon - BRUIT:
        return Statut.DANS_LA_TRAJECTOIRE
    return Statut.A_SURVEILLER if mesure >= moyen - BRUIT else Statut.EN_RETARD
