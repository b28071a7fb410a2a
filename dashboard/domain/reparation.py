"""Declared repairs of dirty values: decimal commas, spaces in numbers, dashes, percent signs, lost zeros, dates.

Pure: a column of cells as received in, the same column repaired out, with what was changed and where. A rule that is
not declared for the source is never applied; one that is applied is always counted, with its first examples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from dashboard.domain.territoire import Maille

EXEMPLES = 5
LONGUEURS = {Maille.COMMUNE: 5, Maille.DEPARTEMENT: 2, Maille.REGION: 2, Maille.EPCI: 9}
ORIGINE_EXCEL = date(1899, 12, 30)
ESPACES = "[\u00a0\u202f\u2009\u2007 \t\r\n]"
TIRETS = frozenset({"-", "–", "—", "", "n.d.", "nd", "n/d", "na", "n/a", "s.o.", "so", "...", "nan"})


@dataclass(frozen=True)
class Exemple:
    """One cell that a rule changed: its line in the file, before and after."""

    ligne: int
    avant: str
    apres: str


@dataclass(frozen=True)
class Trace:
    """What one rule did to one column."""

    regle: str
    colonne: str
    nombre: int
    exemples: tuple[Exemple, ...]


def texte(colonne: pd.Series) -> pd.Series:
    """The cells as text: a whole number typed as decimal (1001.0) is written whole, a missing cell stays missing."""
    if colonne.dtype == "str":
        return colonne
    if pd.api.types.is_float_dtype(colonne):
        entiers = colonne.dropna()
        if (entiers == entiers.round()).all():
            colonne = colonne.astype("Int64")
    return colonne.astype("object").where(colonne.notna(), None).map(_cellule, na_action="ignore").astype("str")


def _cellule(valeur: object) -> str:
    if isinstance(valeur, float) and valeur.is_integer():
        return str(int(valeur))
    return str(valeur)


def trace(regle: str, avant: pd.Series, apres: pd.Series, change: pd.Series[bool]) -> Trace | None:
    """The trace of a change between two columns indexed by line; None when nothing changed."""
    places = np.flatnonzero(change.to_numpy(dtype=bool, na_value=False))
    if not len(places):
        return None
    lignes = avant.index.to_numpy()[places]
    premieres = np.sort(np.unique(lignes, return_index=True)[1])[:EXEMPLES]
    exemples = [
        Exemple(int(lignes[rang]), _ou_vide(avant.iloc[places[rang]]), _ou_vide(apres.iloc[places[rang]]))
        for rang in premieres
    ]
    return Trace(regle, str(avant.name), len(places), tuple(exemples))


def _ou_vide(valeur: object) -> str:
    return "" if pd.isna(valeur) else str(valeur)  # type: ignore[call-overload]


Reparateur = Callable[[pd.Series], pd.Series]


def _sans_espaces(colonne: pd.Series) -> pd.Series:
    return colonne.str.replace(ESPACES, "", regex=True)


def _point(colonne: pd.Series) -> pd.Series:
    return colonne.str.replace(r"^([+\-\u2212]?\d+),(\d+)$", r"\1.\2", regex=True)


def _sans_pourcent(colonne: pd.Series) -> pd.Series:
    return colonne.str.replace(r"^([+\-\u2212]?[\d.,]+)\s*%$", r"\1", regex=True)


def _absent(colonne: pd.Series) -> pd.Series:
    return colonne.mask(colonne.str.strip().str.lower().isin(TIRETS))


def _zero(colonne: pd.Series) -> pd.Series:
    return colonne.mask(colonne.str.strip().isin(["-", "–", "—"]), "0")


def _fraction(colonne: pd.Series) -> pd.Series:
    nombres = pd.to_numeric(colonne, errors="coerce")
    return colonne.mask(nombres.notna(), (nombres * 100).round(10).map(_cellule, na_action="ignore"))


NUMERIQUES: dict[str, Reparateur] = {
    "espaces": _sans_espaces,
    "tiret_absent": _absent,
    "tiret_zero": _zero,
    "pourcent": _sans_pourcent,
    "virgule_decimale": _point,
    "fraction": _fraction,
}
"""Rules for figures, in the order they are applied."""


def repare_nombres(colonne: pd.Series, regles: Iterable[str]) -> tuple[pd.Series, list[Trace]]:
    """A column of figures as text, repaired by the declared rules; numbers of a typed source pass untouched."""
    traces: list[Trace] = []
    for regle, repare in NUMERIQUES.items():
        if regle not in regles:
            continue
        avant = texte(colonne)
        apres = repare(avant)
        change = avant.notna() & ((apres != avant) | apres.isna())
        if (faite := trace(regle, avant, apres, change)) is not None:
            traces.append(faite)
            colonne = apres
    return colonne, traces


def repare_bords(colonne: pd.Series) -> tuple[pd.Series, list[Trace]]:
    """Names, codes and periods without the spaces around them."""
    avant = texte(colonne)
    apres = avant.str.replace(f"^{ESPACES}+|{ESPACES}+$", "", regex=True)
    faite = trace("espaces", avant, apres, (avant != apres) & avant.notna())
    return (apres, [faite]) if faite else (colonne, [])


def repare_codes(colonne: pd.Series, maille: Maille | None) -> tuple[pd.Series, list[Trace]]:
    """Codes whose leading zero was lost by a spreadsheet: 1001 is the commune 01001."""
    avant = texte(colonne)
    longueur = LONGUEURS[maille] if maille else 0
    court = avant.str.fullmatch(rf"\d{{{longueur - 1}}}") if longueur else pd.Series(False, avant.index)
    apres = avant.mask(court.fillna(False).astype(bool), "0" + avant)
    faite = trace("zero_initial", avant, apres, court.fillna(False).astype(bool))
    return apres, [faite] if faite else []


def repare_dates(colonne: pd.Series, regles: Iterable[str]) -> tuple[pd.Series, list[Trace]]:
    """Spreadsheet serial numbers, days and months in either order: everything that can be becomes an ISO date.

    With ``jour_mois`` and ``mois_jour`` both declared, the French order is tried first.
    """
    voulues = [r for r in ("date_excel", "jour_mois", "mois_jour") if r in regles]
    if not voulues:
        return colonne, []
    avant = texte(colonne)
    uniques = avant.dropna().unique()
    trouvees = {cellule: sure for cellule in uniques if (sure := _premiere_date(str(cellule), voulues))}
    traces = []
    for regle in voulues:
        siennes = {cellule: jour for cellule, (par, jour) in trouvees.items() if par == regle}
        apres = avant.map(lambda c, d=siennes: d.get(c, c))
        faite = trace(regle, avant, apres, avant.isin(list(siennes)))
        traces += [faite] if faite else []
    toutes = {cellule: jour for cellule, (_, jour) in trouvees.items()}
    return avant.map(lambda c: toutes.get(c, c)), traces


def _premiere_date(cellule: str, regles: list[str]) -> tuple[str, str] | None:
    for regle in regles:
        jour = _LECTEURS[regle](cellule.strip())
        if jour is not None:
            return regle, jour.isoformat()
    return None


def _date_excel(cellule: str) -> date | None:
    if not (cellule.isascii() and cellule.isdigit() and len(cellule) == 5 and 20_000 <= int(cellule) <= 80_000):
        return None
    return ORIGINE_EXCEL + timedelta(days=int(cellule))


def _date_ecrite(cellule: str, *, mois_devant: bool) -> date | None:
    morceaux = cellule.replace(".", "/").replace("-", "/").split("/")
    if len(morceaux) != 3 or not all(m.isascii() and m.isdigit() for m in morceaux):
        return None
    if len(morceaux[0]) == 4:  # an ISO date already, unless day and month were swapped
        an, premier, second = morceaux
        jour, mois = (premier, second) if mois_devant else ("0", "0")
    else:
        premier, second, an = morceaux
        jour, mois = (second, premier) if mois_devant else (premier, second)
    if len(an) != 4:
        return None
    try:
        return date(int(an), int(mois), int(jour))
    except ValueError:
        return None


_LECTEURS: dict[str, Callable[[str], date | None]] = {
    "date_excel": _date_excel,
    "jour_mois": lambda c: _date_ecrite(c, mois_devant=False),
    "mois_jour": lambda c: _date_ecrite(c, mois_devant=True),
}
