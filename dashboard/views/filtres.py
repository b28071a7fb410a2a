"""Filters live in the URL, as ids. Only this module reads and writes them, and the session that carries them on.

A page opened by the menu has an empty URL: territory and date then come from the session and are written back.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboard.domain.formatage import date_courte
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.lecteur import Lecteur
from dashboard.domain.rattachement import departement_de
from dashboard.domain.territoire import Maille
from dashboard.views import cached, html

GARDES = ("territoire", "arrete")
RESULTATS = 20
DATES = (date(2000, 1, 1), date(2099, 12, 31))
"""The dates d'arrêté that have a meaning here."""


@dataclass(frozen=True)
class Vue:
    """What a page looks at: reader, store version, territory, date d'arrêté."""

    lecteur: Lecteur
    version: int
    code: str
    arrete: date

    @property
    def territoires(self) -> pd.DataFrame:
        """Current territories, indexed by code."""
        return cached.territoires(self.version)

    @property
    def territoire(self) -> pd.Series:
        """The territory in view."""
        return self.territoires.loc[self.code]

    @property
    def code_programmes(self) -> str:
        """The territory whose programmes are shown: itself, or its département when they stop there."""
        if self.territoire["maille"] in (Maille.REGION, Maille.DEPARTEMENT):
            return self.code
        return departement_de(self.territoires, self.code) or cached.app().espace.code_region


def arrive(page: str) -> None:
    """On arriving at another page by the menu, territory and date follow; on the same page an empty URL is meant."""
    if st.session_state.get("page") != page:
        for cle, valeur in st.session_state.get("filtres", {}).items():
            if cle not in st.query_params:
                st.query_params[cle] = valeur
    st.session_state["page"] = page


def lis_vue() -> Vue:
    """The view of this run. What the URL asks and does not exist is told in French, and the default shown."""
    app, version = cached.app(), cached.version()
    places = cached.territoires(version)
    code = choix("territoire", list(places["code"]), app.espace.code_region, "territoire")
    arrete = _date(st.query_params.get("arrete"), app.reglages.aujourd_hui())
    st.session_state["filtres"] = {c: st.query_params[c] for c in GARDES if c in st.query_params}
    return Vue(app.lecteur, version, code, arrete)


def a_jour(vue: Vue) -> Vue:
    """The same view of the store as it is now: a fragment runs again long after its page was read."""
    return replace(vue, version=cached.version())


def choix(cle: str, admis: Sequence[str], defaut: str, nom: str) -> str:
    """The value of a URL parameter when it is admitted, else the default and a sentence that says so."""
    demande = st.query_params.get(cle)
    if demande is None or demande == defaut:
        return defaut
    if demande in admis:
        return demande
    _previens(cle, f"L'adresse demande « {demande[:60]} » comme {nom}, qui n'existe pas ; voici la vue par défaut.")
    return defaut


def _date(texte: str | None, defaut: date) -> date:
    if not texte:
        return defaut
    try:
        jour = date.fromisoformat(texte)
    except ValueError:
        _previens("arrete", f"La date « {texte[:60]} » n'est pas lisible (forme attendue : 2026-11-23).")
        return defaut
    if not DATES[0] <= jour <= DATES[1]:
        _previens("arrete", f"La date « {texte[:60]} » n'est pas entre {DATES[0].year} et {DATES[1].year}.")
        return defaut
    return jour


def _previens(cle: str, message: str) -> None:
    # A warning reads Markdown: what comes from the address must stay plain text.
    st.warning(re.sub(r"([\[\]]|(?<=www)\.|:(?=//))", r"\\\1", message), icon=":material/info:")
    del st.query_params[cle]


def lien(page: str, **parametres: str | None) -> str:
    """Address of a page that keeps territory and date; a parameter given wins, None removes it."""
    gardes = {c: st.query_params.get(c) for c in GARDES} | parametres
    utiles = {c: v for c, v in gardes.items() if v}
    return f"{page or '.'}?{urlencode(utiles)}" if utiles else (page or ".")


def parametres(**nouveaux: str) -> dict[str, str]:
    """Query parameters that keep the view, for ``st.switch_page``."""
    return {c: st.query_params[c] for c in GARDES if c in st.query_params} | nouveaux


def _ecris(cle: str, widget: str, lis: Callable[[object], str | None], defaut: str | None = None) -> None:
    valeur = lis(st.session_state[widget])
    if valeur is None or valeur == defaut:
        st.query_params.pop(cle, None)
    else:
        st.query_params[cle] = valeur
    if cle in GARDES:
        st.session_state["filtres"] = {c: st.query_params[c] for c in GARDES if c in st.query_params}
        st.session_state["vue_changee"], st.session_state["cherche"] = True, ""


@st.fragment
def selecteur_vue(vue: Vue) -> None:
    """The popover of every page: its label is the state itself. A fragment: typing redraws nothing else."""
    nom = str(vue.territoire["nom"])
    droite = st.container(horizontal=True, horizontal_alignment="right")
    with droite.popover(f"{nom} · arrêté au {date_courte(vue.arrete)}", icon=":material/tune:"):
        _choix_territoire(vue)
        st.date_input(
            "Date d'arrêté",
            vue.arrete,
            format="DD/MM/YYYY",
            key=f"arrete:{vue.arrete}",
            on_change=_ecris,
            args=("arrete", f"arrete:{vue.arrete}", lambda v: v.isoformat() if isinstance(v, date) else None),
        )
    if st.session_state.pop("vue_changee", False):
        st.rerun()


def _choix_territoire(vue: Vue) -> None:
    """A search that answers as one types, then the places found, or the surroundings of the current one."""
    cherche = st.text_input(
        "Chercher un territoire", placeholder="Commune, EPCI ou département", key="cherche", type="search", live=True
    )
    options = _options(vue.territoires, vue.code, cherche or "")
    if not options:
        html.affiche(html.balise("p", f"Aucun territoire ne contient « {cherche} ».", classe="b-note"))
        options = [vue.code]
    widget = f"territoire:{vue.code}:{cherche}"
    st.selectbox(
        "Territoire",
        options,
        index=options.index(vue.code) if vue.code in options else None,
        format_func=lambda c: etiquette(vue.territoires, c),
        placeholder="Choisir dans les résultats",
        key=widget,
        on_change=_ecris,
        args=("territoire", widget, lambda v: None if v is None else str(v), cached.app().espace.code_region),
    )


def _options(places: pd.DataFrame, code: str, cherche: str) -> list[str]:
    """Matches of the search, or the surroundings of the current territory."""
    if cherche.strip():
        cle = _sans_accent(cherche.strip())
        noms = places["nom"].map(_sans_accent)
        trouves = places[noms.str.contains(cle, regex=False)].assign(debut=~noms.str.startswith(cle))
        tries = trouves.sort_values(["debut", "population"], ascending=[True, False])
        return [str(c) for c in tries["code"].head(RESULTATS)]
    haut = places[places["maille"].isin([Maille.REGION, Maille.DEPARTEMENT])]["code"]
    ligne = places.loc[code]
    voisins = [c for c in (ligne["departement"], ligne["epci"], code) if isinstance(c, str)]
    return list(dict.fromkeys([*sorted(haut, key=lambda c: (not c.startswith("REG"), c)), *voisins]))


def _sans_accent(texte: str) -> str:
    plat = unicodedata.normalize("NFD", texte.casefold().replace("’", "'").replace("-", " "))
    return "".join(c for c in plat if not unicodedata.combining(c))


def etiquette(places: pd.DataFrame, code: str) -> str:
    """« Saint-Aubin · commune, Jura »: never a bare name, many communes share theirs."""
    ligne = places.loc[code]
    maille = Maille(ligne["maille"])
    if maille in (Maille.REGION, Maille.DEPARTEMENT):
        return f"{ligne['nom']} · {maille.libelle.lower()}"
    genre = maille.libelle if maille is Maille.EPCI else maille.libelle.lower()
    departement = departement_de(places, code)
    ou = f", {places.loc[departement, 'nom']}" if departement else ""
    return f"{ligne['nom']} · {genre}{ou}"


def selecteur_indicateur(indicateurs: Sequence[Indicateur], prefere: str | None) -> Indicateur:
    """The indicator of the page, in the URL as ``indicateur``; ``prefere`` first, else the first one listed."""
    declares = {i.id: i for i in indicateurs}
    if not declares:
        st.info("Aucun indicateur publié. Un agent doit alimenter une source : voir l'aide d'exploitation.")
        st.stop()
    defaut = prefere if prefere in declares else next(iter(declares))
    actuel = choix("indicateur", list(declares), defaut, "indicateur")
    widget = f"indicateur:{actuel}"
    st.selectbox(
        "Indicateur",
        list(declares),
        index=list(declares).index(actuel),
        format_func=lambda i: declares[i].libelle,
        key=widget,
        on_change=_ecris,
        args=("indicateur", widget, str, None),
    )
    return declares[actuel]


def selecteur_maille(mailles: Sequence[Maille], defaut: Maille) -> Maille:
    """The scale, in the URL as ``maille``."""
    actuelle = Maille(choix("maille", [m.value for m in mailles], defaut.value, "niveau"))
    if len(mailles) == 1:
        return actuelle
    widget = f"maille:{actuelle.value}"
    courts = {Maille.DEPARTEMENT: "Départ."}
    st.segmented_control(
        "Échelle",
        list(mailles),
        default=actuelle,
        format_func=lambda m: courts.get(m, m.libelle),
        key=widget,
        required=True,
        on_change=_ecris,
        args=("maille", widget, lambda m: Maille(str(m)).value, defaut.value),
    )
    return actuelle


def selecteur_mode(cle: str, options: dict[str, str], libelle: str) -> str:
    """A small choice kept in the URL under ``cle``: option id -> words shown; the first is the default."""
    noms = list(options)
    actuel = choix(cle, noms, noms[0], libelle.lower())
    widget = f"{cle}:{actuel}"
    st.segmented_control(
        libelle,
        noms,
        default=actuel,
        format_func=lambda n: options[n],
        key=widget,
        required=True,
        label_visibility="collapsed",
        on_change=_ecris,
        args=(cle, widget, str, noms[0]),
    )
    return actuel


def selecteur_periode(periodes: Sequence[tuple[str, str]]) -> str:
    """The period, in the URL as ``periode`` (code -> words shown), latest first and by default."""
    codes = [c for c, _ in periodes]
    textes = dict(periodes)
    actuelle = choix("periode", codes, codes[0], "période")
    widget = f"periode:{codes[0]}:{actuelle}"
    st.selectbox(
        "Période",
        codes,
        index=codes.index(actuelle),
        format_func=lambda c: textes[c],
        key=widget,
        on_change=_ecris,
        args=("periode", widget, str, codes[0]),
    )
    return actuelle
