"""The Suivi page: real rows, filters in the address, kept views, and what it says when nothing passes."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.bootstrap import Application
from dashboard.domain.suivi import filtre
from dashboard.domain.territoire import Maille
from dashboard.reglages import lis_reglages
from dashboard.store.moteur import lecture, open_moteur
from dashboard.store.vues import cree, liste
from dashboard.views import suivi, suivi_fichiers
from dashboard.views.filtres import Vue
from tests.mini import ECRIVAIN
from tests.pages.conftest import Ecran, Ouvre


def bouton(essai: AppTest, libelle: str) -> AppTest:
    (trouve,) = [b for b in essai.button if b.label == libelle]
    return trouve.click().run()


def choisis(essai: AppTest, libelle: str, *valeurs: str) -> AppTest:
    (trouve,) = [m for m in essai.multiselect if m.label == libelle]
    return trouve.set_value(list(valeurs)).run()


def parametre(essai: AppTest, cle: str) -> str | None:
    lu = essai.query_params.get(cle)
    return lu[0] if isinstance(lu, list) else lu


def test_every_programme_indicator_and_territory_has_its_row(ouvre: Ouvre) -> None:
    texte = ouvre("suivi").sains().texte
    assert "371 lignes · 27 programmes, région et départements · 100 sous leur trajectoire" in texte
    assert "50 lignes par page, 8 pages" not in texte  # a caption, not words of the table
    premiere = texte.split("se signale une erreur. Glossaire", 1)[1]  # the bubble of the last header
    assert premiere.strip().startswith("En recul Soins coordonnés Centres de santé Doubs −100 % 25 % −125")


def test_an_indicator_says_the_same_as_its_own_page(ouvre: Ouvre) -> None:
    texte = ouvre("suivi", q="maisons nievre").sains().texte
    assert "1 ligne · 1 programme, départements" in texte or "2 lignes" in texte
    assert "−29 %" in texte
    assert "16 maisons" in texte


@pytest.mark.parametrize(
    ("url", "attendu"),
    [
        ({"statut": "en_retard"}, "39 lignes"), ({"statut": "en_retard,en_recul"}, "48 lignes"),
        ({"politique": "agriculture"}, "32 lignes"), ({"programme": "agriculture_biologique"}, "23 lignes"),
        ({"maille": "region"}, "83 lignes · 27 programmes, région"), ({"producteur": "agence_bio"}, "9 lignes"),
        ({"fraicheur": "a_jour"}, "4 lignes"), ({"q": "BELFORT bornes"}, "1 ligne"),
        ({"contexte": "1", "maille": "commune", "territoire": "EPCI-242100410"}, "de contexte"),
        ({"contexte": "1", "maille": "commune", "territoire": "COM-39368"}, "Hauts de Bienne"),
    ],
)  # fmt: skip
def test_each_filter_is_an_address(ouvre: Ouvre, url: dict[str, str], attendu: str) -> None:
    ecran = ouvre("suivi", **url).sains()
    assert ecran.avertissements == []
    assert attendu in ecran.texte


def test_context_is_off_until_asked_and_gone_with_a_statut(ouvre: Ouvre) -> None:
    assert "de contexte" not in ouvre("suivi").sains().texte
    assert "de contexte" in ouvre("suivi", contexte="1").sains().texte
    assert "de contexte" not in ouvre("suivi", contexte="1", statut="en_retard").sains().texte


def test_choosing_writes_the_address_and_goes_back_to_the_first_page(ouvre: Ouvre) -> None:
    essai = bouton(ouvre("suivi").sains().essai, "Page suivante")
    assert parametre(essai, "page") == "2"
    essai = choisis(essai, "Statut", "en_recul", "en_retard")
    assert (parametre(essai, "statut"), parametre(essai, "page")) == ("en_recul,en_retard", None)
    assert "48 lignes" in Ecran(essai).sains().texte
    essai = choisis(essai, "Statut")
    assert parametre(essai, "statut") is None


PIEGES = ["[x](javascript:alert(1))", "é" * 400]


@pytest.mark.parametrize("piege", PIEGES, ids=range(len(PIEGES)))
@pytest.mark.parametrize(
    "cle", ["maille", "statut", "programme", "politique", "fraicheur", "producteur", "tri", "contexte", "page"]
)
def test_an_unknown_filter_is_told_and_ignored(ouvre: Ouvre, cle: str, piege: str) -> None:
    ecran = ouvre("suivi", **{cle: piege}).sains()
    assert len(ecran.avertissements) == 1
    assert ecran.avertissements[0].startswith("L'adresse demande « ")
    assert "371 lignes" in ecran.texte


def test_the_known_values_of_a_half_wrong_filter_are_kept(ouvre: Ouvre) -> None:
    ecran = ouvre("suivi", statut="en_retard,faux,autre").sains()
    assert ecran.avertissements == ["L'adresse demande « faux » et 1 de plus comme statut, qui n'existe pas ici ; "
                                    "c'est ignoré."]  # fmt: skip
    assert "39 lignes" in ecran.texte


@pytest.mark.parametrize("texte", ["zzz", "(((", "\\", "%00", "<img src=x>"])
def test_a_search_that_finds_nothing_says_what_to_loosen(ouvre: Ouvre, texte: str) -> None:
    ecran = ouvre("suivi", q=texte).sains()
    assert "Aucune ligne" in ecran.texte
    assert "En retirer un : recherche." in ecran.texte


def test_too_many_series_at_once_say_how_to_ask_for_fewer(ouvre: Ouvre) -> None:
    texte = ouvre("suivi", maille="commune", contexte="1").sains().texte
    assert "12 000 au plus à la fois. Choisir un département ou un EPCI" in texte


def test_a_level_where_nothing_is_published_yet_says_why_on_each_row(ouvre: Ouvre) -> None:
    texte = ouvre("suivi", maille="epci").sains().texte
    assert "116 lignes · 1 programme, EPCI" in texte
    assert "aucune valeur observée" in texte


# ---------------------------------------------------------------------------------------- kept views


@pytest.fixture
def magasin_a_soi(magasin_pret: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """A copy of the store, in which views may be kept."""
    copie = tmp_path / "home"
    shutil.copytree(magasin_pret["BOUSSOLE_HOME"], copie)
    return {**magasin_pret, "BOUSSOLE_HOME": str(copie)}


@pytest.fixture
def agent(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], magasin_a_soi: dict[str, str]) -> Ouvre:
    return ouvre_avec({**magasin_a_soi, "BOUSSOLE_PROFIL": "agent"})


def gardees(env: Mapping[str, str]) -> dict[str, str]:
    moteur = open_moteur(lis_reglages(env).db)
    with lecture(moteur) as connexion:
        lues = {v.nom: v.parametres for v in liste(connexion, "suivi")}
    moteur.dispose()
    return lues


def test_an_agent_keeps_what_is_on_screen_and_takes_it_off(agent: Ouvre, magasin_a_soi: dict[str, str]) -> None:
    essai = agent("suivi", statut="en_recul,en_retard", territoire="DEP-58", arrete="2026-06-30").sains().essai
    (nom,) = [t for t in essai.text_input if t.label == "Nom de la vue"]
    nom.input("Revue <b>du lundi</b>")
    essai = bouton(essai, "Enregistrer")
    assert gardees(magasin_a_soi) == {"Revue <b>du lundi</b>": "territoire=DEP-58&statut=en_recul%2Cen_retard"}
    essai = bouton(agent("suivi", statut="en_recul,en_retard", territoire="DEP-58").sains().essai,
                   "Retirer « Revue <b>du lundi</b> »")  # fmt: skip
    assert gardees(magasin_a_soi) == {}


def test_a_kept_view_is_opened_by_anyone(
    ouvre_avec: Callable[[Mapping[str, str]], Ouvre], magasin_a_soi: dict[str, str]
) -> None:
    moteur = open_moteur(lis_reglages(magasin_a_soi).db)
    numero = cree(moteur, "suivi", "Revue du lundi", "statut=en_retard&maille=region", suivi.CLES, ECRIVAIN)
    moteur.dispose()
    essai = ouvre_avec(magasin_a_soi)("suivi", q="bio").sains().essai
    assert [b.label for b in essai.button if b.label == "Enregistrer"] == []
    (choix,) = [s for s in essai.selectbox if s.label == "Vue enregistrée"]
    essai = choix.set_value(numero).run()
    assert (parametre(essai, "statut"), parametre(essai, "maille"), parametre(essai, "q")) == (
        "en_retard", "region", None,
    )  # fmt: skip


def test_a_name_already_taken_is_refused_in_words(agent: Ouvre, magasin_a_soi: dict[str, str]) -> None:
    moteur = open_moteur(lis_reglages(magasin_a_soi).db)
    cree(moteur, "suivi", "Lundi", "", suivi.CLES, ECRIVAIN)
    moteur.dispose()
    essai = agent("suivi", statut="en_retard").sains().essai
    (nom,) = [t for t in essai.text_input if t.label == "Nom de la vue"]
    nom.input("lundi")
    ecran = Ecran(bouton(essai, "Enregistrer"))
    assert ecran.avertissements == ["Une vue s'appelle déjà « lundi ». Choisir un autre nom, ou retirer l'ancienne."]


# --------------------------------------------------------------------------------------------- files


def test_the_files_hold_exactly_the_filtered_rows(ouvre: Ouvre, bfc: Application) -> None:
    ouvre("suivi").sains()  # the caches of this process now read this store
    vue = Vue(bfc.lecteur, suivi.cached.version(), "REG-27", date(2026, 11, 23))
    choix = suivi.Choix((Maille.REGION, Maille.DEPARTEMENT), statuts=("en_retard", "en_recul"))
    donnees = suivi.charge(vue, choix)
    assert donnees is not None
    fichiers = suivi_fichiers.Fichiers(vue, choix, filtre(donnees.cadre, choix))
    lue = pd.read_csv(io.BytesIO(fichiers.csv()), sep=";", decimal=",", encoding="utf-8-sig")
    assert len(lue) == 48
    assert set(lue["Statut"]) == {"en retard", "en recul"}
    assert set(lue["Filtres"]) == {"échelle : région et départements ; statut : en retard ou en recul"}
    assert fichiers.xlsx()[:2] == b"PK"
    assert fichiers.gpkg()[:15] == b"SQLite format 3"
