"""The guided visit on the page: one step at a time, all of it in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from dashboard import explications
from dashboard.domain import visite
from dashboard.domain.classement import Genre
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.intervalle import Intervalle
from dashboard.domain.phrases import valeur
from dashboard.domain.territoire import Maille
from dashboard.domain.visite import Etape
from dashboard.views import blocs, cached, comparer, etats, fiche, filtres
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import affiche, balise

CLE_ETAPE, CLE_REPONSES, SEPARATEUR = "etape", "reponses", "."


def etapes(vue: Vue) -> list[Etape]:
    """The steps that today's figures allow, for the territory in view."""
    tous, code = etats.charge(vue), vue.code_programmes
    noms = {str(c): str(n) for c, n in vue.territoires["nom"].items()}
    ici = tous.ici(code)
    situes = sorted((e for e in ici if e.taux is not None and e.attendu is not None), key=lambda e: e.retard_relatif)
    trouvees = [visite.compter(ici, noms[code])]
    if situes:
        lieux = [e.programme.id for e in situes if len(_mesures(tous, e.programme.id)) > 2]
        trouvees += [visite.situer(situes[0]), visite.dater(situes[0])]
        if lieux:
            trouvees.insert(2, visite.localiser(tous.departements(lieux[0]), noms))
    trouvees += [_prouver(vue), _conclure(vue)]
    return [e for e in trouvees if e is not None]


def _mesures(tous: etats.Etats, programme: str) -> list[object]:
    return [e for e in tous.departements(programme) if e.taux is not None and e.attendu is not None]


def _vitrine(vue: Vue) -> list[Indicateur]:
    visibles = {i.id: i for i in fiche.visibles(vue)}
    return [visibles[i] for i in fiche.vitrine().cartes if i in visibles]


def _prouver(vue: Vue) -> Etape | None:
    """The first figure put forward in a portrait, for the territory in view."""
    for declare in _vitrine(vue):
        try:
            e = explications.explique(cached.app(), vue.lecteur, declare.id, fiche.ou(vue, declare), None, vue.arrete)
        except explications.SansChiffre:
            continue
        if e.chiffre.valeur is not None:
            return visite.prouver(e)
    return None


def _conclure(vue: Vue) -> Etape | None:
    """A share in the first territory, by name, of the EPCI: against the région."""
    for declare in reversed(_vitrine(vue)):
        if declare.unite != "%" or Maille.EPCI not in declare.mailles:
            continue
        periode = comparer.derniere_periode(vue, declare, Maille.EPCI)
        if periode is None:
            continue
        c = comparer.charge(vue, declare, Maille.EPCI, periode)
        if c.genre is Genre.PROPORTION and c.region is not None and len(c.connues):
            code = vue.code if vue.code in c.connues.index else str(c.connues.sort_values("nom").index[0])
            ligne = c.connues.loc[code]
            bornes = Intervalle(float(ligne["bas"]), float(ligne["haut"]))
            textes = (valeur(declare, bornes.bas), valeur(declare, bornes.haut))
            ou = {"indicateur": declare.id, "maille": Maille.EPCI.value, "territoire": code}
            return visite.conclure(declare.libelle, str(ligne["nom"]), c.texte(code), bornes, c.region,
                                   valeur(declare, c.region), textes, ou)  # fmt: skip
    return None


def reponses(pas: Sequence[Etape]) -> dict[str, str]:
    """The answers in the address, by step; a rank that is not one is left out."""
    rangs = filtres.texte_libre(CLE_REPONSES, 40).split(SEPARATEUR)
    return {
        e.cle: e.choix[int(r)]
        for e, r in zip(pas, rangs, strict=False) if r.isascii() and r.isdigit() and int(r) < len(e.choix)
    }  # fmt: skip


def affiche_tout(vue: Vue) -> None:
    """The step asked for, its question, what the answer is worth; the score at the end."""
    pas = etapes(vue)
    if not pas:
        blocs.vide("Pas encore de chiffres à visiter.", "Un agent doit alimenter une source.")
        return
    donnees = reponses(pas)
    rangs = [str(n) for n in range(1, len(pas) + 1)]
    actuel = int(filtres.choix(CLE_ETAPE, [*rangs, str(len(pas) + 1)], "1", "étape"))
    blocs.note(visite.resume(pas))
    justes, repondues = visite.score(pas, donnees)
    st.progress(repondues / len(pas), text=visite.avancee(justes, repondues, len(pas)))
    if actuel > len(pas):
        _fin(pas, donnees)
    else:
        _etape(pas, actuel, donnees)
    _avance(len(pas), actuel)


def _etape(pas: Sequence[Etape], rang: int, donnees: Mapping[str, str]) -> None:
    e = pas[rang - 1]
    ou = balise("a", "Voir la page", href=lien(e.page, **e.parametres), target="_blank", rel="noopener",
                classe="b-lien")  # fmt: skip
    affiche(
        balise("h2", balise("span", str(rang), classe="b-pas"), e.titre, classe="b-h2 b-etape"),
        balise("p", e.texte, " ", ou, classe="b-texte"),
    )
    reponse = donnees.get(e.cle)
    widget = filtres.pose(f"visite:{e.cle}", reponse)
    st.radio(e.question, e.choix, index=None, key=widget, on_change=_note, args=(pas, rang, widget))
    if reponse is not None:
        mot, classe = ("Juste.", "b-v-trajectoire") if e.juste(reponse) else (f"Non : {e.bonne}.", "b-v-surveiller")
        affiche(balise("p", balise("strong", f"{mot} "), e.explication, classe=f"b-verdict b-calcul {classe}",
                       role="status"))  # fmt: skip


def _note(pas: Sequence[Etape], rang: int, widget: str) -> None:
    """Writes in the address the rank of the answer just given."""
    donnees, choisie = reponses(pas), filtres.lu(widget)
    if isinstance(choisie, str):
        donnees[pas[rang - 1].cle] = choisie
    rangs = [str(e.choix.index(donnees[e.cle])) if e.cle in donnees else "" for e in pas]
    filtres.note(CLE_REPONSES, SEPARATEUR.join(rangs))


def _avance(total: int, actuel: int) -> None:
    with st.container(horizontal=True):
        if actuel > 1:
            st.button("Étape précédente", on_click=filtres.note, args=(CLE_ETAPE, str(actuel - 1), "1"))
        if actuel <= total:
            mot = "Étape suivante" if actuel < total else "Voir mon score"
            st.button(mot, type="primary", on_click=filtres.note, args=(CLE_ETAPE, str(actuel + 1)))
        st.button("Recommencer", on_click=_recommence)


def _recommence() -> None:
    filtres.note(CLE_ETAPE, None)
    filtres.note(CLE_REPONSES, None)


def _fin(pas: Sequence[Etape], donnees: Mapping[str, str]) -> None:
    justes, _ = visite.score(pas, donnees)
    lignes = [
        [e.titre, donnees.get(e.cle, "sans réponse"), e.bonne, "juste" if e.juste(donnees.get(e.cle)) else "à revoir"]
        for e in pas
    ]
    colonnes = [("Étape", False), ("Votre réponse", False), ("La bonne", False), ("Résultat", False)]
    affiche(
        balise("p", visite.verdict(justes, len(pas)), classe="b-verdict", role="status"),
        blocs.table(colonnes, lignes, "Vos réponses", "b-table b-fiches"),
    )
