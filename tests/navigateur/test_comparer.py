"""The Comparaison page and the sheet side by side as a person drives them, and axe on what each mode draws."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import axe_playwright_python
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.navigateur.conftest import BUREAU, TELEPHONE, Ouvre, attend_dessin

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_CONTEXTE = {"exclude": [['[data-testid="stSidebarNav"]']]}
DIJON = "EPCI-242100410"
MODES = {"classement": "Classement", "distribution": "Distribution", "nuage": "Nuage", "series": "Petites séries",
         "base100": "Base 100", "couleurs": "Tableau coloré"}  # fmt: skip


def adresse(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def sans_obstacle(page: Page) -> None:
    page.evaluate(_AXE)
    resultat = page.evaluate("contexte => axe.run(contexte, {resultTypes: ['violations']})", _CONTEXTE)
    graves = [f"{v['id']} : {[n['target'] for n in v['nodes']]}" for v in resultat["violations"]
              if v["impact"] in ("serious", "critical")]  # fmt: skip
    assert graves == []


def tient_dans_la_largeur(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_each_mode_is_one_click_and_stays_in_the_address(ouvre: Ouvre) -> None:
    page = ouvre(f"/comparer?indicateur=population_municipale&territoire={DIJON}", BUREAU)
    principal = page.get_by_test_id("stMain")
    for mode, nom in reversed(MODES.items()):
        principal.get_by_role("radio", name=nom, exact=True).click()
        attendu = [] if mode == "classement" else [mode]
        page.wait_for_function(
            "voulu => (new URLSearchParams(location.search).get('vue') || 'classement') === voulu", arg=mode
        )
        attend_dessin(page)
        assert adresse(page).get("vue", []) == attendu
        expect(principal.get_by_text("Cette page n'a pas pu s'afficher")).to_have_count(0)
    expect(principal.get_by_text("vous êtes ici").first).to_be_visible()


@pytest.mark.parametrize("taille", [BUREAU, TELEPHONE], ids=["bureau", "telephone"])
@pytest.mark.parametrize("mode", MODES)
def test_no_mode_has_a_serious_barrier_nor_overflows(ouvre: Ouvre, mode: str, taille: tuple[int, int]) -> None:
    page = ouvre(f"/comparer?vue={mode}&indicateur=population_municipale&territoire={DIJON}", taille)
    tient_dans_la_largeur(page)
    sans_obstacle(page)


def test_the_ranking_is_searched_with_a_typing_mistake(ouvre: Ouvre) -> None:
    page = ouvre("/comparer?maille=commune&indicateur=densite", BUREAU)
    principal = page.get_by_test_id("stMain")
    principal.get_by_label("Chercher dans le classement").fill("besancno")
    expect(principal.get_by_role("link", name="Besançon", exact=True)).to_be_visible(timeout=15_000)


@pytest.mark.parametrize("taille", [BUREAU, TELEPHONE], ids=["bureau", "telephone"])
def test_a_territory_found_by_its_postcode_comes_side_by_side(ouvre: Ouvre, taille: tuple[int, int]) -> None:
    page = ouvre("/territoire?territoire=COM-25056", taille)
    principal = page.get_by_test_id("stMain")
    principal.get_by_label("Chercher un territoire à comparer").fill("21200")
    principal.get_by_role("link", name="+ Beaune · commune, Côte-d'Or", exact=True).click(timeout=15_000)
    page.wait_for_function("() => new URLSearchParams(location.search).get('avec') === 'COM-21054'")
    attend_dessin(page)
    fiche = principal.get_by_role("region", name="Territoires côte à côte")
    expect(fiche.get_by_role("columnheader", name="Beaune")).to_be_visible()
    tient_dans_la_largeur(page)
    sans_obstacle(page)


def test_a_click_on_a_point_opens_the_portrait_of_its_territory(ouvre: Ouvre) -> None:
    page = ouvre(f"/comparer?vue=nuage&indicateur=densite&maille=departement&territoire={DIJON}", BUREAU)
    point = page.locator(".scatterlayer .trace .points path").first
    point.wait_for(state="visible", timeout=20_000)
    boite = point.bounding_box()
    assert boite is not None
    page.mouse.move(boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2)
    nom = page.locator(".hoverlayer .hovertext").first.text_content(timeout=10_000) or ""
    page.mouse.click(boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2)
    page.wait_for_url("**/territoire?*", timeout=20_000)
    attend_dessin(page)
    titre = page.get_by_test_id("stMain").get_by_role("heading", level=1).text_content()
    assert titre
    assert titre in nom
    assert adresse(page)["territoire"][0].startswith("DEP-")


def test_every_row_of_a_long_ranking_is_reached_page_by_page(ouvre: Ouvre) -> None:
    page = ouvre("/comparer?maille=commune&indicateur=densite", BUREAU)
    principal = page.get_by_test_id("stMain")
    lignes = principal.get_by_role("region", name="Classement des territoires").locator("tbody tr")
    assert lignes.count() < 40
    principal.get_by_text("Toutes les lignes").click()
    expect(lignes).to_have_count(100, timeout=20_000)
    principal.get_by_role("button", name="Page suivante").click()
    expect(principal.get_by_text("Lignes 101 à 200 sur")).to_be_visible(timeout=20_000)
    assert adresse(page)["page"] == ["2"]
    lignes.first.get_by_role("link").first.click()
    page.wait_for_url("**/territoire?*", timeout=20_000)


def test_the_workbook_of_a_view_has_its_notice_first(ouvre: Ouvre) -> None:
    page = ouvre(f"/comparer?vue=couleurs&territoire={DIJON}", BUREAU)
    with page.expect_download(timeout=30_000) as recu:
        page.get_by_test_id("stMain").get_by_role("button", name="Excel").click()
    feuilles = pd.read_excel(Path(recu.value.path()), sheet_name=None, engine="calamine")
    assert list(feuilles) == ["À lire", "Valeurs", "Écarts", "Indicateurs"]
    assert DIJON in set(feuilles["Valeurs"]["Code"])
