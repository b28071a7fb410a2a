from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dashboard.domain.ecarts import Cause
from dashboard.exports.ecarts_lecture import compte, list_observations, list_tables
from dashboard.exports.paquet import Paquet, PaquetIllisible
from tests.paquets_ecrits import ecris_paquet

PLACES = [{"code": c, "maille": m, "nom": c} for c, m in (("REG-99", "region"), ("DEP-98", "departement"))]

MAILLES = {p["code"]: p["maille"] for p in PLACES}


def ligne(indicateur: str, territoire: str, annee: int, valeur: float | None, statut: str = "A") -> dict[str, Any]:
    jours = {"debut": date(annee, 1, 1), "fin": date(annee, 12, 31), "frequence": "A"}
    quoi = {"indicateur": indicateur, "territoire": territoire, "maille": MAILLES[territoire], **jours}
    return {**quoi, "valeur": valeur, "origine": "publiee", "statut": statut}


AVANT = [ligne("effectif", "REG-99", 2022, 10.0), ligne("effectif", "DEP-98", 2022, None, "Q"),
         ligne("part", "REG-99", 2022, 50.0)]  # fmt: skip


def deux(dossier: Path, apres: list[dict[str, Any]], **reste: Any) -> tuple[Paquet, Paquet]:
    ecris_paquet(dossier, "2026-W47", AVANT, {"territoires": PLACES}, **reste)
    ecris_paquet(dossier, "2026-W48", apres, {"territoires": PLACES}, **reste)
    return Paquet.ouvre(dossier / "2026-W47"), Paquet.ouvre(dossier / "2026-W48")


def test_two_weeks_differ_by_indicator_and_both_ways_alike(tmp_path: Path) -> None:
    apres = [*AVANT[1:], ligne("effectif", "REG-99", 2022, 11.0), ligne("effectif", "REG-99", 2023, 12.0)]
    avant, suivant = deux(tmp_path, apres)
    ((indicateur, ecarts),) = list_observations(avant, suivant)
    assert indicateur == "effectif"
    assert ecarts["cause"].tolist() == [Cause.REVISION, Cause.NOUVELLE]
    assert ecarts["valeur_apres"].tolist() == [11.0, 12.0]
    assert compte(suivant, avant) == Counter({Cause.REVISION: 1, Cause.RETIREE: 1})


def test_an_indicator_that_only_one_week_has_enters_or_leaves_whole(tmp_path: Path) -> None:
    avant, apres = deux(tmp_path, AVANT[:2])
    assert compte(avant, apres) == Counter({Cause.RETIREE: 1})
    assert compte(apres, avant) == Counter({Cause.NOUVELLE: 1})


def test_what_carries_the_same_digest_is_skipped_unless_all_is_asked(tmp_path: Path) -> None:
    empreintes = {"donnees/observations/part.csv": "aa", "donnees/observations/effectif.csv": "bb"}
    avant, apres = deux(tmp_path, [*AVANT[:2], ligne("part", "REG-99", 2022, 51.0)], empreintes=empreintes)
    assert compte(avant, apres) == Counter()
    assert compte(avant, apres, complet=True) == Counter({Cause.REVISION: 1})


def test_the_fields_of_a_method_that_change_are_named_from_the_declarations(tmp_path: Path) -> None:
    for semaine, unite in (("2026-W47", "hab."), ("2026-W48", "km")):
        tables = {"territoires": PLACES, "indicateurs": [{"id": "effectif", "empreinte": unite}]}
        ecris_paquet(tmp_path, semaine, AVANT, tables, {"indicateurs": [{"id": "effectif", "unite": unite}]})
    ((nom, ecarts),) = list_tables(Paquet.ouvre(tmp_path / "2026-W47"), Paquet.ouvre(tmp_path / "2026-W48"))
    assert (nom, ecarts["champs"].tolist(), ecarts["cause"].tolist()) == ("indicateurs", ["unite"], ["definition"])


def test_packages_of_two_audiences_are_not_compared(tmp_path: Path) -> None:
    public = ecris_paquet(tmp_path / "a", "2026-W47", AVANT, {"territoires": PLACES})
    interne = ecris_paquet(tmp_path / "b", "2026-W47", AVANT, {"territoires": PLACES}, audience="interne")
    with pytest.raises(PaquetIllisible, match="même audience"):
        compte(Paquet.ouvre(public), Paquet.ouvre(interne))


def _sans_colonne(dossier: Path) -> None:
    fichier = dossier / "donnees" / "observations.parquet"
    pq.write_table(pq.read_table(fichier).drop_columns(["statut"]), fichier)


def _blocs_meles(dossier: Path) -> None:
    fichier = dossier / "donnees" / "observations.parquet"
    pq.write_table(pq.read_table(fichier), fichier)


def _fausse_date(dossier: Path) -> None:
    fichier = dossier / "donnees" / "observations.parquet"
    lu = pq.ParquetFile(fichier)
    rang = lu.schema_arrow.get_field_index("fin")
    blocs = [lu.read_row_group(g).set_column(rang, "fin", pa.array(["?"] * lu.metadata.row_group(g).num_rows))
             for g in range(lu.num_row_groups)]  # fmt: skip
    with pq.ParquetWriter(fichier, blocs[0].schema) as flux:
        for bloc in blocs:
            flux.write_table(bloc)


def _double(dossier: Path) -> None:
    (dossier / "donnees" / "territoires.csv").write_text("code,nom\nREG-99,a\nREG-99,b\n", "utf-8")


def _tout(avant: Paquet, dossier: Path) -> None:
    lu = Paquet.ouvre(dossier)
    assert lu.espace is not None
    compte(avant, lu)


@pytest.mark.parametrize(
    ("abime", "dit"),
    [
        (lambda d: (d / "version.json").unlink(), "version.json : fichier absent"),
        (lambda d: (d / "version.json").write_text("[]", "utf-8"), "un objet JSON"),
        (lambda d: (d / "version.json").write_text(json.dumps({"semaine": "x"}), "utf-8"), "champ absent"),
        (lambda d: (d / "espace.json").write_text("[" * 100_000, "utf-8"), "espace.json"),
        (lambda d: (d / "donnees" / "observations.parquet").write_bytes(b"PAR1"), "observations.parquet"),
        (lambda d: (d / "donnees" / "observations.parquet").unlink(), "observations.parquet"),
        (_sans_colonne, "colonne « statut » absente"),
        (_blocs_meles, "un seul indicateur"),
        (_fausse_date, "observations.parquet"),
        (lambda d: (d / "donnees" / "territoires.csv").write_bytes(b"code\n\xff\xfe"), "territoires.csv"),
        (_double, "deux fois"),
    ],
)  # fmt: skip
def test_a_package_that_is_not_one_is_refused_in_one_sentence(tmp_path: Path, abime: Any, dit: str) -> None:
    avant, apres = deux(tmp_path, AVANT)
    abime(apres.dossier)
    with pytest.raises(ValueError, match=dit) as refus:
        _tout(avant, apres.dossier)
    assert "\n" not in str(refus.value)
