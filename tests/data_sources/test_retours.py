"""Undo is a new lot, may itself be undone, and never deletes; deliveries may add to one another. Invented figures."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from dashboard.domain.lots import LotPublie, en_vigueur
from dashboard.store.schema import mesure
from data_sources import pipeline
from data_sources.controles import LotRefuse
from tests.mini import REGION, Atelier, cible, ligne


def test_undoing_shows_again_what_was_before(atelier: Atelier) -> None:
    atelier.livre(ligne("COM-98001", 100), ligne("COM-98002", 300))
    avant = atelier.chiffres()
    lot = atelier.livre(ligne("COM-98001", 999)).bilan.lot  # type: ignore[union-attr]
    assert atelier.chiffres()[REGION] == 999
    retour = pipeline.annule(atelier.contexte, lot)
    assert retour.etat == "publie"
    assert atelier.chiffres() == avant
    with atelier.moteur.connect() as connexion:
        assert connexion.execute(select(func.count()).select_from(mesure)).scalar() == 3


def test_an_undo_may_be_undone(atelier: Atelier) -> None:
    atelier.livre(ligne("COM-98001", 100))
    lot = atelier.livre(ligne("COM-98001", 999)).bilan.lot  # type: ignore[union-attr]
    retour = pipeline.annule(atelier.contexte, lot).bilan.lot  # type: ignore[union-attr]
    pipeline.annule(atelier.contexte, retour)
    assert atelier.chiffres()[REGION] == 999


def test_undoing_the_first_lot_leaves_nothing(atelier: Atelier) -> None:
    lot = atelier.livre(ligne("COM-98001", 100)).bilan.lot  # type: ignore[union-attr]
    pipeline.annule(atelier.contexte, lot)
    assert atelier.valeurs().empty


def test_what_was_undone_may_be_delivered_again(atelier: Atelier) -> None:
    lot = atelier.livre(ligne("COM-98001", 100)).bilan.lot  # type: ignore[union-attr]
    pipeline.annule(atelier.contexte, lot)
    assert atelier.livre(ligne("COM-98001", 100)).etat == "publie"
    assert atelier.livre(ligne("COM-98001", 100)).etat == "deja_publie"


def test_undoing_what_no_longer_counts_is_refused_with_its_reason(atelier_sqlite: Atelier) -> None:
    premier = atelier_sqlite.livre(ligne("COM-98001", 1)).bilan.lot  # type: ignore[union-attr]
    second = atelier_sqlite.livre(ligne("COM-98001", 2)).bilan.lot  # type: ignore[union-attr]
    with pytest.raises(LotRefuse, match=f"Lot {premier} : déjà remplacé par le lot {second}"):
        pipeline.annule(atelier_sqlite.contexte, premier)
    retour = pipeline.annule(atelier_sqlite.contexte, second).bilan.lot  # type: ignore[union-attr]
    with pytest.raises(LotRefuse, match=f"déjà annulé par le lot {retour}"):
        pipeline.annule(atelier_sqlite.contexte, second)
    with pytest.raises(LotRefuse, match="Lot 99 : aucun lot publié"):
        pipeline.annule(atelier_sqlite.contexte, 99)


def test_targets_come_back_too(atelier: Atelier) -> None:
    from tests.store.test_publications import cibles

    atelier.livre_cibles(cible(valeur=50))
    lot = atelier.livre_cibles(cible(valeur=80), cible(valeur=90, echeance="2030")).bilan.lot  # type: ignore[union-attr]
    pipeline.annule(atelier.contexte, lot)
    assert cibles(atelier) == [("2026-12-31", 50)]


@pytest.fixture
def complements(atelier: Atelier) -> Atelier:
    """The same workshop whose source adds delivery after delivery."""
    sources = tuple(s.model_copy(update={"livraison": "complement"}) for s in atelier.sources)
    return Atelier(atelier.moteur, atelier.espace, sources, atelier.dossier)


def test_a_complement_adds_and_corrects_without_erasing(complements: Atelier) -> None:
    complements.livre(ligne("COM-98001", 100), ligne("COM-98002", 300))
    complements.livre(ligne("COM-98002", 350), ligne("COM-98004", 50))
    assert complements.chiffres()[REGION] == 500


def test_any_complement_may_be_undone_alone(complements: Atelier) -> None:
    premier = complements.livre(ligne("COM-98001", 100)).bilan.lot  # type: ignore[union-attr]
    complements.livre(ligne("COM-98002", 300))
    pipeline.annule(complements.contexte, premier)
    assert complements.chiffres()[REGION] == 300


def test_a_rebuild_of_complements_and_undo_lots_changes_nothing(complements: Atelier) -> None:
    complements.livre(ligne("COM-98001", 100))
    lot = complements.livre(ligne("COM-98001", 999), ligne("COM-98002", 300)).bilan.lot  # type: ignore[union-attr]
    pipeline.annule(complements.contexte, lot)
    avant = complements.chiffres()
    assert pipeline.reconstruit(complements.contexte).etat == "deja_publie"
    assert complements.chiffres() == avant


@pytest.mark.parametrize(
    ("lots", "complete", "attendu"),
    [
        ([], True, ()),
        ([(1, None), (2, None)], True, (2,)),
        ([(1, None), (2, None)], False, (1, 2)),
        ([(1, None), (2, None), (3, 2)], True, (1,)),
        ([(1, None), (2, None), (3, 2), (4, 3)], True, (2,)),
        ([(1, None), (2, None), (3, 1)], False, (2,)),
        ([(1, None), (2, 1)], True, ()),
    ],
)
def test_lots_in_force(lots: list[tuple[int, int | None]], complete: bool, attendu: tuple[int, ...]) -> None:
    assert en_vigueur([LotPublie(*x) for x in lots], complete=complete) == attendu
