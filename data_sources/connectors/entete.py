"""Which row names the columns when titles and blank lines come first, and the names, cleaned and made unique.

Shared by every connector that reads tables laid out by hand: text files and worksheets.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from dashboard.domain.source import Source
from data_sources.connectors import LivraisonIllisible

RANGEES_LUES = 1_000
COLONNES_MAX = 16_384
NOMBRE = re.compile(r"[+\-−]?[\s.,]*\d[\d\s.,]*%?")
ANNEE = re.compile(r"(19|20)\d\d")

Rangee = Sequence[object]


def propre(cellule: object) -> str:
    """A header cell as a name: stripped, every run of spaces (no-break ones, line breaks) is one space."""
    if cellule is None:
        return ""
    if isinstance(cellule, float) and cellule.is_integer():
        return str(int(cellule))
    return " ".join(str(cellule).replace("\ufeff", "").split())


def attendus(source: Source) -> frozenset[str]:
    """The column names the source declares, cleaned, in lower case: a header row is expected to hold them."""
    noms = {n for n in source.colonnes.model_dump().values() if n}
    if source.forme:
        noms |= set(source.forme.garde)
        noms |= {n for m in source.forme.mesures for n in (m.valeur, m.numerateur, m.denominateur, m.n_unites) if n}
    return frozenset(propre(n).casefold() for n in noms)


def rang_entete(rangees: Iterable[Rangee], source: Source) -> int:
    """Rank of the header row among ``rangees`` (the first rows of the table).

    The words the source declares for it, else the row that holds most of the declared column names, else the first
    row of unique texts as wide as the data. Raises :class:`LivraisonIllisible`.
    """
    propres = [[propre(c) for c in rangee] for rangee in rangees]
    if source.lecture.entete:
        return _par_mots(propres, source.lecture.entete)
    rang = _par_noms(propres, source)
    rang = _par_forme(propres) if rang is None else rang
    if rang is None:
        raise LivraisonIllisible(
            "aucune ligne d'en-tête reconnue. Nommer chaque colonne, ou déclarer lecture.entete dans la source."
        )
    return rang


def _par_mots(propres: list[list[str]], mots: tuple[str, ...]) -> int:
    voulus = {propre(m).casefold() for m in mots}
    cellules = [{c.casefold() for c in rangee if c} for rangee in propres]
    exactes = (r for r, siennes in enumerate(cellules) if voulus <= siennes)
    larges = (
        r for r, siennes in enumerate(cellules)
        if len(siennes) >= len(voulus) and all(any(m in c for c in siennes) for m in voulus)
    )  # fmt: skip
    rang = next(exactes, None)
    rang = next(larges, None) if rang is None else rang
    if rang is None:
        raise LivraisonIllisible(
            f"aucune ligne ne porte l'en-tête déclaré ({', '.join(f'« {m} »' for m in mots)}). "
            "Reprendre le modèle de fichier, ou corriger lecture.entete dans la source."
        )
    return rang


def reconnus(rangee: Iterable[str], source: Source, voulus: frozenset[str]) -> int:
    """How many of the declared names a cleaned row holds; columns of periods count for one."""
    cellules = {c.casefold() for c in rangee}
    periodes = source.forme.periodes if source.forme else None
    return len(cellules & voulus) + bool(periodes and any(re.fullmatch(periodes.motif, c) for c in rangee))


def _par_noms(propres: list[list[str]], source: Source) -> int | None:
    voulus = attendus(source)
    comptes = [reconnus(rangee, source, voulus) for rangee in propres]
    meilleur = max(comptes, default=0)
    return comptes.index(meilleur) if meilleur >= min(2, len(voulus)) and meilleur else None


def _par_forme(propres: list[list[str]]) -> int | None:
    largeur = largeur_usuelle(map(largeur_utile, propres))
    for part in (0.8, 0.5):
        for rang, rangee in enumerate(propres):
            cellules = [c for c in rangee if c]
            if cellules and len(cellules) >= part * largeur and _sont_des_noms(cellules):
                return rang
    return None


def _sont_des_noms(cellules: list[str]) -> bool:
    textes = [c for c in cellules if not NOMBRE.fullmatch(c[:64]) or ANNEE.fullmatch(c)]
    distincts = len(set(cellules))
    return 2 * len(textes) >= len(cellules) and (distincts >= len(cellules) - 1 or 3 * distincts >= 2 * len(cellules))


def largeur_utile(rangee: Sequence[str]) -> int:
    """Number of cells up to the last one that is not empty."""
    return next((r for r in range(len(rangee), 0, -1) if rangee[r - 1]), 0)


def largeur_usuelle(largeurs: Iterable[int]) -> int:
    """The width that covers most cells: titles and notes are narrow, the table is wide."""
    comptes = Counter(n for n in largeurs if n)
    return max(comptes, key=lambda n: (n * comptes[n], n), default=0)


def noms_uniques(cellules: Iterable[object]) -> list[str]:
    """Names of columns: « colonne 3 » for an empty cell, « Nom (2) » for the second « Nom »."""
    noms: list[str] = []
    vus: Counter[str] = Counter()
    pris: set[str] = set()
    for rang, cellule in enumerate(cellules, start=1):
        base = propre(cellule) or f"colonne {rang}"
        vus[base] += 1
        while (nom := base if vus[base] == 1 else f"{base} ({vus[base]})") in pris:
            vus[base] += 1
        pris.add(nom)
        noms.append(nom)
    if len(noms) > COLONNES_MAX:
        raise LivraisonIllisible(f"{len(noms)} colonnes, au plus {COLONNES_MAX}. Vérifier le séparateur du fichier.")
    return noms


def acheve(table: pd.DataFrame, entete: Sequence[object]) -> pd.DataFrame:
    """The table without its empty rows nor its columns that have neither name nor cell; its index is « ligne »."""
    vides = table.isna()
    sans_nom = [not propre(c) for c in entete]
    gardees = [not (anonyme and vide) for anonyme, vide in zip(sans_nom, vides.all(), strict=True)]
    lignes_vides = vides.all(axis=1)
    if lignes_vides.any():
        table = table[~lignes_vides]
    table = table if all(gardees) else table.loc[:, gardees]
    if table.empty:
        raise LivraisonIllisible("aucune ligne sous l'en-tête. Vérifier que le fichier n'a pas été vidé.")
    return table.rename_axis(index="ligne")


def en_date(cellule: object) -> object:
    """A date without hour as a timestamp, so that a column has one type; anything else as it is."""
    return pd.Timestamp(cellule) if isinstance(cellule, date) else cellule


def refuse_identifiants(table: pd.DataFrame, ou: str = "") -> None:
    """What lies around the table is kept with its file: no personal identifier there. Raises as when unreadable."""
    from data_sources.identifiants import cherche  # late: it raises what the checks of a lot raise

    if trouve := next(cherche(table), None):
        raise LivraisonIllisible(
            f"identifiants personnels hors du tableau, rien n'en est gardé. {ou}{trouve.dite}. "
            "Les retirer du fichier, ou le redemander sans eux."
        )


def verifie_dessus(rangees: Iterable[tuple[int, Rangee]]) -> None:
    """The lines above the header, each with its number. Raises :class:`LivraisonIllisible`."""
    textes = {ligne: " ; ".join(propre(c) for c in cellules) for ligne, cellules in rangees}
    refuse_identifiants(pd.DataFrame({"au-dessus de l'en-tête": pd.Series(textes, dtype=object)}))
