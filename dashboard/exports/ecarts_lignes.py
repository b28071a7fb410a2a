"""Every row that differs as plain data, whatever its table: for JSON, CSV, and the first rows on a screen."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from dashboard.domain.ecarts import APRES, AVANT, MODIFICATION, OBSERVATIONS, TABLES

COLONNES = ("cause", "table", "nature", "cle", "champs", "avant", "apres")
COURTS = {"maille", "debut", "frequence", "rang"}
"""Parts of a key that a screen leaves out."""
Ligne = dict[str, Any]


def lignes(table: str, ecarts: pd.DataFrame) -> Iterator[Ligne]:
    """Rows with ``cle``, ``avant`` and ``apres`` as mappings; only the fields that differ, all of them for a row that
    enters or leaves. A missing value is None."""
    cle = ["indicateur", *OBSERVATIONS] if table == "observations" else list(TABLES[table].cle)
    champs = [c.removesuffix(APRES) for c in ecarts.columns if c.endswith(APRES)]
    for brut in ecarts.to_dict("records"):
        changes = brut["champs"].split(",") if brut["nature"] == MODIFICATION else champs
        yield {
            "cause": brut["cause"], "table": table, "nature": brut["nature"], "champs": brut["champs"],
            "cle": {c: _nu(brut[c]) for c in cle},
            "avant": _cote(brut, changes, AVANT), "apres": _cote(brut, changes, APRES),
        }  # fmt: skip


def _cote(brut: Mapping[Any, Any], champs: list[str], cote: str) -> dict[str, Any]:
    """A field named from the declarations may be no column of the table."""
    lus = {c: _nu(brut[c + cote]) for c in champs if c + cote in brut}
    return {c: v for c, v in lus.items() if v is not None}


def _nu(valeur: Any) -> Any:
    if valeur is None or (not isinstance(valeur, str) and pd.isna(valeur)):
        return None
    if isinstance(valeur, pd.Timestamp | date):
        return valeur.isoformat()[:10]
    return valeur.item() if hasattr(valeur, "item") else valeur


def en_csv(ligne: Mapping[str, Any]) -> list[str]:
    """The cells of a row, in the order of ``COLONNES``; what has parts is JSON."""
    return [x if isinstance(x := ligne[c], str) else _json(x) for c in COLONNES]


def en_clair(ligne: Mapping[str, Any]) -> str:
    """« taux_publie REG-99 2023-12-31 : valeur 12,5 → 13 »."""
    cle = " ".join(str(v) for c, v in ligne["cle"].items() if c not in COURTS and v is not None)
    avant, apres = ligne["avant"], ligne["apres"]
    if ligne["nature"] != MODIFICATION:
        vu = apres or avant
        return f"{cle} : {ligne['nature']}" + (f", {_mot(vu['valeur'])}" if "valeur" in vu else "")
    change = [f"{c} {_mot(avant.get(c))} → {_mot(apres.get(c))}" for c in {**avant, **apres}]
    return f"{cle} : {' ; '.join(change) or ligne['champs']}"


def _mot(valeur: Any) -> str:
    if valeur is None:
        return "vide"
    if isinstance(valeur, float):
        return repr(valeur).removesuffix(".0").replace(".", ",")
    return str(valeur)[:80]


def _json(contenu: Any) -> str:
    return json.dumps(contenu, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
