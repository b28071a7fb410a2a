"""pull -> shape -> check -> lot: reads a source, repairs what is declared, quarantines, projects, publishes at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from dashboard.domain.formatage import compte, nombre
from dashboard.domain.indicateur import Espace
from dashboard.domain.lecteur import Auteur
from dashboard.domain.lots import en_vigueur
from dashboard.domain.reference import Reference
from dashboard.domain.source import Source
from dashboard.store import commands, reference
from dashboard.store.moteur import Connection, Engine
from data_sources.cibles import lis_objectifs
from data_sources.connectors import Livraison, LivraisonIllisible, SourceIndisponible
from data_sources.controles import (
    LotRefuse,
    controle_lignes,
    controle_valeurs,
    controle_variation,
    deja_montrees,
    perimetres_changes,
)
from data_sources.etat import projection
from data_sources.identifiants import IdentifiantsRefuses, sans_identifiants
from data_sources.lecture import Lues, lis_mesures
from data_sources.mise_en_forme import Formee, met_en_forme
from data_sources.projection import VERSION
from data_sources.qualite import mesure_lot
from data_sources.rejets import COLONNES_REJET

Suivi = Callable[[str, float], None]
"""Told at each step: what is being done, and how far (0 to 1). It may raise to stop: nothing is published then."""


@dataclass(frozen=True)
class Resultat:
    """What one source gave. ``etat``: publie, deja_publie, inchange, refuse, verifie (dry run), indisponible.

    ``rejets``: refused cells. ``ecarts``: what is changed, or would be. ``a_effacer``: it carries personal identifiers,
    any copy of what was received must go.
    """

    source: str
    etat: str
    message: str
    bilan: commands.Bilan | None = None
    rejets: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=COLONNES_REJET))
    ecarts: commands.Ecarts | None = None
    entete: commands.Lot | None = None
    validateurs: Mapping[str, str] = field(default_factory=dict)
    a_effacer: bool = False


@dataclass(frozen=True)
class Contexte:
    """What every pull needs: the store, the espace and its hash, the sources, who writes, how to read a source."""

    moteur: Engine
    espace: Espace
    empreinte: str
    auteur: Auteur
    sources: Sequence[Source]
    lis: Callable[[Source], Livraison | None]
    codes_postaux: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["code_postal", "code"]))
    suivi: Suivi = lambda _etape, _part: None


def tire(contexte: Contexte, source: Source, *, a_blanc: bool = False) -> Resultat:
    """Pulls one source. Never raises for bad data: the refusal is recorded and yesterday's values stay."""
    contexte.suivi("Lecture de la source", 0.05)
    try:
        livraison = contexte.lis(source)
    except SourceIndisponible as erreur:
        return Resultat(source.id, "indisponible", str(erreur))
    except LivraisonIllisible as erreur:
        illisible = Resultat(source.id, "refuse", str(erreur), a_effacer=True)  # what nobody could search is not kept
        return _refuse(contexte, _entete(contexte, source), illisible, a_blanc)
    if livraison is None:
        return Resultat(source.id, "inchange", "inchangée chez le producteur depuis le dernier tirage")
    return _controle_et_publie(contexte, source, livraison, a_blanc)


def _entete(contexte: Contexte, source: Source, livraison: Livraison | None = None) -> commands.Lot:
    complete = source.livraison == "complete"
    recu = (livraison.origine, livraison.sha256) if livraison else (f"{source.connecteur} · {source.url}", "")
    recues = len(livraison.lignes) if livraison else 0
    return commands.Lot(source.id, *recu, contexte.empreinte, recues, regles(contexte), complete=complete)


def _controle_et_publie(contexte: Contexte, source: Source, livraison: Livraison, a_blanc: bool) -> Resultat:
    try:
        livraison = replace(livraison, lignes=sans_identifiants(livraison.lignes, source))
    except IdentifiantsRefuses as refus:
        depose = livraison.fichier if source.connecteur == "fichier" and not source.a_la_main else None
        suite = f" Retirer aussi « {depose.name} » du dossier de dépôt, s'il y est." if depose else ""
        resultat = Resultat(source.id, "refuse", f"{refus}{suite}", a_effacer=True)
        return _refuse(contexte, _entete(contexte, source, livraison), resultat, a_blanc)
    entete = _entete(contexte, source, livraison)
    with contexte.moteur.connect() as connexion:
        dernier = commands.dernier_lot(connexion, source.id)
        places = reference.lis(connexion, contexte.espace.millesime_cog)
    if dernier and (dernier.sha256, dernier.regles) == (entete.sha256, entete.regles):
        message = f"déjà publié (lot {dernier.id}), rien n'a changé"
        return Resultat(source.id, "deja_publie", message, validateurs=livraison.validateurs)
    resultat = Resultat(source.id, "verifie", "", entete=entete, validateurs=livraison.validateurs)
    try:
        lues, entete = _lis(contexte, livraison, source, places, entete)
        resultat = replace(resultat, rejets=lues.rejets, entete=entete)
        contexte.suivi("Contrôles", 0.4)
        controle_lignes(len(livraison.lignes), lues, source, dernier.recues if dernier else None)
        if source.nature == "mesures":
            controle_valeurs(lues.bonnes, source, {i.id: i for i in contexte.espace.indicateurs})
        contexte.suivi("Comparaison avec les valeurs publiées", 0.5)
        return _publie(contexte, source, lues, places, resultat, a_blanc)
    except (LotRefuse, LivraisonIllisible) as refus:
        return _refuse(contexte, entete, replace(resultat, etat="refuse", message=str(refus)), a_blanc)


def _lis(
    contexte: Contexte, livraison: Livraison, source: Source, places: Reference, entete: commands.Lot
) -> tuple[Lues, commands.Lot]:
    if source.nature == "objectifs":
        lues = lis_objectifs(livraison.lignes, source, contexte.espace, frozenset(places.courants["code"]))
        return lues, replace(entete, acceptees=len(lues.bonnes))
    contexte.suivi("Mise en forme", 0.2)
    formee = met_en_forme(livraison.lignes, source, _postaux(contexte, source, places))
    contexte.suivi("Vérification ligne à ligne", 0.3)
    lues = lis_mesures(formee.table, source, contexte.espace, codes_connus(places))
    retenues = _lignes_retenues(formee, lues)
    hors_champ = entete.recues - retenues - lues.rejets["ligne"].nunique()
    traces = (*formee.traces, *lues.traces)
    return lues, replace(entete, acceptees=retenues, hors_champ=hors_champ, traces=traces)


def _lignes_retenues(formee: Formee, lues: Lues) -> int:
    """Lines that gave a measure, alone or joined with others: in = retained + refused + out of scope."""
    refusees = pd.Index(lues.rejets["ligne"].unique())
    perdues = pd.Index(formee.table["ligne"].unique()).difference(pd.Index(lues.bonnes["ligne_source"].unique()))
    return len(formee.lignes.difference(refusees).difference(perdues))


def _postaux(contexte: Contexte, source: Source, places: Reference) -> dict[str, str]:
    """Territory of each postcode at the level the source declares, where all its communes are in the same one."""
    if source.forme is None or not source.forme.postal or source.forme.maille is None:
        return {}
    parents = places.parents.reset_index(drop=True).assign(code=lambda t: t["commune"])
    cibles = contexte.codes_postaux.merge(parents, on="code")[["code_postal", source.forme.maille.value]].dropna()
    uniques = cibles.drop_duplicates().drop_duplicates("code_postal", keep=False)
    return dict(zip(uniques["code_postal"], uniques[source.forme.maille.value], strict=True))


def _publie(
    contexte: Contexte, source: Source, lues: Lues, places: Reference, resultat: Resultat, a_blanc: bool
) -> Resultat:
    """The difference first, with what it makes suspect; then, unless it is a dry run, the publication."""
    entete = resultat.entete
    assert entete is not None
    montre = projection(contexte.espace, contexte.sources, source, places, lues.bonnes)
    if a_blanc:
        return _difference(contexte, source, lues, places, resultat)

    juge = entete

    def verifie(ecarts: commands.Ecarts) -> commands.Lot:
        nonlocal juge
        contexte.suivi("Écriture", 0.8)
        alertes = _alertes(ecarts, lues, source, places)
        mesures = mesure_lot(contexte.moteur, contexte.espace, source, places, juge, lues, ecarts)
        juge = replace(juge, alertes=alertes, releves=mesures)
        return juge

    if source.nature == "objectifs":
        bilan, ecarts = commands.publie_objectifs(
            contexte.moteur, entete, lues.bonnes, lues.rejets, verifie, contexte.auteur
        )
    else:
        bilan, ecarts = commands.publie_mesures(
            contexte.moteur, entete, lues.bonnes, lues.rejets, montre, verifie, contexte.auteur
        )
    message = f"lot {bilan.lot} publié : {detail(bilan)}"
    return replace(resultat, etat="publie", message=message, bilan=bilan, ecarts=ecarts, entete=juge)


def _alertes(ecarts: commands.Ecarts, lues: Lues, source: Source, places: Reference) -> tuple[str, ...]:
    alertes = controle_variation(ecarts.avant["valeur"], ecarts.modifiees["valeur"], source)
    if source.nature == "objectifs":
        return (*alertes, *lues.alertes)
    alertes = (*alertes, *deja_montrees(ecarts.avant, ecarts.modifiees))
    return (*alertes, *perimetres_changes(lues.bonnes, places))


def _difference(contexte: Contexte, source: Source, lues: Lues, places: Reference, resultat: Resultat) -> Resultat:
    """What publishing would change, and nothing is written."""
    assert resultat.entete is not None
    with contexte.moteur.connect() as connexion:
        if source.nature == "objectifs":
            ecarts = commands.compare_objectifs(connexion, source.id, lues.bonnes)
        else:
            neuf = projection(contexte.espace, contexte.sources, source, places, lues.bonnes)(connexion)
            ecarts = commands.compare_valeurs(connexion, resultat.entete, neuf)
    alertes = _alertes(ecarts, lues, source, places)
    mesure_lot(contexte.moteur, contexte.espace, source, places, resultat.entete, lues, ecarts)
    refus = compte(lues.rejets["ligne"].nunique(), "ligne refusée", "lignes refusées")
    message = f"{compte(len(lues.bonnes), 'ligne', 'lignes')} à publier, {refus} : {detail(ecarts.bilan(0))}"
    entete = replace(resultat.entete, alertes=alertes)
    return replace(resultat, message=message, bilan=ecarts.bilan(0), ecarts=ecarts, entete=entete)


def _refuse(contexte: Contexte, entete: commands.Lot, resultat: Resultat, a_blanc: bool) -> Resultat:
    if not a_blanc:
        commands.refuse_lot(
            contexte.moteur, replace(entete, message=resultat.message), resultat.rejets, contexte.auteur
        )
    return replace(resultat, entete=entete)


def annule(contexte: Contexte, numero: int) -> Resultat:
    """A new lot that restores what lot ``numero`` had replaced. Raises :class:`LotRefuse` when it has no effect."""
    with contexte.moteur.connect() as connexion:
        lot = commands.lis_lot(connexion, numero)
        if lot is None or lot["statut"] != "publie" or lot["genre"] == "reconstruction":
            raise LotRefuse(f"Lot {numero} : aucun lot publié de ce numéro. Voir la liste des lots de la page Données.")
        source = next((s for s in contexte.sources if s.id == lot["source"]), None)
        if source is None:
            raise LotRefuse(f"Lot {numero} : sa source « {lot['source']} » n'est plus déclarée dans l'espace.")
        places = reference.lis(connexion, contexte.espace.millesime_cog)
        _exige_en_vigueur(connexion, source, numero, lot["genre"] == "annulation")
    origine = f"annulation du lot {numero}"
    entete = replace(_entete(contexte, source), origine=origine, message=origine)
    contexte.suivi("Retour aux valeurs d'avant", 0.5)
    if source.nature == "objectifs":
        bilan = commands.annule_objectifs(contexte.moteur, entete, numero, contexte.auteur)
    else:
        sans = projection(contexte.espace, contexte.sources, source, places, sans=frozenset({numero}))
        bilan = commands.annule_lot(contexte.moteur, entete, numero, sans, contexte.auteur)
    return Resultat(source.id, "publie", f"lot {bilan.lot} annule le lot {numero} : {detail(bilan)}", bilan)


def _exige_en_vigueur(connexion: Connection, source: Source, numero: int, annulation: bool) -> None:
    publies = commands.lots_publies(connexion, source.id)
    deja = next((lot.id for lot in publies if lot.annule == numero), None)
    if deja is not None:
        raise LotRefuse(f"Lot {numero} : déjà annulé par le lot {deja}. Annuler le lot {deja} le rétablit.")
    vigueur = en_vigueur(publies, complete=source.livraison == "complete")
    if not annulation and numero not in vigueur:
        raise LotRefuse(
            f"Lot {numero} : déjà remplacé par le lot {vigueur[-1] if vigueur else '?'}, l'annuler ne changerait rien."
        )


def reconstruit(contexte: Contexte) -> Resultat:
    """Shows again everything that the measures received give under today's rules."""
    contexte.suivi("Reconstruction", 0.2)
    entete = commands.Lot("*", "reconstruction", "", contexte.empreinte, 0, regles(contexte))
    bilan = commands.reconstruit(contexte.moteur, entete, lambda c: tout_projete(contexte, c), contexte.auteur)
    if not bilan.lot:
        return Resultat("*", "deja_publie", f"reconstruction : rien ne change ({detail(bilan)})", bilan)
    return Resultat("*", "publie", f"reconstruction, lot {bilan.lot} : {detail(bilan)}", bilan)


def tout_projete(contexte: Contexte, connexion: Connection) -> pd.DataFrame:
    """``valeur`` computed again from ``mesure`` alone: what a rebuild shows."""
    places = reference.lis(connexion, contexte.espace.millesime_cog)
    principales = {i.source for i in contexte.espace.indicateurs}
    parties = [s for s in contexte.sources if s.id in principales]
    tables = [projection(contexte.espace, contexte.sources, s, places)(connexion) for s in parties]
    return pd.concat([t for t in tables if len(t)] or tables, ignore_index=True)


def regles(contexte: Contexte) -> str:
    """Hash of the espace, of the referential and of the projection: when it changes, the same rows show otherwise."""
    with contexte.moteur.connect() as connexion:
        places = reference.empreinte(connexion)
    return hashlib.sha256(f"{contexte.empreinte} {places} {VERSION}".encode()).hexdigest()


def codes_connus(places: Reference) -> dict[int, frozenset[str]]:
    """Valid territory codes of each COG vintage; one that falls inside a step of the passage cannot be carried."""
    de, vers = places.passage["millesime_de"], places.passage["millesime_vers"]
    debut = places.premier - 1 if places.anciens else places.premier
    annees = [a for a in range(debut, places.millesime + 1) if not ((de < a) & (a < vers)).any()]
    return {a: places.codes_de(a) for a in annees}


def detail(bilan: commands.Bilan) -> str:
    """« 12 nouvelles, 3 modifiées »."""
    parties = [
        (bilan.nouvelles, "nouvelle", "nouvelles"),
        (bilan.modifiees, "modifiée", "modifiées"),
        (bilan.retirees, "retirée", "retirées"),
        (bilan.inchangees, "inchangée", "inchangées"),
    ]
    mots = ", ".join(f"{nombre(n)} {singulier if n < 2 else plusieurs}" for n, singulier, plusieurs in parties if n)
    return mots or "aucune valeur"
