"""Files of the Comparaison page, read back: what is on screen, what it is, and nothing that runs."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from inspect import unwrap
from typing import Any

import pandas as pd
import pytest

from dashboard.domain.territoire import Maille
from dashboard.exports.tableur import A_LIRE, en_classeur
from dashboard.views import cached, comparer, comparer_couleurs, comparer_figures, comparer_nuage
from dashboard.views import comparer_classement as classement
from dashboard.views.comparer import Comparaison
from dashboard.views.comparer_fichiers import Fichiers
from dashboard.views.filtres import Vue
from tests.pages.conftest import Ouvre

ARRETE = date(2026, 11, 23)
DIJON, SECRET = "EPCI-242100410", "EPCI-200067668"
Compare = Callable[..., Comparaison]


@pytest.fixture
def compare(ouvre: Ouvre) -> Compare:
    """What the page compares, for one indicator and one level."""

    def fait(indicateur: str, maille: Maille = Maille.EPCI, code: str = DIJON) -> Comparaison:
        app, vue = cached.app(), Vue(cached.app().lecteur, cached.version(), code, ARRETE)
        declare = app.espace.indicateur(indicateur)
        periode = comparer.derniere_periode(vue, declare, maille)
        assert periode is not None
        return comparer.charge(vue, declare, maille, periode)

    return fait


@pytest.fixture
def fichiers(monkeypatch: pytest.MonkeyPatch) -> list[Fichiers]:
    """The files that a view offers, kept instead of drawn."""
    gardes: list[Fichiers] = []
    monkeypatch.setattr(Fichiers, "boutons", lambda f: gardes.append(f))
    return gardes


def feuilles(octets: bytes) -> dict[str, pd.DataFrame]:
    lues: dict[str, pd.DataFrame] = pd.read_excel(io.BytesIO(octets), sheet_name=None, engine="calamine")
    return lues


def dit(octets: bytes) -> dict[str, str]:
    notice = pd.read_excel(io.BytesIO(octets), sheet_name=0, header=None, engine="calamine")
    return dict(zip(notice[0], notice[1], strict=True))


def test_the_first_sheet_says_title_filters_source_date_and_licence(compare: Compare, fichiers: list[Fichiers]) -> None:
    c = compare("part_mairies_avec_site_web")
    unwrap(classement.classement)(c)
    (f,) = fichiers
    octets = f.xlsx()
    assert next(iter(feuilles(octets))) == A_LIRE
    lu = dit(octets)
    assert lu["Titre"].startswith("Classement : ")
    assert "échelle : EPCI ; territoire en vue : Dijon Métropole" in lu["Filtres"]
    assert lu["Date d'arrêté"] == "23 novembre 2026"
    assert lu["Source"]
    assert lu["Licence"] == c.declare.licence
    assert "Wilson" in lu["Méthode"]
    assert octets == f.xlsx()


def test_the_ranking_is_whole_in_the_order_of_the_screen_with_intervals_and_ranks(
    compare: Compare, fichiers: list[Fichiers]
) -> None:
    unwrap(classement.classement)(compare("part_mairies_avec_site_web"))
    (f,) = fichiers
    rangs = feuilles(f.xlsx())["Classement"]
    assert len(rangs) == 116
    dijon = rangs.set_index("Code").loc[DIJON]
    assert dijon["Rang"] == "1er à 51e"
    assert dijon["Borne basse 95 %"] == pytest.approx(79.0, abs=0.05)
    connus = rangs.iloc[:, 4].dropna()
    assert connus.is_monotonic_decreasing
    csv = pd.read_csv(io.BytesIO(f.csv()), sep=";", decimal=",")
    assert csv["Code"].tolist() == rangs["Code"].tolist()
    assert set(csv["Licence"]) == {dit(f.xlsx())["Licence"]}


def test_a_secret_value_leaves_no_figure_in_any_sheet_and_says_why(compare: Compare, fichiers: list[Fichiers]) -> None:
    unwrap(classement.classement)(compare("part_femmes_maires", code=SECRET))
    ligne = feuilles(fichiers[0].xlsx())["Classement"].set_index("Code").loc[SECRET]
    assert ligne["État"] == "secret statistique"
    assert ligne.drop(["EPCI", "Département", "Population", "État"]).isna().all()
    comparer_couleurs.couleurs(compare("part_femmes_maires", code=SECRET))
    toutes = feuilles(fichiers[1].xlsx())
    assert "Femmes maires" in toutes["Valeurs"].set_index("Code").loc[SECRET, "Secret statistique"]
    for nom in ("Valeurs", "Écarts"):
        colonne = next(t for t in toutes[nom] if t.startswith("Femmes maires"))
        assert pd.isna(toutes[nom].set_index("Code").loc[SECRET, colonne])


@pytest.mark.parametrize(
    ("vue", "noms"),
    [
        (comparer_figures.distribution, [A_LIRE, "Valeurs", "Repères", "Barres"]),
        (comparer_nuage.nuage, [A_LIRE, "Nuage", "Association"]),
        (comparer_figures.series, [A_LIRE, "Séries", "Par date"]),
        (comparer_figures.base100, [A_LIRE, "Indices", "Indices par date", "Valeurs", "Valeurs par date"]),
        (comparer_couleurs.couleurs, [A_LIRE, "Valeurs", "Écarts", "Indicateurs"]),
    ],
)
def test_each_view_has_its_sheets(
    compare: Compare, fichiers: list[Fichiers], vue: Callable[[Comparaison], Any], noms: list[str]
) -> None:
    unwrap(vue)(compare("population_municipale"))
    (f,) = fichiers
    lues = feuilles(f.xlsx())
    assert list(lues) == noms
    assert all(len(cadre) for cadre in lues.values())
    assert dit(f.xlsx())["Titre"]
    assert f.csv()


def test_the_bars_count_every_territory_and_indices_start_at_100(compare: Compare, fichiers: list[Fichiers]) -> None:
    c = compare("population_municipale")
    comparer_figures.distribution(c)
    comparer_figures.base100(c)
    barres = feuilles(fichiers[0].xlsx())["Barres"]
    assert barres["EPCI"].sum() == len(c.connues)
    indices = feuilles(fichiers[1].xlsx())["Indices par date"]
    assert (indices.iloc[:, 2] == 100).all()


@pytest.mark.parametrize(
    "recu",
    [None, {}, {"selection": {"points": []}}, {"selection": {"points": [{"customdata": ["a", "b", "c", "d"]}]}},
     {"selection": {"points": [{"customdata": ["a", "b", "c", "d", "COM-00000"]}]}},
     {"selection": {"points": [{"customdata": ["a", "b", "c", "d", ["EPCI-1"]]}]}},
     {"selection": {"points": [{"x": 1}]}}],
)  # fmt: skip
def test_a_click_that_names_no_known_territory_leads_nowhere(recu: Any) -> None:
    assert comparer_nuage.code_clique(recu, {DIJON}) is None


def test_a_click_on_a_point_names_its_territory() -> None:
    recu = {"selection": {"points": [{"customdata": ["Dijon", "Côte-d'Or", "1", "2", DIJON]}]}}
    assert comparer_nuage.code_clique(recu, {DIJON}) == DIJON


def test_a_workbook_of_several_tables_runs_nothing() -> None:
    octets = en_classeur({"Données": pd.DataFrame({"=a": ["=1+1", "b"]})}, {"Filtres": "=2+2"}, "+titre")
    assert dit(octets) == {"Titre": "'+titre", "Filtres": "'=2+2"}
    assert feuilles(octets)["Données"].iloc[:, 0].tolist() == ["'=1+1", "b"]
