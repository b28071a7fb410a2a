"""The territories someone chose on the map: found by name, by a list or by a click, kept in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st
from streamlit.errors import StreamlitAPIException

from dashboard.domain.formatage import nombre
from dashboard.domain.phrases import valeur
from dashboard.domain.territoire import Maille
from dashboard.views import annuaire, blocs, carte_choix, carte_fichiers, filtres, lire, selecteurs
from dashboard.views.carte_choix import CHOISIS_MAX, Demande, descends
from dashboard.views.carte_donnees import CarteVue
from dashboard.views.filtres import Vue, etiquette, lien
from dashboard.views.html import Sur, affiche, balise
from dashboard.views.preuve import preuve

if TYPE_CHECKING:
    from dashboard.views.carte_folium import Clic


def outils(vue: Vue, c: CarteVue, autre: CarteVue | None, d: Demande, connues: Mapping[str, str]) -> None:
    """The line of tools; what a tool holds is drawn only once it is open."""
    with st.container():  # always there: a sentence that comes or goes must not mount the map again
        _dis_le_cadre(c, d)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        carte_choix.classes(vue, c.declare, d)
        carte_choix.comparaison(vue, c.declare, connues, c.periode.code if c.periode else "")
        volet(vue, c.maille, d)
        carte_choix.affichage(vue, c.maille, connues)
        carte_fichiers.volet(vue, c, autre, d)
        carte_choix.descente(vue, c.declare, c.maille, d)


def volet(vue: Vue, maille: Maille, d: Demande) -> None:
    """The popover that chooses territories: a list where it is short, a search among the communes."""
    with st.popover("Sélection", icon=":material/playlist_add_check:", on_change="rerun", key="ouvre:choix") as ouvert:
        if not ouvert.open:
            return
        places = vue.territoires
        siens = places[places["maille"] == maille]
        options = list(siens.index)
        if maille is Maille.COMMUNE:
            cherche = selecteurs.cherche("q", "Chercher une commune", "Nom")
            trouves = annuaire.cherche(cherche, 200) if cherche.strip() else []
            options = [c for c in trouves if c in siens.index][:CHOISIS_MAX]
        widget = filtres.pose("liste:choix", [c for c in d.choisis if c in siens.index])
        st.multiselect(
            f"{CHOISIS_MAX} territoires au plus", list(dict.fromkeys([*d.choisis, *options])),
            format_func=lambda c: etiquette(places, c), placeholder="Choisir dans la liste",
            max_selections=CHOISIS_MAX, key=widget, on_change=filtres.ecris,
            args=("choix", widget, lambda v: ",".join(v) if isinstance(v, list) else None),
        )  # fmt: skip
        if d.choisis:
            st.button("Tout retirer", on_click=filtres.note, args=("choix", None))


def bascule(d: Demande, code: str) -> None:
    """Adds a territory to the selection, or takes it off."""
    reste = [c for c in d.choisis if c != code]
    filtres.note("choix", ",".join(reste if code in d.choisis else [*reste, code][:CHOISIS_MAX]))


def encadre(vue: Vue, c: CarteVue, d: Demande, codes: Sequence[str]) -> bool:
    """Adds to the selection the territories that a frame holds, the most populated ones when they are too many."""
    from dashboard.views.carte_folium import retient_cadre

    siens = vue.territoires.loc[[code for code in dict.fromkeys(codes) if code in c.valeurs.index]]
    nouveaux = siens.sort_values("population", ascending=False, kind="stable").index
    gardes = list(dict.fromkeys([*d.choisis, *nouveaux]))[:CHOISIS_MAX]
    if nouveaux.empty:
        return False
    filtres.note("choix", ",".join(gardes))
    retient_cadre(gardes, len({*d.choisis, *nouveaux}))
    return True


def _dis_le_cadre(c: CarteVue, d: Demande) -> None:
    """Says that the frame held more territories than a selection may."""
    if len(d.choisis) < CHOISIS_MAX:
        return
    from dashboard.views.carte_folium import trouves_dans_le_cadre

    trouves = trouves_dans_le_cadre(d.choisis) or 0
    if trouves > CHOISIS_MAX:
        filtres.dis(f"{nombre(trouves)} {c.maille.pluriel} ont leur centre dans le cadre : la sélection garde les "
                    f"{CHOISIS_MAX} de plus grande population.")  # fmt: skip


def apres_clic(vue: Vue, c: CarteVue, d: Demande, clic: Clic | None) -> None:
    """What a click does: the portrait, the finer scale framed on the territory, or the selection; what a frame does.

    What the browser says is believed only when it names territories that exist."""
    if clic and clic.cadre and encadre(vue, c, d, clic.codes):
        _refais()
    code = clic.codes[0] if clic and not clic.cadre else None
    if code is None or code not in vue.territoires.index:
        return
    if d.clic == "choisir":
        bascule(d, code)
        _refais()
    fines = [m for m in c.declare.mailles if m.rang > c.maille.rang]
    if d.clic == "descendre" and fines:
        descends(fines[-1], code)
        st.rerun()
    st.switch_page("pages/territoire.py", query_params=filtres.parametres(territoire=code))


def _refais() -> None:
    """Draws the fragment again; the page when the click came along with a run of it all."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


def table(vue: Vue, c: CarteVue, autre: CarteVue | None, d: Demande) -> None:
    """How the map is read; then the chosen territories with their values, in the order of the first map."""
    lire.carte(c.declare, c.comptees)
    siens = [code for code in d.choisis if code in c.valeurs.index]
    if not d.choisis:
        return
    blocs.sous_titre("Territoires choisis")
    if siens:
        cartes = (c, autre) if autre else (c,)
        siens = list(c.valeurs.loc[siens].sort_values("valeur", ascending=False).index)
        colonnes = [("Territoire", False), *((_colonne(carte, autre), True) for carte in cartes)]
        lignes = [[_portrait(vue, code), *(_preuve(carte, code) for carte in cartes)] for code in siens]
        affiche(blocs.table(colonnes, lignes, "Territoires choisis"))
    ailleurs = len(d.choisis) - len(siens)
    if ailleurs:
        blocs.note(f"{ailleurs} choisi{'s' if ailleurs > 1 else ''} à une autre échelle : changer d'échelle pour voir.")


def _portrait(vue: Vue, code: str) -> Sur:
    return balise("a", etiquette(vue.territoires, code), classe="b-lien", href=lien("territoire", territoire=code))


def _colonne(carte: CarteVue, autre: CarteVue | None) -> str:
    if autre is None or carte.periode is None:
        return carte.declare.libelle_court
    return f"{carte.declare.libelle_court}, {carte.periode.texte}"


def _preuve(carte: CarteVue, code: str) -> Sur:
    return preuve(_texte(carte, code), carte.declare.id, code, carte.periode.code if carte.periode else None)


def _texte(carte: CarteVue, code: str) -> str:
    ligne = carte.valeurs.loc[code]
    absente = pd.isna(ligne["valeur"])
    return valeur(carte.declare, None if absente else float(ligne["valeur"]), secret=absente and ligne["statut"] == "Q")
