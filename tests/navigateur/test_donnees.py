"""An agent's walk in a browser: template, dirty file, corrected file, published value, undo. Invented figures.

The source, its indicator and the files bear names that try to be markup, links or formulas.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests import mini
from tests.conftest import ARRETE, verbe
from tests.navigateur.conftest import TELEPHONE, Surveillance, _contexte, attend_dessin, sert
from tests.navigateur.test_souverainete import _CONTEXTE, _GRAVES

PIEGE = "<img src=x onerror=alert(1)>[x](javascript:alert(2))=1+1.csv"
SALE = "98001;2023;120\n98999;2023;50\n98002;2023;12,5\n98004;2023;10\n98004;2023;11\n"
CORRIGE = "98001;2023;120\n98002;2023;12.5\n98004;2023;11\n"
AVANT = "98001;2023;77\n"


@pytest.fixture(scope="module")
def magasin_agent(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A store of this test alone: one lot of ``depots`` is already published."""
    dossier = tmp_path_factory.mktemp("agent")
    espace = mini.dessine(mini.ajoute_depots(Path(shutil.copytree(espace_mini, dossier / "espace"))))
    env = {"BOUSSOLE_HOME": str(dossier / "home"), "BOUSSOLE_ESPACE": str(espace),
           "BOUSSOLE_PROFIL": "agent", "BOUSSOLE_DATE_ARRETE": ARRETE}  # fmt: skip
    assert verbe(env, "refresh", "comptes", "cibles").returncode == 0
    return env


@pytest.fixture(scope="module")
def serveur_agent(magasin_agent: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sert(magasin_agent, tmp_path_factory.mktemp("serveur_agent")) as adresse:
        yield adresse


@pytest.fixture
def page(serveur_agent: str, navigateur: Browser) -> Iterator[Page]:
    """A watched page of the agent's server; a script that gets to run would open a dialog of the browser."""
    constats = Surveillance(urlsplit(serveur_agent).netloc)
    contexte = _contexte(navigateur, (1440, 900), constats)
    contexte.on("dialog", lambda d: constats.erreurs.append(f"script exécuté : {d.message}"))
    yield contexte.new_page()
    contexte.close()
    constats.verifie()


def va(page: Page, serveur: str, chemin: str) -> None:
    page.goto(serveur + chemin)
    attend_dessin(page)


def depose(page: Page, serveur: str, entete: str, lignes: str, nom: str = "corrige.csv") -> None:
    """Gives a file and asks for its check."""
    va(page, serveur, "/donnees?source=depots")
    fichier = {"name": nom, "mimeType": "text/csv", "buffer": (entete + lignes).encode()}
    page.locator("input[type=file]").set_input_files(fichier)
    page.get_by_role("button", name="Vérifier ce fichier").click()


def publie(page: Page, serveur: str, entete: str, lignes: str) -> int:
    """Checks and publishes a file; gives the number of its lot."""
    depose(page, serveur, entete, lignes)
    page.get_by_role("button", name="Publier", exact=True).click()
    verdict = page.get_by_text("publié.", exact=False).filter(has_text="Lot").first
    expect(verdict).to_be_visible(timeout=30_000)
    return int(verdict.inner_text().split()[1])


def barrieres(page: Page) -> list[str]:
    """Serious barriers of accessibility of the page as it is."""
    violations = Axe().run(page, context=_CONTEXTE).response["violations"]
    return [f"{v['id']} : {[n['target'] for n in v['nodes']]}" for v in violations if v["impact"] in _GRAVES]


def entete_du_modele(page: Page, serveur: str) -> str:
    """The first line of the CSV template, as downloaded."""
    va(page, serveur, "/donnees?source=depots")
    with page.expect_download() as telecharge:
        page.get_by_role("button", name="Modèle CSV").click()
    lignes = Path(telecharge.value.path()).read_text("utf-8-sig").splitlines()
    assert len(lignes) == 2
    return lignes[0] + "\n"


def effectif(page: Page, serveur: str) -> str:
    """The value of commune 98001, on its indicator page; it is also in the page of its territory's programmes."""
    va(page, serveur, "/indicateur?indicateur=effectif_depose&territoire=COM-98001")
    return page.locator(".b-grand").first.inner_text().replace("\u202f", " ")


def sur_la_carte(page: Page, serveur: str) -> str:
    """The value of commune 98001 beside the map, once the map is there."""
    va(page, serveur, "/carte?indicateur=effectif_depose&maille=commune")
    expect(page.frame_locator("iframe").locator("canvas").first).to_be_visible(timeout=30_000)
    carte = page.locator(".b-carte").filter(has_text="Repères")
    return carte.locator(".b-ligne").filter(has_text="Commune 98001").inner_text()


def test_the_walk_of_an_agent(page: Page, serveur_agent: str) -> None:
    entete = entete_du_modele(page, serveur_agent)
    assert entete == '"Code commune";"Année";"Effectif"\n'
    publie(page, serveur_agent, entete, AVANT)
    assert "77" in effectif(page, serveur_agent)

    depose(page, serveur_agent, entete, SALE, PIEGE)
    expect(page.get_by_text("5 lignes reçues : 1 bonne, 4 refusées.")).to_be_visible(timeout=30_000)
    for mots in ("territoire « COM-98999 » absent du COG", "« 12,5 » n'est pas un nombre", "avec un point décimal"):
        expect(page.get_by_text(mots).first).to_be_visible()
    expect(page.get_by_text("deux valeurs différentes pour « COM-98004 »")).to_have_count(2)
    expect(page.get_by_role("button", name="Publier", exact=True)).to_be_disabled()
    assert page.get_by_text(PIEGE).count() >= 1
    assert page.locator("img[src=x], a[href^=javascript]").count() == 0
    assert barrieres(page) == []
    adresse = page.url

    lot = publie(page, serveur_agent, entete, CORRIGE)
    assert "120" in effectif(page, serveur_agent)
    va(page, serveur_agent, "/territoire?territoire=COM-98001")
    ligne = page.get_by_role("row", name="<b>Effectif</b> déposé")
    expect(ligne.first).to_contain_text("120")

    assert "120" in sur_la_carte(page, serveur_agent)

    page.goto(adresse)  # left and found again, by its address
    expect(page.get_by_text("5 lignes reçues : 1 bonne, 4 refusées.")).to_be_visible(timeout=30_000)

    va(page, serveur_agent, f"/donnees?lot={lot}")
    page.get_by_role("button", name="Annuler ce lot").click()
    page.get_by_role("dialog").get_by_role("button", name=f"Annuler le lot {lot}").click()
    expect(page.get_by_text(f"il annule le lot {lot}")).to_be_visible(timeout=30_000)
    assert "77" in effectif(page, serveur_agent)
    assert "77" in sur_la_carte(page, serveur_agent)


def test_refused_cells_leave_as_text(page: Page, serveur_agent: str) -> None:
    depose(page, serveur_agent, "Code commune;Année;Effectif\n", "98001;2023;=1+1\n98002;2023;@x\n", PIEGE)
    with page.expect_download() as telecharge:
        page.get_by_role("button", name="Toutes les cellules refusées (CSV)").click()
    contenu = Path(telecharge.value.path()).read_text("utf-8-sig")
    assert ';"\'=1+1";' in contenu
    assert ';"\'@x";' in contenu
    assert not any(cellule[:1] in "=+@" for ligne in io.StringIO(contenu) for cellule in ligne.split(";") if cellule)


def test_a_link_asks_before_it_acts(page: Page, serveur_agent: str) -> None:
    va(page, serveur_agent, "/donnees")
    page.get_by_role("link", name="Tirer maintenant : Comptes d'essai").click()
    dialogue = page.get_by_role("dialog")
    expect(dialogue).to_contain_text("contrôlée, puis publiée si tout est bon")
    assert "agir" not in page.url
    dialogue.get_by_role("button", name="Tirer et publier").press("Enter")
    expect(page.get_by_text("Déjà publié (lot")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("taille", [(1440, 900), TELEPHONE])
def test_the_page_is_accessible(page: Page, serveur_agent: str, taille: tuple[int, int]) -> None:
    page.set_viewport_size({"width": taille[0], "height": taille[1]})
    va(page, serveur_agent, "/donnees?source=depots")
    assert page.get_by_role("button", name="Choisir un fichier").count() >= 1
    largeur = page.evaluate("document.documentElement.scrollWidth")
    assert largeur <= taille[0]
    assert barrieres(page) == []
