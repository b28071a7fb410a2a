"""The target that judges each of many places, and the path it expects, on flat arrays."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.domain.situation import AUTEURS
from dashboard.domain.trajectoire import TrajectoireInvalide

Reels = npt.NDArray[np.float64]
Jours = npt.NDArray[np.datetime64]
Entiers = npt.NDArray[np.int64]
Booleens = npt.NDArray[np.bool_]
AUCUN_JOUR = np.datetime64("NaT", "D")
SANS_JALON = "[]"


def en_jours(colonne: Any) -> Jours:
    """Dates of any kind as days; missing is NaT."""
    tableau = np.asarray(colonne)
    if tableau.dtype == object:
        tableau = np.array([None if pd.isna(j) else j for j in tableau], dtype=object)
    return tableau.astype("datetime64[D]")


@dataclass(frozen=True)
class Cibles:
    """Targets of one indicator, any number by place (``lieu``: its position). ``auteur``: its rank in ``AUTEURS``.
    ``jalons``: JSON text, as the store keeps it."""

    lieu: Entiers
    auteur: npt.NDArray[np.int8]
    vi: Reels
    date_vi: Jours
    vc: Reels
    echeance: Jours
    jalons: npt.NDArray[np.object_]

    @classmethod
    def aucune(cls) -> Cibles:
        """No target at all."""
        jours, reels = en_jours([]), np.empty(0)
        return cls(np.empty(0, np.int64), np.empty(0, np.int8), reels, jours, reels, jours, np.empty(0, object))

    @classmethod
    def du_cadre(cls, cadre: pd.DataFrame, codes: pd.Index) -> Cibles:
        """From rows of ``objectif``; ``codes``: the place at each position. Other places are left out."""
        lieu = codes.get_indexer(pd.Index(cadre["code_territoire"], dtype=object))
        ici = lieu >= 0
        rangs = cadre["auteur"].map({a: i for i, a in enumerate(AUTEURS)}).to_numpy().astype(np.int8)
        reels = {c: cadre[c].to_numpy(dtype=np.float64, na_value=np.nan) for c in ("valeur", "valeur_initiale")}
        return cls(
            lieu[ici], rangs[ici], reels["valeur_initiale"][ici], en_jours(cadre["date_initiale"])[ici],
            reels["valeur"][ici], en_jours(cadre["echeance"])[ici], cadre["jalons"].to_numpy(dtype=object)[ici],
        )  # fmt: skip

    def juges(self, arrete: np.datetime64) -> Entiers:
        """Rows of the targets that judge, one a place: ``situation.objectifs_courants`` says the same of one place."""
        if len(self.lieu) < 2 or bool((self.lieu[1:] > self.lieu[:-1]).all()):
            return np.arange(len(self.lieu))
        tard, entree = -self.echeance.astype(np.int64), -np.arange(len(self.lieu))
        ordre = np.lexsort((entree, tard, self.auteur, self.echeance < arrete, self.lieu))
        lieux = self.lieu[ordre]
        return ordre[np.flatnonzero(np.r_[True, lieux[1:] != lieux[:-1]])]


@dataclass(frozen=True)
class Buts:
    """The judging target of each place. ``sens``: 1 to rise, -1 to fall, 0 unknown. ``jalons``: of the places that
    have some, their dates and values, (place × jalon), NaT and NaN after the last one."""

    vi: Reels
    date_vi: Jours
    vc: Reels
    echeance: Jours
    auteur: npt.NDArray[np.int8]
    sens: npt.NDArray[np.int8]
    jalons: tuple[Entiers, Jours, Reels]

    @property
    def deja_atteint(self) -> Booleens:
        """VI already at or past VC in the wanted direction."""
        return np.where(self.sens > 0, self.vi >= self.vc, (self.sens < 0) & (self.vi <= self.vc))

    def attendu(self, jour: Jours) -> Reels:
        """TA expected that day; NaN without a complete path."""
        debut, bas, fin, haut = self._segments(jour)
        attendue = bas + (haut - bas) * ((jour - debut).astype(np.int64) / (fin - debut).astype(np.int64))
        attendue = np.where(jour <= self.date_vi, self.vi, np.where(jour > self.echeance, self.vc, attendue))
        taux = 100.0 * ((attendue - self.vi) / (self.vc - self.vi))
        inconnu = np.isnat(jour) | np.isnat(self.date_vi) | np.isnat(self.echeance) | (self.vi == self.vc)
        taux = np.where(inconnu, np.nan, taux)
        return np.where(self.deja_atteint & ~np.isnat(jour), 100.0, taux)

    def _segments(self, jour: Jours) -> tuple[Jours, Reels, Jours, Reels]:
        """The two points of the path around the day: VI and VC where there is no jalon."""
        lieux, dates, valeurs = self.jalons
        debut, bas, fin, haut = self.date_vi, self.vi, self.echeance, self.vc
        if not len(lieux):
            return debut, bas, fin, haut
        vide = np.isnat(dates)
        jours = np.c_[debut[lieux], np.where(vide, fin[lieux, None], dates), fin[lieux]]
        hauteurs = np.c_[bas[lieux], np.where(vide, haut[lieux, None], valeurs), haut[lieux]]
        rang, ligne = np.argmax(jour[lieux, None] <= jours[:, 1:], axis=1), np.arange(len(lieux))
        debut, bas, fin, haut = debut.copy(), bas.copy(), fin.copy(), haut.copy()
        debut[lieux], bas[lieux] = jours[ligne, rang], hauteurs[ligne, rang]
        fin[lieux], haut[lieux] = jours[ligne, rang + 1], hauteurs[ligne, rang + 1]
        return debut, bas, fin, haut


def buts(cibles: Cibles, n: int, sens: str, arrete: np.datetime64) -> Buts:
    """The judging target of ``n`` places. ``sens``: declared, « neutre » leaves it to VI and VC.

    Raises ``TrajectoireInvalide`` when the dates of a path do not increase.
    """
    rangs = cibles.juges(arrete)
    lieu = cibles.lieu[rangs]
    vi, vc, date_vi, echeance = np.full(n, np.nan), np.full(n, np.nan), np.full(n, AUCUN_JOUR), np.full(n, AUCUN_JOUR)
    auteur = np.full(n, -1, np.int8)
    vi[lieu], vc[lieu], auteur[lieu] = cibles.vi[rangs], cibles.vc[rangs], cibles.auteur[rangs]
    date_vi[lieu], echeance[lieu] = cibles.date_vi[rangs], cibles.echeance[rangs]
    voulu = {"hausse": np.int8(1), "baisse": np.int8(-1)}.get(sens)
    signe = (vc > vi).astype(np.int8) - (vc < vi).astype(np.int8) if voulu is None else np.full(n, voulu)
    resultat = Buts(vi, date_vi, vc, echeance, auteur, signe, _jalons(cibles, rangs))
    _controle(resultat)
    return resultat


def _jalons(cibles: Cibles, rangs: Entiers) -> tuple[Entiers, Jours, Reels]:
    avec = rangs[np.flatnonzero(cibles.jalons[rangs] != SANS_JALON)]
    lus = json.loads(f"[{','.join(cibles.jalons[avec])}]")
    combien = np.fromiter(map(len, lus), np.int64, len(lus))
    plats = list(chain.from_iterable(lus))
    large = int(combien.max(initial=0))
    ligne, colonne = np.repeat(np.arange(len(lus)), combien), np.arange(len(plats))
    colonne -= np.repeat(np.cumsum(combien) - combien, combien)
    dates, valeurs = np.full((len(lus), large), AUCUN_JOUR), np.full((len(lus), large), np.nan)
    dates[ligne, colonne] = np.array([j for j, _ in plats], dtype="datetime64[D]")
    valeurs[ligne, colonne] = np.array([v for _, v in plats], dtype=np.float64)
    return cibles.lieu[avec], dates, valeurs


def _controle(b: Buts) -> None:
    """Dates that carry a value increase, from VI to the échéance."""
    depart = np.where(np.isnan(b.vi), AUCUN_JOUR, b.date_vi)
    fin = np.where(np.isnan(b.vc), AUCUN_JOUR, b.echeance)
    _croit(depart, fin)
    lieux, dates, _ = b.jalons
    for rang in range(dates.shape[1]):
        _croit(depart[lieux], dates[:, rang])
        _croit(dates[:, rang], fin[lieux])
        _croit(dates[:, rang - 1] if rang else depart[lieux], dates[:, rang])


def _croit(avant: Jours, apres: Jours) -> None:
    fautes = np.flatnonzero(apres <= avant)
    if len(fautes):
        raise TrajectoireInvalide(
            f"Trajectoire aux dates non croissantes : {avant[fautes[0]]} puis {apres[fautes[0]]}. "
            "Ordonner la valeur initiale, les jalons et l'échéance."
        )
