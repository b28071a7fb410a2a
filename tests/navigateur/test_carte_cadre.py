"""Choosing with a frame, and the background that a server may declare, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, FloatRect, Frame, Page, Route

from tests.navigateur.conftest import BUREAU, TELEPHONE, Ouvre, attend_dessin, cadre_de_la_carte, sert

CARTE = 'iframe[src*="streamlit_folium"]'
DEPARTEMENTS = "/carte?indicateur=densite&maille=departement"
COMMUNES = "/carte?indicateur=densite&maille=commune"
IGN = "**/data.geopf.fr/**"
TUILE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><path fill="#0a0" d="M0 0h256v256H0z"/></svg>'
)


def boite(page: Page) -> FloatRect:
    trouvee = page.locator(CARTE).bounding_box()
    assert trouvee is not None
    return trouvee


def choisis(page: Page) -> set[str]:
    return set(parse_qs(urlsplit(page.url).query).get("choix", [""])[0].split(","))


def trace(page: Page, part: float) -> None:
    """Drags a rectangle around the middle of the map."""
    b = boite(page)
    x, y, dx, dy = b["x"] + b["width"] / 2, b["y"] + b["height"] / 2, b["width"] * part, b["height"] * part
    page.mouse.move(x - dx, y - dy)
    page.mouse.down()
    page.mouse.move(x, y)
    page.mouse.move(x + dx, y + dy)
    page.mouse.up()


def active(cadre: Frame) -> bool:
    return cadre.get_attribute(".carte-choisir", "aria-pressed") == "true"


def test_shift_and_drag_selects_what_has_its_centre_in_the_frame(ouvre: Ouvre) -> None:
    page = ouvre(DEPARTEMENTS)
    cadre = cadre_de_la_carte(page)
    vue = cadre.evaluate("[window.map.getZoom(), window.map.getCenter().lng]")
    page.keyboard.down("Shift")
    trace(page, 0.45)
    page.keyboard.up("Shift")
    page.wait_for_url("**choix=DEP-**")
    assert choisis(page) == {f"DEP-{n}" for n in (21, 25, 39, 58, 70, 71, 89, 90)}
    assert cadre.evaluate("[window.map.getZoom(), window.map.getCenter().lng]") == vue, "le cadre ne zoome pas"
    page.get_by_text("Territoires choisis", exact=True).wait_for()


def test_without_shift_a_drag_still_moves_the_map(ouvre: Ouvre) -> None:
    page = ouvre(DEPARTEMENTS)
    cadre = cadre_de_la_carte(page)
    cadre.evaluate("window.map.setZoom(window.map.getZoom() + 2, {animate: false})")
    centre = cadre.evaluate("window.map.getCenter().lng")
    trace(page, 0.2)
    cadre.wait_for_function("x => window.map.getCenter().lng !== x", arg=centre)
    assert "choix=" not in page.url


def test_the_button_traces_one_frame_and_leaves_its_mode(ouvre: Ouvre) -> None:
    page = ouvre(COMMUNES)
    cadre = cadre_de_la_carte(page)
    cadre.evaluate("window.temoin = true")
    cadre.click(".carte-choisir")
    assert active(cadre)
    assert "Glisser" in cadre.inner_text(".carte-avis")
    trace(page, 0.1)
    page.wait_for_url("**choix=COM-**")
    assert not active(cadre)
    assert len(choisis(page)) == 20
    assert "COM-21231" in choisis(page)
    page.get_by_text("communes ont leur centre dans le cadre").wait_for()
    cadre.wait_for_function("boussole.etat.contenu.choisis && boussole.etat.contenu.choisis.length === 20")
    assert cadre.evaluate("window.temoin") is True, "la phrase ne doit pas remonter la carte"


def test_escape_leaves_without_choosing_nor_opening_anything(ouvre: Ouvre) -> None:
    page = ouvre(DEPARTEMENTS)
    cadre = cadre_de_la_carte(page)
    cadre.click(".carte-choisir")
    b = boite(page)
    page.mouse.move(b["x"] + b["width"] / 2, b["y"] + b["height"] / 2)
    page.mouse.down()
    page.mouse.move(b["x"] + b["width"] / 2 + 60, b["y"] + b["height"] / 2 + 60)
    assert cadre.locator(".carte-cadre").count() == 1
    page.keyboard.press("Escape")
    assert cadre.locator(".carte-cadre").count() == 0
    page.mouse.up()
    page.wait_for_timeout(500)
    assert not active(cadre)
    assert page.url.endswith(DEPARTEMENTS)


def test_by_keyboard_enter_takes_what_is_on_screen(ouvre: Ouvre) -> None:
    page = ouvre(DEPARTEMENTS)
    cadre = cadre_de_la_carte(page)
    cadre.focus(".carte-choisir")
    page.keyboard.press("Enter")
    assert active(cadre)
    page.keyboard.press("Enter")
    page.wait_for_url("**choix=DEP-**")
    assert len(choisis(page)) == 8


def test_a_frame_around_nothing_says_so(ouvre: Ouvre) -> None:
    page = ouvre(DEPARTEMENTS)
    cadre = cadre_de_la_carte(page)
    cadre.click(".carte-choisir")
    trace(page, 0.02)
    cadre.get_by_text("Aucun centre de territoire dans ce cadre.").wait_for()
    assert "choix=" not in page.url


def test_a_finger_traces_a_frame(ouvre: Ouvre) -> None:
    page = ouvre(DEPARTEMENTS, TELEPHONE)
    cadre = cadre_de_la_carte(page)
    page.locator(CARTE).evaluate("e => e.scrollIntoView({block: 'center'})")
    page.wait_for_timeout(300)
    cadre.tap(".carte-choisir")
    b = boite(page)
    doigt = page.context.new_cdp_session(page)
    coins = [(0.05, 0.25), (0.5, 0.5), (0.97, 0.97)]
    for genre, (x, y) in zip(("touchStart", "touchMove", "touchMove"), coins, strict=True):
        point = {"x": b["x"] + x * b["width"], "y": b["y"] + y * b["height"]}
        doigt.send("Input.dispatchTouchEvent", {"type": genre, "touchPoints": [point]})
    doigt.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_url("**choix=DEP-**")
    assert "DEP-21" in choisis(page)


# --- the background ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def serveur_fond(magasin_pret: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same server, which declares the background of the IGN."""
    declare = {**magasin_pret, "BOUSSOLE_FOND_DE_CARTE": "geoplateforme"}
    with sert(declare, tmp_path_factory.mktemp("fond")) as adresse:
        yield adresse


@pytest.fixture
def tuiles() -> list[str]:
    return []


@pytest.fixture
def page_fond(navigateur: Browser, serveur_fond: str, tuiles: list[str]) -> Iterator[Page]:
    """A page whose requests to the IGN are answered here: no network is needed."""

    def repond(route: Route) -> None:
        tuiles.append(route.request.url)
        assert "referer" not in route.request.headers
        route.fulfill(body=TUILE, content_type="image/svg+xml")

    contexte = navigateur.new_context(viewport={"width": BUREAU[0], "height": BUREAU[1]}, base_url=serveur_fond)
    contexte.route(IGN, repond)
    yield contexte.new_page()
    contexte.close()


def test_a_declared_background_is_off_until_the_reader_turns_it_on(page_fond: Page, tuiles: list[str]) -> None:
    page_fond.goto(DEPARTEMENTS)
    cadre = cadre_de_la_carte(page_fond)
    attend_dessin(page_fond)
    assert tuiles == []
    assert "geopf" not in page_fond.content() + cadre.content()
    page_fond.get_by_role("button", name="Affichage").click()
    page_fond.get_by_text("Votre navigateur contactera alors data.geopf.fr, serveur de l'IGN.").wait_for()
    with page_fond.expect_request(IGN):
        page_fond.get_by_text("Fond de carte IGN").click()
    page_fond.wait_for_url("**fond=1**")
    cadre.locator(".leaflet-tile-loaded").first.wait_for()
    assert cadre.locator(".leaflet-control-attribution").inner_text() == "© IGN"
    demande = {cle: v[0] for cle, v in parse_qs(urlsplit(tuiles[0]).query).items()}
    assert (demande["LAYER"], demande["TILEMATRIXSET"]) == ("GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2", "PM")
    assert all(demande[cle].isdigit() for cle in ("TILEMATRIX", "TILEROW", "TILECOL"))


def test_the_background_is_seen_through_the_territories(page_fond: Page) -> None:
    page_fond.goto(f"{DEPARTEMENTS}&fond=1&noms=0")
    cadre = cadre_de_la_carte(page_fond)
    cadre.locator(".leaflet-tile-loaded").first.wait_for()
    opacites = cadre.evaluate("[...new Set(boussole.etat.territoires.map((t) => t.options.fillOpacity))]")
    assert len(opacites) == 1
    assert 0.4 < opacites[0] < 0.8


def test_turning_it_off_forgets_the_host(page_fond: Page, tuiles: list[str]) -> None:
    page_fond.goto(f"{DEPARTEMENTS}&fond=1")
    cadre = cadre_de_la_carte(page_fond)
    cadre.locator(".leaflet-tile-loaded").first.wait_for()
    page_fond.get_by_role("button", name="Affichage").click()
    page_fond.get_by_text("Fond de carte IGN").click()
    cadre.wait_for_function("!boussole.etat.contenu.fond && !document.querySelector('.leaflet-tile')")
    assert cadre.locator(".leaflet-control-attribution").count() == 0
    avant = len(tuiles)
    cadre.evaluate("window.map.setZoom(window.map.getZoom() + 1, {animate: false})")
    page_fond.wait_for_timeout(500)
    assert len(tuiles) == avant


def test_the_file_that_leaves_never_names_the_background(page_fond: Page, tmp_path: Path) -> None:
    page_fond.goto(f"{DEPARTEMENTS}&fond=1")
    cadre_de_la_carte(page_fond)
    page_fond.get_by_role("button", name="Télécharger").click()
    with page_fond.expect_download(timeout=60_000) as attendu:
        page_fond.get_by_role("button", name="Page HTML", exact=True).click()
    fichier = tmp_path / "carte.html"
    attendu.value.save_as(fichier)
    contexte = page_fond.context.browser
    assert contexte is not None
    seule = contexte.new_page()
    demandes: list[str] = []
    seule.on("request", lambda r: demandes.append(r.url))
    seule.goto(fichier.as_uri())
    seule.wait_for_selector('html[data-carte="prete"]', state="attached", timeout=20_000)
    assert seule.evaluate("boussole.etat.contenu.fond") is None
    assert [u for u in demandes if u.startswith("http")] == []
    seule.close()


def test_without_the_setting_the_background_cannot_be_asked(ouvre: Ouvre) -> None:
    """Any request to another host would fail this test: the page is watched."""
    page = ouvre(f"{DEPARTEMENTS}&fond=1")
    cadre = cadre_de_la_carte(page)
    page.get_by_text("Ce serveur ne propose pas de fond de carte").wait_for()
    assert cadre.locator(".leaflet-tile").count() == 0
    page.get_by_role("button", name="Affichage").click()
    page.get_by_text("Noms des lieux").wait_for()
    assert page.get_by_text("Fond de carte IGN").count() == 0
