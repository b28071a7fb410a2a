"""The values, as lists and with contours, read with the eyes of the public."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from dashboard.api import modeles
from dashboard.api.demande import Contenu, Demande
from dashboard.api.erreurs import Probleme
from dashboard.api.parametres import DERNIERE, TOUTES
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.periode import Frequence, Periode
from dashboard.domain.territoire import Maille
from dashboard.serving.geometrie import fichier_geometrie
from dashboard.store import listes, queries
from dashboard.store.moteur import Connection, lecture

LIGNES_MAX = 10_000


def liste(d: Demande) -> Contenu:
    i = d.indicateur()
    with lecture(d.donnees.moteur) as connexion:
        choix = _choix(connexion, d, i)
        cadre, total = (
            listes.load_page(connexion, d.lecteur, i.id, choix, d["limite"], d["page"])
            if choix
            else (pd.DataFrame(), 0)
        )
    entete = {
        "indicateur": i.id, "libelle": i.libelle, "unite": i.unite, "licence": i.licence,
        "producteur": d.matiere.producteur(i).nom, "mailles": [m.value for m in i.mailles],
    }  # fmt: skip
    return Contenu({**entete, **d.page(total), "valeurs": _lignes(cadre, ("code", "nom"))}, "valeurs", modeles.Valeur)


def _choix(connexion: Connection, d: Demande, i: Indicateur) -> listes.Choix | None:
    """What is asked as the store knows it; None when there is nothing of it."""
    if d["debut"] and d["fin"] and d["debut"] > d["fin"]:
        raise Probleme(400, f"Paramètres debut {d['debut']} et fin {d['fin']} : inversés. Les échanger.")
    lieu = d.lieu(d["territoire"]) if d["territoire"] else None
    maille = Maille(lieu["maille"]) if lieu is not None else d["maille"] or min(i.mailles, key=lambda m: m.rang)
    if d["maille"] and maille not in i.mailles:
        admises = ", ".join(m.value for m in i.mailles)
        raise Probleme(400, f"Paramètre maille : « {i.id} » n'est pas publié par {maille.value}. Admises : {admises}.")
    choix = listes.Choix(maille, int(lieu["id"]) if lieu is not None else None, None, d["debut"], d["fin"])
    voulue: Any = d["periode"] or (TOUTES if d["debut"] or d["fin"] else DERNIERE)
    if voulue == TOUTES:
        return choix
    if voulue == DERNIERE:
        voulue = listes.load_derniere_periode(connexion, d.lecteur, i.id, choix)
    return replace(choix, periode=voulue) if voulue else None


def _lignes(cadre: pd.DataFrame, tete: Sequence[str]) -> list[dict[str, Any]]:
    """Rows as JSON takes them; the same period is written once."""
    if cadre.empty:
        return []
    codes: dict[tuple[Any, ...], dict[str, str]] = {}
    lignes = []
    noms = [*tete, *listes.COLONNES]
    for brute in zip(*(cadre[c].tolist() for c in noms), strict=True):
        *devant, debut, fin, frequence, valeur, statut, confidentialite, completude = brute
        quand = codes.get((debut, fin, frequence))
        if quand is None:
            periode = Periode(debut, fin, Frequence(frequence))
            quand = {"periode": periode.code, "debut": debut.isoformat(), "fin": fin.isoformat()}
            codes[debut, fin, frequence] = quand
        lignes.append({
            **dict(zip(tete, devant, strict=True)), **quand,
            "valeur": None if valeur != valeur or statut == "Q" else valeur, "statut": statut,
            "confidentialite": confidentialite or None, "completude": None if completude != completude else completude,
        })  # fmt: skip
    return lignes


def geojson(d: Demande) -> Contenu:
    """Every territory of a maille at one period, with its simplified contour, in WGS 84."""
    i = d.indicateur()
    complet = replace(d, demandes={**d.demandes, "territoire": None, "debut": None, "fin": None})
    with lecture(d.donnees.moteur) as connexion:
        if d["periode"] == TOUTES:
            raise Probleme(400, "Paramètre periode : « toutes » refusé. Une carte montre une période : en donner une.")
        choix = _choix(connexion, complet, i)
        cadre, _ = listes.load_page(connexion, d.lecteur, i.id, choix, LIGNES_MAX, 1) if choix else (pd.DataFrame(), 0)
    maille = d["maille"] or min(i.mailles, key=lambda m: m.rang)
    try:
        contours = json.loads(fichier_geometrie(d.donnees.dossier, maille.value).lis())
    except FileNotFoundError:
        raise Probleme(
            404, f"Contours des {maille.pluriel} introuvables. Demander le même en JSON ou en CSV."
        ) from None
    formes = {f["properties"]["code"]: f["geometry"] for f in contours["features"]}
    traits = [
        {"type": "Feature", "geometry": formes.get(v["code"]), "properties": v} for v in _lignes(cadre, ("code", "nom"))
    ]
    dits = {"licence": i.licence, "attribution": d.matiere.espace.attribution}
    return Contenu({"type": "FeatureCollection", **dits, "features": traits})


def du_lieu(d: Demande) -> Contenu:
    """The latest value of every indicator in one place."""
    ligne, m = d.lieu(d["code"]), d.matiere
    with lecture(d.donnees.moteur) as connexion:
        cadre = queries.load_series(connexion, d.lecteur, list(m.indicateurs), [int(ligne["id"])])
    cadre = cadre.drop_duplicates("indicateur", keep="last").set_index("indicateur", drop=False)
    cadre = cadre.loc[[i for i in m.indicateurs if i in cadre.index]]
    cadre["libelle"] = [m.indicateurs[i].libelle for i in cadre["indicateur"]]
    cadre["unite"] = [m.indicateurs[i].unite for i in cadre["indicateur"]]
    lignes = _lignes(cadre, ("indicateur", "libelle", "unite"))
    tete = {"code": ligne["code"], "nom": ligne["nom"]}
    return Contenu({**tete, **d.page(len(lignes)), "valeurs": d.coupe(lignes)}, "valeurs", modeles.ValeurDuLieu)
