"""« Mes tâches »: what to write, decide, settle, explain or chase, from the figures and what was said of them.

Pure and deterministic: the date d'arrêté is given, nothing reads the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from enum import StrEnum

from dashboard.domain.apports import (
    Apport,
    Decision,
    EtatDecision,
    EtatProposition,
    Genre,
    Proposition,
    Synthese,
    contredit,
)
from dashboard.domain.formatage import PARIS, avec_unite, compte, en_phrase, mois_annee
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.indicateur import Indicateur, Programme
from dashboard.domain.periode import PeriodeInconnue, ajoute_mois, parse_periode
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.situation import Situation
from dashboard.domain.statut import Statut

SYNTHESE_JOURS, DECISION_JOURS = 90, 30
"""After how long a synthèse is to be written again; how long before its échéance a decision is announced."""
A_COMMENTER = (Statut.EN_RECUL, Statut.EN_RETARD, Statut.ECHU_NON_ATTEINT)
"""Statuts that call for words, the most urgent first."""


class Geste(StrEnum):
    """What is asked, the most urgent first."""

    EN_RETARD = "en_retard"
    A_DECIDER = "a_decider"
    A_EXPLIQUER = "a_expliquer"
    A_ECRIRE = "a_ecrire"
    A_TRANCHER = "a_trancher"
    A_RELANCER = "a_relancer"

    @property
    def libelle(self) -> str:
        """Words shown to people."""
        return {
            "en_retard": "En retard", "a_decider": "À décider", "a_expliquer": "À expliquer",
            "a_ecrire": "À écrire", "a_trancher": "À trancher", "a_relancer": "À relancer",
        }[self.value]  # fmt: skip


@dataclass(frozen=True)
class Rappel:
    """One thing to do. ``quoi``: it in words. ``depuis``: since when, or until when for a decision to come.

    ``genre`` and ``fil``: the contribution to write; none for a producer to chase. ``rang``: urgency within a geste.
    """

    geste: Geste
    programme: str
    code: str
    quoi: str
    depuis: date | None = None
    genre: Genre | None = None
    fil: int | None = None
    rang: int = 0


def jour(apport: Apport) -> date:
    """The day a version was written, in Paris."""
    return apport.cree_le.replace(tzinfo=UTC).astimezone(PARIS).date()


def rappels(
    etats: Sequence[EtatProgramme], apports: Sequence[Apport], arrete: date, producteurs: Mapping[str, str]
) -> list[Rappel]:
    """Everything due at ``arrete``, the most urgent first. ``producteurs``: their names by id.

    ``apports``: the latest version of each; those on a subject that no state holds are left out.
    """
    trouves = [*_syntheses(etats, apports, arrete), *_suites(etats, apports, arrete), *_perimes(etats, producteurs)]
    return sorted(trouves, key=lambda r: (ORDRE[r.geste], r.rang, r.depuis or date.min, r.programme, r.code, r.quoi))


ORDRE = {geste: rang for rang, geste in enumerate(Geste)}


def _syntheses(etats: Iterable[EtatProgramme], apports: Sequence[Apport], arrete: date) -> Iterator[Rappel]:
    """What the judgement of each programme asks: to be written, written again, or explained."""
    dernieres = {(a.sujet, a.code): a for a in apports if a.genre is Genre.SYNTHESE}
    for etat in etats:
        synthese = dernieres.get((etat.programme.id, etat.code))
        rang = A_COMMENTER.index(etat.statut) if etat.statut in A_COMMENTER else len(A_COMMENTER)
        if synthese is not None and isinstance(synthese.contenu, Synthese):
            if contredit(synthese.contenu.meteo, etat.statut):
                quoi = f"la météo dit « {synthese.contenu.meteo.value} », le calcul « {etat.statut.libelle} »"
                yield _a_ecrire(etat, Geste.A_EXPLIQUER, quoi, jour(synthese), rang, synthese.fil)
            if pourquoi := _vieillie(etat, synthese, arrete):
                yield _a_ecrire(etat, Geste.A_ECRIRE, pourquoi, jour(synthese), rang, synthese.fil)
        elif etat.statut in A_COMMENTER:
            yield _a_ecrire(etat, Geste.A_ECRIRE, f"{etat.statut.libelle}, sans synthèse", None, rang, None)


def _a_ecrire(etat: EtatProgramme, geste: Geste, quoi: str, depuis: date | None, rang: int, fil: int | None) -> Rappel:
    return Rappel(geste, etat.programme.id, etat.code, quoi, depuis, Genre.SYNTHESE, fil, rang)


def _vieillie(etat: EtatProgramme, synthese: Apport, arrete: date) -> str:
    """Why a synthèse has to be written again; empty while it holds."""
    derniere = max((s.serie[-1][0] for s in etat.situations if s.serie), default=None)
    if derniere is not None and derniere > jour(synthese):
        return f"la synthèse est antérieure à la valeur de {mois_annee(derniere, court=False)}"
    age = (arrete - jour(synthese)).days
    return f"la synthèse a {compte(age, 'jour', 'jours')}" if age > SYNTHESE_JOURS else ""


def _suites(etats: Sequence[EtatProgramme], apports: Iterable[Apport], arrete: date) -> Iterator[Rappel]:
    """Decisions whose day comes or has passed, contested values that wait for their answer."""
    for apport in apports:
        programme = _programme(etats, apport.sujet)
        if programme is None:
            continue
        contenu = apport.contenu
        if isinstance(contenu, Decision) and contenu.etat is EtatDecision.OUVERTE:
            reste = (contenu.echeance - arrete).days
            if reste <= DECISION_JOURS:
                geste = Geste.EN_RETARD if reste < 0 else Geste.A_DECIDER
                quoi = f"« {contenu.titre} », attendu de : {contenu.responsable}"
                yield Rappel(geste, programme.id, apport.code, quoi, contenu.echeance, apport.genre, apport.fil)
        elif isinstance(contenu, Proposition) and contenu.etat is EtatProposition.EN_ATTENTE:
            quoi = _proposition(etats, apport.sujet, contenu)
            yield Rappel(Geste.A_TRANCHER, programme.id, apport.code, quoi, jour(apport), apport.genre, apport.fil)


def _programme(etats: Iterable[EtatProgramme], sujet: str) -> Programme | None:
    """The programme a subject belongs to: itself, or the one that counts or shows the indicator."""
    return next((e.programme for e in etats if sujet == e.programme.id or sujet in e.programme.tous), None)


def _proposition(etats: Iterable[EtatProgramme], sujet: str, contenu: Proposition) -> str:
    """« maisons de santé, 2024 : proposition de 132 maisons »."""
    declare = next((s.indicateur for e in etats for s in e.situations if s.indicateur.id == sujet), None)
    nom = en_phrase(declare.libelle_court) if declare else sujet
    try:
        periode = parse_periode(contenu.periode).texte
    except PeriodeInconnue:
        periode = contenu.periode
    return f"{nom}, {periode} : proposition de {chiffre(declare, contenu.valeur)}"


def chiffre(declare: Indicateur | None, valeur: float) -> str:
    """A contested value with every decimal it was given, never rounded to those of the published figure."""
    exposant = Decimal(repr(valeur)).normalize().as_tuple().exponent
    donnees = min(10, max(0, -exposant)) if isinstance(exposant, int) else 0
    return avec_unite(valeur, declare.unite if declare else "", max(donnees, declare.decimales if declare else 0))


def _perimes(etats: Iterable[EtatProgramme], producteurs: Mapping[str, str]) -> Iterator[Rappel]:
    """Producers to chase, once for each indicator and territory."""
    vus: set[tuple[str, str]] = set()
    for etat in etats:
        for s in etat.situations:
            if s.fraicheur is Fraicheur.PERIME and (s.indicateur.id, s.code) not in vus:
                vus.add((s.indicateur.id, s.code))
                nom = producteurs.get(s.indicateur.producteur, s.indicateur.producteur)
                quoi = f"{nom}, pour {en_phrase(s.indicateur.libelle_court)}"
                yield Rappel(Geste.A_RELANCER, etat.programme.id, etat.code, quoi, attendue(s))


def attendue(situation: Situation) -> date | None:
    """The day the next value should have come at the latest."""
    declare = situation.indicateur
    if not situation.serie:
        return None
    return ajoute_mois(situation.serie[-1][0], declare.rythme_mois + declare.delai_mois)
