"""Who looks like a territory, who touches it: links, a median, and the method in words."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.domain.classement import Genre, place
from dashboard.domain.formatage import compte
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.phrases import valeur
from dashboard.domain.semblables import SOURCE_CLASSES
from dashboard.domain.territoire import Maille
from dashboard.views import annuaire, blocs
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, balise

MONTRES = 12


def titre_mediane(vue: Vue) -> str | None:
    """Heading of the column of the similar ones; None when there are none."""
    n = len(annuaire.semblables(vue.version, vue.code).codes)
    return f"Médiane de {compte(n, 'semblable', 'semblables')}" if n else None


def mediane(vue: Vue, declare: Indicateur, maille: Maille, fin: date) -> str:
    """The median of the similar territories that have a value, as text."""
    _, cadre = annuaire.classees(vue.lecteur, vue.version, declare.id, maille, fin)
    siens = cadre["valeur"].reindex(list(annuaire.semblables(vue.version, vue.code).codes)).dropna()
    return valeur(declare, float(siens.median())) if len(siens) else "n.d."


def position(vue: Vue, declare: Indicateur, maille: Maille, fin: date) -> tuple[pd.Series, str]:
    """(every known value of the level, the rank that the intervals allow, in words)."""
    quoi, cadre = annuaire.classees(vue.lecteur, vue.version, declare.id, maille, fin)
    connues = cadre["valeur"].dropna()
    if quoi is Genre.NOMBRE:
        return connues, "selon la taille"
    lieu = place(cadre.loc[vue.code], len(connues), quoi)
    return connues, lieu.texte if lieu else ""


def affiche(vue: Vue) -> None:
    """Similar territories then neighbours, as links; nothing for the région."""
    maille = Maille(vue.territoire["maille"])
    if maille is Maille.REGION:
        return
    proches = annuaire.semblables(vue.version, vue.code)
    blocs.sous_titre("Territoires semblables", proches.methode)
    blocs.affiche(_liens(vue, proches.codes))
    blocs.note(SOURCE_CLASSES)
    voisins = annuaire.voisins(vue.version, vue.code, maille)
    if voisins:
        pluriel = (
            "Départements" if maille is Maille.DEPARTEMENT else f"{maille.pluriel[:1].upper()}{maille.pluriel[1:]}"
        )
        blocs.sous_titre("Territoires voisins", f"{pluriel} de la région qui touchent {vue.territoire['nom']}.")
        blocs.affiche(_liens(vue, voisins))


def _liens(vue: Vue, codes: tuple[str, ...]) -> Sur:
    noms, departements = vue.territoires["nom"], annuaire.departements(vue.version)
    soi = departements.get(vue.code)

    def texte(code: str) -> str:
        autre = departements.get(code)
        ailleurs = isinstance(autre, str) and autre not in (soi, code)
        return f"{noms[code]} ({noms[autre]})" if ailleurs else str(noms[code])

    puces = [balise("a", texte(c), href=lien("territoire", territoire=c), classe="b-puce") for c in codes[:MONTRES]]
    reste = len(codes) - MONTRES
    if reste > 0:
        puces.append(balise("span", f"et {reste} de plus", classe="b-second"))
    return balise("div", *puces, classe="b-puces b-gauche")
