from __future__ import annotations

import json

import pandas as pd

from dashboard.domain.ecarts import compare_table
from dashboard.exports.ecarts_lignes import COLONNES, en_clair, en_csv, lignes


def ecarts() -> pd.DataFrame:
    cible = {"indicateur": "i", "territoire": "REG-99", "auteur": "État", "note": None}
    avant = pd.DataFrame([{**cible, "echeance": "2022-12-31", "valeur": 147.0},
                          {**cible, "echeance": "2024-12-31", "valeur": 1.5}])  # fmt: skip
    apres = pd.DataFrame([{**cible, "echeance": "2022-12-31", "valeur": 148.25},
                          {**cible, "echeance": "2026-12-31", "valeur": 244.0}])  # fmt: skip
    return compare_table("objectifs", avant, apres)


def test_a_changed_row_holds_only_the_fields_that_differ_and_others_all_they_have() -> None:
    change, sort, entre = lignes("objectifs", ecarts())
    assert (change["nature"], change["avant"], change["apres"]) == (
        "modification",
        {"valeur": 147.0},
        {"valeur": 148.25},
    )
    assert (sort["nature"], sort["avant"], sort["apres"]) == ("retrait", {"valeur": 1.5}, {})
    assert (entre["nature"], entre["avant"], entre["apres"]) == ("ajout", {}, {"valeur": 244.0})
    assert change["cle"] == {"indicateur": "i", "territoire": "REG-99", "auteur": "État", "echeance": "2022-12-31"}


def test_a_row_is_one_line_of_plain_words_with_exact_figures() -> None:
    change, sort, _ = map(en_clair, lignes("objectifs", ecarts()))
    assert change == "i REG-99 État 2022-12-31 : valeur 147 → 148,25"
    assert sort == "i REG-99 État 2024-12-31 : retrait, 1,5"


def test_a_row_is_cells_of_text_whose_parts_are_json() -> None:
    cellules = dict(zip(COLONNES, en_csv(next(lignes("objectifs", ecarts()))), strict=True))
    assert cellules["cause"] == "cible"
    assert json.loads(cellules["apres"]) == {"valeur": 148.25}
