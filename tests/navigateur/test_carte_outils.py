"""The tools of the map in a real browser: drill-down, slider, twin maps, selection, and each file it gives."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Download, Frame, Page

from tests.navigateur.conftest import Ouvre, attend_dessin, cadre_de_la_carte

CADRES = 'iframe[src*="streamlit_folium"]'
LARGEUR_VUE = "() => { const b = window.map.getBounds(); return b.getEast() - b.getWest(); }"
VOILES = "Object.values(window.map._layers).filter((c) => c.options.fillOpacity === 0.5 && !c.feature).length"


def adresse(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def volet(page: Page, nom: str) -> None:
    page.get_by_role("button", name=nom).first.click()
    page.wait_for_timeout(400)
    attend_dessin(page)


def deux_cadres(page: Page) -> tuple[Frame, Frame]:
    for rang in range(2):
        pret = page.frame_locator(CADRES).nth(rang).locator('html[data-carte="prete"]')
        pret.wait_for(state="attached", timeout=30_000)
    cadres = [e.content_frame() for e in page.query_selector_all(CADRES)]
    assert len(cadres) == 2
    assert cadres[0] is not None
    assert cadres[1] is not None
    return cadres[0], cadres[1]


def test_a_departement_frames_its_communes_and_back(ouvre: Ouvre) -> None:
    page = ouvre("/carte?territoire=DEP-58&maille=departement&indicateur=densite")
    large = float(cadre_de_la_carte(page).evaluate(LARGEUR_VUE))
    page.get_by_role("button", name="Cadrer sur : Nièvre").click()
    page.wait_for_url("**zoom=1**")
    cadre = cadre_de_la_carte(page)
    cadre.wait_for_function("Object.keys(window.map._layers).length > 1000", timeout=15_000)
    cadre.wait_for_function(f"({LARGEUR_VUE})() < {0.8 * large}")
    assert "Nevers" in cadre.locator(".carte-nom").all_inner_texts()
    assert cadre.evaluate(VOILES) == 1, "ce qui entoure le territoire cadré est plus pâle"
    assert "Nièvre :" in page.locator(".b-phrase").inner_text()
    page.get_by_role("button", name="Toute la région").click()
    cadre.wait_for_function(f"({LARGEUR_VUE})() > {0.9 * large}")


def test_the_slider_changes_the_period_in_the_address_and_keeps_the_classes(ouvre: Ouvre) -> None:
    page = ouvre("/carte?indicateur=population_municipale&maille=epci&defile=1")
    cadre = cadre_de_la_carte(page)
    legende = page.locator(".b-legende").inner_text()
    assert "Mêmes classes à toutes les périodes." in page.locator(".b-carte").first.inner_text()
    cadre.evaluate("window.temoin = true")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**periode=2022**")
    cadre.wait_for_function("document.title.endsWith('2022')")
    assert cadre.evaluate("window.temoin") is True
    assert page.locator(".b-legende").inner_text() == legende


def test_two_dates_share_their_classes_and_move_together(ouvre: Ouvre) -> None:
    page = ouvre("/carte?indicateur=population_municipale&maille=departement&comparer_periode=2017")
    gauche, droite = deux_cadres(page)
    assert (gauche.title()[-4:], droite.title()[-4:]) == ("2023", "2017")
    gauche.evaluate("window.map.setZoom(window.map.getZoom() + 1, {animate: false})")
    zoom = gauche.evaluate("window.map.getZoom()")
    droite.wait_for_function("zoom => Math.abs(window.map.getZoom() - zoom) < 0.01", arg=zoom)
    droite.evaluate("window.map.panBy([40, 10], {animate: false})")
    centre = droite.evaluate("window.map.getCenter().lng")
    gauche.wait_for_function("x => Math.abs(window.map.getCenter().lng - x) < 0.001", arg=centre)


def test_hovering_a_map_names_the_same_place_on_its_twin(ouvre: Ouvre) -> None:
    page = ouvre("/carte?indicateur=taux_chomage_localise&maille=departement&comparer=part_sau_bio&noms=0")
    gauche, droite = deux_cadres(page)
    boite = page.locator(CADRES).first.bounding_box()
    assert boite is not None
    x, y = boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2
    page.mouse.move(x, y - 3)
    page.mouse.move(x, y)
    ici, la = (c.locator(".leaflet-tooltip") for c in (gauche, droite))
    la.wait_for(timeout=5_000)
    assert ici.inner_text().split("\n")[0] == la.inner_text().split("\n")[0] != ""


def test_a_single_map_has_no_twin(ouvre: Ouvre) -> None:
    page = ouvre("/carte?maille=departement")
    cadre_de_la_carte(page)
    assert page.locator(CADRES).count() == 1


def test_a_click_selects_when_asked_and_the_address_keeps_it(ouvre: Ouvre) -> None:
    page = ouvre("/carte?indicateur=densite&maille=departement&clic=choisir&noms=0")
    cadre_de_la_carte(page)
    boite = page.locator(CADRES).bounding_box()
    assert boite is not None
    page.mouse.click(boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2)
    page.wait_for_url("**choix=DEP-**")
    page.get_by_text("Territoires choisis", exact=True).wait_for()
    autre = ouvre(f"/carte?{urlsplit(page.url).query}")
    assert adresse(autre) == adresse(page)
    assert autre.locator(".b-table tbody tr").count() == 1


def test_a_commune_is_found_by_its_name_and_outlined(ouvre: Ouvre) -> None:
    page = ouvre("/carte?indicateur=densite&maille=commune&choix=COM-25056")
    cadre = cadre_de_la_carte(page)
    volet(page, "Sélection")
    page.get_by_label("Chercher une commune").fill("Dijon")
    page.wait_for_url("**q=Dijon**")
    page.get_by_label("20 territoires au plus").click()
    page.get_by_role("option", name="Dijon · commune").first.click()
    page.wait_for_url("**COM-21231**")
    assert set(adresse(page)["choix"][0].split(",")) == {"COM-25056", "COM-21231"}
    cadre.wait_for_function("boussole.etat.contenu.choisis && boussole.etat.contenu.choisis.length === 2")


def test_classes_chosen_by_hand_are_in_the_address(ouvre: Ouvre) -> None:
    page = ouvre("/carte?indicateur=densite&maille=commune&methode=main&seuils=50;500")
    cadre_de_la_carte(page)
    assert page.locator(".b-legende i").count() == 3
    page = ouvre("/carte?indicateur=densite&maille=commune&seuils=500,50")
    assert "non croissants" in page.get_by_test_id("stAlert").first.inner_text()
    assert "seuils" not in adresse(page)


def telecharge(page: Page, nom: str, dossier: Path) -> Path:
    """Presses a button of the open « Télécharger » and keeps what it gives."""
    with page.expect_download(timeout=60_000) as attendu:
        page.get_by_role("button", name=nom, exact=True).click()
    fichier: Download = attendu.value
    chemin = dossier / fichier.suggested_filename
    fichier.save_as(chemin)
    return chemin


def test_each_file_holds_what_is_seen(ouvre: Ouvre, tmp_path: Path) -> None:
    page = ouvre("/carte?indicateur=part_femmes_conseil_municipal&maille=epci&methode=jenks&choix=EPCI-242100410")
    cadre_de_la_carte(page)
    volet(page, "Télécharger")
    lus = {nom: telecharge(page, nom, tmp_path) for nom in ("SVG", "Image PNG", "CSV", "Excel", "GeoPackage")}
    assert {c.stem for c in lus.values()} == {lus["SVG"].stem}
    svg = lus["SVG"].read_text(encoding="utf-8")
    assert "Seuils naturels" in svg
    assert "Arrêté au 23 novembre 2026" in svg
    assert lus["Image PNG"].read_bytes()[:4] == b"\x89PNG"
    lignes = list(csv.reader(io.StringIO(lus["CSV"].read_text(encoding="utf-8-sig")), delimiter=";"))
    assert len(lignes) == 117
    assert zipfile.is_zipfile(lus["Excel"])
    with sqlite3.connect(lus["GeoPackage"]) as base:
        assert base.execute("SELECT count(*) FROM carte").fetchone() == (116,)


def test_the_html_map_lives_alone_without_a_network(ouvre: Ouvre, navigateur: Browser, tmp_path: Path) -> None:
    page = ouvre("/carte?indicateur=densite&maille=commune&territoire=DEP-58&zoom=1")
    cadre_de_la_carte(page)
    volet(page, "Télécharger")
    fichier = telecharge(page, "Page HTML", tmp_path)
    assert fichier.stat().st_size < 2_500_000
    contexte = navigateur.new_context(offline=True, viewport={"width": 1280, "height": 900})
    demandes, erreurs = [], []
    contexte.on("request", lambda r: demandes.append(r.url))
    contexte.on("console", lambda m: erreurs.append(m.text) if m.type == "error" else None)
    contexte.on("weberror", lambda e: erreurs.append(str(e.error)))
    seule = contexte.new_page()
    seule.goto(fichier.as_uri())
    seule.wait_for_selector('html[data-carte="prete"]', state="attached", timeout=20_000)
    assert [u for u in demandes if not u.startswith(("file:", "data:", "blob:"))] == []
    assert erreurs == [], (erreurs, demandes)
    assert "hab./km²" in seule.locator(".legende").inner_text()
    assert "Arrêté au 23 novembre 2026" in seule.locator(".notes").inner_text()
    assert "Nevers" in seule.locator(".carte-nom").all_inner_texts()
    seule.get_by_text("Les mêmes valeurs en tableau").click()
    assert seule.locator("table tbody tr").count() == 3_685
    seule.mouse.move(420, 420)
    seule.mouse.move(424, 424)
    bulle = seule.locator(".leaflet-tooltip:not(.carte-nom)")
    bulle.wait_for(timeout=5_000)
    assert re.search(r"\d.*hab\./km²", bulle.inner_text())
    contexte.close()


@pytest.mark.parametrize("taille", [(1440, 900), (390, 844)])
def test_tools_never_overflow_the_screen(ouvre: Ouvre, taille: tuple[int, int]) -> None:
    page = ouvre("/carte?indicateur=densite&comparer=part_femmes_conseil_municipal&maille=epci", taille)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
