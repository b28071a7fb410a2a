"""What leaves the map page: files of exactly what is seen, built when they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from dashboard.domain.formatage import date_longue, nombre
from dashboard.domain.phrases import valeur
from dashboard.exports.tableur import en_csv, en_xlsx
from dashboard.figures.carte import ABSENT, SECRET, rayon
from dashboard.figures.cartouche import Cartouche, Entree
from dashboard.views import cached, carte_donnees, carte_vue, catalogue, origine
from dashboard.views.carte_choix import Demande
from dashboard.views.carte_donnees import CarteVue
from dashboard.views.filtres import Vue

# The HTML file is sent as bytes: what our server sends as text/html receives the application's own styles.
TYPES = {
    "html": "application/octet-stream", "svg": "image/svg+xml", "png": "image/png",
    "gpkg": "application/geopackage+sqlite3",
    "csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
SCRIPTS = ("leaflet.js", "lecture.js", "carte.js", "carte_suite.js")
STYLES = ("leaflet.css", "carte.css")


@dataclass(frozen=True)
class Fichiers:
    """The files of one map, and of the one beside when two are compared. Each is built by its own method."""

    vue: Vue
    carte: CarteVue
    demande: Demande
    autre: CarteVue | None = None

    def _contours(self, maille: str) -> dict[str, object]:
        return cached.contours(cached.app().reglages.espace, maille)

    def cartouche(self) -> Cartouche:
        """What is written around the map."""
        c, phrase = self.carte, "".join(t for t, _ in carte_vue.phrase(self.vue, self.carte, zoom=self.demande.zoom))
        quand = f"Arrêté au {date_longue(self.vue.arrete)}. Boussole, {cached.app().espace.nom}."
        mentions = (m.strip() for m in carte_donnees.mentions(self.vue, c.maille))
        notes = [*origine.note_source(c.declare), *mentions, catalogue.attribution(), quand]
        legende = f"{c.declare.libelle_court}, en {c.declare.unite}"
        return Cartouche(c.titre, phrase, legende, carte_vue.detail(c), _entrees(c), tuple(notes))

    def notice(self) -> dict[str, str]:
        """The same words as a table."""
        k = self.cartouche()
        return {"Titre": k.titre, "Lecture": k.phrase, "Classes": k.detail, "Sources": " ".join(k.notes)}

    def html(self) -> bytes:
        """One file that opens without a network."""
        from dashboard.exports.carte_html import CONTOURS, GEOMETRIE, Ressources, carte_html
        from dashboard.serving.assets import texte_actif
        from dashboard.serving.geometrie import fichier_geometrie

        espace, contours = cached.app().reglages.espace, carte_vue.contours(self.vue, self.carte, self.demande)
        fonds = {GEOMETRIE: fichier_geometrie(espace, self.carte.maille.value).lis(),
                 CONTOURS: fichier_geometrie(espace, contours.value).lis()}  # fmt: skip
        ressources = Ressources(tuple(map(texte_actif, SCRIPTS)), tuple(map(texte_actif, STYLES)), fonds)
        contenu = carte_vue.contenu(self.vue, self.carte, self.demande)
        return carte_html(contenu, self.cartouche(), carte_vue.table(self.vue, self.carte), ressources)

    def svg(self) -> str:
        """A drawing to print or to paste."""
        from dashboard.figures.carte_svg import carte_svg

        contours = carte_vue.contours(self.vue, self.carte, self.demande)
        return carte_svg(
            carte_vue.contenu(self.vue, self.carte, self.demande), self.cartouche(),
            self._contours(self.carte.maille.value), self._contours(contours.value),
            self.carte.valeurs["valeur"].tolist(),
        )  # fmt: skip

    def png(self) -> bytes:
        """The same drawing, in pixels."""
        from dashboard.exports.image import en_png

        return en_png(self.svg())

    def gpkg(self) -> bytes:
        """The table with the contours of its territories."""
        from dashboard.exports.geopaquet import en_geopaquet

        contours = [self._contours(self.carte.maille.value)]
        table = carte_vue.table(self.vue, self.carte, self.autre)
        return en_geopaquet(table, "Code", contours, self.notice(), "carte")  # type: ignore[arg-type]

    def csv(self) -> bytes:
        """Semicolons and decimal commas."""
        return en_csv(carte_vue.table(self.vue, self.carte, self.autre))

    def xlsx(self) -> bytes:
        """The table, and a sheet that says what it is."""
        return en_xlsx(carte_vue.table(self.vue, self.carte, self.autre), self.notice(), "Carte")


def _entrees(c: CarteVue) -> tuple[Entree, ...]:
    """The legend of the screen, line by line."""
    d = c.decoupage
    manques = (Entree("Donnée absente", nombre(d.absents), motif=ABSENT),
               Entree("Secret statistique", nombre(d.secrets), motif=SECRET))  # fmt: skip
    if c.declare.en_cercles:
        parts = carte_vue.PARTS_DES_CERCLES if c.maximum > 0 else ()
        return (*(_rond(c, part) for part in parts), *manques)
    classes = [Entree(d.libelles[i], nombre(d.effectifs[i]), d.palette[i]) for i in reversed(range(len(d.palette)))]
    return (*classes, *manques)


def _rond(c: CarteVue, part: float) -> Entree:
    r = rayon(c.maximum * part, c.maximum, carte_vue.rayon_maximal(c.maille))
    return Entree("", valeur(c.declare, c.maximum * part), c.decoupage.palette[0], rayon=r)


def volet(vue: Vue, c: CarteVue, autre: CarteVue | None, d: Demande) -> None:
    """The popover of the downloads; nothing is built before a button is pressed."""
    with st.popover("Télécharger", icon=":material/download:", on_change="rerun", key="ouvre:fichiers") as ouvert:
        if not ouvert.open:
            return
        fichiers = Fichiers(vue, c, d, autre)
        st.caption(
            "La première carte, telle qu'elle est réglée ici" if autre else "La carte, telle qu'elle est réglée ici"
        )
        _dessins(fichiers, "")
        if autre:
            st.caption("La seconde carte")
            _dessins(Fichiers(vue, autre, d), "_2")
        st.caption("Les valeurs de chaque territoire")
        with st.container(horizontal=True):
            for libelle, forme, construit in (("CSV", "csv", fichiers.csv), ("Excel", "xlsx", fichiers.xlsx),
                                              ("GeoPackage", "gpkg", fichiers.gpkg)):  # fmt: skip
                _bouton(libelle, forme, construit, fichiers, "")


def _dessins(fichiers: Fichiers, suffixe: str) -> None:
    with st.container(horizontal=True):
        for libelle, forme, construit in (("Page HTML", "html", fichiers.html), ("SVG", "svg", fichiers.svg),
                                          ("Image PNG", "png", fichiers.png)):  # fmt: skip
            _bouton(libelle, forme, construit, fichiers, suffixe)


def _bouton(libelle: str, forme: str, construit: Callable[[], bytes | str], f: Fichiers, suffixe: str) -> None:
    quand = f"_{f.carte.periode.code}" if f.carte.periode else ""
    nom = f"{f.carte.declare.id}_{f.carte.maille.value}{quand}.{forme}"
    st.download_button(libelle, construit, nom, TYPES[forme], icon=":material/download:", on_click="ignore",
                       key=f"fichier:{forme}{suffixe}")  # fmt: skip
