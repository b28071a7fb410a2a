"""« Mes tâches » on a page: what is due in the territory in view, the most urgent first, each with its link."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.domain.apports import Genre
from dashboard.domain.brouillon import UNIQUES
from dashboard.domain.formatage import compte, date_courte, liste, nombre
from dashboard.domain.indicateur import Programme
from dashboard.domain.programme import EtatProgramme
from dashboard.domain.rappels import Geste, Rappel, rappels
from dashboard.views import apports_vue, blocs, cached, html
from dashboard.views.donnees import pastille
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, balise

TEINTES = {
    Geste.EN_RETARD: "retard", Geste.A_DECIDER: "surveiller", Geste.A_EXPLIQUER: "echu", Geste.A_ECRIRE: "retard",
    Geste.A_TRANCHER: "surveiller", Geste.A_RELANCER: "nonmesure",
}  # fmt: skip
ACTIONS = {
    Geste.EN_RETARD: "Dire ce qui est décidé", Geste.A_DECIDER: "Dire ce qui est décidé",
    Geste.A_EXPLIQUER: "Revoir la synthèse", Geste.A_ECRIRE: "Écrire la synthèse",
    Geste.A_TRANCHER: "Accepter ou refuser", Geste.A_RELANCER: "Voir les sources",
}  # fmt: skip


def taches(vue: Vue, juges: Sequence[EtatProgramme]) -> list[Rappel]:
    """What is due here; a région also sees what waits in its territories."""
    tout = vue.code_programmes == cached.app().espace.code_region
    lus = [a for a in apports_vue.apports(vue) if tout or a.code == vue.code_programmes]
    return rappels(juges, lus, vue.arrete, {p.id: p.sigle for p in cached.app().espace.producteurs})


def phrase(dues: Sequence[Rappel]) -> list[tuple[str, bool]]:
    """« 4 tâches : 1 en retard, 3 à écrire. »"""
    if not dues:
        return [("Rien à faire à cette date", True), (" : aucune décision en attente, aucune valeur périmée.", False)]
    comptes = [(g, sum(r.geste is g for r in dues)) for g in Geste]
    mots = [f"{nombre(n)} {g.libelle[:1].lower()}{g.libelle[1:]}" for g, n in comptes if n]
    return [(compte(len(dues), "tâche", "tâches"), True), (f" : {liste(mots)}.", False)]


def affiche(vue: Vue, dues: Sequence[Rappel], programme: Programme | None) -> None:
    """« Mes tâches »; those of one programme while one writes on it."""
    siennes = [r for r in dues if programme is None or r.programme == programme.id]
    toutes = balise("a", f"Voir les {len(dues)} tâches", href=lien("saisie"), classe="b-lien")
    blocs.sous_titre("Mes tâches", f"Programme : {programme.nom}" if programme and siennes else None)
    if siennes:
        html.affiche(tableau(vue, siennes, nomme=programme is None))
    else:
        blocs.note("Rien à faire à cette date pour ce programme." if programme else "Choisir un programme pour écrire.")
    if len(siennes) < len(dues):
        blocs.note(toutes)


def tableau(vue: Vue, dues: Sequence[Rappel], *, nomme: bool = True) -> Sur:
    """« Mes tâches », the most urgent first, each with the link to do it. ``nomme``: tells the programme of each."""
    noms = {p.id: p.nom for p in cached.app().espace.programmes}
    titres = ["À faire", *(["Programme"] if nomme else []), "Quoi", "Date", "Action"]
    lignes = [
        [
            pastille(r.geste.libelle, TEINTES[r.geste]),
            *([noms[r.programme]] if nomme else []),
            balise("span", r.quoi, _ou(vue, r)),
            _quand(r),
            _fais(r),
        ]
        for r in dues
    ]
    return blocs.table([(t, False) for t in titres], lignes, "Mes tâches", "b-table b-fiches")


def _ou(vue: Vue, r: Rappel) -> Sur | str:
    if r.code == vue.code_programmes or r.code not in vue.territoires.index:
        return ""
    return balise("div", str(vue.territoires.loc[r.code, "nom"]), classe="b-second")


def _quand(r: Rappel) -> Sur | str:
    if r.depuis is None:
        return ""
    mot = "pour le" if r.geste in (Geste.EN_RETARD, Geste.A_DECIDER) else "depuis le"
    return balise("span", f"{mot} {date_courte(r.depuis)}", classe="b-fixe")


def _fais(r: Rappel) -> Sur:
    if r.genre is None:
        return balise("a", ACTIONS[r.geste], href=lien("donnees"))
    fil = str(r.fil) if r.fil and r.genre not in UNIQUES else None
    adresse = lien("saisie", programme=r.programme, genre=genre_url(r.genre), fil=fil, territoire=r.code)
    return balise("a", ACTIONS[r.geste], href=adresse)


def genre_url(genre: Genre) -> str | None:
    """A kind as the address holds it; the first one is not written."""
    return None if genre is Genre.SYNTHESE else genre.value
