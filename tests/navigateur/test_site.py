"""The static site opened from a file with the network off: it reads, it asks nobody, and no barrier is serious."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import sites
from tests.navigateur.conftest import BUREAU, TELEPHONE

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_GRAVES = ("serious", "critical")
TAILLES = pytest.mark.parametrize("taille", [BUREAU, TELEPHONE], ids=["bureau", "telephone"])
PAGES = (
    "index.html", "politiques.html", "programmes/maisons_de_sante.html", "territoires.html", "territoires/REG-27.html",
    "territoires/EPCI-242500361.html", "territoire.html#COM-21231", "carte.html",
    "recherche.html?q=dijon", "indicateurs.html", "indicateurs/densite.html", "verifier.html", "mentions.html",
)  # fmt: skip
Ouvre = Callable[..., Page]


@pytest.fixture(scope="module")
def dossier(magasin_pret: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site of a real package."""
    return sites.paquet_reel(magasin_pret, tmp_path_factory) / "site"


@pytest.fixture
def ouvre(dossier: Path, navigateur: Browser) -> Iterator[Ouvre]:
    """``ouvre("index.html", TELEPHONE)`` from the disk, without a network; what the page asks and says is judged."""
    contextes: list[BrowserContext] = []
    demandes: list[str] = []
    erreurs: list[str] = []

    def ouvre_page(chemin: str, taille: tuple[int, int] = BUREAU, **options: object) -> Page:
        mobile = taille == TELEPHONE
        contexte = navigateur.new_context(
            viewport={"width": taille[0], "height": taille[1]}, locale="fr-FR", is_mobile=mobile, has_touch=mobile,
            offline=True, **options,  # type: ignore[arg-type]
        )  # fmt: skip
        contexte.on("request", lambda r: demandes.append(r.url))
        contexte.on("requestfailed", lambda r: erreurs.append(f"{r.url} : {r.failure}"))
        contexte.on("console", lambda m: erreurs.append(m.text) if m.type in ("error", "warning") else None)
        contexte.on("weberror", lambda e: erreurs.append(str(e.error)))
        contextes.append(contexte)
        page = contexte.new_page()
        page.goto(f"{dossier.as_uri()}/{chemin}")
        return page

    yield ouvre_page
    for contexte in contextes:
        contexte.close()
    assert demandes
    assert [d for d in demandes if not d.startswith((dossier.as_uri(), "data:"))] == []
    assert erreurs == []


def prete(page: Page, chemin: str) -> None:
    """Waits for what is drawn by a script."""
    if chemin.startswith("carte.html"):
        page.wait_for_selector("#zone[data-prete]")
    if chemin.startswith("territoire.html"):
        page.wait_for_selector("#commune table")
    if chemin.startswith("recherche.html"):
        page.wait_for_selector("#resultats li")


@TAILLES
@pytest.mark.parametrize("chemin", PAGES)
def test_no_serious_barrier_and_nothing_overflows(ouvre: Ouvre, chemin: str, taille: tuple[int, int]) -> None:
    page = ouvre(chemin, taille)
    prete(page, chemin)
    for replie in page.query_selector_all("details"):
        replie.evaluate("e => { e.open = true }")
    page.evaluate(_AXE)
    resultat = page.evaluate("() => axe.run(document, {resultTypes: ['violations'], preload: false})")
    graves = [
        f"{v['id']} ({v['impact']}) : {[noeud['target'] for noeud in v['nodes']][:5]}"
        for v in resultat["violations"]
        if v["impact"] in _GRAVES
    ]
    assert graves == []
    assert page.evaluate("document.documentElement.scrollWidth") <= taille[0]


def test_the_main_path_of_an_elu_reads_without_a_network(ouvre: Ouvre) -> None:
    page = ouvre("index.html", TELEPHONE)
    expect(page.locator(".b-phrase")).to_contain_text("programmes suivis")
    page.get_by_role("link", name="Maisons de santé").click()
    expect(page.locator("h1")).to_have_text("Maisons de santé")
    expect(page.locator(".s-figure .s-etroite svg")).to_be_visible()
    page.get_by_text("Les mêmes chiffres en tableau").click()
    expect(page.get_by_role("row", name=re.compile("31 déc. 2023")).first).to_contain_text("145")
    page.get_by_role("link", name="Nièvre").first.click()
    expect(page.locator("h1")).to_have_text("Nièvre")
    page.get_by_role("link", name="Vérifier", exact=True).click()
    expect(page.locator(".s-empreinte")).to_have_text(re.compile("([0-9a-f]{4} ?){3,}"))


def test_a_place_is_found_without_accents_and_with_a_typing_mistake(ouvre: Ouvre) -> None:
    page = ouvre("index.html")
    page.get_by_label("Une commune, un programme, un indicateur").fill("besancno")
    page.get_by_role("button", name="Chercher").click()
    premier = page.locator("#resultats a").first
    expect(premier).to_have_text("Besançon")
    for demande, nom in (("st claude", "Saint-Claude"), ("21200", "Beaune"), ("COM-21231", "Dijon"), ("zzzzzz", "")):
        page.locator("#q").fill(demande)
        if nom:
            expect(premier).to_have_text(nom)
        else:
            expect(page.locator("#dit")).to_contain_text("Rien de ce nom")
    page.locator("#q").fill("dijon")
    page.locator("#resultats a", has_text=re.compile("^Dijon$")).click()
    expect(page.locator("h1")).to_have_text("Dijon")
    expect(page.locator("#commune tbody tr").first).to_contain_text("161\u202f830\u202fhab.")


def test_an_unknown_commune_is_said(ouvre: Ouvre) -> None:
    page = ouvre("territoire.html#COM-21999")
    expect(page.locator("#commune")).to_contain_text("La commune 21999 n'est pas dans cet instantané.")
    page.goto(page.url.split("#")[0] + "#<img src=x onerror=alert(1)>")
    expect(page.locator("#commune")).to_contain_text("Aucune commune demandée.")


def test_the_map_is_read_with_the_keyboard_alone(ouvre: Ouvre) -> None:
    page = ouvre("carte.html#densite/departement")
    prete(page, "carte.html")
    expect(page.locator("#carte path.t")).to_have_count(8)
    page.locator("#zone").focus()
    for touche in ("ArrowRight", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(touche)
    expect(page.locator("#annonce")).to_contain_text("hab./km²")
    nom = page.locator("#lu strong").inner_text()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text(nom)


def test_the_map_of_communes_has_its_table_and_shows_the_one_asked(ouvre: Ouvre) -> None:
    page = ouvre("carte.html#COM-21231")
    prete(page, "carte.html")
    expect(page.locator("#carte path.t")).to_have_count(3_685)
    expect(page.locator("#lu")).to_contain_text("Dijon")
    page.get_by_text("Les mêmes valeurs en tableau").click()
    expect(page.locator("#table tbody tr")).to_have_count(3_685)
    comptes = page.locator(".b-legende b").all_inner_texts()
    assert sum(int("".join(c for c in t if c.isdigit())) for t in comptes) == 3_685


def test_counts_are_circles_and_never_plain_areas(ouvre: Ouvre) -> None:
    page = ouvre("carte.html#population_municipale/epci")
    prete(page, "carte.html")
    expect(page.locator("#ronds circle")).to_have_count(116)
    assert set(page.locator("#carte path.t").evaluate_all("t => t.map(e => e.getAttribute('fill'))")) == {"#F3F5F8"}


def test_without_scripts_all_reads_and_the_three_that_need_them_say_so(ouvre: Ouvre) -> None:
    for chemin in ("index.html", "programmes/maisons_de_sante.html", "territoires/DEP-58.html"):
        page = ouvre(chemin, TELEPHONE, java_script_enabled=False)
        expect(page.locator("table:visible").first).to_be_visible()
        expect(page.locator("noscript")).to_have_count(0)
    for chemin in ("carte.html", "recherche.html", "territoire.html"):
        page = ouvre(chemin, TELEPHONE, java_script_enabled=False)
        expect(page.locator("noscript p")).to_be_visible()
        expect(page.locator("form:visible, select:visible")).to_have_count(0)


def test_the_first_link_goes_to_the_content(ouvre: Ouvre) -> None:
    page = ouvre("index.html")
    page.keyboard.press("Tab")
    expect(page.locator(".s-saut")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#contenu")).to_be_focused()
