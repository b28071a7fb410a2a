"""Similar territories: near in density and population, widened by steps that are said, never the one itself."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.semblables import MINIMUM, semblables
from dashboard.domain.territoire import Maille


def places(*lignes: tuple[float | None, float | None]) -> pd.DataFrame:
    return pd.DataFrame(
        [(f"COM-{rang:05}", p, s) for rang, (p, s) in enumerate(lignes)],
        columns=["code", "population", "superficie_km2"],
    )


def test_enough_in_the_same_band_and_class_are_taken_as_they_are() -> None:
    cadre = places((700, 20), (710, 20), (900, 20), (520, 20), (800, 20), (600, 20), (4000, 20), (700, 2))
    trouves = semblables(cadre, "COM-00000", Maille.COMMUNE)
    assert set(trouves.codes) == {f"COM-0000{i}" for i in range(1, 6)}
    assert trouves.codes[0] == "COM-00001"
    assert trouves.elargi == 0
    assert "même tranche de population (de 500 à 999 hab.)" in trouves.methode
    assert "même classe de densité (de 25 à 50 hab./km²)" in trouves.methode
    assert "élargis" not in trouves.methode


def test_too_few_widens_by_steps_and_says_so() -> None:
    cadre = places((700, 20), (710, 20), (1500, 40), (300, 10), (1200, 30), (250, 8), (90_000, 10))
    trouves = semblables(cadre, "COM-00000", Maille.COMMUNE)
    assert len(trouves.codes) == MINIMUM
    assert trouves.elargi == 1
    assert "à 1\u202ftranche près" in trouves.methode
    assert trouves.methode.endswith("Critères élargis : il y en avait moins de 5.")


def test_when_nothing_is_near_all_the_others_are_taken() -> None:
    trouves = semblables(places((50, 40), (900_000, 100), (300_000, 9000)), "COM-00000", Maille.COMMUNE)
    assert set(trouves.codes) == {"COM-00001", "COM-00002"}


def test_a_territory_without_population_or_area_or_alone_has_none_and_says_why() -> None:
    cadre = places((700, 20), (None, 20), (700, None), (700, 0))
    for code in ("COM-00001", "COM-00002", "COM-00003", "COM-99999"):
        vide = semblables(cadre, code, Maille.COMMUNE)
        assert vide.codes == ()
        assert "inconnue" in vide.methode
    seul = semblables(cadre, "COM-00000", Maille.COMMUNE)
    assert seul.codes == ()
    assert "Aucun autre territoire" in seul.methode


LIGNES = st.lists(st.tuples(st.floats(1, 1e6), st.floats(0.1, 1e4)), min_size=1, max_size=30)


@given(LIGNES)
def test_never_itself_and_never_fewer_than_there_could_be(lignes: list[tuple[float, float]]) -> None:
    trouves = semblables(places(*lignes), "COM-00000", Maille.COMMUNE)
    assert "COM-00000" not in trouves.codes
    assert len(trouves.codes) >= min(MINIMUM, len(lignes) - 1)


@given(LIGNES)
def test_the_order_of_the_rows_changes_nothing(lignes: list[tuple[float, float]]) -> None:
    cadre = places(*lignes)
    assert semblables(cadre, "COM-00000", Maille.COMMUNE) == semblables(cadre[::-1], "COM-00000", Maille.COMMUNE)
