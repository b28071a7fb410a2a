"""The map page's parts: values in the order of the geometry, the map, its legend, its text equivalent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from dashboard.domain.formatage import nombre, pluriel, pourcentage
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.periode import Periode
from dashboard.domain.phrases import valeur
from dashboard.domain.territoire import Maille
from dashboard.exports.tableur import en_csv
from dashboard.figures.carte import (
    ABSENT,
    RAYON_MAXIMAL,
    SECRET,
    Cercles,
    ContenuCarte,
    encode_valeurs,
    pastille,
    rayon,
)
from dashboard.figures.classes import Decoupage, decoupe
from dashboard.figures.palette import disque
from dashboard.serving.geometrie import fichier_geometrie
from dashboard.views import blocs, cached
from dashboard.views.filtres import Vue, departement_de, etiquette, lien
from dashboard.views.html import Sur, balise, image_svg, joint


@dataclass(frozen=True)
class CarteVue:
    """One indicator on one maille at one period, ready to draw. ``valeurs``: by code, every territory."""

    declare: Indicateur
    maille: Maille
    periode: Periode | None
    valeurs: pd.DataFrame
    decoupage: Decoupage


def periodes(vue: Vue, declare: Indicateur, maille: Maille) -> list[tuple[str, str]]:
    """(code, words) of each period, latest first."""
    trouvees = cached.periodes(vue.lecteur, vue.version, declare.id, maille)
    return [(p.code, p.texte) for p in trouvees if p.fin <= vue.arrete or declare.est_contexte]


def charge(vue: Vue, declare: Indicateur, maille: Maille, fin: date | None) -> CarteVue:
    """Values of every territory of the maille in the order of the geometry (sorted codes)."""
    cadre = cached.dernieres(vue.lecteur, vue.version, declare.id, maille, fin)
    places = vue.territoires
    places = places[places["maille"] == maille].sort_index()
    trouvees = cadre.set_index("territoire_id")[["valeur", "statut", "completude"]].reindex(places["id"])
    valeurs = places[["code", "nom"]].assign(**{c: trouvees[c].to_numpy() for c in trouvees})
    periodes = cached.periodes(vue.lecteur, vue.version, declare.id, maille)
    periode = next((p for p in periodes if fin in (None, p.fin)), None)
    return CarteVue(declare, maille, periode, valeurs, decoupe(declare, valeurs["valeur"], valeurs["statut"]))


def affiche(vue: Vue, c: CarteVue) -> str | None:
    """Draws the map; gives the code of the territory just clicked."""
    from dashboard.views.carte_folium import affiche_carte

    espace = cached.app().reglages.espace
    declare, d = c.declare, c.decoupage
    maximum = float(c.valeurs["valeur"].max() or 0)
    contenu = ContenuCarte(
        titre=f"{declare.libelle}, {c.periode.texte if c.periode else ''}",
        geometrie=fichier_geometrie(espace, c.maille.value).url,
        chiffres=d.chiffres,
        palette=d.palette,
        libelles=d.libelles,
        contours=fichier_geometrie(espace, Maille.DEPARTEMENT.value).url,
        exactes=encode_valeurs(
            d.chiffres, c.valeurs["valeur"].tolist(), declare.decimales, declare.unite,
            signe=declare.carte.divergente,
        ),
        cercles=Cercles(_rayon(c.maille), maximum) if declare.en_cercles else None,
        selection=vue.code if vue.territoire["maille"] == c.maille else None,
    )  # fmt: skip
    return affiche_carte(contenu, "carte")


def _rayon(maille: Maille) -> float:
    return RAYON_MAXIMAL if maille is not Maille.COMMUNE else RAYON_MAXIMAL * 0.8


def legende(c: CarteVue) -> None:
    """Classes with their counts or circles with their values, then what is missing or secret, even at zero."""
    d, noms = c.decoupage, c.maille.pluriel
    lignes = _cercles(c) if c.declare.en_cercles else _classes(d)
    lignes.append(balise("span", "", classe="b-coupure"))
    for signe, texte, n in ((ABSENT, "Donnée absente", d.absents), (SECRET, "Secret statistique", d.secrets)):
        lignes += [balise("img", src=pastille(signe), alt=""), balise("span", texte), balise("b", nombre(n))]
    detail = "Surface du cercle proportionnelle à la valeur" if c.declare.en_cercles else f"Nombre de {noms} par classe"
    titre = balise("h2", f"{c.declare.libelle_court}, en {c.declare.unite}", classe="b-h2")
    blocs.carte(titre, balise("p", detail), balise("div", *lignes, classe="b-legende"))


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
    maximum = float(c.valeurs["valeur"].max() or 0)
    lignes = []
    for part in (1.0, 0.25, 0.0625):
        r = rayon(maximum * part, maximum, _rayon(c.maille))
        image = image_svg(disque(r), "", "b-cercle")
        lignes += [image, balise("span", ""), balise("b", valeur(c.declare, maximum * part))]
    return lignes


def phrase(vue: Vue, c: CarteVue) -> list[tuple[str, bool]]:
    """The one sentence: what is the largest class, and where the région stands."""
    connues = c.valeurs["valeur"].dropna()
    if connues.empty:
        return [(f"Aucune valeur publiée pour « {c.declare.libelle} » à ce niveau.", False)]
    region = cached.dernieres(vue.lecteur, vue.version, c.declare.id, Maille.REGION, None)
    noms = c.maille.pluriel
    if c.declare.carte.divergente:
        baisse = int((connues < 0).sum())
        tete = f"{nombre(baisse)} {pluriel(baisse, c.maille.libelle.lower(), noms)} sur {nombre(len(connues))}"
        morceaux = [
            (tete, True),
            (f" sont en baisse ({pourcentage(100 * baisse / len(connues), 0)})", False),
        ]
    else:
        bas, haut = c.valeurs.loc[connues.idxmin()], c.valeurs.loc[connues.idxmax()]
        morceaux = [
            ("De ", False), (valeur(c.declare, bas["valeur"]), True), (f" ({bas['nom']}) à ", False),
            (valeur(c.declare, haut["valeur"]), True), (f" ({haut['nom']})", False),
        ]  # fmt: skip
    if len(region) and pd.notna(region.iloc[-1]["valeur"]):
        morceaux.append((f" ; la région : {valeur(c.declare, float(region.iloc[-1]['valeur']))}", False))
    return [*morceaux, ("" if morceaux[-1][0].endswith(".") else ".", False)]


def reperes(vue: Vue, c: CarteVue) -> None:
    """A few places everyone knows, with their value."""
    codes = [r for r in cached.app().espace.reperes if r in c.valeurs.index] or list(c.valeurs.index)
    if len(codes) > 8:
        return
    lignes = [
        (
            str(c.valeurs.loc[r, "nom"]),
            valeur(c.declare, c.valeurs.loc[r, "valeur"], secret=c.valeurs.loc[r, "statut"] == "Q"),
        )
        for r in codes
    ]
    blocs.carte(balise("h2", "Repères", classe="b-h2"), blocs.lignes(lignes))


def tableau(vue: Vue, c: CarteVue) -> None:
    """The text equivalent of the map: every territory, sortable, searchable, and its file."""
    cadre = pd.DataFrame(
        {
            "Code": c.valeurs["code"],
            c.maille.libelle: c.valeurs["nom"],
            f"{c.declare.libelle_court} ({c.declare.unite})": c.valeurs["valeur"].round(c.declare.decimales),
            "État": [_etat(v, s) for v, s in zip(c.valeurs["valeur"], c.valeurs["statut"], strict=True)],
        }
    )
    if c.maille in (Maille.EPCI, Maille.COMMUNE):
        cadre.insert(2, "Département", [_nom_departement(vue, str(code)) for code in c.valeurs["code"]])
    st.dataframe(cadre, hide_index=True, height=520, alt=f"{c.declare.libelle} par {c.maille.libelle.lower()}")
    st.download_button(
        "Télécharger (CSV)", en_csv(cadre),
        file_name=f"{c.declare.id}_{c.maille.value}.csv", mime="text/csv", icon=":material/download:",
    )  # fmt: skip


def _etat(v: float, statut: object) -> str:
    if pd.notna(v):
        return "publié"
    return "secret statistique" if statut == "Q" else "donnée absente"


def _nom_departement(vue: Vue, code: str) -> str:
    departement = departement_de(vue.territoires, code)
    return str(vue.territoires.loc[departement, "nom"]) if departement else ""


def classement(vue: Vue, c: CarteVue) -> Sur:
    """The highest and lowest values, as links to their territory."""
    tries = c.valeurs.dropna(subset="valeur").sort_values("valeur", ascending=False)
    choisies = tries if len(tries) <= 10 else pd.concat([tries.head(5), tries.tail(5)])
    lignes = [
        [
            balise("a", etiquette(vue.territoires, str(t.code)), href=lien("territoire", territoire=str(t.code))),
            joint(valeur(c.declare, float(str(t.valeur)))),
        ]
        for t in choisies.itertuples()
    ]
    return blocs.table(
        [("Territoire", False), (c.declare.unite, True)], lignes, "Valeurs les plus hautes et les plus basses"
    )
