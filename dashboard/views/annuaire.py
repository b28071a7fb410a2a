"""Reads of whole levels, kept between reruns: names, neighbours, similar territories, ranks."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from dashboard.bootstrap import codes_postaux
from dashboard.domain.classement import Genre, classe, genre
from dashboard.domain.lecteur import Lecteur
from dashboard.domain.recherche import Annuaire
from dashboard.domain.semblables import Semblables
from dashboard.domain.semblables import semblables as cherche_semblables
from dashboard.domain.territoire import Maille
from dashboard.domain.trajectoire import Sens
from dashboard.figures.voisins import Contigus
from dashboard.store.comparables import load_comparables
from dashboard.store.moteur import lecture
from dashboard.views import cached

RESULTATS = 20


@st.cache_resource(max_entries=2, show_spinner=False)
def _annuaire(version: int) -> Annuaire:
    return Annuaire.de(cached.territoires(version), codes_postaux(cached.app()))


def cherche(texte: str, maximum: int = RESULTATS) -> list[str]:
    """Codes of the places a text names, the surest first."""
    return _annuaire(cached.version()).cherche(texte, maximum)


@st.cache_resource(max_entries=8, show_spinner=False)
def _contigus(version: int, maille: Maille) -> Contigus | None:
    try:
        return Contigus.de(cached.contours(cached.app().reglages.espace, maille.value))
    except FileNotFoundError:
        return None


def voisins(version: int, code: str, maille: Maille) -> tuple[str, ...]:
    """Territories of the same maille that touch this one, within the espace; none without geometry."""
    contigus = _contigus(version, maille)
    return contigus.voisins(code) if contigus else ()


@st.cache_data(max_entries=256, show_spinner=False)
def semblables(version: int, code: str) -> Semblables:
    """Territories of the same maille that look like this one, and how they were taken."""
    places = cached.territoires(version)
    maille = Maille(places.loc[code, "maille"])
    return cherche_semblables(places[places["maille"] == maille], code, maille)


@st.cache_resource(max_entries=4, show_spinner=False)
def departements(version: int) -> pd.Series:
    """The département of each place, by code; for an EPCI, the one where most of its communes are."""
    places = cached.territoires(version)
    communes = places[(places["maille"] == Maille.COMMUNE) & places["epci"].notna()]
    comptes = communes.groupby(["epci", "departement"], as_index=False).size()
    comptes = comptes.sort_values(["size", "departement"], ascending=[False, True]).drop_duplicates("epci")
    principaux = comptes.set_index("epci")["departement"]
    soi = places["code"].where(places["maille"] == Maille.DEPARTEMENT)
    return places["departement"].fillna(places["code"].map(principaux)).fillna(soi)


@st.cache_resource(max_entries=256, show_spinner=False, hash_funcs=cached.CLE_LECTEUR)
def classees(lecteur: Lecteur, version: int, indicateur: str, maille: Maille, fin: date) -> tuple[Genre, pd.DataFrame]:
    """Every territory of a maille with its value, its interval and its ranks, by code; and what may be said of them.

    Shared: never modify it. A page asks for the same one a dozen times, and a copy of 3,685 rows costs milliseconds.
    """
    declare, places = cached.app().espace.indicateur(indicateur), cached.territoires(version)
    with lecture(cached.app().moteur) as connexion:
        mesures = load_comparables(connexion, lecteur, indicateur, maille, fin)
    places = places[places["maille"] == maille]
    mesures = mesures.drop_duplicates("territoire_id", keep="last").set_index("territoire_id").reindex(places["id"])
    mesures = mesures.set_index(places.index)
    quoi = genre(declare, mesures)
    sens = Sens.BAISSE if declare.sens == "baisse" else Sens.HAUSSE
    return quoi, classe(mesures, quoi, sens, declare.facteur)
