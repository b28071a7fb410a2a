"""Text files: header under titles, real line numbers, delimiters and encodings, and every way they come broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_sources.connectors import LivraisonIllisible, encodage, texte
from tests.data_sources.connecteurs.ecrit import cellules, ecrit_csv, lignes, texte_csv


def _ecrit(dossier: Path, contenu: str | bytes, nom: str = "t.csv") -> Path:
    fichier = dossier / nom
    fichier.write_bytes(contenu.encode() if isinstance(contenu, str) else contenu)
    return fichier


def _lu(dossier: Path, contenu: str | bytes, **champs: object) -> list[list[object]]:
    return cellules(lignes(_ecrit(dossier, contenu), **champs))


def _refus(dossier: Path, contenu: str | bytes, **champs: object) -> str:
    with pytest.raises(LivraisonIllisible) as refus:
        lignes(_ecrit(dossier, contenu), **champs)
    message = str(refus.value)
    assert message.startswith("Source « essai », fichier « t.csv » : ")
    assert "\n" not in message
    assert str(dossier) not in message
    return message


TITRES = "Suivi de la fibre;;\nSource : régulateur, 2018;;\n\n;;\n"


def test_titles_and_blank_lines_above_the_header_are_skipped(tmp_path: Path) -> None:
    table = lignes(_ecrit(tmp_path, TITRES + "Code commune;Champ;T3 2017\n21001;Locaux;0\n21002;Locaux;45\n"))
    assert table.columns.tolist() == ["Code commune", "Champ", "T3 2017"]
    assert table.index.tolist() == [6, 7]


def test_titles_without_delimiters_are_skipped_too(tmp_path: Path) -> None:
    table = lignes(_ecrit(tmp_path, "sep=;\nTableau 1, par commune\n\nCommune;2019;2020\nDole;1;2\n"))
    assert (table.columns.tolist(), table.index.tolist()) == (["Commune", "2019", "2020"], [5])


def test_declared_words_find_a_header_that_looks_like_a_title(tmp_path: Path) -> None:
    contenu = "Région;Année;Total\nDole;2020;1\nCode;Valeur;\n39198;7;\n"
    assert lignes(_ecrit(tmp_path, contenu)).index.tolist() == [2, 3, 4]
    table = lignes(_ecrit(tmp_path, contenu), lecture={"entete": ["code", "valeur"]})
    assert (table.columns.tolist(), table.index.tolist()) == (["Code", "Valeur"], [4])


def test_declared_column_names_find_the_header_among_wider_rows(tmp_path: Path) -> None:
    contenu = "a;b;c;d\nx;y;z;t\nCommune;Nombre;;\nDole;3;;\n"
    table = lignes(_ecrit(tmp_path, contenu), colonnes={"territoire": "commune", "valeur": "Nombre"})
    assert (table.columns.tolist(), table.index.tolist()) == (["Commune", "Nombre"], [4])


def test_declared_words_that_are_nowhere_are_named(tmp_path: Path) -> None:
    message = _refus(tmp_path, "a;b\n1;2\n", lecture={"entete": ["Montant"]})
    assert "aucune ligne ne porte l'en-tête déclaré (« Montant »)" in message


def test_header_names_are_cleaned_and_made_unique(tmp_path: Path) -> None:
    contenu = '\ufeff  Nom\u00a0de  la\u202fgare ;Nom;;Nom;"Total\n voyageurs"\nDole;a;b;c;d\n'
    assert lignes(_ecrit(tmp_path, contenu)).columns.tolist() == [
        "Nom de la gare", "Nom", "colonne 3", "Nom (2)", "Total voyageurs",
    ]  # fmt: skip


def test_columns_without_name_nor_cell_are_left_out(tmp_path: Path) -> None:
    assert lignes(_ecrit(tmp_path, "a;b;;\n1;2;;\n3;4;;x\n")).columns.tolist() == ["a", "b", "colonne 4"]


def test_lines_are_those_of_the_file_when_cells_hold_line_breaks(tmp_path: Path) -> None:
    table = lignes(_ecrit(tmp_path, '"nom\nlong";valeur\n"a\nb\nc";1\nd;2\n"e\r\nf";3\ng;4\n'))
    assert table.index.tolist() == [3, 6, 7, 9]
    assert table["nom long"].tolist() == ["a\nb\nc", "d", "e\r\nf", "g"]


def test_lines_are_those_of_the_file_when_some_are_blank(tmp_path: Path) -> None:
    assert lignes(_ecrit(tmp_path, "a;b\n1;2\n\n3;4\n;;\n\n5;6\n\n\n")).index.tolist() == [2, 4, 7]


def test_old_line_ends_are_read(tmp_path: Path) -> None:
    for fin in ("\r", "\r\n", "\n"):
        table = lignes(_ecrit(tmp_path, fin.join(["a;b", "1;2", "3;4", ""])))
        assert (cellules(table), table.index.tolist()) == ([["1", "2"], ["3", "4"]], [2, 3])


def test_cells_stay_text_and_empty_ones_are_missing(tmp_path: Path) -> None:
    attendu = [["01004", " 105    ", None], ["NA", "null", "1e3"]]
    assert _lu(tmp_path, 'code;n;x\n01004; 105    ;""\nNA;null;1e3\n') == attendu


def test_a_row_too_short_is_completed(tmp_path: Path) -> None:
    assert _lu(tmp_path, "a;b;c\n1;2;3\n4\n5;6;7\n") == [["1", "2", "3"], ["4", None, None], ["5", "6", "7"]]


def test_empty_cells_beyond_the_header_are_left_out(tmp_path: Path) -> None:
    assert _lu(tmp_path, "a;b\n1;2;;\n3;4;;\n") == [["1", "2"], ["3", "4"]]


def test_a_row_too_long_is_refused_with_its_line_and_counts(tmp_path: Path) -> None:
    assert "ligne 4 : 3 cellules pour 2 colonnes. Corriger la ligne" in _refus(
        tmp_path, 'a;b\n"x\ny";2\n3;4;5\n6;7\n8;9\n'
    )


def test_a_quote_never_closed_is_refused_with_its_line(tmp_path: Path) -> None:
    message = _refus(tmp_path, 'a;b\n1;2\n3;"4\n5;6\n')
    assert "ligne 3 : guillemet mal placé ou jamais refermé" in message


DEFAUTS = {
    "vide": (b"", "fichier vide"),
    "blanc": (b"\n \r\n\n", "sans aucune ligne remplie"),
    "marque seule": (b"\xef\xbb\xbf", "sans aucune ligne remplie"),
    "en-tete seul": (b"a;b\n", "aucune ligne sous l'en-tête"),
    "en-tete puis vides": (b"a;b\n;\n;\n", "aucune ligne sous l'en-tête"),
    "octet nul": (b"a;b\n1;2\n3;\x004\n", "ligne 3 : octet nul"),
    "binaire": (bytes(range(1, 256)) * 40, "contenu binaire"),
    "pdf": (b"%PDF-1.7\n", "format non lu (PDF)"),
    "gzip": (b"\x1f\x8b\x08\x00", "format non lu (gzip)"),
    "page web": (b"<!DOCTYPE html><html><body>Erreur 404</body></html>", "format non lu (page web ou XML)"),
    "xml": (b"<?xml version='1.0'?><a/>", "format non lu (page web ou XML)"),
    "json": (b'{"a": 1}', "JSON qui n'est pas une collection GeoJSON"),
    "nombres": (b"1;2\n3;4\n", "aucune ligne d'en-tête reconnue"),
    "ancien classeur": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "ancien format (.xls)"),
    "sans saut": (b"a" * 200_000, "première ligne démesurée"),
    "cellule immense": (b"a;b\n1;2;3\n" + b"x" * 140_000 + b";1\n", "ligne 2 : 3 cellules"),
    "utf-16 coupe": ("\ufeffa;b\n1;2\n".encode("utf-16-le")[:-1], "texte illisible en utf_16"),
}


@pytest.mark.parametrize(("contenu", "indice"), DEFAUTS.values(), ids=DEFAUTS.keys())
def test_each_defect_has_its_sentence(contenu: bytes, indice: str, tmp_path: Path) -> None:
    assert indice in _refus(tmp_path, contenu)


def test_a_declared_encoding_wins_and_a_wrong_one_is_said(tmp_path: Path) -> None:
    fichier = ecrit_csv(tmp_path / "t.csv", [["nom", "n"], ["Chenôve", "1"]], encodage="cp850")
    assert cellules(lignes(fichier, lecture={"encodage": "cp850"})) == [["Chenôve", "1"]]
    octets = "nom;n\nChenôve;1\n".encode("cp1252")
    assert "encodage « klingon » inconnu" in _refus(tmp_path, octets, lecture={"encodage": "klingon"})
    assert "texte illisible en utf-8" in _refus(tmp_path, octets, lecture={"encodage": "utf-8"})
    assert "texte illisible en ascii" in _refus(tmp_path, octets, lecture={"encodage": "ascii"})


def test_an_accent_far_in_the_file_still_tells_its_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encodage, "MORCEAU", 1_001)
    contenu = "nom;n\n" + "Dole;1\n" * 1_000 + "L\u2019Isle \u00bd;2\n"
    assert _lu(tmp_path, contenu.encode("cp1252"))[-1] == ["L\u2019Isle \u00bd", "2"]
    assert _lu(tmp_path, contenu.encode())[-1] == ["L\u2019Isle \u00bd", "2"]


def test_a_declared_delimiter_wins_and_a_wrong_one_is_said(tmp_path: Path) -> None:
    assert lignes(_ecrit(tmp_path, "a,b;c\n1,2;3\n"), lecture={"separateur": ","}).columns.tolist() == ["a", "b;c"]
    assert lignes(_ecrit(tmp_path, "a\tb\n1\t2\n"), lecture={"separateur": "\\t"}).columns.tolist() == ["a", "b"]
    assert "séparateur « ;; » incorrect" in _refus(tmp_path, "a;;b\n1;;2\n", lecture={"separateur": ";;"})


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    assert _lu(tmp_path, "nom;x;y\nDole;1,5;2,5\nAutun;3,5;4,5\n") == [["Dole", "1,5", "2,5"], ["Autun", "3,5", "4,5"]]


def test_a_single_column_is_a_table(tmp_path: Path) -> None:
    assert _lu(tmp_path, "code_territoire\nCOM-21231\nCOM-71014\n") == [["COM-21231"], ["COM-71014"]]


def test_a_table_of_too_many_cells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texte, "CELLULES_MAX", 5)
    assert "3 lignes sur 2 colonnes, au plus 5 cellules" in _refus(tmp_path, "a;b\n1;2\n3;4\n")


def test_packets_and_blocks_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    contenu = "a;b\n" + "".join(f'{i};"x\ny{i}"\n' for i in range(300))
    entier = lignes(_ecrit(tmp_path, contenu))
    monkeypatch.setattr(texte, "BLOC", 64)
    monkeypatch.setattr(texte, "PAQUET", 7)
    assert lignes(_ecrit(tmp_path, contenu)).equals(entier)
    morcele = lignes(_ecrit(tmp_path, contenu.replace("a;b\n", "a;b\n0\n")))
    assert morcele["b"].tolist()[1:] == entier["b"].tolist()
    assert (morcele.index[1:] == entier.index + 1).all()


CELLULE = st.text(st.sampled_from("a7é œ€\"\n;,|\t'- \u00a0"), max_size=6)
CONTENU = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(CELLULE, min_size=n, max_size=n), min_size=1, max_size=8)
)


@given(contenu=CONTENU, separateur=st.sampled_from(";,\t|"), codage=st.sampled_from(["utf-8", "utf-16", "cp1252"]))
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, contenu: list[list[str]], separateur: str, codage: str
) -> None:
    entete = ["code_territoire", "valeur", "periode", "indicateur"][: len(contenu[0])]
    contenu = [*contenu, ["fin"] * len(entete)]
    ecrit = texte_csv([entete, *contenu], separateur, lineterminator="\n")
    fichier = _ecrit(tmp_path_factory.mktemp("csv"), ecrit.encode(codage))
    table = lignes(fichier, lecture={"separateur": separateur, "encodage": codage, "entete": entete})
    pleines = [[c or None for c in rangee] for rangee in contenu if any(rangee)]
    assert cellules(table) == pleines
    physiques = ecrit.split("\n")
    assert table.index[-1] == len(physiques) - 1
    assert all(
        str(c).split("\n")[0].replace('"', '""') in physiques[i - 1] for i, c in table.iloc[:, 0].dropna().items()
    )


def test_identifiers_above_the_header_are_refused_and_not_told(tmp_path: Path) -> None:
    rangees = [["Extraction"], ["Vu avec Mme Inventé"], ["code", "annee", "valeur"], ["1", "2023", "4"]]
    with pytest.raises(LivraisonIllisible, match=r"en-tête » : 1.nom de personne .ligne 2 ;") as refus:
        lignes(ecrit_csv(tmp_path / "t.csv", rangees))
    assert "Inventé" not in str(refus.value)
