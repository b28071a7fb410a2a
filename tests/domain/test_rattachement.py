"""Parents and kind of a territory, on the tiny referential. EPCI-2 straddles two départements."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.domain.rattachement import (
    communes_au_dehors,
    departement_de,
    departements_de,
    genre,
    parents,
    rattache,
)

PLACES = [
    ("REG-99", "region", "", None), ("DEP-98", "departement", "", None), ("DEP-99", "departement", "", None),
    ("EPCI-999000001", "epci", "CC", 5.0), ("EPCI-999000002", "epci", "CA", 3.0),
    ("COM-98001", "commune", "", None), ("COM-98004", "commune", "", None), ("COM-99001", "commune", "", None),
    ("COM-99002", "commune", "", None), ("COM-99004", "commune", "", None),
]  # fmt: skip
LIENS = [
    ("COM-98001", "EPCI-999000001"), ("COM-98004", "EPCI-999000002"), ("COM-99001", "EPCI-999000002"),
    ("COM-99002", "EPCI-999000002"), ("COM-98001", "DEP-98"), ("COM-98004", "DEP-98"), ("COM-99001", "DEP-99"),
    ("COM-99002", "DEP-99"), ("COM-99004", "DEP-99"), ("DEP-98", "REG-99"), ("DEP-99", "REG-99"),
]  # fmt: skip


@pytest.fixture
def places() -> pd.DataFrame:
    cadre = pd.DataFrame(PLACES, columns=["code", "maille", "type", "communes_total"])
    return rattache(cadre, pd.DataFrame(LIENS, columns=["enfant", "parent"]))


def test_parents_go_from_the_nearest_to_the_region(places: pd.DataFrame) -> None:
    assert parents(places, "COM-99001", "REG-99") == ["EPCI-999000002", "DEP-99", "REG-99"]
    assert parents(places, "COM-99004", "REG-99") == ["DEP-99", "REG-99"]
    assert parents(places, "DEP-98", "REG-99") == ["REG-99"]
    assert parents(places, "REG-99", "REG-99") == []


def test_an_epci_that_straddles_goes_with_most_of_its_communes(places: pd.DataFrame) -> None:
    assert departement_de(places, "EPCI-999000002") == "DEP-99"
    assert departements_de(places, "EPCI-999000002") == ["DEP-98", "DEP-99"]


def test_what_a_territory_is_in_words(places: pd.DataFrame) -> None:
    textes = {c: genre(places, c).replace("\u202f", " ") for c in ("EPCI-999000001", "DEP-99", "COM-98001", "REG-99")}
    assert textes == {
        "EPCI-999000001": "communauté de communes, 1 commune", "DEP-99": "département, 3 communes",
        "COM-98001": "commune", "REG-99": "région, 5 communes",
    }  # fmt: skip


def test_an_epci_that_goes_beyond_the_region_says_of_how_many(places: pd.DataFrame) -> None:
    assert communes_au_dehors(places, "EPCI-999000001") == 5
    assert communes_au_dehors(places, "EPCI-999000002") is None
    assert communes_au_dehors(places, "COM-98001") is None
