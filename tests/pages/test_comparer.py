"""The Comparaison page and the sheet side by side, run without a browser on the committed espace."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard import portraits
from dashboard.bootstrap import Application
from dashboard.domain.territoire import Maille
from dashboard.views import cached, contrastes, portrait
from dashboard.views.filtres import Vue
from tests.pages.conftest import Ouvre

MODES = ("classement", "distribution", "nuage", "series", "base100", "couleurs")
LIEUX = [None, "DEP-58", "EPCI-242100410", "EPCI-200067668", "COM-39368"]
DIJON, BESANCON = "EPCI-242100410", "EPCI-242500361"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("lieu", LIEUX)
def test_every_mode_opens_for_every_kind_of_place(ouvre: Ouvre, mode: str, lieu: str | None) -> None:
    url = {"territoire": lieu} if lieu else {}
    ecran = ouvre("comparer", vue=mode, **url).sains()
    assert ecran.avertissements == []
    assert len(ecran.texte) > 200


def test_every_kind_of_indicator_is_compared_at_every_level_it_has(ouvre: Ouvre, bfc: Application) -> None:
    genres = {(i.nature, i.agregation, i.mailles, i.sens): i for i in bfc.espace.indicateurs}
    assert len(genres) > 5
    for declare in genres.values():
        for maille in declare.mailles:
            if maille in (Maille.DEPARTEMENT, Maille.EPCI):
                ecran = ouvre("comparer", indicateur=declare.id, maille=maille.value).sains()
                assert ecran.avertissements == [], declare.id


def test_a_share_has_its_interval_and_a_range_of_ranks(ouvre: Ouvre) -> None:
    texte = ouvre("comparer", territoire=DIJON, indicateur="part_mairies_avec_site_web").sains().texte
    for attendu in (
        "95,7 %",
        "1er à 51e sur 116 EPCI",
        "79,0 à 99,2",
        "vous êtes ici",
        "rang non distinguable",
        "Wilson",
    ):
        assert attendu in texte


def test_a_count_is_never_ranked_as_a_rate(ouvre: Ouvre) -> None:
    texte = ouvre("comparer", territoire=DIJON, indicateur="population_municipale").sains().texte
    assert "un nombre dépend de la taille du territoire, il n'a pas de rang" in texte
    assert "Nombre : dépend de la taille" in texte
    assert "Rang possible" not in texte


def test_a_context_indicator_says_it_is_one_and_a_result_says_where_its_statut_is(ouvre: Ouvre) -> None:
    assert "Contexte, pas un résultat de politique régionale" in ouvre("comparer", territoire=DIJON).sains().texte
    resultat = ouvre("comparer", indicateur="maisons_sante_pluripro").sains().texte
    assert "son statut se lit contre sa cible" in resultat


def test_a_secret_value_is_said_secret_and_has_neither_interval_nor_rank(ouvre: Ouvre) -> None:
    ecran = ouvre("comparer", indicateur="part_femmes_maires", territoire="EPCI-200067668").sains()
    assert "secret statistique" in ecran.texte
    assert "50,0 %, " not in ecran.texte.split("Classement")[0]


def test_an_indicator_of_the_region_only_says_so(ouvre: Ouvre, bfc: Application) -> None:
    seul = next(i for i in bfc.espace.indicateurs if i.mailles == (Maille.REGION,))
    assert "n'existe que pour la région" in ouvre("comparer", indicateur=seul.id).sains().texte


def test_before_any_value_the_page_says_who_must_act(ouvre: Ouvre) -> None:
    texte = ouvre("comparer", indicateur="maisons_sante_pluripro", arrete="2001-01-01").sains().texte
    assert "Aucune valeur publiée à ce niveau avant la date d'arrêté" in texte


def test_an_association_is_said_with_its_number_and_never_as_a_cause(ouvre: Ouvre) -> None:
    url = {"indicateur": "densite", "avec_indicateur": "part_mairies_avec_site_web", "maille": "epci"}
    texte = ouvre("comparer", vue="nuage", **url).sains().texte
    assert "n = 116" in texte
    assert "ne dit pas que l'un cause l'autre" in texte


@pytest.mark.parametrize(("cle", "faux"), [("vue", "globe"), ("indicateur", "emploi_taux"), ("maille", "canton")])
def test_an_unknown_choice_gives_the_default_and_says_so(ouvre: Ouvre, cle: str, faux: str) -> None:
    ecran = ouvre("comparer", **{cle: faux}).sains()
    assert len(ecran.avertissements) == 1
    assert cle not in ecran.essai.query_params


def test_territories_that_do_not_exist_are_left_out_and_told(ouvre: Ouvre) -> None:
    url = {"indicateur": "population_municipale", "maille": "epci", "avec": f"{DIJON},DEP-21,<script>"}
    ecran = ouvre("comparer", vue="series", **url).sains()
    assert len(ecran.avertissements) == 1
    assert "Territoires choisis dans la liste" in ecran.texte
    assert ecran.essai.query_params["avec"] in (DIJON, [DIJON])


def test_choosing_a_mode_or_an_indicator_writes_the_address(ouvre: Ouvre) -> None:
    essai = ouvre("comparer").sains().essai
    (choix,) = [s for s in essai.selectbox if s.label == "Indicateur"]
    choix.select("densite").run()
    assert essai.query_params["indicateur"] in ("densite", ["densite"])


def test_the_portrait_names_similar_territories_their_method_and_its_neighbours(ouvre: Ouvre) -> None:
    texte = ouvre("territoire", territoire="COM-39368").sains().texte
    assert "Territoires semblables" in texte
    assert "même tranche de population (de 5 000 à 9 999 hab.)" in texte or "Critères élargis" in texte
    assert "Médiane de" in texte
    assert "Communes de la région qui touchent Hauts de Bienne" in texte
    assert "Longchaumois" in texte.split("Territoires voisins")[1]


def test_the_region_has_neither_similar_territories_nor_neighbours(ouvre: Ouvre) -> None:
    texte = ouvre("territoire").sains().texte
    assert "Territoires semblables" not in texte
    assert "Fiche côte à côte" in texte


def test_territories_side_by_side_come_from_the_address(ouvre: Ouvre) -> None:
    ecran = ouvre("territoire", territoire=DIJON, avec=f"{BESANCON},DEP-21,REG-27").sains()
    fiche = ecran.texte.split("Fiche côte à côte")[1]
    for attendu in ("261 178 hab.", "197 061 hab.", "540 100 hab.", "2 802 670 hab.", "95,7 % [79,0 ; 99,2]"):
        assert attendu in fiche
    assert ecran.avertissements == []


def test_more_than_five_side_by_side_are_left_out_and_told(ouvre: Ouvre) -> None:
    ecran = ouvre("territoire", territoire=DIJON, avec="DEP-21,DEP-25,DEP-39,DEP-58,DEP-70,XX").sains()
    assert len(ecran.avertissements) == 1
    assert ecran.essai.query_params["avec"] in ("DEP-21,DEP-25,DEP-39,DEP-58", ["DEP-21,DEP-25,DEP-39,DEP-58"])


def test_a_secret_figure_stays_secret_side_by_side(ouvre: Ouvre) -> None:
    texte = ouvre("territoire", territoire="DEP-21", avec="EPCI-200067668").sains().texte
    fiche = texte.split("Fiche côte à côte")[1]
    ligne = fiche.split("Femmes maires")[1].split("Âge des maires")[0]
    assert "s." in ligne
    assert "50,0" not in ligne


@pytest.mark.parametrize("code", ["REG-27", "DEP-58", "EPCI-242100410", "EPCI-200067668", "COM-39368", "COM-21231"])
def test_what_stands_out_on_the_page_is_what_the_printed_portrait_says(
    ouvre: Ouvre, bfc: Application, code: str
) -> None:
    ((_, imprime),) = portraits.donnees(bfc, [code], date(2026, 11, 23))
    vue = Vue(bfc.lecteur, cached.version(), code, date(2026, 11, 23))
    assert contrastes.lis(vue, portrait.charge(vue)) == imprime["contrastes"]
