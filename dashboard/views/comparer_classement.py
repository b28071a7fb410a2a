"""The ranking of the Comparaison page: intervals as bars, ranks that they allow, extracts or every row."""

from __future__ import annotations

import math
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.domain.classement import Genre
from dashboard.domain.formatage import compte, nombre
from dashboard.domain.territoire import Maille
from dashboard.views import annuaire, blocs, comparer, filtres, selecteurs
from dashboard.views.comparer import Comparaison
from dashboard.views.comparer_fichiers import INTERVALLES, Fichiers, valeurs
from dashboard.views.filtres import lien
from dashboard.views.html import Sur, balise, joint
from dashboard.views.preuve import preuve

ENTIER, TETE, AUTOUR, QUEUE, PAR_PAGE = 40, 15, 4, 5, 100
EXTRAITS = "Les premiers, ceux qui entourent le territoire regardé, les derniers. Les fichiers les donnent tous."


@st.fragment
def classement(c: Comparaison) -> None:
    """Every territory in order, its interval as a bar, its possible ranks; the one in view marked. A fragment: a search
    redraws nothing else."""
    filtres.fraiche(c.vue)
    tries = comparer.ordonne(c)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cherche = st.text_input(
            "Chercher dans le classement", placeholder="Nom, code postal ou code", type="search", live=True
        )
        entier = len(tries) <= ENTIER or selecteurs.interrupteur(
            "tout", "Toutes les lignes", f"{PAR_PAGE} par page, au lieu des premiers et des derniers."
        )
    cherche = (cherche or "").strip()
    if cherche:
        tries = tries[tries.index.isin(annuaire.cherche(cherche, 200))]
        if tries.empty:
            blocs.vide(f"Aucun territoire de ce niveau ne correspond à « {cherche} ».", "Vérifier l'échelle choisie.")
            return
    place = st.container()
    morceaux, mot = _montres(tries, c, entier=entier or bool(cherche))
    echelle = _bornes(c)
    lignes = [ligne for rang, m in enumerate(morceaux) for ligne in (*([_coupure(c)] if rang else []),
              *(_ligne(c, str(code), echelle) for code in m.index))]  # fmt: skip
    with place:
        if mot and entier:
            blocs.note(mot)
        blocs.affiche(
            blocs.table(_colonnes(c), lignes, "Classement des territoires", "b-table b-classement", entiere=True)
        )
    montres = sum(len(m) for m in morceaux)
    if montres < len(c.cadre):
        dits = compte(montres, "territoire montré", "territoires montrés")
        blocs.note(f"{dits} sur {nombre(len(c.cadre))}. {'' if entier else mot}")
    blocs.note(f"{comparer.ordre(c)} {c.genre.methode} {_reperes(c)}")
    Fichiers(
        c, "Classement", f"comparaison_{c.declare.id}_{c.maille.value}_{c.periode.code}",
        lambda: {"Classement": valeurs(c, tries)}, {"recherche": f"« {cherche} »" if cherche else ""},
    ).boutons()  # fmt: skip


def _montres(tries: pd.DataFrame, c: Comparaison, *, entier: bool) -> tuple[list[pd.DataFrame], str]:
    """The rows on screen, in groups that follow, and which ones they are in words."""
    if not entier:
        return _extraits(tries, c.ici), EXTRAITS
    total = -(-len(tries) // PAR_PAGE)
    numero = selecteurs.pages("page", total, f"{PAR_PAGE} lignes par page, {total} pages")
    debut = (numero - 1) * PAR_PAGE
    mot = (
        ""
        if total == 1
        else (f"Lignes {nombre(debut + 1)} à {nombre(min(debut + PAR_PAGE, len(tries)))} sur {nombre(len(tries))}.")
    )
    return [tries.iloc[debut : debut + PAR_PAGE]], mot


def _extraits(tries: pd.DataFrame, ici: str | None) -> list[pd.DataFrame]:
    """All when they are few; else the first ones, those around the one in view, the last ones that have a value."""
    if len(tries) <= ENTIER:
        return [tries]
    connus = int(tries["valeur"].notna().sum())
    gardes = [*range(min(TETE, connus)), *range(max(0, connus - QUEUE), connus)]
    if ici is not None:
        rang = int(tries.index.get_loc(ici))
        gardes += range(max(0, rang - AUTOUR), min(len(tries), rang + AUTOUR + 1))
    groupes: list[list[int]] = []
    for rang in sorted(set(gardes)):
        if groupes and rang == groupes[-1][-1] + 1:
            groupes[-1].append(rang)
        else:
            groupes.append([rang])
    return [tries.iloc[g] for g in groupes]


def _colonnes(c: Comparaison) -> list[tuple[str, bool]]:
    rang = {Genre.NOMBRE: "Population"}.get(c.genre, "Rang possible")
    place_ = "Place (échelle logarithmique)" if c.logarithmique else "Place"
    barre = "Intervalle à 95 %" if c.genre in INTERVALLES else place_
    return [(c.maille.libelle, False), (f"Valeur ({c.declare.unite})", True), (barre, False), (rang, True)]


def _coupure(c: Comparaison) -> list[str]:
    return [balise("span", "…", classe="b-second"), "", "", ""]


def _bornes(c: Comparaison) -> tuple[float, float]:
    """The common scale of the bars: from the lowest bound to the highest, 0 included for a count."""
    connues = c.connues
    if connues.empty:
        return 0.0, 1.0
    bas, haut = float(connues["bas"].min()), float(connues["haut"].max())
    bas = min(bas, 0.0) if c.genre is Genre.NOMBRE else bas
    return bas, haut if haut > bas else bas + 1.0


def _part(v: float, echelle: tuple[float, float], *, logarithmique: bool) -> float:
    """Where a value stands on the scale of the bars, in percent."""
    bas, haut = echelle
    if logarithmique:
        v, bas, haut = math.log(max(v, bas)), math.log(bas), math.log(haut)
    return 100 * min(1.0, max(0.0, (v - bas) / (haut - bas)))


def _ligne(c: Comparaison, code: str, echelle: tuple[float, float]) -> list[str]:
    ligne = c.cadre.loc[code]
    ou = str(ligne["nom_departement"]) if c.maille in (Maille.EPCI, Maille.COMMUNE) else ""
    ici = code == c.ici
    nom = joint(
        balise("a", str(ligne["nom"]), href=lien("territoire", territoire=code)),
        balise("span", f" {ou}", classe="b-second") if ou else "",
        balise("span", "vous êtes ici", classe="b-ici") if ici else "",
    )
    lieu = c.place(code)
    if c.genre is Genre.NOMBRE:
        fin: str = f"{nombre(ligne['population'])} hab."
    elif lieu is None:
        fin = ""
    else:
        fin = lieu.texte if lieu.distinguable else balise("span", lieu.texte, classe="b-second")
    return [
        nom,
        balise("strong", preuve(c.texte(code), c.declare.id, code, c.periode.code)),
        _barre(c, ligne, echelle),
        fin,
    ]


def _barre(c: Comparaison, ligne: pd.Series, echelle: tuple[float, float]) -> Sur:
    """The interval in blue and the value as a dot, the région as a thin line, all on one scale."""
    if pd.isna(ligne["valeur"]):
        return balise("span", "secret statistique" if ligne["statut"] == "Q" else "donnée absente", classe="b-second")
    part = partial(_part, echelle=echelle, logarithmique=c.logarithmique)
    gauche, droite = (
        (0.0, part(ligne["valeur"])) if c.genre is Genre.NOMBRE else (part(ligne["bas"]), part(ligne["haut"]))
    )
    region = c.region if c.genre is not Genre.NOMBRE else None
    trait = balise("s", "", style=f"left:{part(region):.1f}%") if region is not None else ""
    bande = balise("i", "", style=f"left:{gauche:.1f}%;width:{max(0.0, droite - gauche):.1f}%")
    point = balise("b", "", style=f"left:{part(ligne['valeur']):.1f}%")
    texte = ""
    if c.genre in INTERVALLES:
        d = c.declare.decimales
        texte = balise("span", f"{nombre(ligne['bas'], d)} à {nombre(ligne['haut'], d)}", classe="b-second b-bornes")
    return joint(balise("span", trait, bande, point, classe="b-etendue"), texte)


def _reperes(c: Comparaison) -> str:
    trait = "" if c.region is None or c.genre is Genre.NOMBRE else " Trait vertical : la région."
    absents = len(c.cadre) - len(c.connues)
    manque = (
        f" {compte(absents, 'territoire sans valeur', 'territoires sans valeur')}, en fin de liste." if absents else ""
    )
    return f"Point : la valeur.{trait}{manque}"
