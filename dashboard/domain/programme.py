"""Where a programme stands in one territory: the weighted progress of what it counts, and the statut it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.domain.avancement import ProgrammeTA, programme_ta
from dashboard.domain.formatage import en_phrase, liste
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.indicateur import Programme
from dashboard.domain.situation import Situation
from dashboard.domain.statut import Seuils, Statut, statut_par_ecart
from dashboard.domain.territoire import maille_de

CLOS = (Statut.ATTEINT, Statut.ECHU_NON_ATTEINT)
SOUS_LA_TRAJECTOIRE = (Statut.EN_RECUL, Statut.EN_RETARD, Statut.A_SURVEILLER, Statut.ECHU_NON_ATTEINT)


@dataclass(frozen=True)
class EtatProgramme:
    """A programme in one territory. ``situations``: what it counts there, headline first.

    ``taux`` and ``attendu`` in percent of the way, None when too little is measured; ``motif`` says why.
    """

    programme: Programme
    code: str
    situations: tuple[Situation, ...]
    compte: ProgrammeTA
    statut: Statut
    motif: str | None
    taux: float | None
    attendu: float | None

    @property
    def ecart(self) -> float | None:
        """Gap to the path, in points."""
        return None if self.taux is None or self.attendu is None else self.taux - self.attendu

    @property
    def retard_relatif(self) -> float:
        """Progress over what was expected: what ranks programmes; +inf when it cannot be computed."""
        return self.taux / self.attendu if self.taux is not None and self.attendu else float("inf")

    @property
    def principal(self) -> Situation | None:
        """The indicator to look at first: the farthest from its path, else the headline."""
        mesurees = [s for s in self.situations if s.statut is not Statut.NON_MESURE]
        return min(mesurees, key=lambda s: s.retard_relatif) if mesurees else next(iter(self.situations), None)

    @property
    def fraicheur(self) -> Fraicheur | None:
        """The worst freshness of what it counts; None without any value."""
        ordre = (Fraicheur.PERIME, Fraicheur.EN_ATTENTE, Fraicheur.A_JOUR)
        return next((f for f in ordre if any(s.fraicheur is f for s in self.situations)), None)

    @property
    def en_retard(self) -> bool:
        """Late or moving away."""
        return self.statut in (Statut.EN_RETARD, Statut.EN_RECUL)


def etat_programme(
    programme: Programme, code: str, situations: Mapping[str, Situation], seuils: Seuils
) -> EtatProgramme:
    """The state of a programme in ``code``, from the situations there of the indicators a reader may see.

    One indicator: its own statut. Several: by the weighted TA against the weighted expected TA, with the thresholds
    of an indicator; all met is met, all closed is expired, more than half of the weight moving away moves away.
    """
    siennes = tuple(situations[i] for i in programme.indicateurs if i in situations and programme.poids_de(i))
    siennes = tuple(s for s in siennes if maille_de(code) in s.indicateur.mailles)
    poids = {s.indicateur.id: programme.poids_de(s.indicateur.id) for s in siennes}
    compte = programme_ta(((s.avancement.ta, poids[s.indicateur.id], True) for s in siennes), seuils)
    if len(siennes) == 1:
        a = siennes[0].avancement
        motif = programme.non_mesure or a.motif if a.statut is Statut.NON_MESURE else a.motif
        return EtatProgramme(programme, code, siennes, compte, a.statut, motif, a.ta_brut, a.ta_attendu)
    if compte.ta is None:
        ailleurs = "mesuré pour la région seulement" if programme.indicateurs and not siennes else None
        motif = programme.non_mesure or ailleurs or compte.motif
        return EtatProgramme(programme, code, siennes, compte, Statut.NON_MESURE, motif, None, None)
    attendu = _attendu(siennes, poids)
    statut = _statut(siennes, poids, compte.ta, attendu, seuils)
    return EtatProgramme(programme, code, siennes, compte, statut, _motif(siennes), compte.ta, attendu)


def _attendu(situations: Sequence[Situation], poids: Mapping[str, float]) -> float | None:
    """Weighted expected TA of the measured, each within 0..100; None unless all of them have one."""
    mesurees = [s for s in situations if s.avancement.ta is not None]
    attendus = [(s.avancement.ta_attendu, poids[s.indicateur.id]) for s in mesurees]
    if any(a is None for a, _ in attendus):
        return None
    return sum(min(100.0, max(0.0, a or 0.0)) * p for a, p in attendus) / sum(p for _, p in attendus)


def _statut(
    situations: Sequence[Situation], poids: Mapping[str, float], taux: float, attendu: float | None, seuils: Seuils
) -> Statut:
    mesurees = [s for s in situations if s.statut is not Statut.NON_MESURE]
    statuts = {s.statut for s in mesurees}
    total = sum(poids[s.indicateur.id] for s in mesurees)
    recul = sum(poids[s.indicateur.id] for s in mesurees if s.statut is Statut.EN_RECUL)
    if statuts == {Statut.ATTEINT}:
        return Statut.ATTEINT
    if statuts <= set(CLOS):
        return Statut.ECHU_NON_ATTEINT
    if recul > total / 2:
        return Statut.EN_RECUL
    return Statut.NON_MESURE if attendu is None else statut_par_ecart(taux, attendu, seuils)


def _motif(situations: Sequence[Situation]) -> str | None:
    """Which of the counted indicators are below their path."""
    bas = [en_phrase(s.indicateur.libelle_court) for s in situations if s.statut in SOUS_LA_TRAJECTOIRE]
    return f"sous la trajectoire : {liste(bas)}" if bas else None
