"""« Pourquoi ce chiffre ? »: all that explains one figure, read once, told the same by pages and command line.

Figures are those of ``valeur``: what secrecy hides there has no figure here either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from dashboard.domain.avancement import Avancement
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.organisme import Producteur
from dashboard.domain.periode import Periode
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.situation import Objectif
from dashboard.domain.territoire import Maille

PARTS_MAX = 100
"""How many parts of a total are listed; the others are counted."""
CACHE = "Q"


@dataclass(frozen=True)
class Chiffre:
    """One row of ``valeur``. ``lot``: since which lot it is shown; ``calculee``: our own roll-up beside what is
    published. Shares are 0..1; None is missing, or hidden when ``secret``."""

    valeur: float | None
    numerateur: float | None
    denominateur: float | None
    n_unites: float | None
    completude: float | None
    completude_population: float | None
    calculee: float | None
    origine: str
    statut: str
    confidentialite: str | None
    lot: int

    @property
    def secret(self) -> bool:
        """Is the figure hidden by statistical secrecy?"""
        return self.statut == CACHE

    @property
    def calcule(self) -> bool:
        """Was it rolled up here, rather than published?"""
        return self.origine == "C"

    @property
    def ecart(self) -> float | None:
        """Published figure minus our own roll-up of its parts."""
        return None if self.valeur is None or self.calculee is None else self.valeur - self.calculee


@dataclass(frozen=True)
class Part:
    """A territory that enters a total, with its own figure and the row it was received in."""

    code: str
    nom: str
    valeur: float | None
    secret: bool = False
    lot: int | None = None
    ligne: int | None = None


@dataclass(frozen=True)
class Parts:
    """What a figure is made of. ``base``: the level really added up, with how many are expected and present;
    ``maille``: the level of those that are listed, ``total`` in all, those without value first."""

    base: Maille
    attendues: int
    presentes: int
    maille: Maille
    total: int = 0
    listees: tuple[Part, ...] = ()

    @property
    def reste(self) -> int:
        """How many are not listed."""
        return self.total - len(self.listees)


@dataclass(frozen=True)
class Envoi:
    """One lot: what its source delivered in one go. ``auteur``: a function, never a person. ``lignes``: how many of
    its rows are behind the figure, from ``premiere`` to ``derniere``. ``origine``: kind and file or address;
    ``requete``: what was asked there. ``cree_le`` in UTC. ``reparations``: (rule, column, how many)."""

    lot: int
    source: str
    nom: str
    licence: str
    producteur: Producteur
    origine: str
    requete: str
    sha256: str
    cree_le: datetime
    auteur: str
    lignes: int
    premiere: int
    derniere: int
    reparations: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True)
class Ligne:
    """One row received for this very territory. ``contenu``: its figures, only where they say no more than what is
    shown. ``reprise``: received in another code or vintage, then carried to the current one."""

    lot: int
    ligne: int
    code: str
    millesime: int
    adresse: str | None = None
    date_source: date | None = None
    note: str | None = None
    contenu: Mapping[str, float] = field(default_factory=dict)
    reprise: bool = False


@dataclass(frozen=True)
class But:
    """A target in force and what the figure is worth against it."""

    objectif: Objectif
    avancement: Avancement
    date_acte: date | None = None


@dataclass(frozen=True)
class Explication:
    """All that explains one figure. ``millesime``: vintage of the geography shown. ``arrete``: when it is judged."""

    declare: Indicateur
    producteur: Producteur
    code: str
    nom: str
    periode: Periode
    arrete: date
    millesime: int
    chiffre: Chiffre
    parts: Parts | None
    envois: tuple[Envoi, ...]
    lignes: tuple[Ligne, ...]
    buts: tuple[But, ...] = ()
    programme: EtatProgramme | None = None


@dataclass(frozen=True)
class Etape:
    """One step of the chain: what it is, in a sentence, then facts as (label, words)."""

    cle: str
    titre: str
    phrase: str
    faits: tuple[tuple[str, str], ...] = ()


def contenu_visible(
    declare: Indicateur, chiffre: Chiffre, recue: Mapping[str, float | str | None], *, seule: bool
) -> dict[str, float]:
    """The figures of a received row that may be read: those of an indicator without secrecy, or of the one row whose
    value is the one shown. Nothing of a hidden figure, nor of a row that its producer hid."""
    protege = bool(declare.min_unites) or declare.dominance is not None
    if chiffre.secret or recue["statut"] == CACHE or (protege and not (seule and not chiffre.calcule)):
        return {}
    noms = ("valeur", "numerateur", "denominateur", "n_unites")
    return {n: v for n in noms if isinstance(v := recue[n], float | int) and v == v}
