"""One dataset or one indicator: each measure with its history and its sentence; and the file of the rows in view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from dashboard.domain.formatage import date_courte, nombre
from dashboard.domain.qualite import Dimension, Mesure, Verdict
from dashboard.domain.qualite_mesures import Points
from dashboard.exports.qualite import Bilan, EtatIndicateur, EtatJeu
from dashboard.exports.qualite_table import Etat, tableau
from dashboard.exports.tableur import en_csv
from dashboard.figures.etincelle import etincelle
from dashboard.views import blocs, cached, filtres, qualite_tables
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, affiche, balise, image_svg, joint
from dashboard.views.qualite_tables import ici, marque, verdict


def detail(b: Bilan, mode: str) -> bool:
    """The dataset or the indicator that the address names, each measure with its history; False when it names none."""
    if mode == "jeux":
        vise = filtres.choix("jeu", [j.source.id for j in b.jeux], "", "jeu de données")
        return any(_jeu(b, j) for j in b.jeux if j.source.id == vise)
    if mode == "indicateurs":
        vise = filtres.choix("indicateur", [e.indicateur.id for e in b.indicateurs], "", "indicateur")
        return any(_indicateur(b, e) for e in b.indicateurs if e.indicateur.id == vise)
    return False


def _jeu(b: Bilan, j: EtatJeu) -> bool:
    _fiche(j.source.nom, j.mesures, cached.suite_qualite(b, j), j.source.description, j.refus)
    if j.indicateurs:
        blocs.sous_titre("Ses indicateurs")
        affiche(qualite_tables.indicateurs(pires_d_abord(j.indicateurs)))
    return True


def _indicateur(b: Bilan, e: EtatIndicateur) -> bool:
    _fiche(e.indicateur.libelle, e.mesures, cached.suite_qualite(b, e), e.indicateur.definition)
    adresse = lien("indicateur", indicateur=e.indicateur.id)
    affiche(balise("a", "Voir ses valeurs", href=adresse, classe="b-lien"))
    return True


def pires_d_abord(etats: Iterable[EtatIndicateur]) -> list[EtatIndicateur]:
    """The worst verdict first."""
    return sorted(etats, key=lambda e: list(Verdict).index(e.verdict))


def _fiche(
    titre: str, mesures: Sequence[Mesure], historique: Mapping[Dimension, Points], detail: str, refus: str = ""
) -> None:
    fermer = balise("a", "Fermer", href=ici(jeu=None, indicateur=None), classe="b-lien")
    affiche(balise("div", balise("h2", titre, classe="b-h2"), fermer, classe="b-entre"))
    blocs.note(detail)
    if refus:
        affiche(balise("p", verdict(Verdict.BLOQUANT), f" {refus}", classe="b-verdict"))
    lignes = [
        [balise("strong", m.dimension.libelle), marque(m), _trait(historique.get(m.dimension, ()), m), joint(m.phrase)]
        for m in mesures
    ]
    colonnes = [("Mesure", False), ("Valeur", False), ("Historique", False), ("En clair", False)]
    affiche(blocs.table(colonnes, lignes, f"Qualité : {titre}", "b-table b-fiches", entiere=True))


def _trait(points: Points, m: Mesure) -> Sur:
    """The line of its values, one a lot; words when there is only one, or none."""
    if len(points) < 2:
        return balise("span", "un seul lot" if points else "—", classe="b-second")
    debut, fin = date_courte(points[0][0]), date_courte(points[-1][0])
    alt = f"{m.dimension.libelle} sur {nombre(len(points))} lots, du {debut} au {fin}"
    trait = image_svg(etincelle([v for _, v in points]), alt)
    return balise("span", trait, f" {nombre(len(points))} lots", classe="b-c-date b-second")


def telecharge(vue: Vue, choisis: Sequence[Etat], mode: str) -> None:
    """The rows in view as a CSV, one line a measure, with the sentence."""
    espace = cached.app().espace
    st.download_button(
        "CSV", lambda: en_csv(tableau(choisis, espace, vue.arrete)),
        f"qualite_{mode}_{vue.arrete:%Y-%m-%d}.csv", "text/csv",
        icon=":material/download:", on_click="ignore", disabled=not choisis, key=f"fichier:qualite:{mode}",
    )  # fmt: skip
