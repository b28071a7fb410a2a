"""Each refused cell says its line, its column, its value, why, and what to do; nothing is lost on the way."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.source import Source
from dashboard.espace import load_espace
from data_sources.cibles import lis_objectifs
from data_sources.connectors import LivraisonIllisible
from data_sources.lecture import Lues
from tests.mini import ABSORBEE, CIBLE, COMMUNES, FOURNIES, NORD, REGION, cible, ligne, lis_livraison, recues

CONNUS = {
    2024: frozenset([*COMMUNES, ABSORBEE, NORD, REGION]),
    2026: frozenset([*COMMUNES, NORD, REGION]),
}


@pytest.fixture(scope="module")
def declare(espace_mini: Path) -> tuple[Any, dict[str, Source]]:
    espace, sources = load_espace(espace_mini)
    return espace, {s.id: s for s in sources}


@pytest.fixture(scope="module")
def lis(declare: tuple[Any, dict[str, Source]]):  # type: ignore[no-untyped-def]
    espace, sources = declare

    def lis_(*lignes: dict[str, Any], **attentes: Any) -> Lues:
        source = sources["comptes"]
        source = source.model_copy(update={"attentes": source.attentes.model_copy(update=attentes)})
        return lis_livraison(recues(lignes), source, espace, CONNUS)

    return lis_


@pytest.fixture(scope="module")
def lis_cibles(declare: tuple[Any, dict[str, Source]]):  # type: ignore[no-untyped-def]
    espace, sources = declare
    return lambda *lignes: lis_objectifs(recues(lignes, CIBLE), sources["cibles"], espace, CONNUS[2026])


BONNE = ligne("COM-98001", 12)


def test_a_good_row_is_typed_and_keeps_its_source_line(lis) -> None:  # type: ignore[no-untyped-def]
    fournie = ligne("COM-98002", " 12.5 ", numerateur="1", denominateur=2, n_unites="9", source_url="https://x",
                    date_source="2024-10-17", note="n", periode="2023-T4", millesime_cog="2024")  # fmt: skip
    (lue,) = lis(BONNE, fournie).bonnes.iloc[1:].itertuples()
    assert (lue.ligne_source, lue.indicateur, lue.code_territoire, lue.millesime_cog) == (
        2,
        "effectif",
        "COM-98002",
        2024,
    )
    assert (lue.debut.date(), lue.fin.date(), lue.frequence) == (date(2023, 10, 1), date(2023, 12, 31), "T")
    assert (lue.valeur, lue.numerateur, lue.denominateur, lue.n_unites) == (12.5, 1, 2, 9)
    assert (lue.source_url, lue.date_source.date(), lue.note, lue.statut) == ("https://x", date(2024, 10, 17), "n", "A")


def test_the_vintage_not_supplied_is_that_of_the_espace(lis) -> None:  # type: ignore[no-untyped-def]
    assert lis(BONNE).bonnes["millesime_cog"].tolist() == [2026]


FAUTES = [
    (ligne("COM-98001", 1, indicateur="inconnu"), "indicateur", "inconnu", "indicateur_inconnu", "déclarer"),
    (ligne("COM-98001", 1, indicateur=None), "indicateur", None, "indicateur_inconnu", "déclarer"),
    *[(ligne("COM-98001", 1, periode=p), "periode", p, "periode_illisible", "écrire 2023, 2023-12")
      for p in ("2023-13", "janvier 2023", "31/12/2023", "2023-02-30", "2023-2017", "", None, "20 23", "2023-T5")],
    *[(ligne("COM-98001", v), "valeur", v, "nombre_illisible", "point décimal, sans unité")
      for v in ("12,5", "1 234", "1\u202f234", "100%", "douze", "-", "0x1A", "inf", "-inf", "nan", "1e999", "1_000")],
    (ligne("COM-98001", 1, n_unites="peu"), "n_unites", "peu", "nombre_illisible", "point décimal"),
    (ligne("COM-98001", 1, millesime_cog="deux mille"), "millesime_cog", "deux mille", "nombre_illisible", "entier"),
    (ligne("COM-98001", 1, millesime_cog="2024.5"), "millesime_cog", "2024.5", "nombre_illisible", "entier"),
    *[(ligne(c, 1), "code_territoire", c, "territoire_inconnu", "corriger le code ou le millésime")
      for c in ("98001", "com-98001", "COM-98001 ", "Commune 98001", "COM-00000", ABSORBEE, "")],
    (ligne("COM-98001", 1, millesime_cog=1999), "code_territoire", "COM-98001", "territoire_inconnu", "millésime"),
    (ligne("COM-98001"), "valeur", None, "valeur_absente", "ne pas fournir la ligne"),
    (ligne("COM-98001", numerateur=4), "valeur", None, "valeur_absente", "ne pas fournir la ligne"),
    (ligne("COM-98001", 1, statut="Z"), "statut", "Z", "statut_inconnu", "A"),
    (ligne("COM-98001", 1, date_source="hier"), "date_source", "hier", "date_illisible", "2023-12-31"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fautive", "colonne", "valeur", "motif", "remede"), FAUTES, ids=[f"{f[3]}-{i}" for i, f in enumerate(FAUTES)]
)
def test_a_bad_cell_is_refused_with_its_reason_and_its_remedy(
    lis, fautive: dict[str, Any], colonne: str, valeur: str | None, motif: str, remede: str  # type: ignore[no-untyped-def]
) -> None:  # fmt: skip
    lues = lis(BONNE | {"code_territoire": "COM-98002"}, fautive)
    assert lues.bonnes["ligne_source"].tolist() == [1]
    rejet = lues.rejets[lues.rejets["motif"] == motif].iloc[0]
    assert (rejet["ligne"], rejet["colonne"]) == (2, colonne)
    assert rejet["valeur"] == valeur if valeur is not None else pd.isna(rejet["valeur"])
    assert remede in rejet["suggestion"]
    assert rejet["message"]


@pytest.mark.parametrize(("valeur", "message"), [(-1, "valeur -1"), (101, "valeur 101")])
def test_a_value_out_of_bounds_is_refused(lis, valeur: int, message: str) -> None:  # type: ignore[no-untyped-def]
    lues = lis(ligne("COM-98001", valeur), ligne("COM-98002", 0), ligne("COM-98004", 100), valeur_min=0, valeur_max=100)
    (rejet,) = lues.rejets.itertuples()
    assert (rejet.ligne, rejet.motif, rejet.suggestion) == (
        1,
        "hors_bornes",
        "valeurs attendues de 0 à 100 : vérifier l'unité",
    )
    assert rejet.message.startswith(message)
    assert len(lues.bonnes) == 2


def test_an_old_code_is_good_in_the_vintage_that_had_it(lis) -> None:  # type: ignore[no-untyped-def]
    assert lis(ligne(ABSORBEE, 1, millesime_cog=2024)).rejets.empty


def test_a_row_the_producer_keeps_secret_needs_no_value(lis) -> None:  # type: ignore[no-untyped-def]
    lues = lis(ligne("COM-98001", indicateur="part_secrete", statut="Q"))
    assert lues.rejets.empty
    assert lues.bonnes["statut"].tolist() == ["Q"]


@pytest.mark.parametrize("chiffre", ["valeur", "numerateur", "denominateur", "n_unites"])
def test_a_secret_row_with_a_figure_is_refused(lis, chiffre: str) -> None:  # type: ignore[no-untyped-def]
    lues = lis(ligne("COM-98001", indicateur="part_secrete", statut="Q") | {chiffre: 9})
    assert lues.rejets["motif"].tolist() == ["secret_chiffre"]


def test_a_secret_row_of_an_indicator_without_secrecy_is_refused(lis) -> None:  # type: ignore[no-untyped-def]
    (rejet,) = lis(ligne("COM-98001", statut="Q")).rejets.itertuples()
    assert (rejet.motif, rejet.suggestion) == (
        "secret_non_declare",
        "déclarer min_unites dans la fiche de l'indicateur",
    )


def test_a_copy_keeps_its_first_row(lis) -> None:  # type: ignore[no-untyped-def]
    lues = lis(BONNE, BONNE, BONNE)
    assert lues.bonnes["ligne_source"].tolist() == [1]
    assert lues.rejets[["ligne", "motif"]].to_numpy().tolist() == [[2, "doublon"], [3, "doublon"]]


@pytest.mark.parametrize("montants", [(12, 13), (12, 12, 13), (12, 13, 12)])
def test_two_values_for_the_same_place_and_date_are_both_refused(lis, montants: tuple[int, ...]) -> None:  # type: ignore[no-untyped-def]
    lues = lis(*(ligne("COM-98001", m) for m in montants), ligne("COM-98002", 1))
    assert lues.bonnes["code_territoire"].tolist() == ["COM-98002"]
    assert set(lues.rejets["ligne"]) == set(range(1, len(montants) + 1))
    assert "doublon_conflictuel" in set(lues.rejets["motif"])


def test_the_same_place_at_another_date_is_no_copy(lis) -> None:  # type: ignore[no-untyped-def]
    assert lis(BONNE, BONNE | {"periode": "2022"}, BONNE | {"periode": "2023-12"}).rejets.empty


def test_a_row_with_two_faults_tells_both_and_counts_once(lis) -> None:  # type: ignore[no-untyped-def]
    lues = lis(ligne("COM-00000", "x"))
    assert set(lues.rejets["motif"]) >= {"nombre_illisible", "territoire_inconnu"}
    assert lues.rejets["ligne"].nunique() == 1


def test_a_column_that_is_not_there_refuses_the_lot_with_those_received(declare) -> None:  # type: ignore[no-untyped-def]
    espace, sources = declare
    brutes = recues([BONNE]).drop(columns=["numerateur", "note"])
    with pytest.raises(
        LivraisonIllisible,
        match=r"« comptes » : colonnes « note », « numerateur » absentes. Colonnes reçues : « indicateur »",
    ):
        lis_livraison(brutes, sources["comptes"], espace, CONNUS)


def test_an_empty_delivery_gives_empty_tables(lis) -> None:  # type: ignore[no-untyped-def]
    lues = lis()
    assert lues.bonnes.empty
    assert lues.rejets.empty


# ------------------------------------------------------------------------------------------------- targets

FAUTES_CIBLE = [
    (cible(indicateur="inconnu"), "indicateur", "indicateur_inconnu"),
    (cible(code_territoire="DEP-00"), "code_territoire", "territoire_inconnu"),
    (cible(auteur="Etat"), "auteur", "auteur_inconnu"),
    (cible(echeance="un jour"), "echeance", "periode_illisible"),
    (cible(echeance=None), "echeance", "periode_illisible"),
    (cible(valeur="cent"), "valeur", "nombre_illisible"),
    (cible(valeur=None), "valeur", "valeur_absente"),
    (cible(valeur_initiale="dix"), "valeur_initiale", "nombre_illisible"),
    (cible(date_initiale="jadis"), "date_initiale", "date_illisible"),
    (cible(date_acte="jadis"), "date_acte", "date_illisible"),
    (cible(jalons="2024 : 30"), "jalons", "jalons_illisibles"),
    (cible(jalons='[["2024", 30]]'), "jalons", "jalons_illisibles"),
    (cible(jalons='{"2024-12-31": 30}'), "jalons", "jalons_illisibles"),
    (cible(jalons="{}"), "jalons", "jalons_illisibles"),
    (cible(jalons='[["2024-12-31", true]]'), "jalons", "jalons_illisibles"),
    (cible(jalons=f'[["2024-12-31", 1{"0" * 400}]]'), "jalons", "jalons_illisibles"),
    (cible(jalons="[" * 60_000), "jalons", "jalons_illisibles"),
    (cible(echeance="2019"), "echeance", "echeance_avant_depart"),
    (cible(echeance="2020"), "echeance", "echeance_avant_depart"),
    (cible(jalons='[["2019-12-31", 30]]'), "jalons", "jalons_hors_chemin"),
    (cible(jalons='[["2024-12-31", 30], ["2023-12-31", 40]]'), "jalons", "jalons_hors_chemin"),
    (cible(jalons='[["2026-12-31", 30]]'), "jalons", "jalons_hors_chemin"),
]


@pytest.mark.parametrize(("fautive", "colonne", "motif"), FAUTES_CIBLE, ids=range(len(FAUTES_CIBLE)))
def test_a_bad_target_is_refused(lis_cibles, fautive: dict[str, Any], colonne: str, motif: str) -> None:  # type: ignore[no-untyped-def]
    lues = lis_cibles(cible(echeance="2030"), fautive)
    assert lues.bonnes["ligne_source"].tolist() == [1]
    rejet = lues.rejets.iloc[0]
    assert (rejet["ligne"], rejet["colonne"], rejet["motif"]) == (2, colonne, motif)
    assert rejet["message"]
    assert rejet["suggestion"]


def test_a_target_keeps_its_path_and_its_dates(lis_cibles) -> None:  # type: ignore[no-untyped-def]
    (lue,) = lis_cibles(cible(jalons='[["2024-12-31", 30]]', date_acte="2023-06-01")).bonnes.itertuples()
    assert tuple(jour.date() for jour in (lue.echeance, lue.date_initiale, lue.date_acte)) == (
        date(2026, 12, 31),
        date(2020, 12, 31),
        date(2023, 6, 1),
    )
    assert lue.jalons == '[["2024-12-31", 30]]'


def test_a_target_without_its_column_refuses_the_lot(declare) -> None:  # type: ignore[no-untyped-def]
    espace, sources = declare
    brutes = recues([cible()], CIBLE).drop(columns="echeance")
    with pytest.raises(LivraisonIllisible, match="colonne « echeance » absente"):
        lis_objectifs(brutes, sources["cibles"], espace, CONNUS[2026])


def test_two_targets_of_one_author_for_one_date_are_refused(lis_cibles) -> None:  # type: ignore[no-untyped-def]
    lues = lis_cibles(cible(), cible(valeur=90), cible(auteur="Région"))
    assert lues.bonnes["auteur"].tolist() == ["Région"]
    assert set(lues.rejets["ligne"]) == {1, 2}


# -------------------------------------------------------------------------------------- whatever is supplied

cellules = st.one_of(
    st.none(), st.sampled_from(["12", "12,5", " 3 ", "abc", "", "inf", "1e400", "-0", "0"]), st.integers(-5, 5),
    st.floats(allow_nan=True, allow_infinity=True), st.booleans(), st.text(max_size=4),
)  # fmt: skip
lignes_quelconques = st.lists(
    st.fixed_dictionaries(
        {
            "indicateur": st.sampled_from(["effectif", "part_fictive", "inconnu", None]),
            "code_territoire": st.sampled_from(["COM-98001", "COM-98002", ABSORBEE, NORD, "x", None]),
            "periode": st.sampled_from(["2022", "2023", "2023-12", "2017-2023", "demain", None, 2023]),
            "valeur": cellules, "numerateur": cellules, "denominateur": cellules, "n_unites": cellules,
            "millesime_cog": st.sampled_from([None, 2024, "2026", 2025, "x", 2024.5]),
            "statut": st.sampled_from([None, "A", "Q", "?"]),
        }
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=60, deadline=None, derandomize=True)
@given(lignes=lignes_quelconques)
def test_rows_in_are_rows_out_plus_rows_refused(lis, lignes: list[dict[str, Any]]) -> None:  # type: ignore[no-untyped-def]
    lues = lis(*lignes)
    bonnes, refusees = set(lues.bonnes["ligne_source"]), set(lues.rejets["ligne"])
    assert bonnes.isdisjoint(refusees)
    assert bonnes | refusees == set(range(1, len(lignes) + 1))
    assert len(lues.bonnes) == len(bonnes)
    cles = lues.bonnes[["indicateur", "code_territoire", "fin", "frequence"]]
    assert not cles.duplicated().any()
    assert lues.rejets[["colonne", "motif", "message", "suggestion"]].notna().to_numpy().all()


def test_the_columns_of_this_file_are_those_of_the_source(declare) -> None:  # type: ignore[no-untyped-def]
    _, sources = declare
    assert {v for v in sources["comptes"].colonnes.model_dump().values() if v} == set(FOURNIES)


def test_a_target_that_says_the_contrary_of_what_is_wanted_is_kept_and_told(lis_cibles) -> None:  # type: ignore[no-untyped-def]
    lues = lis_cibles(cible(valeur_initiale=50, valeur=40), cible(code_territoire=NORD, valeur_initiale=100))
    assert len(lues.bonnes) == 2
    assert lues.alertes == (
        f"taux_publie, {REGION}, État : cible de 40,00 depuis 50,00, à l'inverse du sens voulu (hausse).",
        f"taux_publie, {NORD}, État : cible égale à la valeur initiale (100,00), aucun chemin à parcourir.",
    )


def test_two_targets_of_one_author_for_one_date_are_refused_and_of_two_authors_kept(lis_cibles) -> None:  # type: ignore[no-untyped-def]
    assert len(lis_cibles(cible(valeur=80), cible(valeur=90)).rejets["ligne"].unique()) == 2
    assert len(lis_cibles(cible(valeur=80), cible(valeur=90, auteur="Région")).bonnes) == 2
