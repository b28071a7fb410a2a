"""Small hostile deliveries that would cost much, or stop the others: each is refused at once, in one sentence."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dashboard.domain.reparation import repare_dates
from dashboard.domain.source import Source
from data_sources.connectors import Acces, LivraisonIllisible, http
from data_sources.connectors.enregistrements import en_cadre
from data_sources.connectors.entete import NOMBRE
from data_sources.mise_en_forme import met_en_forme
from tests.data_sources.connecteurs.ecrit import ecrit_ods, ecrit_xlsx, lignes, refait
from tests.data_sources.connecteurs.serveur import Rep, Serveur

LOIN = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    "</worksheet>"
)


def test_a_sheet_under_another_name_is_counted_too(tmp_path: Path) -> None:
    fichier = ecrit_xlsx(tmp_path / "t.xlsx", {"f": [["code", "valeur"], ["21231", 1]]})
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.dat"/></Relationships>'
    )
    refait(fichier, {"xl/worksheets/sheet1.dat": LOIN.encode(), "xl/_rels/workbook.xml.rels": relations.encode()})
    with pytest.raises(LivraisonIllisible, match="cellules"):
        lignes(fichier)


@pytest.mark.parametrize("repetees", ["00000000000500", "+500", "5e9", "99999999999999"])
def test_a_number_of_repeated_cells_written_oddly_is_refused(tmp_path: Path, repetees: str) -> None:
    rangee = f'<table:table-row><table:table-cell table:number-columns-repeated="{repetees}"/></table:table-row>'
    with pytest.raises(LivraisonIllisible):
        lignes(ecrit_ods(tmp_path / "t.ods", {"f": rangee}))


@pytest.mark.parametrize("cellule", ["1e900000", "-1e999999", "NaN", "Infinity"])
def test_a_short_number_never_writes_a_million_digits(cellule: str) -> None:
    source = Source.model_validate(
        {"id": "essai", "nom": "Essai", "connecteur": "fichier", "url": "", "licence": "Aucune", "rythme_mois": 12,
         "colonnes": {"territoire": "c", "periode": "p", "valeur": "v"},
         "forme": {"facteur": 1000, "constantes": {"indicateur": "x_y_z"}}}
    )  # fmt: skip
    recues = pd.DataFrame({"c": ["COM-21231"], "p": ["2023"], "v": [cellule]}, index=pd.Index([2], name="ligne"))
    (valeur,) = met_en_forme(recues, source).table["valeur"]
    assert pd.isna(valeur) or len(valeur) < 40


def test_objects_that_share_no_key_are_not_a_table() -> None:
    with pytest.raises(LivraisonIllisible, match="ce n'est pas un tableau"):
        en_cadre([{f"k{rang}": 1} for rang in range(20_000)])


def test_a_long_cell_of_digits_is_judged_at_once() -> None:
    debut = time.perf_counter()
    assert NOMBRE.fullmatch("1" * 20_000 + "x") is None
    assert time.perf_counter() - debut < 2  # it took minutes with a pattern that may split digits in many ways


@pytest.mark.parametrize("cellule", ["²", "٤٥٢٩١", "1²/12/2023", "٠١/٠٢/٢٠٢٣"])
def test_digits_of_other_scripts_are_not_dates(cellule: str) -> None:
    colonne = pd.Series([cellule], index=[2], name="periode")
    reparee, traces = repare_dates(colonne, {"date_excel", "jour_mois", "mois_jour"})
    assert (reparee.tolist(), traces) == ([cellule], [])


@pytest.mark.parametrize("charset", ["undefined", "idna", "absent", "utf-7"])
def test_an_odd_charset_is_a_sentence_or_is_ignored(serveur: Serveur, acces: Acces, charset: str) -> None:
    entetes: dict[str, Any] = {"Content-Type": f"text/csv; charset={charset}", "Retry-After": "²"}
    serveur.repond = lambda _: Rep(b"code;valeur\n21231;1\n", 200, entetes)
    livraison = http.lis(serveur.source(), acces)
    assert livraison is not None
    assert livraison.lignes["code"].tolist() == ["21231"]
