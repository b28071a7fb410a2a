"""Freshness, the région in figures, and the small print of the home page."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

import pandas as pd

from dashboard.domain.formatage import compte, date_courte, mois_annee, nombre
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.periode import Frequence
from dashboard.domain.phrases import fraicheur_detail, valeur
from dashboard.domain.situation import Situation
from dashboard.domain.territoire import Maille
from dashboard.figures.palette import forme
from dashboard.views import blocs, cached
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import balise, image_svg, joint

CIBLE_ETAT = "Cibles fixées par l'État, pas par la Région, et déclinées par territoire"


def carte_fraicheur(vue: Vue, situations: Sequence[Situation]) -> None:
    """The fraicheur light: how many values are up to date, and how old the others are."""
    mots = {
        Fraicheur.A_JOUR: ("à jour", "à jour"),
        Fraicheur.EN_ATTENTE: ("en attente", "en attente"),
        Fraicheur.PERIME: ("périmée", "périmées"),
        None: ("sans valeur", "sans valeur"),
    }
    comptes = {etat: sum(s.fraicheur is etat for s in situations) for etat in mots}
    detail = ", ".join(compte(n, *mots[etat]) for etat, n in comptes.items() if n and etat is not Fraicheur.A_JOUR)
    ages = sorted(s.age for s in situations if s.age is not None)
    mediane = f" Âge médian : {nombre(median(ages))} mois." if ages else ""
    blocs.carte(
        balise("h2", "Fraîcheur", classe="b-h2"),
        balise(
            "p", balise("strong", fraicheur_detail(situations)), f" ; {detail}.{mediane}" if detail else f".{mediane}"
        ),
    )


def carte_region(vue: Vue) -> None:
    """The territory in figures: context, said to be context."""
    ids = set(cached.visibles(vue.lecteur, vue.version))
    maille, choisis = Maille(vue.territoire["maille"]), cached.app().espace.vitrine.essentiel
    declares = [i for i in cached.app().espace.ordonnes if i.id in choisis and i.id in ids and maille in i.mailles]
    series = cached.series(vue.lecteur, vue.version, tuple(i.id for i in declares), (int(vue.territoire["id"]),))
    lignes = []
    for declare in declares:
        siennes = series[(series["indicateur"] == declare.id) & (series["debut"] <= vue.arrete)]
        if siennes.empty:
            continue
        derniere = siennes.iloc[-1]
        texte = valeur(declare, derniere["valeur"], secret=derniere["statut"] == "Q")
        nom = balise("a", declare.libelle_court, href=lien("indicateur", indicateur=declare.id), classe="b-lien")
        lignes.append((joint(nom, balise("span", _annee(derniere), classe="b-second")), texte))
    blocs.carte(
        balise("h2", f"{vue.territoire['nom']} en chiffres", classe="b-h2"),
        balise("p", "Contexte : ce n'est le résultat d'aucune politique régionale."),
        balise("div", blocs.lignes(lignes), classe="b-chiffres"),
    )


def _annee(ligne: pd.Series) -> str:
    """The year of a value; nothing for a span that its name already tells."""
    return "" if ligne["frequence"] == Frequence.P else f" {pd.Timestamp(ligne['fin']).year}"


def note_cibles(situations: Sequence[Situation]) -> str:
    """Who set the targets."""
    auteurs = sorted({s.objectif.auteur for s in situations if s.objectif})
    return f"{CIBLE_ETAT}." if auteurs == ["État"] else f"Cibles fixées par : {', '.join(auteurs)}."


def note_essentiel(vue: Vue, situations: Sequence[Situation]) -> list[str]:
    """How to read the table, who set the targets, what out of date means."""
    plus_recente = max((s.avancement.date_va for s in situations if s.avancement.date_va), default=None)
    fin = f" Valeur la plus récente : {mois_annee(plus_recente, court=False)}." if plus_recente else ""
    perimees = sum(s.fraicheur is Fraicheur.PERIME for s in situations)
    return [
        "Trait noir : avancement attendu à la date de la valeur. ",
        image_svg(forme("perime"), "carré hachuré", "b-perime"),
        f"valeur périmée au {date_courte(vue.arrete)} ({compte(perimees, 'programme', 'programmes')}). ",
        f"Un programme est jugé sur son indicateur principal.{fin}",
    ]
