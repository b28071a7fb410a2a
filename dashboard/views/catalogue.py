"""The catalogue page: what is looked for in the datasets, the indicators and the producers, and what is found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import streamlit as st

from dashboard import catalogues
from dashboard.domain.formatage import compte, nombre
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.indicateur import Acces
from dashboard.domain.lecteur import Lecteur
from dashboard.domain.organisme import Producteur
from dashboard.domain.territoire import Maille
from dashboard.exports.catalogue_entrees import FRAICHEURS, Catalogue, Demande, Entree, Offre, cherche, compose
from dashboard.exports.dcat_vocabulaire import LICENCES, THEMES
from dashboard.figures.palette import forme
from dashboard.views import blocs, cached, selecteurs
from dashboard.views.filtres import Vue, lien
from dashboard.views.html import Sur, affiche, balise, image_svg, joindre, joint

PAR_PAGE = 40
COURTS = {Maille.REGION: "région", Maille.DEPARTEMENT: "dépt", Maille.EPCI: "EPCI", Maille.COMMUNE: "commune"}
ONGLETS = {"jeux": "Jeux de données", "indicateurs": "Indicateurs", "producteurs": "Producteurs"}
FILTRES = ("q", "theme", "producteur", "acces", "fraicheur", "page")


def charge(vue: Vue) -> Catalogue:
    """All that this reader may know of."""
    app = cached.app()
    semaine = None if cached.en_vigueur() else catalogues.courant(app)
    return _charge(vue.lecteur, vue.version, vue.arrete, semaine)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cached.CLE_LECTEUR)
def _charge(lecteur: Lecteur, version: int, arrete: date, semaine: str | None) -> Catalogue:
    """``semaine``: the package whose files are named; of a past week none is, its own package holds them."""
    lue, _ = catalogues.matiere_du_jour(cached.app(), lecteur, avec_fichiers=semaine is not None)
    return compose(lue, arrete)


def phrase(c: Catalogue) -> list[tuple[str, bool]]:
    """What the catalogue holds, and how open it is."""
    ouverts = [e for e in c.jeux if e.acces is Acces.OUVERT]
    libres = sum(e.licence in LICENCES for e in ouverts)
    parts = [(libres, "sous Licence Ouverte"), (len(ouverts) - libres, "sous d'autres conditions"),
             (len(c.jeux) - len(ouverts), "d'accès restreint")]  # fmt: skip
    ouverture = ", ".join(f"{nombre(n)} {mots}" for n, mots in parts if n)
    return [
        (compte(len(c.jeux), "jeu de données", "jeux de données"), True),
        (" de ", False),
        (compte(len(c.offres), "producteur", "producteurs"), True),
        (", ", False),
        (compte(len(c.indicateurs), "indicateur", "indicateurs"), True),
        (f", pour {compte(len(cached.territoires(cached.version())), 'territoire', 'territoires')} "
         f"de {c.matiere.espace.nom}. Jeux : {ouverture or 'aucun'}.", False),
    ]  # fmt: skip


def demande(entrees: Sequence[Entree]) -> Demande:
    """The filters, each offered only where it can part something."""
    themes = {t: THEMES[t] for t in THEMES if any(t in e.themes for e in entrees)}
    producteurs = {p.id: p.sigle for p in sorted({p for e in entrees for p in e.producteurs}, key=lambda p: p.sigle)}
    acces = {a.value: a.libelle for a in Acces if any(e.acces is a for e in entrees)}
    etats = {f: FRAICHEURS[f] for f in FRAICHEURS if f and any(e.fraicheur == f for e in entrees)}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        q = selecteurs.cherche("q", "Rechercher", "fibre, chômage, Insee…")
        return Demande(
            q,
            _filtre("theme", themes, "Thème", "Tous"),
            _filtre("producteur", producteurs, "Producteur", "Tous"),
            _filtre("acces", acces, "Accès", "Tous"),
            _filtre("fraicheur", etats, "Fraîcheur", "Toutes"),
        )


def _filtre(cle: str, options: Mapping[str, str], libelle: str, tous: str) -> tuple[str, ...]:
    return selecteurs.plusieurs(cle, options, libelle, libelle.lower(), tous=tous) if len(options) > 1 else ()


def resultats(c: Catalogue, genre: str) -> None:
    """Datasets or indicators that pass the filters, one page of them."""
    entrees = c.jeux if genre == "jeux" else c.indicateurs
    voulu = demande(entrees)
    trouves = cherche(entrees, voulu)
    mots = ("jeu de données", "jeux de données") if genre == "jeux" else ("indicateur", "indicateurs")
    sur = "" if voulu.vide else f" sur {nombre(len(entrees))}"
    blocs.compte([(compte(len(trouves), *mots), True), (sur, False)])
    if not trouves:
        blocs.vide("Rien ne passe ces filtres.", "Enlever un filtre, ou chercher un mot plus court.")
        return
    place = st.container()
    pages = -(-len(trouves) // PAR_PAGE)
    numero = selecteurs.pages("page", pages, f"{PAR_PAGE} lignes par page, {pages} pages")
    with place:
        affiche(table(trouves[(numero - 1) * PAR_PAGE : numero * PAR_PAGE], ONGLETS[genre], voulu.q))


def table(entrees: Iterable[Entree], legende: str, q: str = "") -> Sur:
    """One row an entry; on a phone, one card. ``q``: what was searched, told of where it is not in sight."""
    colonnes = [("Nom", False), ("Producteur", False), ("Niveaux", False), ("Couvre", False), ("Fraîcheur", False),
                ("Licence", False), ("Accès", False)]  # fmt: skip
    lignes = [
        [
            joint(balise("a", e.titre, href=adresse(e)), balise("div", e.resume, _dont(e, q), classe="b-second")),
            sigles(e),
            ", ".join(COURTS[m] for m in e.mailles),
            couvre(e),
            fraicheur(e),
            e.licence,
            niveau(e.acces),
        ]
        for e in entrees
    ]
    return blocs.table(colonnes, lignes, legende, "b-table b-fiches b-catalogue", entiere=True)


def _dont(e: Entree, q: str) -> str:
    """« Dont : Taux de chômage localisé. »: the indicators that made a dataset found."""
    trouves = e.dont(q)
    suite = "…" if len(trouves) > 3 else "."
    return f" Dont : {', '.join(trouves[:3])}{suite}" if trouves else ""


def adresse(e: Entree) -> str:
    """The sheet of a dataset, the page of an indicator."""
    return lien("catalogue", jeu=e.id) if e.genre == "jeu" else lien("indicateur", indicateur=e.id)


def couvre(e: Entree) -> str:
    """« 2014 – 2025 »."""
    if e.couverture is None:
        return "aucune valeur"
    debut, fin = e.couverture[0].year, e.couverture[1].year
    return str(fin) if debut == fin else f"{debut}\N{NARROW NO-BREAK SPACE}–\N{NARROW NO-BREAK SPACE}{fin}"


def sigles(e: Entree) -> str:
    """Its producers, the first ones when there are many."""
    noms = [p.sigle for p in e.producteurs]
    suite = f" et {compte(len(noms) - 4, 'autre', 'autres')}" if len(noms) > 5 else ""
    return ", ".join(noms[:4] if suite else noms) + suite


def fraicheur(e: Entree) -> Sur:
    """The word with its mark, as everywhere, and of how many indicators when not of all."""
    marques = {Fraicheur.A_JOUR.value: balise("span", "", classe="b-frais"),
               Fraicheur.EN_ATTENTE.value: balise("span", "", classe="b-frais b-attente"),
               Fraicheur.PERIME.value: image_svg(forme("perime"), "", "b-perime")}  # fmt: skip
    mot = joint(marques.get(e.fraicheur, ""), FRAICHEURS[e.fraicheur])
    part = f"{nombre(e.touches)} sur {nombre(e.mesures)}" if e.touches < e.mesures else ""
    return balise("span", mot, balise("div", part, classe="b-second") if part else "")


def niveau(acces: Acces) -> Sur:
    """The level of access as a label."""
    return balise("span", acces.libelle, classe="b-etiquette")


def producteurs(c: Catalogue) -> Sur:
    """Who brings what, and where to write to them."""
    colonnes = [("Producteur", False), ("Jeux", True), ("Indicateurs", True), ("Contact", False)]
    lignes = [
        [
            joint(balise("a", o.producteur.sigle, href=lien("catalogue", producteur=o.producteur.id)),
                  balise("div", o.producteur.nom, classe="b-second")),
            _ses(o, "jeux", len(o.jeux)),
            _ses(o, "indicateurs", len(o.indicateurs)),
            contact(o.producteur),
        ]
        for o in c.offres
    ]  # fmt: skip
    return blocs.table(colonnes, lignes, "Producteurs", "b-table b-fiches", entiere=True)


def _ses(o: Offre, onglet: str, combien: int) -> Sur:
    if not combien:
        return joint("0")
    return balise("a", nombre(combien), href=lien("catalogue", voir=onglet, producteur=o.producteur.id))


def contact(p: Producteur) -> Sur:
    """Where to write to it, else its site."""
    return joindre(p) or joint("non déclaré")


def telechargements() -> Sur:
    """The catalogue as files, at addresses that never change."""
    formes = {"ttl": "Turtle", "jsonld": "JSON-LD", "html": "page HTML"}
    liens = [joint(balise("a", f"catalogue.{f}", href=f"/catalogue.{f}", classe="b-lien"), f" ({nom})")
             for f, nom in formes.items()]  # fmt: skip
    interface = balise("a", "interface de lecture", href="/api/v1/docs", classe="b-lien")
    return balise(
        "p", "Le catalogue public, en DCAT-AP 3, pour les portails qui moissonnent : ", liens[0], ", ", liens[1], ", ",
        liens[2], ". Les valeurs, à la demande et sans clé : ", interface, ".", classe="b-note",
    )  # fmt: skip


def attribution() -> str:
    """Credits of the referential."""
    return cached.app().espace.attribution
