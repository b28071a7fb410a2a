"""From a supplier's rows to typed targets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from dashboard.domain.formatage import nombre
from dashboard.domain.indicateur import Espace
from dashboard.domain.situation import AUTEURS
from dashboard.domain.source import Source
from dashboard.domain.trajectoire import sens_de
from data_sources.lecture import Lues, periodes_de
from data_sources.mise_en_forme import exige
from data_sources.rejets import doublons, joins, nombres, refuse

CIBLE = (
    "indicateur", "code_territoire", "auteur", "acte", "date_acte", "date_initiale", "valeur_initiale", "jalons",
    "echeance", "valeur", "source_url", "note",
)  # fmt: skip
DATES = ("echeance", "date_initiale", "date_acte")


def lis_objectifs(brutes: pd.DataFrame, source: Source, espace: Espace, connus: frozenset[str]) -> Lues:
    """Typed targets: columns of ``objectif`` but lots. Dates are the end of the period that is given."""
    exige(brutes, CIBLE, source)
    table = brutes[list(CIBLE)].assign(ligne=brutes.index).reset_index(drop=True)
    fins = {c: periodes_de(table[c])["fin"] for c in DATES}
    chiffres = {c: nombres(table[c]) for c in ("valeur", "valeur_initiale")}
    rejets = [
        refuse(table, "indicateur", ~table["indicateur"].isin([i.id for i in espace.indicateurs]),
               "indicateur_inconnu", "indicateur « {} » non déclaré", "déclarer l'indicateur ou corriger son nom"),
        refuse(table, "code_territoire", ~table["code_territoire"].isin(connus), "territoire_inconnu",
               "territoire « {} » absent du référentiel", "corriger le code (exemple : DEP-21)"),
        refuse(table, "auteur", ~table["auteur"].isin(AUTEURS), "auteur_inconnu",
               "auteur de cible « {} » inconnu", f"écrire l'un de : {', '.join(AUTEURS)}"),
        refuse(table, "echeance", fins["echeance"].isna(), "periode_illisible", "période « {} » illisible",
               "écrire 2023, 2023-12, 2023-T4, 2023-12-31 ou 2017-2023"),
        *(refuse(table, c, table[c].notna() & np.isnan(chiffres[c]), "nombre_illisible", "« {} » n'est pas un nombre",
                 "écrire un nombre, avec un point décimal, sans unité") for c in chiffres),
        *(refuse(table, c, table[c].notna() & fins[c].isna(), "date_illisible", "date « {} » illisible",
                 "écrire 2023-12-31, 2023-12 ou 2023, ou laisser vide") for c in ("date_initiale", "date_acte")),
        refuse(table, "jalons", table["jalons"].notna() & ~table["jalons"].map(_lisibles).astype(bool),
               "jalons_illisibles", "jalons « {} » illisibles",
               'écrire [["2024-12-31", 30]] : date et valeur de chaque jalon'),
        refuse(table, "valeur", table["valeur"].isna(), "valeur_absente", "cible sans valeur",
               "donner la valeur visée, ou ne pas fournir la ligne"),
        refuse(table, "echeance", fins["echeance"] <= fins["date_initiale"], "echeance_avant_depart",
               "échéance « {} » qui ne suit pas la date initiale", "corriger l'une des deux dates"),
    ]  # fmt: skip
    rejets.append(
        refuse(
            table,
            "jalons",
            _hors_du_chemin(table["jalons"], fins),
            "jalons_hors_chemin",
            "jalons « {} » hors du chemin",
            "les dater dans l'ordre entre départ et échéance",
        )
    )
    table = table.assign(**chiffres, **fins, jalons=table["jalons"].fillna("[]"))
    contenu = [c for c in CIBLE if c not in ("source_url", "note")]
    copies, conflits = doublons(table, ["indicateur", "code_territoire", "auteur", "echeance"], contenu)
    rejets += [
        refuse(table, "code_territoire", copies, "doublon", "ligne déjà présente pour « {} »", "retirer la copie"),
        refuse(table, "code_territoire", conflits, "doublon_conflictuel",
               "deux valeurs différentes pour « {} » à la même période", "ne garder que la bonne"),
    ]  # fmt: skip
    fautives = joins(rejets)
    bonnes = table[~table["ligne"].isin(fautives["ligne"])].rename(columns={"ligne": "ligne_source"})
    return Lues(bonnes.reset_index(drop=True), fautives, alertes=_alertes(bonnes, espace))


def _hors_du_chemin(jalons: pd.Series, fins: Mapping[str, pd.Series]) -> pd.Series:
    """Milestones not strictly between the baseline and the target, in order; unreadable ones are not judged."""
    depart, arrivee = fins["date_initiale"], fins["echeance"]
    rangs = zip(jalons, depart, arrivee, strict=True)
    return pd.Series([_croise(texte, de, a) for texte, de, a in rangs], index=jalons.index, dtype=bool)


def _croise(texte: Any, de: date | None, a: date | None) -> bool:
    if pd.isna(texte) or not _lisibles(texte):
        return False
    jours = [date.fromisoformat(jour) for jour, _ in json.loads(str(texte))]
    bornes = [*([] if pd.isna(de) else [_jour(de)]), *jours, *([] if pd.isna(a) else [_jour(a)])]
    return any(apres <= avant for avant, apres in pairwise(bornes))


def _jour(fin: Any) -> date:
    return pd.Timestamp(fin).date()


def _alertes(bonnes: pd.DataFrame, espace: Espace) -> tuple[str, ...]:
    """Targets that say nothing or the contrary of what is wanted: kept, because an act set them, and told."""
    declares = {i.id: i for i in espace.indicateurs}
    alertes = []
    colonnes = ["indicateur", "code_territoire", "auteur", "valeur_initiale", "valeur"]
    for indicateur, code, auteur, vi, vc in bonnes[colonnes].itertuples(index=False, name=None):
        ou, sens = f"{indicateur}, {code}, {auteur}", declares[indicateur].sens
        if vi == vc:
            alertes.append(f"{ou} : cible égale à la valeur initiale ({nombre(vc, 2)}), aucun chemin à parcourir.")
        elif sens != "neutre" and sens_de(None if pd.isna(vi) else vi, vc) not in (None, sens):
            de = f"cible de {nombre(vc, 2)} depuis {nombre(vi, 2)}"
            alertes.append(f"{ou} : {de}, à l'inverse du sens voulu ({sens}).")
    return tuple(alertes)


JALONS_MAX = 2_000
"""Longest text of milestones, in characters: some forty of them."""


def _lisibles(texte: object) -> bool:
    try:
        lus = json.loads(str(texte)) if len(str(texte)) <= JALONS_MAX else None
        return isinstance(lus, list) and all(
            date.fromisoformat(jour) and not isinstance(v, bool) and isfinite(v) for jour, v in lus
        )
    except (TypeError, ValueError, OverflowError, RecursionError):
        return False
