"""The map page in every state that it can meet: each has its picture and its sentence."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Ouvre


def test_an_indicator_absent_at_that_scale_says_which_scale_is_shown(ouvre: Ouvre) -> None:
    ecran = ouvre("carte", indicateur="taux_chomage_localise", maille="commune").sains()
    assert ecran.avertissements == [
        "« Taux de chômage localisé » n'est pas publié par commune ; voici la carte par département."
    ]
    assert "5,4 %" in ecran.texte


def test_a_territory_merged_since_the_permalink_leads_to_the_one_that_holds_it(ouvre: Ouvre) -> None:
    for page in ("carte", "territoire"):
        ecran = ouvre(page, territoire="COM-21213").sains()
        assert ecran.avertissements == [
            "Crimolois (COM-21213) n'existe plus : c'est maintenant Neuilly-Crimolois (COM-21452), montré ici."
        ]
        assert dict(ecran.essai.query_params)["territoire"] == "COM-21452"


def test_a_territory_that_never_was_is_still_told(ouvre: Ouvre) -> None:
    assert "n'existe pas" in ouvre("carte", territoire="COM-99999").avertissements[0]


def test_a_merged_commune_of_the_selection_is_followed(ouvre: Ouvre) -> None:
    ecran = ouvre("carte", indicateur="densite", choix="COM-21213,COM-21231").sains()
    assert dict(ecran.essai.query_params)["choix"] == "COM-21452,COM-21231"
    assert "Neuilly-Crimolois" in ecran.texte


def test_more_than_twenty_chosen_are_told(ouvre: Ouvre) -> None:
    codes = ",".join(f"COM-21{i:03d}" for i in range(1, 60))
    ecran = ouvre("carte", indicateur="densite", choix=codes)
    assert any("les 20 premiers sont gardés" in a for a in ecran.avertissements)


def test_epci_partly_outside_are_named_under_their_map_only(ouvre: Ouvre) -> None:
    assert "6 EPCI débordent de la région" in ouvre("carte", indicateur="densite", maille="epci").sains().texte
    assert "débordent de la région" not in ouvre("carte", indicateur="densite", maille="commune").sains().texte


def test_an_epci_partly_outside_counts_for_its_part_inside(ouvre: Ouvre) -> None:
    ecran = ouvre("carte", indicateur="population_municipale", maille="epci", vue="tableau").sains()
    table = ecran.essai.dataframe[0].value.set_index("EPCI")
    (partie,) = table.loc[["CC des Savoir-Faire"], table.columns[2]]
    assert partie == 207
    assert "CC des Savoir-Faire" in ecran.texte.split("partie régionale")[1]


def test_negative_values_are_around_zero_whatever_the_method(ouvre: Ouvre) -> None:
    for methode in ("quantiles", "jenks", "egales", "ecarts"):
        texte = ouvre("carte", methode=methode).sains().texte
        assert "de part et d'autre de zéro" in texte
        assert "moins de −" in texte


@pytest.mark.parametrize(("repere", "attendu"), [
    ("region", "de part et d'autre de la région (6,5 %)"), ("zero", "de part et d'autre de zéro"),
])  # fmt: skip
def test_colours_may_turn_around_a_reference(ouvre: Ouvre, repere: str, attendu: str) -> None:
    assert attendu in ouvre("carte", indicateur="taux_chomage_localise", repere=repere).sains().texte


def test_a_reference_that_does_not_exist_is_told(ouvre: Ouvre) -> None:
    ecran = ouvre("carte", indicateur="densite", repere="cible").sains()
    assert "n'a pas de cible régionale" in ecran.avertissements[0]


@pytest.mark.parametrize("demande", [
    {"methode": "magie"}, {"seuils": "dix"}, {"repere": "lune"}, {"comparer": "rien"}, {"comparer_periode": "1900"},
    {"choix": "COM-99999"}, {"clic": "rien"}, {"zoom": "9"},
])  # fmt: skip
def test_what_cannot_be_done_is_told_and_the_map_shown(ouvre: Ouvre, demande: dict[str, str]) -> None:
    ecran = ouvre("carte", **demande).sains()
    assert len(ecran.avertissements) == 1
    assert "2 038 communes" in ecran.texte


def test_two_indicators_side_by_side_each_keep_their_legend(ouvre: Ouvre) -> None:
    texte = ouvre("carte", indicateur="taux_chomage_localise", comparer="part_sau_bio").sains().texte
    assert "Chômage, en %" in texte
    assert "Agriculture biologique, en %" in texte


def test_an_indicator_without_this_scale_cannot_be_put_beside(ouvre: Ouvre) -> None:
    ecran = ouvre("carte", indicateur="densite", maille="commune", comparer="taux_chomage_localise").sains()
    assert "rien à mettre à côté" in ecran.avertissements[0]


def test_two_dates_share_their_classes(ouvre: Ouvre) -> None:
    texte = ouvre("carte", indicateur="taux_chomage_localise", comparer_periode="2023-T2").sains().texte
    assert texte.count("Mêmes classes aux deux dates.") == 2


def test_circles_have_no_method(ouvre: Ouvre) -> None:
    ecran = ouvre("carte", indicateur="population_municipale", methode="jenks", repere="region").sains()
    assert ecran.avertissements == []
    assert "Surface du cercle proportionnelle" in ecran.texte


def test_the_slider_shares_its_circles(ouvre: Ouvre) -> None:
    ecran = ouvre("carte", indicateur="population_municipale", maille="departement", defile="1", periode="2018").sains()
    assert "Mêmes classes à toutes les périodes." in ecran.texte


def test_a_secret_map_counts_what_it_hides(ouvre: Ouvre) -> None:
    texte = ouvre("carte", indicateur="part_femmes_maires", maille="epci").sains().texte
    assert "Secret statistique" in texte
    assert "50,0 % (CC des Savoir-Faire)" not in texte


def test_the_table_of_two_maps_has_both_values(ouvre: Ouvre) -> None:
    ecran = ouvre("carte", indicateur="taux_chomage_localise", comparer="part_sau_bio", vue="tableau").sains()
    colonnes = list(ecran.essai.dataframe[0].value.columns)
    assert sum("%" in c for c in colonnes) == 2
