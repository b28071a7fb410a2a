"""The scatter of the Comparaison page: two indicators, one point per territory, a click opens its portrait."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.domain.association import Association, associe
from dashboard.domain.classement import Genre
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.territoire import Maille
from dashboard.figures import comparaison as figures
from dashboard.figures.comparaison import Axe
from dashboard.views import annuaire, blocs, cached, choix, comparer, fiche, filtres, selecteurs
from dashboard.views.comparer import Comparaison
from dashboard.views.comparer_fichiers import Feuilles, Fichiers, etat, identite
from dashboard.views.filtres import lien
from dashboard.views.html import balise

POPULATION, PAR_PAGE = "population", 100


@st.fragment
def nuage(c: Comparaison) -> None:
    """Two indicators, one point per territory; what their association allows to say. A fragment: another second
    indicator, or another size, draws nothing else again."""
    filtres.fraiche(c.vue)
    autres = {i.id: i for i in fiche.visibles(c.vue) if c.maille in i.mailles and i.id != c.declare.id}
    if not autres:
        blocs.vide("Aucun autre indicateur n'est publié à ce niveau.", "Choisir une autre échelle.")
        return
    y, taille = _choix(autres)
    axe_y, tailles = _axe(c, y), _tailles(c, taille)
    if axe_y is None or c.connues.empty:
        blocs.vide(f"« {y.libelle} » n'a pas de valeur à ce niveau.", "Choisir un autre indicateur.")
        return
    axe_x = Axe(c.declare, c.cadre["valeur"], c.periode.texte)
    lien_ = associe(axe_x.valeurs, axe_y.valeurs)
    _dessine(c, axe_x, axe_y, tailles, lien_)
    blocs.affiche(balise("p", lien_.phrase, classe="b-association"))
    taille_dite = {POPULATION: "population", "": "tous égaux"}.get(taille) or autres[taille].libelle
    blocs.note("Couleur et forme : le département. " if c.maille is not Maille.DEPARTEMENT else "",
               f"Surface du point : {taille_dite[:1].lower()}{taille_dite[1:]}. " if taille else "",
               "Cliquer un point ouvre le portrait de ce territoire.")  # fmt: skip
    for declare in (c.declare, y):
        if declare.en_cercles:
            blocs.note(f"{declare.libelle} : {Genre.NOMBRE.methode[:1].lower()}{Genre.NOMBRE.methode[1:]}")
    _en_tableau(c, axe_x, axe_y)
    Fichiers(
        c, "Nuage", f"nuage_{c.declare.id}_{y.id}_{c.maille.value}",
        lambda: _feuilles(c, axe_x, axe_y, None if not taille else (taille_dite, tailles), lien_),
        {"second indicateur": f"{y.libelle}, {axe_y.periode}", "taille des points": taille_dite}, [y], lien_.phrase,
    ).boutons()  # fmt: skip


def _choix(autres: Mapping[str, Indicateur]) -> tuple[Indicateur, str]:
    """The second indicator, and what the size of a point says."""
    gauche, droite = st.columns([2, 1], vertical_alignment="bottom")
    with gauche:
        noms = {i: d.libelle for i, d in autres.items()}
        titre = "Second indicateur (vertical)"
        y = autres[choix.liste("avec_indicateur", noms, titre, _second(autres), nom="indicateur")]
    nombres = {i: d.libelle_court for i, d in autres.items() if d.en_cercles and i != y.id}
    with droite:
        tailles = {POPULATION: "Population", "": "Tous égaux", **nombres}
        return y, choix.liste("taille", tailles, "Taille des points", nom="taille")


def _second(autres: Mapping[str, Indicateur]) -> str | None:
    """A rate that the espace puts forward, else any rate."""
    ordre = [*(i for i in fiche.vitrine().cartes if i in autres), *autres]
    return next((i for i in ordre if not autres[i].en_cercles), None)


def _axe(c: Comparaison, declare: Indicateur) -> Axe | None:
    periode = comparer.derniere_periode(c.vue, declare, c.maille)
    if periode is None:
        return None
    _, cadre = annuaire.classees(c.vue.lecteur, c.vue.version, declare.id, c.maille, periode.fin)
    return Axe(declare, cadre["valeur"].reindex(c.cadre.index), periode.texte)


def _tailles(c: Comparaison, taille: str) -> pd.Series | None:
    if taille == POPULATION:
        return c.cadre["population"]
    axe = _axe(c, cached.app().espace.indicateur(taille)) if taille else None
    return None if axe is None else axe.valeurs


def _dessine(c: Comparaison, x: Axe, y: Axe, tailles: pd.Series | None, lien_: Association) -> None:
    """The drawing; a click on a point leaves for the portrait of its territory."""
    ici = int(c.cadre.index.get_loc(c.ici)) if c.ici else None
    figure = figures.nuage(c.cadre["nom"].tolist(), c.cadre["nom_departement"].tolist(), x, y, tailles, ici)
    alt = f"Nuage de points : {x.titre} et {y.titre}, {lien_.n} {c.maille.pluriel}. {lien_.phrase}"
    etat_ = st.plotly_chart(
        figure, theme=None, config=blocs.PLOTLY, alt=alt, on_select="rerun", selection_mode="points",
        key=f"nuage:{c.declare.id}:{y.declare.id}:{c.maille.value}:{c.periode.code}",
    )  # fmt: skip
    code = code_clique(etat_, c.cadre.index)
    if code:
        st.switch_page("pages/territoire.py", query_params=filtres.parametres(territoire=code))


def code_clique(etat_: Any, connus: Collection[str]) -> str | None:
    """The territory of the point clicked; None for anything else a browser may send."""
    try:
        code = etat_["selection"]["points"][0]["customdata"][figures.RANG_CODE]
    except (KeyError, IndexError, TypeError):
        return None
    return code if isinstance(code, str) and code in connus else None


def _en_tableau(c: Comparaison, x: Axe, y: Axe) -> None:
    """The text equivalent of the points, the highest of the first indicator first; each name leads to its portrait."""
    ordre = x.valeurs.sort_values(ascending=False, na_position="last").index
    total = -(-len(ordre) // PAR_PAGE)
    with st.expander("Le nuage en tableau"):
        numero = selecteurs.pages("page", total, f"{PAR_PAGE} lignes par page, {total} pages")
        montres = ordre[(numero - 1) * PAR_PAGE : numero * PAR_PAGE]
        tx, ty = (dict(zip(axe.valeurs.index, axe.textes(), strict=True)) for axe in (x, y))
        lignes = [
            [balise("a", str(c.cadre.loc[code, "nom"]), href=lien("territoire", territoire=code)),
             str(c.cadre.loc[code, "nom_departement"]), tx[code], ty[code]]
            for code in montres
        ]  # fmt: skip
        titres = [(c.maille.libelle, False), ("Département", False), (x.titre, True), (y.titre, True)]
        blocs.affiche(blocs.table(titres, lignes, "Le nuage en tableau"))


def _feuilles(
    c: Comparaison, x: Axe, y: Axe, taille: tuple[str, pd.Series | None] | None, lien_: Association
) -> Feuilles:
    codes = list(c.cadre.index)
    cadre = pd.DataFrame({**identite(c, codes), x.titre: x.valeurs.to_numpy(), y.titre: y.valeurs.to_numpy()})
    if taille and taille[1] is not None:
        cadre[f"Taille : {taille[0]}"] = taille[1].to_numpy()
    cadre["État"] = etat(c.cadre["statut"], c.cadre["valeur"])
    dit = {"Territoires": lien_.n, "Corrélation des rangs (Spearman)": lien_.rho, "Borne basse 95 %": lien_.bas,
           "Borne haute 95 %": lien_.haut}  # fmt: skip
    association = pd.DataFrame({"Mesure": list(dit), "Valeur": [None if v is None else float(v) for v in dit.values()]})
    return {"Nuage": cadre, "Association": association}
