"""A programme is judged on all it counts, weighted; and a target on who set it. Figures invented."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from dashboard.domain.avancement import evalue, programme_ta
from dashboard.domain.indicateur import Indicateur, Programme
from dashboard.domain.programme import EtatProgramme, etat_programme
from dashboard.domain.situation import Objectif, Situation, objectifs_courants
from dashboard.domain.statut import SEUILS, Statut
from dashboard.domain.trajectoire import Trajectoire

ARRETE = date(2026, 11, 23)
MI_CHEMIN = date(2024, 12, 31)


def declare(identifiant: str, **autres: Any) -> Indicateur:
    return Indicateur.model_validate({
        "id": identifiant, "libelle": f"Essai {identifiant}", "libelle_court": identifiant, "definition": "Invention",
        "formule": "Aucune", "unite": "%", "nature": "programme", "sens": "hausse", "lecture": "stock",
        "agregation": "aucune", "mailles": ["region", "departement"], "source": "essai", "producteur": "essai",
        "licence": "Aucune", "rythme_mois": 12, "delai_mois": 12, **autres,
    })  # fmt: skip


def situation(identifiant: str, va: float | None, *, vc: float = 100, echeance: int = 2026, **autres: Any) -> Situation:
    """From 0 at the end of 2022 to ``vc`` at the end of ``echeance``: half of the way is expected in 2024."""
    but = Trajectoire(0, date(2022, 12, 31), vc, date(echeance, 12, 31))
    serie = () if va is None else ((MI_CHEMIN, va),)
    a, objectif = evalue(but, serie, ARRETE), Objectif("État", "Acte", but)
    return Situation(declare(identifiant, **autres), "REG-99", a, objectif, None, None, serie)


def programme(*indicateurs: str, **autres: Any) -> Programme:
    return Programme.model_validate({
        "id": "essai", "politique": "essai", "nom": "Essai", "nom_court": "Essai", "cadre": "Aucun",
        "indicateurs": indicateurs, **autres,
    })  # fmt: skip


def etat(*situations: Situation, **autres: Any) -> EtatProgramme:
    ids = [s.indicateur.id for s in situations]
    return etat_programme(programme(*ids, **autres), "REG-99", dict(zip(ids, situations, strict=True)), SEUILS)


def test_one_indicator_gives_its_own_statut_unclamped() -> None:
    seul = etat(situation("un_seul", -10))
    assert (seul.statut, seul.taux) == (Statut.EN_RECUL, pytest.approx(-10))
    assert seul.compte.completude == "1 indicateur sur 1"


def test_several_are_judged_by_their_weighted_mean_against_the_weighted_expectation() -> None:
    trois = etat(situation("premier", 50), situation("second", 20), poids={"second": 3.0})
    assert trois.taux == pytest.approx((50 + 3 * 20) / 4)
    assert trois.attendu == pytest.approx(50, abs=0.1)
    assert trois.statut is Statut.EN_RETARD
    assert trois.motif == "sous la trajectoire : second"
    assert trois.principal is not None
    assert trois.principal.indicateur.id == "second"


def test_under_two_thirds_of_the_weight_nothing_is_shown() -> None:
    peu = etat(situation("premier", 50), situation("second", None))
    assert (peu.statut, peu.taux) == (Statut.NON_MESURE, None)
    assert peu.motif == "moins des deux tiers mesurés : 1 indicateur sur 2"


def test_all_met_is_met_and_all_closed_with_one_missed_is_expired() -> None:
    assert etat(situation("premier", 100), situation("second", 120)).statut is Statut.ATTEINT
    clos = etat(situation("premier", 100), situation("second", 50, echeance=2025))
    assert clos.statut is Statut.ECHU_NON_ATTEINT


def test_a_programme_moves_away_when_most_of_its_weight_does() -> None:
    assert etat(situation("premier", -5), situation("second", 60), poids={"premier": 2.0}).statut is Statut.EN_RECUL
    assert etat(situation("premier", -5), situation("second", 60)).statut is not Statut.EN_RECUL


def test_what_does_not_exist_at_a_level_does_not_count_there() -> None:
    regional = situation("premier", 50, mailles=["region"])
    local = situation("second", 50)
    siens = {"premier": regional, "second": local}
    departement = etat_programme(programme("premier", "second"), "DEP-98", siens, SEUILS)
    assert [s.indicateur.id for s in departement.situations] == ["second"]


def test_a_programme_that_counts_nothing_says_what_is_missing() -> None:
    vide = etat_programme(programme(non_mesure="taux non publié"), "REG-99", {}, SEUILS)
    assert (vide.statut, vide.motif) == (Statut.NON_MESURE, "taux non publié")


def test_what_is_declared_missing_is_said_before_what_the_rule_finds_missing() -> None:
    assert etat(situation("un_seul", None), non_mesure="base de calcul à choisir").motif == "base de calcul à choisir"
    assert etat(situation("un_seul", 50), non_mesure="base de calcul à choisir").motif is None


@pytest.mark.parametrize("poids", [{"premier": 0.0}, {"premier": -1.0}, {"premier": float("nan")}, {"autre": 1.0}])
def test_weights_that_weigh_nothing_are_refused(poids: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        programme("premier", poids=poids)


@given(st.permutations([(10.0, 1.0, True), (90.0, 2.0, True), (None, 1.0, True), (50.0, 3.0, False)]))
def test_the_order_of_indicators_changes_nothing(indicateurs: list[tuple[float | None, float, bool]]) -> None:
    compte = programme_ta(indicateurs)
    assert compte.ta == pytest.approx((10 + 180) / 3)
    assert compte.completude == "2 indicateurs sur 3"


# --- targets by author


def cibles(*lignes: tuple[str, int, float]) -> Any:
    cadre = pd.DataFrame(lignes, columns=["auteur", "echeance", "valeur"]).assign(
        acte="Acte", valeur_initiale=0.0, date_initiale=date(2020, 12, 31), jalons="[]", source_url=None, note=None,
        echeance=lambda c: [date(a, 12, 31) for a in c["echeance"]],
    )  # fmt: skip
    return cadre.itertuples()


def test_the_target_of_the_region_judges_before_that_of_the_state() -> None:
    trouvees = objectifs_courants(cibles(("État", 2030, 50), ("Région", 2028, 80)), "hausse", ARRETE)
    assert [(o.auteur, o.trajectoire.vc) for o in trouvees] == [("Région", 80), ("État", 50)]


def test_a_target_still_running_judges_before_an_expired_one() -> None:
    trouvees = objectifs_courants(cibles(("Région", 2022, 80), ("État", 2030, 50)), "hausse", ARRETE)
    assert trouvees[0].auteur == "État"


def test_an_author_is_held_to_his_latest_target() -> None:
    trouvees = objectifs_courants(cibles(("État", 2022, 40), ("État", 2026, 50)), "hausse", ARRETE)
    assert [o.trajectoire.vc for o in trouvees] == [50]
