"""Places named the supplier's own way and figures in another unit: declared, exact, traced, and never guessed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dashboard.domain.periode import parse_periode
from dashboard.domain.source import Source
from data_sources.mise_en_forme import met_en_forme


def source(**forme: Any) -> Source:
    return Source.model_validate(
        {
            "id": "essai", "nom": "Essai", "requete": "SELECT 1", "licence": "Aucune", "rythme_mois": 12,
            "forme": {"constantes": {"indicateur": "effectif"}, **forme},
            "colonnes": {"territoire": "ou", "periode": "quand", "valeur": "combien"},
        }
    )  # fmt: skip


def lignes(*recues: tuple[object, object, object]) -> pd.DataFrame:
    cadre = pd.DataFrame(recues, columns=["ou", "quand", "combien"], dtype=object)
    return cadre.set_axis(pd.RangeIndex(1, len(cadre) + 1, name="ligne"))


def test_a_unit_is_converted_in_exact_decimals_and_counted() -> None:
    formee = met_en_forme(
        lignes(("A", "2023", "12345"), ("B", "2023", 3), ("C", "2023", None)), source(facteur=0.0001)
    )  # fmt: skip
    assert formee.table["valeur"].fillna("").tolist() == ["1.2345", "0.0003", ""]
    (trace,) = formee.traces
    assert (trace.regle, trace.nombre) == ("facteur", 2)
    assert (trace.exemples[0].ligne, trace.exemples[0].avant, trace.exemples[0].apres) == (1, "12345", "1.2345")


def test_what_is_not_a_number_is_left_for_the_check_to_refuse() -> None:
    formee = met_en_forme(lignes(("A", "2023", "1 234 ha")), source(facteur=0.0001))
    assert formee.table["valeur"].tolist() == ["1 234 ha"]


def test_the_suppliers_names_become_our_codes_and_the_others_stay_as_they_are() -> None:
    formee = met_en_forme(
        lignes((" Nord ", "2023", 1), ("Ailleurs", "2023", 2), (None, "2023", 3)), source(codes={"Nord": "DEP-98"})
    )  # fmt: skip
    assert formee.table["code_territoire"].fillna("").tolist() == ["DEP-98", "Ailleurs", ""]


@pytest.mark.parametrize(("ecrite", "code"), [("2023-Q4", "2023-T4"), ("2023-T4", "2023-T4")])
def test_a_quarter_is_read_as_sdmx_writes_it(ecrite: str, code: str) -> None:
    assert parse_periode(ecrite).code == code
