"""Programmes judged from invented figures, for the tests of what is said of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dashboard.domain.alertes import DossierProgramme
from dashboard.domain.apports import Apport, Decision, Genre, Meteo, Signature, Synthese
from dashboard.domain.avancement import evalue
from dashboard.domain.fraicheur import fraicheur
from dashboard.domain.indicateur import Acces, Indicateur, Programme
from dashboard.domain.programme import EtatProgramme, etat_programme
from dashboard.domain.situation import Objectif, Situation
from dashboard.domain.statut import SEUILS
from dashboard.domain.trajectoire import Trajectoire

ARRETE = date(2026, 11, 23)
MI_CHEMIN = date(2024, 12, 31)
REGION = "REG-99"
SIGNATURE = Signature("Directrice", "Direction d'essai")


def situation(
    identifiant: str = "centres", va: float | None = 50, *, vc: float = 100, echeance: int = 2026, **autres: Any
) -> Situation:
    """From 0 at the end of 2022 to ``vc`` at the end of ``echeance``, ``va`` at the end of 2024."""
    declare = Indicateur.model_validate({
        "id": identifiant, "libelle": f"Essai {identifiant}", "libelle_court": identifiant.capitalize(),
        "definition": "Invention", "formule": "Aucune", "unite": "centres", "nature": "programme", "sens": "hausse",
        "lecture": "stock", "agregation": "aucune", "mailles": ["region", "departement"], "source": "essai",
        "producteur": "essai", "licence": "Aucune", "rythme_mois": 12, "delai_mois": 12, **autres,
    })  # fmt: skip
    but = Trajectoire(0, date(2022, 12, 31), vc, date(echeance, 12, 31))
    serie = () if va is None else ((MI_CHEMIN, va),)
    vie = fraicheur(MI_CHEMIN if serie else None, declare.rythme_mois, declare.delai_mois, ARRETE)
    return Situation(declare, REGION, evalue(but, serie, ARRETE), Objectif("État", "Acte", but), vie, None, serie)


def etat(*situations: Situation, **autres: Any) -> EtatProgramme:
    ids = [s.indicateur.id for s in situations]
    programme = Programme.model_validate({
        "id": "essai", "politique": "essai", "nom": "Programme d'essai", "nom_court": "Essai", "cadre": "Aucun",
        "indicateurs": ids, **autres,
    })  # fmt: skip
    return etat_programme(programme, REGION, dict(zip(ids, situations, strict=True)), SEUILS)


def synthese(meteo: Meteo = Meteo.NUAGE, *, version: int = 1) -> Apport:
    contenu = Synthese(meteo=meteo, texte="Des mots.")
    return _apport(Genre.SYNTHESE, contenu, 1, version)


def decision(echeance: date, *, fil: int = 2, titre: str = "Voter l'avenant", **autres: Any) -> Apport:
    contenu = Decision(titre=titre, echeance=echeance, responsable="la commission permanente", **autres)
    return _apport(Genre.DECISION, contenu, fil, 1)


def _apport(genre: Genre, contenu: Synthese | Decision, fil: int, version: int) -> Apport:
    quand = datetime(2026, 11, 2, 9, 30)
    return Apport(genre, "essai", REGION, contenu, SIGNATURE, Acces.OUVERT, fil, version, quand)


def dossier(
    *situations: Situation, mots: Apport | None = None, decisions: tuple[Apport, ...] = (), **autres: Any
) -> DossierProgramme:
    """A programme that counts ``situations``; by default one indicator where it should be."""
    return DossierProgramme(etat(*(situations or (situation(),)), **autres), mots, decisions, ARRETE)
