"""Files for spreadsheets: what came from outside stays text, figures stay figures; templates are read back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from dashboard.domain.modele import modele
from dashboard.domain.source import Source
from dashboard.domain.territoire import Maille
from dashboard.espace import load_espace
from dashboard.exports.gabarit import gabarit_csv, gabarit_xlsx
from dashboard.exports.tableur import en_csv, inoffensif, sans_formule
from data_sources.cibles import CIBLE
from data_sources.connectors.fichier import lis_fichier
from data_sources.mise_en_forme import exige, met_en_forme
from tests import mini
from tests.conftest import CORSE, RACINE

CODES = {Maille.REGION: "REG-27", Maille.DEPARTEMENT: "DEP-01", Maille.EPCI: "EPCI-242100410",
         Maille.COMMUNE: "COM-01001"}  # fmt: skip


@pytest.mark.parametrize("cellule", ["=1+1", "+33", "-2", "@SOMME(A1)", "\t=1", "\n=1", "=cmd|' /C calc'!A0"])
def test_a_formula_becomes_text(cellule: str) -> None:
    assert sans_formule(cellule) == f"'{cellule}"


@pytest.mark.parametrize("cellule", ["Autun", "", "1=1", "’=1", -2, -2.5, 0, None, True])
def test_the_rest_is_untouched(cellule: object) -> None:
    assert sans_formule(cellule) is cellule


def test_numbers_dates_and_missing_cells_are_untouched_in_a_table() -> None:
    cadre = pd.DataFrame(
        {
            "=titre": ["=1+1", None, "-x"],
            "v": [-1.5, float("nan"), 2.0],
            "n": pd.array([-1, None, 3], dtype="Int64"),
            "c": pd.Categorical(["+a", "b", None]),
            "d": pd.to_datetime(["2026-01-01", None, "2026-02-01"]),
        }
    )
    assert en_csv(cadre).decode("utf-8-sig").splitlines() == [
        '"\'=titre";"v";"n";"c";"d"', '"\'=1+1";"-1,5";-1;"\'+a";"2026-01-01"', '"";"";"";"b";""',
        '"\'-x";"2,0";3;"";"2026-02-01"',
    ]  # fmt: skip
    assert cadre.loc[0, "=titre"] == "=1+1"


@pytest.mark.parametrize("cellule", ["x\r=cmd|1", "a,=1+1", "a;=1+1", 'a";=1+1', "a\n=1+1"])
def test_a_cell_never_becomes_two(cellule: str) -> None:
    """Whatever the separator a spreadsheet chooses, the cell is one quoted text and has no lone carriage return."""
    octets = en_csv(pd.DataFrame({"x": [cellule]})).decode("utf-8-sig")
    assert "\r" not in octets.replace("\r\n", "\n")
    for separateur in ";,\t":
        assert len(next(csv.reader([*io.StringIO(octets, newline="")][1:], delimiter=separateur))) == 1


def test_mixed_columns_keep_their_numbers() -> None:
    assert inoffensif(pd.DataFrame({"x": [-1, "-1"]}))["x"].tolist() == [-1, "'-1"]


def sources() -> list[tuple[str, Source]]:
    espaces = {"bfc": RACINE / "data_sources" / "bfc", "corse": CORSE}
    lues = [(f"{nom}:{s.id}", s) for nom, dossier in espaces.items() for s in load_espace(dossier)[1]]
    autres = {
        "large": {"mesures": [{"indicateur": "effectif", "numerateur": "A", "denominateur": "B"}]},
        "periodes": {"periodes": {"motif": r"pop_(\d{4})", "periode": r"\1"}},
        "garde": {"garde": {"Sexe": ["T"]}, "maille": "commune"},
        "compte": {"regroupe": "compte", "constantes": {"indicateur": "effectif"}},
    }
    depots = [(nom, Source.model_validate({**mini.DEPOTS, "forme": forme})) for nom, forme in autres.items()]
    return [*lues, *depots, ("depots", Source.model_validate(mini.DEPOTS))]


@pytest.mark.parametrize("forme", ["csv", "xlsx"])
@pytest.mark.parametrize("source", [pytest.param(s, id=nom) for nom, s in sources()])
def test_a_template_has_the_columns_that_its_source_reads(source: Source, forme: str, tmp_path: Path) -> None:
    colonnes = modele(source, ["effectif"], CODES)
    fichier = tmp_path / f"modele.{forme}"
    fichier.write_bytes(gabarit_csv(colonnes) if forme == "csv" else gabarit_xlsx(colonnes))
    lignes = lis_fichier(fichier, source)
    assert len(lignes) == 1
    if source.nature == "objectifs":
        exige(lignes, CIBLE, source)
        return
    formee = met_en_forme(lignes, source)
    assert len(formee.table) >= 1


def test_a_template_keeps_the_zero_of_its_code_and_says_what_is_required(tmp_path: Path) -> None:
    colonnes = modele(Source.model_validate(mini.DEPOTS), ["effectif_depose"], CODES)
    assert [(c.nom, c.obligatoire) for c in colonnes] == [("Code commune", True), ("Année", True), ("Effectif", True)]
    assert "point décimal" in colonnes[2].formes
    fichier = tmp_path / "modele.xlsx"
    fichier.write_bytes(gabarit_xlsx(colonnes))
    (ligne,) = lis_fichier(fichier, Source.model_validate(mini.DEPOTS)).to_dict(orient="records")
    assert ligne == {"Code commune": "01001", "Année": "2023", "Effectif": 12}


def test_the_same_template_is_the_same_file() -> None:
    colonnes = modele(Source.model_validate(mini.DEPOTS), ["effectif_depose"], CODES)
    assert gabarit_xlsx(colonnes) == gabarit_xlsx(colonnes)
