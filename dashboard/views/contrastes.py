"""What stands out in a territory, in words made by rule: the same as in its printed portrait."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from dashboard.domain.territoire import Maille
from dashboard.exports.portrait_donnees import contrastes
from dashboard.exports.portrait_lecture import Fonds, en_valeurs
from dashboard.views import annuaire, blocs, cached, etats
from dashboard.views.filtres import Vue
from dashboard.views.html import Sur, balise, joint
from dashboard.views.portrait import Portrait

MONTRES = 4
"""Lines of each kind on the page; the portrait to print has them all."""


def lis(vue: Vue, p: Portrait) -> dict[str, Any]:
    """The words of the printed portrait, from what this page has already read: nothing is read twice."""
    suivis = etats.charge(vue).par_programme.values()
    siens = {vue.code: [e[vue.code] for e in suivis if vue.code in e]}
    fonds = Fonds(
        vue.lecteur, cached.app().espace, vue.arrete, vue.territoires,
        frozenset(cached.visibles(vue.lecteur, vue.version)), {}, {c: e for c, e in siens.items() if e}, {}, None,
        en_valeurs(p.series, {int(vue.territoires.at[c, "id"]): c for c in p.comparables}), {},
    )  # fmt: skip
    return contrastes(replace(fonds, pairs=_pairs(vue, fonds)), vue.code)


def _pairs(vue: Vue, fonds: Fonds) -> dict[tuple[str, Maille, date], dict[str, float]]:
    """The known values of the level at the period of each figure: the rows that the ranks of the page come from."""
    maille, trouvees = Maille(vue.territoire["maille"]), {}
    for declare in fonds.contexte(maille) if maille is not Maille.REGION else ():
        v = fonds.derniere(vue.code, declare.id)
        if v is not None:
            _, cadre = annuaire.classees(vue.lecteur, vue.version, declare.id, maille, v.fin)
            trouvees[declare.id, maille, v.fin] = cadre["valeur"].dropna().to_dict()
    return trouvees


def affiche(vue: Vue, p: Portrait) -> None:
    """Strengths and weaknesses, or what is higher and lower where no direction is declared to be better."""
    c = lis(vue, p)
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
