"""What a delivery changes and what was refused in it, as tables that people read and as figures that are kept."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import pandas as pd

from dashboard.domain.periode import Frequence, Periode
from dashboard.domain.source import Source
from dashboard.store.comparaison import Ecarts

MONTREES = 200
COLONNES = ["genre", "indicateur", "code", "territoire", "periode", "avant", "apres", "variation"]
GENRES = ("revisee", "modifiee", "retiree", "nouvelle")
"""In the order they deserve to be read."""


def differences(
    ecarts: Ecarts, noms: Mapping[int, str], places: pd.DataFrame, seuil: float, aujourd_hui: pd.Timestamp
) -> pd.DataFrame:
    """One row per changed value. Columns: those of ``COLONNES``; ``variation`` in %.

    ``noms``: indicator by its key. ``places``: territories (id, code, nom). A value that was already published for a
    period that is over, and that changes by more than ``seuil`` %, is ``revisee``.
    """
    avant = _commun(ecarts.avant, noms, places)
    apres = _commun(ecarts.modifiees, noms, places)
    modifiees = apres.assign(avant=avant["valeur"].to_numpy(), apres=apres["valeur"], genre="modifiee")
    variation = 100 * (modifiees["apres"] - modifiees["avant"]) / modifiees["avant"].abs().replace(0, np.nan)
    modifiees["variation"] = variation
    depuis_zero = (modifiees["avant"] == 0) & (modifiees["apres"] != 0)
    forte = ((variation.abs() > seuil) | depuis_zero) & (modifiees["fin"] <= aujourd_hui)
    modifiees.loc[forte, "genre"] = "revisee"
    nouvelles = _commun(ecarts.nouvelles, noms, places)
    retirees = _commun(ecarts.retirees, noms, places)
    morceaux = [
        modifiees,
        retirees.assign(avant=retirees["valeur"], apres=np.nan, variation=np.nan, genre="retiree"),
        nouvelles.assign(avant=np.nan, apres=nouvelles["valeur"], variation=np.nan, genre="nouvelle"),
    ]
    tout = pd.concat([m for m in morceaux if len(m)] or morceaux[:1], ignore_index=True)
    ordre = tout["genre"].map({g: i for i, g in enumerate(GENRES)})
    tri = tout.assign(ordre=ordre, force=-tout["variation"].abs().fillna(0)).sort_values(
        ["ordre", "force", "indicateur", "fin", "code"], kind="stable"
    )
    return tri[COLONNES].reset_index(drop=True)


def _commun(cadre: pd.DataFrame, noms: Mapping[int, str], places: pd.DataFrame) -> pd.DataFrame:
    """indicateur, code, territoire, periode, fin, valeur: for measures as for targets."""
    if "indicateur_id" in cadre:
        par_id = places.set_index("id")
        code = cadre["territoire_id"].map(par_id["code"])
        indicateur = cadre["indicateur_id"].map(dict(noms))
        periode = _periodes(cadre)
        fin = pd.to_datetime(cadre["fin"])
    else:
        code, indicateur = cadre["code_territoire"], cadre["indicateur"]
        fin = pd.to_datetime(cadre["echeance"])
        periode = "échéance " + fin.dt.strftime("%Y-%m-%d")
    nom = code.map(places.drop_duplicates("code", keep="last").set_index("code")["nom"])
    colonnes = {"indicateur": indicateur, "code": code, "territoire": nom, "periode": periode, "fin": fin}
    return pd.DataFrame({**colonnes, "valeur": cadre["valeur"].astype("float64")}).reset_index(drop=True)


def _periodes(cadre: pd.DataFrame) -> pd.Series:
    """The text of each period; each distinct one is written once."""
    cles = list(zip(cadre["debut"], cadre["fin"], cadre["frequence"], strict=True))
    textes = {c: Periode(pd.Timestamp(c[0]).date(), pd.Timestamp(c[1]).date(), Frequence(c[2])).code for c in set(cles)}
    return pd.Series([textes[c] for c in cles], index=cadre.index, dtype="str")


def comptes(differences: pd.DataFrame) -> dict[str, int]:
    """How many differences of each kind."""
    presents = differences["genre"].value_counts()
    return {genre: int(presents.get(genre, 0)) for genre in GENRES}


def extrait(cadre: pd.DataFrame) -> list[dict[str, Any]]:
    """The first rows as plain JSON; what is missing is null."""
    lignes = cast("list[dict[str, Any]]", cadre.head(MONTREES).to_dict(orient="records"))
    return [{str(c): _simple(v) for c, v in ligne.items()} for ligne in lignes]


def _simple(valeur: Any) -> Any:
    if isinstance(valeur, str | bool):
        return valeur
    if valeur is None or pd.isna(valeur):
        return None
    if isinstance(valeur, float | np.floating):
        return float(valeur) if math.isfinite(valeur) else None
    return int(valeur) if isinstance(valeur, int | np.integer) else str(valeur)


CHAMPS = {"code_territoire": "territoire"}


def au_nom_du_fichier(rejets: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Refused cells under the column names and with the bare codes that the supplier knows."""
    noms = {c: n for c, n in source.colonnes.model_dump().items() if n is not None}
    noms |= {champ: noms[cle] for champ, cle in CHAMPS.items() if cle in noms}
    if source.nature == "objectifs":
        return rejets
    valeurs = rejets["valeur"].astype(object)
    if source.forme and source.forme.maille:
        prefixe = f"{source.forme.maille.prefixe}-"
        codes = (rejets["colonne"] == "code_territoire") & valeurs.notna()
        valeurs = valeurs.mask(codes, valeurs.map(lambda v: str(v).removeprefix(prefixe)))
    return rejets.assign(colonne=rejets["colonne"].map(noms).fillna(rejets["colonne"]), valeur=valeurs)


def relis(texte: str) -> list[str]:
    """The alerts of a lot, kept as JSON."""
    lues = json.loads(texte or "[]")
    return [str(a) for a in lues]
