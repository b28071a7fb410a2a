"""Sentences made from the figures: what, how much, since when, against what. Rules, no chance: reproducible."""

from __future__ import annotations

from dashboard.domain.formatage import (
    avec_unite,
    mois_annee,
    pourcentage,
    signe,
)
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.situation import ORDRE, Situation
from dashboard.domain.statut import Statut

TEINTES = {
    Statut.EN_RETARD: "retard",
    Statut.EN_RECUL: "retard",
    Statut.A_SURVEILLER: "surveiller",
    Statut.ECHU_NON_ATTEINT: "echu",
    Statut.NON_MESURE: "nonmesure",
    Statut.DANS_LA_TRAJECTOIRE: "trajectoire",
    Statut.ATTEINT: "trajectoire",
}
TEINTES_EN_ORDRE = tuple(dict.fromkeys(TEINTES[s] for s in ORDRE))
MOTS = {
    "retard": ("En retard", "En retard"),
    "surveiller": ("À surveiller", "À surveiller"),
    "echu": ("Échu non atteint", "Échus non atteints"),
    "nonmesure": ("Non mesuré", "Non mesurés"),
    "trajectoire": ("Dans la trajectoire", "Dans la trajectoire"),
}
"""One and several programmes of a teinte, in words."""


def valeur(declare: Indicateur, v: float | None, *, secret: bool = False) -> str:
    """A value of an indicator with its unit."""
    return avec_unite(v, declare.unite, declare.decimales, secret=secret)


def unite_ecart(declare: Indicateur) -> str:
    """Unit of a change: a difference of percentages is in points."""
    return "pt" if declare.unite.startswith("%") else declare.unite


def effort(situation: Situation) -> str:
    """What is left to do: a yearly pace, or the whole gap when less than a year is left to do it."""
    a, declare, but = situation.avancement, situation.indicateur, situation.objectif
    if but is None or but.trajectoire.echeance is None or but.trajectoire.vc is None or a.va is None:
        return ""
    manque = but.trajectoire.vc - a.va
    if a.effort_annuel is not None and abs(a.effort_annuel) <= abs(manque):
        return f"il faut {signe(a.effort_annuel, declare.decimales, unite_ecart(declare))} par an"
    quoi = avec_unite(abs(manque), unite_ecart(declare), declare.decimales)
    return f"il manque {quoi} d'ici {mois_annee(but.trajectoire.echeance)}"


def detail_situation(s: Situation, *, avec_nom: bool = True) -> str:
    """One sentence on an indicator against its path, used as text equivalent and under a chart."""
    a, declare = s.avancement, s.indicateur
    if a.va is None or a.date_va is None:
        return f"{declare.libelle} : aucune valeur publiée."
    tete = f"{declare.libelle} : " if avec_nom else ""
    debut = f"{tete}{valeur(declare, a.va)} en {mois_annee(a.date_va, court=False)}"
    if s.objectif is None or a.ta is None or s.objectif.trajectoire.echeance is None:
        return f"{debut} ; {a.motif or 'pas de cible publiée'}."
    but = s.objectif.trajectoire
    cible = f"une cible de {valeur(declare, but.vc)} fin {but.echeance.year}" if but.echeance else "sa cible"
    attendu = f", {pourcentage(a.ta_attendu, 0)} attendus à cette date" if a.ta_attendu is not None else ""
    return f"{debut}, pour {cible}. {pourcentage(a.ta_brut, 0)} du chemin parcouru{attendu} : {s.statut.libelle}."
