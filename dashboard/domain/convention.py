"""What a source declares of the right to show it: the sharing agreement, and its entry in the register of processing.

The agreement says who, what for, under which licence and until when. The entry is the one of article 30 of the GDPR.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field, model_validator

from dashboard.domain.declaration import Modele, Texte
from dashboard.domain.indicateur import Acces, Indicateur

OUVERTURE = (Acces.OUVERT, Acces.GFU, Acces.INTERNE)
"""From the widest access to the narrowest."""
PREAVIS, RAPPEL = 60, 30
"""Days left from which an agreement is told to end soon, then very soon."""

BaseLegale = Literal[
    "consentement", "contrat", "obligation_legale", "interets_vitaux", "mission_interet_public", "interet_legitime"
]
BASES: dict[str, str] = {
    "consentement": "consentement", "contrat": "contrat", "obligation_legale": "obligation légale",
    "interets_vitaux": "sauvegarde des intérêts vitaux", "mission_interet_public": "mission d'intérêt public",
    "interet_legitime": "intérêt légitime",
}  # fmt: skip
"""The six legal bases of article 6 of the GDPR."""


def plus_etroit(acces: Iterable[Acces]) -> Acces:
    """The narrowest of several accesses."""
    return max(acces, key=OUVERTURE.index)


class EtatConvention(StrEnum):
    """Where an agreement stands on a day."""

    EXPIREE = "expirée"
    IMMINENTE = "expire sous 30 jours"
    PROCHE = "expire sous 60 jours"
    EN_COURS = "en cours"


class Convention(Modele):
    """A sharing agreement. ``jusqu_au``: last day of diffusion. ``diffusion``: the widest circle that it allows."""

    partenaires: tuple[Texte, ...] = Field(min_length=1)
    finalite: Texte
    licence: Texte
    reference: Texte
    signee_le: date
    jusqu_au: date
    diffusion: Acces

    @model_validator(mode="after")
    def _ordonnee(self) -> Convention:
        if self.jusqu_au < self.signee_le:
            raise ValueError(
                f"convention signée le {self.signee_le:%d/%m/%Y} et close le {self.jusqu_au:%d/%m/%Y} : "
                "corriger l'une des deux dates"
            )
        return self

    def reste(self, jour: date) -> int:
        """Days left, 0 on the last one, negative once it has expired."""
        return (self.jusqu_au - jour).days

    def etat(self, jour: date) -> EtatConvention:
        """Where it stands on that day."""
        reste = self.reste(jour)
        if reste < 0:
            return EtatConvention.EXPIREE
        if reste <= RAPPEL:
            return EtatConvention.IMMINENTE
        return EtatConvention.PROCHE if reste <= PREAVIS else EtatConvention.EN_COURS


class Aipd(Modele):
    """The nine criteria of the European data protection board, each answered; two or more ask for an assessment."""

    evaluation: bool
    decision_automatique: bool
    surveillance: bool
    donnees_sensibles: bool
    grande_echelle: bool
    croisement: bool
    personnes_vulnerables: bool
    usage_innovant: bool
    exclusion_droit: bool

    @property
    def reunis(self) -> tuple[str, ...]:
        """The criteria that are met, in words."""
        return tuple(CRITERES[nom] for nom in type(self).model_fields if getattr(self, nom))

    @property
    def requise(self) -> bool:
        """Is a data protection impact assessment to be made?"""
        return len(self.reunis) >= 2


CRITERES = {
    "evaluation": "évaluation ou notation de personnes",
    "decision_automatique": "décision automatique à effet juridique",
    "surveillance": "surveillance systématique",
    "donnees_sensibles": "données sensibles ou très personnelles",
    "grande_echelle": "grande échelle",
    "croisement": "croisement de données",
    "personnes_vulnerables": "personnes vulnérables",
    "usage_innovant": "usage innovant",
    "exclusion_droit": "exclusion du bénéfice d'un droit",
}


class Traitement(Modele):
    """One entry of the register. ``origine``: what the data were before they were aggregated, when that is known.

    ``identifiants``: columns of the supply that carry personal identifiers; they are read, checked and dropped, never
    stored. A supply that carries any other is refused.
    """

    donnees_personnelles: bool
    finalite: Texte
    origine: str = ""
    base_legale: BaseLegale | None = None
    personnes: tuple[Texte, ...] = ()
    categories: tuple[Texte, ...] = ()
    duree_conservation: str = ""
    destinataires: tuple[Texte, ...] = ()
    identifiants: tuple[Texte, ...] = ()
    aipd: Aipd | None = None

    @model_validator(mode="after")
    def _complet(self) -> Traitement:
        if not self.donnees_personnelles:
            if self.identifiants:
                raise ValueError("identifiants déclarés sans données personnelles ; écrire donnees_personnelles: true")
            return self
        exiges = ("base_legale", "personnes", "categories", "duree_conservation", "destinataires", "aipd")
        if absents := [c for c in exiges if not getattr(self, c)]:
            raise ValueError(f"données personnelles sans {', '.join(absents)} ; l'ajouter à traitement")
        return self

    @property
    def aipd_dite(self) -> str:
        """The outcome of the screening, in words."""
        if self.aipd is None:
            return "sans objet"
        return "requise" if self.aipd.requise else "non requise"


ABONNEMENTS = Traitement(
    donnees_personnelles=True,
    finalite="Envoyer par courriel les alertes et le bulletin à qui s'y est abonné.",
    base_legale="consentement",
    personnes=("abonnés",),
    categories=("adresse électronique", "alertes et territoire choisis"),
    duree_conservation="Celle de l'abonnement, l'adresse est effacée avec lui ; celle du réglage BOUSSOLE_BULLETIN.",
    destinataires=("exploitant du serveur", "serveur de courriel réglé par BOUSSOLE_SMTP"),
    aipd=Aipd(**dict.fromkeys(CRITERES, False)),
)
"""What the software itself processes, in every espace: the addresses of the subscriptions, and nothing else."""


def resserre(indicateur: Indicateur, sources: Iterable[tuple[Acces, Convention | None]]) -> tuple[Acces, date | None]:
    """Access and last day of diffusion of an indicator: the narrowest of its own and of those of its sources."""
    siennes = list(sources)
    jours = [c.jusqu_au for _, c in siennes if c] + ([indicateur.jusqu_au] if indicateur.jusqu_au else [])
    return plus_etroit([indicateur.acces, *(a for a, _ in siennes)]), min(jours, default=None)
