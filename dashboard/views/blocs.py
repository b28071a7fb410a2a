"""The blocks every page is made of: header, sentence, bar, statut, figures, legend, notes. Words in, HTML out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from dashboard.domain.formatage import pourcentage
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.phrases import TEINTES
from dashboard.domain.statut import Statut
from dashboard.figures.palette import forme
from dashboard.views import contexte
from dashboard.views.filtres import Vue
from dashboard.views.glossaire import libelle
from dashboard.views.html import Sur, affiche, balise, image_svg, joint

LIGNES_VISIBLES = 14
PLOTLY = {"displayModeBar": False, "scrollZoom": False, "locale": "fr"}


def entete(titre: str, vue: Vue, fil: str | Sequence[str] | None = None) -> None:
    """Page title on the left, the one popover of the view on the right."""
    st.set_page_config(page_title=f"{titre} · Boussole")
    gauche, droite = st.columns([3, 2], vertical_alignment="bottom")
    morceaux = [fil] if isinstance(fil, str) else fil
    with gauche:
        affiche(balise("p", *morceaux, classe="b-fil") if morceaux else "", balise("h1", titre, classe="b-titre"))
    with droite:
        contexte.selecteur_vue(vue)
    contexte.bandeau()


def phrase(morceaux: Iterable[tuple[str, bool]], precision: str = "") -> None:
    """The one sentence of the page; strong pieces in bold, ``precision`` in small print under it."""
    dit = balise("p", *(balise("strong", t) if fort else t for t, fort in morceaux), classe="b-phrase")
    affiche(dit, balise("p", precision, classe="b-note") if precision else "")


def compte(morceaux: Iterable[tuple[str, bool]]) -> None:
    """How many rows a list has, and of what; strong pieces in bold."""
    affiche(balise("p", *(balise("strong", t) if fort else t for t, fort in morceaux), classe="b-total", role="status"))


def note(*morceaux: str) -> None:
    """Small print under a figure: sources, reading, reservations."""
    affiche(balise("p", *morceaux, classe="b-note"))


def sous_titre(texte: str, detail: str | None = None) -> None:
    """Second-level heading with its quiet explanation."""
    affiche(balise("h2", texte, classe="b-h2"), balise("p", detail, classe="b-note") if detail else "")


def carte(*morceaux: str) -> None:
    """A bordered card of the side column."""
    affiche(balise("section", *morceaux, classe="b-carte"))


def statut(s: Statut) -> Sur:
    """Shape, colour and word of a statut."""
    teinte = TEINTES[s]
    mot = s.libelle[:1].upper() + s.libelle[1:]
    return balise("span", image_svg(forme(teinte), ""), mot, classe=f"b-statut b-{teinte}")


def barre(taux: float | None, attendu: float | None, s: Statut) -> Sur:
    """Progress in the statut's colour on a grey track, a black mark where the path expects it."""
    remplie = balise("i", "", classe=f"b-f-{TEINTES[s]}", style=f"width:{min(100.0, max(0.0, taux or 0)):.1f}%")
    repere = balise("b", "", style=f"left:{min(99.0, max(0.0, attendu)):.1f}%") if attendu is not None else ""
    return balise("span", remplie, repere, classe="b-barre")


def taux(valeur: float | None, attendu: float | None, prouve: Callable[[str], str] = str) -> Sur:
    """« 30 % · attendu 44 % »: progress and what was expected at the date of the value. ``prouve`` makes of the first
    the way to its explanation."""
    texte = f" · attendu {pourcentage(attendu, 0)}" if attendu is not None else ""
    return joint(
        balise("span", prouve(pourcentage(valeur, 0)), classe="b-chiffre"), balise("span", texte, classe="b-second")
    )


def date_valeur(fraicheur: Fraicheur | None, texte: str) -> Sur:
    """The date of a value, with the hatched square when it is out of date."""
    carre = image_svg(forme("perime"), "donnée périmée", "b-perime") if fraicheur is Fraicheur.PERIME else ""
    return joint(carre, texte)


def table(
    colonnes: Sequence[tuple[str, bool]],
    lignes: Iterable[Sequence[str]],
    legende: str,
    classe: str = "b-table",
    *,
    entiere: bool = False,
) -> Sur:
    """An HTML table; ``colonnes``: (title, is numeric). The first cell of a row is its header. ``entiere``: never
    scrolls in itself, however long.

    With the class ``b-fiches`` each row becomes a card on a phone, its cells named by their column.
    """
    fiches = "b-fiches" in classe
    tetes = [balise("th", libelle(t), classe="b-num" if n else None, scope="col") for t, n in colonnes]
    corps = [
        balise("tr", *(
            balise("td" if rang else "th", cellule, classe="b-num" if numerique else None,
                   scope=None if rang else "row", data_titre=titre if fiches else None)
            for rang, (cellule, (titre, numerique)) in enumerate(zip(ligne, colonnes, strict=True))
        ))
        for ligne in lignes
    ]  # fmt: skip
    contenu = balise("table", balise("thead", balise("tr", *tetes)), balise("tbody", *corps), classe=classe)
    longue = " b-longue" if len(corps) > LIGNES_VISIBLES and not entiere else ""
    return balise("div", contenu, classe=f"b-defile{longue}", tabindex=0, role="region", aria_label=legende)


def lignes(paires: Iterable[tuple[str, str]]) -> Sur:
    """Label on the left, value on the right, one a line."""
    return joint(*(balise("div", balise("span", libelle(g)), balise("b", d), classe="b-ligne") for g, d in paires))


def definitions(paires: Mapping[str, str | None]) -> Sur:
    """A definition list; what has no value is left out."""
    termes = [joint(balise("dt", t), balise("dd", d)) for t, d in paires.items() if d]
    return balise("dl", *termes, classe="b-def")


def vide(quoi: str, qui: str) -> None:
    """An empty state says what is missing and who must act."""
    st.info(f"{quoi} {qui}", icon=":material/info:")
