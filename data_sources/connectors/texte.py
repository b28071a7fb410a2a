"""A table in a text file (CSV, TSV): delimiter and header row are found, cells stay text, lines keep their number.

Arrow reads the rows. When some have too few cells, or when blank lines shift the numbers, they are read one by one.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pcsv

from dashboard.domain.source import Source
from data_sources.connectors import LivraisonIllisible
from data_sources.connectors.encodage import Texte, en_utf8
from data_sources.connectors.entete import (
    acheve,
    attendus,
    largeur_usuelle,
    noms_uniques,
    propre,
    rang_entete,
    reconnus,
    verifie_dessus,
)

SEPARATEURS = (";", "\t", "|", ",")
CELLULES_MAX = 100_000_000
PAQUET = 2_000
BLOC = 8 << 20


class Lecteur(Protocol):
    """What csv.reader gives: rows, and the number of lines read so far."""

    @property
    def line_num(self) -> int: ...
    def __iter__(self) -> Iterator[list[str]]: ...


@dataclass(frozen=True)
class Plan:
    """How the body is read: from which line, under which names."""

    separateur: str
    cellules: tuple[str, ...]
    noms: list[str]
    ligne: int


def lis_texte(fichier: Path, source: Source) -> pd.DataFrame:
    """The rows of a delimited text, as text; an empty cell is missing. Raises :class:`LivraisonIllisible`."""
    with en_utf8(fichier, source.lecture.encodage) as texte:
        plan = _plan(texte, source)
        if texte.n_lignes * len(plan.noms) > CELLULES_MAX:
            raise LivraisonIllisible(
                f"{texte.n_lignes} lignes sur {len(plan.noms)} colonnes, au plus {CELLULES_MAX} cellules. Le découper."
            )
        table = _d_un_bloc(texte, plan)
        return acheve(_ligne_a_ligne(texte, plan) if table is None else table, plan.cellules)


def _plan(texte: Texte, source: Source) -> Plan:
    debut = texte.debut()
    if not debut:
        raise LivraisonIllisible("première ligne démesurée : aucun saut de ligne. Vérifier que c'est bien un tableau.")
    separateur = _declare(source.lecture.separateur) or _separateur(debut, source)
    rangees = list(_rangees(debut, separateur))
    rang = rang_entete((cellules for _, cellules in rangees), source)
    verifie_dessus(rangees[:rang])
    fin, cellules = rangees[rang]
    return Plan(separateur, tuple(cellules), noms_uniques(cellules), fin)


def _declare(separateur: str | None) -> str | None:
    if separateur in ("\\t", "tab", "tabulation"):
        return "\t"
    if separateur is not None and (len(separateur) != 1 or separateur in '"\r\n' or not separateur.isascii()):
        raise LivraisonIllisible(
            f"séparateur « {separateur} » incorrect. Donner un seul caractère dans lecture.separateur."
        )
    return separateur


def _rangees(debut: str, separateur: str) -> Iterator[tuple[int, list[str]]]:
    """Each row of the first lines with its last physical line; blank ones left out."""
    lecteur = csv.reader(io.StringIO(debut, newline=""), delimiter=separateur)
    try:
        for cellules in lecteur:
            if any(cellules):
                yield lecteur.line_num, cellules
    except csv.Error as erreur:
        raise LivraisonIllisible(_mal_ecrite(lecteur.line_num)) from erreur


def _mal_ecrite(ligne: int) -> str:
    return f"ligne {ligne} : guillemet mal placé ou jamais refermé. Corriger la ligne."


def _separateur(debut: str, source: Source) -> str:
    """The delimiter under which a row holds the declared names, else the one that cuts rows most evenly."""
    voulus = attendus(source)

    def note(separateur: str) -> tuple[int, float]:
        rangees = [cellules for _, cellules in _rangees(debut, separateur)]
        largeurs = [len(r) for r in rangees]
        usuelle = largeur_usuelle(largeurs)
        if usuelle < 2:
            return 0, 0.0
        depuis = largeurs[largeurs.index(usuelle) :]
        noms = max(reconnus([propre(c) for c in r], source, voulus) for r in rangees)
        return (noms if noms > 1 else 0), round(depuis.count(usuelle) / len(depuis), 2)

    return max(SEPARATEURS, key=note)


def _d_un_bloc(texte: Texte, plan: Plan) -> pd.DataFrame | None:
    """The body read by Arrow; None when its rows are not all as wide, or when blank lines shift their numbers."""
    texte_seul = pcsv.ConvertOptions(
        column_types=dict.fromkeys(plan.noms, pa.large_string()), null_values=[""], strings_can_be_null=True,
        quoted_strings_can_be_null=True, check_utf8=False,
    )  # fmt: skip
    try:
        corps = pcsv.read_csv(
            texte.chemin,
            pcsv.ReadOptions(column_names=plan.noms, skip_rows=plan.ligne, block_size=BLOC),
            pcsv.ParseOptions(delimiter=plan.separateur, newlines_in_values=texte.guillemets),
            texte_seul,
        )
    except pa.ArrowInvalid:
        return None
    sauts = _sauts(corps) if texte.guillemets else pd.Series(0, range(corps.num_rows))
    if plan.ligne + corps.num_rows + int(sauts.sum()) != texte.n_lignes:
        return None
    table: pd.DataFrame = corps.to_pandas()
    table.index = pd.RangeIndex(plan.ligne + 1, plan.ligne + 1 + len(table))
    if sauts.any():
        table.index = pd.Index(table.index.to_numpy() + sauts.cumsum().shift(fill_value=0).to_numpy())
    return table


def _sauts(corps: pa.Table) -> pd.Series[int]:
    """Line breaks inside the cells of each row."""
    total = pd.Series(0, range(corps.num_rows))
    for colonne in corps.columns:
        total += pc.fill_null(pc.count_substring(colonne, "\n"), 0).to_numpy()
    return total


def _ligne_a_ligne(texte: Texte, plan: Plan) -> pd.DataFrame:
    """The same body, row by row: missing cells at the end of a row are added, cells in excess refused."""
    tables: list[pa.Table] = []
    numeros: list[int] = []
    with texte.chemin.open(encoding="utf-8-sig", newline="") as flux:
        for _ in islice(flux, plan.ligne):
            pass
        rangees = _numerotees(csv.reader(flux, delimiter=plan.separateur, strict=True), plan)
        while paquet := list(islice(rangees, PAQUET)):
            numeros += [numero for numero, _ in paquet]
            colonnes = zip(*(cellules for _, cellules in paquet), strict=True)
            tables.append(pa.table([pa.array([c or None for c in x], pa.large_string()) for x in colonnes], plan.noms))
    if not tables:
        return pd.DataFrame(columns=plan.noms, dtype="str")
    table: pd.DataFrame = pa.concat_tables(tables).to_pandas()
    return table.set_axis(pd.Index(numeros, dtype="int64"))


def _numerotees(lecteur: Lecteur, plan: Plan) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, as wide as the header, with its first physical line."""
    n, ligne = len(plan.noms), plan.ligne
    try:
        for cellules in lecteur:
            debut, ligne = ligne + 1, plan.ligne + lecteur.line_num
            if cellules:
                yield debut, cellules if len(cellules) == n else _ajuste(cellules, n, debut)
    except csv.Error as erreur:
        raise LivraisonIllisible(_mal_ecrite(ligne + 1)) from erreur


def _ajuste(cellules: list[str], n: int, ligne: int) -> list[str]:
    if any(cellules[n:]):
        raise LivraisonIllisible(
            f"ligne {ligne} : {len(cellules)} cellules pour {n} colonnes. Corriger la ligne, ou mettre entre "
            "guillemets la cellule qui contient le séparateur."
        )
    return cellules[:n] + [""] * (n - len(cellules))
