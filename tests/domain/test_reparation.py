"""Declared repairs of dirty values: what changes, what does not, and the trace of each."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.reparation import EXEMPLES, repare_bords, repare_codes, repare_dates, repare_nombres, texte
from dashboard.domain.territoire import Maille


def colonne(*cellules: object, nom: str = "valeur") -> pd.Series:
    """Cells by line, the first one on line 2."""
    return pd.Series(list(cellules), index=range(2, len(cellules) + 2), name=nom, dtype="object")


NOMBRES = [
    ("virgule_decimale", "12,5", "12.5"),
    ("virgule_decimale", "-0,5", "-0.5"),
    ("virgule_decimale", "1,234,567", "1,234,567"),  # thousands: not a decimal comma
    ("espaces", "1\u202f234", "1234"),
    ("espaces", "1\u00a0234 ", "1234"),
    ("espaces", " 105    ", "105"),
    ("espaces", "12\n", "12"),
    ("tiret_absent", " -    ", None),
    ("tiret_absent", "–", None),
    ("tiret_absent", "n.d.", None),
    ("tiret_absent", "-5", "-5"),  # a negative figure is not a dash
    ("tiret_zero", "-", "0"),
    ("tiret_zero", "n.d.", "n.d."),
    ("pourcent", "100%", "100"),
    ("pourcent", "12,5 %", "12,5"),
    ("pourcent", "%", "%"),
    ("fraction", "0.125", "12.5"),
    ("fraction", "douze", "douze"),
]


@pytest.mark.parametrize(("regle", "avant", "apres"), NOMBRES)
def test_a_rule_repairs_its_defect_and_nothing_else(regle: str, avant: str, apres: str | None) -> None:
    reparee, traces = repare_nombres(colonne("7", avant), {regle})
    (obtenue,) = reparee.iloc[1:].tolist()
    assert (None if pd.isna(obtenue) else obtenue) == apres
    change = avant != apres and regle != "fraction"
    if change:
        assert [(t.regle, t.colonne, t.nombre) for t in traces] == [(regle, "valeur", 1)]
        (exemple,) = traces[0].exemples
        assert (exemple.ligne, exemple.avant, exemple.apres) == (3, avant, apres or "")


def test_rules_work_together_in_their_order() -> None:
    reparee, traces = repare_nombres(
        colonne("1 234,5 %", "-"), {"espaces", "virgule_decimale", "pourcent", "tiret_absent"}
    )
    assert reparee.iloc[0] == "1234.5"
    assert pd.isna(reparee.iloc[1])
    assert {t.regle for t in traces} == {"espaces", "pourcent", "virgule_decimale", "tiret_absent"}


@given(st.lists(st.text(max_size=8), max_size=20))
def test_without_a_declared_rule_no_cell_changes_and_nothing_is_traced(cellules: list[str]) -> None:
    avant = colonne(*cellules)
    apres, traces = repare_nombres(avant, set())
    assert apres is avant
    assert traces == []


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), min_size=1, max_size=20))
def test_clean_figures_are_left_alone_by_every_rule_but_fraction(valeurs: list[float]) -> None:
    avant = colonne(*(repr(v) for v in valeurs))
    apres, traces = repare_nombres(avant, {"espaces", "virgule_decimale", "tiret_absent", "tiret_zero", "pourcent"})
    assert apres.tolist() == avant.tolist()
    assert traces == []


def test_a_trace_keeps_the_first_examples_and_counts_them_all() -> None:
    _, (trace,) = repare_nombres(colonne(*[f"{i},5" for i in range(40)]), {"virgule_decimale"})
    assert trace.nombre == 40
    assert [e.ligne for e in trace.exemples] == list(range(2, 2 + EXEMPLES))


@pytest.mark.parametrize(
    ("maille", "avant", "apres"),
    [
        (Maille.COMMUNE, "1001", "01001"),
        (Maille.COMMUNE, 1001.0, "01001"),
        (Maille.COMMUNE, "21231", "21231"),
        (Maille.COMMUNE, "2A004", "2A004"),
        (Maille.DEPARTEMENT, "1", "01"),
        (Maille.EPCI, "242100410", "242100410"),
        (None, "1001", "1001"),
    ],
)
def test_a_lost_leading_zero_comes_back(maille: Maille | None, avant: object, apres: str) -> None:
    reparee, traces = repare_codes(colonne(avant, "21231" if maille is Maille.COMMUNE else "21"), maille)
    assert reparee.iloc[0] == apres
    assert len(traces) == (str(avant).removesuffix(".0") != apres)


DATES = [
    ({"date_excel"}, "45291", "2023-12-31"),
    ({"date_excel"}, "2023", "2023"),
    ({"jour_mois"}, "31/12/2023", "2023-12-31"),
    ({"jour_mois"}, "31.12.2023", "2023-12-31"),
    ({"jour_mois"}, "12/31/2023", "12/31/2023"),  # not a French date: left as it is, then refused
    ({"jour_mois", "mois_jour"}, "12/31/2023", "2023-12-31"),
    ({"jour_mois", "mois_jour"}, "01/02/2023", "2023-02-01"),
    ({"mois_jour"}, "01/02/2023", "2023-01-02"),
    ({"mois_jour"}, "2023-31-12", "2023-12-31"),
    ({"jour_mois"}, "30/02/2023", "30/02/2023"),
    (set(), "31/12/2023", "31/12/2023"),
]


@pytest.mark.parametrize(("regles", "avant", "apres"), DATES)
def test_a_date_written_otherwise_becomes_iso(regles: set[str], avant: str, apres: str) -> None:
    reparee, traces = repare_dates(colonne(avant, "2022-12-31", nom="periode"), regles)
    assert reparee.tolist() == [apres, "2022-12-31"]
    assert len(traces) == (avant != apres)


def test_spaces_around_a_code_are_removed_and_told() -> None:
    reparee, (trace,) = repare_bords(colonne("21231", " 21054\u00a0", nom="code_territoire"))
    assert reparee.tolist() == ["21231", "21054"]
    assert (trace.regle, trace.nombre, trace.exemples[0].ligne) == ("espaces", 1, 3)


def test_typed_cells_become_the_text_one_reads() -> None:
    assert texte(pd.Series([1001.0, None])).tolist()[0] == "1001"
    assert texte(pd.Series([1.5, 2.0])).tolist() == ["1.5", "2"]
    assert texte(pd.Series(["a", None], dtype="object")).isna().tolist() == [False, True]
