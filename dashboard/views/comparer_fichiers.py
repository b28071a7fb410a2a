"""What leaves the Comparaison page: a workbook and a CSV of exactly what is compared, built when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import streamlit as st

from dashboard.domain.classement import Genre
from dashboard.domain.formatage import date_longue
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.territoire import Maille
from dashboard.exports.tableur import en_classeur, en_csv
from dashboard.views import cached, comparer
from dashboard.views.comparer import Comparaison
from dashboard.views.filtres import etiquette

MIME_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
INTERVALLES = (Genre.PROPORTION, Genre.TAUX)
Feuilles = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Fichiers:
    """The files of one view. ``feuilles`` makes its tables by name of sheet, the first one being the CSV too.

    ``quoi``: the view in words. ``filtres``: what was chosen in it. ``aussi``: other indicators than the one compared.
    """

    c: Comparaison
    quoi: str
    nom: str
    feuilles: Callable[[], Feuilles]
    filtres: Mapping[str, str] = field(default_factory=dict)
    aussi: Sequence[Indicateur] = ()
    methode: str = ""
    seul: bool = True

    def xlsx(self) -> bytes:
        """A sheet that says what this is, then each table of the view."""
        return en_classeur(self.feuilles(), self.notice(), self.titre)

    def csv(self) -> bytes:
        """The main table: semicolons and decimal commas; what it is stands in its last columns, row by row."""
        cadre = next(iter(self.feuilles().values()))
        dit = self.notice()
        return en_csv(cadre.assign(**{t: dit[t] for t in ("Filtres", "Date d'arrêté", "Source", "Licence")}))

    @property
    def declares(self) -> list[Indicateur]:
        """Every indicator of the view, each once."""
        tous = (*((self.c.declare,) if self.seul else ()), *self.aussi)
        return list({i.id: i for i in tous}.values())

    @property
    def titre(self) -> str:
        """« Classement : Densité, 2023, 116 EPCI »."""
        c = self.c
        if not self.seul:
            return f"{self.quoi}, {c.maille.pluriel}"
        return f"{self.quoi} : {c.declare.libelle}, {c.periode.texte}, {c.nom}"

    def notice(self) -> dict[str, str]:
        """What a file of these rows must say of itself."""
        c, espace, declares = self.c, cached.app().espace, self.declares
        filtres = {"échelle": c.maille.pluriel, "territoire en vue": etiquette(c.vue.territoires, c.vue.code)}
        filtres |= {"période": c.periode.texte} if self.seul else {}
        producteurs = dict.fromkeys(espace.producteur(i.producteur).nom for i in declares)
        natures = dict.fromkeys("contexte" if i.est_contexte else "résultat d'un programme" for i in declares)
        lecture = {"Lecture": "".join(t for t, _ in comparer.phrase(c))} if self.seul else {}
        return {
            **lecture,
            "Filtres": " ; ".join(f"{quoi} : {texte}" for quoi, texte in {**filtres, **self.filtres}.items() if texte),
            "Date d'arrêté": date_longue(c.vue.arrete),
            "Source": " ; ".join(producteurs),
            "Licence": " ; ".join(dict.fromkeys(i.licence for i in declares)),
            **{f"Définition : {i.libelle_court}": i.definition for i in declares},
            "Méthode": self.methode or c.genre.methode,
            "Nature": " ; ".join(natures),
            "Contours et référentiel": espace.attribution,
            "Cellule vide": "Valeur absente, jamais zéro ; la colonne État dit si elle est couverte par le secret.",
        }

    def boutons(self) -> None:
        """Two files, made only when asked for."""
        with st.container(horizontal=True):
            st.download_button("CSV", self.csv, file_name=f"{self.nom}.csv", mime="text/csv",
                               icon=":material/download:", on_click="ignore", key=f"csv:{self.nom}")  # fmt: skip
            st.download_button("Excel", self.xlsx, file_name=f"{self.nom}.xlsx", mime=MIME_XLSX,
                               icon=":material/download:", on_click="ignore", key=f"xlsx:{self.nom}")  # fmt: skip


def etat(statuts: pd.Series, valeurs: pd.Series) -> list[str]:
    """Why there is no figure, row by row."""
    return ["secret statistique" if s == "Q" else "donnée absente" if pd.isna(v) else ""
            for s, v in zip(statuts, valeurs, strict=True)]  # fmt: skip


def identite(c: Comparaison, codes: Sequence[str]) -> dict[str, object]:
    """The first columns of every table: code, name, département."""
    siens = c.cadre.loc[list(codes)]
    colonnes: dict[str, object] = {"Code": list(codes), c.maille.libelle: siens["nom"].to_numpy()}
    if c.maille is not Maille.DEPARTEMENT:
        colonnes["Département"] = siens["nom_departement"].to_numpy()
    return colonnes


def valeurs(c: Comparaison, tries: pd.DataFrame) -> pd.DataFrame:
    """One row per territory in the order given: population, value, what it was computed from, bounds, ranks."""
    titre = f"{c.declare.libelle_court} ({c.declare.unite})"
    cadre = pd.DataFrame({**identite(c, list(tries.index)), "Population": tries["population"].to_numpy(),
                          titre: tries["valeur"].to_numpy()})  # fmt: skip
    suite = {}
    if c.genre in INTERVALLES:
        suite = {"Numérateur": "numerateur", "Dénominateur": "denominateur", "Borne basse 95 %": "bas",
                 "Borne haute 95 %": "haut"}  # fmt: skip
    if c.genre is not Genre.NOMBRE:
        suite |= {"Premier rang possible": "rang_min", "Dernier rang possible": "rang_max"}
    for nom, cle in suite.items():
        cadre[nom] = tries[cle].astype("float64").to_numpy()
    if c.genre is not Genre.NOMBRE:
        lieux = [c.place(str(code)) for code in tries.index]
        cadre["Rang"] = [lieu.texte if lieu else "" for lieu in lieux]
    return cadre.assign(État=etat(tries["statut"], tries["valeur"]))
