"""Sentences made from the figures: what, how much, since when, against what. Rules, no chance: reproducible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dashboard.domain.formatage import (
    avec_unite,
    en_phrase,
    liste,
    mois_annee,
    nombre,
    pluriel,
    pourcentage,
    signe,
)
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.situation import Situation
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


def valeur(declare: Indicateur, v: float | None, *, secret: bool = False) -> str:
    """A value of an indicator with its unit."""
    return avec_unite(v, declare.unite, declare.decimales, secret=secret)


def essentiel(
    situations: Mapping[str, Situation], pires: Mapping[str, str] | None = None
) -> tuple[tuple[str, bool], ...]:
    """The sentence of the home page, as (text, strong) pieces. ``situations`` by programme name;
    ``pires``: by programme name, the département that is farthest from its path."""
    retards = [nom for nom, s in situations.items() if s.en_retard]
    tenus = [n for n, s in situations.items() if s.statut in (Statut.DANS_LA_TRAJECTOIRE, Statut.ATTEINT)]
    total = len(situations)
    debut = (f"Sur {nombre(total)} {pluriel(total, 'programme suivi', 'programmes suivis')}, ", False)
    if not retards:
        tete: tuple[tuple[str, bool], ...] = (("aucun n'est en retard", True),)
    else:
        verbe = pluriel(len(retards), "est en retard", "sont en retard")
        tete = (
            (f"{len(retards)} {verbe}", True),
            (f" : {liste([_avec_lieu(n, situations[n], pires or {}) for n in retards])}", False),
        )
    if not tenus:
        suite: tuple[tuple[str, bool], ...] = (("aucun ne tient sa trajectoire", True),)
    else:
        suite = (
            (
                f"{len(tenus)} {pluriel(len(tenus), 'tient sa trajectoire', 'tiennent leur trajectoire')}",
                True,
            ),
            (f" : {liste([en_phrase(n) for n in tenus])}", False),
        )
    return (debut, *tete, (". ", False), *suite, (_autres(situations), False))


def _autres(situations: Mapping[str, Situation]) -> str:
    """What the sentence has not counted yet: nobody is left out."""
    mots = (
        (Statut.A_SURVEILLER, "à surveiller", "à surveiller"),
        (Statut.ECHU_NON_ATTEINT, "à l'échéance passée", "à l'échéance passée"),
        (Statut.NON_MESURE, "non mesuré", "non mesurés"),
    )
    comptes = [(sum(s.statut is statut for s in situations.values()), un, des) for statut, un, des in mots]
    restes = [f"{n} {pluriel(n, un, des)}" for n, un, des in comptes if n]
    return f" ; {liste(restes)}." if restes else "."


def _avec_lieu(nom: str, s: Situation, pires: Mapping[str, str]) -> str:
    """« maisons de santé (Nièvre d'abord, chiffre de décembre 2023) »."""
    precisions = [f"{pires[nom]} d'abord"] if nom in pires else []
    if s.avancement.date_va:
        precisions.append(f"chiffre {_de(mois_annee(s.avancement.date_va, court=False))}")
    return f"{en_phrase(nom)} ({', '.join(precisions)})" if precisions else en_phrase(nom)


def _de(mois: str) -> str:
    """« de mars 2026 », « d'octobre 2024 »."""
    return f"d'{mois}" if mois[0] in "ao" else f"de {mois}"


def action(situation: Situation, producteur: str) -> tuple[str, str]:
    """The next action of a programme: (verb, what). Nothing missing is ever shown as fine."""
    a = situation.avancement
    if situation.statut is Statut.NON_MESURE:
        return "À décider", a.motif or "valeur à fournir"
    if situation.statut is Statut.ECHU_NON_ATTEINT:
        return "À décider", "une nouvelle cible, l'échéance est passée"
    if situation.statut in (Statut.EN_RETARD, Statut.EN_RECUL, Statut.A_SURVEILLER) and a.effort_annuel:
        return "À décider", decision(situation)
    if situation.fraicheur is Fraicheur.PERIME:
        return "À relancer", f"{producteur}, {nombre(situation.age)} mois sans donnée"
    return "Rien à faire", "la valeur est à jour"


def decision(situation: Situation) -> str:
    """What there is to decide for a late programme: a pace to hold, or a target out of reach in the time left."""
    a, but = situation.avancement, situation.objectif
    manque = abs(but.trajectoire.vc - a.va) if but and but.trajectoire.vc is not None and a.va is not None else 0.0
    if a.effort_annuel is not None and abs(a.effort_annuel) > manque:
        return f"revoir la cible ou l'échéance, {effort(situation)}"
    return effort(situation)


def effort(situation: Situation) -> str:
    """What is left to do: a yearly pace, or the whole gap when less than a year is left to do it."""
    a, declare, but = situation.avancement, situation.indicateur, situation.objectif
    if but is None or but.trajectoire.echeance is None or but.trajectoire.vc is None or a.va is None:
        return ""
    manque = but.trajectoire.vc - a.va
    if a.effort_annuel is not None and abs(a.effort_annuel) <= abs(manque):
        return f"il faut {signe(a.effort_annuel, declare.decimales, declare.unite)} par an"
    return f"il manque {valeur(declare, abs(manque))} d'ici {mois_annee(but.trajectoire.echeance)}"


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


def fraicheur_detail(situations: Sequence[Situation]) -> str:
    """« 1 valeur à jour sur 5 » and the rest in words."""
    a_jour = sum(s.fraicheur is Fraicheur.A_JOUR for s in situations)
    return f"{a_jour} {pluriel(a_jour, 'valeur', 'valeurs')} à jour sur {len(situations)}"
