"""The rows of the Suivi page as a table for other tools, and the notice that says what it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from dashboard.domain.evaluation import FRAICHEURS, STATUTS, texte_motif
from dashboard.domain.formatage import date_longue, liste, nombre
from dashboard.domain.indicateur import Espace
from dashboard.domain.situation import AUTEURS
from dashboard.domain.statut import Statut
from dashboard.domain.suivi import Choix, montre
from dashboard.domain.territoire import Maille

LECTURE = (
    "Avancement : part du chemin parcourue de la valeur initiale à la cible. Attendu : celle de la trajectoire à la "
    "date de la valeur. Écart : leur différence, en points. Une cellule vide est une valeur absente, jamais zéro."
)


def motif(ligne: Mapping[Any, Any], espace: Espace) -> str:
    """Why a row has no figure, or what explains its statut; empty when nothing has to be said."""
    if ligne["secret"]:
        return "secret statistique"
    if not ligne["indicateur"]:
        return espace.programme(str(ligne["programme"])).non_mesure or "aucun indicateur ne le mesure encore"
    if ligne["contexte"]:
        return ""
    jours = (None if pd.isna(j) else pd.Timestamp(j).date() for j in (ligne["date_vi"], ligne["echeance"]))
    return texte_motif(int(ligne["motif"]), *jours) or ""


def tableau(cadre: pd.DataFrame, espace: Espace, arrete: date, meteos: Mapping[str, str]) -> pd.DataFrame:
    """One row per row on screen. Percents and gaps in points, dates as dates; ``meteos``: words by météo id."""
    indicateurs = {i.id: i for i in espace.indicateurs}
    programmes, politiques = {p.id: p.nom for p in espace.programmes}, {p.id: p.nom for p in espace.politiques}
    producteurs = {p.id: p.nom for p in espace.producteurs}
    juge, valeur, jour = ~cadre["contexte"].to_numpy(bool), *montre(cadre)
    declares = [indicateurs.get(i) for i in cadre["indicateur"]]
    colonnes = {
        "Politique": cadre["politique"].map(politiques), "Programme": cadre["programme"].map(programmes),
        "Identifiant du programme": cadre["programme"],
        "Indicateur": [d.libelle if d else "" for d in declares], "Identifiant de l'indicateur": cadre["indicateur"],
        "Code du territoire": cadre["code"], "Territoire": cadre["nom"],
        "Échelle": cadre["maille"].map({m.value: m.libelle for m in Maille}),
        "Statut": [STATUTS[s].libelle if j else "contexte" for s, j in zip(cadre["statut"], juge, strict=True)],
        "Motif": [motif(x, espace) for x in cadre.to_dict("records")],
        "Avancement (%)": _arrondi(cadre["ta_brut"]),
        "Avancement attendu (%)": _arrondi(cadre["ta_attendu"]),
        "Écart (points)": _arrondi(cadre["ecart"]),
        "Valeur": valeur, "Unité": [d.unite if d else "" for d in declares], "Date de la valeur": jour,
        "Valeur initiale": cadre["vi"], "Date initiale": cadre["date_vi"], "Cible": cadre["vc"],
        "Échéance": cadre["echeance"],
        "Auteur de la cible": [AUTEURS[a] if a >= 0 else "" for a in cadre["auteur"]],
        "Effort par an": _arrondi(cadre["effort_annuel"], 4),
        "Fraîcheur": [FRAICHEURS[f].libelle if f >= 0 else "" for f in cadre["fraicheur"]],
        "Âge (mois)": cadre["age_mois"].where(cadre["age_mois"] >= 0).astype("Int64"),
        "Météo": cadre["meteo"].map(dict(meteos)), "Producteur": cadre["producteur"].map(producteurs),
        "Licence": [d.licence if d else "" for d in declares],
    }  # fmt: skip
    resultat = pd.DataFrame(colonnes, index=cadre.index).reset_index(drop=True)
    textes = resultat.select_dtypes(exclude=["number", "datetime"]).columns
    resultat[textes] = resultat[textes].astype(object).where(resultat[textes].notna(), "")
    reels = resultat.select_dtypes(include=["float64"]).columns
    resultat[reels] = resultat[reels].replace([np.inf, -np.inf], np.nan)
    return resultat.assign(**{"Arrêté au": pd.Timestamp(arrete)})


def _arrondi(colonne: pd.Series, decimales: int = 2) -> pd.Series:
    return colonne.astype(float).round(decimales)


def filtres_en_mots(choix: Choix, espace: Espace, meteos: Mapping[str, str]) -> str:
    """« échelle : région et départements ; statut : en retard »."""
    noms = {
        "politique": (choix.politiques, {p.id: p.nom for p in espace.politiques}),
        "programme": (choix.programmes, {p.id: p.nom for p in espace.programmes}),
        "statut": (choix.statuts, {s.value: s.libelle for s in Statut}),
        "fraîcheur": (choix.fraicheurs, {f.value: f.libelle for f in FRAICHEURS}),
        "producteur": (choix.producteurs, {p.id: p.nom for p in espace.producteurs}),
        "météo": (choix.meteos, dict(meteos)),
    }
    echelles = [m.libelle.lower() if m is Maille.REGION else m.pluriel for m in choix.mailles]
    morceaux = [f"échelle : {liste(echelles)}"]
    morceaux += [f"{nom} : {liste([mots.get(i, i) for i in ids], 'ou')}" for nom, (ids, mots) in noms.items() if ids]
    morceaux += [f"recherche : « {choix.cherche} »"] if choix.cherche else []
    morceaux += ["indicateurs de contexte compris"] if choix.contexte else []
    return " ; ".join(morceaux)


def notice(table: pd.DataFrame, filtres: str, espace: Espace, territoire: str, arrete: date) -> dict[str, str]:
    """What a file of these rows must say of itself."""

    def distincts(colonne: str) -> str:
        return " ; ".join(sorted({str(x) for x in table[colonne]} - {""}))

    return {
        "Contenu": f"Suivi des programmes, {espace.nom} : {nombre(len(table))} lignes",
        "Filtres": filtres, "Territoire en vue": territoire, "Date d'arrêté": date_longue(arrete),
        "Sources": distincts("Producteur"), "Licences": distincts("Licence"),
        "Contours et référentiel": espace.attribution, "Comment lire": LECTURE,
    }  # fmt: skip
