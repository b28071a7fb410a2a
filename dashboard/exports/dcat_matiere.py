"""What the catalogue and the lineage are made from: the datasets a reader may know of, and the files that hold them.

A dataset is a source, as its supplier's own dataset is known. It is here once something of it was published and a value
of it, or a target, may be read: a restricted one is not even named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd

from dashboard.domain.convention import plus_etroit
from dashboard.domain.indicateur import Acces, Espace, Indicateur
from dashboard.domain.lecteur import Lecteur
from dashboard.domain.lots import LotPublie, en_vigueur
from dashboard.domain.organisme import Producteur
from dashboard.domain.source import Source
from dashboard.store import queries
from dashboard.store.couvertures import load_couvertures
from dashboard.store.moteur import Connection

Couverture = tuple[date, date]


@dataclass(frozen=True)
class Fichier:
    """A file of a package: its path there, its bytes and their sha256."""

    chemin: str
    taille: int
    sha256: str

    @property
    def extension(self) -> str:
        """``csv``, ``parquet``…"""
        return self.chemin.rpartition(".")[2]


@dataclass(frozen=True)
class Lot:
    """A published delivery of a source; ``en_vigueur``: today's values rest on it."""

    numero: int
    sha256: str
    cree_le: datetime
    en_vigueur: bool


@dataclass(frozen=True)
class Jeu:
    """A dataset as one reader sees it. ``couverture``: days of its values, or of its targets, that he may read."""

    source: Source
    indicateurs: tuple[Indicateur, ...]
    producteurs: tuple[Producteur, ...]
    couverture: Couverture
    lots: tuple[Lot, ...]
    modifie: datetime

    @property
    def id(self) -> str:
        """That of its source."""
        return self.source.id

    @property
    def publie(self) -> datetime:
        """When its first delivery was published here."""
        return self.lots[0].cree_le

    @property
    def acces(self) -> Acces:
        """The narrowest access of the source and of what this reader sees of it."""
        return plus_etroit([self.source.acces, *(i.acces for i in self.indicateurs)])


@dataclass(frozen=True)
class Matiere:
    """All of it. ``adresse``: public address of the site, or empty. ``fichiers``: those of a package, by path.

    ``couvertures``: first and last day of the values of each indicator that has some.
    """

    espace: Espace
    visibles: frozenset[str]
    jeux: tuple[Jeu, ...]
    fichiers: Mapping[str, Fichier]
    adresse: str = ""
    couvertures: Mapping[str, Couverture] = field(default_factory=dict)

    @property
    def editeur(self) -> Producteur | None:
        """Who publishes the catalogue, when the espace names one of its producers."""
        return self.espace.producteur(self.espace.editeur) if self.espace.editeur else None

    def fichier(self, indicateur: str) -> Fichier | None:
        """The values of an indicator."""
        return self.fichiers.get(f"donnees/observations/{indicateur}.csv")


def matiere(
    connexion: Connection,
    lecteur: Lecteur,
    espace: Espace,
    sources: Iterable[Source],
    fichiers: Mapping[str, Fichier],
    adresse: str = "",
    couvertures: Mapping[str, Couverture] | None = None,
) -> Matiere:
    """Reads it as of the reader's lot. ``couvertures``: when they were counted already, by indicator."""
    visibles = frozenset(queries.list_indicateurs(connexion, lecteur))
    connues = load_couvertures(connexion, lecteur) if couvertures is None else couvertures
    tous = queries.load_lots(connexion)
    publies = tous[(tous["id"] <= lecteur.lot) & (tous["statut"] == "publie")].sort_values("id")
    cibles = queries.load_objectifs(connexion, lecteur, sorted(visibles))
    cibles["source"] = cibles["lot_debut"].map(publies.set_index("id")["source"])
    declares = [i for i in espace.ordonnes if i.id in visibles]
    jeux = []
    for source in sorted(sources, key=lambda s: s.id):
        siens = publies[publies["source"] == source.id]
        if source.acces not in lecteur.acces or siens[siens["genre"] == "livraison"].empty:
            continue
        if source.nature == "objectifs":
            contenu = _cibles(cibles[cibles["source"] == source.id], declares)
        else:
            contenu = _mesures(source, declares, connues)
        if contenu:
            jeux.append(_jeu(source, *contenu, siens, espace))
    return Matiere(espace, visibles, tuple(jeux), dict(fichiers), adresse, connues)


def _mesures(
    source: Source, declares: Sequence[Indicateur], couvertures: Mapping[str, Couverture]
) -> tuple[tuple[Indicateur, ...], Couverture] | None:
    siens = tuple(i for i in declares if source.id in i.sources and i.id in couvertures)
    jours = [couvertures[i.id] for i in siens]
    return (siens, (min(d for d, _ in jours), max(f for _, f in jours))) if siens else None


def _cibles(cibles: pd.DataFrame, declares: Sequence[Indicateur]) -> tuple[tuple[Indicateur, ...], Couverture] | None:
    siens = tuple(i for i in declares if i.id in set(cibles["indicateur"]))
    jours = [_jour(d) for c in ("date_initiale", "echeance") for d in cibles[c].dropna()]
    return (siens, (min(jours), max(jours))) if siens else None


def _jour(valeur: Any) -> date:
    return pd.Timestamp(valeur).date()


def _jeu(
    source: Source, indicateurs: tuple[Indicateur, ...], couverture: Couverture, siens: pd.DataFrame, espace: Espace
) -> Jeu:
    livraisons = siens[siens["genre"].isin(["livraison", "annulation"])]
    suite = [LotPublie(int(n), None if pd.isna(a) else int(a)) for n, a in livraisons[["id", "annule"]].to_numpy()]
    valables = set(en_vigueur(suite, complete=source.livraison == "complete"))
    lots = tuple(
        Lot(int(x["id"]), str(x["sha256"]), _instant(x["cree_le"]), int(x["id"]) in valables)
        for x in siens.to_dict("records") if x["genre"] == "livraison"
    )  # fmt: skip
    noms = {source.producteur} if source.producteur else {i.producteur for i in indicateurs}
    producteurs = tuple(p for p in espace.producteurs if p.id in noms)
    return Jeu(source, indicateurs, producteurs, couverture, lots, _instant(siens["cree_le"].max()))


def _instant(valeur: Any) -> datetime:
    return pd.Timestamp(valeur).to_pydatetime().replace(tzinfo=UTC, microsecond=0)
