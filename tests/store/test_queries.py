"""The one door for reading: nothing by default, secrecy kept, the same answers on both databases."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import event, select

from dashboard.domain.indicateur import Acces
from dashboard.domain.lecteur import AGENT, PUBLIC, Lecteur
from dashboard.domain.territoire import Maille
from dashboard.store import commands, queries
from dashboard.store.moteur import lecture, migre, open_moteur
from dashboard.store.schema import mesure, valeur
from tests import mini
from tests.conftest import BASES, adresse
from tests.mini import CHEVAL, COMMUNES, E1, ECRIVAIN, NORD, REGION, SUD, Atelier, cible, ligne

PERSONNE = Lecteur("personne")
CHIFFRES = ["valeur", "numerateur", "denominateur", "n_unites", "calculee"]
AVEC_LECTEUR = [
    f for nom, f in inspect.getmembers(queries, inspect.isfunction)
    if f.__module__ == queries.__name__ and not nom.startswith("_") and "lecteur" in inspect.signature(f).parameters
]  # fmt: skip
INJECTIONS = ["' OR '1'='1", "effectif' --", "'; DROP TABLE valeur; --", "%", "eff*", "É" * 5000]


@pytest.fixture(scope="module")
def paire(
    request: pytest.FixtureRequest, espace_mini: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Atelier]]:
    """The same open, internal and confidential figures, and targets, on the two databases. Read only."""
    moteurs = {
        "sqlite": open_moteur(f"sqlite:///{tmp_path_factory.mktemp('lu') / 'magasin.sqlite'}"),
        "postgresql": open_moteur(adresse("postgresql", request)),
    }
    for moteur in moteurs.values():
        migre(moteur)
    yield {base: peuple(Atelier.ouvre(moteur, espace_mini)) for base, moteur in moteurs.items()}
    for moteur in moteurs.values():
        moteur.dispose()


@pytest.fixture(params=BASES)
def servi(request: pytest.FixtureRequest, paire: dict[str, Atelier]) -> Atelier:
    """A store with figures, on each of the two databases."""
    return paire[request.param]


def peuple(atelier: Atelier) -> Atelier:
    lignes = [ligne(c, p, periode=a) for c, (_, _, p) in COMMUNES.items() for a in ("2022", "2023")]
    lignes += [ligne(c, 7, indicateur="effectif_interne", note="interne") for c in COMMUNES]
    lignes += [
        ligne(c, 10 * p, indicateur="effectif_secret", n_unites=2 if c == "COM-98005" else 9, part_max=0.2)
        for c, (_, _, p) in COMMUNES.items()
    ]
    lignes += [
        ligne(c, numerateur=p / 2, denominateur=p, indicateur="part_secrete", n_unites=1 if p < 30 else 50)
        for c, (_, _, p) in COMMUNES.items()
    ]
    lignes += [ligne(t, 41.5, indicateur="taux_publie") for t in (REGION, NORD)]
    assert atelier.livre(*lignes).etat == "publie"
    assert atelier.livre_cibles(cible(), cible(indicateur="effectif_interne", valeur=9)).etat == "publie"
    return atelier


def _arguments(atelier: Atelier, indicateur: str) -> dict[str, Any]:
    with atelier.moteur.connect() as connexion:
        ids = queries.list_territoires(connexion)["id"].tolist()
    return {
        "code": indicateur, "codes": [indicateur], "maille": Maille.COMMUNE, "fin": None, "territoires": ids,
        "code_territoire": "COM-98001", "sources": ("comptes",),
    }  # fmt: skip


def _lit(atelier: Atelier, fonction: Callable[..., Any], lecteur: Lecteur, indicateur: str) -> Any:
    admis = _arguments(atelier, indicateur)
    demandes = [p for p in inspect.signature(fonction).parameters if p not in ("connexion", "lecteur")]
    with lecture(atelier.moteur) as connexion:
        return fonction(connexion, lecteur=lecteur, **{p: admis[p] for p in demandes})


def test_every_reading_function_of_figures_is_walked() -> None:
    assert {f.__name__ for f in AVEC_LECTEUR} >= {
        "list_indicateurs", "list_periodes", "load_dernieres", "load_series", "load_objectifs", "load_provenance",
    }  # fmt: skip


@pytest.mark.parametrize("fonction", AVEC_LECTEUR, ids=lambda f: f.__name__)
def test_a_reader_without_rights_reads_nothing(servi: Atelier, fonction: Callable[..., Any]) -> None:
    indicateur = "effectif_interne" if fonction is queries.load_objectifs else "effectif"
    assert len(_lit(servi, fonction, AGENT, indicateur)) > 0
    assert len(_lit(servi, fonction, PERSONNE, indicateur)) == 0


@pytest.mark.parametrize("fonction", AVEC_LECTEUR, ids=lambda f: f.__name__)
def test_the_public_sees_no_trace_of_an_internal_indicator(servi: Atelier, fonction: Callable[..., Any]) -> None:
    agent, public = (_lit(servi, fonction, lecteur, "effectif_interne") for lecteur in (AGENT, PUBLIC))
    if fonction is queries.list_indicateurs:
        assert set(agent) - set(public) == {"effectif_interne"}
        return
    assert len(agent) > 0
    assert len(public) == 0


def test_a_retired_indicator_is_seen_by_nobody(atelier: Atelier) -> None:
    peuple(atelier)
    reste = tuple(i for i in atelier.espace.indicateurs if i.id != "effectif_interne")
    amoindri = atelier.espace.model_copy(update={"indicateurs": reste})
    commands.enregistre_espace(atelier.moteur, amoindri, "a" * 64, "{}", ECRIVAIN)
    for fonction in AVEC_LECTEUR:
        lu = _lit(atelier, fonction, AGENT, "effectif_interne")
        assert "effectif_interne" not in lu if fonction is queries.list_indicateurs else len(lu) == 0


@pytest.mark.parametrize("texte", INJECTIONS, ids=range(len(INJECTIONS)))
@pytest.mark.parametrize("fonction", [f for f in AVEC_LECTEUR if f is not queries.list_indicateurs])
def test_a_text_is_never_read_as_sql(servi: Atelier, fonction: Callable[..., Any], texte: str) -> None:
    admis = _arguments(servi, texte) | {"code_territoire": texte}
    demandes = [p for p in inspect.signature(fonction).parameters if p not in ("connexion", "lecteur")]
    with lecture(servi.moteur) as connexion:
        assert len(fonction(connexion, lecteur=AGENT, **{p: admis[p] for p in demandes})) == 0
        assert connexion.execute(select(valeur.c.valeur)).first() is not None


def test_no_value_is_ever_written_inside_a_statement(servi: Atelier) -> None:
    """What the reader asks reaches the database beside the statement, never inside."""
    enonces: list[str] = []
    event.listen(servi.moteur, "before_cursor_execute", lambda c, k, enonce, *_: enonces.append(enonce))
    for fonction in AVEC_LECTEUR:
        _lit(servi, fonction, AGENT, "effectif")
    assert enonces
    assert not [e for e in enonces if "effectif" in e or "COM-" in e or "'" in e.replace("''", "")]


# ------------------------------------------------------------------------------------------------ secrecy


def test_a_hidden_value_has_a_code_and_no_figure_in_any_column(servi: Atelier) -> None:
    with servi.moteur.connect() as connexion:
        lignes = pd.DataFrame(connexion.execute(select(valeur)).mappings().all())
    cachees = lignes[lignes["statut"] == "Q"]
    assert set(cachees["confidentialite"]) == {"A", "D"}
    assert cachees[CHIFFRES].notna().sum().sum() == 0
    montrees = lignes[lignes["statut"] != "Q"]
    assert montrees["valeur"].notna().all()
    assert set(montrees["confidentialite"]) == {"F"}


def test_what_was_received_under_a_hidden_value_is_not_told_by_its_provenance(servi: Atelier) -> None:
    assert servi.valeurs("part_secrete").loc["COM-98005", "statut"] == "Q"
    with servi.moteur.connect() as connexion:
        recue = connexion.execute(
            select(mesure.c.numerateur).where(
                mesure.c.indicateur == "part_secrete", mesure.c.code_territoire == "COM-98005"
            )
        ).scalar()
        provenance = queries.load_provenance(connexion, AGENT, "part_secrete", "COM-98005")
    assert recue == 10
    assert len(provenance) == 1
    assert not provenance.filter(CHIFFRES).notna().to_numpy().any()


def test_figures_below_the_published_levels_are_not_told_either(servi: Atelier) -> None:
    """`effectif_secret` is published from EPCI upwards: a commune's row stays in the store."""
    assert not any(c.startswith("COM-") for c in servi.valeurs("effectif_secret").index)
    with servi.moteur.connect() as connexion:
        provenance = queries.load_provenance(connexion, AGENT, "effectif_secret", "COM-98001")
        dernieres = queries.load_dernieres(connexion, AGENT, "effectif_secret", Maille.COMMUNE)
    assert dernieres.empty
    assert not provenance.filter(CHIFFRES).notna().to_numpy().any()


# ------------------------------------------------------------------------------------------------ answers


def test_the_latest_values_are_those_of_the_latest_period(servi: Atelier) -> None:
    with servi.moteur.connect() as connexion:
        dernieres = queries.load_dernieres(connexion, PUBLIC, "effectif", Maille.EPCI)
        anciennes = queries.load_dernieres(connexion, PUBLIC, "effectif", Maille.EPCI, date(2022, 12, 31))
        jamais = queries.load_dernieres(connexion, PUBLIC, "effectif", Maille.EPCI, date(1999, 12, 31))
        periodes = queries.list_periodes(connexion, PUBLIC, "effectif", Maille.EPCI)
    assert set(dernieres["fin"]) == {date(2023, 12, 31)}
    assert set(anciennes["fin"]) == {date(2022, 12, 31)}
    assert jamais.empty
    assert [p.code for p in periodes] == ["2023", "2022"]


def test_series_come_in_order_for_each_territory(servi: Atelier) -> None:
    cadre = servi.valeurs("effectif")
    assert cadre.groupby(level=0)["fin"].apply(list).map(lambda f: f == sorted(f)).all()
    assert len(cadre) == 2 * 14


def test_provenance_names_the_lot_the_row_and_the_content(servi: Atelier) -> None:
    with servi.moteur.connect() as connexion:
        (origine,) = queries.load_provenance(connexion, PUBLIC, "taux_publie", NORD).itertuples()
    assert (origine.source, origine.lot, origine.ligne_source) == ("comptes", 1, 42)
    assert len(origine.sha256) == 64
    assert servi.lots().set_index("id").loc[1, "sha256"] == origine.sha256


def test_places_are_those_of_the_current_code(servi: Atelier) -> None:
    with servi.moteur.connect() as connexion:
        places, liens = queries.list_territoires(connexion), queries.list_liens(connexion)
    assert len(places) == 14
    parents = liens.groupby("enfant")["parent"].apply(set)
    assert parents["COM-98004"] == {NORD, CHEVAL}
    assert parents["COM-98001"] == {NORD, E1}
    assert parents[SUD] == {REGION}
    assert "COM-98003" not in parents


def test_both_databases_give_the_same_answers(paire: dict[str, Atelier]) -> None:
    for declare in mini.INDICATEURS:
        for fonction in AVEC_LECTEUR:
            sqlite, postgres = (_lit(a, fonction, AGENT, declare["id"]) for a in paire.values())
            if isinstance(sqlite, pd.DataFrame):
                sqlite, postgres = (t.drop(columns="cree_le", errors="ignore") for t in (sqlite, postgres))
                cles = [c for c in ("fin", "territoire_id", "code_territoire", "echeance") if c in sqlite]
                rangees = (t.sort_values(cles, ignore_index=True) for t in (sqlite, postgres))
                pd.testing.assert_frame_equal(*rangees, check_exact=True, obj=f"{fonction.__name__}({declare['id']})")
            else:
                assert sqlite == postgres


def test_a_perimeter_is_part_of_the_key_of_every_cache() -> None:
    assert PUBLIC.perimetre != AGENT.perimetre != PERSONNE.perimetre
    assert Lecteur("autre", frozenset({Acces.OUVERT})).perimetre == PUBLIC.perimetre
