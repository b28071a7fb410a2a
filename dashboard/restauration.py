"""``snapshot restore``: an empty store rebuilt from a package that was verified first.

What is restored: territories, memberships, passages, values as they were shown, targets in force, the latest version
of each contribution. What is not, because a package does not hold it: measures as received, refused rows, former
lots and versions. The next pull of a source compares with the values restored and publishes what differs.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from dashboard.bootstrap import Application
from dashboard.domain.instantane import SCEAU, Sceau, canonique, empreinte
from dashboard.espace import canonique as espace_canonique
from dashboard.exports import instantane_schema as schema
from dashboard.exports.instantane_contexte import Progres, en_silence
from dashboard.exports.publication import exige_intact
from dashboard.instantanes import InstantaneRefuse, lis_version
from dashboard.store import commands
from dashboard.store.ecriture import exige
from dashboard.store.moteur import migre
from dashboard.store.restauration import Contenu, exige_vide
from dashboard.store.restauration import restaure as _ecris


def restaure(app: Application, paquet: Path, progres: Progres = en_silence) -> dict[str, Any]:
    """Fills the empty store of an application. ``valeurs``, ``arrete``, ``semaine``, ``changes``: definitions changed.

    Raises ``EcritureRefusee`` (profile, store not empty), ``InstantaneAbime``, :class:`InstantaneRefuse`.
    """
    exige(app.auteur)
    migre(app.moteur)
    exige_vide(app.moteur)
    progres("vérification", 0.0)
    exige_intact(paquet)
    version = lis_version(paquet)
    indicateurs = lis_table(paquet, schema.INDICATEURS)
    changes = _compare(app, indicateurs)
    commands.enregistre_espace(app.moteur, app.espace, *espace_canonique(app.espace, app.sources), app.auteur)
    sceau = Sceau.lis((paquet / SCEAU).read_bytes())
    contenu = Contenu(
        f"instantané · {sceau.semaine} ({sceau.audience})", sceau.sceau, str(version["espace"]),
        lis_table(paquet, schema.TERRITOIRES), lis_table(paquet, schema.APPARTENANCES),
        lis_table(paquet, schema.PASSAGES), lis_table(paquet, schema.OBJECTIFS), lis_table(paquet, schema.APPORTS),
        _valeurs(paquet, progres),
    )  # fmt: skip
    total = _ecris(app.moteur, app.auteur, contenu)
    return {"semaine": sceau.semaine, "arrete": version["arrete"], "valeurs": total, "changes": changes}


def _compare(app: Application, indicateurs: list[dict[str, Any]]) -> list[str]:
    """The indicators whose definition is no longer the same. Raises when one is no longer declared at all."""
    declares = {i.id: empreinte(canonique(i.model_dump(mode="json"))) for i in app.espace.indicateurs}
    inconnus = [i["id"] for i in indicateurs if i["id"] not in declares]
    if inconnus:
        raise InstantaneRefuse(
            f"L'espace « {app.espace.id} » ne déclare pas « {inconnus[0]} », que contient cet instantané. "
            "Donner à BOUSSOLE_ESPACE l'espace de cette semaine (espace.json dit ce qu'il était)."
        )
    return [i["id"] for i in indicateurs if declares[i["id"]] != i["empreinte"]]


def _valeurs(paquet: Path, progres: Progres) -> Iterator[pd.DataFrame]:
    fichier = pq.ParquetFile(paquet / "donnees" / "observations.parquet")
    for rang in range(fichier.num_row_groups):
        progres("valeurs", rang / fichier.num_row_groups)
        yield fichier.read_row_group(rang).to_pandas()


def lis_table(paquet: Path, table: schema.Table) -> list[dict[str, Any]]:
    """The rows of a CSV of a package, each cell of its declared type; an empty cell is None."""
    genres = {c.nom: c.genre for c in table.champs}
    with (paquet / "donnees" / f"{table.nom}.csv").open(encoding="utf-8", newline="") as fichier:
        return [{c: valeur(v, genres[c]) for c, v in ligne.items()} for ligne in csv.DictReader(fichier)]


def valeur(texte: str, genre: str) -> Any:
    """One cell of its declared type; empty is None."""
    if texte == "":
        return None
    if genre == "number":
        return float(texte)
    if genre == "integer":
        return int(texte)
    if genre == "date":
        return date.fromisoformat(texte)
    if genre == "datetime":
        return datetime.fromisoformat(texte).replace(tzinfo=None)
    return json.loads(texte) if genre == "boolean" else texte
