"""The measures as a table, one line a measure, for a file that a spreadsheet opens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from dashboard.domain.indicateur import Espace
from dashboard.exports.qualite import EtatIndicateur, EtatJeu, EtatProducteur

Etat = EtatJeu | EtatIndicateur | EtatProducteur
TITRES = ["Genre", "Identifiant", "Nom", "Producteur", "Mesure", "Valeur", "Unité", "Verdict", "En clair"]


def tableau(etats: Iterable[Etat], espace: Espace, arrete: date) -> pd.DataFrame:
    """``TITRES`` and the date d'arrêté; what cannot be measured has no value, and says why."""
    lignes = [ligne for e in etats for ligne in _lignes(e, espace)]
    return pd.DataFrame(lignes, columns=TITRES).assign(**{"Arrêté au": arrete.isoformat()})


def _lignes(e: Etat, espace: Espace) -> list[list[object]]:
    if isinstance(e, EtatProducteur):
        tete: list[object] = ["producteur", e.producteur.id, e.producteur.nom, e.producteur.sigle]
        return [
            [*tete, d.libelle, bons if n else None, "bons", v.libelle, f"{bons} bons sur {n} mesurés"]
            for d, (bons, n, v) in e.parts.items()
        ]
    if isinstance(e, EtatJeu):
        tete = ["jeu de données", e.source.id, e.source.nom, ", ".join(p.sigle for p in e.producteurs)]
    else:
        sigle = espace.producteur(e.indicateur.producteur).sigle
        tete = ["indicateur", e.indicateur.id, e.indicateur.libelle, sigle]
    return [[*tete, m.dimension.libelle, m.valeur, m.unite, m.verdict.libelle, m.phrase] for m in e.mesures]
