"""``avancement.evalue`` for thousands of series at once: same figures, same statuts, same reasons.

One indicator at a time on flat arrays, so that memory follows the largest indicator and not their number. A missing
figure is NaN, a missing date NaT, a missing code -1; ``statut``, ``motif``, ``fraicheur`` and ``auteur`` are numbers
(``STATUTS``, ``Motif``, ``FRAICHEURS``, ``AUTEURS``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.domain.avancement import JOURS_PAR_AN
from dashboard.domain.buts import AUCUN_JOUR, Booleens, Buts, Cibles, Entiers, Jours, Reels, buts, en_jours
from dashboard.domain.fraicheur import Fraicheur, age_mois, fraicheur
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.motifs import Motif
from dashboard.domain.statut import BRUIT, SEUILS, Seuils, Statut
from dashboard.domain.trajectoire import Lecture

T = TypeVar("T")
STATUTS = tuple(Statut)
FRAICHEURS = tuple(Fraicheur)
COLONNES = (
    "va", "date_va", "vi", "date_vi", "vc", "echeance", "auteur", "ta_brut", "ta", "ta_attendu", "ecart", "statut",
    "motif", "effort_annuel", "derniere", "date_derniere", "fraicheur", "age_mois", "secret",
)  # fmt: skip
_RANG = {s: np.int8(i) for i, s in enumerate(STATUTS)}
_SAISONNIERES = (Lecture.FLUX, Lecture.CUMUL_ANNUEL)


@dataclass(frozen=True)
class Valeurs:
    """Values of one indicator. ``lieu``: position of the territory, from 0. ``vu``: day from which a value may be
    shown (``fin`` when None). ``secret``: which rows are hidden."""

    lieu: Entiers
    fin: Jours
    valeur: Reels
    vu: Jours | None = None
    secret: Booleens | None = None

    def rangees(self) -> Valeurs:
        """By place, then by date; most often they already are."""
        cle = self.lieu.astype(np.int64) * 2**32 + self.fin.astype(np.int64)
        if bool((cle[1:] > cle[:-1]).all()):
            return self
        ordre = np.lexsort((self.valeur, self.fin, self.lieu))
        vu, secret = (None if x is None else x[ordre] for x in (self.vu, self.secret))
        return Valeurs(self.lieu[ordre], self.fin[ordre], self.valeur[ordre], vu, secret)  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Mesures:
    """By place: the last usable value and its day, the last value of all, two changes the wrong way, why nothing."""

    va: Reels
    jour: Jours
    derniere: Reels
    date_derniere: Jours
    deux_reculs: Booleens
    motif: npt.NDArray[np.int8]


def evalue_tous(
    declares: Iterable[Indicateur],
    places: Mapping[int, str],
    series: pd.DataFrame,
    objectifs: pd.DataFrame,
    arrete: date,
    seuils: Seuils = SEUILS,
) -> pd.DataFrame:
    """One row per indicator and territory, in that order; the same arguments as ``situation.situe_tous``.

    Columns: indicateur, territoire_id, code and those of ``evalue_indicateur``. The target that judges is the one of
    ``situation.objectifs_courants``.
    """
    declares, ids = list(declares), np.fromiter(places, dtype=np.int64, count=len(places))
    position, par_code = pd.Index(ids), pd.Index(list(places.values()), dtype=object)
    valeurs = _par_indicateur(series, lambda c: _valeurs(c, position))
    cibles = _par_indicateur(objectifs, lambda c: Cibles.du_cadre(c, par_code))
    morceaux: dict[str, list[Any]] = {}
    for declare in declares:
        siennes = valeurs.get(declare.id, _AUCUNE)
        if not declare.est_contexte:
            siennes = Valeurs(siennes.lieu, siennes.fin, siennes.valeur, None, siennes.secret)
        colonnes = evalue_indicateur(
            declare, len(ids), siennes, cibles.get(declare.id, Cibles.aucune()), arrete, seuils
        )
        for nom, tableau in colonnes.items():
            morceaux.setdefault(nom, []).append(tableau)
    cles = {
        "indicateur": np.repeat(np.array([d.id for d in declares], dtype=object), len(ids)),
        "territoire_id": np.tile(ids, len(declares)),
        "code": np.tile(par_code.to_numpy(), len(declares)),
    }
    if not morceaux:
        return pd.DataFrame(columns=[*cles, *COLONNES])
    return pd.DataFrame(cles | {nom: np.concatenate(morceaux.pop(nom)) for nom in COLONNES}, copy=False)


_AUCUNE = Valeurs(np.empty(0, np.int64), en_jours([]), np.empty(0))


def _par_indicateur(cadre: pd.DataFrame, lis: Callable[[pd.DataFrame], T]) -> dict[str, T]:
    return {str(i): lis(cadre.iloc[rangs]) for i, rangs in cadre.groupby("indicateur", sort=False).indices.items()}


def _valeurs(cadre: pd.DataFrame, position: pd.Index) -> Valeurs:
    lieu = position.get_indexer(pd.Index(cadre["territoire_id"]))
    connus = lieu >= 0
    fin, vu = en_jours(cadre["fin"]), en_jours(cadre["debut"])
    secret = cadre["statut"].to_numpy(dtype=object) == "Q"
    valeur = cadre["valeur"].to_numpy(dtype=np.float64)
    return Valeurs(lieu[connus], fin[connus], valeur[connus], vu[connus], secret[connus])


def evalue_indicateur(
    declare: Indicateur, n: int, valeurs: Valeurs, cibles: Cibles, arrete: date, seuils: Seuils = SEUILS
) -> dict[str, npt.NDArray[Any]]:
    """What is said of one indicator in ``n`` places: an array for each of ``COLONNES``. TA and gap in points."""
    jour = np.datetime64(arrete, "D")
    but, v = buts(cibles, n, declare.sens, jour), valeurs.rangees()
    m = _mesures(Lecture(declare.lecture), n, v, but, jour)
    with np.errstate(all="ignore"):  # what cannot be computed is NaN here, None for one series
        brut, attendu = _taux(m, but), but.attendu(m.jour)
        statut, motif = _statuts(m, but, brut, attendu, jour, seuils)
        effort = _effort(m, but, statut, jour)
    frais, age = _fraicheur(m.date_derniere, declare, arrete)
    cache = np.zeros(n, bool)
    if v.secret is not None:
        cache[v.lieu[v.secret]] = True
    return {
        "va": m.va, "date_va": m.jour, "vi": but.vi, "date_vi": but.date_vi, "vc": but.vc, "echeance": but.echeance,
        "auteur": but.auteur, "ta_brut": brut, "ta": np.clip(brut, 0.0, 100.0), "ta_attendu": attendu,
        "ecart": brut - attendu, "statut": statut, "motif": motif, "effort_annuel": effort, "derniere": m.derniere,
        "date_derniere": m.date_derniere, "fraicheur": frais, "age_mois": age,
        "secret": cache & np.isnat(m.date_derniere),
    }  # fmt: skip


def _mesures(lecture: Lecture, n: int, v: Valeurs, but: Buts, arrete: np.datetime64) -> _Mesures:
    connue = ~np.isnan(v.valeur) & ((v.fin if v.vu is None else v.vu) <= arrete)
    lus = np.flatnonzero(connue & np.isfinite(v.valeur) & (v.fin <= arrete))
    lieu = v.lieu[lus]
    comparables, lieu_compare = lus, lieu
    if lecture is Lecture.CUMUL_ANNUEL:
        closes = _mois(v.fin[lus]) == np.where(np.isnat(but.echeance), 12, _mois(but.echeance))[lieu]
        comparables, lieu_compare = lus[closes], lieu[closes]
    va, jour = _derniers(v, n, comparables, lieu_compare)
    motif = np.where(np.isnat(jour), Motif.SANS_VALEUR, Motif.RIEN).astype(np.int8)
    if lecture is Lecture.CUMUL_ANNUEL:
        ouverte = np.isnat(jour) & (np.bincount(lieu, minlength=n) > 0)
        motif[ouverte] = Motif.ANNEE_OUVERTE
    motif[jour < but.date_vi] = Motif.AVANT_DEPART
    recul = _deux_reculs(lecture, v, lus, jour, but)
    va[motif > 0], jour[motif > 0] = np.nan, AUCUN_JOUR
    return _Mesures(va, jour, *_derniers(v, n, np.flatnonzero(connue)), recul, motif)


def _derniers(v: Valeurs, n: int, rangs: Entiers, lieu: Entiers | None = None) -> tuple[Reels, Jours]:
    """The last of the given rows of each place: value and day."""
    valeur, jour, dernier = np.full(n, np.nan), np.full(n, AUCUN_JOUR), np.full(n, -1)
    dernier[v.lieu[rangs] if lieu is None else lieu] = rangs  # sorted by date: the last one written stays
    ici = np.flatnonzero(dernier >= 0)
    valeur[ici], jour[ici] = v.valeur[dernier[ici]], v.fin[dernier[ici]]
    return valeur, jour


def _deux_reculs(lecture: Lecture, v: Valeurs, lus: Entiers, jour: Jours, but: Buts) -> Booleens:
    """Since the baseline, are the last two comparable changes both in the wrong direction?"""
    lieu, fin = v.lieu[lus], v.fin[lus]
    gardes = (fin <= jour[lieu]) & ~(fin < but.date_vi[lieu])
    if lecture in _SAISONNIERES:
        gardes &= _mois(fin) == _mois(jour)[lieu]
    restes = v.valeur[lus[gardes]]
    combien = np.bincount(lieu[gardes], minlength=len(jour))
    dernier, assez = np.cumsum(combien) - 1, np.flatnonzero(combien >= 3)
    fin_, milieu, avant = (but.sens[assez] * restes[dernier[assez] - recule] for recule in range(3))
    resultat = np.zeros(len(jour), bool)
    resultat[assez] = (avant > milieu) & (milieu > fin_)
    return resultat


def _mois(jours: Jours) -> Entiers:
    """1 to 12. Many days are looked up in a calendar of their span: converting each would cost ten times more."""
    if len(jours) < 5000 or bool(np.isnat(jours).any()):
        return _convertit(jours)
    premier = jours.min()
    calendrier = _convertit(np.arange(premier, jours.max() + 1))
    mois: Entiers = calendrier[(jours - premier).astype(np.int64)]
    return mois


def _convertit(jours: Jours) -> Entiers:
    return jours.astype("datetime64[M]").astype(np.int64) % 12 + 1


def _atteint(valeur: Reels, but: Buts) -> Booleens:
    return np.where(but.sens > 0, valeur >= but.vc, (but.sens < 0) & (valeur <= but.vc))


def _taux(m: _Mesures, but: Buts) -> Reels:
    brut = 100.0 * ((m.va - but.vi) / (but.vc - but.vi))
    brut[but.vi == but.vc] = np.nan
    return np.where(but.deja_atteint, np.where(np.isnan(m.va), np.nan, 100.0 * _atteint(m.va, but)), brut)


def _statuts(
    m: _Mesures, but: Buts, brut: Reels, attendu: Reels, arrete: np.datetime64, seuils: Seuils
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """The order of ``avancement._statut``: the first case that holds decides."""
    sans_but = np.isnan(but.vc) | (but.sens == 0)
    deja = np.where(but.deja_atteint, Motif.DEJA_ATTEINT, Motif.RIEN)
    cas: list[tuple[Booleens, Any, Any]] = [
        (m.motif > 0, _RANG[Statut.NON_MESURE], m.motif),
        (sans_but, _RANG[Statut.NON_MESURE], _sans_but(but)),
        (_atteint(m.va, but), _RANG[Statut.ATTEINT], deja),
        (but.echeance < arrete, _RANG[Statut.ECHU_NON_ATTEINT], Motif.ECHU),
        (brut < 0, _RANG[Statut.EN_RECUL], Motif.ELOIGNEE),
        (m.deux_reculs, _RANG[Statut.EN_RECUL], Motif.DEUX_RECULS),
        (np.isnan(brut), _RANG[Statut.NON_MESURE], Motif.SANS_DEPART),
        (np.isnan(attendu), _RANG[Statut.NON_MESURE], Motif.SANS_CHEMIN),
    ]
    statut, motif = _par_ecart(brut, attendu, seuils), deja.astype(np.int8)
    for condition, son_statut, son_motif in reversed(cas):
        statut = np.where(condition, son_statut, statut)
        motif = np.where(condition, son_motif, motif)
    return statut.astype(np.int8), motif.astype(np.int8)


def _sans_but(but: Buts) -> npt.NDArray[np.int8]:
    depart = np.where(np.isnan(but.vi), Motif.SENS_INCONNU, Motif.CIBLE_AU_DEPART)
    return np.where(np.isnan(but.vc), Motif.SANS_CIBLE, depart).astype(np.int8)


def _par_ecart(brut: Reels, attendu: Reels, seuils: Seuils) -> npt.NDArray[np.int8]:
    """``statut.statut_par_ecart``."""
    faible = attendu <= seuils.attendu_faible
    mesure = np.where(faible, brut - attendu, brut / attendu)
    bon = np.where(faible, seuils.ecart_trajectoire, seuils.ratio_trajectoire)
    moyen = np.where(faible, seuils.ecart_surveiller, seuils.ratio_surveiller)
    bas = np.where(mesure >= moyen - BRUIT, _RANG[Statut.A_SURVEILLER], _RANG[Statut.EN_RETARD])
    return np.where(mesure >= bon - BRUIT, _RANG[Statut.DANS_LA_TRAJECTOIRE], bas)


def _effort(m: _Mesures, but: Buts, statut: npt.NDArray[np.int8], arrete: np.datetime64) -> Reels:
    reste = (but.echeance - arrete).astype(np.int64) / JOURS_PAR_AN
    sans = (statut == _RANG[Statut.ATTEINT]) | ~(but.echeance > arrete)
    return np.where(sans, np.nan, (but.vc - m.va) / reste)


def _fraicheur(jours: Jours, declare: Indicateur, arrete: date) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.int16]]:
    """A few distinct dates stand for all places: the rules of one date are applied to each."""
    distincts, rang = np.unique(jours, return_inverse=True)
    lus: Iterator[date | None] = (j.item() for j in distincts)
    etats, ages = np.full(len(distincts), -1, np.int8), np.full(len(distincts), -1, np.int16)
    for i, jour in enumerate(lus):
        if jour is not None:
            etat = fraicheur(jour, declare.rythme_mois, declare.delai_mois, arrete)
            etats[i], ages[i] = FRAICHEURS.index(etat) if etat else -1, age_mois(jour, arrete)
    return etats[rang], ages[rang]


def texte_motif(motif: int, date_vi: date | None, echeance: date | None) -> str | None:
    """The reason in French, with the date that it names."""
    lu = Motif(motif)
    return lu.texte(date_vi if lu is Motif.AVANT_DEPART else echeance)
