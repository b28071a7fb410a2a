"""One logical table gives the same rows in every format, encoding and delimiter; the file is found and traced."""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from data_sources.connectors import Acces, LivraisonIllisible, SourceIndisponible
from data_sources.connectors.fichier import lis
from tests.data_sources.connecteurs.ecrit import (
    cellules,
    ecrit_csv,
    ecrit_geojson,
    ecrit_gpkg,
    ecrit_ods,
    ecrit_parquet,
    ecrit_xlsx,
    lignes,
    livre,
    ods_rangees,
    source,
)

ENTETE = ["code_territoire", "Libellé", "periode", "valeur"]
CORPS = [
    ["COM-21231", "Dijon, l'été", "2024", "1,5"],
    ["COM-71014", "Autun ; œuvre", "2024-T1", None],
    ["COM-2A004", "Château | fort", None, "12 %"],
    ["COM-01004", "Ambérieu", "2023", "0"],
]
TABLE = [ENTETE, *CORPS]
ENCODAGES = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso8859_15"]


def _csv(separateur: str, encodage: str) -> Callable[[Path], Path]:
    return lambda dossier: ecrit_csv(dossier / "t.csv", TABLE, separateur, encodage)


FORMATS: dict[str, Callable[[Path], Path]] = {
    **{f"csv {e} {s!r}": _csv(s, e) for e in ENCODAGES for s in ";,\t|"},
    "xlsx": lambda d: ecrit_xlsx(d / "t.xlsx", {"Données": TABLE}),
    "ods": lambda d: ecrit_ods(d / "t.ods", {"Données": ods_rangees(TABLE)}),
    "parquet": lambda d: ecrit_parquet(d / "t.parquet", TABLE),
    "geojson": lambda d: ecrit_geojson(d / "t.geojson", TABLE),
    "geopackage": lambda d: ecrit_gpkg(d / "t.gpkg", {"communes": TABLE}),
}


@pytest.mark.parametrize("ecrit", FORMATS.values(), ids=FORMATS.keys())
def test_the_same_table_reads_the_same_in_every_format(ecrit: Callable[[Path], Path], tmp_path: Path) -> None:
    fichier = ecrit(tmp_path)
    livraison = livre(fichier)
    assert livraison.lignes.columns.tolist() == ENTETE
    assert cellules(livraison.lignes) == CORPS
    premiere = 2 if fichier.suffix in (".csv", ".xlsx", ".ods") else 1
    assert livraison.lignes.index.tolist() == list(range(premiere, premiere + 4))
    assert livraison.lignes.index.name == "ligne"
    assert set(map(str, livraison.lignes.dtypes)) == {"str"}


@pytest.mark.parametrize("ecrit", FORMATS.values(), ids=FORMATS.keys())
def test_content_tells_the_format_whatever_the_name(ecrit: Callable[[Path], Path], tmp_path: Path) -> None:
    fichier = ecrit(tmp_path)
    assert cellules(lignes(fichier.rename(tmp_path / "livraison.dat"))) == CORPS


@pytest.mark.parametrize("ecrit", FORMATS.values(), ids=FORMATS.keys())
def test_damaged_bytes_are_read_or_refused_in_a_sentence_but_never_break_the_reader(
    ecrit: Callable[[Path], Path], tmp_path: Path
) -> None:
    hasard = random.Random(0)
    fichier = ecrit(tmp_path)
    sain = fichier.read_bytes()
    for _ in range(40):
        abime = bytearray(sain)
        for _ in range(hasard.choice((1, 3, 12))):
            rang = hasard.randrange(len(abime))
            abime[rang : rang + hasard.choice((0, 1, 9))] = hasard.randbytes(hasard.choice((0, 1, 4)))
        fichier.write_bytes(abime or b"x")
        refus = _refus(fichier)
        assert "\n" not in refus
        assert str(tmp_path) not in refus


def _refus(fichier: Path) -> str:
    """Why the file is refused, nothing when it is read."""
    try:
        lignes(fichier)
    except LivraisonIllisible as erreur:
        return str(erreur)
    return ""


def test_the_delivery_tells_its_file_and_the_hash_of_its_bytes_but_no_path(tmp_path: Path) -> None:
    fichier = ecrit_csv(tmp_path / "stock.csv", TABLE)
    livraison = livre(fichier)
    assert livraison.sha256 == hashlib.sha256(fichier.read_bytes()).hexdigest()
    assert livraison.origine == "fichier · stock.csv"
    assert livraison.fichier == fichier


def _depot(dossier: Path, *noms: str) -> Acces:
    for age, nom in enumerate(noms):
        (dossier / nom).parent.mkdir(parents=True, exist_ok=True)
        ecrit_csv(dossier / nom, [["nom", "rang"], [nom, str(age)]])
        os.utime(dossier / nom, (1_000_000 - age, 1_000_000 - age))
    return Acces(dossier, dossier)


def test_the_newest_file_of_the_pattern_is_read(tmp_path: Path) -> None:
    acces = _depot(tmp_path, "autre.csv", "lot/b.csv", "lot/a.csv")
    assert lis(source(url="lot/*.csv"), acces).origine == "fichier · b.csv"


def test_unfinished_transfers_and_lock_files_are_not_read(tmp_path: Path) -> None:
    acces = _depot(tmp_path, "~$a.csv", ".b.csv", "c.csv.part", "d.csv.tmp", "e.csv")
    assert lis(source(url="*"), acces).origine == "fichier · e.csv"


def test_a_file_given_by_hand_wins_over_the_drop_folder(tmp_path: Path) -> None:
    _depot(tmp_path, "depot/recent.csv", "a_la_main.csv")
    acces = Acces(tmp_path, tmp_path / "depot", fichier=tmp_path / "a_la_main.csv")
    assert lis(source(url="*.csv"), acces).origine == "fichier · a_la_main.csv"


def test_no_file_says_where_to_drop_one(tmp_path: Path) -> None:
    (tmp_path / "depot").mkdir()
    with pytest.raises(SourceIndisponible, match=r"aucun fichier « \*\.csv ».*dossier de dépôt \(« depot »\)") as refus:
        lis(source(url="*.csv"), Acces(tmp_path, tmp_path / "depot"))
    assert str(tmp_path) not in str(refus.value)


def test_a_source_without_pattern_says_how_to_give_its_file(tmp_path: Path) -> None:
    with pytest.raises(SourceIndisponible, match="import FICHIER --source essai"):
        lis(source(url=""), Acces(tmp_path, tmp_path))


def test_a_file_that_is_not_there_is_said_without_its_path(tmp_path: Path) -> None:
    for absent in (tmp_path / "absent.csv", tmp_path):
        with pytest.raises(SourceIndisponible, match=f"« {absent.name} » : absent ou illisible") as refus:
            livre(absent)
        assert str(tmp_path.parent) not in str(refus.value)


@pytest.mark.parametrize(
    "motif", ["/etc/*", "../*.csv", "a/../../*.csv", "C:\\x\\*.csv", "\\\\serveur\\x.csv", "~/x", "a\\..\\..\\b.csv"]
)
def test_a_pattern_that_leaves_the_drop_folder_is_refused(motif: str, tmp_path: Path) -> None:
    with pytest.raises(LivraisonIllisible, match="hors du dossier de dépôt"):
        lis(source(url=motif), Acces(tmp_path, tmp_path))


def test_a_link_that_leads_out_of_the_drop_folder_is_refused(tmp_path: Path) -> None:
    depot = tmp_path / "depot"
    depot.mkdir()
    dehors = ecrit_csv(tmp_path / "secret.csv", TABLE)
    (depot / "lien.csv").symlink_to(dehors)
    with pytest.raises(LivraisonIllisible, match=r"« lien\.csv » : lien hors du dossier de dépôt"):
        lis(source(url="*.csv"), Acces(tmp_path, depot))
    (depot / "lien.csv").unlink()
    (tmp_path / "ailleurs").mkdir()
    ecrit_csv(tmp_path / "ailleurs" / "secret.csv", TABLE)
    (depot / "dossier").symlink_to(tmp_path / "ailleurs")
    with pytest.raises(LivraisonIllisible, match="lien hors du dossier de dépôt"):
        lis(source(url="dossier/*.csv"), Acces(tmp_path, depot))


def test_a_file_still_being_written_is_tried_again_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fichier = ecrit_csv(tmp_path / "t.csv", TABLE)

    def grandit(lu: Path) -> str:
        with lu.open("ab") as flux:
            flux.write(b"COM-1;x;;\n")
        return ""

    monkeypatch.setattr("data_sources.connectors.fichier.empreinte_fichier", grandit)
    with pytest.raises(SourceIndisponible, match="en cours d'écriture"):
        livre(fichier)
