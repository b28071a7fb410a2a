"""What people add to the figures: météo and synthèse, comments, objectives, decisions, events, contested values.

One record for all: signed by a function and a direction, versioned, never overwritten. A *fil* is the sequence of the
versions of one contribution.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from dashboard.domain.declaration import Modele
from dashboard.domain.indicateur import Acces

TEXTE_MAX = 4_000
"""Longest text of a contribution, in characters: what a council reads, not a report."""
Court = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=160)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=TEXTE_MAX)]
LongRempli = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXTE_MAX)]


class Meteo(StrEnum):
    """Human judgement on a programme, kept apart from the computed statut."""

    SOLEIL = "soleil"
    COUVERT = "couvert"
    NUAGE = "nuage"
    ORAGE = "orage"


METEOS = {
    Meteo.SOLEIL: ("Soleil", "objectif assuré"), Meteo.COUVERT: ("Couvert", "objectif atteignable"),
    Meteo.NUAGE: ("Nuage", "appui nécessaire"), Meteo.ORAGE: ("Orage", "objectif compromis"),
}  # fmt: skip
"""Each météo in a word, and what it means."""


class EtatDecision(StrEnum):
    """What became of a decision."""

    OUVERTE = "ouverte"
    PRISE = "prise"
    ABANDONNEE = "abandonnee"


class EtatProposition(StrEnum):
    """What became of a contested value."""

    EN_ATTENTE = "en_attente"
    ACCEPTEE = "acceptee"
    REFUSEE = "refusee"


class Synthese(Modele):
    """Where a programme stands in the words of who answers for it."""

    meteo: Meteo
    texte: LongRempli


class Commentaire(Modele):
    """A remark on a programme or an indicator."""

    texte: LongRempli


class Intention(Modele):
    """What a programme wants, what was done, what is left to do."""

    ambition: LongRempli
    fait: Long = ""
    a_faire: Long = ""


class Decision(Modele):
    """Something to decide, by when and by whom (a function, never a person)."""

    titre: Court
    texte: Long = ""
    echeance: date
    responsable: Court
    etat: EtatDecision = EtatDecision.OUVERTE


class Evenement(Modele):
    """Something that happened, drawn on the charts at its date."""

    jour: date
    titre: Court
    texte: Long = ""


class Proposition(Modele):
    """Another value for one figure, why, and how it was obtained; the answer when it comes."""

    periode: Court
    valeur: Annotated[float, Field(allow_inf_nan=False)]
    motif: LongRempli
    methode: LongRempli
    etat: EtatProposition = EtatProposition.EN_ATTENTE
    reponse: Long = ""


Contenu = Synthese | Commentaire | Intention | Decision | Evenement | Proposition


class Genre(StrEnum):
    """Kinds of contributions."""

    SYNTHESE = "synthese"
    COMMENTAIRE = "commentaire"
    INTENTION = "intention"
    DECISION = "decision"
    EVENEMENT = "evenement"
    PROPOSITION = "proposition"

    @property
    def modele(self) -> type[Contenu]:
        """The model of its content."""
        return _MODELES[self]


_MODELES: dict[Genre, type[Contenu]] = {
    Genre.SYNTHESE: Synthese,
    Genre.COMMENTAIRE: Commentaire,
    Genre.INTENTION: Intention,
    Genre.DECISION: Decision,
    Genre.EVENEMENT: Evenement,
    Genre.PROPOSITION: Proposition,
}


@dataclass(frozen=True)
class Signature:
    """Who signs: a function and a direction, never a person's name."""

    fonction: str
    direction: str


@dataclass(frozen=True)
class Apport:
    """One version of one contribution. ``sujet``: id of a programme or an indicator; ``code``: a territory.

    ``fil`` and ``version`` (from 1) name it; ``cree_le`` is UTC. ``acces``: who may read it.
    """

    genre: Genre
    sujet: str
    code: str
    contenu: Contenu
    signature: Signature
    acces: Acces
    fil: int
    version: int
    cree_le: datetime


METEO_ATTENDUE = {
    "atteint": (Meteo.SOLEIL, Meteo.COUVERT),
    "dans_la_trajectoire": (Meteo.SOLEIL, Meteo.COUVERT),
    "a_surveiller": (Meteo.COUVERT, Meteo.NUAGE),
    "en_retard": (Meteo.NUAGE, Meteo.ORAGE),
    "en_recul": (Meteo.NUAGE, Meteo.ORAGE),
    "echu_non_atteint": (Meteo.NUAGE, Meteo.ORAGE),
}
"""Météos that agree with a statut; nothing contradicts a programme that is not measured."""


def contredit(meteo: Meteo, statut: str) -> bool:
    """Does the human judgement disagree with the computed statut? A signal of its own, not an error."""
    return statut in METEO_ATTENDUE and meteo not in METEO_ATTENDUE[statut]
