"""Programmes × indicators × territories as one table: what it holds, how it is filtered, sorted and said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.domain.evaluation import FRAICHEURS, STATUTS
from dashboard.domain.formatage import compte, liste, nombre, pluriel, sans_accent
from dashboard.domain.indicateur import Espace
from dashboard.domain.programme import SOUS_LA_TRAJECTOIRE
from dashboard.domain.statut import Statut
from dashboard.domain.territoire import Maille

TRIS = {"ecart": "Écart à la trajectoire", "avancement": "Avancement", "date": "Valeur la plus ancienne",
        "programme": "Programme", "territoire": "Territoire"}  # fmt: skip
SANS_CIBLE = ("statuts", "politiques", "programmes", "meteos")
"""Filters that only an indicator of a programme can pass."""
SOUS = tuple(STATUTS.index(s) for s in SOUS_LA_TRAJECTOIRE)


@dataclass(frozen=True)
class Choix:
    """What is asked of the table: ids, nothing chosen meaning all. ``contexte``: context indicators too."""

    mailles: tuple[Maille, ...]
    politiques: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    statuts: tuple[str, ...] = ()
    fraicheurs: tuple[str, ...] = ()
    producteurs: tuple[str, ...] = ()
    meteos: tuple[str, ...] = ()
    cherche: str = ""
    contexte: bool = False
    tri: str = "ecart"


def assemble(
    espace: Espace, juges: pd.DataFrame, places: pd.DataFrame, meteos: Mapping[str, str], *, contexte: bool
) -> pd.DataFrame:
    """One row per programme, indicator and territory; ``juges``: rows of ``evaluation.evalue_tous``.

    ``places``: code, nom, maille of the territories, in the order they are read. ``meteos``: by programme id. An
    indicator is only followed at the levels that it is declared for. A programme that counts nothing yet has one row,
    without indicator. Columns: those of ``juges`` and programme, politique, producteur, maille, nom, meteo, contexte,
    rang, cherche.
    """
    lieux = places[["code", "nom", "maille"]].reset_index(drop=True).assign(place=np.arange(len(places)))
    cadre = juges.merge(lieux, on="code").merge(
        pd.DataFrame(_suivis(espace, contexte), columns=_SUIVI), on="indicateur"
    )
    permises = {(i.id, m.value) for i in espace.indicateurs for m in i.mailles}
    ici = np.array([c in permises for c in zip(cadre["indicateur"], cadre["maille"], strict=True)], dtype=bool)
    vides = _sans_mesure(espace, places, len(juges))
    cadre = pd.concat([cadre[ici], vides]) if len(vides) else cadre[ici]
    cadre = cadre.sort_values(["rang", "place"], kind="stable", ignore_index=True)
    noms = _noms(espace)
    textes = zip(cadre["programme"], cadre["indicateur"], cadre["nom"], strict=True)
    return cadre.assign(
        meteo=[meteos.get(p, "") for p in cadre["programme"]],
        cherche=[sans_accent(f"{noms[p]} {noms[i]} {lieu}") for p, i, lieu in textes],
    )


_SUIVI = ["indicateur", "programme", "politique", "producteur", "contexte", "rang"]


def _suivis(espace: Espace, contexte: bool) -> list[tuple[object, ...]]:
    """What is followed, in the order of the espace: the indicators of each programme, then context."""
    par_id, lignes = {i.id: i for i in espace.indicateurs}, []
    for programme in espace.programmes:
        lignes += [(i, programme.id, programme.politique, par_id[i].producteur, False) for i in programme.tous]
    if contexte:
        suivis = {ligne[0] for ligne in lignes}
        autres = (i for i in espace.ordonnes if i.id not in suivis)
        lignes += [(i.id, "", "", i.producteur, True) for i in autres]
    return [(*ligne, rang) for rang, ligne in enumerate(lignes)]


def _sans_mesure(espace: Espace, places: pd.DataFrame, rang: int) -> pd.DataFrame:
    """One row, at the région, for a programme without any indicator: what is not measured is not left out."""
    vides = [p for p in espace.programmes if not p.tous]
    region = places[places["code"] == espace.code_region]
    if not vides or region.empty:
        return pd.DataFrame()
    lignes = pd.DataFrame({"programme": [p.id for p in vides], "politique": [p.politique for p in vides]})
    codes = dict.fromkeys(("motif", "fraicheur", "auteur", "age_mois"), -1)
    return lignes.assign(
        indicateur="", producteur="", contexte=False, rang=rang, place=0, code=espace.code_region,
        nom=str(region["nom"].iloc[0]), maille=Maille.REGION.value, secret=False,
        statut=STATUTS.index(Statut.NON_MESURE), **codes,
    )  # fmt: skip


def _noms(espace: Espace) -> dict[str, str]:
    noms = {i.id: f"{i.libelle} {i.libelle_court}" for i in espace.indicateurs}
    return {"": ""} | noms | {p.id: f"{p.nom} {p.nom_court}" for p in espace.programmes}


def filtre(cadre: pd.DataFrame, choix: Choix) -> pd.DataFrame:
    """The rows that pass every filter, sorted."""
    gardes = np.ones(len(cadre), bool)
    for colonne, voulus in _voulus(choix):
        gardes &= cadre[colonne].isin(voulus).to_numpy()
    if any(getattr(choix, nom) for nom in SANS_CIBLE) or not choix.contexte:
        gardes &= ~cadre["contexte"].to_numpy(dtype=bool)
    for mot in sans_accent(choix.cherche).split():
        gardes &= cadre["cherche"].str.contains(mot, regex=False).to_numpy(dtype=bool)
    return trie(cadre[gardes], choix.tri)


def _voulus(choix: Choix) -> Iterator[tuple[str, Sequence[object]]]:
    """Columns that are filtered, and what they may hold."""
    yield "maille", [m.value for m in choix.mailles]
    simples = {"politique": choix.politiques, "programme": choix.programmes, "producteur": choix.producteurs,
               "meteo": choix.meteos}  # fmt: skip
    yield from ((colonne, ids) for colonne, ids in simples.items() if ids)
    if choix.statuts:
        yield "statut", [i for i, s in enumerate(STATUTS) if s.value in choix.statuts]
    if choix.fraicheurs:
        yield "fraicheur", [i for i, f in enumerate(FRAICHEURS) if f.value in choix.fraicheurs]


def trie(cadre: pd.DataFrame, tri: str) -> pd.DataFrame:
    """By gap (the farthest below its path first), progress, age, programme or place; context and unmeasured last."""
    cles = {"ecart": ["ecart"], "avancement": ["ta_brut"], "date": ["date_va"], "programme": [],
            "territoire": ["place"]}[tri]  # fmt: skip
    return cadre.sort_values(["contexte", *cles, "rang", "place"], kind="stable", na_position="last")


def phrase(cadre: pd.DataFrame, mailles: Sequence[Maille]) -> list[tuple[str, bool]]:
    """« 102 lignes · 14 programmes, région et départements · 61 sous leur trajectoire », as (text, strong) pieces."""
    if cadre.empty:
        return [("Aucune ligne", True)]
    programmes = cadre.loc[~cadre["contexte"].astype(bool), "programme"].nunique()
    sous = int(cadre["statut"].isin(SOUS).sum())
    presentes = [m for m in mailles if m.value in set(cadre["maille"])]
    ou = liste([m.libelle.lower() if m is Maille.REGION else m.pluriel for m in presentes])
    contexte = int(cadre["contexte"].sum())
    morceaux = [f"{compte(programmes, 'programme', 'programmes')}, {ou}" if programmes else ou]
    morceaux += [f"{nombre(sous)} sous {pluriel(sous, 'sa', 'leur')} trajectoire"] if programmes else []
    morceaux += [f"{nombre(contexte)} de contexte"] if contexte else []
    return [(compte(len(cadre), "ligne", "lignes"), True), ("".join(f" · {m}" for m in morceaux), False)]


def montre(cadre: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The value shown on each row and its day: the one that is judged, else the last one known."""
    juge = cadre["va"].notna() & ~cadre["contexte"].astype(bool)
    return cadre["va"].where(juge, cadre["derniere"]), cadre["date_va"].where(juge, cadre["date_derniere"])
