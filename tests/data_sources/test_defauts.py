"""Each defect seen in real deliveries, in a small file: told without its rule, repaired and traced with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboard import bootstrap
from dashboard.bootstrap import Application
from dashboard.reglages import lis_reglages
from tests import mini
from tests.conftest import RACINE
from tests.mini import Atelier

DEFAUTS = RACINE / "tests" / "donnees" / "defauts"
Importe = Callable[..., tuple["bootstrap.Resultat", dict[str, float]]]


@pytest.fixture
def importe(espace_mini: Path, tmp_path: Path) -> Iterator[Importe]:
    """``importe(name, rule…)``: one file of the folder published from an espace that declares these rules."""
    ouvertes: list[Application] = []

    def importe_(nom: str, *regles: str) -> tuple[bootstrap.Resultat, dict[str, float]]:
        espace = tmp_path / f"espace_{len(ouvertes)}"
        shutil.copytree(espace_mini, espace)
        mini.source_fichier(espace, territoire="Code", periode="Annee", valeur="Effectif", maille="commune",
                            reparations=list(regles))  # fmt: skip
        env = {"BOUSSOLE_HOME": str(tmp_path / f"h{len(ouvertes)}"), "BOUSSOLE_ESPACE": str(espace)}
        app = bootstrap.ouvre(lis_reglages({**env, "BOUSSOLE_PROFIL": "agent"}))
        ouvertes.append(app)
        bootstrap.prepare(app)
        source = next(s for s in app.sources if s.id == "comptes")
        resultat = bootstrap.importe(app, source, DEFAUTS / f"{nom}.csv")
        montre = Atelier(app.moteur, app.espace, app.sources, espace).chiffres()
        return resultat, {c: v for c, v in montre.items() if c.startswith("COM-")}

    yield importe_
    for app in ouvertes:
        app.moteur.dispose()


CAS = [
    ("virgule_decimale", "nombre_illisible", ["virgule_decimale"], {"COM-98001": 12.5, "COM-98002": 7}),
    ("espaces", "nombre_illisible", ["espaces"], {"COM-98001": 1234, "COM-98002": 105, "COM-98004": 2000}),
    ("tiret", "nombre_illisible", ["tiret_absent"], {"COM-98002": 7}),
    ("tiret", "nombre_illisible", ["espaces", "tiret_zero"], {"COM-98001": 0, "COM-98002": 7}),
    ("pourcent", "nombre_illisible", ["pourcent"], {"COM-98001": 100, "COM-98002": 7}),
    ("date_excel", "periode_illisible", ["date_excel"], {"COM-98001": 12, "COM-98002": 7}),
    ("jour_mois", "periode_illisible", ["jour_mois"], {"COM-98001": 12, "COM-98002": 7}),
    ("inversion", "periode_illisible", ["jour_mois", "mois_jour"], {"COM-98001": 12, "COM-98002": 7}),
    ("doublons_identiques", "doublon", ["doublons_identiques"], {"COM-98001": 12, "COM-98002": 7}),
    ("code_ancien", "territoire_inconnu", ["codes_anciens"], {"COM-98001": 12, "COM-98002": 7}),
    ("hors_region", "territoire_inconnu", ["hors_region"], {"COM-98001": 12}),
]


@pytest.mark.parametrize(("nom", "motif", "regles", "attendu"), CAS)
def test_a_defect_is_told_then_repaired_by_its_declared_rule(
    importe: Importe, nom: str, motif: str, regles: list[str], attendu: dict[str, float]
) -> None:
    refus, rien = importe(nom)
    assert refus.etat == "refuse"
    assert motif in set(refus.rejets["motif"])
    assert refus.rejets[["message", "suggestion"]].map(len).gt(5).all(axis=None)
    assert rien == {}
    resultat, montre = importe(nom, *regles)
    assert (resultat.etat, montre) == ("publie", attendu), resultat.message
    assert resultat.entete is not None
    if nom != "hors_region":  # out of scope: counted, nothing is changed
        assert {t.regle for t in resultat.entete.traces} & set(regles)
    comptes = resultat.entete.acceptees, resultat.rejets["ligne"].nunique(), resultat.entete.hors_champ
    assert sum(comptes) == resultat.entete.recues


@pytest.mark.parametrize(
    ("nom", "motif", "lignes"),
    [("doublons_contradictoires", "doublon_conflictuel", {2, 4}), ("code_inconnu", "territoire_inconnu", {3})],
)
def test_what_no_rule_may_decide_is_refused_with_its_lines(
    importe: Importe, nom: str, motif: str, lignes: set[int]
) -> None:
    refus, _ = importe(nom, "doublons_identiques", "codes_anciens", "hors_region")
    assert refus.etat == "refuse"
    assert set(refus.rejets.loc[refus.rejets["motif"] == motif, "ligne"]) == lignes


@pytest.mark.parametrize("nom", ["marque_et_fins_de_ligne", "titres_et_cp1252", "saut_dans_une_cellule"])
def test_the_way_a_file_is_written_changes_nothing(importe: Importe, nom: str) -> None:
    resultat, montre = importe(nom, "espaces")
    assert (resultat.etat, montre) == ("publie", {"COM-98001": 12, "COM-98002": 7}), resultat.message


def test_a_floating_noise_is_kept_as_received(importe: Importe) -> None:
    assert importe("bruit_flottant")[1]["COM-98001"] == 49999.99999999999
