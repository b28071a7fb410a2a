"""From any figure of any page to its source row: one click to the chain, two at most to the row itself."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.bootstrap import Application
from tests.pages.conftest import Ecran, Ouvre

AVEC_CHIFFRES = [
    ("essentiel", {}),
    ("essentiel", {"territoire": "DEP-58"}),
    ("politiques", {}),
    ("programme", {}),
    ("programme", {"programme": "maisons_de_sante", "territoire": "DEP-58"}),
    ("territoire", {"territoire": "EPCI-242100410", "avec": "DEP-21"}),
    ("suivi", {}),
    ("carte", {"indicateur": "part_femmes_conseil_municipal", "maille": "departement", "choix": "DEP-58,DEP-21"}),
    ("indicateur", {"indicateur": "part_femmes_conseil_municipal"}),
    ("indicateur", {}),
    ("comparer", {"maille": "departement"}),
]
"""Page and address; a KPI of each is listed below by the block that holds it."""
BLOCS = r'class="(?:b-grand[^"]*|b-montant|b-chiffre)"[^>]*>(.*?)</(?:strong|span)>'


def html_de(ecran: Ecran) -> str:
    return " ".join(str(e.proto.body) for e in ecran.elements if e.type == "html")


def liens(ecran: Ecran) -> list[dict[str, str]]:
    """Address parameters of every way to an explanation."""
    trouves = re.findall(r'href="(pourquoi\?[^"]+)"', html_de(ecran))
    return [{c: v[0] for c, v in parse_qs(urlsplit(html.unescape(t)).query).items()} for t in trouves]


@pytest.mark.parametrize(("page", "url"), AVEC_CHIFFRES, ids=[f"{p}-{len(u)}" for p, u in AVEC_CHIFFRES])
def test_every_figure_put_forward_leads_to_its_explanation(ouvre: Ouvre, page: str, url: dict[str, str]) -> None:
    ecran = ouvre(page, **url).sains()
    assert liens(ecran), "aucun chiffre de cette page ne mène à son explication"
    for bloc in re.findall(BLOCS, html_de(ecran)):
        assert "pourquoi?" in bloc or not re.search(r"\d", bloc), bloc


@pytest.mark.parametrize("page", ["essentiel", "politiques", "territoire"])
def test_two_clicks_lead_to_a_source_row(ouvre: Ouvre, page: str) -> None:
    """The first way of the page, then the first part of the total when it is one."""
    ecran = ouvre("pourquoi", **liens(ouvre(page))[0]).sains()
    if not re.search(r"Ligne Source « \w+ », ligne \d", ecran.texte):
        ecran = ouvre("pourquoi", **liens(ecran)[0]).sains()
    assert re.search(r"ligne \d[\d ]*,? (du )?lot \d", ecran.texte), ecran.texte[:2000]


def test_the_chain_says_the_source_the_row_the_lot_and_whom_to_tell(ouvre: Ouvre) -> None:
    ecran = ouvre("pourquoi", indicateur="maisons_sante_pluripro", territoire="DEP-58", periode="2023-12").sains()
    for mots in (
        "16 maisons", "Source « programmes », ligne", "Empreinte sha256", "100 × (16 −", "Signaler une erreur, DITP",
        "COG 2026", "Publié par le producteur le 17 oct. 2024", "poids 1",
    ):  # fmt: skip
        assert mots in ecran.texte, ecran.texte[:3000]
    assert 'href="https://github.com/DITP-pilotage' in html_de(ecran)


def test_a_hidden_figure_is_explained_without_any_number(ouvre: Ouvre) -> None:
    ecran = ouvre("pourquoi", indicateur="age_moyen_maires", territoire="EPCI-200067668").sains()
    assert "moins de 3 unités" in ecran.texte
    assert "50,9" not in ecran.texte


@pytest.mark.parametrize(
    ("url", "mots"),
    [
        ({"indicateur": "inconnu"}, "qui n'existe pas"),
        ({"periode": "<script>"}, "Période inconnue"),
        ({"indicateur": "maisons_sante_pluripro", "periode": "1950"}, "aucune valeur pour"),
        ({"indicateur": "maisons_sante_pluripro", "territoire": "COM-39368"}, "n'a pas cette mesure ; voici Jura"),
    ],
)
def test_an_address_that_asks_for_nothing_known_is_told(ouvre: Ouvre, url: dict[str, str], mots: str) -> None:
    assert mots in ouvre("pourquoi", **url).sains().texte


def test_the_file_of_the_page_is_the_document_of_the_command(ouvre: Ouvre, bfc: Application) -> None:
    from dashboard.domain.explication_json import en_json
    from dashboard.explications import explique

    ecran = ouvre("pourquoi", indicateur="densite", territoire="DEP-58").sains()
    (bouton,) = [e for e in ecran.elements if e.type == "download_button"]
    attendu = en_json(explique(bfc, bfc.lecteur, "densite", "DEP-58", None, bfc.reglages.aujourd_hui()))
    assert bouton.proto.label == "Télécharger (JSON)"
    assert json.dumps(attendu, allow_nan=False)
