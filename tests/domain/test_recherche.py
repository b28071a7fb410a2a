"""A place is found as people write it."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.domain.recherche import Annuaire, normalise

PLACES = pd.DataFrame(
    [
        ("COM-21054", "Beaune", 20_000), ("COM-39043", "Beaune-la-Petite", 300), ("COM-25056", "Besançon", 120_000),
        ("EPCI-242500361", "Grand Besançon Métropole", 200_000), ("COM-39475", "Saint-Aubin", 1_700),
        ("COM-71389", "Saint-Aubin-sur-Loire", 250), ("COM-21541", "Saint-Aubin", 260),
        ("COM-89202", "L'Isle-sur-Serein", 700), ("COM-25315", "L’Isle-sur-le-Doubs", 2_900),
        ("COM-70550", "Vesoul", 15_000),
        ("COM-21231", "Dijon", 160_000),
        ("DEP-21", "Côte-d'Or", 540_000), ("COM-71306", "Montceau-les-Mines", 17_500),
        ("COM-71540", "Le Creusot", None),
    ],
    columns=["code", "nom", "population"],
)  # fmt: skip
POSTAUX = pd.DataFrame(
    [("21200", "COM-21054"), ("21190", "COM-21541"), ("39410", "COM-39475"), ("21000", "COM-21231"),
     ("21231", "COM-99999")],
    columns=["code_postal", "code"],
)  # fmt: skip
ANNUAIRE = Annuaire.de(PLACES, POSTAUX)


@pytest.mark.parametrize(
    ("texte", "premier"),
    [
        ("beaune", "COM-21054"), ("BEAUNE", "COM-21054"), ("21200", "COM-21054"), ("COM-21054", "COM-21054"),
        ("com-21054", "COM-21054"), ("21054", "COM-21054"), ("st aubin", "COM-39475"), ("St-Aubin", "COM-39475"),
        ("saint aubin sur loire", "COM-71389"), ("besancno", "COM-25056"), ("besancon", "COM-25056"),
        ("grand besançon", "EPCI-242500361"), ("242500361", "EPCI-242500361"), ("l isle sur le doubs", "COM-25315"),
        ("l'isle-sur-serein", "COM-89202"), ("L’Isle sur Serein", "COM-89202"), ("cote d or", "DEP-21"),
        ("côte-d’or", "DEP-21"), ("vesuol", "COM-70550"), ("21", "DEP-21"), ("montceau mines", "COM-71306"),
        ("monceau les mines", "COM-71306"), ("creuzot", "COM-71540"), ("dijno", "COM-21231"), ("21000", "COM-21231"),
        ("st aubain", "COM-39475"),
    ],
)  # fmt: skip
def test_a_place_is_found_as_people_write_it(texte: str, premier: str) -> None:
    assert ANNUAIRE.cherche(texte)[:1] == [premier]


def test_the_most_populous_comes_first_among_equals() -> None:
    assert ANNUAIRE.cherche("saint-aubin") == ["COM-39475", "COM-21541", "COM-71389"]


def test_the_beginning_of_a_postcode_lists_its_communes() -> None:
    assert ANNUAIRE.cherche("212") == ["COM-21054"]
    assert set(ANNUAIRE.cherche("21")) == {"DEP-21", "COM-21054", "COM-21541", "COM-21231"}


@pytest.mark.parametrize("texte", ["", "   ", "!!!", "xyzxyz", "99999", "<script>", "%", "' OR 1=1"])
def test_nothing_is_found_for_what_is_no_place(texte: str) -> None:
    assert ANNUAIRE.cherche(texte) == []


def test_no_more_than_asked() -> None:
    assert len(ANNUAIRE.cherche("saint", maximum=2)) == 2


def test_names_are_compared_without_accents_hyphens_or_apostrophes() -> None:
    assert normalise("L’Isle-sur-le-Doubs") == normalise("l'isle sur le doubs") == "l isle sur le doubs"
    assert normalise("Ste Œuvre") == "sainte oeuvre"
    assert normalise("St") == "st"
