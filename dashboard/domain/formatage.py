"""French text of numbers, dates, plurals and lists, by Babel. One formatter for tables and sentences."""

import math
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from babel.dates import format_date
from babel.numbers import NumberPattern, format_decimal, parse_pattern

ABSENT = "n.d."
SECRET = "s."
ESPACE_FINE = "\u202f"
MOINS = "\u2212"
_LARGE = Context(prec=400)
PARIS = ZoneInfo("Europe/Paris")

Reel = float | int | Decimal | None


def _est_absent(x: Any) -> bool:
    return x is None or x is pd.NA or not math.isfinite(x)


def _arrondi(x: float | int | Decimal, decimales: int) -> Decimal:
    """Half away from zero, as taught at school (Python and Babel round half to even)."""
    exact = Decimal(x) if isinstance(x, int | Decimal) else Decimal(repr(float(x)))
    return exact.quantize(Decimal(1).scaleb(-decimales), rounding=ROUND_HALF_UP, context=_LARGE) + 0


@lru_cache(maxsize=16)
def _motif(decimales: int) -> NumberPattern:
    """Read once: Babel would read the same pattern again for each figure of a table."""
    return parse_pattern("#,##0" + ("." + "0" * decimales if decimales else ""))


def _texte(x: float | int | Decimal, decimales: int) -> str:
    texte = format_decimal(_arrondi(x, decimales), format=_motif(decimales), locale="fr")
    return texte.replace("-", MOINS).replace("\u00a0", ESPACE_FINE)


def nombre(x: Reel, decimales: int = 0, *, secret: bool = False) -> str:
    """« 1 234,5 »: fixed decimals, narrow no-break spaces; missing is « n.d. », hidden is « s. »."""
    if secret:
        return SECRET
    if x is None or _est_absent(x):
        return ABSENT
    return _texte(x, decimales)


def nombre_nu(x: float) -> str:
    """A figure as it is: no decimals when it is whole, else two."""
    return nombre(x, 0 if float(x).is_integer() else 2)


def pourcentage(x: Reel, decimales: int = 1, *, secret: bool = False) -> str:
    """« 12,3 % » from 12.3 (already a percentage, never a fraction)."""
    return avec_unite(x, "%", decimales, secret=secret)


def avec_unite(x: Reel, unite: str, decimales: int = 0, *, secret: bool = False) -> str:
    """« 12 ha »; a missing or hidden value carries no unit, an empty unit adds nothing."""
    texte = nombre(x, decimales, secret=secret)
    if texte in (ABSENT, SECRET) or not unite:
        return texte
    return f"{texte}{ESPACE_FINE}{unite}"


def signe(x: Reel, decimales: int = 0, unite: str = "", *, secret: bool = False) -> str:
    """A change: « +1,2 pt », « −3 »; what rounds to zero carries no sign."""
    texte = avec_unite(x, unite, decimales, secret=secret)
    positif = x is not None and not _est_absent(x) and _arrondi(x, decimales) > 0
    return f"+{texte}" if positif and not secret else texte


def _premier(jour: date, texte: str) -> str:
    return texte.replace("1 ", "1er ", 1) if jour.day == 1 else texte


def date_courte(jour: date) -> str:
    """« 23 nov. 2026 », « 1er janv. 2026 »."""
    return _premier(jour, format_date(jour, "d MMM y", locale="fr"))


def date_longue(jour: date) -> str:
    """« 23 novembre 2026 », « 1er janvier 2026 »."""
    return _premier(jour, format_date(jour, "d MMMM y", locale="fr"))


def mois_annee(jour: date, *, court: bool = True) -> str:
    """« déc. 2023 », or « décembre 2023 » when ``court`` is false."""
    return format_date(jour, "MMM y" if court else "MMMM y", locale="fr")


def date_heure(instant: datetime) -> str:
    """« 23 nov. 2026 à 14:05 », Paris time, from an instant that knows its zone (ValueError otherwise)."""
    if instant.tzinfo is None:
        raise ValueError(f"Instant sans fuseau : {instant.isoformat()}. Donner un instant en UTC.")
    local = instant.astimezone(PARIS)
    return f"{date_courte(local.date())} à {local:%H:%M}"


def jour_local(instant: datetime) -> date:
    """The day in Paris of an instant; one that knows no zone is in UTC, as the store keeps them."""
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(PARIS).date()


def pluriel(n: float, singulier: str, plusieurs: str) -> str:
    """The word that agrees with n; in French 0, 1 and 1,9 are singular."""
    return singulier if abs(n) < 2 else plusieurs


def compte(n: int, singulier: str, plusieurs: str) -> str:
    """« 1 commune », « 3 685 communes »."""
    return f"{nombre(n)}{ESPACE_FINE}{pluriel(n, singulier, plusieurs)}"


def ordinal(n: int, *, feminin: bool = False) -> str:
    """« 1er », « 1re », « 2e »."""
    if n == 1:
        return "1re" if feminin else "1er"
    return f"{nombre(n)}e"


def liste(termes: Sequence[str], conjonction: str = "et") -> str:
    """« a, b et c »; an empty sequence gives an empty text."""
    if len(termes) < 2:
        return "".join(termes)
    return f"{', '.join(termes[:-1])} {conjonction} {termes[-1]}"


def en_phrase(libelle: str) -> str:
    """A label inside a sentence: « régularité des TER », acronyms as they are."""
    return libelle if libelle[1:2].isupper() else libelle[:1].lower() + libelle[1:]


def sans_accent(texte: str) -> str:
    """A text as one searches it: no accent, no capital, hyphens as spaces."""
    plat = unicodedata.normalize("NFD", texte.casefold().replace("’", "'").replace("-", " "))
    return "".join(c for c in plat if not unicodedata.combining(c))
