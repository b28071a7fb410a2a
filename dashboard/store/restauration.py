"""An empty store filled again from what a snapshot published: values as shown, not the measures they came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, Table, func, insert, select

from dashboard.domain.lecteur import Auteur
from dashboard.domain.territoire import Maille
from dashboard.store.ecriture import EcritureRefusee, compacte, maintenant, publication
from dashboard.store.masse import insere
from dashboard.store.schema import (
    LOT_OUVERT,
    apport,
    cog_passage,
    indicateur,
    lot,
    objectif,
    territoire,
    territoire_lien,
    valeur,
)

SOURCE = "restauration"
_OCCUPEES: Mapping[str, Table] = {"lots": lot, "valeurs": valeur, "territoires": territoire, "contributions": apport,
                                  "cibles": objectif}  # fmt: skip
_RANGS = {m.value: m.rang for m in Maille}
Lignes = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Contenu:
    """What a package gives. Rows have the names of the tables of the package; ``valeurs`` come batch by batch."""

    origine: str
    sceau: str
    espace: str
    territoires: Lignes
    appartenances: Lignes
    passages: Lignes
    objectifs: Lignes
    apports: Lignes
    valeurs: Iterable[pd.DataFrame]


def exige_vide(moteur: Engine) -> None:
    """Raises ``EcritureRefusee`` unless nothing at all is in the store."""
    with moteur.connect() as connexion:
        pleines = [
            nom for nom, table in _OCCUPEES.items() if connexion.execute(select(table).limit(1)).first() is not None
        ]
    if pleines:
        raise EcritureRefusee(
            f"Restauration refusée : le magasin n'est pas vide ({', '.join(pleines)}). Rien n'est jamais écrasé : "
            "donner à BOUSSOLE_DB l'adresse d'un magasin neuf."
        )


def restaure(moteur: Engine, auteur: Auteur, contenu: Contenu) -> int:
    """Writes everything as one lot, in one transaction. How many values. The espace must be registered already."""
    exige_vide(moteur)
    with publication(moteur, auteur, "restauration", contenu.origine) as connexion:
        numero = _lot(connexion, auteur, contenu)
        lieux = _territoires(connexion, contenu.territoires)
        for table, lignes in ((territoire_lien, contenu.appartenances), (cog_passage, contenu.passages)):
            if lignes:
                connexion.execute(insert(table), list(lignes))
        _objectifs(connexion, contenu.objectifs, numero)
        if contenu.apports:
            connexion.execute(insert(apport), [_renomme(a, "territoire", "code") for a in contenu.apports])
        total = _valeurs(connexion, contenu.valeurs, lieux, numero)
    compacte(moteur)
    return total


def _lot(connexion: Connection, auteur: Auteur, contenu: Contenu) -> int:
    connexion.execute(
        insert(lot).values(
            id=1, source=SOURCE, origine=contenu.origine, sha256=contenu.sceau, auteur=auteur.profil,
            cree_le=maintenant(), statut="publie", recues=0, acceptees=0, rejetees=0, espace=contenu.espace, regles="",
            message="Reconstruit depuis un instantané : valeurs telles que publiées.", genre=SOURCE,
        )
    )  # fmt: skip
    if connexion.dialect.name == "postgresql":
        connexion.execute(select(func.setval(func.pg_get_serial_sequence("lot", "id"), 1)))
    return 1


def _territoires(connexion: Connection, lignes: Lignes) -> dict[str, int]:
    lieux = {str(ligne["code"]): n for n, ligne in enumerate(lignes, 1)}
    connexion.execute(insert(territoire), [{**x, "id": lieux[x["code"]]} for x in lignes])
    return lieux


def _objectifs(connexion: Connection, lignes: Lignes, numero: int) -> None:
    if lignes:
        duree = {"lot_debut": numero, "lot_fin": LOT_OUVERT}
        connexion.execute(
            insert(objectif), [{**_renomme(x, "territoire", "code_territoire"), **duree} for x in lignes]
        )  # fmt: skip


def _renomme(ligne: Mapping[str, Any], avant: str, apres: str) -> dict[str, Any]:
    return {apres if c == avant else c: v for c, v in ligne.items()}


def _valeurs(connexion: Connection, cadres: Iterable[pd.DataFrame], lieux: Mapping[str, int], numero: int) -> int:
    cles = {str(c): int(i) for i, c in connexion.execute(select(indicateur.c.id, indicateur.c.code))}
    total = 0
    for cadre in cadres:
        lignes = cadre.assign(
            indicateur_id=cadre["indicateur"].map(cles), territoire_id=cadre["territoire"].map(dict(lieux)),
            maille=cadre["maille"].map(_RANGS), lot_debut=numero, lot_fin=LOT_OUVERT,
        )  # fmt: skip
        insere(connexion, valeur, lignes)
        total += len(lignes)
    return total
