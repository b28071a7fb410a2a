"""Money: what was voted, committed and paid, by year, where it is published; and said when it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from dashboard.domain.formatage import avec_unite, liste
from dashboard.domain.indicateur import Credits, Indicateur, Programme
from dashboard.domain.phrases import valeur
from dashboard.domain.phrases_programmes import CREDITS, manque_budget
from dashboard.domain.trajectoire import Point
from dashboard.figures.serie import argent
from dashboard.views import blocs, cached
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, balise, joint
from dashboard.views.preuve import preuve


def series(vue: Vue, indicateurs: Sequence[str]) -> dict[str, list[Point]]:
    """By indicator, what is published for the région, oldest first; nothing for what the reader may not see."""
    region = int(vue.territoires.loc[cached.app().espace.code_region, "id"])
    cadre = cached.series(vue.lecteur, vue.version, tuple(indicateurs), (region,))
    cadre = cadre[(cadre["debut"] <= vue.arrete) & cadre["valeur"].notna()]
    return {
        str(i): [(pd.Timestamp(f).date(), float(v)) for f, v in zip(lignes["fin"], lignes["valeur"], strict=True)]
        for i, lignes in cadre.groupby("indicateur")
    }


def carte_region(vue: Vue) -> None:
    """A card: the budget of the région, its parts, and what is not known of its use."""
    espace = cached.app().espace
    if not espace.vitrine.budget:
        return
    connues = series(vue, espace.vitrine.budget)
    declares = [espace.indicateur(i) for i in espace.vitrine.budget if i in connues]
    if not declares:
        blocs.carte(balise("h2", "Budget", classe="b-h2"), balise("p", "Aucun montant publié à cette date."))
        return
    tete, *parts = declares
    jour, montant = connues[tete.id][-1]
    details = [joint(_lien(p, p.libelle_court.lower()), " ", _preuve(p, connues[p.id][-1][1])) for p in parts
               if connues[p.id][-1][0].year == jour.year]  # fmt: skip
    blocs.carte(
        balise(
            "div",
            balise("h2", _lien(tete, f"{tete.libelle_court} {jour.year}"), classe="b-h2"),
            balise("strong", preuve(valeur(tete, montant), tete.id, espace.code_region), classe="b-montant"),
            classe="b-entre",
        ),
        balise("p", "Dont ", *_separes(details), ".") if details else "",
        balise("p", manque_budget(espace)),
    )  # fmt: skip


def credits_de(programme: Programme) -> tuple[Credits, str]:
    """The money of a programme, else that of its politique, with whose it is."""
    politique = cached.app().espace.politique(programme.politique)
    if programme.credits.declares:
        return programme.credits, programme.nom
    return politique.credits, politique.nom


def montants(vue: Vue, programme: Programme) -> tuple[str, Mapping[str, Sequence[Point]]]:
    """(whose money it is, series by what it tells); the series are empty when nothing is published."""
    credits_, nom = credits_de(programme)
    connues = series(vue, tuple(credits_.declares.values())) if credits_.declares else {}
    return nom, {CREDITS[cle]: connues[i] for cle, i in credits_.declares.items() if i in connues}


def affiche_programme(vue: Vue, programme: Programme, avancement: Sequence[Point]) -> None:
    """The money of a programme beside its progress; or that it was not given, and by whom it should be."""
    nom, connus = montants(vue, programme)
    if not connus:
        blocs.sous_titre("Budget et avancement")
        blocs.vide(f"Budget voté, engagé et payé de « {programme.nom} » : non transmis.",
                   "La direction des finances doit le fournir.")  # fmt: skip
        return
    de = "du programme" if nom == programme.nom else f"de la politique « {nom} » (le programme seul n'est pas publié)"
    blocs.sous_titre("Budget et avancement", f"En haut, % du chemin parcouru ; en bas, crédits {de}, en M€.")
    textes = [f"{mot} {p[-1][0].year} : {avec_unite(p[-1][1], 'M€', 1)}" for mot, p in connus.items()]
    st.plotly_chart(argent(avancement, connus), theme=None, config=blocs.PLOTLY, alt=f"{liste(textes)}.")
    blocs.note(*note(vue, programme))


def sources(vue: Vue, programme: Programme) -> list[Indicateur]:
    """The indicators its money comes from, of those this reader may see."""
    visibles = set(cached.visibles(vue.lecteur, vue.version))
    declares = credits_de(programme)[0].declares.values()
    return [cached.app().espace.indicateur(i) for i in declares if i in visibles]


def note(vue: Vue, programme: Programme) -> list[str]:
    """Where the money comes from, or what is missing."""
    liens = [_lien(i, i.libelle_court) for i in sources(vue, programme)]
    manquants = [m.lower() for cle, m in CREDITS.items() if cle not in credits_de(programme)[0].declares]
    fin = f"{liste(manquants).capitalize()} : non transmis." if manquants else ""
    return ["Sources : ", *_separes(liens), ". ", fin] if liens else [fin]


def _preuve(declare: Indicateur, montant: float) -> Sur:
    return preuve(valeur(declare, montant), declare.id, cached.app().espace.code_region)


def _lien(declare: Indicateur, mots: str) -> Sur:
    """To the page that gives source, date and lineage of an amount."""
    return balise("a", mots, classe="b-lien", href=lien("indicateur", indicateur=declare.id))


def _separes(liens: Sequence[str]) -> list[str]:
    return [joint(", " if i else "", lien_) for i, lien_ in enumerate(liens)]
