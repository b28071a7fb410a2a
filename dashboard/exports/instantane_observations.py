"""``donnees/observations``: every value, indicator by indicator, read once and written twice in bounded memory."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dashboard.exports.instantane_contexte import Contexte
from dashboard.exports.instantane_ecrit import EnCsv, EnParquet
from dashboard.store.flux_valeurs import SCHEMA, Lieux, flux_valeurs
from dashboard.store.moteur import lecture


@dataclass(frozen=True)
class Bilan:
    """What an indicator holds, counted in passing. ``debut``: its first day, ``premiere``: end of its first period."""

    indicateur: str
    valeurs: int = 0
    secretes: int = 0
    sans_valeur: int = 0
    premiere: date | None = None
    derniere: date | None = None
    debut: date | None = None

    def avec(self, table: pa.Table) -> Bilan:
        """The same after some more rows."""
        secretes = pc.sum(pc.equal(table.column("statut"), "Q")).as_py() or 0
        bornes = pc.min_max(table.column("fin")).as_py()
        return replace(
            self,
            valeurs=self.valeurs + table.num_rows,
            secretes=self.secretes + secretes,
            sans_valeur=self.sans_valeur + table.column("valeur").null_count - secretes,
            premiere=min(filter(None, (self.premiere, bornes["min"]))),
            derniere=max(filter(None, (self.derniere, bornes["max"]))),
            debut=min(filter(None, (self.debut, pc.min(table.column("debut")).as_py()))),
        )


def ecris_observations(contexte: Contexte, dossier: Path) -> tuple[Bilan, ...]:
    """Writes the values of every visible indicator; the CSV is hashed and the Parquet packed while the next is read."""
    bilans, lieux = [], Lieux.de(contexte.places)
    racine = dossier / "donnees"
    with ExitStack() as pile:
        parquet = pile.enter_context(EnParquet(racine / "observations.parquet", SCHEMA))
        equipe = pile.enter_context(ThreadPoolExecutor(2))
        connexion = pile.enter_context(lecture(contexte.moteur))
        en_cours: list[Future[None]] = []
        for rang, code in enumerate(contexte.visibles):
            contexte.progres("valeurs", rang / len(contexte.visibles))
            bilan = Bilan(code)
            with EnCsv(racine / "observations" / f"{code}.csv", SCHEMA, nu=True) as csv:
                for table in flux_valeurs(connexion, contexte.lecteur, code, lieux):
                    _attends(en_cours)
                    en_cours = [equipe.submit(csv.ecris, table), equipe.submit(parquet.ecris, table)]
                    bilan = bilan.avec(table)
                _attends(en_cours)
            bilans.append(bilan)
    return tuple(bilans)


def _attends(en_cours: list[Future[None]]) -> None:
    """Never more than one batch ahead; the error of a writer is raised here."""
    for tache in en_cours:
        tache.result()
