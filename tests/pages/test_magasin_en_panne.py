"""When nothing can be served, the page is one French sentence with its remedy, never a trace."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.pages.conftest import PAGES, Ouvre

OuvreAvec = Callable[[Mapping[str, str]], Ouvre]


@pytest.fixture
def copie(magasin_pret: dict[str, str], tmp_path: Path) -> Path:
    """A store of our own to damage."""
    cible = tmp_path / "boussole.sqlite"
    source = sqlite3.connect(Path(magasin_pret["BOUSSOLE_HOME"]) / "boussole.sqlite")
    destination = sqlite3.connect(cible)
    source.backup(destination)
    source.close()
    destination.close()
    return cible


def test_the_copy_serves(ouvre_avec: OuvreAvec, copie: Path) -> None:
    assert "2 802 670 hab." in ouvre_avec({"BOUSSOLE_DB": f"sqlite:///{copie}"})("territoire").sains().texte


PANNES = [
    ("absent", "DELETE", "fichier absent. Lancer « make run »"),
    ("texte", "TEXTE", "ce fichier n'est pas un magasin"),
    ("vide", "VIDE", "schéma vide, attendu"),
    ("récent", "UPDATE alembic_version SET version_num = '9999'", "schéma plus récent que ce logiciel"),
]


@pytest.mark.parametrize("page", ["essentiel", "aide"])
@pytest.mark.parametrize(("panne", "phrase"), [p[1:] for p in PANNES], ids=[p[0] for p in PANNES])
def test_a_store_in_trouble_is_one_sentence(
    ouvre_avec: OuvreAvec, copie: Path, panne: str, phrase: str, page: str
) -> None:
    _abime(copie, panne)
    ecran = ouvre_avec({"BOUSSOLE_DB": f"sqlite:///{copie}"})(page)
    assert not ecran.essai.exception
    (erreur,) = ecran.erreurs
    assert phrase in erreur


def _abime(magasin: Path, panne: str) -> None:
    if panne == "DELETE":
        magasin.unlink()
    elif panne == "TEXTE":
        magasin.write_text("Ceci n'est pas une base de données. " * 50)
    elif panne == "VIDE":
        magasin.write_bytes(b"")
    else:
        connexion = sqlite3.connect(magasin)
        connexion.execute(panne)
        connexion.commit()
        connexion.close()


def test_a_server_that_does_not_answer_is_one_sentence(ouvre_avec: OuvreAvec) -> None:
    ecran = ouvre_avec({"BOUSSOLE_DB": "postgresql://boussole:motdepasse@127.0.0.1:1/boussole"})()
    assert not ecran.essai.exception
    assert "le serveur ne répond pas" in ecran.erreurs[0]
    assert "motdepasse" not in ecran.erreurs[0]


def test_an_espace_with_a_typo_is_one_sentence(ouvre_avec: OuvreAvec, espace_mini: Path, tmp_path: Path) -> None:
    dossier = tmp_path / "faute"
    shutil.copytree(espace_mini, dossier)
    with (dossier / "espace.yml").open("a", encoding="utf-8") as flux:
        flux.write("fuseau: Paris\n")
    ecran = ouvre_avec({"BOUSSOLE_ESPACE": str(dossier)})()
    assert not ecran.essai.exception
    assert "« fuseau » : clé inconnue" in ecran.erreurs[0]


@pytest.mark.parametrize("page", PAGES)
def test_a_store_built_but_never_published_shows_empty_pages_not_errors(
    ouvre_avec: OuvreAvec, copie: Path, page: str
) -> None:
    connexion = sqlite3.connect(copie)
    for table in ("valeur", "mesure", "objectif", "lot"):
        connexion.execute(f"DELETE FROM {table}")
    connexion.commit()
    connexion.close()
    ouvre_avec({"BOUSSOLE_DB": f"sqlite:///{copie}"})(page).sains()


def test_a_wrong_setting_is_one_sentence(ouvre_avec: OuvreAvec) -> None:
    ecran = ouvre_avec({"BOUSSOLE_DATE_ARRETE": "demain"})()
    assert not ecran.essai.exception
    assert "BOUSSOLE_DATE_ARRETE : « demain » n'est pas une date" in ecran.erreurs[0]
