"""Sentences on programmes: the one of the home page, the next action of each, what a programme says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median

from dashboard.domain.apports import Apport, Decision
from dashboard.domain.formatage import (
    compte,
    date_courte,
    en_phrase,
    liste,
    mois_annee,
    nombre,
    pluriel,
    pourcentage,
    signe,
)
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.indicateur import Espace, Indicateur
from dashboard.domain.phrases import TEINTES, effort, unite_ecart, valeur
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.situation import Situation
from dashboard.domain.statut import Statut
from dashboard.domain.tendance import Projection, Tendance
from dashboard.domain.trajectoire import Lecture

NOMMES = 5
"""Late programmes named in the sentence of the home page; the table names them all."""
CREDITS = {"vote": "Voté", "engage": "Engagé", "paye": "Payé"}
SITUES = 2
"""Up to how many of them the sentence also says where; beyond, it would no longer be read."""


def essentiel(etats: Sequence[EtatProgramme], pires: Mapping[str, str] | None = None) -> list[tuple[str, bool]]:
    """The sentence of the home page, as (text, strong) pieces.

    ``pires``: by programme id, the département that is farthest from its path.
    """
    retards = sorted((e for e in etats if e.en_retard), key=lambda e: e.retard_relatif)
    total = len(etats)
    morceaux = [(f"Sur {nombre(total)} {pluriel(total, 'programme suivi', 'programmes suivis')}, ", False)]
    if retards:
        morceaux.append((f"{len(retards)} {pluriel(len(retards), 'est en retard', 'sont en retard')}", True))
        lieux = pires if pires and len(retards) <= SITUES else {}
        noms = [_avec_lieu(e, lieux) for e in retards[:NOMMES]]
        reste = len(retards) - NOMMES
        noms += [f"{reste} {pluriel(reste, 'autre', 'autres')}"] if reste > 0 else []
        morceaux.append((f" : {liste(noms)}. ", False))
    else:
        morceaux += [("aucun n'est en retard", True), (". ", False)]
    return [*morceaux, *_les_autres(etats)]


def _avec_lieu(etat: EtatProgramme, pires: Mapping[str, str]) -> str:
    nom = en_phrase(etat.programme.nom)
    return f"{nom} ({pires[etat.programme.id]} d'abord)" if etat.programme.id in pires else nom


def _les_autres(etats: Sequence[EtatProgramme]) -> list[tuple[str, bool]]:
    """What the sentence has not counted yet: nobody is left out."""
    comptes = {t: sum(TEINTES[e.statut] == t for e in etats) for t in set(TEINTES.values())}
    tenus = comptes["trajectoire"]
    tete = pluriel(tenus, "tenait sa trajectoire", "tenaient leur trajectoire") + " à leur dernière mesure"
    ages = [s.age for e in etats for s in e.situations if s.age is not None]
    age = f" (âge médian {nombre(median(ages))} mois)" if ages else ""
    mots = (("surveiller", "à surveiller", "à surveiller"), ("echu", "à l'échéance passée", "à l'échéance passée"),
            ("nonmesure", "non mesuré", "non mesurés"))  # fmt: skip
    restes = [f"{comptes[t]} {pluriel(comptes[t], un, des)}" for t, un, des in mots if comptes[t]]
    return [
        (f"{tenus or 'Aucun ne'} {tete}", True),
        (f"{age} ; {liste(restes)}." if restes else f"{age}.", False),
    ]


def action(
    etat: EtatProgramme, arrete: date, producteurs: Mapping[str, str], decisions: Sequence[Apport] = ()
) -> tuple[str, str]:
    """The next action of a programme: (verb, what). Nothing missing is ever shown as fine.

    ``producteurs``: short name by producer id. ``decisions``: its open decisions, the nearest deadline first.
    """
    for apport in decisions:
        assert isinstance(apport.contenu, Decision)
        return "À décider", f"{apport.contenu.titre}, avant le {date_courte(apport.contenu.echeance)}"
    s = etat.principal
    if etat.statut is Statut.NON_MESURE or s is None:
        return "À décider", etat.programme.non_mesure or etat.motif or "un indicateur à choisir"
    if etat.statut is Statut.ECHU_NON_ATTEINT:
        return "À décider", "une nouvelle cible"
    if etat.statut is Statut.ATTEINT and a_echu(etat, arrete):
        return "À décider", "une nouvelle cible, celle-ci est atteinte"
    if s.avancement.effort_annuel and etat.statut not in (Statut.ATTEINT, Statut.DANS_LA_TRAJECTOIRE):
        return "Reste à faire", effort(s).removeprefix("il faut ").removeprefix("il manque ")
    if etat.fraicheur is Fraicheur.PERIME:
        agee = max((x for x in etat.situations if x.age is not None), key=lambda x: x.age or 0)
        return "À relancer", f"{producteurs[agee.indicateur.producteur]}, {nombre(agee.age)} mois sans donnée"
    return "Rien à faire", "la valeur est à jour" if etat.fraicheur is Fraicheur.A_JOUR else "la valeur est attendue"


def a_echu(etat: EtatProgramme, arrete: date) -> bool:
    """Is every target of the programme behind us?"""
    return all(s.objectif is not None and s.objectif.echeance < arrete for s in etat.situations)


def recit(s: Situation, tendance: Tendance | None, projection: Projection | None) -> str:
    """What an indicator says in three sentences: how much since when, at what pace, how far it leads."""
    a, but = s.avancement, s.objectif
    if a.va is None or a.date_va is None or but is None or but.trajectoire.vc is None:
        return a.motif or "Aucune valeur publiée."
    cible = valeur(s.indicateur, but.trajectoire.vc)
    phrases = [_parcours(s)]
    if s.statut is Statut.ATTEINT:
        phrases.append(f"La cible de {cible} est atteinte.")
    elif projection is not None and tendance is not None:
        rythme = pas(s.indicateur, tendance.par_an)
        ou = f"{valeur(s.indicateur, projection.valeur)} en {mois_annee(projection.jour, court=False)}"
        entre = f"entre {valeur(s.indicateur, projection.basse)} et {valeur(s.indicateur, projection.haute)}"
        phrases.append(
            f"Au rythme des dernières années ({rythme} par an) : {ou}, {entre} à 95 %, pour une cible de {cible}."
        )
    elif tendance is None and but.echeance > a.date_va:
        phrases.append("Moins de cinq points comparables : aucun rythme n'est calculé.")
    if effort(s) and s.statut not in (Statut.ATTEINT, Statut.ECHU_NON_ATTEINT):
        phrases.append(f"Pour l'atteindre, {effort(s)}.")
    return " ".join(phrases)


def _parcours(s: Situation) -> str:
    a, but = s.avancement, s.objectif
    assert a.date_va is not None
    assert but is not None
    vi, date_vi = but.trajectoire.vi, but.trajectoire.date_vi
    fin = f"{valeur(s.indicateur, a.va)} en {mois_annee(a.date_va, court=False)}"
    if vi is None or date_vi is None or a.va is None:
        return f"{fin}."
    ecart = signe(a.va - vi, s.indicateur.decimales, unite_ecart(s.indicateur))
    attendu = f", là où {pourcentage(a.ta_attendu, 0)} du chemin étaient attendus" if a.ta_attendu is not None else ""
    return f"{fin}, soit {ecart} depuis {mois_annee(date_vi, court=False)}{attendu}."


def pas(declare: Indicateur, par_an: float) -> str:
    """A yearly change: under ten units it keeps one more digit, « +0 » would say nothing."""
    return signe(par_an, declare.decimales + (abs(par_an) < 10), unite_ecart(declare))


def projetable(s: Situation) -> bool:
    """May a straight line be drawn to the target? Not for a running total that restarts each January."""
    lecture = Lecture(s.indicateur.lecture)
    return lecture is not Lecture.CUMUL_ANNUEL and s.objectif is not None and s.statut is not Statut.ECHU_NON_ATTEINT


def courte(etat: EtatProgramme) -> str:
    """« Maisons de santé : 4 % du chemin, 25 % attendus, en retard »: the equivalent text of a row."""
    if etat.taux is None:
        return f"{etat.programme.nom} : {etat.statut.libelle}, {etat.motif or 'rien de mesuré'}"
    attendu = f", {pourcentage(etat.attendu, 0)} attendus" if etat.attendu is not None else ""
    return f"{etat.programme.nom} : {pourcentage(etat.taux, 0)} du chemin{attendu}, {etat.statut.libelle}"


FRAICHEURS = {
    Fraicheur.A_JOUR: ("à jour", "à jour"),
    Fraicheur.EN_ATTENTE: ("en attente", "en attente"),
    Fraicheur.PERIME: ("périmée", "périmées"),
    None: ("sans valeur", "sans valeur"),
}


def constat_fraicheur(etats: Sequence[EtatProgramme]) -> tuple[str, str, Mapping[Fraicheur | None, int]]:
    """How many values are up to date, how old the others are, and their numbers, the freshest first."""
    lues = [s for e in etats for s in e.situations]
    comptes = {etat: sum(s.fraicheur is etat for s in lues) for etat in FRAICHEURS}
    sans, a_jour = sum(not e.situations for e in etats), comptes[Fraicheur.A_JOUR]
    details = [compte(n, *FRAICHEURS[f]) for f, n in comptes.items() if n and f is not Fraicheur.A_JOUR]
    details += [compte(sans, "programme sans indicateur", "programmes sans indicateur")] if sans else []
    ages = sorted(s.age for s in lues if s.age is not None)
    mediane = f" Âge médian : {nombre(median(ages))} mois." if ages else ""
    tete = f"{a_jour} {pluriel(a_jour, 'valeur', 'valeurs')} à jour sur {len(lues)}"
    return tete, (f"{liste(details)}.".capitalize() if details else "") + mediane, comptes


def note_cibles(etats: Sequence[EtatProgramme]) -> str:
    """Who set the targets, and who answers for the programmes."""
    buts = [s.objectif.auteur for e in etats for s in e.situations if s.objectif]
    mots = {"État": "par l'État", "Région": "par la Région", "schéma": "par un schéma régional"}
    auteurs = liste([f"{buts.count(a)} {m}" for a, m in mots.items() if a in buts])
    fixees = pluriel(len(buts), "Cible fixée", "Cibles fixées")
    cibles = f"{fixees} : {auteurs}." if auteurs else "Aucune cible publiée."
    return f"{cibles} Direction responsable : à désigner." if not any(e.programme.direction for e in etats) else cibles


def manque_budget(espace: Espace) -> str:
    """What nobody published of the money: said, never left to be guessed."""
    connus = {cle for p in espace.politiques for cle in p.credits.declares}
    connus |= {cle for p in espace.programmes for cle in p.credits.declares}
    manquants = [mot.lower() for cle, mot in CREDITS.items() if cle != "vote" and cle not in connus]
    suivies = [p for p in espace.politiques if any(g.politique == p.id for g in espace.programmes)]
    votes = sum("vote" in p.credits.declares for p in suivies)
    detail = f"Voté publié pour {votes} politiques sur {len(suivies)}"
    return f"{detail} ; {liste(manquants)} : non transmis." if manquants else f"{detail}."
