"""A period is two dates and a rhythm; its text is only for display."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dashboard.domain.formatage import date_courte, mois_annee, ordinal


class PeriodeInconnue(ValueError):
    """A text that is not a period; the message names it and lists the accepted forms."""


class Frequence(StrEnum):
    """Rhythm of a period, SDMX-like, with French initials."""

    A = "A"
    S = "S"
    T = "T"
    M = "M"
    J = "J"
    P = "P"

    @property
    def libelle(self) -> str:
        """Adjective shown to people, feminine (« série annuelle »)."""
        return _FREQUENCES[self][0]

    @property
    def mois(self) -> int | None:
        """Length in months; None for a day and for a span of several years."""
        return _FREQUENCES[self][1]


_FREQUENCES: dict[Frequence, tuple[str, int | None]] = {
    Frequence.A: ("annuelle", 12),
    Frequence.S: ("semestrielle", 6),
    Frequence.T: ("trimestrielle", 3),
    Frequence.M: ("mensuelle", 1),
    Frequence.J: ("à date", None),
    Frequence.P: ("pluriannuelle", None),
}


@dataclass(frozen=True, order=True, slots=True)
class Periode:
    """From ``debut`` to ``fin``, both included. Raises ``PeriodeInconnue`` if they are inverted."""

    debut: date
    fin: date
    frequence: Frequence

    def __post_init__(self) -> None:
        if self.fin < self.debut:
            raise PeriodeInconnue(f"Période inversée : du {self.debut} au {self.fin}. La fin doit suivre le début.")

    @property
    def code(self) -> str:
        """Text that ``parse_periode`` reads back: 2023, 2023-S1, 2023-T4, 2023-12, 2023-12-31, 2017-2023."""
        return _CODES[self.frequence](self)

    @property
    def texte(self) -> str:
        """French text: « 2023 », « 1er sem. 2023 », « 4e trim. 2023 », « déc. 2023 », « 2017-2023 »."""
        return _TEXTES[self.frequence](self)

    def __str__(self) -> str:
        return self.texte


def _rang(periode: Periode, mois: int) -> int:
    return (periode.debut.month - 1) // mois + 1


_CODES: dict[Frequence, Callable[[Periode], str]] = {
    Frequence.A: lambda p: f"{p.debut.year:04d}",
    Frequence.S: lambda p: f"{p.debut.year:04d}-S{_rang(p, 6)}",
    Frequence.T: lambda p: f"{p.debut.year:04d}-T{_rang(p, 3)}",
    Frequence.M: lambda p: f"{p.debut.year:04d}-{p.debut.month:02d}",
    Frequence.J: lambda p: p.fin.isoformat(),
    Frequence.P: lambda p: f"{p.debut.year:04d}-{p.fin.year:04d}",
}
_TEXTES: dict[Frequence, Callable[[Periode], str]] = {
    Frequence.A: lambda p: str(p.debut.year),
    Frequence.S: lambda p: f"{ordinal(_rang(p, 6))} sem. {p.debut.year}",
    Frequence.T: lambda p: f"{ordinal(_rang(p, 3))} trim. {p.debut.year}",
    Frequence.M: lambda p: mois_annee(p.debut),
    Frequence.J: lambda p: date_courte(p.fin),
    Frequence.P: lambda p: f"{p.debut.year}-{p.fin.year}",
}
_FORMES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Periode]]] = [
    (re.compile(r"(\d{4})", re.ASCII), lambda m: _mois(int(m[1]), 1, 12, Frequence.A)),
    (re.compile(r"(\d{4})-S([12])", re.ASCII), lambda m: _mois(int(m[1]), 6 * int(m[2]) - 5, 6, Frequence.S)),
    (
        re.compile(r"(\d{4})-[TQ]([1-4])", re.ASCII),  # Q: as SDMX writes a quarter
        lambda m: _mois(int(m[1]), 3 * int(m[2]) - 2, 3, Frequence.T),
    ),
    (re.compile(r"(\d{4})-(\d{2})", re.ASCII), lambda m: _mois(int(m[1]), int(m[2]), 1, Frequence.M)),
    (re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII), lambda m: _jour(date.fromisoformat(m[0]))),
    (re.compile(r"(\d{4})-(\d{4})", re.ASCII), lambda m: _annees(int(m[1]), int(m[2]))),
]


def _mois(annee: int, premier: int, nombre: int, frequence: Frequence) -> Periode:
    dernier = premier + nombre - 1
    fin = date(annee, dernier, monthrange(annee, dernier)[1])
    return Periode(date(annee, premier, 1), fin, frequence)


def _jour(jour: date) -> Periode:
    return Periode(jour, jour, Frequence.J)


def _annees(premiere: int, derniere: int) -> Periode:
    if derniere <= premiere:
        raise ValueError("années inversées")
    return Periode(date(premiere, 1, 1), date(derniere, 12, 31), Frequence.P)


def parse_periode(texte: str) -> Periode:
    """Read a period code (see ``Periode.code``). Raises ``PeriodeInconnue`` naming the text and the forms."""
    for forme, construit in _FORMES:
        trouve = forme.fullmatch(texte.strip())
        if trouve:
            try:
                return construit(trouve)
            except ValueError as erreur:
                raise PeriodeInconnue(_refus(texte)) from erreur
    raise PeriodeInconnue(_refus(texte))


def _refus(texte: str) -> str:
    return f"Période inconnue : « {texte} ». Formes admises : 2023, 2023-S1, 2023-T4, 2023-12, 2023-12-31 ou 2017-2023."


def semaine_iso(jour: date) -> str:
    """ISO 8601 week of a day: 2027-01-01 is 2026-W53."""
    annee, semaine, _ = jour.isocalendar()
    return f"{annee:04d}-W{semaine:02d}"


def bornes_semaine(code: str) -> tuple[date, date]:
    """Monday and Sunday of an ISO week code. Raises ``PeriodeInconnue``."""
    try:
        annee, semaine = code.split("-W")
        lundi = date.fromisocalendar(int(annee), int(semaine), 1)
    except ValueError as erreur:
        raise PeriodeInconnue(f"Semaine inconnue : « {code} ». Forme admise : 2026-W47.") from erreur
    return lundi, lundi + timedelta(days=6)


def ajoute_mois(jour: date, mois: int) -> date:
    """Same day ``mois`` months later; the end of a month stays the end of a month."""
    rang = jour.year * 12 + jour.month - 1 + mois
    annee, zero = divmod(rang, 12)
    longueur = monthrange(annee, zero + 1)[1]
    fin_de_mois = jour.day == monthrange(jour.year, jour.month)[1]
    return date(annee, zero + 1, longueur if fin_de_mois else min(jour.day, longueur))
