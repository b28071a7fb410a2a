"""What calls for attention in a programme: one-line rules, and the sentence of each.

Nothing here reads the clock, and no sentence counts days from today: an alert says the same until its fact changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dashboard.domain.apports import Apport, Decision, EtatDecision, Meteo, Synthese, contredit
from dashboard.domain.formatage import date_longue, en_phrase, liste, mois_annee, nombre, pluriel, pourcentage
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.phrases import valeur
from dashboard.domain.programme import SOUS_LA_TRAJECTOIRE, EtatProgramme
from dashboard.domain.rappels import DECISION_JOURS, attendue, jour
from dashboard.domain.situation import Situation
from dashboard.domain.statut import Statut


class Alerte(StrEnum):
    """Kinds of alerts, the most serious first."""

    EN_RECUL = "en_recul"
    EN_RETARD = "en_retard"
    ECHU = "echu"
    DECISION_DEPASSEE = "decision_depassee"
    METEO_CONTREDITE = "meteo_contredite"
    DECISION_ATTENDUE = "decision_attendue"
    PERIME = "perime"
    NON_MESURE = "non_mesure"
    METEO_ABSENTE = "meteo_absente"

    @property
    def libelle(self) -> str:
        """Words shown to people, short enough for a counter."""
        return {
            "en_recul": "En recul", "en_retard": "En retard", "echu": "Échu non atteint",
            "decision_depassee": "Décision en retard", "meteo_contredite": "Météo à expliquer",
            "decision_attendue": "Décision attendue", "perime": "Donnée périmée", "non_mesure": "Non mesuré",
            "meteo_absente": "Météo absente",
        }[self.value]  # fmt: skip


@dataclass(frozen=True)
class DossierProgramme:
    """A programme in one territory with what was said of it, judged at ``arrete``.

    ``synthese``: the latest one, which carries the météo. ``decisions``: the latest version of each.
    """

    etat: EtatProgramme
    synthese: Apport | None
    decisions: tuple[Apport, ...]
    arrete: date

    @property
    def meteo(self) -> Meteo | None:
        """The human judgement; None when nobody gave one."""
        contenu = self.synthese.contenu if self.synthese else None
        return contenu.meteo if isinstance(contenu, Synthese) else None


# --------------------------------------------------------------------------------------------- rules


def en_retard(d: DossierProgramme) -> bool:
    """Is it late on its path?"""
    return d.etat.statut is Statut.EN_RETARD


def en_recul(d: DossierProgramme) -> bool:
    """Is it moving away from its target?"""
    return d.etat.statut is Statut.EN_RECUL


def echu(d: DossierProgramme) -> bool:
    """Has its échéance passed without the target?"""
    return d.etat.statut is Statut.ECHU_NON_ATTEINT


def non_mesure(d: DossierProgramme) -> bool:
    """Is it impossible to say where it stands?"""
    return d.etat.statut is Statut.NON_MESURE


def perime(d: DossierProgramme) -> bool:
    """Should one of its figures have been replaced already?"""
    return d.etat.fraicheur is Fraicheur.PERIME


def meteo_absente(d: DossierProgramme) -> bool:
    """Is it measured, and judged by nobody?"""
    return d.meteo is None and not non_mesure(d)


def meteo_contredit(d: DossierProgramme) -> bool:
    """Do the météo and the computed statut disagree?"""
    return d.meteo is not None and contredit(d.meteo, d.etat.statut)


def decision_depassee(d: DossierProgramme) -> bool:
    """Is a decision still open after its day?"""
    return bool(depassees(d))


def decision_attendue(d: DossierProgramme) -> bool:
    """Is an open decision due within ``DECISION_JOURS``?"""
    return bool(attendues(d))


REGLES: Mapping[Alerte, Callable[[DossierProgramme], bool]] = {
    Alerte.EN_RECUL: en_recul,
    Alerte.EN_RETARD: en_retard,
    Alerte.ECHU: echu,
    Alerte.DECISION_DEPASSEE: decision_depassee,
    Alerte.METEO_CONTREDITE: meteo_contredit,
    Alerte.DECISION_ATTENDUE: decision_attendue,
    Alerte.PERIME: perime,
    Alerte.NON_MESURE: non_mesure,
    Alerte.METEO_ABSENTE: meteo_absente,
}


def alertes_de(dossier: DossierProgramme) -> tuple[Alerte, ...]:
    """The alerts of a programme, the most serious first."""
    return tuple(a for a in Alerte if REGLES[a](dossier))


def compte_alertes(dossiers: Iterable[DossierProgramme]) -> dict[Alerte, int]:
    """How many programmes raise each alert; those that none raises are there with 0."""
    comptes = Counter(a for d in dossiers for a in alertes_de(d))
    return {a: comptes[a] for a in Alerte}


def _ouvertes(d: DossierProgramme) -> list[tuple[Decision, Apport]]:
    """Open decisions, the nearest first."""
    paires = [(a.contenu, a) for a in d.decisions if isinstance(a.contenu, Decision)]
    ouvertes = [(c, a) for c, a in paires if c.etat is EtatDecision.OUVERTE]
    return sorted(ouvertes, key=lambda p: (p[0].echeance, p[1].fil))


def depassees(d: DossierProgramme) -> list[tuple[Decision, Apport]]:
    """Decisions still open after their day, the oldest first."""
    return [p for p in _ouvertes(d) if p[0].echeance < d.arrete]


def attendues(d: DossierProgramme) -> list[tuple[Decision, Apport]]:
    """Open decisions due soon, the nearest first."""
    limite = d.arrete + timedelta(days=DECISION_JOURS)
    return [p for p in _ouvertes(d) if d.arrete <= p[0].echeance <= limite]


CAUSES: Mapping[Alerte, tuple[Statut, ...]] = {
    Alerte.EN_RECUL: SOUS_LA_TRAJECTOIRE,
    Alerte.EN_RETARD: SOUS_LA_TRAJECTOIRE,
    Alerte.ECHU: (Statut.ECHU_NON_ATTEINT,),
}


def causes(alerte: Alerte, d: DossierProgramme) -> tuple[Situation, ...]:
    """The counted indicators that raise the alert; all of them for one that looks at the whole."""
    if alerte is Alerte.PERIME:
        retenues = [s for s in d.etat.situations if s.fraicheur is Fraicheur.PERIME]
    else:
        retenues = [s for s in d.etat.situations if s.statut in CAUSES.get(alerte, ())]
    return tuple(retenues) or d.etat.situations


# ----------------------------------------------------------------------------------------- sentences


def phrase_alerte(alerte: Alerte, dossier: DossierProgramme) -> str:
    """One sentence: what, how much, since when."""
    return f"{dossier.etat.programme.nom} : {_PHRASES[alerte](dossier)}."


def _statut(d: DossierProgramme) -> str:
    etat = d.etat
    attendus = f" pour {pourcentage(etat.attendu, 0)} attendus" if etat.attendu is not None else ""
    chemin = f", {pourcentage(etat.taux, 0)} du chemin parcouru{attendus}" if etat.taux is not None else ""
    motif = f", {etat.motif}" if etat.motif and len(etat.situations) > 1 else ""
    return f"{etat.statut.libelle}{chemin}{motif} ; {_valeur(d, etat.principal)}"


def _echu(d: DossierProgramme) -> str:
    passees = [s for s in causes(Alerte.ECHU, d) if s.objectif]
    quand = liste([date_longue(j) for j in sorted({s.objectif.echeance for s in passees if s.objectif})])
    valeurs = " ; ".join(_valeur(d, s) for s in passees)
    return f"échéance du {quand} passée sans que la cible soit atteinte ; {valeurs}"


def _perime(d: DossierProgramme) -> str:
    vieilles = [s for s in causes(Alerte.PERIME, d) if s.serie]
    return f"donnée périmée, {' ; '.join(_attente(d, s) for s in vieilles)}"


def _attente(d: DossierProgramme, s: Situation) -> str:
    prevue, mois = attendue(s), mois_annee(s.serie[-1][0], court=False)
    quand = f"d'{mois}" if mois[0] in "ao" else f"de {mois}"
    suite = f", la suivante était attendue le {date_longue(prevue)} au plus tard" if prevue else ""
    return f"{_nomme(d, s)}dernière valeur {quand}{suite}"


def _non_mesure(d: DossierProgramme) -> str:
    return f"non mesuré, {en_phrase(d.etat.motif or 'aucune valeur ne peut être comparée à une cible').rstrip('. ')}"


def _meteo_absente(d: DossierProgramme) -> str:
    statut = d.etat.statut.libelle
    return f"aucune météo n'a été donnée, le calcul dit « {statut} » ; {_valeur(d, d.etat.principal)}"


def _meteo_contredite(d: DossierProgramme) -> str:
    quand = f" du {date_longue(jour(d.synthese))}" if d.synthese else ""
    return (
        f"la météo{quand} dit « {d.meteo} », le calcul dit « {d.etat.statut.libelle} » ; {_valeur(d, d.etat.principal)}"
    )


def _decision(decisions: list[tuple[Decision, Apport]], fin: str) -> str:
    premiere = decisions[0][0]
    reste = len(decisions) - 1
    suite = f" ; {nombre(reste)} {pluriel(reste, 'autre décision', 'autres décisions')} {fin}" if reste else ""
    quand = date_longue(premiere.echeance)
    return f"la décision « {premiere.titre} » est attendue de {premiere.responsable} pour le {quand}{suite}"


def _valeur(d: DossierProgramme, s: Situation | None) -> str:
    """« 145 maisons en décembre 2023, pour une cible de 244 maisons fin 2026 »."""
    if s is None or s.avancement.va is None or s.avancement.date_va is None:
        return "aucune valeur publiée"
    a, but = s.avancement, s.objectif
    quand = mois_annee(s.avancement.date_va, court=False)
    cible = f", pour une cible de {valeur(s.indicateur, but.trajectoire.vc)} fin {but.echeance.year}" if but else ""
    return f"{_nomme(d, s)}{valeur(s.indicateur, a.va)} en {quand}{cible}"


def _nomme(d: DossierProgramme, s: Situation) -> str:
    """Which indicator speaks, when the programme counts several."""
    return f"« {en_phrase(s.indicateur.libelle_court)} », " if len(d.etat.situations) > 1 else ""


_PHRASES: Mapping[Alerte, Callable[[DossierProgramme], str]] = {
    Alerte.EN_RECUL: _statut,
    Alerte.EN_RETARD: _statut,
    Alerte.ECHU: _echu,
    Alerte.DECISION_DEPASSEE: lambda d: _decision(depassees(d), "en retard"),
    Alerte.METEO_CONTREDITE: _meteo_contredite,
    Alerte.DECISION_ATTENDUE: lambda d: _decision(attendues(d), "à prendre"),
    Alerte.PERIME: _perime,
    Alerte.NON_MESURE: _non_mesure,
    Alerte.METEO_ABSENTE: _meteo_absente,
}
