"""The forms of the Saisie page, one a kind of contribution: what is shown, what was typed, who signs.

Each field keeps its own state under a key that names the version the form starts from: a refusal, or a version that
came meanwhile, loses nothing of what was typed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import streamlit as st

from dashboard.domain.apports import METEOS, EtatDecision, EtatProposition, Genre, Meteo, Signature
from dashboard.domain.brouillon import LIBELLES
from dashboard.domain.indicateur import Indicateur
from dashboard.views import apports_vue, blocs

ICONES = {Meteo.SOLEIL: "sunny", Meteo.COUVERT: "partly_cloudy_day", Meteo.NUAGE: "cloud", Meteo.ORAGE: "thunderstorm"}
AIDES = {
    Genre.SYNTHESE: "Où en est le programme, en quelques phrases : ce qu'un élu lira en premier.",
    Genre.INTENTION: "Ce que le programme veut, ce qui est fait, ce qui reste à faire.",
    Genre.DECISION: "Ce qui attend une décision : de qui, pour quand.",
    Genre.EVENEMENT: "Ce qui s'est passé et se verra sur les courbes, à sa date.",
    Genre.COMMENTAIRE: "Une remarque entre agents : le public ne la voit pas.",
    Genre.PROPOSITION: "Une autre valeur pour un chiffre. Le chiffre publié ne change pas : il se corrige en livrant "
    "un fichier, page Données.",
}  # fmt: skip


@dataclass(frozen=True)
class Saisie:
    """What was typed. ``indicateur``: the one a contested value is about. ``envoyee``: was « Publier » pressed?"""

    champs: Mapping[str, Any]
    indicateur: str | None
    signature: Signature
    envoyee: bool


@dataclass(frozen=True)
class _Champs:
    """Fields of one form. ``cle``: what names the form. ``base``: the values it starts from, empty for a new one."""

    cle: str
    base: Mapping[str, Any]

    def ligne(self, champ: str, exemple: str = "") -> str | None:
        """One line of text."""
        return st.text_input(
            LIBELLES[champ], str(self.base.get(champ, "")), key=self._cle(champ), placeholder=exemple or None,
            persist_state="page",
        )  # fmt: skip

    def texte(self, champ: str, hauteur: int = 110, exemple: str = "") -> str | None:
        """A long text; its length is judged when it is sent, so that nothing pasted is cut."""
        return st.text_area(
            LIBELLES[champ], str(self.base.get(champ, "")), height=hauteur, key=self._cle(champ),
            placeholder=exemple or None, persist_state="page",
        )  # fmt: skip

    def jour(self, champ: str) -> Any:
        """A day; none until it is chosen."""
        return st.date_input(
            LIBELLES[champ], self.base.get(champ), date(2000, 1, 1), date(2099, 12, 31), key=self._cle(champ),
            format="DD/MM/YYYY", persist_state="page",
        )  # fmt: skip

    def etat(self, etats: type[StrEnum]) -> Any:
        """What became of it: asked only once it exists."""
        options = list(etats)
        if not self.base:
            return options[0]
        return st.radio(
            LIBELLES["etat"],
            options,
            options.index(self.base["etat"]),
            lambda e: apports_vue.SORTS[e][0],
            key=self._cle("etat"),
            horizontal=True,
            persist_state="page",
        )

    def meteo(self) -> Any:
        """The four météos, each with its drawing, its word and what it means; none until it is chosen."""
        options = list(Meteo)
        actuelle = self.base.get("meteo")
        return st.radio(
            LIBELLES["meteo"],
            options,
            options.index(actuelle) if actuelle else None,
            lambda m: f":material/{ICONES[m]}: {METEOS[m][0]}",
            captions=[METEOS[m][1] for m in options],
            key=self._cle("meteo"),
            horizontal=True,
            persist_state="page",
        )

    def _cle(self, champ: str) -> str:
        return f"{self.cle}:{champ}"


def _synthese(c: _Champs) -> dict[str, Any]:
    return {"meteo": c.meteo(), "texte": c.texte("texte", 230)}


def _commentaire(c: _Champs) -> dict[str, Any]:
    return {"texte": c.texte("texte", 160)}


def _intention(c: _Champs) -> dict[str, Any]:
    return {champ: c.texte(champ) for champ in ("ambition", "fait", "a_faire")}


def _decision(c: _Champs) -> dict[str, Any]:
    champs: dict[str, Any] = {"titre": c.ligne("titre"), "texte": c.texte("texte")}
    gauche, droite = st.columns(2)
    with gauche:
        champs["echeance"] = c.jour("echeance")
    with droite:
        champs["responsable"] = c.ligne("responsable", "Une fonction, comme : commission permanente")
    return champs | {"etat": c.etat(EtatDecision)}


def _evenement(c: _Champs) -> dict[str, Any]:
    gauche, droite = st.columns([1, 2])
    with gauche:
        jour = c.jour("jour")
    with droite:
        titre = c.ligne("titre")
    return {"jour": jour, "titre": titre, "texte": c.texte("texte")}


def _proposition(c: _Champs) -> dict[str, Any]:
    gauche, droite = st.columns(2)
    with gauche:
        periode = c.ligne("periode", "2025, 2025-T3 ou 2025-09")
    with droite:
        valeur = c.ligne("valeur", "12,5")
    champs = {"periode": periode, "valeur": valeur, "motif": c.texte("motif"), "methode": c.texte("methode")}
    if c.base:
        champs |= {"etat": c.etat(EtatProposition), "reponse": c.texte("reponse")}
    return champs


_FORMES: dict[Genre, Callable[[_Champs], dict[str, Any]]] = {
    Genre.SYNTHESE: _synthese, Genre.COMMENTAIRE: _commentaire, Genre.INTENTION: _intention,
    Genre.DECISION: _decision, Genre.EVENEMENT: _evenement, Genre.PROPOSITION: _proposition,
}  # fmt: skip


def formulaire(
    genre: Genre, cle: str, base: Mapping[str, Any], declares: Mapping[str, Indicateur], bouton: tuple[str, str]
) -> Saisie:
    """One form with its signature. ``declares``: the indicators a value may be contested of. ``bouton``: label, key."""
    with st.form(cle, enter_to_submit=False):
        indicateur = _choix_indicateur(cle, declares) if genre is Genre.PROPOSITION else None
        champs = _FORMES[genre](_Champs(cle, base))
        signature = _signature()
        envoyee = st.form_submit_button(bouton[0], type="primary", icon=":material/publish:", key=bouton[1])
    return Saisie(champs, indicateur, signature, envoyee)


def _choix_indicateur(cle: str, declares: Mapping[str, Indicateur]) -> str | None:
    return st.selectbox(
        "Indicateur", list(declares), format_func=lambda i: declares[i].libelle, key=f"{cle}:indicateur",
        persist_state="page",
    )  # fmt: skip


def _signature() -> Signature:
    """Kept for the next contribution of the same session."""
    gauche, droite = st.columns(2)
    with gauche:
        fonction = st.text_input(
            LIBELLES["fonction"],
            key="saisie:fonction",
            placeholder="Directrice, chargé de mission…",
            persist_state="session",
        )
    with droite:
        direction = st.text_input(
            LIBELLES["direction"],
            key="saisie:direction",
            placeholder="Direction des mobilités…",
            persist_state="session",
        )
    blocs.note("La signature est une fonction et une direction, jamais le nom d'une personne.")
    return Signature(fonction or "", direction or "")
