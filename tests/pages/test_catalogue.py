"""The catalogue page: lists, filters, the sheet of a dataset; a closed one is nowhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from dashboard.bootstrap import Application
from tests import catalogues, paquets
from tests.pages.conftest import Ouvre


@pytest.fixture(scope="module")
def maison(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An invented espace with a public package; it has a closed dataset, a closed indicator, a closed programme."""
    home = catalogues.installe(espace_mini, tmp_path_factory.mktemp("page_catalogue"))
    catalogues.publie(home)
    return paquets.environnement(home)


def test_lists_and_filters(ouvre: Ouvre) -> None:
    assert "14 indicateurs sur 105" in ouvre("catalogue", voir="indicateurs", q="énergie").sains().texte
    texte = ouvre("catalogue", producteur="dila").sains().texte
    assert "1 jeu de données sur 10" in texte
    assert "Annuaire des mairies" in texte
    assert "Budgets publiés" not in texte
    texte = ouvre("catalogue", voir="producteurs").sains().texte
    assert "Institut national de la statistique et des études économiques" in texte
    assert "data.enedis.fr" in texte


def test_nothing_found_says_what_to_do(ouvre: Ouvre) -> None:
    ecran = ouvre("catalogue", q="zzz").sains()
    assert "Rien ne passe ces filtres. Enlever un filtre" in ecran.texte


def test_a_long_list_has_pages(ouvre: Ouvre, bfc: Application) -> None:
    ordre = [i.libelle for i in bfc.espace.ordonnes]
    premiere, derniere = (ouvre("catalogue", voir="indicateurs", page=p).sains().texte for p in ("1", "3"))
    assert ordre[0] in premiere
    assert ordre[-1] not in premiere
    assert ordre[-1] in derniere


def test_the_sheet_of_a_dataset(ouvre: Ouvre) -> None:
    texte = ouvre("catalogue", jeu="population").sains().texte
    for dit in ("Populations municipales par millésime de recensement", "INSEE", "Licence Ouverte 2.0",
                "bfc/population", "25 868", "en vigueur", "www.insee.fr", "Aucun fichier publié"):  # fmt: skip
        assert dit in texte


def test_an_unknown_dataset_is_told_and_the_list_is_shown(ouvre: Ouvre) -> None:
    ecran = ouvre("catalogue", jeu="<b>rien</b>").sains()
    assert "« <b>rien</b> » comme jeu de données, qui n'existe pas" in ecran.avertissements[0]
    assert "10 jeux de données" in ecran.texte


@pytest.mark.parametrize("url", [{}, {"voir": "indicateurs"}, {"voir": "producteurs"}, {"jeu": "comptes"}])
def test_a_closed_dataset_is_nowhere_for_the_public(
    ouvre_avec: Callable[[Mapping[str, str]], Ouvre], maison: dict[str, str], url: dict[str, str]
) -> None:
    public = ouvre_avec({**maison, "BOUSSOLE_PROFIL": "public"})("catalogue", **url).sains()
    for interdit in (catalogues.RESERVE, "reserve", "effectif_interne", "accès restreint"):
        assert interdit not in public.texte
    if "jeu" in url:
        assert "effectif.csv" in public.texte


def test_a_closed_dataset_and_one_that_does_not_exist_get_the_same_answer(
    ouvre_avec: Callable[[Mapping[str, str]], Ouvre], maison: dict[str, str]
) -> None:
    public = ouvre_avec({**maison, "BOUSSOLE_PROFIL": "public"})
    ferme, inconnu = (public("catalogue", jeu=j).sains().texte for j in ("reserve", "inconnu"))
    assert ferme.replace("reserve", "X") == inconnu.replace("inconnu", "X")


def test_an_agent_sees_what_is_closed_and_that_it_is(
    ouvre_avec: Callable[[Mapping[str, str]], Ouvre], maison: dict[str, str]
) -> None:
    agent = ouvre_avec({**maison, "BOUSSOLE_PROFIL": "agent"})
    assert "1 sous d'autres conditions, 2 d'accès restreint" in agent("catalogue").sains().texte
    assert "interne" in agent("catalogue", jeu="reserve").sains().texte
