"""Each page, run without a browser on the committed espace: no error, and the figures a reader came for."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.bootstrap import Application
from tests.pages.conftest import PAGES, PAGES_DES_AGENTS, RACINE, Ecran, Ouvre

LIEUX = [None, "DEP-58", "EPCI-242100410", "EPCI-200067668", "EPCI-247000714", "COM-39368"]
"""Région; a département; a métropole; an EPCI partly outside; one on two départements; a merged commune."""


def url(lieu: str | None) -> dict[str, str]:
    return {"territoire": lieu} if lieu else {}


@pytest.mark.parametrize("lieu", LIEUX)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_every_kind_of_place(ouvre: Ouvre, page: str, lieu: str | None) -> None:
    ecran = ouvre(page, **url(lieu)).sains()
    assert ecran.avertissements == []
    assert len(ecran.texte) > 130  # without any package, a page says at least who must act


ATTENDUS = [
    ("essentiel", None, ["Sur 27 programmes suivis, 4 sont en retard", "maisons de santé", "Nièvre −29 %", "1 967 M€",
                         "2 802 670 hab.", "3 685"]),
    ("essentiel", "EPCI-242100410", ["voici Côte-d'Or", "261 178 hab."]),
    ("essentiel", "DEP-58", ["6 sont en retard", "201 417 hab."]),
    ("carte", None, ["2 038 communes sur 3 685 sont en baisse", "−0,3 %", "Dijon 3,1 %", "Nevers 0,3 %"]),
    ("territoire", None, ["2 802 670 hab.", "47,6 %", "49,6 %", "58,4 hab./km²", "22,7 %", "59,3 ans"]),
    ("territoire", "DEP-58", ["département, 309 communes", "201 417 hab.", "−2,8 %", "29,3 hab./km²", "47,9 %"]),
    ("territoire", "EPCI-242100410", ["métropole, 23 communes", "261 178 hab.", "1 087,5 hab./km²", "39,1 %"]),
    ("territoire", "EPCI-200070332", ["3 communes sur 63 : partie régionale", "207 hab.", "9,9 hab./km²"]),
    ("territoire", "EPCI-200067668", ["1 commune sur 23 : partie régionale"]),
    ("territoire", "COM-39368", ["Hauts de Bienne", "5 032 hab.", "−318", "−5,9 %", "212,7 hab./km²", "48,5 %"]),
    ("indicateur", None, ["145 maisons en décembre 2023", "244 maisons", "4 % du chemin parcouru", "25 % attendus"]),
    ("indicateur", "DEP-58", ["16 maisons", "25 maisons", "−29 %"]),
    ("indicateur", "COM-39368", ["Hauts de Bienne n'a pas cette mesure ; voici Jura"]),
    ("catalogue", None, ["10 jeux de données", "105 indicateurs", "3 810 territoires", "Agence Bio"]),
    ("aide", None, ["Moins de 60 % de l'avancement attendu", "Secret statistique"]),
]  # fmt: skip


@pytest.mark.parametrize(("page", "lieu", "attendus"), ATTENDUS, ids=[f"{p}-{t}" for p, t, _ in ATTENDUS])
def test_a_page_shows_the_real_figures(ouvre: Ouvre, page: str, lieu: str | None, attendus: list[str]) -> None:
    texte = ouvre(page, **url(lieu)).sains().texte
    assert [a for a in attendus if a not in texte] == [], texte[:3000]


def test_the_mayor_of_a_commune_is_never_spoken_of(ouvre: Ouvre) -> None:
    texte = ouvre("territoire", territoire="COM-21231").sains().texte
    assert "Femmes maires" not in texte
    assert "Âge des maires" not in texte


@pytest.mark.parametrize("lieu", ["EPCI-200067668", "EPCI-200071140"])
def test_a_secret_value_is_said_secret_and_never_shown(ouvre: Ouvre, lieu: str) -> None:
    for indicateur, chiffre in (("age_moyen_maires", "50,9"), ("part_femmes_maires", "50,0 %")):
        texte = ouvre("indicateur", indicateur=indicateur, territoire=lieu).sains().texte
        assert "s." in texte
        assert "ecret statistique" in texte
        assert chiffre not in texte.split("Par territoire")[0]


def test_every_form_of_indicator_has_its_page(ouvre: Ouvre, bfc: Application) -> None:
    par_forme = {(i.nature, i.sens, i.lecture, i.mailles, i.decimales): i for i in bfc.espace.indicateurs}
    assert len(par_forme) > 15
    for declare in par_forme.values():
        fiche = ouvre("indicateur", indicateur=declare.id).sains()
        assert declare.libelle in fiche.texte
        assert declare.definition in fiche.texte
        assert fiche.avertissements == []


def test_every_kind_of_indicator_has_its_map(ouvre: Ouvre, bfc: Application) -> None:
    genres = {(i.nature, i.agregation, i.mailles, i.carte.divergente, i.en_cercles): i for i in bfc.espace.indicateurs}
    assert len(genres) > 5
    for declare in genres.values():
        assert ouvre("carte", indicateur=declare.id).sains().avertissements == []


def test_an_indicator_never_pulled_from_its_producer_says_so_with_the_date_of_its_figures(ouvre: Ouvre) -> None:
    attendu = "jamais tiré en direct ici ; chiffres livrés du 5 mai 2024"
    assert attendu in ouvre("indicateur", indicateur="taux_regularite_ter").sains().texte
    assert "en direct" not in ouvre("indicateur", indicateur="densite").sains().texte


def test_the_map_has_its_table(ouvre: Ouvre) -> None:
    ecran = ouvre("carte", vue="tableau", maille="epci").sains()
    (tableau,) = ecran.essai.dataframe
    assert len(tableau.value) == 116


@pytest.mark.parametrize("jour", ["2016-01-01", "2099-12-31"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_at_any_date(ouvre: Ouvre, page: str, jour: str) -> None:
    assert ouvre(page, arrete=jour).sains().avertissements == []


def test_at_an_earlier_date_a_later_result_is_not_known(ouvre: Ouvre) -> None:
    texte = ouvre("indicateur", indicateur="maisons_sante_pluripro", arrete="2023-06-30").sains().texte
    assert "145 maisons" not in texte.split("Toutes les valeurs")[0].split("Par département")[0]


def test_territory_and_date_follow_from_page_to_page(ouvre: Ouvre) -> None:
    essai: AppTest = ouvre("essentiel", territoire="DEP-58", arrete="2025-06-30").sains().essai
    essai.switch_page("pages/territoire.py").run()
    ecran = Ecran(essai).sains()
    assert "Nièvre" in ecran.texte
    assert "201 417 hab." in ecran.texte
    assert essai.query_params["territoire"] in ("DEP-58", ["DEP-58"])


def test_choosing_a_territory_writes_it_in_the_address(ouvre: Ouvre) -> None:
    essai = ouvre("territoire").sains().essai
    (choix,) = [s for s in essai.selectbox if s.label == "Territoire"]
    choix.select("DEP-90").run()
    assert essai.query_params["territoire"] in ("DEP-90", ["DEP-90"])
    assert "140 255 hab." in Ecran(essai).sains().texte


def test_pages_are_those_of_the_menu() -> None:
    assert {p.stem for p in (RACINE / "pages").glob("*.py")} == {*PAGES, *PAGES_DES_AGENTS}
