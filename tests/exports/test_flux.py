"""The feed is Atom 1.0, the same twice, escaped, dated by its facts. Figures invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

from dashboard.domain.alertes import Alerte, DossierProgramme
from dashboard.domain.apports import Meteo
from dashboard.domain.avis import Filtre, list_avis
from dashboard.domain.indicateur import Espace
from dashboard.exports.flux import ATOM, SANS_DATE, flux
from tests.dossiers import decision, dossier, situation, synthese

ESPACE = Espace.model_validate({
    "id": "essai", "nom": "Région d'essai", "code_region": "REG-99", "millesime_cog": 2026, "politiques": (),
    "programmes": (), "producteurs": (), "indicateurs": (), "attribution": "Invention",
})  # fmt: skip
BASE = "https://boussole.exemple.fr/"
FILTRE = Filtre(territoire="REG-99")
NS = {"a": ATOM}


def octets(*dossiers: DossierProgramme, filtre: Filtre = FILTRE, base: str = BASE, **espace: Any) -> bytes:
    lu = ESPACE.model_copy(update=espace)
    return flux(list_avis(dossiers, filtre), filtre, lu, "Région d'essai", base)


def entrees(corps: bytes) -> list[ET.Element]:
    return ET.fromstring(corps).findall("a:entry", NS)


def texte(element: ET.Element, nom: str) -> str:
    trouve = element.find(f"a:{nom}", NS)
    assert trouve is not None, nom
    return trouve.text or ""


TARD = dossier(situation(va=10, delai_mois=0), mots=synthese(Meteo.SOLEIL), decisions=(decision(date(2026, 11, 1)),))


def test_the_feed_has_all_that_atom_asks_for() -> None:
    racine = ET.fromstring(octets(TARD))
    assert racine.tag == f"{{{ATOM}}}feed"
    assert racine.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    for element in (racine, *racine.findall("a:entry", NS)):
        assert UUID(texte(element, "id").removeprefix("urn:uuid:")).version == 5
        assert texte(element, "title")
        assert datetime.fromisoformat(texte(element, "updated")).utcoffset() == timedelta(0)
        for nom in ("id", "title", "updated"):
            assert len(element.findall(f"a:{nom}", NS)) == 1
    assert texte(racine, "author/a:name") == "Boussole, Région d'essai"
    liens = {x.get("rel"): x.get("href") for x in racine.findall("a:link", NS)}
    assert liens == {"self": f"{BASE}alertes.atom?territoire=REG-99", "alternate": BASE}
    assert len({texte(e, "id") for e in entrees(octets(TARD))}) == len(entrees(octets(TARD))) == 4


def test_an_entry_says_the_alert_in_words_and_leads_to_its_programme() -> None:
    (entree,) = entrees(octets(TARD, filtre=replace(FILTRE, alertes=(Alerte.EN_RETARD,))))
    assert texte(entree, "title") == "Programme d'essai, Région d'essai : en retard"
    assert texte(entree, "updated") == "2024-12-31T00:00:00Z"
    assert "10 centres en décembre 2024" in texte(entree, "summary").replace("\u202f", " ")
    lien, categorie = entree.find("a:link", NS), entree.find("a:category", NS)
    assert lien is not None
    assert categorie is not None
    assert lien.get("href") == f"{BASE}programme?programme=essai&territoire=REG-99"
    assert categorie.attrib == {"term": "en_retard", "label": "En retard"}


def test_the_latest_fact_comes_first_and_dates_the_feed() -> None:
    racine = ET.fromstring(octets(TARD))
    dates = [texte(e, "updated") for e in racine.findall("a:entry", NS)]
    assert dates == sorted(dates, reverse=True)
    assert texte(racine, "updated") == dates[0] == "2026-11-02T00:00:00Z"


def test_two_runs_give_the_same_bytes_and_so_does_another_day_without_a_new_fact() -> None:
    assert octets(TARD) == octets(TARD)
    assert octets(replace(TARD, arrete=TARD.arrete + timedelta(days=20))) == octets(TARD)


def test_an_alert_keeps_its_name_whatever_the_address_or_the_filter() -> None:
    ici, la = octets(TARD), octets(TARD, base="http://127.0.0.1:8501/")
    assert [texte(e, "id") for e in entrees(ici)] == [texte(e, "id") for e in entrees(la)]
    seule = entrees(octets(TARD, filtre=replace(FILTRE, alertes=(Alerte.PERIME,))))
    assert texte(seule[0], "id") in {texte(e, "id") for e in entrees(ici)}
    assert {texte(e, "id") for e in entrees(octets(TARD, id="autre"))}.isdisjoint(texte(e, "id") for e in entrees(ici))


def test_a_feed_without_any_alert_is_a_feed() -> None:
    racine = ET.fromstring(octets())
    assert texte(racine, "updated") == f"{SANS_DATE}T00:00:00Z"
    assert racine.findall("a:entry", NS) == []


def test_html_and_control_characters_in_names_are_text() -> None:
    piege = "<script>alert(1)</script> & \x0b\ufffe ]]>"
    mauvais = dossier(
        situation(va=10), nom=f"Nom {piege}", decisions=(decision(date(2026, 11, 1), titre=f"Titre {piege}"),)
    )
    corps = octets(mauvais, base='http://h"><x>/', nom=f"Région {piege}")
    assert b"<script" not in corps
    assert b"<x>" not in corps
    titres = [texte(e, "title") for e in entrees(corps)]
    assert all(t.startswith("Nom <script>alert(1)</script> &  ]]>") for t in titres)
    assert any("Titre <script>" in texte(e, "summary") for e in entrees(corps))
