"""A published package read back: its words, its small tables, its observations one indicator at a time.

Nothing in it is believed: a file that is absent, unreadable or of another form is one sentence, never a trace.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dashboard.domain.ecarts import TABLES

OCTETS_MAX = 64 * 2**20
"""Largest JSON or CSV file that is opened: ours weigh a hundred times less."""
LIGNES_MAX = 20_000_000
"""Most observations of one indicator that are opened at once."""
TEXTES = ("territoire", "maille", "frequence", "origine", "statut", "confidentialite")
JOURS = ("debut", "fin")
NOMBRES = ("valeur", "numerateur", "denominateur", "n_unites", "completude", "completude_population", "calculee")
COLONNES = (*TEXTES, *JOURS, *NOMBRES)
EN_PARQUET = ("resultats", "objectifs")


class PaquetIllisible(ValueError):
    """A folder that is not a package; the message names it, the file, and the remedy."""


@dataclass(frozen=True)
class Paquet:
    """One week of one audience, as its folder holds it. ``dossier``: the folder. ``empreintes``: sha256 by path.

    ``declare``: the espace, for a package that is being built and does not hold it yet.
    """

    dossier: Path
    semaine: str
    audience: str
    arrete: date
    empreintes: Mapping[str, str] = field(default_factory=dict, repr=False)
    declare: Mapping[str, Any] | None = field(default=None, repr=False)

    @classmethod
    def ouvre(cls, dossier: Path) -> Paquet:
        """Raises :class:`PaquetIllisible`."""
        if not dossier.is_dir():
            raise PaquetIllisible(f"Dossier « {dossier} » introuvable. Donner une semaine publiée ou un dossier.")
        version = _objet(dossier, "version.json")
        try:
            return cls(
                dossier, str(version["semaine"]), str(version["audience"]), date.fromisoformat(str(version["arrete"])),
                _empreintes(_objet(dossier, "datapackage.json")),
            )  # fmt: skip
        except (KeyError, ValueError) as erreur:
            raise _illisible(dossier, "version.json", f"champ absent ou faux ({erreur})") from None

    @cached_property
    def espace(self) -> dict[str, Any]:
        """The espace as it was declared, not interpreted: an older one may have other fields."""
        if self.declare is not None:
            return dict(self.declare)
        lu = _objet(self.dossier, "espace.json").get("espace")
        if not isinstance(lu, dict):
            raise _illisible(self.dossier, "espace.json", "objet « espace » absent")
        return lu

    @cached_property
    def declares(self) -> dict[str, dict[str, Any]]:
        """The declaration of each indicator by its id."""
        return {str(d["id"]): d for d in self.espace.get("indicateurs", ()) if isinstance(d, dict) and "id" in d}

    @cached_property
    def places(self) -> frozenset[str]:
        """Codes of its territories."""
        return frozenset(self.table("territoires")["code"])

    def table(self, nom: str) -> pd.DataFrame:
        """A small table. From a CSV every cell is text; an absent file is an empty table."""
        parquet = self.dossier / "donnees" / f"{nom}.parquet"
        if nom in EN_PARQUET and parquet.is_file():
            with _lisible(self.dossier, f"donnees/{nom}.parquet"):
                return _sans_horloge(pq.read_table(parquet).to_pandas())
        chemin = self.dossier / "donnees" / f"{nom}.csv"
        if not chemin.is_file():
            return pd.DataFrame(columns=list(TABLES[nom].cle) if nom in TABLES else [])
        _mesure(chemin, self.dossier)
        with _lisible(self.dossier, f"donnees/{nom}.csv"):
            return pd.read_csv(chemin, sep=_separateur(chemin), dtype=str, keep_default_na=False, encoding="utf-8-sig")

    @cached_property
    def indicateurs(self) -> dict[str, tuple[int, ...]]:
        """The row groups of each indicator, in the order of the file."""
        groupes: dict[str, list[int]] = {}
        pied = self._fichier.metadata
        rang = _colonne(self, "indicateur")
        for numero in range(pied.num_row_groups):
            if not pied.row_group(numero).num_rows:
                continue
            bornes = pied.row_group(numero).column(rang).statistics
            if bornes is None or not bornes.has_min_max or bornes.min != bornes.max:
                raise _illisible(self.dossier, OBSERVATIONS, f"bloc {numero} : un seul indicateur attendu par bloc")
            groupes.setdefault(str(bornes.min), []).append(numero)
        return {i: tuple(g) for i, g in groupes.items()}

    def observations(self, indicateur: str, colonnes: Sequence[str] = COLONNES) -> pa.Table:
        """The rows of one indicator, none when it has none. Texts are dictionaries, dates milliseconds."""
        groupes = self.indicateurs.get(indicateur, ())
        if sum(self._fichier.metadata.row_group(g).num_rows for g in groupes) > LIGNES_MAX:
            raise _illisible(self.dossier, OBSERVATIONS, f"« {indicateur} » dépasse {LIGNES_MAX} lignes")
        with _lisible(self.dossier, OBSERVATIONS):
            lu = self._fichier.read_row_groups(list(groupes), columns=["indicateur", *colonnes])
            if lu.num_rows and lu["indicateur"].unique().to_pylist() != [indicateur]:
                raise pa.ArrowInvalid(f"un bloc annonce « {indicateur} » et porte autre chose")
            return pa.table({c: _type(c, lu[c]) for c in colonnes})

    def lignes(self, indicateur: str | None = None) -> int:
        """How many observations it holds, of one indicator or of all."""
        pied = self._fichier.metadata
        if indicateur is None:
            return int(pied.num_rows)
        return sum(int(pied.row_group(g).num_rows) for g in self.indicateurs.get(indicateur, ()))

    @cached_property
    def _fichier(self) -> pq.ParquetFile:
        with _lisible(self.dossier, OBSERVATIONS):
            chemin = self.dossier / OBSERVATIONS
            noms = pq.read_schema(chemin).names
            if absentes := [c for c in ("indicateur", *COLONNES) if c not in noms]:
                raise pa.ArrowInvalid(f"colonne « {absentes[0]} » absente")
            return pq.ParquetFile(chemin, read_dictionary=["indicateur", *TEXTES])


OBSERVATIONS = "donnees/observations.parquet"


def _colonne(paquet: Paquet, nom: str) -> int:
    return int(paquet._fichier.metadata.schema.names.index(nom))


def _type(colonne: str, lue: pa.ChunkedArray) -> pa.ChunkedArray:
    if colonne in JOURS:
        return lue.cast(pa.timestamp("ms"))
    if colonne in NOMBRES:
        return lue.cast(pa.float64())
    return lue.cast(pa.dictionary(pa.int32(), pa.string()))


def _sans_horloge(cadre: pd.DataFrame) -> pd.DataFrame:
    """Dates as ISO texts and dictionaries as texts: two packages compare the same whatever wrote them."""
    for nom in cadre.columns:
        if isinstance(cadre[nom].dtype, pd.CategoricalDtype):
            cadre[nom] = cadre[nom].astype(object)
        elif cadre[nom].dtype.kind == "M":
            cadre[nom] = cadre[nom].dt.date
    for nom in cadre.columns:
        if cadre[nom].dtype.kind == "O" and cadre[nom].map(lambda v: isinstance(v, date)).any():
            cadre[nom] = cadre[nom].map(lambda v: v.isoformat() if isinstance(v, date) else v)
    return cadre


def _separateur(chemin: Path) -> str:
    with chemin.open(encoding="utf-8-sig") as flux:
        tete = flux.readline()
    return ";" if tete.count(";") > tete.count(",") else ","


def _objet(dossier: Path, nom: str) -> dict[str, Any]:
    chemin = dossier / nom
    if not chemin.is_file():
        raise _illisible(dossier, nom, "fichier absent")
    _mesure(chemin, dossier)
    with _lisible(dossier, nom):
        lu = json.loads(chemin.read_text("utf-8"))
    if not isinstance(lu, dict):
        raise _illisible(dossier, nom, "un objet JSON est attendu")
    return lu


def _mesure(chemin: Path, dossier: Path) -> None:
    if chemin.stat().st_size > OCTETS_MAX:
        raise _illisible(dossier, chemin.name, f"plus de {OCTETS_MAX // 2**20} Mio")


def _empreintes(datapackage: Mapping[str, Any]) -> dict[str, str]:
    """sha256 by path of what the package describes; nothing of what is not told."""
    ressources = datapackage.get("resources")
    dites = [r for r in ressources if isinstance(r, dict)] if isinstance(ressources, list) else []
    return {str(r["path"]): str(r["hash"]) for r in dites if r.get("path") and r.get("hash")}


@contextmanager
def _lisible(dossier: Path, nom: str) -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowException, ValueError, KeyError, RecursionError) as erreur:
        raise _illisible(dossier, nom, str(erreur).splitlines()[0][:160] if str(erreur) else "illisible") from None


def _illisible(dossier: Path, nom: str, quoi: str) -> PaquetIllisible:
    return PaquetIllisible(
        f"Paquet « {dossier.name} », fichier {nom} : {quoi}. Le vérifier : python -m dashboard snapshot verify."
    )
