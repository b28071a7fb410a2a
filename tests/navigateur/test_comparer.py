"""The Comparaison page and the sheet side by side as a person drives them, and axe on what each mode draws."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import axe_playwright_python
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
