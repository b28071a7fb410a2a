"""The Données page: absent for the public, and for an agent every state in words. Invented figures."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from dashboard import bootstrap, taches
from dashboard.bootstrap import Application
from dashboard.reglages import lis_reglages
from tests import mini
from tests.conftest import ARRETE
from tests.pages.conftest import RACINE, Ecran, Ouvre

ENTETE = "Code commune;Année;Effectif\n"
BON = ENTETE + "98001;2023;120\n98002;2023;320\n"
SALE = ENTETE + "98001;2023;120\n98999;2023;50\n98002;2023;12,5\n98004;2023;10\n98004;2023;11\n"
PIEGE = "<img src=x onerror=alert(1)>[x](javascript:alert(1)).csv"


@pytest.fixture
def env(espace_mini: Path, tmp_path: Path) -> dict[str, str]:
    espace = mini.ajoute_depots(Path(shutil.copytree(espace_mini, tmp_path / "espace")))
    return {"BOUSSOLE_HOME": str(tmp_path / "home"), "BOUSSOLE_ESPACE": str(espace),
            "BOUSSOLE_PROFIL": "agent", "BOUSSOLE_DATE_ARRETE": ARRETE}  # fmt: skip


@pytest.fixture
def app(env: dict[str, str]) -> Iterator[Application]:
    ouverte = bootstrap.ouvre(lis_reglages(env))
    list(bootstrap.rafraichit(ouverte, ["comptes", "cibles"]))
    yield ouverte
    ouverte.moteur.dispose()


@pytest.fixture
def agent(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], env: dict[str, str], app: Application) -> Ouvre:
    return ouvre_avec(env)


def fais(app: Application, genre: str, texte: str = BON, nom: str = "bon.csv", **autres: object) -> int:
    """One task, done here and now; gives its number."""
    parametres = {"source": "depots", **taches.depose(app, nom, texte.encode()), **autres}
    numero = taches.taches.cree(app.moteur, genre, parametres, app.auteur)
    taches.execute(app, numero)
    return numero


def boutons(ecran: Ecran) -> dict[str, bool]:
    """Is each button of the page disabled?"""
    return {b.label: b.disabled for b in ecran.essai.button}


@pytest.mark.parametrize("profil", [{"BOUSSOLE_PROFIL": "public"}, {"BOUSSOLE_ADRESSE": "0.0.0.0"}])
def test_it_is_absent_for_who_may_not_write(
    ouvre_avec: Callable[[Mapping[str, str]], Ouvre], env: dict[str, str], app: Application, profil: dict[str, str]
) -> None:
    ecran = ouvre_avec({**env, **profil})("donnees")
    assert "Alimenter une source" not in ecran.texte
    assert "Dépôts" not in ecran.texte


def test_the_page_itself_is_guarded_too(
    ouvre_avec: Callable[[Mapping[str, str]], Ouvre], env: dict[str, str], app: Application
) -> None:
    from streamlit.testing.v1 import AppTest

    ouvre_avec({**env, "BOUSSOLE_PROFIL": "public"})
    essai = AppTest.from_file(str(RACINE / "pages" / "donnees.py"), default_timeout=60).run()
    assert not essai.exception
    assert Ecran(essai).texte == ""


def test_an_agent_sees_where_each_source_stands(agent: Ouvre) -> None:
    texte = agent("donnees").sains().texte
    assert "3 sources : 1 à jour, 1 en retard (Essai, depuis décembre 2024), 1 jamais tirée." in texte
    assert "ses fichiers se déposent ici" in texte
    assert "Aucune tâche encore" in texte


def test_an_unknown_task_or_lot_in_the_address_is_a_sentence(agent: Ouvre) -> None:
    absents = [("tache", "999", "Cette tâche n'existe pas ici."), ("tache", "<b>", "Cette tâche n'existe pas ici."),
               ("lot", "999", "Ce lot n'existe pas ici."), ("source", "x", "source qui n'existe pas")]  # fmt: skip
    for cle, valeur, phrase in absents:
        assert phrase in agent("donnees", **{cle: valeur}).sains().texte


def test_a_refused_check_says_where_why_and_how_to_correct(agent: Ouvre, app: Application) -> None:
    ecran = agent("donnees", tache=str(fais(app, "verification", SALE, PIEGE))).sains()
    for mots in ("5 lignes reçues : 1 bonne, 4 refusées.", "territoire « COM-98999 » absent du COG",
                 "« 12,5 » n'est pas un nombre", "point décimal", "deux valeurs différentes pour « COM-98004 »",
                 "Effectif", PIEGE):  # fmt: skip
        assert mots in ecran.texte
    assert boutons(ecran)["Publier"]
    assert "Publication impossible" in ecran.texte


def test_a_good_check_shows_the_difference_and_may_be_published(agent: Ouvre, app: Application) -> None:
    ecran = agent("donnees", tache=str(fais(app, "verification"))).sains()
    assert "2 lignes reçues : 2 à publier." in ecran.texte
    assert "5 nouvelles ; 0 valeur inchangée." in ecran.texte
    assert not boutons(ecran)["Publier"]


def test_a_published_lot_leads_to_its_figures_and_may_be_undone(agent: Ouvre, app: Application) -> None:
    numero = fais(app, "publication")
    ecran = agent("donnees", tache=str(numero)).sains()
    assert "Lot 3 publié." in ecran.texte
    assert "Portrait : Commune 98001" in ecran.texte
    assert not boutons(ecran)["Annuler ce lot"]
    assert "120 hab." in agent("indicateur", indicateur="effectif_depose", territoire="COM-98001").sains().texte
    fais(app, "annulation", lot=3)
    ecran = agent("donnees", tache=str(numero)).sains()
    assert "Lot 3 depuis : annulé par le lot 4" in ecran.texte
    assert "Annuler ce lot" not in boutons(ecran)


def test_a_large_change_of_a_past_value_is_a_revision(agent: Ouvre, app: Application) -> None:
    fais(app, "publication")
    texte = agent("donnees", tache=str(fais(app, "verification", BON.replace(";120", ";121")))).sains().texte
    assert "4 modifiées ; 1 valeur inchangée." in texte
    texte = agent("donnees", tache=str(fais(app, "verification", BON.replace(";120", ";240")))).sains().texte
    assert "révisées" in texte
    assert "+100,0 %" in texte


def test_the_same_file_again_has_nothing_to_publish(agent: Ouvre, app: Application) -> None:
    fais(app, "publication")
    ecran = agent("donnees", tache=str(fais(app, "verification"))).sains()
    assert "Déjà publié (lot 3), rien n'a changé" in ecran.texte
    assert boutons(ecran)["Publier"]


def test_a_refused_lot_is_listed_with_its_refused_rows(agent: Ouvre, app: Application) -> None:
    fais(app, "publication", SALE)
    ecran = agent("donnees", lot="3").sains()
    assert "Lot 3 : Dépôts" in ecran.texte
    assert "refusé" in ecran.texte
    assert "« 12,5 » n'est pas un nombre" in ecran.texte


def test_a_task_under_way_shows_its_step_and_can_be_stopped(agent: Ouvre, app: Application) -> None:
    numero = taches.taches.cree(app.moteur, "verification", {"source": "depots"}, app.auteur)
    taches.taches.prends(app.moteur, numero, app.auteur)
    taches.taches.avance(app.moteur, numero, "Contrôles", 0.4, app.auteur)
    ecran = agent("donnees", tache=str(numero)).sains()
    assert "Contrôles…" in ecran.texte
    (arreter,) = [b for b in ecran.essai.button if b.label == "Arrêter"]
    arreter.click().run()
    assert "Arrêt demandé" in Ecran(ecran.essai).sains().texte
    with app.moteur.connect() as connexion:
        lue = taches.taches.lis(connexion, numero)
    assert lue is not None
    assert lue.a_annuler


def test_an_interrupted_task_says_so(agent: Ouvre, app: Application) -> None:
    numero = taches.taches.cree(app.moteur, "verification", {"source": "depots"}, app.auteur)
    taches.taches.confie(app.moteur, numero, 2**22 - 1, app.auteur)
    ecran = agent("donnees", tache=str(numero)).sains()
    assert "interrompue" in ecran.texte
    assert "Le relancer" in ecran.texte
