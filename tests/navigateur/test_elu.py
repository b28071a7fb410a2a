"""A new élu: from the home page to the late programme, why, where, and the decision awaited, in four clicks at most.

The figures are the published ones; the synthèse and the decision are written by this test and say so.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.bootstrap import ouvre
from dashboard.domain.apports import Apport, Contenu, Decision, Genre, Meteo, Signature, Synthese
from dashboard.domain.brouillon import Brouillon
from dashboard.domain.indicateur import Acces
from dashboard.domain.lecteur import Auteur
from dashboard.reglages import lis_reglages
from dashboard.store.apports import ecris
from tests.navigateur.conftest import BUREAU, TELEPHONE, Surveillance, _contexte, attend_dessin, sert

PROGRAMME, REGION, CLICS_MAX = "maisons_de_sante", "REG-27", 4
SIGNE = Signature("Fonction d'essai", "Direction d'essai")
DECISION = Decision(titre="Décision d'essai à prendre", echeance=date(2026, 12, 15), responsable="Commission d'essai")
SYNTHESE = Synthese(meteo=Meteo.SOLEIL, texte="Synthèse d'essai, en désaccord avec le calcul.")


@pytest.fixture(scope="module")
def serveur_juge(magasin_pret: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The real figures, with one synthèse and one decision of this test."""
    home = tmp_path_factory.mktemp("juge")
    shutil.copytree(magasin_pret["BOUSSOLE_HOME"], home, dirs_exist_ok=True)
    env = {**magasin_pret, "BOUSSOLE_HOME": str(home)}
    app = ouvre(lis_reglages(env))
    for genre, contenu in ((Genre.SYNTHESE, SYNTHESE), (Genre.DECISION, DECISION)):
        _ecris(app.moteur, genre, contenu)
    app.moteur.dispose()
    with sert(env, Path(home)) as adresse:
        yield adresse


def _ecris(moteur: object, genre: Genre, contenu: Contenu) -> Apport:
    brouillon = Brouillon(genre, PROGRAMME, REGION, contenu, SIGNE, Acces.OUVERT)
    return ecris(moteur, Auteur("agent", peut_ecrire=True), brouillon)  # type: ignore[arg-type]


@pytest.fixture(params=[BUREAU, TELEPHONE], ids=["bureau", "telephone"])
def page(serveur_juge: str, navigateur: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    constats = Surveillance(urlsplit(serveur_juge).netloc)
    contexte = _contexte(navigateur, request.param, constats)
    ouverte = contexte.new_page()
    ouverte.goto(serveur_juge)
    attend_dessin(ouverte)
    yield ouverte
    contexte.close()
    constats.verifie()


def test_from_the_home_page_to_the_decision_in_four_clicks_at_most(page: Page) -> None:
    principal = page.get_by_test_id("stMain")
    expect(principal.get_by_text("sont en retard", exact=False).first).to_be_visible()
    expect(principal.get_by_text("Décision d'essai à prendre", exact=False).first).to_be_visible()

    clics = 1
    principal.get_by_role("link", name="Maisons de santé").click()
    page.wait_for_url("**/programme?*")
    expect(principal.get_by_role("heading", level=1, name="Maisons de santé")).to_be_visible()

    expect(principal.get_by_text("25 % du chemin étaient attendus", exact=False)).to_be_visible()  # why
    expect(principal.get_by_role("img", name="Nièvre −29 % en retard")).to_be_visible()  # where, on the map
    expect(principal.get_by_text("Décision d'essai à prendre")).to_be_visible()  # what is awaited
    expect(principal.get_by_text("contredit le statut calculé", exact=False)).to_be_visible()

    clics += 1
    principal.get_by_role("link", name="Nièvre", exact=True).click()
    expect(principal.get_by_text("16 maisons", exact=False).first).to_be_visible()
    assert clics <= CLICS_MAX
    page.go_back()
    expect(principal.get_by_role("heading", level=1, name="Maisons de santé")).to_be_visible()
    page.go_back()
    expect(principal.get_by_role("heading", level=1, name="L'essentiel")).to_be_visible()


def test_a_link_opens_in_the_session_that_is_there(page: Page) -> None:
    page.evaluate("window.temoin = 'gardé'")
    page.get_by_test_id("stMain").get_by_role("link", name="Maisons de santé").click()
    page.wait_for_url("**/programme?*")
    assert page.evaluate("window.temoin") == "gardé"


def test_the_home_page_holds_on_one_screen(serveur_juge: str, navigateur: Browser) -> None:
    contexte = _contexte(navigateur, BUREAU, Surveillance(urlsplit(serveur_juge).netloc))
    ouverte = contexte.new_page()
    ouverte.goto(serveur_juge)
    attend_dessin(ouverte)
    bas = ouverte.locator("table.b-situations").bounding_box()
    contexte.close()
    assert bas is not None
    assert bas["y"] + bas["height"] <= BUREAU[1]


def test_from_a_doubtful_figure_to_its_source_row_its_producer_and_its_quality_in_one_click(page: Page) -> None:
    ligne = page.locator("tr", has=page.get_by_role("link", name="Maisons de santé"))
    ligne.locator("a.b-preuve").first.click()
    expect(page.get_by_role("heading", name="Pourquoi ce chiffre ?")).to_be_visible(timeout=20_000)
    attend_dessin(page)
    principal = page.get_by_test_id("stMain")
    for dit in ("Source « programmes », ligne", "Empreinte sha256", "La qualité de cette donnée", "Ponctualité"):
        expect(principal.get_by_text(dit).first).to_be_visible()
    contact = principal.get_by_text("Signaler une erreur, DITP").get_by_role("link")
    assert str(contact.get_attribute("href")).startswith("https://")


def test_a_bubble_of_words_closes_by_escape_and_by_a_click_elsewhere(page: Page) -> None:
    page.goto(f"{page.url.split('?')[0].rstrip('/')}/pourquoi?indicateur=maisons_sante_pluripro")
    attend_dessin(page)
    bulles = page.locator("details.b-bulle")
    bulles.first.locator("summary").click()
    expect(page.locator("details.b-bulle[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("details.b-bulle[open]")).to_have_count(0)
    bulles.first.locator("summary").press("Enter")
    expect(page.locator("details.b-bulle[open]")).to_have_count(1)
    page.get_by_role("heading", name="Pourquoi ce chiffre ?").click()
    expect(page.locator("details.b-bulle[open]")).to_have_count(0)
