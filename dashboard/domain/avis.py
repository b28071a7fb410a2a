"""Alerts told to someone: which ones a filter keeps, since when, and what makes one new."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.domain.alertes import (
    REGLES,
    Alerte,
    DossierProgramme,
    attendues,
    causes,
    depassees,
    phrase_alerte,
)
from dashboard.domain.rappels import DECISION_JOURS, attendue, jour
from dashboard.domain.situation import Situation


@dataclass(frozen=True)
class Filtre:
    """Which alerts are wanted; an empty part wants them all. ``territoire`` empty: the région."""

    programmes: tuple[str, ...] = ()
    territoire: str = ""
    alertes: tuple[Alerte, ...] = ()


@dataclass(frozen=True)
class Avis:
    """One alert of one programme."""

    alerte: Alerte
    dossier: DossierProgramme

    @property
    def cle(self) -> str:
        """See :func:`cle`."""
        return cle(self.alerte, self.dossier)

    @property
    def depuis(self) -> date | None:
        """See :func:`depuis`."""
        return depuis(self.alerte, self.dossier)

    @property
    def phrase(self) -> str:
        """See ``alertes.phrase_alerte``."""
        return phrase_alerte(self.alerte, self.dossier)


def list_avis(dossiers: Iterable[DossierProgramme], filtre: Filtre) -> list[Avis]:
    """The alerts a filter keeps, the most serious first, then in the order of the programmes."""
    retenus = [d for d in dossiers if not filtre.programmes or d.etat.programme.id in filtre.programmes]
    voulues = [a for a in Alerte if not filtre.alertes or a in filtre.alertes]
    return [Avis(a, d) for a in voulues for d in retenus if REGLES[a](d)]


def depuis(alerte: Alerte, d: DossierProgramme) -> date | None:
    """The date of the latest fact: of a value, an échéance, a decision or words; None when nothing dates it.

    A decision to come counts from the day it is announced: a fact is never in the future.
    """
    siennes = causes(alerte, d)
    if alerte is Alerte.ECHU:
        return max((s.objectif.echeance for s in siennes if s.objectif), default=None)
    if alerte is Alerte.PERIME:
        return max((j for s in siennes if (j := attendue(s))), default=None)
    if alerte is Alerte.METEO_CONTREDITE and d.synthese:
        return max((jour(d.synthese), *(j for s in siennes if (j := s.avancement.date_va))))
    if alerte is Alerte.DECISION_DEPASSEE:
        return max((c.echeance for c, _ in depassees(d)), default=None)
    if alerte is Alerte.DECISION_ATTENDUE:
        annonces = (max(jour(a), c.echeance - timedelta(days=DECISION_JOURS)) for c, a in attendues(d))
        return max(annonces, default=None)
    return max((s.serie[-1][0] for s in siennes if s.serie), default=None)


def cle(alerte: Alerte, d: DossierProgramme) -> str:
    """Names the alert and its fact: the same as long as the figure, the target and the words behind it are."""
    empreinte = hashlib.sha256("\n".join(_fait(alerte, d)).encode()).hexdigest()[:16]
    return f"{d.etat.programme.id}:{d.etat.code}:{alerte.value}:{empreinte}"


def _fait(alerte: Alerte, d: DossierProgramme) -> list[str]:
    if alerte in (Alerte.DECISION_DEPASSEE, Alerte.DECISION_ATTENDUE):
        decisions = depassees(d) if alerte is Alerte.DECISION_DEPASSEE else attendues(d)
        return [f"{a.fil} {c.echeance}" for c, a in decisions]
    chiffres = [_chiffre(s) for s in causes(alerte, d)]
    if alerte is Alerte.METEO_CONTREDITE and d.synthese:
        return [f"{d.synthese.fil} {d.meteo} {d.etat.statut}", *chiffres]
    return [str(d.etat.motif), *chiffres] if alerte is Alerte.NON_MESURE else chiffres


def _chiffre(s: Situation) -> str:
    """The last figure and the target it is judged on."""
    but = (s.objectif.auteur, s.objectif.echeance, s.objectif.trajectoire.vc) if s.objectif else ()
    return f"{s.indicateur.id} {s.serie[-1] if s.serie else ''} {but}"
