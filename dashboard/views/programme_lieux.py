"""A programme by département: the map, and one small path each on the same scale."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from dashboard.domain.formatage import liste, nombre, pourcentage
from dashboard.domain.phrases import TEINTES, detail_situation, valeur
from dashboard.domain.situation import ORDRE, Situation, plus_en_retard
from dashboard.figures.departements import carte_departements
from dashboard.figures.petites import etendue, mini_trajectoire
from dashboard.views import blocs, cached
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, balise, image_svg, joint
from dashboard.views.preuve import preuve_de


def titre(situations: Sequence[Situation]) -> tuple[str, str]:
    """Heading of the section, and how to read it."""
    comptes = Counter(s.statut for s in situations)
    mots = liste([f"{comptes[s]} {s.libelle}" for s in ORDRE if comptes[s]])
    return (
        f"Par département, du plus loin au plus proche de sa trajectoire : {mots}",
        "Trait : observé. Tirets : chemin attendu vers la cible de chaque département. Même échelle partout.",
    )


def carte(vue: Vue, situations: Sequence[Situation]) -> Sur:
    """Progress in each département, the late ones on a red disc; the map's own text says the same."""
    textes = {s.code: pourcentage(s.avancement.ta_brut, 0) if s.avancement.ta is not None else "–" for s in situations}
    en_retard = [s.code for s in plus_en_retard(situations)]
    noms = {s.code: str(vue.territoires.loc[s.code, "nom"]) for s in situations}
    dessous = cached.fond_departements(cached.app().reglages.espace)
    alternatif = " ; ".join(f"{noms[c]} {t}{' en retard' if c in en_retard else ''}" for c, t in textes.items())
    dessin = carte_departements(dessous, textes, en_retard)
    quoi = f"{situations[0].indicateur.libelle_court} : part du chemin parcourue, en rouge les départements en retard"
    return joint(
        image_svg(dessin, f"{quoi}. {alternatif}.", "b-plan"),
        balise("p", "Part du chemin parcourue ; disque rouge : en retard.", classe="b-note"),
    )


def multiples(vue: Vue, situations: Sequence[Situation]) -> Sur:
    """One small chart a département, farthest from its path first."""
    cadre = etendue(situations)
    if cadre is None:
        return balise("p", "Aucune valeur par département.", classe="b-note")
    return balise("div", *(_vignette(vue, s, cadre) for s in situations), classe="b-multiples")


def _vignette(vue: Vue, s: Situation, cadre: object) -> Sur:
    a, nom = s.avancement, str(vue.territoires.loc[s.code, "nom"])
    but = s.objectif.trajectoire.vc if s.objectif else None
    decimales = s.indicateur.decimales
    valeurs = f"{nombre(a.va, decimales)} / {nombre(but, decimales)}" if but is not None else valeur(s.indicateur, a.va)
    chemin = f"{pourcentage(a.ta_brut, 0)} / {pourcentage(a.ta_attendu, 0)}" if a.ta_brut is not None else ""
    titre_ = balise("a", nom, classe="b-lien", href=lien("indicateur", indicateur=s.indicateur.id, territoire=s.code))
    mot = blocs.statut(s.statut) if s.objectif else balise("span", "sans cible", classe="b-second")
    return balise(
        "div",
        balise("div", titre_, preuve_de(valeurs, s), classe="b-entre"),
        balise("div", mot, balise("span", chemin, classe="b-second"), classe="b-entre"),
        image_svg(mini_trajectoire(s, TEINTES[s.statut], cadre), f"{nom} : {detail_situation(s, avec_nom=False)}"),  # type: ignore[arg-type]
        classe="b-vignette",
    )
