"""Everything the static site of a snapshot says, read in bulk through the door of reading, once for all its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.domain.apports import Apport, Decision, EtatDecision, Synthese
from dashboard.domain.bulletin import Bulletin
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.situation import Situation, situe_tous
from dashboard.domain.territoire import Maille
from dashboard.exports.bulletin_lecture import FICHIER
from dashboard.exports.instantane_contexte import Contexte
from dashboard.exports.instantane_dernieres import Colonne, dernieres
from dashboard.exports.portrait_lecture import HAUTES, Contours, Fonds, avec_series, charge
from dashboard.store import queries
from dashboard.store.apports import load_apports
from dashboard.store.moteur import lecture

Situations = Mapping[str, Mapping[str, Situation]]


@dataclass(frozen=True)
class Matiere:
    """What the pages are made of. ``fonds``: the series of every territory above the commune. ``colonnes``: latest
    values by maille. ``situations``: every visible indicator in the région and its départements. ``apports``: words by
    subject. ``cibles``: rows of ``objectif``. ``bulletin``: what changed this week, when the package says it."""

    contexte: Contexte
    fonds: Fonds
    colonnes: Mapping[Maille, Sequence[Colonne]]
    situations: Situations
    apports: Mapping[str, Sequence[Apport]]
    cibles: pd.DataFrame
    bulletin: Bulletin | None = None

    @property
    def region(self) -> str:
        """Code of the région."""
        return self.contexte.espace.code_region

    @property
    def etats(self) -> Sequence[EtatProgramme]:
        """Every programme in the région."""
        return self.fonds.etats[self.region]

    @cached_property
    def noms(self) -> dict[str, str]:
        """Name of each territory."""
        places = self.fonds.places
        return dict(zip(places["code"].astype(str), places["nom"].astype(str), strict=True))

    @cached_property
    def codes(self) -> list[str]:
        """The territories that have a page of their own, the widest first."""
        return _hauts(self.contexte)

    @cached_property
    def sigles(self) -> dict[str, str]:
        """Short name of each producer."""
        return {p.id: p.sigle for p in self.contexte.espace.producteurs}

    def departements(self, programme: str) -> list[EtatProgramme]:
        """One programme in each département that measures it, the farthest from its path first."""
        tous = (e for code, etats in self.fonds.etats.items() if code != self.region for e in etats)
        siens = [e for e in tous if e.programme.id == programme and e.situations]
        return sorted(siens, key=lambda e: (e.retard_relatif, e.code))

    def synthese(self, programme: str) -> tuple[Apport, Synthese] | None:
        """The judgement of who answers for a programme, in the région."""
        for a in self.apports.get(programme, ()):
            if a.code == self.region and isinstance(a.contenu, Synthese):
                return a, a.contenu
        return None

    def decisions(self, programme: str) -> list[Apport]:
        """The open decisions of the région on a programme, the nearest deadline first."""
        siens = [(a.contenu.echeance, a.fil, a) for a in self.apports.get(programme, ())
                 if a.code == self.region and isinstance(a.contenu, Decision)
                 and a.contenu.etat is EtatDecision.OUVERTE]  # fmt: skip
        return [a for *_, a in sorted(siens, key=lambda x: x[:2])]

    def colonne(self, maille: Maille, indicateur: str) -> Colonne | None:
        """The latest values of an indicator at a maille."""
        return next((c for c in self.colonnes[maille] if c.declare.id == indicateur), None)


def lis(contexte: Contexte, contours: Mapping[Maille, Contours], dossier: Path) -> Matiere:
    """Reads all. ``contours``: light geometry by maille, what the espace draws. ``dossier``: the package."""
    codes, declares = _hauts(contexte), [i.id for i in contexte.indicateurs]
    sujets = [*(p.id for p in contexte.programmes), *declares]
    with lecture(contexte.moteur) as connexion:
        fonds = charge(connexion, contexte.lecteur, contexte.espace, contexte.arrete, contours)
        fonds = avec_series(connexion, fonds, codes)
        hautes = contexte.places[contexte.places["maille"].isin(HAUTES)]
        series = queries.load_series(connexion, contexte.lecteur, sorted(declares), hautes["id"].tolist())
        cibles = queries.load_objectifs(connexion, contexte.lecteur, sorted(declares))
        lus = load_apports(connexion, contexte.lecteur, sujets)
    lieux = {int(i): str(c) for i, c in zip(hautes["id"], hautes["code"], strict=True)}
    jugees = situe_tous(contexte.indicateurs, lieux, series, cibles, contexte.arrete, contexte.espace.seuils)
    colonnes = {m: tuple(dernieres(contexte, m)[1]) for m in Maille}
    return Matiere(contexte, fonds, colonnes, jugees, _par_sujet(lus), cibles, _bulletin(dossier / FICHIER))


def _hauts(contexte: Contexte) -> list[str]:
    places = contexte.places[contexte.places["maille"] != Maille.COMMUNE.value]
    rangs = {m.value: m.rang for m in Maille}
    paires = zip(places["maille"], places["code"].astype(str), strict=True)
    return [c for _, c in sorted((rangs[m], c) for m, c in paires)]


def _bulletin(fichier: Path) -> Bulletin | None:
    return Bulletin.model_validate_json(fichier.read_bytes()) if fichier.is_file() else None


def _par_sujet(apports: Sequence[Apport]) -> dict[str, Sequence[Apport]]:
    rangees: dict[str, list[Apport]] = {}
    for a in sorted(apports, key=lambda a: (a.cree_le, a.fil), reverse=True):
        rangees.setdefault(a.sujet, []).append(a)
    return dict(rangees)


def morceaux(phrase: Sequence[tuple[str, bool]]) -> list[dict[str, Any]]:
    """A sentence in pieces, as the templates take it."""
    return [{"texte": texte, "fort": fort} for texte, fort in phrase]
