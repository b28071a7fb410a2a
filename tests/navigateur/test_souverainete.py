"""Each page draws from our host alone, under the policy, in French, without barrier, on a desk and in a hand."""

from __future__ import annotations

import gzip
import json
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import axe_playwright_python
import pytest
from playwright.sync_api import Page

from tests.navigateur.conftest import (
    BUREAU,
    PAGES,
    TELEPHONE,
    Ouvre,
    Surveillance,
    attend_dessin,
    cadre_de_la_carte,
)  # fmt: skip

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_GRAVES = ("serious", "critical")
# Streamlit's own phone menu puts <div> sections inside its <ul>; that markup is not ours to change.
_CONTEXTE = {"exclude": [['[data-testid="stSidebarNav"]']]}


@pytest.mark.parametrize("taille", [BUREAU, TELEPHONE], ids=["bureau", "telephone"])
@pytest.mark.parametrize("chemin", PAGES)
def test_each_page_draws_from_our_host_alone_and_without_barrier(
    ouvre: Ouvre, chemin: str, taille: tuple[int, int]
) -> None:
    """The verdict on hosts, policy and errors is given by the fixture, after the page has settled."""
    page = ouvre(chemin, taille)
    page.wait_for_timeout(800)
    if chemin == "/carte":
        cadre_de_la_carte(page)
    assert _barrieres(page) == []
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator('[data-testid="stException"]').count() == 0
    assert urlsplit(page.url).path == urlsplit(chemin).path
    assert _debordement(page) <= 0


def _barrieres(page: Page) -> list[str]:
    """What axe finds serious or critical, in the page and in the map's frame."""
    for cadre in page.frames:  # axe looks into a frame only where it is itself loaded
        cadre.evaluate(_AXE)
    resultat = page.evaluate("contexte => axe.run(contexte, {resultTypes: ['violations']})", _CONTEXTE)
    return [
        f"{v['id']} ({v['impact']}) : {[noeud['target'] for noeud in v['nodes']]}"
        for v in resultat["violations"]
        if v["impact"] in _GRAVES
    ]


def _debordement(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_going_from_page_to_page_and_back_stays_at_home(ouvre: Ouvre, serveur: str) -> None:
    page = ouvre("/")
    page.get_by_role("link", name="Carte", exact=True).first.click()
    page.wait_for_url("**/carte*")
    attend_dessin(page)
    page.go_back()
    page.wait_for_url(lambda url: urlsplit(url).path == "/")
    attend_dessin(page)


def test_the_watch_itself_sees_what_it_must_refuse(ouvre: Ouvre, surveillance: Surveillance) -> None:
    """Without this, a silent watch would pass everything."""
    page = ouvre("/aide")
    page.evaluate("fetch('https://exemple.invalid/suivi').catch(() => 0)")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
    page.wait_for_timeout(300)
    assert any("connect-src" in refus for refus in surveillance.refus)
    assert any("script-src" in refus for refus in surveillance.refus)
    surveillance.note_requete("https://exemple.invalid/suivi")
    with pytest.raises(AssertionError, match="autre hôte"):
        surveillance.verifie()
    for constats in (surveillance.etrangers, surveillance.refus, surveillance.erreurs):
        constats.clear()


@pytest.mark.parametrize(
    "chemin", ["/", "/carte", "/static/absent.js", "/_stcore/health", "/sante", "/media/x", "/api/v1/"]
)
def test_every_answer_of_the_real_server_is_protected(serveur: str, chemin: str) -> None:
    entetes = _lit(serveur + chemin)[1]
    assert "default-src 'self'" in entetes["content-security-policy"]
    assert "'unsafe-eval'" not in entetes["content-security-policy"]
    assert entetes["x-content-type-options"] == "nosniff"


def test_what_the_browser_loads_first_is_gzipped(serveur: str) -> None:
    corps, entetes = _lit(serveur + "/carte")
    assert entetes["content-encoding"] == "gzip"
    page = gzip.decompress(corps).decode()
    paquet = page.split('<script type="module" crossorigin src=".')[1].split('"')[0]
    assert _lit(serveur + paquet)[1]["content-encoding"] == "gzip"


def test_the_product_says_that_it_is_alive_and_ready(serveur: str) -> None:
    assert _lit(serveur + "/sante")[0] == b"ok"
    etat = json.loads(_lit(serveur + "/pret")[0])
    assert etat["pret"] is True, etat


def test_the_open_interface_is_mounted_beside_the_pages(serveur: str) -> None:
    corps, entetes = _lit(serveur + "/api/v1/programmes")
    assert json.loads(gzip.decompress(corps))["total"] > 0
    assert entetes["access-control-allow-origin"] == "*"
    assert json.loads(_lit(serveur + "/api/v1/indicateurs/inconnu")[0])["status"] == 404


def _lit(url: str) -> tuple[bytes, dict[str, str]]:
    requete = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
    try:
        with urllib.request.urlopen(requete, timeout=20) as reponse:
            return reponse.read(), {k.lower(): v for k, v in reponse.headers.items()}
    except urllib.error.HTTPError as refus:
        return refus.read(), {k.lower(): v for k, v in refus.headers.items()}
