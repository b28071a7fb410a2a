"""The latest value of each indicator in every territory of a maille: what the workbook and the map show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from dashboard.domain.indicateur import Indicateur
from dashboard.domain.periode import Periode
from dashboard.domain.territoire import Maille
from dashboard.exports.instantane_contexte import Contexte
from dashboard.store import queries
from dashboard.store.moteur import Connection, lecture


@dataclass(frozen=True)
class Colonne:
    """One indicator at one maille: its latest period there, its value and its statut by territory code."""

    declare: Indicateur
    periode: Periode
    valeurs: pd.Series
    statuts: pd.Series

    @property
    def titre(self) -> str:
        """« Densité (hab./km²) »."""
        return f"{self.declare.libelle} ({self.declare.unite})"


def dernieres(contexte: Contexte, maille: Maille) -> tuple[pd.DataFrame, list[Colonne]]:
    """The territories of a maille (code, nom, type, population, sorted by code), and the columns known there.

    A value that is only planned is left aside: a period that begins after the date d'arrêté.
    """
    places = contexte.places[contexte.places["maille"] == maille.value].set_index("id")
    declares = [i for i in contexte.indicateurs if maille in i.mailles]
    with lecture(contexte.moteur) as connexion:
        colonnes = [c for d in declares if (c := _colonne(connexion, contexte, d, maille, places["code"])) is not None]
    return places[["code", "nom", "type", "population"]].sort_values("code"), colonnes


def _colonne(
    connexion: Connection, contexte: Contexte, declare: Indicateur, maille: Maille, codes: pd.Series
) -> Colonne | None:
    periodes = queries.list_periodes(connexion, contexte.lecteur, declare.id, maille)
    periode = _derniere(periodes, contexte.arrete)
    if periode is None:
        return None
    cadre = queries.load_dernieres(connexion, contexte.lecteur, declare.id, maille, periode.fin)
    ici = cadre["territoire_id"].map(codes)
    cadre = cadre[ici.notna()].set_index(ici[ici.notna()])
    cadre = cadre[~cadre.index.duplicated(keep="last")]
    return Colonne(declare, periode, cadre["valeur"].mask(cadre["statut"] == "Q"), cadre["statut"])


def _derniere(periodes: Sequence[Periode], arrete: date) -> Periode | None:
    return next((p for p in periodes if p.debut <= arrete), None)
