"""The quality of datasets, indicators and producers: marks in tables, and each measure in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from dashboard.domain.formatage import compte, nombre, pluriel, sans_accent
from dashboard.domain.qualite import DEFAUTS, Dimension, Verdict, part
from dashboard.exports.qualite import Bilan, EtatIndicateur, EtatJeu, EtatProducteur
from dashboard.exports.qualite_table import Etat
from dashboard.figures.palette import forme
from dashboard.views import blocs, cached, qualite_fiche, selecteurs
from dashboard.views.filtres import Vue
from dashboard.views.html import Sur, affiche, balise, image_svg, joint
from dashboard.views.qualite_tables import TEINTES, indicateurs, jeux, producteurs

MODES = {"jeux": "Jeux de données", "indicateurs": "Indicateurs", "producteurs": "Producteurs",
         "souverainete": "Souveraineté"}  # fmt: skip


def lis(vue: Vue) -> Bilan:
    """All that this reader may know of."""
    return cached.qualite(vue.lecteur, vue.version, vue.arrete)


def phrase(b: Bilan) -> list[tuple[str, bool]]:
    """How many indicators are good, what is wrong with the others, and whether a delivery was refused."""
    if all(e.verdict is Verdict.NON_MESURABLE for e in b.indicateurs):
        remede = " Un agent doit alimenter une source ; chaque lot publié est alors mesuré."
        return [("Rien n'est encore mesuré.", True), (remede, False)]
    par_verdict = {v: [e for e in b.indicateurs if e.verdict is v] for v in Verdict}
    bons, faibles = par_verdict[Verdict.BON], par_verdict[Verdict.A_SURVEILLER] + par_verdict[Verdict.BLOQUANT]
    tous = compte(len(b.indicateurs), "indicateur", "indicateurs")
    accord = pluriel(len(bons), "est bon", "sont bons")
    dits = [(f"{nombre(len(bons))} sur {tous}", True), (f" {accord} sur toutes les mesures", False)]
    if faibles:
        dits += [(", ", False), (f"{nombre(len(faibles))} à surveiller", True), (f" : {_motifs(faibles)}", False)]
    refuses = sum(bool(j.refus) for j in b.jeux)
    suite = compte(refuses, "livraison refusée", "livraisons refusées") if refuses else "Aucune livraison refusée"
    return [*dits, (f". {suite}", bool(refuses)), (".", False)]


_DITS = {Dimension.COMPLETUDE: "incomplets", Dimension.PONCTUALITE: "en retard sur le rythme annoncé",
         Dimension.VALIDITE: "avec des lignes refusées", Dimension.UNICITE: "avec des lignes répétées",
         Dimension.COHERENCE: "en écart avec la somme des parties", Dimension.REVISIONS: "très révisés"}  # fmt: skip


def _motifs(faibles: Sequence[EtatIndicateur]) -> str:
    """« 58 en retard, 2 incomplets »; one indicator may be in two."""
    mauvais = (Verdict.A_SURVEILLER, Verdict.BLOQUANT)
    comptes = {d: sum(m.dimension is d and m.verdict in mauvais for e in faibles for m in e.mesures) for d in Dimension}
    tries = sorted((d for d in Dimension if comptes[d]), key=lambda d: -comptes[d])
    return ", ".join(f"{nombre(comptes[d])} {_DITS[d]}" for d in tries)


# ------------------------------------------------------------------------------------------- filters


class Choix:
    """What the address asks: producers, verdicts, words of a name."""

    def __init__(self, b: Bilan) -> None:
        self.noms = {p.producteur.id: p.producteur.sigle for p in b.producteurs}
        self.verdicts = {v.value: v.libelle[:1].upper() + v.libelle[1:] for v in Verdict}
        ligne = st.container(horizontal=True, vertical_alignment="bottom", gap="small")
        with ligne.container(width=220):
            self.cherche = sans_accent(selecteurs.cherche("q", "Rechercher", "Indicateur, jeu, producteur…").strip())
        with ligne.container(width=220):
            self.producteurs = selecteurs.plusieurs("producteur", self.noms, "Producteur", "producteur")
        with ligne.container(width=220):
            self.voulus = selecteurs.plusieurs("verdict", self.verdicts, "Verdict", "verdict")

    def garde(self, verdict: Verdict, producteurs: Iterable[str], *noms: str) -> bool:
        """Is it asked for?"""
        siens = set(producteurs)
        if self.voulus and verdict.value not in self.voulus:
            return False
        if self.producteurs and siens.isdisjoint(self.producteurs):
            return False
        mots = " ".join((*noms, *(self.noms.get(p, "") for p in siens)))
        return self.cherche in sans_accent(mots)

    def jeux(self, b: Bilan) -> list[EtatJeu]:
        """Datasets that the filters keep."""
        return [
            j for j in b.jeux
            if self.garde(j.verdict, (p.id for p in j.producteurs), j.source.nom, *_contenu(j))
        ]  # fmt: skip

    def indicateurs(self, b: Bilan) -> list[EtatIndicateur]:
        """Indicators that the filters keep, the worst first."""
        gardes = [e for e in b.indicateurs if self.garde(e.verdict, (e.indicateur.producteur,), e.indicateur.libelle)]
        return qualite_fiche.pires_d_abord(gardes)

    def producteurs_gardes(self, b: Bilan) -> list[EtatProducteur]:
        """Producers that the filters keep."""
        return [p for p in b.producteurs if self.garde(p.verdict, (p.producteur.id,), p.producteur.nom)]


def _contenu(j: EtatJeu) -> list[str]:
    return [e.indicateur.libelle for e in j.indicateurs]


def legende() -> None:
    """What each mark means, what each dimension counts, and from when it warns."""
    marques: list[str] = []
    for v in Verdict:
        marques += [image_svg(forme(TEINTES[v]), ""), f" {v.libelle}   "]
    blocs.note(*marques)
    lignes = [[balise("strong", d.libelle), joint(d.definition), joint(_seuil(d))] for d in Dimension]
    with st.expander("Ce que mesure chaque colonne, et à partir de quand elle alerte"):
        affiche(blocs.table([("Mesure", False), ("Ce qui est compté", False), ("Alerte", False)], lignes,
                            "Définition des six mesures", "b-table b-fiches", entiere=True))  # fmt: skip
        blocs.note("Un jeu peut avoir ses propres seuils, et en déclarer qui bloquent : la livraison est alors ",
                   "refusée, les valeurs d'avant restent. Guide : « Exiger la qualité d'une source ».")  # fmt: skip


def _seuil(dimension: Dimension) -> str:
    seuil = DEFAUTS[dimension].alerte or 0.0
    if dimension is Dimension.PONCTUALITE:
        return "dès le premier jour"
    return f"{'sous' if dimension.monte else 'au-delà de'} {part(seuil)}"


AFFICHES: Mapping[str, tuple[Callable[..., Sequence[Etat]], Callable[..., Sur]]] = {
    "jeux": (Choix.jeux, jeux), "indicateurs": (Choix.indicateurs, indicateurs),
    "producteurs": (Choix.producteurs_gardes, producteurs),
}  # fmt: skip


def tableau(vue: Vue, b: Bilan, mode: str) -> None:
    """Filters, the rows they keep, their file."""
    choix, (garde, table) = Choix(b), AFFICHES[mode]
    gardes = garde(choix, b)
    if not gardes:
        blocs.vide("Aucune ligne ne répond à ces filtres.", "Retirer un filtre, ou vider la recherche.")
        return
    affiche(table(gardes))
    qualite_fiche.telecharge(vue, gardes, mode)
    legende()
