"""Freshness, the région in figures, and the small print of the home page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.domain.formatage import date_courte
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.periode import Frequence
from dashboard.domain.phrases import valeur
from dashboard.domain.phrases_programmes import constat_fraicheur
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.territoire import Maille
from dashboard.figures.palette import forme
from dashboard.views import blocs, cached
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import balise, image_svg, joint
from dashboard.views.preuve import MODE_D_EMPLOI, preuve


def carte_fraicheur(vue: Vue, etats: Sequence[EtatProgramme]) -> None:
    """The fraicheur light: how many values are up to date, and how old the others are."""
    tete, detail, comptes = constat_fraicheur(etats)
    jauge = [balise("i", "", classe=f"b-j-{cle}", style=f"flex:{n}") for etat, cle in JAUGE if (n := comptes[etat])]
    blocs.carte(
        balise("div", balise("h2", "Fraîcheur", classe="b-h2"), balise("strong", tete), classe="b-entre"),
        balise("div", *jauge, classe="b-jauge"),
        balise("p", detail),
    )


JAUGE = ((Fraicheur.A_JOUR, "jour"), (Fraicheur.EN_ATTENTE, "attente"), (Fraicheur.PERIME, "perime"), (None, "sans"))


def carte_region(vue: Vue) -> None:
    """The territory in figures: context, said to be context."""
    ids = set(cached.visibles(vue.lecteur, vue.version))
    maille, choisis = Maille(vue.territoire["maille"]), cached.app().espace.vitrine.essentiel
    declares = [i for i in cached.app().espace.ordonnes if i.id in choisis and i.id in ids and maille in i.mailles]
    series = cached.series(vue.lecteur, vue.version, tuple(i.id for i in declares), (int(vue.territoire["id"]),))
    connues = series[series["debut"] <= vue.arrete].drop_duplicates("indicateur", keep="last")
    dernieres = {str(x.indicateur): x for x in connues.itertuples()}
    lignes = []
    for declare in declares:
        derniere: Any = dernieres.get(declare.id)
        if derniere is None:
            continue
        texte = valeur(declare, derniere.valeur, secret=derniere.statut == "Q")
        nom = balise("a", declare.libelle_court, href=lien("indicateur", indicateur=declare.id), classe="b-lien")
        lignes.append(
            (joint(nom, balise("span", _annee(derniere), classe="b-second")), preuve(texte, declare.id, vue.code))
        )
    blocs.carte(
        balise("h2", f"{vue.territoire['nom']} en chiffres", classe="b-h2"),
        balise("p", "Contexte : ce n'est le résultat d'aucune politique régionale."),
        balise("div", blocs.lignes(lignes), classe="b-chiffres"),
    )


def _annee(ligne: Any) -> str:
    """The year of a value; nothing for a span that its name already tells."""
    return "" if ligne.frequence == Frequence.P else f" {ligne.fin.year}"


def note_lecture(vue: Vue) -> list[str]:
    """How to read the table, and what out of date means."""
    return [
        "Trait noir : avancement attendu à la date de la valeur ; sous zéro, la valeur s'est éloignée de la cible. "
        "« En retard » comprend les reculs. ",
        image_svg(forme("perime"), "carré hachuré", "b-perime"),
        f"valeur périmée au {date_courte(vue.arrete)}. {MODE_D_EMPLOI}",
    ]
