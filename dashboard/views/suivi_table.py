"""The table of the Suivi page: one row per programme, indicator and territory; on a phone, one card."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from dashboard.domain.evaluation import FRAICHEURS, STATUTS
from dashboard.domain.formatage import compte, date_courte, en_phrase, nombre, pourcentage, signe
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.indicateur import Espace, Indicateur
from dashboard.domain.phrases import TEINTES
from dashboard.domain.suivi import montre
from dashboard.exports.suivi import motif
from dashboard.figures.etincelle import etincelle
from dashboard.figures.palette import forme
from dashboard.views import blocs, cached
from dashboard.views.filtres import lien
from dashboard.views.glossaire import libelle
from dashboard.views.html import Sur, balise, image_svg, joint
from dashboard.views.preuve import preuve
from dashboard.views.suivi import MOTS_METEO, Donnees

PAR_PAGE = 50
LEGENDE = (
    "Trait noir : avancement attendu à la date de la valeur. Écart : avancement moins attendu, en points. ",
    image_svg(forme("perime"), "carré hachuré", "b-perime"),
    "valeur périmée ; ",
    balise("span", "", classe="b-frais b-attente"),
    "en attente ; ",
    balise("span", "", classe="b-frais"),
    "à jour.",
)


def page(cadre: pd.DataFrame, numero: int) -> pd.DataFrame:
    """The rows of one page, from 1."""
    return cadre.iloc[(numero - 1) * PAR_PAGE : numero * PAR_PAGE]


def nombre_de_pages(cadre: pd.DataFrame) -> int:
    """How many pages the rows make."""
    return max(1, -(-len(cadre) // PAR_PAGE))


def table(donnees: Donnees, cadre: pd.DataFrame, meteos: Mapping[str, str]) -> Sur:
    """The given rows as they are sorted."""
    espace = cached.app().espace
    sigles = {p.id: p.sigle for p in espace.producteurs}
    valeurs, jours = montre(cadre)
    colonnes = [
        ("Statut", ""), ("Programme", ""), ("Indicateur", ""), ("Territoire", ""), ("Avancement", ""),
        ("Attendu", "b-num"), ("Écart", "b-num"), ("Évolution", ""), ("Valeur", "b-num"), ("Cible", "b-num"),
        ("Valeur du", ""), *([("Météo", "")] if meteos else []), ("Producteur", ""),
    ]  # fmt: skip
    tetes = [balise("th", libelle(titre), classe=classe or None, scope="col") for titre, classe in colonnes]
    corps = []
    for ligne, valeur, jour in zip(cadre.to_dict("records"), valeurs, jours, strict=True):
        cellules = _ligne(espace, donnees, ligne, valeur, None if pd.isna(jour) else jour.date())
        cellules += [MOTS_METEO.get(str(ligne["meteo"]), "")] if meteos else []
        cellules.append(sigles.get(str(ligne["producteur"]), ""))
        corps.append(balise("tr", *(
            balise("td", contenu, classe=f"b-s-{rang} {classe}".strip(), data_titre=titre)
            for rang, (contenu, (titre, classe)) in enumerate(zip(cellules, colonnes, strict=True))
        )))  # fmt: skip
    contenu = balise("table", balise("thead", balise("tr", *tetes)), balise("tbody", *corps), classe="b-table b-suivi")
    legende = "Suivi par programme, indicateur et territoire"
    return balise("div", contenu, classe="b-defile", tabindex=0, role="region", aria_label=legende)


def _ligne(espace: Espace, donnees: Donnees, x: Mapping[Any, Any], valeur: float, jour: date | None) -> list[str]:
    """Statut, programme, indicateur, territoire, avancement, attendu, écart, évolution, valeur, cible, date."""
    declare = espace.indicateur(x["indicateur"]) if x["indicateur"] else None
    return [
        _statut(x),
        _programme(espace, x),
        balise("a", declare.libelle_court, href=lien("indicateur", indicateur=declare.id, territoire=x["code"]),
               title=declare.libelle) if declare else "",
        balise("span", x["nom"], classe="b-lieu"),
        _avancement(x, motif(x, espace)),
        _taux(x["ta_attendu"]),
        signe(x["ecart"], 0) if pd.notna(x["ecart"]) else "",
        _evolution(donnees, declare, x),
        _valeur(declare, valeur, str(x["code"]), secret=bool(x["secret"])),
        _cible(declare, x),
        _date(x, jour),
    ]  # fmt: skip


def _statut(x: Mapping[Any, Any]) -> Sur:
    return balise("span", "Contexte", classe="b-second") if x["contexte"] else blocs.statut(STATUTS[int(x["statut"])])


def _programme(espace: Espace, x: Mapping[Any, Any]) -> Sur:
    if not x["programme"]:
        return balise("span", "aucun", classe="b-second")
    programme = espace.programme(x["programme"])
    adresse = lien("programme", programme=programme.id, territoire=x["code"])
    return balise("a", programme.nom_court, href=adresse, title=programme.nom)


def _taux(x: float) -> str:
    return pourcentage(x, 0) if pd.notna(x) else ""


def _avancement(x: Mapping[Any, Any], explication: str) -> Sur:
    """The bar with its expected mark and the figure; the reason where there is none."""
    if pd.isna(x["ta"]):
        return balise("span", explication, classe="b-second b-motif", title=explication)
    teinte = TEINTES[STATUTS[int(x["statut"])]]
    remplie = balise("i", "", classe=f"b-f-{teinte}", style=f"width:{x['ta']:.0f}%")
    attendu = x["ta_attendu"]
    repere = balise("b", "", style=f"left:{min(99.0, max(0.0, attendu)):.0f}%") if pd.notna(attendu) else ""
    barre = balise("span", remplie, repere, classe="b-barre")
    chiffre = preuve(pourcentage(x["ta_brut"], 0), str(x["indicateur"]), str(x["code"]))
    return joint(barre, balise("span", chiffre, classe="b-chiffre", title=explication or None))


def _evolution(donnees: Donnees, declare: Indicateur | None, x: Mapping[Any, Any]) -> str:
    if declare is None:
        return ""
    points = donnees.trait(declare.id, int(x["territoire_id"]), declare.lecture)
    trait = etincelle(points)
    if not trait:
        return ""
    texte = f"{nombre(points[0], declare.decimales)} puis {nombre(points[-1], declare.decimales)}"
    return image_svg(trait, f"{compte(len(points), 'valeur', 'valeurs')}, de {texte}")


def _valeur(declare: Indicateur | None, valeur: float, code: str, *, secret: bool) -> Sur:
    if declare is None:
        return joint("")
    texte = nombre(None if pd.isna(valeur) else valeur, declare.decimales, secret=secret)
    chiffre = preuve(texte, declare.id, code) if secret or pd.notna(valeur) else texte
    return joint(chiffre, balise("span", f" {declare.unite}", classe="b-second") if pd.notna(valeur) else "")


def _cible(declare: Indicateur | None, x: Mapping[Any, Any]) -> str:
    if declare is None or pd.isna(x["vc"]):
        return ""
    annee = balise("span", f" en {x['echeance'].year}", classe="b-second") if pd.notna(x["echeance"]) else ""
    return joint(nombre(x["vc"], declare.decimales), annee)


def _date(x: Mapping[Any, Any], jour: date | None) -> Sur:
    """The date of the value and its freshness: shape, and a word for whoever does not see it."""
    if jour is None:
        return balise("span", "aucune valeur", classe="b-second")
    etat = FRAICHEURS[int(x["fraicheur"])] if x["fraicheur"] >= 0 else None
    mot = etat.libelle if etat else ""
    if etat is Fraicheur.PERIME:
        marque = image_svg(forme("perime"), f"{mot}, ", "b-perime")
    else:
        marque = balise("span", "", classe="b-frais" if etat is Fraicheur.A_JOUR else "b-frais b-attente")
    age = f"donnée {en_phrase(mot)}, {nombre(int(x['age_mois']))} mois" if mot else None
    return balise("span", marque, date_courte(jour), title=age, classe="b-fixe")
