"""Two to five territories side by side: the same context indicators, each at its date, whatever their level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.domain.classement import Genre
from dashboard.domain.formatage import nombre
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.periode import Frequence, Periode
from dashboard.domain.phrases import valeur
from dashboard.domain.territoire import Maille
from dashboard.exports.tableur import en_csv
from dashboard.views import annuaire, blocs, cached, choix, fiche
from dashboard.views.filtres import Vue, a_jour, etiquette, lien
from dashboard.views.html import Sur, balise, joint
from dashboard.views.preuve import preuve

MAXIMUM, TROUVES = 5, 8
CLE = "avec"


@dataclass(frozen=True)
class Case:
    """One figure of one territory. ``ligne`` is None when nothing is published there."""

    declare: Indicateur
    code: str
    ligne: pd.Series | None
    bornes: tuple[float, float] | None

    @property
    def texte(self) -> str:
        """The value, or why there is none."""
        if self.ligne is None:
            return "n.d."
        return valeur(self.declare, self.ligne["valeur"], secret=self.ligne["statut"] == "Q")

    @property
    def v(self) -> float | None:
        """The figure itself."""
        return None if self.ligne is None or pd.isna(self.ligne["valeur"]) else float(self.ligne["valeur"])


@st.fragment
def affiche(vue: Vue) -> None:
    """The choice, then the sheet. A fragment: searching a territory redraws nothing else."""
    vue = a_jour(vue)
    blocs.sous_titre("Fiche côte à côte", "Ce territoire et jusqu'à quatre autres, de n'importe quelle échelle.")
    autres = choix.codes(CLE, set(vue.territoires.index) - {vue.code}, MAXIMUM - 1)
    gauche, droite = st.columns([1, 2], vertical_alignment="bottom")
    with gauche:
        cherche = st.text_input("Chercher un territoire à comparer", placeholder="Nom, code postal ou code",
                                type="search", live=True)  # fmt: skip
    with droite:
        nomme = partial(etiquette, vue.territoires)
        choix.plusieurs(CLE, _proches(vue), autres, "Territoires à côté", nomme, MAXIMUM - 1)
    if cherche and cherche.strip():
        blocs.affiche(_trouves(vue, cherche, autres))
    if autres:
        _fiche(vue, [vue.code, *autres])
    else:
        blocs.note(
            "Choisir un territoire dans la liste ou le chercher : la fiche se dessine et son adresse se partage."
        )


def _proches(vue: Vue) -> list[str]:
    """Those that look like the territory, its neighbours, the départements and the région."""
    places, maille = vue.territoires, Maille(vue.territoire["maille"])
    hauts = sorted(places[places["maille"].isin([Maille.REGION, Maille.DEPARTEMENT])].index, reverse=True)
    proches = annuaire.semblables(vue.version, vue.code).codes[:10]
    voisins = annuaire.voisins(vue.version, vue.code, maille)
    return [c for c in dict.fromkeys([*proches, *voisins, *hauts]) if c != vue.code]


def _trouves(vue: Vue, cherche: str, autres: Sequence[str]) -> Sur:
    """What the search finds, each as a link that adds it to the sheet."""
    if len(autres) >= MAXIMUM - 1:
        return balise("p", f"{MAXIMUM} territoires au plus : en retirer un avant d'en ajouter.", classe="b-note")
    codes = [c for c in annuaire.cherche(cherche, TROUVES) if c not in (vue.code, *autres)]
    if not codes:
        texte = f"Aucun autre territoire ne correspond à « {cherche} » : essayer un code postal ou le début du nom."
        return balise("p", texte, classe="b-note")
    puces = [
        balise("a", f"+ {etiquette(vue.territoires, c)}", href=lien("territoire", avec=",".join([*autres, c])),
               classe="b-puce")
        for c in codes
    ]  # fmt: skip
    return balise("div", *puces, classe="b-puces b-gauche")


def _fiche(vue: Vue, codes: list[str]) -> None:
    lignes = [_cases(vue, declare, codes) for declare in _indicateurs(vue, codes)]
    tetes = [("Contexte", False), *((str(vue.territoires.loc[c, "nom"]), True) for c in codes)]
    corps = [[_titre(cases[0].declare), *(_case(case, cases) for case in cases)] for cases in lignes]
    entete = [balise("span", "Échelle", classe="b-second"), *(_echelle(vue, c) for c in codes)]
    blocs.affiche(blocs.table(tetes, [entete, *corps], "Territoires côte à côte", "b-table b-cote", entiere=True))
    blocs.note(
        "Barre : la valeur, à la même échelle sur la ligne. Entre crochets : intervalle de Wilson à 95 % d'une part ; "
        "deux intervalles qui se recouvrent ne disent pas lequel est au-dessus. Nombre : dépend de la taille."
    )
    cadre = pd.DataFrame(
        {"Indicateur": [f"{c[0].declare.libelle} ({c[0].declare.unite})" for c in lignes]}
        | {etiquette(vue.territoires, code): [c[rang].v for c in lignes] for rang, code in enumerate(codes)}
    )
    st.download_button("CSV", lambda: en_csv(cadre), file_name="cote_a_cote.csv", mime="text/csv",
                       icon=":material/download:", on_click="ignore")  # fmt: skip


def _indicateurs(vue: Vue, codes: list[str]) -> list[Indicateur]:
    """Context that at least two of the territories may have."""
    mailles = [Maille(vue.territoires.loc[c, "maille"]) for c in codes]
    return [i for i in fiche.visibles(vue) if i.est_contexte and sum(m in i.mailles for m in mailles) > 1]


def _cases(vue: Vue, declare: Indicateur, codes: list[str]) -> list[Case]:
    rangs = {c: int(vue.territoires.loc[c, "id"]) for c in codes}
    series = cached.series(vue.lecteur, vue.version, (declare.id,), tuple(sorted(rangs.values())))
    series = series[series["debut"] <= vue.arrete]
    cases = []
    for code in codes:
        siennes = series[series["territoire_id"] == rangs[code]]
        ligne = siennes.iloc[-1] if len(siennes) else None
        cases.append(Case(declare, code, ligne, _bornes(vue, declare, code, ligne)))
    return cases


def _bornes(vue: Vue, declare: Indicateur, code: str, ligne: pd.Series | None) -> tuple[float, float] | None:
    maille = Maille(vue.territoires.loc[code, "maille"])
    if ligne is None or declare.en_cercles:
        return None
    quoi, cadre = annuaire.classees(vue.lecteur, vue.version, declare.id, maille, ligne["fin"])
    bornes = cadre.loc[code, ["bas", "haut"]]
    return (
        None if quoi is not Genre.PROPORTION or bornes.isna().any() else (float(bornes["bas"]), float(bornes["haut"]))
    )


def _titre(declare: Indicateur) -> Sur:
    lien_ = balise("a", declare.libelle_court, href=lien("comparer", indicateur=declare.id))
    return joint(lien_, balise("span", " nombre", classe="b-second") if declare.en_cercles else "")


def _echelle(vue: Vue, code: str) -> Sur:
    texte = etiquette(vue.territoires, code).rpartition(" · ")[2]
    return balise("a", texte, href=lien("territoire", territoire=code))


def _case(case: Case, cases: list[Case]) -> Sur:
    """Value, its interval, its year when the others have another, and a bar on the scale of the row."""
    dates = {str(c.ligne["fin"]) for c in cases if c.ligne is not None}
    annee = f" ({_periode(case.ligne)})" if case.ligne is not None and len(dates) > 1 else ""
    bornes = ""
    if case.bornes and case.v is not None:
        d = case.declare.decimales
        bornes = f" [{nombre(case.bornes[0], d)} ; {nombre(case.bornes[1], d)}]"
    detail = balise("span", f"{bornes}{annee}", classe="b-second") if bornes or annee else ""
    plus_haut = max((abs(c.v) for c in cases if c.v is not None), default=0.0)
    barre: str = ""
    if case.v is not None and plus_haut and not case.declare.carte.divergente:
        part = balise("i", "", style=f"width:{100 * abs(case.v) / plus_haut:.0f}%")
        barre = balise("span", part, classe="b-mesure")
    chiffre = preuve(case.texte, case.declare.id, case.code) if case.ligne is not None else case.texte
    return joint(balise("strong", chiffre), detail, barre)


def _periode(ligne: pd.Series) -> str:
    return Periode(ligne["debut"], ligne["fin"], Frequence(ligne["frequence"])).texte
