"""Values read as Arrow batches, on both databases: order, cuts, secrecy, rights, as-of. Figures are invented."""

from __future__ import annotations

import pyarrow as pa
import pytest

from dashboard.domain.lecteur import AGENT, PUBLIC, Lecteur
from dashboard.domain.territoire import Maille
from dashboard.store import queries
from dashboard.store.flux_valeurs import CHIFFRES, SCHEMA, Lieux, flux_valeurs
from dashboard.store.moteur import lecture
from tests import mini
from tests.mini import Atelier


def lis(atelier: Atelier, code: str, lecteur: Lecteur = PUBLIC, paquet: int = 1000) -> list[pa.Table]:
    with lecture(atelier.moteur) as connexion:
        lieux = Lieux.de(queries.list_territoires(connexion))
        return list(flux_valeurs(connexion, lecteur, code, lieux, paquet))


@pytest.fixture
def rempli(atelier: Atelier) -> Atelier:
    lignes = [
        mini.ligne(c, v[2] + n / 3, periode=str(2020 + n)) for c, v in reversed(mini.COMMUNES.items()) for n in range(4)
    ]
    lignes += [mini.ligne(c, 5, indicateur="effectif_interne") for c in mini.COMMUNES]
    lignes += [mini.ligne(c, 7, indicateur="effectif_secret", n_unites=1) for c in mini.COMMUNES]
    atelier.livre(*lignes)
    return atelier


def test_rows_come_sorted_with_their_codes_and_exact_figures(rempli: Atelier) -> None:
    (table,) = lis(rempli, "effectif")
    assert table.schema == SCHEMA
    lignes = table.to_pylist()
    rangs = [(Maille(x["maille"]).rang, x["fin"], x["frequence"], x["territoire"]) for x in lignes]
    assert rangs == sorted(rangs)
    assert {x["indicateur"] for x in lignes} == {"effectif"}
    vues = {(x["territoire"], x["fin"].year): x["valeur"] for x in lignes if x["maille"] == "commune"}
    assert vues == {(c, 2020 + n): v[2] + n / 3 for c, v in mini.COMMUNES.items() for n in range(4)}


def test_any_batch_size_gives_the_same_rows_cut_between_two_periods(rempli: Atelier) -> None:
    (entier,) = lis(rempli, "effectif")
    for paquet in (1, 5, 9, 40):
        morceaux = lis(rempli, "effectif", paquet=paquet)
        assert pa.concat_tables(morceaux).to_pylist() == entier.to_pylist()
        cles = [{(x["maille"], x["fin"]) for x in m.to_pylist()} for m in morceaux]
        assert sum(map(len, cles)) == len(set().union(*cles)), "a period is never in two batches"


def test_a_hidden_value_has_no_figure(rempli: Atelier) -> None:
    lignes = [x for t in lis(rempli, "effectif_secret") for x in t.to_pylist()]
    caches = [x for x in lignes if x["statut"] == "Q"]
    assert caches
    assert {x[c] for x in caches for c in (*CHIFFRES[:4], "calculee")} == {None}


def test_what_is_closed_unknown_or_empty_gives_nothing(rempli: Atelier) -> None:
    assert lis(rempli, "effectif_interne") == []
    assert lis(rempli, "inconnu") == []
    assert lis(rempli, "centres_publies") == []
    assert sum(t.num_rows for t in lis(rempli, "effectif_interne", AGENT)) >= len(mini.COMMUNES)


def test_a_reader_pinned_at_a_lot_sees_that_lot(rempli: Atelier) -> None:
    (avant,) = lis(rempli, "effectif")
    epingle = Lecteur("public", PUBLIC.acces, lot=1)
    rempli.livre(*(mini.ligne(c, 1_000) for c in mini.COMMUNES))
    (apres,) = lis(rempli, "effectif", epingle)
    assert apres.to_pylist() == avant.to_pylist()
    assert lis(rempli, "effectif")[0].to_pylist() != avant.to_pylist()
