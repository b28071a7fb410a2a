"""Records of an API (JSON objects) as rows: nested objects become dotted columns, lists become JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from data_sources.connectors import LivraisonIllisible
from data_sources.connectors.client import Client, Reponse, publique

Ligne = dict[str, Any]
DEBUTS_HTML = (b"<!doctype html", b"<html")

COLONNES_MAX, CELLULES_MAX = 5_000, 100_000_000
"""A table of records: more is something else, and each key costs a cell in each row."""


def est_html(reponse: Reponse) -> bool:
    """A page for people instead of data: sign-in, maintenance, error told with a code 200."""
    return reponse.type_contenu == "text/html" or reponse.octets[:512].lstrip().lower().startswith(DEBUTS_HTML)


def refuse_html(client: Client, reponse: Reponse, attendu: str) -> None:
    """Raises :class:`LivraisonIllisible` when a page came instead of data."""
    if est_html(reponse):
        raise client.refus(
            f"{publique(reponse.url)} a répondu une page HTML au lieu de {attendu} (connexion, maintenance ou adresse "
            "de consultation). Ouvrir l'adresse dans un navigateur, puis donner celle des données."
        )


def lis_json(client: Client, reponse: Reponse) -> Any:
    """The JSON of an answer, NaN as missing. Raises :class:`LivraisonIllisible`."""
    refuse_html(client, reponse, "JSON")
    try:
        return json.loads(reponse.octets, parse_constant=_constante)
    except (ValueError, RecursionError) as erreur:
        ou = f"ligne {erreur.lineno}, colonne {erreur.colno}" if isinstance(erreur, json.JSONDecodeError) else "octets"
        raise client.refus(
            f"la réponse de {publique(reponse.url)} n'est pas du JSON lisible ({ou}). Vérifier url et lecture.format."
        ) from erreur


def _constante(nom: str) -> None:
    if nom != "NaN":
        raise ValueError(nom)


def suis_chemin(document: Any, chemin: str | None) -> Any:
    """What is at a dotted path (« result.records », « pages.0 »); None when nothing is there."""
    for pas in chemin.split(".") if chemin else ():
        if isinstance(document, Mapping):
            document = document.get(pas)
        elif isinstance(document, Sequence) and not isinstance(document, str) and pas.isdigit():
            document = document[int(pas)] if int(pas) < len(document) else None
        else:
            return None
    return document


def lis_lignes(client: Client, document: Any, chemin: str | None) -> list[Ligne]:
    """The records at a path. Raises :class:`LivraisonIllisible` telling what is there instead."""
    trouve = suis_chemin(document, chemin)
    if not isinstance(trouve, list):
        cles = ", ".join(f"« {c} »" for c in list(document)[:12]) if isinstance(document, dict) else "aucune"
        raise client.refus(
            f"aucune liste de lignes {f'à « {chemin} »' if chemin else 'à la racine de la réponse'}. "
            f"Clés reçues : {cles}. Corriger lecture.chemin."
        )
    if not all(isinstance(ligne, dict) for ligne in trouve):
        raise client.refus(
            f"les lignes {f'à « {chemin} » ' if chemin else ''}ne sont pas des objets JSON. Corriger lecture.chemin, "
            "ou demander au service une liste d'objets."
        )
    return trouve


def aplatis(ligne: Mapping[str, Any], prefixe: str = "") -> Ligne:
    """``{"a": {"b": 1}, "c": [1]}`` gives ``{"a.b": 1, "c": "[1]"}``; an empty object is missing."""
    plate: Ligne = {}
    for nom, valeur in ligne.items():
        if isinstance(valeur, Mapping) and valeur:
            plate |= aplatis(valeur, f"{prefixe}{nom}.")
        else:
            plate[f"{prefixe}{nom}"] = _cellule(valeur)
    return plate


def _cellule(valeur: Any) -> Any:
    if isinstance(valeur, Mapping):
        return None
    return json.dumps(valeur, ensure_ascii=False) if isinstance(valeur, list) else valeur


def en_cadre(lignes: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as objects, typed by JSON alone; the index, « ligne », is the rank from 1."""
    plates = [aplatis(ligne) for ligne in lignes]
    colonnes = list(dict.fromkeys(nom for plate in plates for nom in plate))
    if len(colonnes) > COLONNES_MAX or len(plates) * len(colonnes) > CELLULES_MAX:
        raise LivraisonIllisible(
            f"{len(plates)} objets de {len(colonnes)} clés : ce n'est pas un tableau. Vérifier lecture.chemin."
        )
    valeurs = {nom: [plate.get(nom) for plate in plates] for nom in colonnes}
    parents = {nom.rpartition(".")[0] for nom in colonnes}
    vides = {c for c in colonnes if c in parents and not any(valeurs[c])}
    gardees = [c for c in colonnes if c not in vides]  # « geo » is null where « geo.lat » has no parent
    index = pd.RangeIndex(1, len(plates) + 1, name="ligne")
    return pd.DataFrame({c: valeurs[c] for c in gardees}, columns=gardees, index=index, dtype=object)
