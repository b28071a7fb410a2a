"""The very records of the user guide, run: a PostgreSQL table and a CSV file become the figures of an indicator.

Figures are invented, as the tiny espace is.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from sqlalchemy import create_engine, make_url, text

from dashboard import bootstrap
from dashboard.bootstrap import Application
from dashboard.domain.indicateur import Programme
from dashboard.reglages import lis_reglages
from dashboard.store import queries
from tests.conftest import RACINE, adresse
from tests.mini import NORD, REGION

GUIDE = (RACINE / "docs" / "guide-utilisateur.md").read_text(encoding="utf-8")
BLOCS: Mapping[str, str] = dict(re.findall(r"```yaml\n# (\S+)\n(.*?)```", GUIDE, flags=re.DOTALL))
TABLE = [("98001", 2023, 12), ("98002", 2023, 30)]
FICHIER = "Emplois dans les lycées\n\nCode INSEE;Année;Emplois\n98001;2024;1 200\n98004;2024;5\n"


@pytest.fixture
def app(
    request: pytest.FixtureRequest, tmp_path: Path, espace_mini: Path, monkeypatch: pytest.MonkeyPatch
) -> Application:
    """The tiny espace with the three records of the guide, a warehouse and a drop folder."""
    espace = shutil.copytree(espace_mini, tmp_path / "espace")
    for chemin, contenu in BLOCS.items():
        (espace / chemin).write_text(contenu, encoding="utf-8")
    declare = yaml.safe_load((espace / "espace.yml").read_text(encoding="utf-8"))
    declare["producteurs"].append({"id": "region", "nom": "Région d'essai", "sigle": "Région"})
    (espace / "espace.yml").write_text(yaml.safe_dump(declare, allow_unicode=True), encoding="utf-8")
    entrepot = adresse("postgresql", request)
    moteur = create_engine(make_url(entrepot).set(drivername="postgresql+psycopg"))
    with moteur.begin() as connexion:
        connexion.execute(text("CREATE TABLE emplois_lycees (code_commune CHAR(5), annee INTEGER, emplois NUMERIC)"))
        connexion.execute(
            text("INSERT INTO emplois_lycees VALUES (:c, :a, :e)"),
            [{"c": c, "a": a, "e": e} for c, a, e in TABLE],
        )
    moteur.dispose()
    monkeypatch.setenv("BOUSSOLE_ENTREPOT", entrepot)
    home = tmp_path / "home"
    (home / "depot").mkdir(parents=True)
    (home / "depot" / "emplois_lycees_2024.csv").write_text(FICHIER, encoding="cp1252")
    return bootstrap.ouvre(
        lis_reglages({"BOUSSOLE_HOME": str(home), "BOUSSOLE_ESPACE": str(espace), "BOUSSOLE_PROFIL": "agent"})
    )


def publiees(app: Application) -> dict[tuple[str, int], float]:
    with app.moteur.connect() as connexion:
        places = queries.list_territoires(connexion).set_index("id")["code"]
        ids = [int(i) for i in places.index]
        cadre = queries.load_series(connexion, app.lecteur, ["emplois_lycees"], ids)
    return {
        (places[v.territoire_id], v.fin.year): v.valeur for v in cadre.itertuples() if v.valeur == v.valeur
    }  # fmt: skip


def test_the_guide_holds_three_records_and_the_sources_are_short() -> None:
    assert list(BLOCS) == [
        "indicateurs/emplois_lycees.yml", "sources/emplois_entrepot.yml", "sources/emplois_fichier.yml",
    ]  # fmt: skip
    assert all(len(c.splitlines()) < 15 for nom, c in BLOCS.items() if nom.startswith("sources/"))


def test_the_table_of_the_guide_is_published(app: Application) -> None:
    (resultat,) = bootstrap.rafraichit(app, ["emplois_entrepot"])
    assert resultat.etat == "publie", resultat.message
    valeurs = publiees(app)
    assert {c: v for (c, a), v in valeurs.items() if c.startswith("COM-")} == {"COM-98001": 12, "COM-98002": 30}
    assert (valeurs[NORD, 2023], valeurs[REGION, 2023]) == (42, 42)


def test_the_file_of_the_guide_adds_its_year(app: Application) -> None:
    etats = [r.etat for r in bootstrap.rafraichit(app, ["emplois_entrepot", "emplois_fichier"])]
    assert etats == ["publie", "publie"]
    valeurs = publiees(app)
    assert {c: v for (c, a), v in valeurs.items() if a == 2024 and c.startswith("COM-")} == {
        "COM-98001": 1200, "COM-98004": 5,
    }  # fmt: skip
    assert valeurs["COM-98002", 2023] == 30


def test_the_commands_of_the_guide_are_accepted() -> None:
    from dashboard import cli

    commandes = re.findall(r"^python -m dashboard (.+)$", GUIDE, flags=re.MULTILINE)
    assert len(commandes) == 3
    for commande in commandes:
        cli._analyseur().parse_args(commande.split())


def test_the_programme_of_the_guide_is_a_programme() -> None:
    (bloc,) = re.findall(r"```yaml\n(  - id: .*?)```", GUIDE, flags=re.DOTALL)
    (declare,) = yaml.safe_load(bloc)
    programme = Programme.model_validate(declare)
    assert [programme.poids_de(i) for i in programme.indicateurs] == [1.0, 0.5]


def test_the_feeds_of_the_guide_exist_and_every_alert_is_named() -> None:
    from dashboard.domain.alertes import Alerte
    from dashboard.serving.alertes import CHEMIN, FILTRES

    adresses = re.findall(rf"`{re.escape(CHEMIN)}\?([^`]+)`", GUIDE)
    assert len(adresses) == 3
    for demande in adresses:
        assert {part.partition("=")[0] for part in demande.split("&")} <= set(FILTRES)
    assert [a.value for a in Alerte if f"`{a.value}`" not in GUIDE] == []
