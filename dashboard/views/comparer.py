"""The Comparaison page: what is compared, and what the numbers allow to say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import streamlit as st

from dashboard.domain.classement import Genre, Place, place
from dashboard.domain.formatage import en_phrase, nombre
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.periode import Frequence, Periode, parse_periode
from dashboard.domain.phrases import valeur
from dashboard.domain.territoire import Maille
from dashboard.figures.comparaison import Axe, quartiles
from dashboard.views import annuaire, blocs, cached, carte_donnees, carte_vue, choix, fiche
from dashboard.views.filtres import Vue

MODES = {
    "classement": "Classement", "distribution": "Distribution", "nuage": "Nuage", "series": "Petites séries",
    "base100": "Base 100", "couleurs": "Tableau coloré",
}  # fmt: skip
MAXIMUM = 24
FIL = "Le même indicateur d'un territoire à l'autre, avec ce que les chiffres permettent d'en dire"


@dataclass(frozen=True)
class Comparaison:
    """One indicator, one level, one period. ``cadre``: every territory by code, with intervals and ranks."""

    vue: Vue
    declare: Indicateur
    maille: Maille
    periode: Periode
    genre: Genre
    cadre: pd.DataFrame

    @property
    def connues(self) -> pd.DataFrame:
        """The territories that have a value."""
        return self.cadre[self.cadre["valeur"].notna()]

    @property
    def ici(self) -> str | None:
        """The territory in view, when it is of this level."""
        return self.vue.code if self.vue.code in self.cadre.index else None

    @property
    def nom(self) -> str:
        """« 116 EPCI », for a sentence."""
        return f"{nombre(len(self.connues))} {self.maille.pluriel}"

    @cached_property
    def region(self) -> float | None:
        """The value of the région at the same period, None when it has none."""
        code = cached.app().espace.code_region
        rang = int(self.vue.territoires.loc[code, "id"])
        lignes = cached.series(self.vue.lecteur, self.vue.version, (self.declare.id,), (rang,))
        lignes = lignes[lignes["fin"] == self.periode.fin]["valeur"].dropna()
        return float(lignes.iloc[-1]) if len(lignes) else None

    @cached_property
    def logarithmique(self) -> bool:
        """Would a plain scale pile the values on its left? Asked of plain values: an interval keeps its width."""
        return self.genre is Genre.VALEUR and Axe(self.declare, self.cadre["valeur"], "").logarithmique

    def texte(self, code: str) -> str:
        """The value of a territory; hidden or missing are said so."""
        ligne = self.cadre.loc[code]
        return valeur(self.declare, ligne["valeur"], secret=ligne["statut"] == "Q")

    def place(self, code: str) -> Place | None:
        """Its ranks; None without a value, or for a count, which is never ranked as a rate."""
        return None if self.genre is Genre.NOMBRE else place(self.cadre.loc[code], len(self.connues), self.genre)


def indicateurs(vue: Vue) -> list[Indicateur]:
    """Those that exist below the région, and the one that the address asks for."""
    demande = st.query_params.get("indicateur")
    return [i for i in fiche.visibles(vue) if i.id == demande or any(m is not Maille.REGION for m in i.mailles)]


def choisit(vue: Vue) -> tuple[str, Comparaison | None]:
    """The choices of the page, all in the address: (mode, what is compared), None when nothing can be."""
    mode = choix.bascule("vue", MODES, "Présentation", cache=True)
    possibles = {i.id: i for i in indicateurs(vue)}
    if not possibles:
        blocs.vide("Aucun indicateur publié.", "Un agent doit alimenter une source : voir l'aide d'exploitation.")
        return mode, None
    avec, echelle, quand = st.columns([2.4, 1.6, 1], vertical_alignment="bottom")
    with avec:
        noms = {i: d.libelle for i, d in possibles.items()}
        declare = possibles[choix.liste("indicateur", noms, "Indicateur", _defaut(possibles))]
    mailles = [m for m in declare.mailles if m is not Maille.REGION]
    if not mailles:
        blocs.vide("Cet indicateur n'existe que pour la région : rien à comparer.", "Choisir un autre indicateur.")
        return mode, None
    with echelle:
        maille = Maille(
            choix.bascule("maille", {m.value: m.libelle for m in mailles}, "Échelle", _maille(vue, mailles))
        )
    periodes = carte_vue.periodes(vue, declare, maille)
    if not periodes:
        blocs.vide(
            "Aucune valeur publiée à ce niveau avant la date d'arrêté.",
            "Choisir une autre échelle ou une date plus récente ; sinon son producteur doit la fournir.",
        )
        return mode, None
    with quand:
        periode = parse_periode(choix.liste("periode", dict(periodes), "Période", nom="période"))
    return mode, charge(vue, declare, maille, periode)


def _defaut(possibles: dict[str, Indicateur]) -> str | None:
    """The last share that the espace puts forward: it shows best what intervals say; else what the map shows first."""
    parts = [i for i in reversed(fiche.vitrine().cartes) if i in possibles and possibles[i].unite == "%"]
    return next((i for i in parts if not possibles[i].carte.divergente), fiche.vitrine().carte)


def _maille(vue: Vue, mailles: list[Maille]) -> str:
    """The level of the territory in view, else the EPCI, else the widest."""
    sienne = Maille(vue.territoire["maille"])
    return next((m for m in (sienne, Maille.EPCI, Maille.DEPARTEMENT) if m in mailles), mailles[0]).value


def charge(vue: Vue, declare: Indicateur, maille: Maille, periode: Periode) -> Comparaison:
    """Every territory of a level with names, département and population beside its values and ranks."""
    quoi, cadre = annuaire.classees(vue.lecteur, vue.version, declare.id, maille, periode.fin)
    places = vue.territoires.loc[cadre.index]
    noms = vue.territoires["nom"]
    departements = annuaire.departements(vue.version).reindex(cadre.index)
    return Comparaison(vue, declare, maille, periode, quoi, cadre.assign(
        nom=places["nom"], population=places["population"].astype("float64"), departement=departements,
        nom_departement=departements.map(noms).fillna(""),
    ))  # fmt: skip


def derniere_periode(vue: Vue, declare: Indicateur, maille: Maille) -> Periode | None:
    """The latest period an indicator has at this level, known at the date d'arrêté."""
    periodes = carte_vue.periodes(vue, declare, maille)
    return parse_periode(periodes[0][0]) if periodes else None


def millesime(periode: Periode) -> str:
    """« en 2023 », « de 2017 à 2023 », « (mars 2026) »."""
    if periode.frequence is Frequence.P:
        return f"de {periode.debut.year} à {periode.fin.year}"
    return f"en {periode.texte}" if periode.frequence is Frequence.A else f"({periode.texte})"


def phrase(c: Comparaison) -> list[tuple[str, bool]]:
    """Where the territory in view stands, or how far apart the territories are."""
    if c.connues.empty:
        return [(f"Aucune valeur publiée pour « {c.declare.libelle} » à ce niveau.", False)]
    if c.ici and pd.notna(c.cadre.loc[c.ici, "valeur"]):
        return _phrase_ici(c, c.ici)
    bas, _, haut = quartiles(c.connues["valeur"])
    bout, autre = c.connues.loc[c.connues["valeur"].idxmin()], c.connues.loc[c.connues["valeur"].idxmax()]
    return [
        (f"{c.declare.libelle} {millesime(c.periode)} : de ", False), (valeur(c.declare, bout["valeur"]), True),
        (f" ({bout['nom']}) à ", False), (valeur(c.declare, autre["valeur"]), True),
        (f" ({autre['nom']}) ; la moitié des {c.nom} est entre {valeur(c.declare, bas)} et {valeur(c.declare, haut)}"
         f"{_region(c)}.", False),
    ]  # fmt: skip


def _phrase_ici(c: Comparaison, code: str) -> list[tuple[str, bool]]:
    ligne, lieu = c.cadre.loc[code], c.place(code)
    morceaux = [
        (f"{ligne['nom']}, {en_phrase(c.declare.libelle)} {millesime(c.periode)} : ", False),
        (c.texte(code), True),
    ]
    if lieu is None:
        morceaux.append((" ; un nombre dépend de la taille du territoire, il n'a pas de rang", False))
    elif lieu.distinguable:
        morceaux += [(", ", False), (lieu.texte, True), (f" sur {c.nom}", False)]
    else:
        morceaux.append((f", rang non distinguable parmi {c.nom} : les écarts tiennent dans les intervalles", False))
    return [*morceaux, (f"{_region(c)}.", False)]


def _region(c: Comparaison) -> str:
    if c.region is None or c.genre is Genre.NOMBRE:
        return ""
    return f" ; la région : {valeur(c.declare, c.region)}"


def mentions(c: Comparaison) -> Sequence[str]:
    """Reservations on the values of the scale in view."""
    return carte_donnees.mentions(c.vue, c.maille)


def nature(c: Comparaison) -> str:
    """Says that a result of a programme is not judged here; context is said with its source."""
    if c.declare.est_contexte:
        return ""
    return "Résultat d'un programme : son statut se lit contre sa cible, sur sa fiche ; ici, seulement la comparaison."


def ordonne(c: Comparaison) -> pd.DataFrame:
    """Best first in the wanted direction; those without a value last, by name."""
    croissant = c.declare.sens == "baisse"
    return c.cadre.sort_values(["valeur", "nom"], ascending=[croissant, True], na_position="last")


def ordre(c: Comparaison) -> str:
    """How the order of a ranking reads."""
    sens = {"hausse": "du plus haut (mieux) au plus bas", "baisse": "du plus bas (mieux) au plus haut"}
    voulu = None if c.declare.est_contexte else sens.get(c.declare.sens)
    if voulu is None and c.declare.sens == "baisse":
        return "Ordre : du plus bas au plus haut, sans que l'un vaille mieux."
    return f"Ordre : {voulu or 'du plus haut au plus bas, sans que l’un vaille mieux'}."
