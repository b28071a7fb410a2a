"""Where the service runs, whom it may call, and what was proven of it: records, no opinion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from pydantic import AwareDatetime, Field

from dashboard.domain.declaration import Modele, Texte
from dashboard.domain.formatage import compte, date_heure
from dashboard.domain.source import Source

EN_LIGNE = ("http", "ogc", "sdmx")


class Preuve(Modele):
    """One run of a browser over every page: what it asked, and of whom.

    ``requetes``: all that were seen; ``etrangeres``: addresses of another host; ``refus``: what the browser itself
    refused under the security policy; ``tailles``: screens, « 1440x900 ».
    """

    faite_le: AwareDatetime
    version: Texte
    navigateur: Texte
    pages: tuple[Texte, ...] = Field(min_length=1)
    tailles: tuple[Texte, ...] = Field(min_length=1)
    requetes: int = Field(gt=0)
    etrangeres: tuple[Texte, ...] = ()
    refus: tuple[Texte, ...] = ()

    @property
    def tenue(self) -> bool:
        """Did everything stay at home?"""
        return not self.etrangeres and not self.refus

    @property
    def phrase(self) -> str:
        """« 0 requête vers un tiers sur 1 245, 13 pages ouvertes en 2 tailles d'écran, le 28 nov. 2026 à 23:10 »."""
        tiers = compte(len(self.etrangeres), "requête vers un tiers", "requêtes vers un tiers")
        return (
            f"{tiers} sur {compte(self.requetes, 'observée', 'observées')}, "
            f"{compte(len(self.pages), 'page ouverte', 'pages ouvertes')} en "
            f"{compte(len(self.tailles), 'taille', 'tailles')} d'écran, le {date_heure(self.quand)}"
        )

    @property
    def quand(self) -> datetime:
        """When it was made."""
        return self.faite_le


@dataclass(frozen=True)
class Sortie:
    """A host that something of ours may call. ``qui``: « le serveur » or « le navigateur du lecteur »."""

    hote: str
    pourquoi: str
    qui: str = "le serveur"


def sorties_des_sources(sources: Iterable[Source]) -> tuple[Sortie, ...]:
    """The hosts of the sources pulled on the web, each with what it is asked for."""
    noms: dict[str, list[str]] = {}
    for source in sources:
        if source.connecteur in EN_LIGNE:
            noms.setdefault(urlsplit(source.url).netloc, []).append(source.nom)
    return tuple(Sortie(hote, " ; ".join(sorted(n))) for hote, n in sorted(noms.items()))
