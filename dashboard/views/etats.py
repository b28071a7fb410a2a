"""The state of every programme in the région and its départements, judged once and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from dashboard.domain.programme import EtatProgramme, etat_programme
from dashboard.domain.situation import Situation, situe_tous
from dashboard.domain.territoire import Maille
from dashboard.views import cached
from dashboard.views.filtres import Vue

Situations = Mapping[str, Mapping[str, Situation]]


@dataclass(frozen=True)
class Etats:
    """States by programme id, then by territory code; programmes in the order of the espace."""

    par_programme: Mapping[str, Mapping[str, EtatProgramme]]

    def ici(self, code: str) -> list[EtatProgramme]:
        """The programmes of one territory; below the région, those that count something there."""
        region = code.startswith(Maille.REGION.prefixe)
        return [etats[code] for etats in self.par_programme.values() if region or etats[code].situations]

    def departements(self, programme: str) -> list[EtatProgramme]:
        """One programme in each département, the farthest from its path first."""
        prefixe = Maille.DEPARTEMENT.prefixe
        siens = [e for code, e in self.par_programme[programme].items() if code.startswith(prefixe)]
        return sorted(siens, key=lambda e: (e.retard_relatif, e.code))

    def pires(self, code: str) -> dict[str, EtatProgramme]:
        """By programme id, the late département farthest from its path; empty when the view is not the région."""
        if not code.startswith(Maille.REGION.prefixe):
            return {}
        premiers = {p: next((e for e in self.departements(p) if e.en_retard), None) for p in self.par_programme}
        return {p: e for p, e in premiers.items() if e is not None}

    def retards(self) -> dict[str, tuple[int, int]]:
        """By département: how many programmes are late, how many are measured there."""
        comptes: dict[str, tuple[int, int]] = {}
        for programme in self.par_programme:
            for e in self.departements(programme):
                tard, total = comptes.get(e.code, (0, 0))
                comptes[e.code] = (tard + e.en_retard, total + (e.taux is not None))
        return comptes


# What a view is cached by: who may see what, as of when. The territory is not part of it: all are judged together.
CLE_VUE = {Vue: lambda v: (v.lecteur.cle, v.version, v.arrete)}


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=CLE_VUE)
def charge(vue: Vue) -> Etats:
    """The states a reader may see: a programme of which he may see no indicator is not listed. Shared: read only."""
    espace = cached.app().espace
    visibles = set(cached.visibles(vue.lecteur, vue.version))
    comptes = [i for p in espace.programmes for i in p.indicateurs if p.poids_de(i)]
    codes = codes_suivis(vue)
    jugees = _juge(vue, [i for i in comptes if i in visibles], codes)
    return Etats({
        p.id: {c: etat_programme(p, c, {i: jugees[i][c] for i in p.indicateurs if i in jugees}, espace.seuils)
               for c in codes}
        for p in espace.programmes_visibles(visibles)
    })  # fmt: skip


def codes_suivis(vue: Vue) -> tuple[str, ...]:
    """The région and its départements: the levels at which policies have targets."""
    places = vue.territoires
    return tuple(places.loc[places["maille"].isin([Maille.REGION, Maille.DEPARTEMENT]), "code"])


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=CLE_VUE)
def situations(vue: Vue, indicateurs: Sequence[str]) -> Situations:
    """Situations of some indicators in the région and the départements. Shared: read only."""
    visibles = set(cached.visibles(vue.lecteur, vue.version))
    return _juge(vue, [i for i in indicateurs if i in visibles], codes_suivis(vue))


def _juge(vue: Vue, indicateurs: Iterable[str], codes: Sequence[str]) -> Situations:
    espace, ids = cached.app().espace, sorted(set(indicateurs))
    places = {int(vue.territoires.loc[c, "id"]): c for c in codes}
    series = cached.series(vue.lecteur, vue.version, ids, sorted(places))
    cibles = cached.objectifs(vue.lecteur, vue.version, ids)
    return situe_tous([espace.indicateur(i) for i in ids], places, series, cibles, vue.arrete, espace.seuils)
