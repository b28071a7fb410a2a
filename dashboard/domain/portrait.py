"""What a territory's figures allow to say of it: against the région, and against the territories like it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, NamedTuple, cast

import pandas as pd

from dashboard.domain.comparaison import Verdict, classe_densite, tranche_population, verdict_intervalle
from dashboard.domain.formatage import compte, en_phrase, pourcentage, signe
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.intervalle import Intervalle, wilson
from dashboard.domain.phrases import unite_ecart, valeur
from dashboard.domain.programme import CLOS, EtatProgramme
from dashboard.domain.semblables import semblables
from dashboard.domain.statut import Statut
from dashboard.domain.territoire import Maille, maille_de

PAIRS_MIN = 4
"""Under so many territories to compare with, nothing is said."""
EXTREME = 0.75
"""Share of the others that a territory must pass to stand out."""
UNITES_MIN = 10
"""A mean of fewer units than this (mayors, town halls) is chance, not a feature."""
CITES = 6
CRITERES = ("hab./km²", "km²")
"""Units of what makes territories alike: to stand out by it would say nothing."""


class Valeur(NamedTuple):
    """One row of ``valeur``. ``statut`` Q: hidden, then every figure is None."""

    debut: date
    fin: date
    frequence: str
    valeur: float | None
    numerateur: float | None = None
    denominateur: float | None = None
    completude: float | None = None
    statut: str = "A"

    @property
    def secret(self) -> bool:
        """Is it hidden by statistical secrecy?"""
        return self.statut == "Q"


def est_proportion(declare: Indicateur) -> bool:
    """Is it a share of counted units, which has an interval? A signed change is not one."""
    return declare.unite == "%" and declare.facteur == 100 and not declare.carte.divergente


def intervalle(declare: Indicateur, v: Valeur | None) -> Intervalle | None:
    """Wilson interval at 95 % of a proportion, in percent; None for anything else."""
    if v is None or v.numerateur is None or not v.denominateur or not est_proportion(declare):
        return None
    return wilson(v.numerateur, v.denominateur)


def texte(declare: Indicateur, v: Valeur | None) -> str:
    """The value with its unit; « s. » when hidden, « n.d. » when missing."""
    return "n.d." if v is None else valeur(declare, v.valeur, secret=v.secret)


def ecart(declare: Indicateur, v: Valeur | None, repere: Valeur | None) -> tuple[str, Verdict | None]:
    """Gap to the région in words, and the verdict when there is an interval: (« +1,7 pt », verdict).

    Only points carry their unit: the other gaps stand beside a value that has it. A count is told as a share of the
    région's. Nothing is said against a missing or hidden benchmark.
    """
    if v is None or repere is None or v.valeur is None or repere.valeur is None:
        return "", None
    if declare.en_cercles:
        return (part(v.valeur, repere.valeur), None) if repere.valeur else ("", None)
    unite = unite_ecart(declare) if declare.unite.startswith("%") else ""
    gap = signe(v.valeur - repere.valeur, max(declare.decimales, 1), unite)
    entre = intervalle(declare, v)
    return gap, None if entre is None else verdict_intervalle(entre, repere.valeur)


def part(v: float, total: float) -> str:
    """« 9,3 % du total »; a tiny part is never rounded to nothing."""
    taux = 100 * v / total
    return "< 0,1 % du total" if 0 < taux < 0.05 else f"{pourcentage(taux)} du total"


@dataclass(frozen=True)
class Groupe:
    """The territories a territory is compared with, never itself; ``description``: « à 18 semblables (…) »."""

    codes: tuple[str, ...]
    description: str


def groupe_semblable(places: pd.DataFrame, code: str) -> Groupe:
    """The similar territories of the page Mon territoire; all the others for a département, which has only seven.

    ``places``: territories indexed by code, with maille, population and superficie_km2.
    """
    maille = maille_de(code)
    pairs = places[places["maille"] == maille]
    if maille in (Maille.REGION, Maille.DEPARTEMENT):
        tous = _autres(pairs, code)
        return Groupe(tous, f"aux {compte(len(tous), 'autre', 'autres')} {maille.pluriel}")
    trouves = semblables(pairs, code, maille)
    if not trouves.codes:
        tous = _autres(pairs, code)
        toutes = "toutes" if maille is Maille.COMMUNE else "tous"
        return Groupe(tous, f"à {toutes} les autres {maille.pluriel} de la région, faute de semblables")
    habitants, superficie = (float(cast("Any", pairs.at[code, c])) for c in ("population", "superficie_km2"))
    elargi = " ; critères élargis" if trouves.elargi else ""
    return Groupe(
        trouves.codes,
        f"à {compte(len(trouves.codes), 'semblable', 'semblables')} ({maille.pluriel} "
        f"{tranche_population(habitants)}, {classe_densite(habitants / superficie)}{elargi})",
    )


def _autres(pairs: pd.DataFrame, code: str) -> tuple[str, ...]:
    return tuple(c for c in pairs["code"] if c != code)


@dataclass(frozen=True)
class Observation:
    """One figure of a territory and those of the others, at the same period. ``pairs``: known values only."""

    indicateur: Indicateur
    valeur: Valeur | None
    pairs: tuple[float, ...]


@dataclass(frozen=True)
class Constat:
    """What stands out: its title, the sentence, and how far it stands (for the order)."""

    titre: str
    phrase: str
    force: float


@dataclass(frozen=True)
class Contrastes:
    """What stands out: good, bad, and above or below where no direction is declared to be better."""

    forces: tuple[Constat, ...] = ()
    faiblesses: tuple[Constat, ...] = ()
    au_dessus: tuple[Constat, ...] = ()
    en_dessous: tuple[Constat, ...] = ()
    indistincts: int = 0

    @property
    def rien(self) -> bool:
        """Does nothing stand out?"""
        return not (self.forces or self.faiblesses or self.au_dessus or self.en_dessous)


def distingue(o: Observation) -> Verdict:
    """Above or below: beyond three quarters of the others, and not by chance.

    A share must have the median of the others outside its interval; a mean must rest on ten units.
    """
    v = o.valeur
    if v is None or v.valeur is None or len(o.pairs) < PAIRS_MIN:
        return Verdict.NON_DISTINGUABLE
    seuil = EXTREME * len(o.pairs)
    haut, bas = sum(p < v.valeur for p in o.pairs) >= seuil, sum(p > v.valeur for p in o.pairs) >= seuil
    entre = intervalle(o.indicateur, v)
    au_hasard = not entre.exclut(median(o.pairs)) if entre else v.denominateur is not None and (
        v.denominateur < UNITES_MIN
    )  # fmt: skip
    if au_hasard or not (haut or bas):
        return Verdict.NON_DISTINGUABLE
    return Verdict.AU_DESSUS if haut else Verdict.EN_DESSOUS


def forces_faiblesses(observations: Sequence[Observation], etats: Sequence[EtatProgramme] = ()) -> Contrastes:
    """What stands out in a territory, the most remarkable first, six of each kind at most.

    ``observations``: counts are left out (they tell the size), and so are the criteria of likeness.
    ``etats``: the programmes measured in this very territory, judged by their own statut.
    """
    paniers: dict[str, list[Constat]] = {"forces": [], "faiblesses": [], "au_dessus": [], "en_dessous": []}
    indistincts = 0
    for o in observations:
        if o.indicateur.en_cercles or o.indicateur.unite in CRITERES or o.valeur is None or o.valeur.valeur is None:
            continue
        v = distingue(o)
        if v is Verdict.NON_DISTINGUABLE:
            indistincts += 1
        else:
            paniers[_panier(o.indicateur, v)].append(_constat(o))
    for e in etats:
        if e.taux is not None and (nom := _panier_programme(e)):
            paniers[nom].append(_constat_programme(e))
    tries = {nom: tuple(sorted(p, key=lambda c: (-c.force, c.titre))[:CITES]) for nom, p in paniers.items()}
    return Contrastes(**tries, indistincts=indistincts)


_BONS: Mapping[str, Verdict] = {"hausse": Verdict.AU_DESSUS, "baisse": Verdict.EN_DESSOUS}


def _panier(declare: Indicateur, v: Verdict) -> str:
    if declare.sens == "neutre":
        return "au_dessus" if v is Verdict.AU_DESSUS else "en_dessous"
    return "forces" if _BONS[declare.sens] is v else "faiblesses"


def _constat(o: Observation) -> Constat:
    assert o.valeur is not None
    assert o.valeur.valeur is not None
    v, milieu = o.valeur.valeur, median(o.pairs)
    devant, derriere = sum(p < v for p in o.pairs), sum(p > v for p in o.pairs)
    passes, mot = (devant, "plus que") if devant >= derriere else (derriere, "moins que")
    dispersion = median(abs(p - milieu) for p in o.pairs) or 1.0
    phrase = (
        f"{valeur(o.indicateur, v)}, {mot} {passes} sur {len(o.pairs)} ; médiane des autres : "
        f"{valeur(o.indicateur, milieu)}"
    )
    return Constat(o.indicateur.libelle, phrase, abs(v - milieu) / dispersion)


def _panier_programme(e: EtatProgramme) -> str | None:
    if e.statut in (Statut.ATTEINT, Statut.DANS_LA_TRAJECTOIRE):
        return "forces"
    return "faiblesses" if e.en_retard or e.statut in CLOS else None


def _constat_programme(e: EtatProgramme) -> Constat:
    attendu = f", {pourcentage(e.attendu, 0)} attendus" if e.attendu is not None else ""
    phrase = f"{pourcentage(e.taux, 0)} du chemin{attendu} : {e.statut.libelle}"
    return Constat(e.programme.nom, phrase, abs(e.ecart or 0.0) / 100)


def evolution(nom: str, v: Valeur, repere: Valeur | None) -> list[tuple[str, bool]]:
    """« La ville gagne des habitants (+3,1 % de 2017 à 2023) ; la région, quant à elle, en perd », (text, strong)."""
    assert v.valeur is not None
    morceaux = [
        (f"{nom} ", False),
        (_verbe(v.valeur), True),
        (f" ({signe(v.valeur, 1, '%')} de {v.debut.year} à {v.fin.year})", False),
    ]
    if repere is not None and repere.valeur is not None:
        autre = "aussi" if (repere.valeur < 0) == (v.valeur < 0) else "quant à elle"
        morceaux.append((f" ; la région, {autre}, {_verbe(repere.valeur)} ({signe(repere.valeur, 1, '%')})", False))
    return [*morceaux, (".", False)]


def _verbe(taux: float) -> str:
    if abs(taux) < 0.05:
        return "garde ses habitants"
    return "gagne des habitants" if taux > 0 else "perd des habitants"


def programmes_en_mots(etats: Sequence[EtatProgramme]) -> str:
    """« Sur 27 programmes, 4 sont en retard, 12 tiennent leur trajectoire »: the same count as the pages."""
    retards = [en_phrase(e.programme.nom) for e in etats if e.en_retard]
    tenus = sum(e.statut in (Statut.ATTEINT, Statut.DANS_LA_TRAJECTOIRE) for e in etats)
    mesures = sum(e.statut is not Statut.NON_MESURE for e in etats)
    return (
        f"{compte(len(etats), 'programme suivi', 'programmes suivis')}, {compte(mesures, 'mesuré', 'mesurés')} ici : "
        f"{compte(len(retards), 'en retard ou en recul', 'en retard ou en recul')}, "
        f"{compte(tenus, 'dans la trajectoire ou atteint', 'dans la trajectoire ou atteints')}."
    )
