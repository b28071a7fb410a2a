"""The guided visit: its questions are about today's figures, its answers come from them, its links lead somewhere."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.bootstrap import Application
from dashboard.domain.intervalle import wilson
from dashboard.domain.visite import CHEMIN, ECARTS, Etape, conclure, score, verdict
from tests.pages.conftest import Ecran, Ouvre

ETAPES = 6


def radio(ecran: Ecran) -> tuple[str, list[str]]:
    (choix,) = ecran.essai.radio
    return choix.label.replace("\u202f", " "), [str(o).replace("\u202f", " ") for o in choix.options]


def test_each_step_asks_one_question_and_leads_to_a_page_that_opens(ouvre: Ouvre) -> None:
    vus = set()
    for rang in range(1, ETAPES + 1):
        ecran = ouvre("visite", etape=str(rang)).sains()
        question, choix = radio(ecran)
        vus.add(question)
        assert len(choix) == len(set(choix)) >= 2
        corps = " ".join(str(e.proto.body) for e in ecran.elements if e.type == "html")
        (adresse,) = re.findall(r'href="([^"]+)"[^>]*>Voir la page', corps)
        page, url = urlsplit(html.unescape(adresse)).path, parse_qs(urlsplit(html.unescape(adresse)).query)
        ouvre("essentiel" if page == "." else page, **{c: v[0] for c, v in url.items()}).sains()
    assert len(vus) == ETAPES


def test_the_right_answers_are_those_of_the_pages(ouvre: Ouvre) -> None:
    question, choix = radio(ouvre("visite", etape="1"))
    assert "Combien de programmes sont en retard" in question
    juste = ouvre("visite", etape="1", reponses=str(choix.index("4"))).sains()  # the sentence of the home page
    assert "Juste." in juste.texte
    faux = ouvre("visite", etape="1", reponses=str(choix.index("12"))).sains()
    assert "Non : 4." in faux.texte
    question, choix = radio(ouvre("visite", etape="2"))
    assert "1 % du chemin, pour 40 % attendus" in question
    assert "Juste." in ouvre("visite", etape="2", reponses=f".{choix.index(CHEMIN[0])}").texte


def test_an_answer_is_kept_in_the_address_and_counted_at_the_end(ouvre: Ouvre) -> None:
    ecran = ouvre("visite").sains()
    ecran.essai.radio[0].set_value(ecran.essai.radio[0].options[0]).run()
    assert ecran.essai.query_params["reponses"] == "0....."
    fin = ouvre("visite", etape=str(ETAPES + 1), reponses="0").sains()
    assert f"sur {ETAPES}" in fin.texte
    assert fin.texte.count("sans réponse") == ETAPES - 1
    next(b for b in fin.essai.button if b.label == "Recommencer").click().run()
    assert "reponses" not in fin.essai.query_params


@pytest.mark.parametrize("reponses", ["9.9.9.9.9.9", "-1", "x.y", "." * 60, "²"])
def test_answers_that_are_none_are_left_out(ouvre: Ouvre, reponses: str) -> None:
    ecran = ouvre("visite", etape=str(ETAPES + 1), reponses=reponses).sains()
    assert ecran.texte.count("sans réponse") == ETAPES


def test_below_the_region_the_visit_is_that_of_the_place(ouvre: Ouvre) -> None:
    question, _ = radio(ouvre("visite", territoire="DEP-58").sains())
    assert "Nièvre" in question


def etape(k: int, n: int, region: float) -> Etape:
    bornes = wilson(k, n)
    assert bornes
    return conclure("Part", "Ici", "x", bornes, region, "y", ("a", "b"), {})


def test_a_difference_is_concluded_only_when_the_interval_excludes_the_region() -> None:
    assert [etape(k, 100, 50).bonne for k in (82, 18, 52)] == list(ECARTS)
    pas = [etape(82, 100, 50)]
    assert score(pas, {"conclure": ECARTS[0]}) == (1, 1)
    assert score(pas, {}) == (0, 0)
    assert "relire" in verdict(0, 1)
    assert "comme il faut" in verdict(1, 1)


def test_nothing_of_the_visit_names_a_figure_that_is_not_published(ouvre: Ouvre, bfc: Application) -> None:
    """The question on a figure gives the very figure of its explanation."""
    from dashboard.explications import explique

    declare = next(i for i in bfc.espace.vitrine.cartes)
    e = explique(bfc, bfc.lecteur, declare, bfc.espace.code_region, None, bfc.reglages.aujourd_hui())
    question, _ = radio(ouvre("visite", etape="5"))
    assert e.declare.libelle in question
    assert e.periode.texte in question
