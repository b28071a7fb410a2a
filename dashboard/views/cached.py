"""Reads of the store kept between reruns. Keys: who may see what, the store version, as of when, the arguments."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from dashboard.bootstrap import Application, application
from dashboard.domain.instantane import PUBLIE
from dashboard.domain.lecteur import Lecteur, audiences
from dashboard.domain.periode import Periode
from dashboard.domain.qualite import Dimension
from dashboard.domain.qualite_mesures import Points
from dashboard.domain.rattachement import rattache
from dashboard.domain.territoire import Maille
from dashboard.espace import relis, tus
from dashboard.exports.qualite import Bilan, EtatIndicateur, EtatJeu, bilan, suite
from dashboard.figures.departements import Fond, fond
from dashboard.serving.geometrie import fichier_geometrie
from dashboard.store import passages, queries, visibilite
from dashboard.store import taches as store_taches
from dashboard.store import vues as store_vues
from dashboard.store.ecriture import exige
from dashboard.store.instantanes import Instantane, load_espace_version, load_instantanes
from dashboard.store.moteur import MagasinIndisponible, lecture, verifie
from dashboard.store.taches import Tache
from dashboard.store.vues import VueGardee

CLE_LECTEUR = {Lecteur: lambda lecteur: lecteur.cle}
SEMAINE = "semaine"
"""Parameter of the address: the published week as of which everything is read."""


def app() -> Application:
    """The application of this process; as of a published week when the address asks for one.

    Its reader, its declarations and its date d'arrêté are then those of that week: no page has to know.
    """
    courante, voulu = application(), en_vigueur()
    if voulu is None:
        return courante
    alors = _en_semaine(voulu, courante.lecteur)
    muets = tus((alors.espace, alors.sources), courante.sources, courante.lecteur.acces, visibilite.aujourd_hui())
    return replace(alors, lecteur=replace(alors.lecteur, tus=muets))


def en_vigueur() -> Instantane | None:
    """The published week that is being read, None today."""
    semaine = st.query_params.get(SEMAINE)
    return semaines().get(semaine) if semaine else None


def semaines() -> dict[str, Instantane]:
    """The published weeks by name, newest first; those of agents are not shown to a public reader."""
    return _semaines(application().lecteur.perimetre)


@st.cache_data(max_entries=4, ttl=15, show_spinner=False)
def _semaines(perimetre: str) -> dict[str, Instantane]:
    courante, trouves = application(), list[Instantane]()
    with lecture(courante.moteur) as connexion:
        for audience in audiences(courante.lecteur):
            trouves += [i for i in load_instantanes(connexion, audience) if i.etat == PUBLIE]
    return {str(i.semaine): i for i in sorted(trouves, key=lambda i: i.semaine, reverse=True)}


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=CLE_LECTEUR | {Instantane: lambda i: i.sceau})
def _en_semaine(i: Instantane, lecteur: Lecteur) -> Application:
    courante = application()
    with lecture(courante.moteur) as connexion:
        contenu = load_espace_version(connexion, i.espace)
    espace, sources = relis(contenu) if contenu else (courante.espace, courante.sources)
    return replace(
        courante,
        espace=espace,
        sources=sources,
        empreinte=i.espace if contenu else courante.empreinte,
        lecteur=replace(lecteur, lot=i.lot, apport=i.apport, espace=i.espace),
        reglages=replace(courante.reglages, date_arrete=i.arrete),
    )


def peut_ecrire() -> bool:
    """May this process write? Pages that write are absent otherwise; also when nothing can be served at all."""
    try:
        return application().auteur.peut_ecrire
    except (ValueError, MagasinIndisponible):
        return False


def version() -> int:
    """The store version now: one probe, never cached."""
    with lecture(application().moteur) as connexion:
        return queries.load_version(connexion)


@st.cache_resource(max_entries=4, show_spinner=False)
def territoires(version: int) -> pd.DataFrame:
    """Current territories indexed by code, with their parents (departement, epci). Shared: never modify it."""
    with lecture(app().moteur) as connexion:
        places, liens = queries.list_territoires(connexion), queries.list_liens(connexion)
    return rattache(places, liens)


@st.cache_data(max_entries=64, show_spinner=False)
def successeur(version: int, code: str) -> tuple[str, str | None] | None:
    """Where a territory that no longer exists leads now, and the name it had; None when it never existed."""
    with lecture(app().moteur) as connexion:
        vers = passages.load_successeurs(connexion).get(code)
        return (vers, passages.load_ancien_nom(connexion, code)) if vers else None


@st.cache_data(max_entries=512, show_spinner=False, hash_funcs=CLE_LECTEUR)
def dernieres(lecteur: Lecteur, version: int, indicateur: str, maille: Maille, fin: date | None) -> pd.DataFrame:
    """Values of one indicator for every territory of a maille."""
    with lecture(app().moteur) as connexion:
        return queries.load_dernieres(connexion, lecteur, indicateur, maille, fin)


def lis_series(lecteur: Lecteur, indicateurs: Sequence[str], territoires: Sequence[int]) -> pd.DataFrame:
    """Series of some indicators for some territories, read now: for whoever keeps what he makes of them."""
    with lecture(app().moteur) as connexion:
        return queries.load_series(connexion, lecteur, indicateurs, territoires)


@st.cache_data(max_entries=512, show_spinner=False, hash_funcs=CLE_LECTEUR)
def series(lecteur: Lecteur, version: int, indicateurs: Sequence[str], territoires: Sequence[int]) -> pd.DataFrame:
    """Series of some indicators for some territories."""
    return lis_series(lecteur, indicateurs, territoires)


@st.cache_data(max_entries=256, show_spinner=False, hash_funcs=CLE_LECTEUR)
def objectifs(lecteur: Lecteur, version: int, indicateurs: Sequence[str]) -> pd.DataFrame:
    """Targets of some indicators."""
    with lecture(app().moteur) as connexion:
        return queries.load_objectifs(connexion, lecteur, indicateurs)


@st.cache_data(max_entries=256, show_spinner=False, hash_funcs=CLE_LECTEUR)
def periodes(lecteur: Lecteur, version: int, indicateur: str, maille: Maille) -> list[Periode]:
    """Periods that have values, latest first."""
    with lecture(app().moteur) as connexion:
        return queries.list_periodes(connexion, lecteur, indicateur, maille)


@st.cache_data(max_entries=128, show_spinner=False, hash_funcs=CLE_LECTEUR)
def provenance(lecteur: Lecteur, version: int, indicateur: str, code: str) -> pd.DataFrame:
    """Source rows behind the figures of one indicator in one place."""
    with lecture(app().moteur) as connexion:
        sources = app().espace.indicateur(indicateur).sources
        return queries.load_provenance(connexion, lecteur, indicateur, code, sources)


@st.cache_data(max_entries=16, show_spinner=False, hash_funcs=CLE_LECTEUR)
def visibles(lecteur: Lecteur, version: int) -> list[str]:
    """Indicators this reader may see, among those declared as of when he reads."""
    declares = {i.id for i in app().espace.indicateurs}
    with lecture(app().moteur) as connexion:
        return [i for i in queries.list_indicateurs(connexion, lecteur) if i in declares]


@st.cache_data(max_entries=64, show_spinner=False)
def lot_au(version: int, jour: date) -> int:
    """The last lot published on or before a day; 0 when there was none."""
    with lecture(app().moteur) as connexion:
        return queries.lot_au(connexion, jour)


@st.cache_data(max_entries=4, show_spinner=False)
def lots(version: int) -> pd.DataFrame:
    """Every lot, latest first."""
    with lecture(app().moteur) as connexion:
        return queries.load_lots(connexion)


@st.cache_data(max_entries=32, show_spinner=False)
def rejets(version: int, lot: int) -> pd.DataFrame:
    """Refused cells of one lot. Agents only: raises ``EcritureRefusee`` for anyone else."""
    exige(app().auteur)
    with lecture(app().moteur) as connexion:
        return queries.load_rejets(connexion, lot)


@st.cache_data(max_entries=32, show_spinner=False)
def reparations(version: int, lot: int) -> pd.DataFrame:
    """Repairs applied in one lot. Agents only."""
    exige(app().auteur)
    with lecture(app().moteur) as connexion:
        return queries.load_reparations(connexion, lot)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=CLE_LECTEUR)
def qualite(lecteur: Lecteur, version: int, arrete: date) -> Bilan:
    """What data are worth at a date. Shared: frozen."""
    courante = app()
    with lecture(courante.moteur) as connexion:
        return bilan(connexion, lecteur, courante.espace, courante.sources, arrete)


def suite_qualite(b: Bilan, etat: EtatJeu | EtatIndicateur) -> Mapping[Dimension, Points]:
    """The measures of one dataset or indicator after each lot, read now: a few rows by their key."""
    courante = app()
    with lecture(courante.moteur) as connexion:
        return suite(connexion, courante.lecteur, b, etat)


def tirages() -> pd.DataFrame:
    """Last pulls of the sources, now: a pull does not always change the store version. Agents only."""
    exige(app().auteur)
    with lecture(app().moteur) as connexion:
        return queries.load_tirages(connexion)


def tache(numero: int) -> Tache | None:
    """One task as it is now, never cached. Agents only."""
    exige(app().auteur)
    with lecture(app().moteur) as connexion:
        return store_taches.lis(connexion, numero)


def taches(combien: int) -> list[Tache]:
    """The latest tasks as they are now. Agents only."""
    exige(app().auteur)
    with lecture(app().moteur) as connexion:
        return store_taches.liste(connexion, combien)


@st.cache_resource(max_entries=8, show_spinner=False)
def contours(espace: Path, maille: str) -> dict[str, object]:
    """The light geometry of a maille, for drawings made on the server. Shared: never modify it."""
    fichier = fichier_geometrie(espace, maille)
    resultat: dict[str, object] = json.loads(gzip.decompress(fichier.chemin.read_bytes()))
    return resultat


@st.cache_resource(max_entries=4, show_spinner=False)
def fond_departements(espace: Path) -> Fond:
    """The background of the small map of départements."""
    return fond(contours(espace, Maille.DEPARTEMENT.value))


def pret() -> None:
    """Checks once per process and store version that the store can be read. Raises with the remedy otherwise."""
    verifie(app().moteur)


@st.cache_data(max_entries=4, ttl=300, show_spinner=False)
def tirages_directs(version: int) -> pd.DataFrame:
    """Last pull of each source and its last successful one: a pull that changes nothing leaves the version as it is."""
    with lecture(app().moteur) as connexion:
        return queries.load_tirages(connexion)


@st.cache_data(max_entries=64, show_spinner=False)
def date_livree(version: int, source: str, indicateurs: Sequence[str]) -> date | None:
    """When the producer published the shipped figures of these indicators."""
    with lecture(app().moteur) as connexion:
        return queries.load_date_livree(connexion, source, indicateurs)


def vues(page: str) -> list[VueGardee]:
    """The views kept for a page, as they are now: keeping one does not change the store version."""
    with lecture(app().moteur) as connexion:
        return store_vues.liste(connexion, page)
