"""pull -> check -> lot: reads a source, validates, quarantines, projects, publishes in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from dashboard.domain.formatage import compte, nombre
from dashboard.domain.indicateur import Espace
from dashboard.domain.lecteur import Auteur
from dashboard.domain.reference import Reference
from dashboard.domain.source import Source
from dashboard.store import commands, reference
from dashboard.store.moteur import Connection, Engine
from data_sources.lecture import COLONNES_REJET, LotRefuse, Lues, lis_mesures, lis_objectifs
from data_sources.projection import VERSION, projette


@dataclass(frozen=True)
class Resultat:
    """What one source gave. ``etat``: publie, deja_publie, refuse, verifie (dry run), indisponible."""

    source: str
    etat: str
    message: str
    bilan: commands.Bilan | None = None


@dataclass(frozen=True)
class Contexte:
    """What every pull needs: the store, the espace and its hash, the sources, who writes."""

    moteur: Engine
    espace: Espace
    empreinte: str
    auteur: Auteur
    lecteurs: dict[str, Callable[[Source], pd.DataFrame]]


def tire(contexte: Contexte, source: Source, *, a_blanc: bool = False) -> Resultat:
    """Pulls one source. Never raises for bad data: the refusal is recorded and yesterday's values stay."""
    brutes = contexte.lecteurs[source.connecteur](source)
    sha256 = empreinte(brutes)
    entete = commands.Lot(source.id, _origine(source), sha256, contexte.empreinte, len(brutes), regles(contexte))
    with contexte.moteur.connect() as connexion:
        dernier = commands.dernier_lot(connexion, source.id)
        places = reference.lis(connexion, contexte.espace.millesime_cog)
    if dernier and dernier[1:] == (sha256, entete.regles):
        return Resultat(source.id, "deja_publie", f"déjà publié (lot {dernier[0]}), rien n'a changé")
    rejets = pd.DataFrame(columns=COLONNES_REJET)
    try:
        lues = _lis(brutes, source, contexte.espace, places)
        rejets = lues.rejets
        _verifie_attentes(brutes, lues, source)
    except LotRefuse as refus:
        return _refuse(contexte, entete, rejets, str(refus), a_blanc)
    if a_blanc:
        message = f"{compte(len(lues.bonnes), 'ligne', 'lignes')} à publier, {len(lues.rejets)} refus"
        return Resultat(source.id, "verifie", message)
    bilan = _publie(contexte, source, entete, lues, places)
    return Resultat(source.id, "publie", _phrase(bilan), bilan)


def regles(contexte: Contexte) -> str:
    """Hash of the espace, of the referential and of the projection: when it changes, the same rows show otherwise."""
    with contexte.moteur.connect() as connexion:
        places = reference.empreinte(connexion)
    return hashlib.sha256(f"{contexte.empreinte} {places} {VERSION}".encode()).hexdigest()


def empreinte(brutes: pd.DataFrame) -> str:
    """sha256 of the rows as received."""
    return hashlib.sha256(brutes.to_csv(index=False).encode()).hexdigest()


def _origine(source: Source) -> str:
    return f"{source.connecteur} · {source.url} · {' '.join(source.requete.split())}"


def _lis(brutes: pd.DataFrame, source: Source, espace: Espace, places: Reference) -> Lues:
    if source.nature == "objectifs":
        return lis_objectifs(brutes, source, espace, frozenset(places.courants["code"]))
    return lis_mesures(brutes, source, espace, codes_connus(places))


def codes_connus(places: Reference) -> dict[int, frozenset[str]]:
    """Valid territory codes of each COG vintage; one that falls inside a step of the passage cannot be carried."""
    debut, fin = places.territoires["millesime_debut"], places.territoires["millesime_fin"].fillna(9999)
    de, vers = places.passage["millesime_de"], places.passage["millesime_vers"]
    annees = [a for a in range(int(debut.min()), places.millesime + 1) if not ((de < a) & (a < vers)).any()]
    return {a: frozenset(places.territoires.loc[(debut <= a) & (a <= fin), "code"]) for a in annees}


def _verifie_attentes(brutes: pd.DataFrame, lues: Lues, source: Source) -> None:
    """Raises :class:`LotRefuse` when row bounds, refusals or a known total are not as declared."""
    attentes = source.attentes
    if not attentes.lignes_min <= len(brutes) <= attentes.lignes_max:
        raise LotRefuse(
            f"Source « {source.id} » : {compte(len(brutes), 'ligne reçue', 'lignes reçues')}, entre "
            f"{nombre(attentes.lignes_min)} et {nombre(attentes.lignes_max)} attendues. Vérifier la livraison."
        )
    refusees = lues.rejets["ligne"].nunique()
    if refusees > attentes.rejets_max:
        premier = lues.rejets.iloc[0]
        raise LotRefuse(
            f"Source « {source.id} » : {compte(refusees, 'ligne refusée', 'lignes refusées')} "
            f"({attentes.rejets_max} admises). Ligne {premier.ligne} : {premier.message} ; {premier.suggestion}."
        )
    for cle, attendu in attentes.totaux.items():
        _verifie_total(lues.bonnes, cle, attendu, source)


def _verifie_total(bonnes: pd.DataFrame, cle: str, attendu: float, source: Source) -> None:
    indicateur, annee = cle.rsplit(" ", 1)
    lignes = bonnes[bonnes["indicateur"].eq(indicateur) & bonnes["fin"].map(lambda f: str(f.year)).eq(annee)]
    total = float(lignes["valeur"].sum())
    if abs(total - attendu) > 1e-6 * max(1.0, abs(attendu)):
        raise LotRefuse(
            f"Source « {source.id} » : {indicateur} {annee} totalise {nombre(total)}, {nombre(attendu)} attendus. "
            "Vérifier le millésime déclaré et le périmètre."
        )


def _refuse(contexte: Contexte, entete: commands.Lot, rejets: pd.DataFrame, message: str, a_blanc: bool) -> Resultat:
    if not a_blanc:
        trace = commands.Lot(**{**entete.__dict__, "message": message})
        commands.refuse_lot(contexte.moteur, trace, rejets, contexte.auteur)
    return Resultat(entete.source, "refuse", message)


def _publie(contexte: Contexte, source: Source, entete: commands.Lot, lues: Lues, places: Reference) -> commands.Bilan:
    if source.nature == "objectifs":
        return commands.publie_objectifs(contexte.moteur, entete, lues.bonnes, lues.rejets, contexte.auteur)

    def projection(connexion: Connection, _: int) -> pd.DataFrame:
        cles = commands.cles_indicateurs(connexion)
        return projette(lues.bonnes, {i.id: i for i in contexte.espace.indicateurs}, cles, places)

    return commands.publie_mesures(contexte.moteur, entete, lues.bonnes, lues.rejets, projection, contexte.auteur)


def _phrase(bilan: commands.Bilan) -> str:
    parties = [
        (bilan.nouvelles, "nouvelle", "nouvelles"),
        (bilan.modifiees, "modifiée", "modifiées"),
        (bilan.retirees, "retirée", "retirées"),
        (bilan.inchangees, "inchangée", "inchangées"),
    ]
    detail = ", ".join(f"{nombre(n)} {singulier if n < 2 else plusieurs}" for n, singulier, plusieurs in parties if n)
    return f"lot {bilan.lot} publié : {detail or 'aucune valeur'}"


def reprojette(contexte: Contexte, sources: Sequence[Source]) -> dict[str, pd.DataFrame]:
    """``valeur`` computed again from ``mesure`` alone, by source: what a rebuild would show."""
    tables = {}
    with contexte.moteur.connect() as connexion:
        places = reference.lis(connexion, contexte.espace.millesime_cog)
        cles = commands.cles_indicateurs(connexion)
        declares = {i.id: i for i in contexte.espace.indicateurs}
        for source in sources:
            dernier = commands.dernier_lot(connexion, source.id)
            if dernier and source.nature == "mesures":
                tables[source.id] = projette(commands.lis_mesures(connexion, dernier[0]), declares, cles, places)
    return tables
