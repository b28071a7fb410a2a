"""Where the packages are, and in one look the last one: its week, its age, whether its seal still holds.

Light on purpose: readiness asks it of a server that makes no package. Reading every byte is ``snapshot verify``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from dashboard.domain.formatage import compte, date_courte
from dashboard.domain.instantane import (
    MANIFESTE,
    PARIS,
    PUBLIE,
    SCEAU,
    Maillon,
    Sceau,
    Semaine,
    empreinte,
    empreinte_courte,
    non_produites,
    presents,
)
from dashboard.exports.publication import InstantaneAbime, courant, lis_chaine
from dashboard.reglages import Reglages
from dashboard.serving.sante import Controle

DOSSIERS = {"public": "snapshots", "interne": "snapshots-internes"}
CITEES = 6


def dossier(reglages: Reglages, audience: str) -> Path:
    """Where the packages of an audience are: two folders, so that serving one never shows the other."""
    return reglages.home / DOSSIERS[audience]


def controle(reglages: Reglages, audience: str = "public", maintenant: datetime | None = None) -> Controle:
    """The last package of an audience. None at all is no fault; one that does not hold is."""
    ou, nom = dossier(reglages, audience), "instantane" if audience == "public" else f"instantane_{audience}"
    try:
        journal = lis_chaine(ou)
        if not presents(journal):
            return Controle(nom, True, "Aucun instantané publié. Le premier : make snapshot.")
        semaine = _tient(ou, journal)
    except (OSError, ValueError, TypeError, InstantaneAbime) as erreur:
        message = f"{erreur.strerror or erreur}" if isinstance(erreur, OSError) else str(erreur)
        return Controle(nom, False, f"Dernier instantané à revoir : {message} Lancer snapshot verify.")
    return Controle(nom, True, _phrase(semaine, journal, maintenant or datetime.now(UTC)))


def _tient(ou: Path, journal: Sequence[Maillon]) -> Semaine:
    """The week that ``current`` names, once its seal, its manifest and its line of the journal agree."""
    nom = courant(ou) or ""
    semaine, maillons = Semaine.lis(nom), presents(journal)
    octets = (ou / nom / MANIFESTE).read_bytes()
    lu = Sceau.lis((ou / nom / SCEAU).read_bytes())
    refait = Sceau.scelle(semaine, lu.audience, empreinte(octets), lu.contenu, lu.precedent)
    if lu != refait or semaine not in maillons or maillons[semaine].sceau != lu.sceau:
        raise ValueError(f"{nom}, sceau rompu.")
    if semaine != list(maillons)[-1]:
        raise ValueError(f"« current » désigne {nom}, le dernier publié est {list(maillons)[-1]}.")
    return semaine


def _phrase(semaine: Semaine, journal: Sequence[Maillon], maintenant: datetime) -> str:
    maillon = presents(journal)[semaine]
    fait = datetime.fromisoformat(maillon.quand).astimezone(PARIS).date()
    publies = [Semaine.lis(m.semaine) for m in journal if m.evenement == PUBLIE]
    manquent = non_produites(publies, Semaine.de(maintenant))
    dit = f"{semaine}, publié le {date_courte(fait)} ({_age(fait, maintenant)}), sceau vérifié, empreinte "
    return f"{dit}{empreinte_courte(maillon.contenu)}.{_manquent(manquent)}"


def _age(fait: date, maintenant: datetime) -> str:
    jours = (maintenant.astimezone(PARIS).date() - fait).days
    return "aujourd'hui" if jours <= 0 else f"il y a {compte(jours, 'jour', 'jours')}"


def _manquent(semaines: Sequence[Semaine]) -> str:
    """The last weeks that were not made; the others are only counted."""
    if not semaines:
        return ""
    citees = ", ".join(str(s) for s in semaines[-CITEES:])
    avant = len(semaines) - CITEES
    suite = f" et {compte(avant, 'autre', 'autres')} avant" if avant > 0 else ""
    return f" Non produites : {citees}{suite}."
