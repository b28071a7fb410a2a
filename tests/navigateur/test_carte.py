"""The map in a real browser: what it receives, how long it takes, what a click does."""

from __future__ import annotations

import time

import numpy as np
import pytest
from playwright.sync_api import Frame, Page

from dashboard.figures.carte import encode_valeurs
from dashboard.serving.assets import url_actif
from tests.navigateur.conftest import TELEPHONE, Ouvre, cadre_de_la_carte


def test_3685_communes_are_drawn(ouvre: Ouvre) -> None:
    cadre = cadre_de_la_carte(ouvre("/carte?maille=commune"))
    assert _teintes(cadre) > 4


def test_a_click_goes_to_the_territory(ouvre: Ouvre) -> None:
    page = ouvre("/carte?maille=commune")
    cadre_de_la_carte(page)
    _clique_au_milieu(page)
    page.wait_for_url("**/territoire?*territoire=COM-*", timeout=10_000)
    page.go_back()
    page.wait_for_url("**/carte*")
    cadre_de_la_carte(page)
    page.wait_for_timeout(600)
    assert "/carte" in page.url, "le clic d'avant ne doit pas ramener au territoire"


def test_the_frame_says_what_it_shows_and_can_be_driven_by_keyboard(ouvre: Ouvre) -> None:
    page = ouvre("/carte?maille=departement")
    cadre = cadre_de_la_carte(page)
    assert page.get_attribute("iframe", "title") == cadre.title() != ""
    assert cadre.get_attribute("html", "lang") == "fr"
    assert [b.get_attribute("aria-label") for b in cadre.query_selector_all(".leaflet-bar a")] == [
        "Zoomer", "Dézoomer", "Vue d'ensemble", "Sélectionner dans un cadre",
    ]  # fmt: skip
    avant = cadre.evaluate("window.map.getZoom()")
    cadre.focus("#map_div")
    page.keyboard.press("+")
    cadre.wait_for_function("zoom => window.map.getZoom() > zoom", arg=avant)


def test_hovering_names_the_territory_and_its_value(ouvre: Ouvre) -> None:
    page = ouvre("/carte?maille=departement")
    cadre = cadre_de_la_carte(page)
    _au_milieu(page)
    texte = cadre.locator(".leaflet-tooltip:not(.carte-nom)").inner_text()
    nom, valeur = texte.split("\n", 1)
    assert len(nom) > 2
    assert valeur.strip() != ""


def test_on_a_phone_the_map_leaves_no_empty_band(ouvre: Ouvre) -> None:
    page = ouvre("/carte?maille=departement", TELEPHONE)
    cadre = cadre_de_la_carte(page)
    haut, largeur = cadre.evaluate("[document.getElementById('map_div').clientHeight, window.innerWidth]")
    assert haut < largeur
    assert cadre.evaluate("window.map.dragging.enabled()") is False, "un doigt fait défiler la page"


def test_changing_the_scale_keeps_the_map_in_place(ouvre: Ouvre) -> None:
    page = ouvre("/carte?maille=departement")
    cadre = cadre_de_la_carte(page)
    cadre.evaluate("window.temoin = true")
    debut = time.monotonic()
    page.get_by_test_id("stButtonGroup").get_by_text("Commune", exact=True).first.click()
    cadre.wait_for_function("Object.keys(window.map._layers).length > 1000", timeout=10_000)
    assert time.monotonic() - debut < 5
    assert cadre.evaluate("window.temoin") is True, "la carte ne doit pas être remontée"


@pytest.mark.parametrize("graine", range(5))
def test_the_browser_reads_exactly_what_python_wrote(ouvre: Ouvre, graine: int) -> None:
    page = ouvre("/aide")
    page.add_script_tag(url=url_actif("lecture.js"))
    alea = np.random.default_rng(graine)
    chiffres = "".join(alea.choice(list("01234msn"), 500))
    valeurs = [round(float(v), 1) for v in alea.normal(0, 400, 500)]
    exactes = encode_valeurs(chiffres, valeurs, 1, "h", signe=True)
    lues = page.evaluate(
        "e => boussoleLecture.litValeurs({exactes: e})",
        {"texte": exactes.texte, "bases": exactes.bases, "minimums": exactes.minimums, "decimales": 1},
    )
    assert lues["chiffres"] == chiffres
    assert lues["valeurs"] == [None if c in "msn" else v for c, v in zip(chiffres, valeurs, strict=True)]


def test_values_are_written_in_french(ouvre: Ouvre) -> None:
    page = ouvre("/aide")
    page.add_script_tag(url=url_actif("lecture.js"))
    textes = page.evaluate(
        """() => [[1234.5, true], [-0.3, true], [0, true], [12, false]].map(([v, signe]) =>
        boussoleLecture.texteValeur({exactes: {decimales: 1, unite: "%", signe}}, {chiffres: "0", valeurs: [v]}, 0))"""
    )
    fine = "\u202f"
    assert textes == [f"+1{fine}234,5{fine}%", f"\u22120,3{fine}%", f"0,0{fine}%", f"12,0{fine}%"]


def _teintes(cadre: Frame) -> int:
    """Number of frequent colours on the map's canvas."""
    return int(
        cadre.evaluate(
            """() => {
              const toile = document.querySelector("canvas"), pixels = toile.getContext("2d")
                .getImageData(0, 0, toile.width, toile.height).data, compte = new Map();
              for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 3] === 255) {
                const teinte = (pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2];
                compte.set(teinte, (compte.get(teinte) || 0) + 1);
              }
              return [...compte.values()].filter((n) => n > 500).length;
            }"""
        )
    )


def _au_milieu(page: Page) -> None:
    boite = page.locator("iframe").bounding_box()
    assert boite is not None
    page.mouse.move(boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2 - 3)
    page.mouse.move(boite["x"] + boite["width"] / 2, boite["y"] + boite["height"] / 2)


def _clique_au_milieu(page: Page) -> None:
    _au_milieu(page)
    page.mouse.down()
    page.mouse.up()
