"""Beside each figure: how to read it, what must not be read in it, and the words it uses."""

from __future__ import annotations

import pytest

from dashboard.domain.comment_lire import Figure, de_la_carte
from dashboard.views.comparer import MODES
from tests.mini import INDICATEURS
from tests.pages.conftest import Ouvre

DESSINENT = {
    "essentiel": [Figure.BARRE],
    "politiques": [Figure.BARRE, Figure.ETINCELLE],
    "programme": [Figure.TRAJECTOIRE, Figure.BUDGET],
    "carte": [],
    "territoire": [Figure.POSITION, Figure.BASE100],
    "suivi": [Figure.BARRE, Figure.ETINCELLE],
    "indicateur": [Figure.TRAJECTOIRE],
}


@pytest.mark.parametrize("page", DESSINENT)
def test_every_page_that_draws_says_how_to_read(ouvre: Ouvre, page: str) -> None:
    texte = ouvre(page).sains().texte
    assert "Comment lire" in texte
    for figure in DESSINENT[page]:
        assert figure.titre in texte


@pytest.mark.parametrize("mode", MODES)
def test_every_way_to_compare_has_its_reading(ouvre: Ouvre, mode: str) -> None:
    assert Figure(mode).titre in ouvre("comparer", vue=mode, maille="departement").sains().texte


def test_the_help_has_every_kind_of_figure_and_each_map_has_one(ouvre: Ouvre) -> None:
    from dashboard.domain.indicateur import Indicateur

    texte = ouvre("aide").sains().texte
    assert [f for f in Figure if f.titre not in texte] == []
    assert all(len(f.texte) > 80 for f in Figure)
    declares = [Indicateur(**i) for i in INDICATEURS]
    divergente = declares[1].model_copy(update={"carte": declares[1].carte.model_copy(update={"divergente": True})})
    assert {de_la_carte(i) for i in (*declares, divergente)} == {
        Figure.CARTE_NOMBRES, Figure.CARTE_TAUX, Figure.CARTE_DIVERGENTE,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("page", "url", "mots"),
    [
        ("carte", {"indicateur": "population_municipale", "maille": "epci"}, "jamais en aplats"),
        ("comparer", {"indicateur": "part_femmes_conseil_municipal", "maille": "commune"}, "sur de petits nombres"),
        ("territoire", {"territoire": "EPCI-200071140"}, "Petits nombres"),
        ("indicateur", {"indicateur": "contrats_apprentissage_cumul_annuel"}, "repart de zéro"),
    ],
)
def test_what_may_be_read_wrongly_is_said_beside_the_figure(
    ouvre: Ouvre, page: str, url: dict[str, str], mots: str
) -> None:
    texte = ouvre(page, **url).sains().texte
    assert "À lire avec prudence" in texte
    assert mots in texte


def test_the_search_of_the_glossary_keeps_what_it_finds(ouvre: Ouvre) -> None:
    mots = ouvre("aide", mot="SCEAU").sains().texte.split("Les mots")[-1]
    assert "Ce qui lie chaque octet" in mots
    assert "Empreinte du contenu" not in mots
    assert "Aucun mot ne contient" in ouvre("aide", mot="zzzz").sains().texte
