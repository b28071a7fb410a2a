"""A portrait of any commune: drawn at random with a fixed seed, and those of which little is known."""

from __future__ import annotations

import io
import random
import time
from datetime import date

import pytest
from pypdf import PdfReader

from dashboard import portraits
from dashboard.bootstrap import Application
from dashboard.domain.territoire import Maille
from dashboard.exports.portrait_pdf import Imprimeur
from dashboard.store import passages, queries

ARRETE = date(2026, 11, 23)
SANS_CONSEIL, NEUF_HABITANTS, SANS_MAIRIE = "COM-25172", "COM-39324", "COM-25359"
COMBIEN = 8
LARGE = 1.0
"""Seconds of processor a portrait, shared reading included: ten times what it takes, for a busy machine."""


@pytest.fixture(scope="module")
def codes(bfc: Application) -> list[str]:
    with bfc.moteur.connect() as connexion:
        places = queries.list_territoires(connexion)
    communes = sorted(places.loc[places["maille"] == Maille.COMMUNE, "code"])
    assert len(communes) == 3685
    return [SANS_CONSEIL, NEUF_HABITANTS, SANS_MAIRIE, *random.Random(5).sample(communes, COMBIEN)]


def pages(pdf: bytes) -> list[str]:
    return [p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages]


def test_any_commune_has_its_portrait_of_four_pages_at_most_in_the_same_time(
    bfc: Application, codes: list[str]
) -> None:
    debut, imprimeur = time.process_time(), Imprimeur()
    for code, contenu in portraits.donnees(bfc, codes, ARRETE):
        lues = pages(imprimeur.pdf(contenu))
        assert 2 <= len(lues) <= 4, code
        assert all(page.strip() for page in lues), code
        assert str(contenu["titre"]) in lues[0], code
        assert "nan" not in " ".join(lues).split(), code
    assert (time.process_time() - debut) / len(codes) < LARGE


def test_a_portrait_is_the_same_bytes_alone_or_among_others_and_twice(bfc: Application, codes: list[str]) -> None:
    imprimeur = Imprimeur()
    ensemble = {code: imprimeur.pdf(contenu) for code, contenu in portraits.donnees(bfc, codes[2:5], ARRETE)}
    commun = portraits.prepare(bfc, ARRETE, {})
    for code, octets in ensemble.items():
        assert portraits.pdf(bfc, code, ARRETE) == octets
    assert portraits.pdf(bfc, codes[0], ARRETE, commun) == portraits.pdf(bfc, codes[0], ARRETE, commun)


def test_what_is_not_known_of_a_commune_is_said_and_not_ranked(bfc: Application) -> None:
    ((_, contenu),) = portraits.donnees(bfc, [SANS_CONSEIL], ARRETE)
    conseil = [x for x in contenu["comparaison"]["lignes"] if x["valeur"] == "n.d."]
    assert conseil
    assert all(x["place"] is None and not x["rang"] and not x["ecart"] for x in conseil)
    assert "publiés sur" in contenu["pied"]


def test_before_any_figure_a_commune_has_a_portrait_that_says_nothing_is_published(bfc: Application) -> None:
    ((_, contenu),) = portraits.donnees(bfc, ["COM-39368"], date(2001, 1, 1))
    texte = " ".join(pages(Imprimeur().pdf(contenu)))
    assert "n.d." in texte
    assert contenu["population"] is None


def test_a_commune_absorbed_since_leads_to_the_one_that_holds_it(bfc: Application) -> None:
    with bfc.moteur.connect() as connexion:
        suites = passages.load_successeurs(connexion)
        connus = set(queries.list_territoires(connexion)["code"])
    assert len(suites) >= 19
    assert set(suites.values()) <= connus
    assert not set(suites) & connus
