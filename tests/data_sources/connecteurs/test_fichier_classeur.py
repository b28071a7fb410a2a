"""Workbooks: types kept, the right sheet, sheet rows as line numbers, and every trap refused before it is opened."""

from __future__ import annotations

import zlib
from datetime import date, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pandas as pd
import pytest
import xlsxwriter

from data_sources.connectors import LivraisonIllisible, gardes
from tests.data_sources.connecteurs.ecrit import Rangees, cellules, ecrit_ods, ecrit_xlsx, lignes, ods_rangees, refait

TABLE = [["Commune", "Date", "Nombre", "Code"], ["Dole", date(2024, 1, 5), 12, 39198], ["Autun", None, 1.5, "2A004"]]


def _ecrit(fichier: Path, rangees: list[list[object]], nom: str = "Données") -> Path:
    if fichier.suffix == ".ods":
        return ecrit_ods(fichier, {nom: ods_rangees(rangees)})
    return ecrit_xlsx(fichier, {nom: rangees})


def _refus(fichier: Path, **champs: object) -> str:
    with pytest.raises(LivraisonIllisible) as refus:
        lignes(fichier, **champs)
    message = str(refus.value)
    assert message.startswith(f"Source « essai », fichier « {fichier.name} » : ")
    assert "\n" not in message
    assert str(fichier.parent) not in message
    return message


@pytest.fixture(params=["t.xlsx", "t.ods"])
def fichier(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return tmp_path / str(request.param)


def test_numbers_dates_and_texts_keep_their_type(fichier: Path) -> None:
    table = lignes(_ecrit(fichier, TABLE))
    assert table["Commune"].dtype == "str"
    assert table["Nombre"].tolist() == [12.0, 1.5]
    assert pd.api.types.is_datetime64_any_dtype(table["Date"])
    assert table["Date"].iloc[0] == datetime(2024, 1, 5)
    assert table["Code"].tolist() == [39198.0, "2A004"]


def test_titles_and_blank_rows_are_skipped_and_rows_keep_their_number(fichier: Path) -> None:
    vide: list[object] = [None] * 4
    rangees = [["Titre"], vide, ["Source : X"], *TABLE[:2], vide, TABLE[2], ["Note : provisoire"]]
    table = lignes(_ecrit(fichier, [[*r, *vide][:4] for r in rangees]))
    assert table.columns.tolist() == TABLE[0]
    assert table.index.tolist() == [5, 7, 8]


def test_a_table_away_from_the_corner_keeps_its_row_numbers(tmp_path: Path) -> None:
    decale = [[None, None, *rangee] for rangee in ([None] * 4, [None] * 4, *TABLE)]
    table = lignes(ecrit_xlsx(tmp_path / "t.xlsx", {"F": decale}))
    assert (table.columns.tolist(), table.index.tolist()) == (TABLE[0], [4, 5])


def test_rows_repeated_by_the_format_are_all_there(tmp_path: Path) -> None:
    repetee = ods_rangees([["Dole", "1"]]).replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="3">'
    )
    vides = (
        '<table:table-row table:number-rows-repeated="1048571"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    fichier = ecrit_ods(tmp_path / "t.ods", {"F": ods_rangees([["Nom", "N"]]) + repetee + vides})
    assert lignes(fichier).index.tolist() == [2, 3, 4]


def test_the_first_sheet_that_is_not_empty_is_read(tmp_path: Path) -> None:
    fichier = ecrit_xlsx(tmp_path / "t.xlsx", {"Vide": [], "Données": TABLE, "Autre": [["a"], ["b"]]})
    assert lignes(fichier).columns.tolist() == TABLE[0]


def test_a_declared_sheet_is_read_and_an_unknown_one_lists_those_there_are(fichier: Path) -> None:
    _ecrit(fichier, TABLE, "Communes")
    assert len(lignes(fichier, lecture={"feuille": "Communes"})) == 2
    assert "feuille « EPCI » absente. Feuilles du classeur : « Communes »" in _refus(
        fichier, lecture={"feuille": "EPCI"}
    )


def test_a_formula_gives_its_computed_value(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as classeur:
        feuille = classeur.add_worksheet()
        feuille.write_row(0, 0, ["Nom", "Total", "Erreur"])
        feuille.write_row(1, 0, ["Dole"])
        feuille.write_formula(1, 1, "=40+2", None, 42)
        feuille.write_formula(1, 2, "=1/0", None, "#DIV/0!")
    assert cellules(lignes(tmp_path / "t.xlsx")) == [["Dole", 42.0, None]]


def test_a_workbook_with_macros_gives_its_cells_only(tmp_path: Path) -> None:
    fichier = refait(_ecrit(tmp_path / "t.xlsx", TABLE), {"xl/vbaProject.bin": b"Sub Auto_Open()"})
    assert len(lignes(fichier.rename(tmp_path / "t.xlsm"))) == 2


def test_an_empty_workbook_says_so(fichier: Path) -> None:
    assert "classeur sans aucune cellule remplie" in _refus(_ecrit(fichier, []))
    assert "aucune ligne sous l'en-tête" in _refus(_ecrit(fichier, TABLE[:1]))


def test_a_plain_zip_or_a_binary_workbook_is_refused(tmp_path: Path) -> None:
    for partie, indice in (("donnees.csv", "archive ZIP, non lue"), ("xl/workbook.bin", "classeur binaire (.xlsb)")):
        with ZipFile(tmp_path / "t.zip", "w") as archive:
            archive.writestr(partie, "a;b\n1;2\n")
        assert indice in _refus(tmp_path / "t.zip")


@pytest.mark.parametrize("nom", ["/etc/passwd", "../dehors.xml", "xl/../../x.xml", "C:\\x.xml", "xl\\..\\..\\x.xml"])
def test_an_entry_that_leaves_the_archive_is_refused(nom: str, tmp_path: Path) -> None:
    assert "sort du dossier" in _refus(refait(_ecrit(tmp_path / "t.xlsx", TABLE), {nom: b"x"}))


def test_an_entry_compressed_beyond_reason_is_refused(fichier: Path) -> None:
    assert "compressée plus de 200 fois" in _refus(refait(_ecrit(fichier, TABLE), {"xl/media/x.bin": bytes(4 << 20)}))


def test_an_archive_too_large_once_unfolded_is_refused(fichier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refait(_ecrit(fichier, TABLE), {f"x{i}.bin": b"ab" * 400_000 for i in range(4)})
    monkeypatch.setattr(gardes, "TAILLE_MAX", 3 << 20)
    assert "archive de 3 Mio dépliée, au plus 3" in _refus(fichier)


def test_a_file_too_large_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "t.csv").open("wb") as flux:
        flux.truncate((512 << 20) + 1)
    assert "fichier de 512 Mio, au plus 512" in _refus(tmp_path / "t.csv")


def test_an_archive_of_too_many_entries_is_refused(fichier: Path) -> None:
    assert "entrées, au plus 2000" in _refus(refait(_ecrit(fichier, TABLE), {f"x{i}": b"" for i in range(2_001)}))


def test_an_archive_that_holds_an_entry_twice_is_refused(fichier: Path) -> None:
    with ZipFile(_ecrit(fichier, TABLE), "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(archive.namelist()[-1], b"<a/>")
    assert "deux fois la même entrée" in _refus(fichier)


def test_an_entry_larger_than_it_claims_is_refused(tmp_path: Path) -> None:
    """The directory says 100 bytes and the sum of these 100 bytes: only unfolding tells."""
    vrai = b"<a>" + b" " * (3 << 20) + b"</a>"
    with ZipFile(tmp_path / "t.xlsx", "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", vrai)
    brut = (tmp_path / "t.xlsx").read_bytes()
    for avant, apres in ((len(vrai), 100), (zlib.crc32(vrai), zlib.crc32(vrai[:100]))):
        brut = brut.replace(avant.to_bytes(4, "little"), apres.to_bytes(4, "little"))
    (tmp_path / "t.xlsx").write_bytes(brut)
    assert "plus grande qu'annoncé" in _refus(tmp_path / "t.xlsx")


ENTITES = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><a>&b;</a>',
    '<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><a/>',
)


@pytest.mark.parametrize("codage", ["utf-8", "utf-16"])
@pytest.mark.parametrize("xml", ENTITES)
def test_entities_are_refused_in_any_part_and_encoding(xml: str, codage: str, fichier: Path) -> None:
    for partie in ("xl/autre.xml", "_rels/.rels", "content.xml", "xl/sharedStrings.xml"):
        assert "DOCTYPE ou ENTITY, refusée" in _refus(refait(_ecrit(fichier, TABLE), {partie: xml.encode(codage)}))


def test_two_cells_at_both_ends_of_a_sheet_are_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as classeur:
        feuille = classeur.add_worksheet()
        feuille.write(0, 0, "a")
        feuille.write(1_048_575, 16_383, "b")
    assert "feuille de 1048576 lignes sur 16384 colonnes" in _refus(tmp_path / "t.xlsx")


def test_a_cell_repeated_without_end_is_refused(tmp_path: Path) -> None:
    contenu = ods_rangees([["a", "b"]]).replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="99999999">'
    )
    assert "feuille de 99999999 lignes" in _refus(ecrit_ods(tmp_path / "t.ods", {"F": contenu}))


def test_styled_empty_cells_far_away_do_not_count(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "t.xlsx")) as classeur:
        feuille = classeur.add_worksheet()
        feuille.write_column(0, 0, ["Nom", "Dole"])
        feuille.write_blank(1_048_575, 16_383, None, classeur.add_format({"bold": True}))
    assert cellules(lignes(tmp_path / "t.xlsx")) == [["Dole"]]


def test_an_encrypted_workbook_asks_for_one_without_password(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le")
    (tmp_path / "t.xlsx").write_bytes(ole)
    assert "protégé par un mot de passe" in _refus(tmp_path / "t.xlsx")
    chiffre = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
    assert "protégé par un mot de passe" in _refus(ecrit_ods(tmp_path / "t.ods", {"F": ""}, chiffre))


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_truncated_workbook_says_it_is_damaged(fichier: Path, part: float) -> None:
    brut = _ecrit(fichier, TABLE).read_bytes()
    fichier.write_bytes(brut[: int(len(brut) * part)])
    assert "archive abîmée" in _refus(fichier)


def test_a_workbook_of_wrong_xml_says_it_is_damaged(fichier: Path) -> None:
    for partie in ("content.xml", "xl/workbook.xml"):
        assert "archive abîmée" in _refus(refait(_ecrit(fichier, TABLE), {partie: b"<a><b></a>"}))


@pytest.mark.parametrize(
    ("feuilles", "ou"),
    [
        ({"D": TABLE, "Contacts": [["Qui", "Écrire à"], ["x", "zoe.invente@exemple.invalid"]]}, "Feuille « Contacts »"),
        ({"D": TABLE, "Contacts": [["Prénom"], ["Zoé"]]}, "Feuille « Contacts »"),
        (
            {"D": [["Écrire à zoe.invente@exemple.invalid"], [], *TABLE]},
            "en-tête » : 1.adresse électronique .ligne 1 ;",
        ),
    ],
)
def test_identifiers_around_the_table_are_refused_and_not_told(
    tmp_path: Path, feuilles: dict[str, Rangees], ou: str
) -> None:
    with pytest.raises(LivraisonIllisible, match=ou) as refus:
        lignes(ecrit_xlsx(tmp_path / "t.xlsx", feuilles))
    assert "invente" not in str(refus.value)
