"""From the supplier's shape to ours: nothing guessed, every line accounted for."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dashboard.domain.source import Source
from data_sources.connectors import LivraisonIllisible
from data_sources.mise_en_forme import Formee, met_en_forme


def source(**declare: Any) -> Source:
    commun = {"id": "essai", "nom": "Essai", "connecteur": "fichier", "url": "", "licence": "Aucune", "rythme_mois": 12}
    return Source.model_validate({**commun, **declare})


def forme(recues: dict[str, list[object]], *, postaux: dict[str, str] | None = None, **declare: Any) -> Formee:
    lignes = pd.DataFrame(recues, dtype="object")
    return met_en_forme(lignes.set_axis(pd.RangeIndex(5, 5 + len(lignes))), source(**declare), postaux)


def dit(formee: Formee, *champs: str) -> list[tuple[object, ...]]:
    return [tuple(x) for x in formee.table[list(champs)].itertuples(index=False)]


def test_bare_codes_get_their_level_and_typed_ones_keep_theirs() -> None:
    formee = forme(
        {"Code": ["21231", "COM-21054"], "An": ["2023", "2023"], "V": ["1", "2"]},
        colonnes={"indicateur": None, "territoire": "Code", "periode": "An", "valeur": "V"},
        forme={"maille": "commune", "constantes": {"indicateur": "x_y_z"}},
    )
    assert dit(formee, "ligne", "indicateur", "code_territoire", "periode", "valeur") == [
        (5, "x_y_z", "COM-21231", "2023", "1"), (6, "x_y_z", "COM-21054", "2023", "2"),
    ]  # fmt: skip


def test_periods_in_columns_become_rows_of_the_same_line() -> None:
    formee = forme(
        {"Code": ["21", "25"], "T3 2017": ["1", "2"], "T1 2018": ["3", "4"], "Note": ["", ""]},
        colonnes={"territoire": "Code"},
        forme={"maille": "departement", "constantes": {"indicateur": "x_y_z"},
               "periodes": {"motif": r"T(\d) (\d{4})", "periode": r"\2-T\1"}},
    )  # fmt: skip
    assert dit(formee, "ligne", "periode", "valeur") == [
        (5, "2017-T3", "1"), (5, "2018-T1", "3"), (6, "2017-T3", "2"), (6, "2018-T1", "4"),
    ]  # fmt: skip


def test_several_measures_in_one_line_become_as_many_rows() -> None:
    formee = forme(
        {"Code": ["21231"], "menages": ["10"], "chomeurs": ["2"], "actifs": ["8"]},
        colonnes={"territoire": "Code"},
        forme={"maille": "commune", "mesures": [
            {"indicateur": "menages_nb", "valeur": "menages", "periode": "2021"},
            {"indicateur": "part_chomage", "numerateur": "chomeurs", "denominateur": "actifs", "periode": "2021"},
        ]},
    )  # fmt: skip
    lignes = formee.table.set_index("indicateur")
    assert lignes.loc["menages_nb", "valeur"] == "10"
    assert pd.isna(lignes.loc["part_chomage", "valeur"])
    assert tuple(lignes.loc["part_chomage", ["numerateur", "denominateur"]]) == ("2", "8")


def test_lines_out_of_scope_are_left_aside_not_lost() -> None:
    formee = forme(
        {"Code": ["21", "21"], "Champ": ["Locaux", "Catégorie"], "V": ["1", "2"]},
        colonnes={"territoire": "Code", "valeur": "V"},
        forme={"maille": "departement", "garde": {"Champ": ["Locaux"]},
               "constantes": {"indicateur": "x_y_z", "periode": "2023"}},
    )  # fmt: skip
    assert formee.lignes.tolist() == [5]


def test_codes_inside_a_text_give_one_row_each() -> None:
    formee = forme(
        {"liste": ["Autun (71014)", "Joigny (89206), Sens (89387)", "sans code"]},
        colonnes={"territoire": "liste"},
        forme={"maille": "commune", "motif": r"\((\d{5})\)", "regroupe": "compte",
               "constantes": {"indicateur": "x_y_z", "periode": "2026"}},
    )  # fmt: skip
    codes = formee.table["code_territoire"].tolist()
    assert codes[:3] == ["COM-71014", "COM-89206", "COM-89387"]
    assert pd.isna(codes[3])  # a line without code stays, to be refused with its reason
    assert formee.lignes.tolist() == [5, 6, 7]


def test_points_of_one_place_are_counted_and_told() -> None:
    formee = forme(
        {"code": ["21231", "21231", "25056"]},
        colonnes={"territoire": "code"},
        forme={"maille": "commune", "regroupe": "compte", "constantes": {"indicateur": "x_y_z", "periode": "2026"}},
    )
    assert dit(formee, "code_territoire", "valeur", "ligne") == [("COM-21231", 2, 5), ("COM-25056", 1, 7)]
    assert [(t.regle, t.nombre) for t in formee.traces] == [("lignes_compte", 2)]


def test_a_sum_with_an_unreadable_figure_is_left_to_the_check() -> None:
    formee = forme(
        {"code": ["21231", "21231"], "V": ["3", "beaucoup"]},
        colonnes={"territoire": "code", "valeur": "V"},
        forme={"maille": "commune", "regroupe": "somme", "constantes": {"indicateur": "x_y_z", "periode": "2026"}},
    )
    assert formee.table["valeur"].tolist() == ["3", "beaucoup"]


def test_a_postcode_gives_its_territory_only_when_it_is_sure() -> None:
    formee = forme(
        {"cp": ["21000", "99999"], "V": ["1", "2"]},
        postaux={"21000": "DEP-21"},
        colonnes={"territoire": "cp", "valeur": "V"},
        forme={"maille": "departement", "postal": True, "constantes": {"indicateur": "x_y_z", "periode": "2026"}},
    )
    assert formee.table["code_territoire"].tolist() == ["DEP-21", "99999"]


def test_a_declared_dash_takes_the_row_out_of_scope() -> None:
    declare: dict[str, Any] = {
        "colonnes": {"territoire": "c", "valeur": "V"},
        "forme": {"maille": "commune", "constantes": {"indicateur": "x_y_z", "periode": "2026"}},
    }
    colonnes: dict[str, list[object]] = {"c": ["21231", "25056"], "V": ["1", " - "]}
    assert forme(colonnes, **declare).lignes.tolist() == [5, 6]
    assert forme(colonnes, reparations=["tiret_absent"], **declare).lignes.tolist() == [5]


def test_an_absent_column_is_named_with_those_received() -> None:
    with pytest.raises(LivraisonIllisible, match=r"colonne « Code » absente\. Colonnes reçues : « code »"):
        forme({"code": ["21231"]}, colonnes={"territoire": "Code"},
              forme={"constantes": {"indicateur": "x_y_z", "periode": "2026"}, "regroupe": "compte"})  # fmt: skip


def test_no_period_column_says_which_were_received() -> None:
    with pytest.raises(LivraisonIllisible, match="aucune colonne de période"):
        forme(
            {"c": ["21"], "2017": ["1"]},
            colonnes={"territoire": "c"},
            forme={"periodes": {"motif": r"T(\d)", "periode": r"\1"}, "constantes": {"indicateur": "x_y_z"}},
        )


def test_a_wrong_pattern_is_refused_when_the_espace_is_read() -> None:
    with pytest.raises(ValueError, match="expression « \\( » incorrecte"):
        source(forme={"motif": "("})


def test_a_measure_without_figures_is_refused_when_the_espace_is_read() -> None:
    with pytest.raises(ValueError, match="donner valeur, ou numerateur et denominateur"):
        source(forme={"mesures": [{"indicateur": "x_y_z", "numerateur": "n"}]})
