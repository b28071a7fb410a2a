"""The territorial referential in the store: written from the espace's files, read by the pipeline and the pages."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine, delete, insert, select, update

from dashboard.domain.lecteur import Auteur
from dashboard.domain.reference import Reference, population_courante
from dashboard.espace import lis_fichiers
from dashboard.store.ecriture import publication
from dashboard.store.schema import MAGASIN, cog_passage, etat, territoire, territoire_lien


def charge(moteur: Engine, dossier: Path, millesime: int, auteur: Auteur) -> bool:
    """Writes the referential when its files changed. True when it was written."""
    cadres, fichiers = lis_fichiers(dossier)
    with moteur.connect() as connexion:
        if empreinte(connexion) == fichiers:
            return False
    population = population_courante(cadres["populations"], cadres["passage"], millesime)
    derniere = population[population["annee"] == population["annee"].max()].set_index("code")["population"]
    places = _avec_population(cadres["territoires"], cadres["liens"], derniere)
    with publication(moteur, auteur, "reference", f"{len(places)} territoires") as connexion:
        _remplace_territoires(connexion, places)
        passages = [cadres["passage"], *_anciens(cadres)]
        for table, morceaux in ((territoire_lien, [cadres["liens"]]), (cog_passage, passages)):
            connexion.execute(delete(table))
            if lignes := [x for m in morceaux for x in _lignes(m)]:  # no merger, no renaming: it may be empty
                connexion.execute(insert(table), lignes)
        connexion.execute(update(etat).where(etat.c.id == MAGASIN).values(empreinte_reference=fichiers))
    return True


def _anciens(cadres: dict[str, pd.DataFrame]) -> list[pd.DataFrame]:
    """Former commune codes as a step of the passage that ends at the first vintage."""
    anciens = cadres.get("anciens")
    if anciens is None:
        return []
    premier = int(cadres["territoires"]["millesime_debut"].min())
    noms = anciens.rename(columns={"code": "code_de"})[["code_de", "code_vers"]]
    return [noms.assign(millesime_de=premier - 1, millesime_vers=premier, type="fusion", part=1.0)]


def empreinte(connexion: Connection) -> str | None:
    """sha256 of the files the referential was written from; None before the first time."""
    valeur: str | None = connexion.execute(select(etat.c.empreinte_reference).where(etat.c.id == MAGASIN)).scalar()
    return valeur


def _avec_population(places: pd.DataFrame, liens: pd.DataFrame, population: pd.Series) -> pd.DataFrame:
    """Current places with their latest municipal population; parents get the sum of their communes."""
    actifs = liens[liens["millesime_fin"].isna()]
    total = population.copy()
    for _ in ("communes vers EPCI et départements", "départements vers région"):
        sommes = actifs.assign(p=actifs["enfant"].map(total)).groupby("parent")["p"].sum(min_count=1)
        total = sommes.combine_first(total)
    courantes = places["millesime_fin"].isna()
    return places.assign(population=places["code"].map(total).where(courantes))


def _remplace_territoires(connexion: Connection, places: pd.DataFrame) -> None:
    """Keeps the id of a place that was already known: ``valeur`` refers to it."""
    connus = {
        (ligne.code, ligne.millesime_debut): ligne.id
        for ligne in connexion.execute(select(territoire.c.id, territoire.c.code, territoire.c.millesime_debut))
    }
    suivant = max(connus.values(), default=0)
    lignes = []
    for ligne in _lignes(places):
        cle = (ligne["code"], ligne["millesime_debut"])
        if cle not in connus:
            suivant += 1
            connus[cle] = suivant
        lignes.append(ligne | {"id": connus[cle]})
    connexion.execute(delete(territoire))
    connexion.execute(insert(territoire), lignes)


def _lignes(cadre: pd.DataFrame) -> list[dict[str, object]]:
    """Rows as plain Python values, missing as None."""
    objets = cadre.astype(object)
    return objets.where(cadre.notna(), None).to_dict("records")  # type: ignore[return-value]


def lis(connexion: Connection, millesime: int) -> Reference:
    """The referential as it stands in the store."""
    places = pd.DataFrame(connexion.execute(select(territoire)).mappings().all())
    liens = pd.DataFrame(connexion.execute(select(territoire_lien)).mappings().all())
    colonnes = [c.name for c in cog_passage.columns]
    passage = pd.DataFrame(connexion.execute(select(cog_passage)).mappings().all(), columns=colonnes)
    return Reference(places, liens, passage, millesime)
