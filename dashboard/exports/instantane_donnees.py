"""The rows of every table of a snapshot but the observations, as plain Python: what the reader may see, no more."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from dashboard.domain.fraicheur import fraicheur
from dashboard.domain.indicateur import Credits, Indicateur
from dashboard.domain.instantane import canonique, empreinte
from dashboard.exports import instantane_schema as schema
from dashboard.exports.instantane_contexte import Contexte
from dashboard.exports.instantane_ecrit import ecris_table
from dashboard.exports.instantane_resultats import etats, resultats
from dashboard.store import instantanes, queries
from dashboard.store.apports import load_apports
from dashboard.store.moteur import lecture

Ligne = Mapping[str, Any]


def ecris_tables(contexte: Contexte, dossier: Path) -> None:
    """Writes ``donnees/*.csv`` and their Parquet, once the observations are counted."""
    for rang, table in enumerate(schema.TABLES):
        contexte.progres("tables", rang / len(schema.TABLES))
        ecris_table(dossier, table, LIGNES[table.nom](contexte))


def objectifs(contexte: Contexte) -> list[Ligne]:
    """Targets in force."""
    with lecture(contexte.moteur) as connexion:
        cadre = queries.load_objectifs(connexion, contexte.lecteur, contexte.visibles)
    return _lignes(cadre.rename(columns={"code_territoire": "territoire"}), schema.OBJECTIFS)


def indicateurs(contexte: Contexte) -> list[Ligne]:
    """Declarations, each with its fingerprint."""
    return [_indicateur(i) for i in contexte.indicateurs]


def _indicateur(declare: Indicateur) -> Ligne:
    declaration = declare.model_dump(mode="json")
    champs = {c.nom: declaration.get(c.nom) for c in schema.INDICATEURS.champs}
    return champs | {
        "mailles": _json([m.value for m in declare.mailles]),
        "sources": _json(list(declare.sources)),
        "empreinte": empreinte(canonique(declaration)),
    }


def territoires(contexte: Contexte) -> list[Ligne]:
    """Current territories."""
    with lecture(contexte.moteur) as connexion:
        millesimes = instantanes.list_millesimes(connexion)
    return _lignes(contexte.places.merge(millesimes, on="code"), schema.TERRITOIRES)


def appartenances(contexte: Contexte) -> list[Ligne]:
    """Memberships between current territories."""
    with lecture(contexte.moteur) as connexion:
        liens = instantanes.list_appartenances(connexion)
    connus = set(contexte.places["code"])
    return _lignes(liens[liens["enfant"].isin(connus) & liens["parent"].isin(connus)], schema.APPARTENANCES)


def passages(contexte: Contexte) -> list[Ligne]:
    """Passages between vintages."""
    with lecture(contexte.moteur) as connexion:
        return _lignes(instantanes.list_passages(connexion), schema.PASSAGES)


def politiques(contexte: Contexte) -> list[Ligne]:
    """Policies."""
    return [
        {"id": p.id, "nom": p.nom, "credits": _credits(contexte, p.credits)} for p in contexte.espace.politiques
    ]  # fmt: skip


def programmes(contexte: Contexte) -> list[Ligne]:
    """Programmes that this reader may know of; a closed indicator is named nowhere."""
    vus = set(contexte.visibles)
    return [
        {
            "id": p.id, "politique": p.politique, "nom": p.nom, "nom_court": p.nom_court, "cadre": p.cadre,
            "indicateurs": _json([i for i in p.indicateurs if i in vus]),
            "poids": _json({i: x for i, x in p.poids.items() if i in vus}),
            "lies": _json([i for i in p.lies if i in vus]),
            "direction": p.direction, "credits": _credits(contexte, p.credits), "non_mesure": p.non_mesure,
        }
        for p in contexte.programmes
    ]  # fmt: skip


def _credits(contexte: Contexte, credits: Credits) -> str:
    return _json({cle: i for cle, i in credits.declares.items() if i in set(contexte.visibles)})


def apports(contexte: Contexte) -> list[Ligne]:
    """The latest version of each contribution on what is visible, written when the snapshot began at the latest."""
    sujets = [*contexte.visibles, *(p.id for p in contexte.programmes)]
    with lecture(contexte.moteur) as connexion:
        lus = load_apports(connexion, contexte.lecteur, sujets)
    return [
        {
            "fil": a.fil, "version": a.version, "genre": a.genre.value, "sujet": a.sujet, "territoire": a.code,
            "contenu": _json(a.contenu.model_dump(mode="json")), "fonction": a.signature.fonction,
            "direction": a.signature.direction, "acces": a.acces.value, "cree_le": instant(a.cree_le),
        }
        for a in lus
    ]  # fmt: skip


def sources(contexte: Contexte) -> list[Ligne]:
    """Sources; how they are reached stays here."""
    colonnes = [c.nom for c in schema.SOURCES.champs]
    return [{c: s.model_dump(mode="json")[c] for c in colonnes} for s in contexte.sources_visibles]


def lots(contexte: Contexte) -> list[Ligne]:
    """Lineage: the lots of these sources. A query is not said: it may name what is closed to this reader."""
    with lecture(contexte.moteur) as connexion:
        lus = queries.load_lots(connexion)
    lus["origine"] = [" · ".join(str(o).split(" · ")[:2]) for o in lus["origine"]]
    siens = lus[lus["source"].isin([s.id for s in contexte.sources_visibles]) & (lus["id"] <= contexte.lecteur.lot)]
    return _lignes(siens.rename(columns={"id": "lot"}), schema.LOTS)


def qualite(contexte: Contexte) -> list[Ligne]:
    """What each series is worth."""
    declares = {i.id: i for i in contexte.indicateurs}
    lignes: list[Ligne] = []
    for b in contexte.bilan:
        d = declares.get(b.indicateur)
        etat = fraicheur(b.derniere, d.rythme_mois, d.delai_mois, contexte.arrete) if d else None
        lignes.append(
            {"indicateur": b.indicateur, "valeurs": b.valeurs, "secretes": b.secretes, "sans_valeur": b.sans_valeur,
             "premiere": b.premiere, "derniere": b.derniere, "fraicheur": etat.value if etat else None}
        )  # fmt: skip
    return lignes


LIGNES: Mapping[str, Callable[[Contexte], Sequence[Ligne]]] = {
    "resultats": resultats, "etats": etats, "objectifs": objectifs, "indicateurs": indicateurs,
    "territoires": territoires, "appartenances": appartenances, "passages": passages, "politiques": politiques,
    "programmes": programmes, "apports": apports, "sources": sources, "lots": lots, "qualite": qualite,
}  # fmt: skip


def _lignes(cadre: pd.DataFrame, table: schema.Table) -> list[Ligne]:
    """Rows as plain values of the types of the table; missing is None."""
    colonnes = {c.nom: [_valeur(v, c.genre) for v in cadre[c.nom].tolist()] for c in table.champs}
    return [dict(zip(colonnes, ligne, strict=True)) for ligne in zip(*colonnes.values(), strict=True)]


def _valeur(valeur: Any, genre: str) -> Any:
    if valeur is None or pd.isna(valeur):
        return None
    if genre == "datetime":
        return instant(pd.Timestamp(valeur).to_pydatetime())
    if genre == "date":
        return valeur if type(valeur) is date else pd.Timestamp(valeur).date()
    return int(valeur) if genre == "integer" else valeur


def instant(quand: datetime) -> str:
    """UTC, ISO 8601; a naive instant is UTC already, as the store keeps it."""
    return quand.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")


def _json(contenu: Any) -> str:
    return json.dumps(contenu, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
