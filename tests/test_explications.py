"""One figure explained from the store: real rows of the committed espace, then secrecy and rights on invented ones."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dashboard import bootstrap
from dashboard.bootstrap import Application
from dashboard.domain.explication_dite import texte
from dashboard.domain.explication_json import en_json
from dashboard.domain.lecteur import AGENT, PUBLIC
from dashboard.domain.periode import parse_periode
from dashboard.domain.territoire import CodeInconnu, Maille
from dashboard.explications import SansChiffre, explique
from dashboard.reglages import lis_reglages
from tests import mini
from tests.mini import COMMUNES, REGION, ligne

ARRETE = date(2026, 11, 23)
SECRETE = "COM-98005"


def test_a_published_figure_leads_to_its_row_its_lot_and_its_target(bfc: Application) -> None:
    e = explique(bfc, PUBLIC, "maisons_sante_pluripro", "DEP-58", parse_periode("2023-12"), ARRETE)
    assert (e.chiffre.valeur, e.chiffre.calcule, e.parts) == (16.0, False, None)
    (recue,), (envoi,) = e.lignes, e.envois
    assert (recue.code, recue.contenu, recue.lot) == ("DEP-58", {"valeur": 16.0}, envoi.lot)
    assert recue.adresse
    assert recue.adresse.endswith("ind-311.csv")
    assert (envoi.source, envoi.auteur, len(envoi.sha256), envoi.lignes) == ("programmes", "agent", 64, 1)
    assert envoi.requete.startswith("SELECT p.indicateur")
    assert e.buts[0].objectif.trajectoire.vc == 25
    assert e.programme
    assert e.programme.programme.id == "maisons_de_sante"


def test_a_published_total_shows_its_parts_as_a_check(bfc: Application) -> None:
    e = explique(bfc, PUBLIC, "maisons_sante_pluripro", "REG-27", parse_periode("2023-12"), ARRETE)
    assert e.parts
    assert (e.chiffre.ecart, e.parts.attendues, e.parts.presentes) == (0.0, 8, 8)
    assert sum(p.valeur or 0 for p in e.parts.listees) == e.chiffre.valeur == 145


def test_a_computed_total_counts_its_communes_and_lists_its_departements(bfc: Application) -> None:
    e = explique(bfc, PUBLIC, "population_municipale", "REG-27", parse_periode("2023"), ARRETE)
    assert e.parts
    assert (e.parts.base, e.parts.attendues, e.parts.presentes) == (Maille.COMMUNE, 3685, 3685)
    assert (e.parts.maille, e.parts.total, e.lignes) == (Maille.DEPARTEMENT, 8, ())
    assert sum(p.valeur or 0 for p in e.parts.listees) == e.chiffre.valeur == 2_802_670
    assert [x.lignes for x in e.envois] == [3685]


def test_two_steps_from_a_computed_figure_is_the_row_of_each_commune(bfc: Application) -> None:
    e = explique(bfc, PUBLIC, "part_femmes_conseil_municipal", "EPCI-242100410", None, ARRETE)
    assert e.parts
    assert len(e.parts.listees) == 23
    assert all(p.ligne and p.lot == e.envois[0].lot for p in e.parts.listees)


def test_without_a_period_the_last_one_known_at_the_date_is_explained(bfc: Application) -> None:
    codes = [
        explique(bfc, PUBLIC, "population_municipale", "COM-39368", None, jour).periode.code
        for jour in (ARRETE, date(2019, 6, 1))
    ]
    assert codes == ["2023", "2019"]


@pytest.mark.parametrize(
    ("indicateur", "code", "periode", "mots"),
    [
        ("invente", "REG-27", "2023", "Indicateur « invente » inconnu"),
        ("densite", "DEP-99", "2023", "absent du COG en vigueur"),
        ("densite", "DEP-58", "1950", "aucune valeur pour Nièvre en 1950"),
    ],
)
def test_what_cannot_be_explained_says_why(
    bfc: Application, indicateur: str, code: str, periode: str, mots: str
) -> None:
    with pytest.raises(SansChiffre, match=mots):
        explique(bfc, PUBLIC, indicateur, code, parse_periode(periode), ARRETE)
    with pytest.raises(CodeInconnu):
        explique(bfc, PUBLIC, "densite", "Dijon", None, ARRETE)


@pytest.fixture(scope="module")
def essai(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Application:
    """Two deliveries: in the second one commune changes; a commune too small to be shown; an absorbed one."""
    env = {"BOUSSOLE_HOME": str(tmp_path_factory.mktemp("essai")), "BOUSSOLE_ESPACE": str(espace_mini)}
    app = bootstrap.ouvre(lis_reglages({**env, "BOUSSOLE_PROFIL": "agent"}))
    bootstrap.prepare(app)
    atelier = mini.Atelier(app.moteur, app.espace, app.sources, espace_mini)
    parts = [
        ligne(c, indicateur="part_secrete", numerateur=1 if c == SECRETE else p, denominateur=2 * p,
              n_unites=1 if c == SECRETE else 9)
        for c, (_, _, p) in COMMUNES.items()
    ]  # fmt: skip
    internes = [ligne(c, 777, indicateur="effectif_interne") for c in COMMUNES]
    anciennes = [ligne(mini.ABSORBEE, 7, periode="2022", millesime_cog=2024),
                 ligne(mini.ABSORBANTE, 5, periode="2022", millesime_cog=2024)]  # fmt: skip
    for effectif in (100, 130):
        lignes = [ligne(c, effectif if c == "COM-98001" else p) for c, (_, _, p) in COMMUNES.items()]
        assert atelier.livre(*lignes, *anciennes, *parts, *internes).etat == "publie"
    return app


def test_nothing_hidden_comes_back_through_an_explanation(essai: Application) -> None:
    """The small commune, and its neighbour hidden with it, in every explanation that could name them."""
    for code in (SECRETE, *mini.PARENTS[SECRETE]):
        e = explique(essai, AGENT, "part_secrete", code, parse_periode("2023"), ARRETE)
        if code == SECRETE:
            assert e.chiffre.secret
            assert en_json(e)["chiffre"]["valeur"] is None
        assert all(not x.contenu for x in e.lignes)
        listees = {p.code: p for p in e.parts.listees} if e.parts else {}
        if SECRETE in listees:
            assert (listees[SECRETE].valeur, listees[SECRETE].secret) == (None, True)
            assert sum(p.secret for p in listees.values()) >= 2  # one alone would come back by subtraction


def test_unknown_and_forbidden_look_the_same(essai: Application) -> None:
    dits = []
    for indicateur in ("effectif_interne", "effectif_invente"):
        with pytest.raises(SansChiffre) as refus:
            explique(essai, PUBLIC, indicateur, REGION, parse_periode("2023"), ARRETE)
        dits.append(str(refus.value).split(".")[0].replace(indicateur, "X"))
    assert dits[0] == dits[1]
    assert "effectif_interne" not in str(refus.value)
    assert explique(essai, AGENT, "effectif_interne", REGION, None, ARRETE).chiffre.valeur == 777 * len(COMMUNES)


def test_as_of_an_earlier_lot_the_figure_and_its_row_are_those_of_that_lot(essai: Application) -> None:
    actuel = explique(essai, PUBLIC, "effectif", "COM-98001", None, ARRETE)
    avant = explique(essai, replace(PUBLIC, lot=actuel.envois[0].lot - 1), "effectif", "COM-98001", None, ARRETE)
    assert (avant.chiffre.valeur, actuel.chiffre.valeur) == (100, 130)
    assert avant.envois[0].lot == actuel.envois[0].lot - 1
    assert (avant.lignes[0].contenu["valeur"], actuel.lignes[0].contenu["valeur"]) == (100, 130)


def test_a_merged_commune_is_explained_by_all_the_rows_it_took_in(essai: Application) -> None:
    e = explique(essai, PUBLIC, "effectif", mini.ABSORBANTE, parse_periode("2022"), ARRETE)
    assert e.chiffre.valeur == 12
    assert {(x.code, x.millesime, x.contenu["valeur"]) for x in e.lignes} == {
        (mini.ABSORBEE, 2024, 7.0), (mini.ABSORBANTE, 2024, 5.0),
    }  # fmt: skip
    assert "portée à COM-98002 par la table de passage" in texte(e)
    json.dumps(en_json(e), allow_nan=False)
