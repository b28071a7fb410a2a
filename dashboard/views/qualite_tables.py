"""The tables of the quality page: datasets, indicators and producers by dimension, each mark with its verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import streamlit as st

from dashboard.domain.formatage import compte, date_courte, nombre
from dashboard.domain.qualite import Dimension, Mesure, Verdict
from dashboard.exports.qualite import EtatIndicateur, EtatJeu, EtatProducteur
from dashboard.figures.palette import forme
from dashboard.views import blocs, cached
from dashboard.views.filtres import lien
from dashboard.views.html import Sur, balise, image_svg, joindre, joint

TEINTES = {Verdict.BON: "trajectoire", Verdict.A_SURVEILLER: "surveiller", Verdict.BLOQUANT: "retard",
           Verdict.NON_MESURABLE: "nonmesure"}  # fmt: skip
COLONNES = [(d.libelle, False) for d in Dimension]
CLES = ("vue", "producteur", "verdict", "q")


def ici(**autres: str | None) -> str:
    """This page with its filters, and what changes."""
    gardes = {c: st.query_params.get(c) for c in CLES}
    return lien("qualite", **(gardes | autres))


def marque(m: Mesure) -> Sur:
    """Shape, colour and value; the verdict in words for who does not see them, the sentence on hovering."""
    image = image_svg(forme(TEINTES[m.verdict]), m.verdict.libelle)
    return balise("span", image, m.texte, classe=f"b-statut b-{TEINTES[m.verdict]}", title=m.phrase)


def resume(mesures: Iterable[Mesure], suite: str) -> Sur:
    """The measures in one line each, the worst first; ``suite``: address of their history."""
    tries = sorted(mesures, key=lambda m: list(Verdict).index(m.verdict))
    lignes = blocs.lignes((m.dimension.libelle, marque(m)) for m in tries)
    detail = balise("a", "L'historique et ce que dit chaque mesure", href=suite, classe="b-lien")
    return joint(lignes, balise("p", detail, classe="b-note"))


def verdict(v: Verdict) -> Sur:
    """Shape, colour and word."""
    return pastille(v.libelle[:1].upper() + v.libelle[1:], TEINTES[v])


def pastille(mot: str, teinte: str) -> Sur:
    """Shape, colour and word of a state."""
    return balise("span", image_svg(forme(teinte), ""), mot, classe=f"b-statut b-{teinte}")


def _jour(jour: date | None) -> Sur:
    return joint(date_courte(jour) if jour else "aucune")


def jeux(gardes: Sequence[EtatJeu]) -> Sur:
    """Datasets × dimensions."""
    lignes = [
        [
            joint(balise("a", j.source.nom, href=ici(jeu=j.source.id), classe="b-lien"),
                  balise("div", _qui(j), classe="b-second")),
            *(marque(m) for m in j.mesures), _jour(j.livraison), verdict(j.verdict),
        ]
        for j in gardes
    ]  # fmt: skip
    colonnes = [("Jeu de données", False), *COLONNES, ("Dernière livraison", False), ("Verdict", False)]
    return blocs.table(colonnes, lignes, "Qualité des jeux de données", "b-table b-fiches", entiere=True)


def _qui(j: EtatJeu) -> str:
    sigles = [p.sigle for p in j.producteurs]
    noms = ", ".join(sigles[:3]) + (f" et {nombre(len(sigles) - 3)} autres" if len(sigles) > 3 else "")
    contenu = "Cibles" if j.source.nature == "objectifs" else compte(len(j.indicateurs), "indicateur", "indicateurs")
    return f"{contenu}, {noms}" if noms else contenu


def indicateurs(gardes: Sequence[EtatIndicateur]) -> Sur:
    """Indicators × dimensions."""
    espace = cached.app().espace
    lignes = [
        [
            joint(balise("a", e.indicateur.libelle, classe="b-lien",
                         href=ici(vue="indicateurs", indicateur=e.indicateur.id)),
                  balise("div", espace.producteur(e.indicateur.producteur).sigle, classe="b-second")),
            *(marque(m) for m in e.mesures), verdict(e.verdict),
        ]
        for e in gardes
    ]  # fmt: skip
    colonnes = [("Indicateur", False), *COLONNES, ("Verdict", False)]
    return blocs.table(colonnes, lignes, "Qualité des indicateurs", "b-table b-fiches")


def producteurs(gardes: Sequence[EtatProducteur]) -> Sur:
    """The scoreboard: for each dimension, how many are good out of how many measured."""
    lignes = [
        [
            joint(balise("a", p.producteur.sigle, href=ici(vue="indicateurs", producteur=p.producteur.id),
                         classe="b-lien", title=p.producteur.nom),
                  balise("div", _fournit(p), classe="b-second"), joindre(p.producteur) or ""),
            *(_part(p, d) for d in Dimension), _jour(p.livraison), verdict(p.verdict),
        ]
        for p in gardes
    ]  # fmt: skip
    colonnes = [("Producteur", False), *COLONNES, ("Dernière livraison", False), ("Verdict", False)]
    return blocs.table(colonnes, lignes, "Tableau des producteurs", "b-table b-fiches", entiere=True)


def _fournit(p: EtatProducteur) -> str:
    combien = compte(len(p.indicateurs), "indicateur", "indicateurs")
    return f"{combien}, {compte(len(p.jeux), 'jeu', 'jeux')}"


def _part(p: EtatProducteur, dimension: Dimension) -> Sur:
    bons, mesures, v = p.parts[dimension]
    texte = f"{nombre(bons)} sur {nombre(mesures)}" if mesures else "—"
    marque = balise("span", image_svg(forme(TEINTES[v]), v.libelle), texte, classe=f"b-statut b-{TEINTES[v]}")
    if dimension is not Dimension.PONCTUALITE or not p.retard:
        return marque
    return balise("span", marque, balise("div", f"jusqu'à {nombre(p.retard)} j", classe="b-second"))
