"""What leaves the Suivi page: the link, and the files of exactly the rows in view, built when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard.domain.formatage import nombre
from dashboard.domain.suivi import Choix
from dashboard.exports.suivi import filtres_en_mots, notice, tableau
from dashboard.exports.tableur import en_csv, en_xlsx
from dashboard.views import cached, filtres
from dashboard.views.filtres import Vue
from dashboard.views.suivi import CLES, MOTS_METEO

TYPES = {"csv": "text/csv", "gpkg": "application/geopackage+sqlite3",
         "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}  # fmt: skip
FICHES_MAX = 20_000
"""Rows of a GeoPackage: each carries its contour."""


@dataclass(frozen=True)
class Fichiers:
    """The files of some rows. Each is built by its own method, never before."""

    vue: Vue
    choix: Choix
    cadre: pd.DataFrame

    def _table(self) -> pd.DataFrame:
        return tableau(self.cadre, cached.app().espace, self.vue.arrete, MOTS_METEO)

    def _filtres(self) -> str:
        return filtres_en_mots(self.choix, cached.app().espace, MOTS_METEO)

    def _notice(self, table: pd.DataFrame) -> dict[str, str]:
        return notice(table, self._filtres(), cached.app().espace, str(self.vue.territoire["nom"]), self.vue.arrete)

    def csv(self) -> bytes:
        """Semicolons and decimal commas; the filters and the date are columns, so that a reader needs no header."""
        table = self._table()
        return en_csv(table.assign(Filtres=self._filtres()))

    def xlsx(self) -> bytes:
        """The rows, and a sheet of notice."""
        table = self._table()
        return en_xlsx(table, self._notice(table), "Suivi")

    def gpkg(self) -> bytes:
        """The rows with the contours of their territories."""
        from dashboard.exports.geopaquet import en_geopaquet

        table = self._table()
        contours = [cached.contours(cached.app().reglages.espace, m) for m in sorted(set(self.cadre["maille"]))]
        return en_geopaquet(table, "Code du territoire", contours, self._notice(table), "suivi")


def boutons(vue: Vue, choix: Choix, cadre: pd.DataFrame) -> None:
    """The link and the three downloads, on one line."""
    with st.popover("Copier le lien", icon=":material/link:"):
        st.caption("Cette adresse rouvre la même vue, pour qui en a les droits.")
        st.code(adresse(), language=None, wrap_lines=True)
    fichiers = Fichiers(vue, choix, cadre)
    _telecharge("CSV", fichiers.csv, vue, cadre)
    _telecharge("XLSX", fichiers.xlsx, vue, cadre)
    trop = len(cadre) > FICHES_MAX
    aide = f"{nombre(FICHES_MAX)} lignes au plus : filtrer d'abord." if trop else None
    _telecharge("GeoPackage", fichiers.gpkg, vue, cadre, suffixe="gpkg", aide=aide)


def _telecharge(
    libelle: str,
    construit: Callable[[], bytes],
    vue: Vue,
    cadre: pd.DataFrame,
    suffixe: str = "",
    aide: str | None = None,
) -> None:
    forme = suffixe or libelle.lower()
    nom = f"suivi_{vue.code}_{vue.arrete:%Y-%m-%d}.{forme}"
    st.download_button(
        libelle, construit, nom, TYPES[forme], icon=":material/download:", on_click="ignore",
        disabled=cadre.empty or aide is not None, help=aide, key=f"fichier:{forme}",
    )  # fmt: skip


def adresse() -> str:
    """The permalink of what is on screen."""
    requete = filtres.requete((*filtres.GARDES, *CLES, "page"))
    return f"{st.context.url or ''}?{requete}" if requete else f"{st.context.url or ''}"
