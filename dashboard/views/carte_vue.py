"""The map page's parts: the map, its legend, its text equivalent, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pandas as pd
import streamlit as st

from dashboard.domain.formatage import nombre, pluriel, pourcentage
from dashboard.domain.phrases import valeur
from dashboard.domain.territoire import Maille
from dashboard.figures.carte import (
    ABSENT,
    RAYON_MAXIMAL,
    SECRET,
    Cercles,
    ContenuCarte,
    encode_valeurs,
    rayon,
)
from dashboard.figures.classes import Decoupage
from dashboard.figures.histogramme import histogramme
from dashboard.figures.palette import disque
from dashboard.serving.assets import url_actif
from dashboard.serving.geometrie import fichier_geometrie
from dashboard.views import blocs, cached
from dashboard.views.carte_choix import Demande
from dashboard.views.carte_donnees import CarteVue, autour, dedans, noms, valeur_de, valeur_regionale
from dashboard.views.carte_donnees import periodes as periodes
from dashboard.views.filtres import Vue, departement_de
from dashboard.views.html import Sur, balise, image_svg
from dashboard.views.preuve import preuve

PARTS_DES_CERCLES = (1.0, 0.25, 0.0625)

if TYPE_CHECKING:
    from dashboard.views.carte_folium import Clic


def affiche(vue: Vue, c: CarteVue, d: Demande, cle: str = "carte", *, jumelle: bool = False) -> Clic | None:
    """Draws the map; gives what was just clicked or framed."""
    from dashboard.views.carte_folium import affiche_carte

    return affiche_carte(contenu(vue, c, d, jumelle=jumelle), cle)


def contenu(vue: Vue, c: CarteVue, d: Demande, *, jumelle: bool = False) -> ContenuCarte:
    """All that the map shows: geometry by address, values as a short text, and what the reader asked beside."""
    espace, declare, decoupage = cached.app().reglages.espace, c.declare, c.decoupage
    return ContenuCarte(
        titre=c.titre,
        geometrie=fichier_geometrie(espace, c.maille.value).url,
        chiffres=decoupage.chiffres,
        palette=decoupage.palette,
        libelles=decoupage.libelles,
        contours=fichier_geometrie(espace, contours(vue, c, d).value).url,
        exactes=encode_valeurs(
            decoupage.chiffres, c.valeurs["valeur"].tolist(), declare.decimales, declare.unite,
            signe=declare.carte.divergente,
        ),
        cercles=Cercles(rayon_maximal(c.maille), c.maximum) if declare.en_cercles else None,
        selection=vue.code if vue.territoire["maille"] == c.maille else None,
        hauteur=430 if jumelle else 520,
        cadre=autour(vue.code) if d.zoom else None,
        limite=vue.code if d.zoom else None,
        choisis=tuple(code for code in d.choisis if code in c.valeurs.index),
        noms=noms(vue, c.maille, zoom=d.zoom) if d.noms else (),
        jumelle=jumelle,
        fond=d.fond,
    )  # fmt: skip


def contours(vue: Vue, c: CarteVue, d: Demande) -> Maille:
    """Whose outlines are drawn over the values: the départements, or the EPCI when asked or looked into."""
    epci = d.contours or (d.zoom and vue.territoire["maille"] == Maille.EPCI)
    return Maille.EPCI if epci and c.maille is Maille.COMMUNE else Maille.DEPARTEMENT


def rayon_maximal(maille: Maille) -> float:
    """Radius in pixels of the largest circle."""
    return RAYON_MAXIMAL if maille is not Maille.COMMUNE else RAYON_MAXIMAL * 0.8


def legende(c: CarteVue, mention: str = "") -> None:
    """Classes with their counts or circles with their values, then what is missing or secret, even at zero."""
    d = c.decoupage
    lignes = _cercles(c) if c.declare.en_cercles else _classes(d)
    lignes.append(balise("span", "", classe="b-coupure"))
    for signe, texte, n in ((ABSENT, "Donnée absente", d.absents), (SECRET, "Secret statistique", d.secrets)):
        lignes += [
            balise("img", src=url_actif(f"motif_{signe}.svg"), alt=""),
            balise("span", texte),
            balise("b", nombre(n)),
        ]
    titre = balise("h2", f"{c.declare.libelle_court}, en {c.declare.unite}", classe="b-h2")
    blocs.carte(
        titre,
        balise("p", f"{detail(c)}{' ' + mention if mention else ''}"),
        _barres(c),
        balise("div", *lignes, classe="b-legende"),
    )


def detail(c: CarteVue) -> str:
    """How to read the legend."""
    if not c.declare.en_cercles:
        ou = f" ({c.cadre})" if c.cadre else ""
        de = "d'" if c.maille is Maille.EPCI else "de "
        return f"{c.decoupage.phrase}. Nombre {de}{c.maille.pluriel} par classe{ou}."
    negatifs = int((c.valeurs["valeur"] <= 0).sum())
    sans = f" {nombre(negatifs)} sans cercle (zéro ou moins)." if negatifs else ""
    return f"Surface du cercle proportionnelle à la valeur.{sans}"


def _barres(c: CarteVue) -> Sur | None:
    """How the values spread, in the colours of the classes."""
    connues = c.comptees["valeur"].dropna().to_numpy(dtype=float)
    if c.declare.en_cercles or connues.size < 20:
        return None
    quoi = f"Répartition des valeurs, de {valeur(c.declare, connues.min())} à {valeur(c.declare, connues.max())}"
    dessin = quote(histogramme(connues, c.decoupage.seuils, c.decoupage.palette), safe=" /:=',()")
    return balise("img", src=f"data:image/svg+xml,{dessin}", alt=quoi, classe="b-plan")  # half of base64 on the wire


def _classes(d: Decoupage) -> list[Sur]:
    plus_grand, lignes = max([*d.effectifs, 1]), []
    for rang in reversed(range(len(d.palette))):
        trait = balise("span", "", classe="b-trait", style=f"width:{100 * d.effectifs[rang] / plus_grand:.0f}%")
        lignes += [
            balise("i", "", style=f"background:{d.palette[rang]}"),
            balise("span", d.libelles[rang], trait),
            balise("b", nombre(d.effectifs[rang])),
        ]
    return lignes


def _cercles(c: CarteVue) -> list[Sur]:
    """Three circles at the size they have on the map: the largest value, a quarter and a sixteenth of it."""
    maximum, lignes = c.maximum, []
    for part in PARTS_DES_CERCLES if maximum > 0 else ():
        r = rayon(maximum * part, maximum, rayon_maximal(c.maille))
        image = image_svg(disque(r), "", "b-cercle")
        lignes += [image, balise("span", ""), balise("b", valeur(c.declare, maximum * part))]
    return lignes


def phrase(vue: Vue, c: CarteVue, *, zoom: bool = False) -> list[tuple[str, bool]]:
    """The one sentence: what is the largest class, and where the région stands; ``zoom``: the territory in view."""
    valeurs = dedans(vue, c) if zoom else c.valeurs
    connues = valeurs["valeur"].dropna()
    if connues.empty and c.decoupage.secrets:
        return [(f"Toutes les valeurs de « {c.declare.libelle} » sont couvertes par le secret à ce niveau.", False)]
    if connues.empty:
        return [(f"Aucune valeur publiée pour « {c.declare.libelle} » à ce niveau.", False)]
    quand = c.periode.code if c.periode else None
    entier = valeur_de(vue, c.declare, quand, vue.code) if zoom else valeur_regionale(vue, c.declare, quand)
    territoires = c.maille.pluriel
    if c.declare.carte.divergente:
        baisse = int((connues < 0).sum())
        tete = f"{nombre(baisse)} {pluriel(baisse, c.maille.libelle.lower(), territoires)} sur {nombre(len(connues))}"
        morceaux = [
            (tete, True),
            (f" sont en baisse ({pourcentage(100 * baisse / len(connues), 0)})", False),
        ]
    elif connues.nunique() == 1:
        morceaux = [(valeur(c.declare, float(connues.iloc[0])), True), (" partout où une valeur est publiée", False)]
    else:
        bas, haut = valeurs.loc[connues.idxmin()], valeurs.loc[connues.idxmax()]
        morceaux = [
            ("De ", False), (valeur(c.declare, bas["valeur"]), True), (f" ({bas['nom']}) à ", False),
            (valeur(c.declare, haut["valeur"]), True), (f" ({haut['nom']})", False),
        ]  # fmt: skip
    if entier is not None:
        qui = str(vue.territoire["nom"]) if zoom else "la région"
        morceaux.append((f" ; {qui} : {valeur(c.declare, entier)}", False))
    return [*morceaux, ("" if morceaux[-1][0].endswith(".") else ".", False)]


def reperes(vue: Vue, c: CarteVue, *, zoom: bool = False) -> None:
    """A few places everyone knows, with their value; ``zoom``: those of the territory in view."""
    connus = noms(vue, c.maille, zoom=True) if zoom else cached.app().espace.reperes
    codes = [r for r in connus if r in c.valeurs.index] or list(c.valeurs.index)
    if len(codes) > 8:
        return
    lignes = [
        (
            str(c.valeurs.loc[r, "nom"]),
            preuve(
                valeur(c.declare, c.valeurs.loc[r, "valeur"], secret=c.valeurs.loc[r, "statut"] == "Q"),
                c.declare.id,
                str(r),
                c.periode.code if c.periode else None,
            ),
        )
        for r in codes
    ]
    blocs.carte(balise("h2", "Repères", classe="b-h2"), blocs.lignes(lignes))


def table(vue: Vue, c: CarteVue, autre: CarteVue | None = None) -> pd.DataFrame:
    """The text equivalent of the map, every territory; ``autre``: the map beside, whose values are joined."""
    cadre = pd.DataFrame({"Code": c.valeurs["code"], c.maille.libelle: c.valeurs["nom"]})
    if c.maille in (Maille.EPCI, Maille.COMMUNE):
        cadre["Département"] = [_nom_departement(vue, str(code)) for code in c.valeurs["code"]]
    for carte in (c, autre) if autre else (c,):
        quand = f", {carte.periode.texte}" if autre and carte.periode else ""
        nom = f"{carte.declare.libelle_court}{quand} ({carte.declare.unite})"
        cadre[nom] = carte.valeurs["valeur"].round(carte.declare.decimales)
        etats = [_etat(v, s) for v, s in zip(carte.valeurs["valeur"], carte.valeurs["statut"], strict=True)]
        cadre[f"État{', ' + carte.declare.libelle_court + quand if carte is autre else ''}"] = etats
    return cadre


def tableau(vue: Vue, c: CarteVue, autre: CarteVue | None = None) -> None:
    """The text equivalent of the map: every territory, sortable, searchable."""
    alt = f"{c.declare.libelle} par {c.maille.libelle.lower()}"
    st.dataframe(table(vue, c, autre), hide_index=True, height=520, alt=alt)


def _etat(v: float, statut: object) -> str:
    if pd.notna(v):
        return "publié"
    return "secret statistique" if statut == "Q" else "donnée absente"


def _nom_departement(vue: Vue, code: str) -> str:
    departement = departement_de(vue.territoires, code)
    return str(vue.territoires.loc[departement, "nom"]) if departement else ""
