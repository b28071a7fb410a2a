"""The bulletin of a week: its sentences by cause, what did not move, whom to remind, the archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st

from dashboard import bulletins
from dashboard.bulletins import Numero
from dashboard.domain.bulletin import Bulletin, Entree
from dashboard.domain.ecarts import Cause
from dashboard.domain.formatage import date_longue, nombre
from dashboard.domain.instantane import Semaine, empreinte_courte
from dashboard.exports.paquet import PaquetIllisible
from dashboard.views import blocs, cached, filtres
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, affiche, balise, joint

TOUT = "tout"
Couleur = Literal["blue", "orange", "red", "violet", "gray", "green"]
BADGES: dict[Cause, tuple[str, Couleur]] = {
    Cause.STATUT: (":material/swap_vert:", "orange"), Cause.NOUVELLE: (":material/add_chart:", "blue"),
    Cause.REVISION: (":material/history:", "blue"), Cause.RETIREE: (":material/remove_circle:", "red"),
    Cause.CIBLE: (":material/flag:", "violet"), Cause.DEFINITION: (":material/rule:", "orange"),
    Cause.PERIMETRE: (":material/merge:", "gray"), Cause.APPORT: (":material/edit_note:", "green"),
    Cause.JUGEMENT: (":material/calculate:", "gray"),
}  # fmt: skip


@dataclass(frozen=True)
class Lu:
    """The bulletin in view, and all those that may be chosen, the latest first."""

    numero: Numero
    bulletin: Bulletin
    numeros: Sequence[Numero]


def choisi(vue: Vue) -> Lu | None:
    """The bulletin that the address asks for, the latest by default; None when there is none, which is told."""
    try:
        numeros = bulletins.numeros(cached.app(), vue.lecteur)
        if alors := cached.en_vigueur():  # as of a week, what was published since is not known
            numeros = [n for n in numeros if Semaine.lis(n.semaine) <= alors.semaine]
        if not numeros:
            blocs.vide(
                "Aucun bulletin : aucun instantané n'a encore été publié.",
                "Un agent lance « make snapshot » ; ensuite, chaque lundi, il se fait seul.",
            )
            return None
        semaine = filtres.choix("numero", [n.semaine for n in numeros], numeros[0].semaine, "semaine")
        numero = bulletins.trouve(numeros, semaine)
        return Lu(numero, _lis(numero.chemin, numero.sceau), numeros)
    except (PaquetIllisible, ValueError) as erreur:
        st.error(str(erreur), icon=":material/error:")
        return None


@st.cache_data(max_entries=32, show_spinner=False)
def _lis(chemin: Path, sceau: str) -> Bulletin:
    """A sealed package never changes: its seal is the key."""
    return bulletins.lis_bulletin(chemin)


def fil(lu: Lu | None) -> str | None:
    """« Semaine 2026-W48, lundi 23 novembre 2026 »."""
    if lu is None:
        return None
    return f"Semaine {lu.numero.semaine}, lundi {date_longue(Semaine.lis(lu.numero.semaine).lundi)}"


def puces(lu: Lu) -> Cause | None:
    """The causes as filters with their counts; None for all of them."""
    groupes = lu.bulletin.par_cause()
    if not groupes:
        return None
    comptes = {TOUT: len(lu.bulletin.entrees), **{c.value: len(siennes) for c, siennes in groupes.items()}}
    libelles = {TOUT: "Tout", **{c.value: c.libelle for c in groupes}}
    actuelle = filtres.choix("cause", list(comptes), TOUT, "cause")
    widget = f"cause:{lu.numero.semaine}:{actuelle}"
    st.pills(
        "Cause", list(comptes), default=actuelle, key=widget, label_visibility="collapsed",
        format_func=lambda c: f"{libelles[c]} {nombre(comptes[c])}",
        on_change=filtres.ecris, args=("cause", widget, lambda c: str(c) if c else None, TOUT),
    )  # fmt: skip
    return None if actuelle == TOUT else Cause(actuelle)


def phrases(bulletin: Bulletin, cause: Cause | None = None, maximum: int | None = None) -> None:
    """The sentences, grouped under the badge of their cause. ``maximum``: how many of each cause at most."""
    for groupe, siennes in bulletin.par_cause().items():
        if cause in (None, groupe):
            icone, couleur = BADGES[groupe]
            with st.container(gap=None):
                st.badge(groupe.libelle, icon=icone, color=couleur)
                lignes = [_ligne(e) for e in siennes[:maximum]]
                if reste := len(siennes) - len(lignes):
                    lignes.append(balise("li", balise("p", f"… et {nombre(reste)} de plus.", classe="b-second")))
                affiche(balise("ul", *lignes, classe="b-bulletin", aria_label=groupe.libelle))


def _ligne(e: Entree) -> Sur:
    adresse = lien(e.page, **e.parametres)
    texte = [balise("strong", t) if fort else t for t, fort in e.texte]
    droite = [joint(x, balise("br")) if rang == 0 and e.effet else x for rang, x in enumerate((e.source, e.effet)) if x]
    return balise(
        "li",
        balise("p", balise("a", e.titre, href=adresse, classe="b-lien"), " : ", *texte),
        balise("p", *droite, classe="b-second"),
    )


def cote(lu: Lu) -> None:
    """What did not move, whom to remind, the archive, the PDF and the feed."""
    bulletin = lu.bulletin
    blocs.carte(balise("h2", "Ce qui n'a pas bougé", classe="b-h2"), balise("p", bulletin.stables))
    if bulletin.relances:
        lignes = [balise("p", balise("strong", r.producteur), f" : {r.attendu}") for r in bulletin.relances]
        blocs.carte(balise("h2", "À relancer cette semaine", classe="b-h2"), *lignes)
    _archives(lu)
    with st.container(horizontal=True):
        pdf = bulletins.imprime(lu.numero)
        if pdf is not None:
            nom = f"bulletin-{lu.numero.semaine}.pdf"
            st.download_button(
                "Bulletin PDF", pdf, nom, "application/pdf", icon=":material/picture_as_pdf:", on_click="ignore"
            )
        st.link_button("S'abonner (Atom)", "bulletins.atom", icon=":material/rss_feed:")
    blocs.note(f"Empreinte de l'instantané : {empreinte_courte(lu.numero.contenu)}")


def _archives(lu: Lu) -> None:
    semaines = [n.semaine for n in lu.numeros]
    widget = f"semaine:{lu.numero.semaine}"
    st.selectbox(
        "Archives", semaines, index=semaines.index(lu.numero.semaine), key=widget, format_func=_nom,
        on_change=filtres.ecris, args=("numero", widget, str, semaines[0]),
    )  # fmt: skip


def _nom(semaine: str) -> str:
    jour = date_longue(Semaine.lis(semaine).lundi)
    return f"{semaine} ({jour.rpartition(' ')[0]})"
