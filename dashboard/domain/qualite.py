"""What data are worth: six measures, each with its definition, its thresholds, its verdict and its sentence.

Vocabulary: ISO/IEC 25012 for what is measured, the W3C data quality vocabulary (DQV) for how it is exported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import Field, model_validator

from dashboard.domain.declaration import Modele
from dashboard.domain.formatage import compte, date_courte, nombre, pourcentage
from dashboard.domain.periode import ajoute_mois
from dashboard.domain.territoire import Maille

LDQD = "http://www.w3.org/2016/05/ldqd#"
"""Dimensions of quality as the W3C names them."""


class Dimension(StrEnum):
    """The six measures, in the order they are shown."""

    COMPLETUDE = "completude"
    PONCTUALITE = "ponctualite"
    VALIDITE = "validite"
    UNICITE = "unicite"
    COHERENCE = "coherence"
    REVISIONS = "revisions"

    @property
    def libelle(self) -> str:
        """Word shown to people."""
        return _FICHES[self][0]

    @property
    def unite(self) -> str:
        """Of its value."""
        return "jours" if self is Dimension.PONCTUALITE else "%"

    @property
    def definition(self) -> str:
        """What is counted, exactly."""
        return _FICHES[self][1]

    @property
    def dqv(self) -> str:
        """Address of the dimension for ``dqv:inDimension``."""
        return LDQD + _FICHES[self][2]

    @property
    def monte(self) -> bool:
        """Is a greater value a better one?"""
        return self in (Dimension.COMPLETUDE, Dimension.VALIDITE, Dimension.UNICITE)


_FICHES = {
    Dimension.COMPLETUDE: (
        "Complétude", "Part des territoires attendus qui ont une valeur à la dernière période, au niveau géographique "
        "le moins rempli. Une valeur secrète compte : elle existe. Pour un jeu : la moyenne de ses indicateurs, et le "
        "verdict du moins rempli.", "completeness"),
    Dimension.PONCTUALITE: (
        "Ponctualité", "Jours de retard à la date d'arrêté : dernière période, plus le rythme et le délai déclarés. "
        "Zéro : à l'heure.", "timeliness"),
    Dimension.VALIDITE: (
        "Validité", "Part des lignes de la dernière livraison qui n'ont pas été refusées, hors lignes hors champ.",
        "syntacticValidity"),
    Dimension.UNICITE: (
        "Unicité", "Part des lignes de la dernière livraison qui n'en répètent ni n'en contredisent une autre.",
        "conciseness"),
    Dimension.COHERENCE: (
        "Cohérence", "Plus grand écart entre un total publié par le producteur et la somme de ses parties, toutes "
        "périodes confondues.", "consistency"),
    Dimension.REVISIONS: (
        "Révisions", "Part des valeurs déjà publiées que la dernière livraison a changées ou retirées.",
        "semanticAccuracy"),
}  # fmt: skip


class Verdict(StrEnum):
    """From the worst to the best, then what cannot be told."""

    BLOQUANT = "bloquant"
    A_SURVEILLER = "a_surveiller"
    BON = "bon"
    NON_MESURABLE = "non_mesurable"

    @property
    def libelle(self) -> str:
        """Words shown to people."""
        return {"bloquant": "bloquant", "a_surveiller": "à surveiller", "bon": "bon",
                "non_mesurable": "non mesurable"}[self.value]  # fmt: skip


class Seuil(Modele):
    """Past ``alerte`` a measure is to be watched; past ``bloque`` the delivery is refused."""

    alerte: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    bloque: float | None = Field(default=None, ge=0, allow_inf_nan=False)


DEFAUTS: Mapping[Dimension, Seuil] = {
    Dimension.COMPLETUDE: Seuil(alerte=95),
    Dimension.PONCTUALITE: Seuil(alerte=0),
    Dimension.VALIDITE: Seuil(alerte=100),
    Dimension.UNICITE: Seuil(alerte=100),
    Dimension.COHERENCE: Seuil(alerte=0.5),
    Dimension.REVISIONS: Seuil(alerte=10),
}
"""Least share, or most days, gap or share of changed values. Blocking is for the espace to declare."""


class Seuils(Modele):
    """Thresholds of one source; what is not said is that of :data:`DEFAUTS`."""

    completude: Seuil = Seuil()
    ponctualite: Seuil = Seuil()
    validite: Seuil = Seuil()
    unicite: Seuil = Seuil()
    coherence: Seuil = Seuil()
    revisions: Seuil = Seuil()

    @model_validator(mode="after")
    def _tardive_mais_recue(self) -> Seuils:
        if self.ponctualite.bloque is not None:
            raise ValueError("ponctualite.bloque : une livraison tardive ne se refuse pas ; n'écrire que alerte")
        return self

    def pour(self, dimension: Dimension) -> Seuil:
        """Both thresholds of a dimension."""
        sien: Seuil = getattr(self, dimension.value)
        defaut = DEFAUTS[dimension]
        return Seuil(
            alerte=defaut.alerte if sien.alerte is None else sien.alerte,
            bloque=defaut.bloque if sien.bloque is None else sien.bloque,
        )


@dataclass(frozen=True)
class Mesure:
    """One measure as it is shown and exported. ``valeur`` in ``unite``; None when it cannot be told, and why."""

    dimension: Dimension
    valeur: float | None
    unite: str
    verdict: Verdict
    phrase: str

    @property
    def texte(self) -> str:
        """The value as people read it."""
        if self.valeur is None:
            return "—"
        if self.dimension is Dimension.PONCTUALITE:
            return "à l'heure" if self.valeur == 0 else f"{nombre(self.valeur)} j"
        return f"écart {part(self.valeur)}" if self.dimension is Dimension.COHERENCE else part(self.valeur)


@dataclass(frozen=True)
class Releve:
    """One measure of one indicator after one lot, as the store keeps it.

    ``nombre`` out of ``sur``: territories filled, gaps found, values changed. ``maille``: for completeness.
    ``complement``: share of the inhabitants (completeness), median size of the changes in % (revisions). ``fin``:
    the period it speaks of.
    """

    indicateur: str
    dimension: Dimension
    valeur: float
    nombre: int
    sur: int
    maille: Maille | None = None
    complement: float | None = None
    fin: date | None = None


@dataclass(frozen=True)
class Pris:
    """A record with the lot it was taken at, its source and its day."""

    lot: int
    source: str
    jour: date
    releve: Releve


@dataclass(frozen=True)
class Recue:
    """A delivery: its lines in scope (copies that a rule removed included), those refused, those that repeat or
    contradict another.
    """

    lot: int
    source: str
    jour: date
    publiee: bool
    utiles: int
    refusees: int
    doublons: int
    message: str = ""


def juge(dimension: Dimension, valeur: float | None, seuils: Seuils) -> Verdict:
    """The verdict of a value; the thresholds themselves still belong to the better side."""
    if valeur is None:
        return Verdict.NON_MESURABLE
    seuil = seuils.pour(dimension)
    if _passe(dimension, valeur, seuil.bloque):
        return Verdict.BLOQUANT
    return Verdict.A_SURVEILLER if _passe(dimension, valeur, seuil.alerte) else Verdict.BON


def _passe(dimension: Dimension, valeur: float, seuil: float | None) -> bool:
    if seuil is None:
        return False
    return valeur < seuil if dimension.monte else valeur > seuil


def pire(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst one; not measurable only when none is measured."""
    ordre = list(Verdict)
    return min(verdicts, key=ordre.index, default=Verdict.NON_MESURABLE)


def mesure(
    dimension: Dimension, valeur: float | None, phrase: str, seuils: Seuils, verdict: Verdict | None = None
) -> Mesure:
    """A measure with its verdict; ``verdict``: when it is that of a part, not of the whole."""
    return Mesure(dimension, valeur, dimension.unite, verdict or juge(dimension, valeur, seuils), phrase)


def sans(dimension: Dimension, pourquoi: str) -> Mesure:
    """What cannot be measured, and why."""
    return Mesure(dimension, None, dimension.unite, Verdict.NON_MESURABLE, pourquoi)


def jours_de_retard(fin: date, rythme_mois: int, delai_mois: int, arrete: date) -> int:
    """Days past the last period plus rhythm and delay; 0 on time. Months as in ``fraicheur``."""
    return max(0, (arrete - ajoute_mois(fin, rythme_mois + delai_mois)).days)


def part(valeur: float) -> str:
    """« 99,8 % »: never rounded up to 100, nor down to 0, when it is not."""
    decimales = 0 if valeur in (0, 100) else 1
    borne = min(max(valeur, 0.1), 99.9) if 0 < valeur < 100 else valeur
    return pourcentage(borne, decimales)


def territoires(n: int, maille: Maille) -> str:
    """« 1 commune », « 3 EPCI »."""
    seul = maille.pluriel if maille is Maille.EPCI else maille.libelle.lower()
    return compte(n, seul, maille.pluriel)


def periode_dite(fin: date | None) -> str:
    """« au 31 déc. 2024 »."""
    return f"au {date_courte(fin)}" if fin else "à aucune période"
