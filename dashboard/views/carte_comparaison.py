"""Two maps side by side that move together: another indicator, or another date of the same one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from dashboard.domain.periode import parse_periode
from dashboard.figures.classes import DEFAUT
from dashboard.figures.methodes import Reglage
from dashboard.views import blocs, cached, carte_vue, filtres
from dashboard.views.carte_choix import Demande
from dashboard.views.carte_donnees import CarteVue, cadree, charge, dedans, ensemble, periodes
from dashboard.views.filtres import Vue

if TYPE_CHECKING:
    from dashboard.views.carte_folium import Clic


def cartes(
    vue: Vue, c: CarteVue, d: Demande, connues: Mapping[str, str], periode: str
) -> tuple[CarteVue, CarteVue | None]:
    """The map of the page and the one to put beside, with shared classes when they show the same indicator."""
    partagees: tuple[str, ...] = ()
    if d.defile:
        partagees = tuple(connues)
    elif d.comparer is None and d.comparer_periode not in (None, periode):
        partagees = (periode, str(d.comparer_periode))
    if partagees or d.locales:
        c = _charge(vue, c, d, periode, partagees or (periode,), d.reglage)
    if d.comparer:
        return c, _autre_indicateur(vue, c, d)
    if d.comparer_periode in (None, periode):
        return c, None
    return c, _charge(vue, c, d, str(d.comparer_periode), partagees, d.reglage)


def _charge(vue: Vue, c: CarteVue, d: Demande, periode: str, partagees: Sequence[str], reglage: Reglage) -> CarteVue:
    """The indicator of ``c`` at a period, with the classes that all values of ``partagees`` decide: those of the
    framed territory when it is asked."""
    fin = parse_periode(periode).fin
    if not d.locales or c.declare.en_cercles:
        return charge(vue, c.declare, c.maille, fin, reglage, ensemble(vue, c.declare, c.maille, partagees))
    siennes = ensemble(vue, c.declare, c.maille, partagees, dedans(vue, c).index)
    if np.isnan(siennes).all():  # no value there: nothing to cut
        return charge(vue, c.declare, c.maille, fin, reglage)
    locales = replace(reglage, methode="quantiles") if reglage.methode == "defaut" else reglage
    return cadree(vue, charge(vue, c.declare, c.maille, fin, locales, siennes))


def _autre_indicateur(vue: Vue, c: CarteVue, d: Demande) -> CarteVue | None:
    """The other indicator at the date asked, else at the latest one that is not after the first map's."""
    autre = cached.app().espace.indicateur(str(d.comparer))
    siennes = periodes(vue, autre, c.maille) if c.maille in autre.mailles else []
    if not siennes:
        filtres.dis(f"« {autre.libelle} » n'a pas de valeur par {c.maille.libelle.lower()} : rien à mettre à côté.")
        return None
    fins = [parse_periode(code).fin for code, _ in siennes]
    limite = c.periode.fin if c.periode else fins[0]
    rang = next((i for i, f in enumerate(fins) if f <= limite), 0)
    trouvee = charge(vue, autre, c.maille, fins[rang])
    if not d.locales:
        return trouvee
    code = siennes[rang][0]
    return _charge(vue, trouvee, d, code, (code,), DEFAUT)


def montre(vue: Vue, c: CarteVue, autre: CarteVue | None, d: Demande, mode: str) -> Clic | None:
    """The map and its legend, both maps side by side, or their table; what was just clicked."""
    if autre and mode == "carte":
        return _deux(vue, c, autre, d)
    gauche, droite = st.columns([2.8, 1], gap="medium")
    clic = None
    with gauche:
        if mode == "tableau":
            carte_vue.tableau(vue, c, autre)
        else:
            clic = carte_vue.affiche(vue, c, d)
    with droite:
        carte_vue.legende(c, mention(c, autre, d))
        carte_vue.reperes(vue, c, zoom=d.zoom)
    return clic


def _deux(vue: Vue, c: CarteVue, autre: CarteVue, d: Demande) -> Clic | None:
    """Each map with its title and legend. A click on either counts."""
    clics = []
    for colonne, carte, cle in zip(st.columns(2, gap="medium"), (c, autre), ("carte", "carte_b"), strict=True):
        with colonne:
            blocs.sous_titre(carte.titre)
            clics.append(carte_vue.affiche(vue, carte, d, cle, jumelle=True))
            carte_vue.legende(carte, mention(c, autre, d))
    return next((clic for clic in clics if clic), None)


def mention(c: CarteVue, autre: CarteVue | None, d: Demande) -> str:
    """Whether classes are shared, and by what."""
    if d.defile:
        return "Mêmes classes à toutes les périodes."
    if autre and autre.declare.id == c.declare.id:
        return "Mêmes classes aux deux dates."
    if c.cadre:
        return "Autour, les mêmes couleurs, plus pâles."
    if not d.zoom:
        return ""
    if c.declare.en_cercles:
        return "Taille calculée sur toute la région."
    return "Classes et effectifs de toute la région."
