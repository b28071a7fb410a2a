"""What an espace declares: politiques, programmes, indicateurs. Frozen, closed models.

An indicator is declared once, here; every label, unit, legend, header and alternative text is asked of it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from dashboard.domain.agregation import Methode
from dashboard.domain.declaration import Identifiant, Modele, Texte
from dashboard.domain.organisme import Producteur, Souverainete
from dashboard.domain.statut import SEUILS, Seuils
from dashboard.domain.territoire import Maille

UNITES = frozenset({
    "%", "hab.", "hab./km²", "km²", "km", "ha", "communes", "ans", "h/semaine", "points", "maisons", "centres",
    "locaux", "logements", "ménages", "naissances", "voyageurs", "emplois", "GWh", "MW", "espaces", "MWh",
    "salariés", "€", "M€",
})  # fmt: skip
"""Units every espace may use; its own ones are listed in its ``unites``."""


class Acces(StrEnum):
    """Who may read: everybody, the closed user group, or the agents of the région."""

    OUVERT = "ouvert"
    GFU = "gfu"
    INTERNE = "interne"

    @property
    def libelle(self) -> str:
        """Words shown to people."""
        return {"ouvert": "ouvert", "gfu": "groupe fermé (GFU)", "interne": "interne"}[self.value]


class Classes(Modele):
    """How an indicator is cut on a map. ``seuils`` are the inner bounds, ascending; empty means quantiles."""

    seuils: tuple[float, ...] = ()
    divergente: bool = False
    cercles: bool = False

    @model_validator(mode="after")
    def _seuils_croissants(self) -> Classes:
        if list(self.seuils) != sorted(set(self.seuils)):
            raise ValueError(f"seuils {list(self.seuils)} non croissants : ranger du plus petit au plus grand")
        if len(self.seuils) > 8:
            raise ValueError(f"{len(self.seuils)} seuils : 8 au plus pour rester lisible")
        return self


class Credits(Modele):
    """Money, by the indicators that publish it: budget voted, committed, paid. What is not published is left out."""

    vote: Identifiant | None = None
    engage: Identifiant | None = None
    paye: Identifiant | None = None

    @property
    def declares(self) -> dict[str, str]:
        """Indicator by what it tells, in the order the money goes."""
        return {cle: i for cle in ("vote", "engage", "paye") if (i := getattr(self, cle))}


class Politique(Modele):
    id: Identifiant
    nom: Texte
    credits: Credits = Credits()


class Programme(Modele):
    """One regional programme: what it wants and the indicators that tell where it stands.

    ``indicateurs`` count in its progress, the first one is its headline; ``poids``: their weights, 1 when silent.
    ``lies`` are shown beside and count for nothing. ``direction``: who answers for it. ``non_mesure``: what is
    missing, for a programme that nothing measures yet.
    """

    id: Identifiant
    politique: Identifiant
    nom: Texte
    nom_court: Texte
    cadre: Texte
    indicateurs: tuple[Identifiant, ...] = ()
    poids: dict[Identifiant, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = Field(default_factory=dict)
    lies: tuple[Identifiant, ...] = ()
    direction: Texte | None = None
    credits: Credits = Credits()
    non_mesure: Texte | None = None

    @model_validator(mode="after")
    def _compte(self) -> Programme:
        inconnus = [i for i in self.poids if i not in self.indicateurs]
        if inconnus:
            raise ValueError(f"poids donné à « {inconnus[0]} », absent des indicateurs du programme « {self.id} »")
        if self.indicateurs and not sum(self.poids_de(i) for i in self.indicateurs):
            raise ValueError(f"poids de somme nulle dans le programme « {self.id} » : en donner un au moins")
        return self

    def poids_de(self, indicateur: str) -> float:
        """Weight of a counted indicator."""
        return self.poids.get(indicateur, 1.0)

    @property
    def tous(self) -> tuple[str, ...]:
        """Counted and linked indicators."""
        return self.indicateurs + self.lies


class Indicateur(Modele):
    """One indicator, declared once.

    ``sens``: which way is better (``neutre`` for context). ``facteur`` multiplies a ratio (100 for %).
    ``min_unites`` and ``dominance``: statistical secrecy (0 and ``None`` mean none).
    ``rythme_mois`` and ``delai_mois``: how often the producer publishes, and how late at most.
    ``complements``: other sources that bring more of it (another level, another year).
    ``source_directe``: the producer's own endpoint, whose figures take over from those of ``source`` once pulled.
    ``acces`` and ``jusqu_au`` (last day it may be read): once loaded, the narrowest of its own and of its sources'.
    ``ordre``: its place in lists, the smallest first.
    """

    id: Identifiant
    libelle: Texte
    libelle_court: Texte
    definition: Texte
    formule: Texte
    unite: Texte
    decimales: int = Field(default=0, ge=0, le=4)
    nature: Literal["programme", "contexte"]
    sens: Literal["hausse", "baisse", "neutre"]
    lecture: Literal["stock", "flux", "cumul_annuel", "glissant"]
    agregation: Methode
    facteur: float = 1.0
    mailles: tuple[Maille, ...] = Field(min_length=1)
    source: Identifiant
    complements: tuple[Identifiant, ...] = ()
    source_directe: Identifiant | None = None
    producteur: Identifiant
    licence: Texte
    rythme_mois: int = Field(gt=0)
    delai_mois: int = Field(ge=0)
    min_unites: int = Field(default=0, ge=0)
    dominance: float | None = Field(default=None, gt=0, lt=1)
    acces: Acces = Acces.OUVERT
    jusqu_au: date | None = None
    carte: Classes = Classes()
    ordre: int = 100
    note: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source of it, the one that wins last."""
        return (self.source, *self.complements, *([self.source_directe] if self.source_directe else []))

    def rang_source(self, source: str) -> int:
        """Which of its sources wins over which; -1 for one that is not its own."""
        return self.sources.index(source) if source in self.sources else -1

    @property
    def a_secret(self) -> bool:
        """Does it declare a rule of statistical secrecy?"""
        return bool(self.min_unites) or self.dominance is not None

    @property
    def est_contexte(self) -> bool:
        """Context describes the territory; it is not the result of a regional policy."""
        return self.nature == "contexte"

    @property
    def en_cercles(self) -> bool:
        """Counts are drawn as proportional circles, never as plain colour areas."""
        return self.carte.cercles or (self.agregation is Methode.SOMME and self.unite != "%")


class Vitrine(Modele):
    """Which indicators the pages put forward; what is not declared is simply not shown.

    ``serie``: drawn from 100 in a portrait. ``evolution``: said in its sentence. ``cartes``: its KPIs.
    ``essentiel``: the territory in figures on the home page. ``carte``, ``fiche``: shown first on these pages.
    ``budget``: the budget of the région on the home page, the total first.
    """

    serie: Identifiant | None = None
    evolution: Identifiant | None = None
    cartes: tuple[Identifiant, ...] = ()
    essentiel: tuple[Identifiant, ...] = ()
    budget: tuple[Identifiant, ...] = ()
    carte: Identifiant | None = None
    fiche: Identifiant | None = None

    @property
    def tous(self) -> tuple[str, ...]:
        """Every indicator named here."""
        uniques = (self.serie, self.evolution, self.carte, self.fiche)
        return tuple(i for i in uniques if i) + self.cartes + self.essentiel + self.budget


class Espace(Modele):
    """All that is particular to one région. ``empreinte``: sha256 of its canonical JSON.

    ``editeur``: which of its producers publishes the catalogue.
    """

    id: Identifiant
    nom: Texte
    code_region: Annotated[str, StringConstraints(pattern=r"^REG-\d{2}$")]
    millesime_cog: int = Field(ge=2019, le=2100)
    langue: Literal["fr"] = "fr"
    politiques: tuple[Politique, ...]
    programmes: tuple[Programme, ...]
    producteurs: tuple[Producteur, ...]
    indicateurs: tuple[Indicateur, ...]
    attribution: Texte
    unites: tuple[Texte, ...] = ()
    seuils: Seuils = SEUILS
    reperes: tuple[str, ...] = ()
    vitrine: Vitrine = Vitrine()
    editeur: Identifiant | None = None
    souverainete: Souverainete = Souverainete()

    def indicateur(self, identifiant: str) -> Indicateur:
        """The declared indicator. Raises ``KeyError`` when unknown."""
        return self._par_id[identifiant]

    def programme(self, identifiant: str) -> Programme:
        """The declared programme. Raises ``KeyError`` when unknown."""
        return {p.id: p for p in self.programmes}[identifiant]

    def programmes_visibles(self, indicateurs: Collection[str]) -> list[Programme]:
        """Programmes a reader may know of, from the indicators he may see: not those whose own are all closed."""
        return [p for p in self.programmes if not p.indicateurs or not set(p.indicateurs).isdisjoint(indicateurs)]

    def politique(self, identifiant: str) -> Politique:
        """The declared politique. Raises ``KeyError`` when unknown."""
        return {p.id: p for p in self.politiques}[identifiant]

    def programme_de(self, indicateur: str) -> Programme | None:
        """The programme that counts an indicator, else the one that shows it; None for context."""
        comptent = (p for p in self.programmes if indicateur in p.indicateurs)
        return next(comptent, None) or next((p for p in self.programmes if indicateur in p.lies), None)

    def producteur(self, identifiant: str) -> Producteur:
        """The declared producer. Raises ``KeyError`` when unknown."""
        return next(p for p in self.producteurs if p.id == identifiant)

    @property
    def ordonnes(self) -> list[Indicateur]:
        """Programme indicators first, then context, each by its declared place."""
        return sorted(self.indicateurs, key=lambda i: (i.est_contexte, i.ordre, i.libelle))

    @property
    def _par_id(self) -> dict[str, Indicateur]:
        return {i.id: i for i in self.indicateurs}
