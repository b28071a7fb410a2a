"""What may be read wrongly in a figure, from its record and its own numbers: no model, a few plain rules."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboard.domain.agregation import Methode
from dashboard.domain.formatage import compte, liste, nombre, pourcentage, signe
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.intervalle import Intervalle, byar_ou_exact, wilson
from dashboard.domain.periode import Frequence, Periode, ajoute_mois
from dashboard.domain.phrases import unite_ecart, valeur
from dashboard.domain.trajectoire import Lecture

PETIT = 20
"""Below so many events or units, a figure moves a lot by chance."""
TAUX_DE = 1_000.0
TROUS_DITS = 3
RUPTURE = re.compile(
    r"rupture|révisé|autre méthode|édition antérieure|change de méthode|pas chaîné|périmètres? différent|champ (proche|"
    r"différent|à confirmer)", re.IGNORECASE,
)  # fmt: skip
PROVISOIRE = re.compile(
    r"provisoire|estim|presse|cité par un tiers|« plus de »|« près de »|incompl", re.IGNORECASE
)  # fmt: skip


def avertissements(
    declare: Indicateur, serie: pd.DataFrame, notes: Iterable[str] = (), auteurs: Sequence[str] = ()
) -> list[str]:
    """The sentences to put beside a figure, the gravest first.

    ``serie``: rows of ``valeur`` of one territory, oldest first, the last one being the figure; hidden rows have no
    number and say nothing. ``notes``: what the producer noted of these rows. ``auteurs``: who set a target here.
    """
    connues = serie[serie["valeur"].notna()]
    if connues.empty:
        return []
    derniere = connues.iloc[-1]
    dits = [
        petits_nombres(declare, derniere),
        _incomplet(derniere),
        _controle(declare, derniere),
        _perimetre(connues),
        _trous(declare, connues),
        *_dits(declare, notes),
        _repart(declare),
        _cibles(auteurs),
    ]
    return [d for d in dits if d]


def de_la_maille(declare: Indicateur, cadre: pd.DataFrame) -> list[str]:
    """For a map or a comparison. ``cadre``: valeur and, when known, numerateur, denominateur, n_unites of each."""
    dits = list[str]()
    if declare.en_cercles:
        dits.append(f"« {declare.libelle_court} » est un nombre : il dit d'abord la taille. Il est en cercles sur la "
                    "carte, jamais en aplats ; pour comparer, prendre une part ou un taux.")  # fmt: skip
    connues = cadre[cadre["valeur"].notna()]
    petits = int(_sont_petits(declare, connues).sum())
    if petits:
        qui = compte(petits, "territoire repose", "territoires reposent")
        dits.append(f"{qui} sur de petits nombres : leurs écarts tiennent souvent au hasard.")
    absents = len(cadre) - len(connues)
    if absents:
        dits.append(f"{compte(absents, 'territoire', 'territoires')} sans valeur : gris n'est pas zéro.")
    return dits


def petits_nombres(declare: Indicateur, ligne: pd.Series) -> str | None:
    """« 3 sur 12 : trop peu pour conclure »; None when the numbers are large enough or not known."""
    petit = _petit(declare, ligne)
    if petit is None:
        return None
    bornes = _intervalle(declare, ligne)
    suite = (
        f" L'intervalle à 95 % va de {valeur(declare, bornes.bas)} à {valeur(declare, bornes.haut)}." if bornes else ""
    )
    return f"Petits nombres : ce chiffre repose sur {petit}. Il peut beaucoup changer par hasard.{suite}"


def _petit(declare: Indicateur, ligne: pd.Series) -> str | None:
    if not _sont_petits(declare, pd.DataFrame([ligne]))[0]:
        return None
    k, n, unites = (_fini(ligne.get(c)) for c in ("numerateur", "denominateur", "n_unites"))
    return f"{nombre(unites)} unités" if k is None or n is None else f"{nombre(k)} sur {nombre(n)}"


def _sont_petits(declare: Indicateur, cadre: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Which rows rest on few units: a share of few, or few of a small number. A count is what it is."""
    k, n, unites = (
        cadre[c].to_numpy(dtype=np.float64, na_value=np.nan) if c in cadre else np.full(len(cadre), np.nan)
        for c in ("numerateur", "denominateur", "n_unites")
    )
    if declare.en_cercles:
        return np.zeros(len(cadre), dtype=bool)
    part = (declare.agregation is Methode.RATIO) & (declare.unite == "%") & (k >= 0) & (k <= n)
    rares = part & (np.minimum(k, n - k) < PETIT) & (n < 10 * PETIT)
    sans = np.isnan(k) | np.isnan(n)
    resultat: npt.NDArray[np.bool_] = np.where(sans, unites < PETIT, (n < PETIT) & (n > 0) | rares)
    return resultat


def _intervalle(declare: Indicateur, ligne: pd.Series) -> Intervalle | None:
    k, n = _fini(ligne.get("numerateur")), _fini(ligne.get("denominateur"))
    if k is None or not n or k < 0:
        return None
    if _est_part(declare, k, n):
        return wilson(k, n)
    return byar_ou_exact(int(k), n, declare.facteur) if declare.facteur >= TAUX_DE and k.is_integer() else None


def _est_part(declare: Indicateur, k: float, n: float) -> bool:
    return declare.agregation is Methode.RATIO and declare.unite == "%" and declare.facteur == 100 and 0 <= k <= n


def _fini(x: object) -> float | None:
    return float(x) if isinstance(x, int | float) and math.isfinite(x) else None


def _incomplet(ligne: pd.Series) -> str | None:
    part = _fini(ligne["completude"])
    if part is None or part >= 1:
        return None
    habitants = _fini(ligne["completude_population"])
    suite = f", {pourcentage(100 * habitants, 0)} des habitants" if habitants is not None else ""
    ont = f"{pourcentage(100 * part, 0)} des territoires ont une valeur{suite}"
    return f"Total incomplet : {ont} ; le reste ne compte pas."


def _controle(declare: Indicateur, ligne: pd.Series) -> str | None:
    somme, publiee = _fini(ligne["calculee"]), _fini(ligne["valeur"])
    if somme is None or publiee is None or abs(publiee - somme) <= 0.5 * 10**-declare.decimales:
        return None
    ecart = signe(publiee - somme, declare.decimales, unite_ecart(declare))
    return f"Le chiffre publié s'écarte de la somme de ses parties ({ecart})."


def _perimetre(connues: pd.DataFrame) -> str | None:
    """Does the total rest on the same share of territories from one period to the next?"""
    parts = connues["completude"].dropna()
    if len(parts) < 2 or parts.max() - parts.min() <= 0.02:
        return None
    de, a = (pourcentage(100 * float(x), 0) for x in (parts.min(), parts.max()))
    return f"Série inégale : selon la période, le total couvre de {de} à {a} des territoires ; l'évolution en dépend."


def _trous(declare: Indicateur, connues: pd.DataFrame) -> str | None:
    """Periods that are missing between two others, at the rhythm that the producer publishes them."""
    manquent: list[str] = []
    for frequence, lignes in connues.groupby("frequence"):
        pas = Frequence(str(frequence)).mois if frequence else None
        if pas is not None:
            fins = [_jour(f) for f in sorted(lignes["fin"])]
            manquent += _manquantes(Frequence(str(frequence)), max(pas, declare.rythme_mois), fins)
    if not manquent:
        return None
    suite = f" et {len(manquent) - TROUS_DITS} autres" if len(manquent) > TROUS_DITS else ""
    dits = f"{', '.join(manquent[:TROUS_DITS])}{suite}" if suite else liste(manquent)
    return f"Série à trous : {dits} sans valeur ; ne pas lire le trait qui les enjambe comme observé."


def _manquantes(frequence: Frequence, pas: int, fins: Sequence[date]) -> list[str]:
    """The periods that should have come every ``pas`` months between two that did."""
    longueur, trouvees = frequence.mois or pas, list[str]()
    for avant, apres in pairwise(fins):
        attendue = ajoute_mois(avant, pas)
        while attendue < apres:
            debut = ajoute_mois(attendue, 1 - longueur).replace(day=1)
            trouvees.append(Periode(debut, attendue, frequence).texte)
            attendue = ajoute_mois(attendue, pas)
    return trouvees


def _jour(x: date) -> date:
    return pd.Timestamp(x).date()


def _dits(declare: Indicateur, notes: Iterable[str]) -> list[str]:
    """What the record and the producer wrote of a break or of a figure that is not final, in their own words."""
    textes = dict.fromkeys(t.strip().rstrip(".") for t in (declare.note, *notes) if t)
    ruptures = [f"Série non homogène : « {t} »." for t in textes if RUPTURE.search(t)]
    return ruptures + [
        f"Valeur à confirmer : « {t} »." for t in textes if PROVISOIRE.search(t) and not RUPTURE.search(t)
    ]


def _repart(declare: Indicateur) -> str | None:
    if Lecture(declare.lecture) is not Lecture.CUMUL_ANNUEL:
        return None
    return "Compteur qui repart de zéro chaque année : ne comparer que le même mois, ou des années closes."


def _cibles(auteurs: Sequence[str]) -> str | None:
    uniques = list(dict.fromkeys(auteurs))
    if len(uniques) < 2:
        return None
    return f"Cibles d'auteurs différents ({liste(uniques)}) : elles n'engagent pas les mêmes et ne se comparent pas."
