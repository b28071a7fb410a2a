"""Two invented weeks of a tiny région, one after the other, for the tests of the bulletin."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from dashboard.domain.bulletin import Bulletin
from dashboard.domain.instantane import PUBLIE, Maillon
from dashboard.exports.bulletin_lecture import bulletin_de
from dashboard.exports.bulletin_partie import ecris as ecris_les_trois
from tests.paquets_ecrits import ecris_paquet

REGION, NORD, SUD = "REG-99", "DEP-98", "DEP-99"
COMMUNES = ("COM-98001", "COM-98002", "COM-98003")
MAILLES = {"REG": "region", "DEP": "departement", "COM": "commune"}
AVANT, APRES = "2026-W47", "2026-W48"


def _indicateur(identifiant: str, **autres: Any) -> dict[str, Any]:
    return {
        "id": identifiant, "libelle": f"Essai {identifiant}", "libelle_court": identifiant.capitalize(),
        "definition": "Invention.", "formule": "Aucune", "unite": "hab.", "nature": "contexte", "sens": "neutre",
        "lecture": "stock", "agregation": "somme", "mailles": ["region", "departement", "commune"], "source": "essai",
        "producteur": "essai", "licence": "Aucune", "rythme_mois": 12, "delai_mois": 12, **autres,
    }  # fmt: skip


def espace(**bornes: Any) -> dict[str, Any]:
    """Two programmes, three indicators; ``bornes`` replaces fields of « bornes »."""
    programme = {"politique": "politique", "nom_court": "Essai", "cadre": "Aucun"}
    return {
        "id": "essai", "nom": "Région d'essai", "code_region": REGION, "millesime_cog": 2026, "langue": "fr",
        "attribution": "Chiffres inventés.",
        "producteurs": [{"id": "essai", "nom": "Producteur d'essai", "sigle": "Essai"}],
        "politiques": [{"id": "politique", "nom": "Politique d'essai"}],
        "programmes": [
            {"id": "recharge", "nom": "Bornes de recharge", "indicateurs": ["bornes"], **programme},
            {"id": "soins", "nom": "Maisons de santé", "indicateurs": ["maisons"], **programme},
        ],
        "indicateurs": [
            _indicateur("bornes", nature="programme", sens="hausse", unite="points", **bornes),
            _indicateur("maisons", nature="programme", sens="hausse", unite="maisons"),
            _indicateur("population"),
        ],
    }  # fmt: skip


def observation(indicateur: str, code: str, annee: int, valeur: float | None, statut: str = "A") -> dict[str, Any]:
    """One yearly value."""
    jours = {"debut": date(annee, 1, 1), "fin": date(annee, 12, 31), "frequence": "A"}
    ou = {"territoire": code, "maille": MAILLES[code[:3]]}
    return {"indicateur": indicateur, **ou, **jours, "valeur": valeur, "origine": "P", "statut": statut}


def observations() -> list[dict[str, Any]]:
    """The first week."""
    return [
        observation("bornes", REGION, 2022, 5000.0), observation("bornes", REGION, 2023, 6105.0),
        observation("bornes", NORD, 2023, 3000.0), observation("maisons", REGION, 2023, 145.0),
        *[observation("population", c, 2022, 100.0) for c in (REGION, NORD, *COMMUNES)],
    ]  # fmt: skip


def tables(**changees: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The small tables of the first week; ``changees`` takes the place of some."""
    lieux = [(REGION, "Région d'essai"), (NORD, "Nord"), (SUD, "Sud"), *((c, f"Commune {c[-1]}") for c in COMMUNES)]
    cible = {"territoire": REGION, "auteur": "État", "acte": "Contrat d'essai"}
    return {
        "territoires": [{"code": c, "maille": MAILLES[c[:3]], "nom": n} for c, n in lieux],
        "etats": [etat("recharge", REGION, "dans_la_trajectoire", 63.0, 51.0),
                  etat("recharge", NORD, "en_retard", 20, 50), etat("soins", REGION, "en_retard", 10.0, 40.0)],
        "resultats": [{"programme": p, "indicateur": i, "territoire": REGION, "statut": "en_retard", "ta": 10.0,
                       "fin": "2023-12-31", "fraicheur": f}
                      for p, i, f in (("recharge", "bornes", "a_jour"), ("soins", "maisons", "perime"))],
        "objectifs": [{"indicateur": "maisons", "echeance": "2022-12-31", "valeur": 147.0, **cible}],
        "indicateurs": [{"id": i, "libelle_court": i.capitalize(), "unite": "hab.", "empreinte": i}
                        for i in ("bornes", "maisons", "population")],
        **changees,
    }  # fmt: skip


def etat(programme: str, code: str, statut: str, taux: float | None, attendu: float | None) -> dict[str, Any]:
    """A row of « etats »."""
    return {"programme": programme, "territoire": code, "statut": statut, "taux": taux, "attendu": attendu,
            "motif": "", "fraicheur": "a_jour"}  # fmt: skip


def ecris(
    dossier: Path, semaine: str, lignes: list[dict[str, Any]] | None = None, declare: dict[str, Any] | None = None,
    **changees: list[dict[str, Any]],
) -> Path:  # fmt: skip
    """One week in its folder."""
    return ecris_paquet(dossier, semaine, observations() if lignes is None else lignes, tables(**changees),
                        declare or espace())  # fmt: skip


def publie(dossier: Path, paquet: Path, precedent: Path | None = None, quand: str = "2026-11-23T05:00:00Z") -> Bulletin:
    """Its bulletin written in a package, and the package in the journal of its folder; sealed in words only."""
    bulletin = bulletin_de(paquet, precedent)
    ecris_les_trois(bulletin, paquet, "5aff3badad8d")
    maillon = Maillon(paquet.name, quand, PUBLIE, f"sceau-{paquet.name}", "5aff3badad8d")
    (paquet / "SEAL.json").write_text("{}", "utf-8")
    with (dossier / "journal.jsonl").open("ab") as journal:
        journal.write(maillon.en_ligne())
    return bulletin


def deux_semaines(home: Path, sous: str = "snapshots", *, nom: str = "Bornes de recharge") -> tuple[Bulletin, Bulletin]:
    """Two published weeks: the second one brings a new value. ``nom``: of the first programme."""
    dossier, declare = home / sous, espace()
    declare["programmes"][0]["nom"] = nom
    avant = ecris(dossier, AVANT, declare=declare)
    neuve = [*observations(), observation("bornes", REGION, 2024, 6148.0)]
    apres = ecris(dossier, APRES, neuve, declare=declare)
    return publie(dossier, avant, quand="2026-11-16T05:00:00Z"), publie(dossier, apres, avant)
