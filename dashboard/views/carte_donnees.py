"""What a map is made of: values in the order of the geometry, their classes, where to look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.domain.formatage import liste, nombre
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.periode import Periode, parse_periode
from dashboard.domain.territoire import Maille, maille_de
from dashboard.figures.carte import ABSENT, SECRET
from dashboard.figures.classes import DEFAUT, Decoupage, decoupe
from dashboard.figures.methodes import Reglage, Valeurs
from dashboard.views import cached
from dashboard.views.filtres import Vue

NOMS_MAX = 7
Bornes = tuple[float, float, float, float]


@dataclass(frozen=True)
class CarteVue:
    """One indicator on one maille at one period, ready to draw. ``valeurs``: by code, every territory.
    ``ensemble``: the values that decided of the classes and of the circles, when several maps share them.
    ``cadre``: name of the territory that the legend counts alone; ``codes``: what lies in it."""

    declare: Indicateur
    maille: Maille
    periode: Periode | None
    valeurs: pd.DataFrame
    decoupage: Decoupage
    ensemble: Valeurs | None = None
    cadre: str = ""
    codes: frozenset[str] = frozenset()

    @property
    def comptees(self) -> pd.DataFrame:
        """The values that the legend counts."""
        return self.valeurs[self.valeurs.index.isin(self.codes)] if self.cadre else self.valeurs

    @property
    def maximum(self) -> float:
        """The value of the largest circle."""
        connues = self.valeurs["valeur"].to_numpy(dtype=float) if self.ensemble is None else self.ensemble
        return float(np.nanmax(connues, initial=0.0))

    @property
    def titre(self) -> str:
        """« Taux de chômage, 2023 »."""
        return f"{self.declare.libelle}{f', {self.periode.texte}' if self.periode else ''}"


def periodes(vue: Vue, declare: Indicateur, maille: Maille) -> list[tuple[str, str]]:
    """(code, words) of each period, latest first."""
    trouvees = cached.periodes(vue.lecteur, vue.version, declare.id, maille)
    return [(p.code, p.texte) for p in trouvees if p.fin <= vue.arrete or declare.est_contexte]


def charge(
    vue: Vue, declare: Indicateur, maille: Maille, fin: date | None,
    reglage: Reglage = DEFAUT, ensemble: Valeurs | None = None,
) -> CarteVue:  # fmt: skip
    """Values of every territory of the maille in the order of the geometry (sorted codes)."""
    cadre = cached.dernieres(vue.lecteur, vue.version, declare.id, maille, fin)
    places = vue.territoires
    places = places[places["maille"] == maille].sort_index()
    trouvees = cadre.set_index("territoire_id")[["valeur", "statut", "completude"]].reindex(places["id"])
    valeurs = places[["code", "nom"]].assign(**{c: trouvees[c].to_numpy() for c in trouvees})
    connues = cached.periodes(vue.lecteur, vue.version, declare.id, maille)
    periode = next((p for p in connues if fin in (None, p.fin)), None)
    classes = decoupe(declare, valeurs["valeur"], valeurs["statut"], reglage, ensemble)
    return CarteVue(declare, maille, periode, valeurs, classes, ensemble)


def ensemble(
    vue: Vue, declare: Indicateur, maille: Maille, codes: Iterable[str], siens: pd.Index | None = None
) -> Valeurs:
    """Every value of some periods together; ``siens``: codes of the only territories to take."""
    fins = [parse_periode(c).fin for c in codes]
    cadres = [cached.dernieres(vue.lecteur, vue.version, declare.id, maille, fin) for fin in fins]
    if siens is not None:
        cadres = [c[c["territoire_id"].isin(vue.territoires.loc[siens, "id"])] for c in cadres]
    return np.concatenate([c["valeur"].to_numpy(dtype=float) for c in cadres]) if cadres else np.array([])


def cadree(vue: Vue, c: CarteVue) -> CarteVue:
    """The same map, whose legend counts the territory in view alone."""
    codes = frozenset(map(str, dedans(vue, c).index))
    compte = Counter(k for code, k in zip(c.valeurs.index, c.decoupage.chiffres, strict=True) if code in codes)
    effectifs = tuple(compte[str(rang)] for rang in range(len(c.decoupage.palette)))
    classes = replace(c.decoupage, effectifs=effectifs, absents=compte[ABSENT], secrets=compte[SECRET])
    return replace(c, decoupage=classes, cadre=str(vue.territoire["nom"]), codes=codes)


def valeur_regionale(vue: Vue, declare: Indicateur, periode: str | None) -> float | None:
    """The figure of the région at a period, or at its latest one."""
    return valeur_de(vue, declare, periode, cached.app().espace.code_region)


def valeur_de(vue: Vue, declare: Indicateur, periode: str | None, code: str) -> float | None:
    """The figure of one territory at a period, or at the latest one of its scale."""
    fin = parse_periode(periode).fin if periode else None
    cadre = cached.dernieres(vue.lecteur, vue.version, declare.id, maille_de(code), fin)
    trouvees = cadre.loc[cadre["territoire_id"] == vue.territoires.loc[code, "id"], "valeur"].dropna()
    return float(trouvees.iloc[-1]) if len(trouvees) else None


def autour(code: str) -> Bornes | None:
    """West, south, east and north of a territory, in degrees."""
    return _bornes(cached.app().reglages.espace, maille_de(code).value).get(code)


@st.cache_resource(max_entries=8, show_spinner=False)
def _bornes(espace: Path, maille: str) -> dict[str, Bornes]:
    contours: Any = cached.contours(espace, maille)
    return {f["properties"]["code"]: _etendue(f["geometry"]["coordinates"]) for f in contours["features"]}


def _etendue(coordonnees: Any) -> Bornes:
    points = np.array(list(_points(coordonnees)))
    (ouest, sud), (est, nord) = points.min(axis=0), points.max(axis=0)
    return float(ouest), float(sud), float(est), float(nord)


def _points(noeud: Any) -> Iterable[Sequence[float]]:
    if isinstance(noeud[0], int | float):
        yield noeud[:2]
    else:
        for enfant in noeud:
            yield from _points(enfant)


def noms(vue: Vue, maille: Maille, *, zoom: bool) -> tuple[str, ...]:
    """Codes of the places whose name is written: départements, or the towns that everyone knows; in a frame, the
    most populated of its territories."""
    places = vue.territoires
    if not zoom:
        departements = tuple(places.index[places["maille"] == Maille.DEPARTEMENT])
        return cached.app().espace.reperes if maille is Maille.COMMUNE else departements
    siennes = places[(places["maille"] == maille) & places.index.isin(_siens(vue, maille))]
    return tuple(str(c) for c in siennes.nlargest(NOMS_MAX, "population").index)


def dedans(vue: Vue, c: CarteVue) -> pd.DataFrame:
    """The values of the territories that lie in the one in view; an EPCI that straddles it, in part, is one of them."""
    return c.valeurs[c.valeurs.index.isin(_siens(vue, c.maille))]


def _siens(vue: Vue, maille: Maille) -> Sequence[str]:
    parent = "epci" if vue.territoire["maille"] == Maille.EPCI else "departement"
    siens = vue.territoires[vue.territoires[parent] == vue.code]
    return siens["epci"].dropna().unique().tolist() if maille is Maille.EPCI else siens.index.tolist()


def hors_region(vue: Vue) -> list[str]:
    """Names of the EPCI that extend outside the région: what is shown of them is their part inside."""
    epci = vue.territoires[vue.territoires["maille"] == Maille.EPCI]
    dedans = vue.territoires["epci"].value_counts()
    partiels = epci[epci["communes_total"] > epci["code"].map(dedans).fillna(0)]
    return [str(n) for n in partiels["nom"]]


def mentions(vue: Vue, maille: Maille) -> Sequence[str]:
    """Reservations that whoever reads the values of a scale must know."""
    dehors = hors_region(vue) if maille is Maille.EPCI else []
    if not dehors:
        return []
    return [f" {nombre(len(dehors))} EPCI débordent de la région et n'y comptent que par leur partie régionale : "
            f"{liste(dehors)}."]  # fmt: skip
