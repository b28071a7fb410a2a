"""Filters live in the URL, as ids. Only this module reads and writes them, and the session that carries them on.

A page opened by the menu has an empty URL: territory and date then come from the session and are written back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

import pandas as pd
import streamlit as st

from dashboard.domain.indicateur import Indicateur
from dashboard.domain.territoire import Maille
from dashboard.views import cached
from dashboard.views.lieux import departement_de, etiquette, fusion
from dashboard.views.vue import Vue

__all__ = ["Vue", "departement_de", "etiquette", "lien"]
GARDES = ("territoire", "arrete", cached.SEMAINE)
DATES = (date(2000, 1, 1), date(2099, 12, 31))  # the dates d'arrêté that have a meaning here


def arrive(page: str) -> None:
    """On arriving at another page by the menu, territory and date follow; on the same page an empty URL is meant."""
    if st.session_state.get("page") != page:
        for cle, valeur in st.session_state.get("filtres", {}).items():
            if cle not in st.query_params:
                st.query_params[cle] = valeur
    st.session_state["page"] = page


def lis_vue() -> Vue:
    """The view of this run. What the URL asks and does not exist is told in French, and the default shown."""
    choix(cached.SEMAINE, list(cached.semaines()), "", "semaine publiée")
    app, version = cached.app(), cached.version()
    places = cached.territoires(version)
    _suit_fusion(places, version)
    code = choix("territoire", list(places["code"]), app.espace.code_region, "territoire")
    arrete = _date(st.query_params.get("arrete"), app.reglages.aujourd_hui())
    st.session_state["filtres"] = {c: st.query_params[c] for c in GARDES if c in st.query_params}
    return Vue(app.lecteur, version, code, arrete)


def a_jour(vue: Vue) -> Vue:
    """The same view of the store as it is now: a fragment runs again long after its page was read."""
    return replace(vue, version=cached.version())


def fraiche(vue: Vue) -> None:
    """Draws the whole page again when the store moved, or an agreement ended, since a fragment's matter was read."""
    if cached.version() != vue.version:
        st.rerun()


def suit(vue: Vue) -> None:
    """Draws the whole page again when a fragment has just put another territory in the address."""
    if st.query_params.get("territoire", cached.app().espace.code_region) != vue.code:
        st.rerun()


def choix(cle: str, admis: Sequence[str], defaut: str, nom: str) -> str:
    """The value of a URL parameter when it is admitted, else the default and a sentence that says so."""
    demande = st.query_params.get(cle)
    if demande is None or demande == defaut:
        return defaut
    if demande in admis:
        return demande
    _previens(cle, f"L'adresse demande « {demande[:60]} » comme {nom}, qui n'existe pas ; voici la vue par défaut.")
    return defaut


def choix_multiple(cle: str, admis: Collection[str], nom: str) -> tuple[str, ...]:
    """The values of a URL parameter, separated by commas, in the order they are admitted; the others are told."""
    demandes = dict.fromkeys(d for d in st.query_params.get(cle, "").split(",") if d)
    refusees = [d for d in demandes if d not in admis]
    retenues = tuple(a for a in admis if a in demandes)
    if refusees:
        quoi = f"« {refusees[0][:60]} »" + (f" et {len(refusees) - 1} de plus" if len(refusees) > 1 else "")
        _previens(cle, f"L'adresse demande {quoi} comme {nom}, qui n'existe pas ici ; c'est ignoré.")
        if retenues:
            st.query_params[cle] = ",".join(retenues)
    return retenues


def _suit_fusion(places: pd.DataFrame, version: int) -> None:
    """A territory merged since the permalink was made leads to the one that holds it now, and it is told."""
    ancien = st.query_params.get("territoire")
    if ancien and ancien not in places.index and (suite := cached.successeur(version, ancien[:60])):
        dis(fusion(places, ancien, *suite))
        st.query_params["territoire"] = suite[0]


def texte_libre(cle: str, longueur: int) -> str:
    """A text typed by someone, no longer than ``longueur``."""
    return st.query_params.get(cle, "")[:longueur]


def pose(widget: str, valeur: object) -> str:
    """Gives a widget what the address says before it is drawn, so that both always agree; the key to draw it with."""
    if st.session_state.get(widget) != valeur:  # a widget that is set again forgets what is being typed in it
        st.session_state[widget] = valeur
    return widget


def requete(cles: Collection[str]) -> str:
    """The parameters of the address that are among ``cles``, as a query string in the order of ``cles``."""
    return urlencode({c: st.query_params[c] for c in cles if c in st.query_params})


def applique(texte: str, cles: Collection[str]) -> None:
    """Puts a query string in the address in place of what it said for ``cles``."""
    voulus = {c: v for c, v in parse_qsl(texte) if c in cles}
    for cle in cles:
        st.query_params.pop(cle, None)
    for cle, valeur in voulus.items():
        st.query_params[cle] = valeur
    st.session_state["filtres"] = {c: st.query_params[c] for c in GARDES if c in st.query_params}


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
    dis(message)
    del st.query_params[cle]


def dis(message: str) -> None:
    """A warning whose words, partly typed by someone, stay plain text: it would read them as Markdown."""
    st.warning(re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", message), icon=":material/info:")


def lu(widget: str) -> object:
    """What a widget now says."""
    return st.session_state.get(widget)


def lien(page: str, **parametres: str | None) -> str:
    """Address of a page that keeps territory and date; a parameter given wins, None removes it."""
    gardes = {c: st.query_params.get(c) for c in GARDES} | parametres
    utiles = {c: v for c, v in gardes.items() if v}
    return f"{page or '.'}?{urlencode(utiles)}" if utiles else (page or ".")


def parametres(**nouveaux: str) -> dict[str, str]:
    """Query parameters that keep the view, for ``st.switch_page``."""
    return {c: st.query_params[c] for c in GARDES if c in st.query_params} | nouveaux


def ecris(
    cle: str,
    widget: str,
    lis: Callable[[object], str | None],
    defaut: str | None = None,
    avec: Mapping[str, str | None] | None = None,
) -> None:
    """Writes in the address what a widget now says; ``avec``: what else must change with it."""
    note(cle, lis(st.session_state[widget]), defaut)
    for autre, valeur in (avec or {}).items():
        note(autre, valeur)
    if cle in GARDES:
        st.session_state["filtres"] = {c: st.query_params[c] for c in GARDES if c in st.query_params}
        st.session_state["vue_changee"], st.session_state["cherche"] = True, ""


def note(cle: str, valeur: str | None, defaut: str | None = None) -> None:
    """Writes one parameter; the default, or nothing, takes it off."""
    if not valeur or valeur == defaut:
        st.query_params.pop(cle, None)
    else:
        st.query_params[cle] = valeur


def vue_a_change() -> bool:
    """True once after another territory, date or week was chosen: the whole page must be drawn again."""
    return bool(st.session_state.pop("vue_changee", False))


def revient_au_present(pourquoi: str) -> None:
    """Leaves the published week that is being read, and says why."""
    if semaine := st.query_params.pop(cached.SEMAINE, None):
        dis(f"{pourquoi} : la semaine {semaine[:20]} est quittée.")


def selecteur_indicateur(indicateurs: Sequence[Indicateur], prefere: str | None) -> Indicateur:
    """The indicator of the page, in the URL as ``indicateur``; ``prefere`` first, else the first one listed."""
    declares = {i.id: i for i in indicateurs}
    if not declares:
        st.info("Aucun indicateur publié. Un agent doit alimenter une source : voir l'aide d'exploitation.")
        st.stop()
    defaut = prefere if prefere in declares else next(iter(declares))
    actuel = choix("indicateur", list(declares), defaut, "indicateur")
    widget = pose("choix:indicateur", actuel)
    st.selectbox(
        "Indicateur",
        list(declares),
        format_func=lambda i: declares[i].libelle,
        key=widget,
        on_change=ecris,
        args=("indicateur", widget, str, None),
    )
    return declares[actuel]


def selecteur_maille(mailles: Sequence[Maille], defaut: Maille) -> Maille:
    """The scale, in the URL as ``maille``."""
    actuelle = Maille(choix("maille", [m.value for m in mailles], defaut.value, "niveau"))
    if len(mailles) == 1:
        return actuelle
    widget = pose("choix:maille", actuelle)
    courts = {Maille.DEPARTEMENT: "Départ."}
    st.segmented_control(
        "Échelle",
        list(mailles),
        format_func=lambda m: courts.get(m, m.libelle),
        key=widget,
        required=True,
        on_change=ecris,
        args=("maille", widget, lambda m: Maille(str(m)).value, defaut.value),
    )
    return actuelle


def selecteur_mode(cle: str, options: dict[str, str], libelle: str) -> str:
    """A small choice kept in the URL under ``cle``: option id -> words shown; the first is the default."""
    noms = list(options)
    actuel = choix(cle, noms, noms[0], libelle.lower())
    widget = pose(f"mode:{cle}", actuel)
    st.segmented_control(
        libelle,
        noms,
        format_func=lambda n: options[n],
        key=widget,
        required=True,
        label_visibility="collapsed",
        on_change=ecris,
        args=(cle, widget, str, noms[0]),
    )
    return actuel


def selecteur_periode(periodes: Sequence[tuple[str, str]]) -> str:
    """The period, in the URL as ``periode`` (code -> words shown), latest first and by default."""
    codes = [c for c, _ in periodes]
    textes = dict(periodes)
    actuelle = choix("periode", codes, codes[0], "période")
    widget = pose("choix:periode", actuelle)
    st.selectbox(
        "Période",
        codes,
        format_func=lambda c: textes[c],
        key=widget,
        on_change=ecris,
        args=("periode", widget, str, codes[0]),
    )
    return actuelle
