"""The bulletin of a week: what it says, in which order, and the record that is kept with the package."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard.domain.declaration import Modele
from dashboard.domain.ecarts import Cause
from dashboard.domain.indicateur import Espace
from dashboard.domain.periode import Frequence, Periode
from dashboard.domain.statut import Statut

Morceaux = tuple[tuple[str, bool], ...]
"""Pieces of a sentence: (words, are they strong?)."""


class Entree(Modele):
    """One sentence of the bulletin. ``page`` and ``parametres`` lead to its row; ``effet``: what it does to a statut.

    ``lignes``: how many rows of the package it stands for. ``donnees``: the file of the package that holds them.
    """

    cle: str
    cause: Cause
    titre: str
    page: str
    parametres: dict[str, str]
    texte: Morceaux
    source: str
    effet: str
    lignes: int
    donnees: str

    @property
    def phrase(self) -> str:
        """The sentence without its strong words."""
        return f"{self.titre} : {''.join(t for t, _ in self.texte)}"


class Relance(Modele):
    """A producer that should have published already, and what is awaited of it."""

    producteur: str
    attendu: str


class Bulletin(Modele):
    """One week against the one before; ``precedente`` None for the first. ``comptes``: rows that differ, by cause."""

    semaine: str
    precedente: str | None
    audience: str
    arrete: date
    region: str
    code_region: str
    phrase: Morceaux
    entrees: tuple[Entree, ...]
    comptes: dict[Cause, int]
    stables: str
    relances: tuple[Relance, ...]

    @property
    def texte(self) -> str:
        """The sentence of the week."""
        return "".join(t for t, _ in self.phrase)

    def par_cause(self) -> dict[Cause, list[Entree]]:
        """The sentences by cause, the most important cause first; causes without any are left out."""
        groupes = {c: [e for e in self.entrees if e.cause is c] for c in Cause}
        return {c: siennes for c, siennes in groupes.items() if siennes}

    def en_json(self) -> bytes:
        """The one text of this bulletin: sorted keys, no clock, the same bytes for the same week."""
        brut = self.model_dump(mode="json")
        return json.dumps(brut, ensure_ascii=False, sort_keys=True, indent=1).encode("utf-8") + b"\n"


@dataclass(frozen=True)
class EtatLu:
    """Where a programme stands in one territory, as a package tells it. Percent of the way, None unknown."""

    statut: Statut
    taux: float | None
    attendu: float | None
    fraicheur: str = ""
    motif: str = ""


@dataclass(frozen=True)
class Point:
    """A value of the région."""

    periode: Periode
    valeur: float | None
    secret: bool = False


@dataclass(frozen=True)
class Constat:
    """What changed for one indicator. ``comptes``: rows by cause, maille and period (columns cause, maille, debut, fin,
    frequence, n). ``region``: the changed rows of the région. ``serie``: its values now, oldest first."""

    indicateur: str
    comptes: pd.DataFrame
    region: pd.DataFrame
    serie: tuple[Point, ...]

    def combien(self, cause: Cause) -> int:
        """Rows of a cause."""
        return int(self.comptes.loc[self.comptes["cause"] == cause.value, "n"].sum())


@dataclass(frozen=True)
class Matiere:
    """All that a bulletin is written from. ``tables``: rows that differ, by table; ``etats`` by programme then code.

    ``places``: name and maille by code, of both weeks. ``objectifs``: the targets now. ``lignes``: observations now.
    ``finales``: last value of the région by indicator.
    """

    espace: Espace
    semaine: str
    precedente: str | None
    audience: str
    arrete: date
    constats: Mapping[str, Constat]
    tables: Mapping[str, pd.DataFrame]
    places: Mapping[str, tuple[str, str]]
    etats_avant: Mapping[str, Mapping[str, EtatLu]]
    etats: Mapping[str, Mapping[str, EtatLu]]
    objectifs: pd.DataFrame
    finales: Mapping[str, Point]
    perimes: Mapping[str, date]
    lignes: int

    @property
    def region(self) -> str:
        """Code of the région."""
        return self.espace.code_region

    def etat(self, programme: str, *, avant: bool = False) -> EtatLu | None:
        """The programme in the région."""
        return (self.etats_avant if avant else self.etats).get(programme, {}).get(self.region)


def constate(indicateur: str, ecarts: pd.DataFrame, serie: Sequence[Point]) -> Constat:
    """Counts and rows of the région of what ``compare_observations`` gave: small whatever changed."""
    par = ["cause", "maille", "debut", "fin", "frequence"]
    comptes = ecarts.groupby(par, dropna=False, observed=True).size().rename("n").reset_index()
    return Constat(indicateur, comptes, ecarts[ecarts["maille"] == "region"].reset_index(drop=True), tuple(serie))


def periode(ligne: object) -> Periode:
    """The period of a row."""
    debut, fin = (pd.Timestamp(getattr(ligne, c)).date() for c in ("debut", "fin"))
    return Periode(debut, fin, Frequence(getattr(ligne, "frequence")))  # noqa: B009


def entree(
    cause: Cause,
    titre: str,
    page: str,
    parametres: Mapping[str, str],
    texte: Iterable[tuple[str, bool]],
    *,
    source: str = "",
    effet: str = "",
    lignes: int = 1,
    donnees: str = "",
) -> Entree:
    """An entry, named by what it says: the same fact of two corrections of a week has one name."""
    morceaux = tuple((t, fort) for t, fort in texte if t)
    dit = "\0".join(
        [cause.value, page, *(f"{c}={v}" for c, v in sorted(parametres.items())), *(t for t, _ in morceaux)]
    )
    return Entree(
        cle=hashlib.sha256(dit.encode()).hexdigest()[:16], cause=cause, titre=titre, page=page,
        parametres=dict(parametres), texte=morceaux, source=source, effet=effet, lignes=lignes, donnees=donnees,
    )  # fmt: skip
