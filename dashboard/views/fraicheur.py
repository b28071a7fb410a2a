"""Freshness, the région in figures, and the small print of the home page."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Any

from dashboard.domain.formatage import compte, date_courte, liste, nombre, pluriel
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.periode import Frequence
from dashboard.domain.phrases import valeur
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.territoire import Maille
from dashboard.figures.palette import forme
from dashboard.views import blocs, cached
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import balise, image_svg, joint


def carte_fraicheur(vue: Vue, etats: Sequence[EtatProgramme]) -> None:
    """The fraicheur light: how many values are up to date, and how old the others are."""
    lues = [s for e in etats for s in e.situations]
    comptes = {etat: sum(s.fraicheur is etat for s in lues) for etat in MOTS}
    sans = sum(not e.situations for e in etats)
    a_jour = comptes[Fraicheur.A_JOUR]
    details = [compte(n, *MOTS[etat]) for etat, n in comptes.items() if n and etat is not Fraicheur.A_JOUR]
    details += [compte(sans, "programme sans indicateur", "programmes sans indicateur")] if sans else []
    ages = sorted(s.age for s in lues if s.age is not None)
    mediane = f" Âge médian : {nombre(median(ages))} mois." if ages else ""
    tete = f"{a_jour} {pluriel(a_jour, 'valeur', 'valeurs')} à jour sur {len(lues)}"
    jauge = [balise("i", "", classe=f"b-j-{cle}", style=f"flex:{n}") for etat, cle in JAUGE if (n := comptes[etat])]
    blocs.carte(
        balise("div", balise("h2", "Fraîcheur", classe="b-h2"), balise("strong", tete), classe="b-entre"),
        balise("div", *jauge, classe="b-jauge"),
        balise("p", f"{liste(details)}.".capitalize() if details else "", mediane),
    )


MOTS = {
    Fraicheur.A_JOUR: ("à jour", "à jour"),
    Fraicheur.EN_ATTENTE: ("en attente", "en attente"),
    Fraicheur.PERIME: ("périmée", "périmées"),
    None: ("sans valeur", "sans valeur"),
}
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
        lignes.append((joint(nom, balise("span", _annee(derniere), classe="b-second")), texte))
    blocs.carte(
        balise("h2", f"{vue.territoire['nom']} en chiffres", classe="b-h2"),
        balise("p", "Contexte : ce n'est le résultat d'aucune politique régionale."),
        balise("div", blocs.lignes(lignes), classe="b-chiffres"),
    )


def _annee(ligne: Any) -> str:
    """The year of a value; nothing for a span that its name already tells."""
    return "" if ligne.frequence == Frequence.P else f" {ligne.fin.year}"


def note_cibles(etats: Sequence[EtatProgramme]) -> str:
    """Who set the targets, and who answers for the programmes."""
    buts = [s.objectif.auteur for e in etats for s in e.situations if s.objectif]
    mots = {"État": "par l'État", "Région": "par la Région", "schéma": "par un schéma régional"}
    auteurs = liste([f"{buts.count(a)} {m}" for a, m in mots.items() if a in buts])
    fixees = pluriel(len(buts), "Cible fixée", "Cibles fixées")
    cibles = f"{fixees} : {auteurs}." if auteurs else "Aucune cible publiée."
    return f"{cibles} Direction responsable : à désigner." if not any(e.programme.direction for e in etats) else cibles


def note_lecture(vue: Vue) -> list[str]:
    """How to read the table, and what out of date means."""
    return [
        "Trait noir : avancement attendu à la date de la valeur ; sous zéro, la valeur s'est éloignée de la cible. "
        "« En retard » comprend les reculs. ",
        image_svg(forme("perime"), "carré hachuré", "b-perime"),
        f"valeur périmée au {date_courte(vue.arrete)}.",
    ]
