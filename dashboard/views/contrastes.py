"""What stands out in a territory, in words made by rule: the same as in its printed portrait."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import portraits
from dashboard.views import blocs, cached
from dashboard.views.etats import CLE_VUE
from dashboard.views.filtres import Vue
from dashboard.views.html import Sur, balise, joint

MONTRES = 4
"""Lines of each kind on the page; the portrait to print has them all."""


@st.cache_resource(max_entries=128, show_spinner=False, hash_funcs={Vue: lambda v: (CLE_VUE[Vue](v), v.code)})
def _contrastes(vue: Vue) -> dict[str, Any]:
    ((_, contenu),) = portraits.donnees(cached.app(), [vue.code], vue.arrete)
    lus: dict[str, Any] = contenu["contrastes"]
    return lus


def affiche(vue: Vue) -> None:
    """Strengths and weaknesses, or what is higher and lower where no direction is declared to be better."""
    c = _contrastes(vue)
    blocs.sous_titre(c["titre"], f"Comparé {c['groupe']}." if c["groupe"] else None)
    if not c["groupes"]:
        blocs.note("Rien ne se distingue nettement ici.")
        return
    blocs.affiche(balise("div", *(_groupe(g) for g in c["groupes"]), classe="b-contrastes"))
    blocs.note(f"{c['indistincts']}. " if c["indistincts"] else "",
               "Est cité ce qui dépasse les trois quarts des autres et n'est pas dû au hasard.")  # fmt: skip


def _groupe(groupe: dict[str, Any]) -> Sur:
    lignes = [
        balise("li", balise("strong", ligne["titre"]), balise("div", ligne["phrase"], classe="b-second"))
        for ligne in groupe["lignes"][:MONTRES]
    ]
    reste = len(groupe["lignes"]) - MONTRES
    suite = balise("p", f"et {reste} dans le portrait à imprimer", classe="b-note") if reste > 0 else ""
    return joint(balise("div", balise("h3", groupe["titre"], classe=f"b-c-{groupe['nuance']}"),
                        balise("ul", *lignes, classe="b-apports"), suite))  # fmt: skip
