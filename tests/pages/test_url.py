"""Whatever the address asks: one French sentence and the default view, never a trace."""

from __future__ import annotations

import pytest

from tests.pages.conftest import PAGES, Ouvre

PIEGES = [
    "DEP-00", "com-21231", "EPCI-999999999", "REG-11", "' OR 1=1 --", "<script>alert(1)</script>", "é" * 500, "%00",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_an_unknown_territory_gives_the_region_and_says_so(ouvre: Ouvre, page: str) -> None:
    ecran = ouvre(page, territoire="DEP-00").sains()
    attendu = "L'adresse demande « DEP-00 » comme territoire, qui n'existe pas ; voici la vue par défaut."
    assert ecran.avertissements == [attendu]
    assert "territoire" not in ecran.essai.query_params


@pytest.mark.parametrize("piege", PIEGES, ids=range(len(PIEGES)))
def test_any_text_as_a_territory_is_only_a_text(ouvre: Ouvre, piege: str) -> None:
    ecran = ouvre("territoire", territoire=piege).sains()
    assert len(ecran.avertissements) == 1
    assert ecran.avertissements[0].startswith("L'adresse demande « ")
    assert len(ecran.avertissements[0]) < 160
    assert "2 802 670 hab." in ecran.texte


FAUX = [
    ("indicateur", "indicateur", "emploi_taux", "« emploi_taux » comme indicateur", "145 maisons"),
    ("carte", "indicateur", "emploi_taux", "« emploi_taux »", "2 038 communes"),
    ("carte", "maille", "canton", "« canton »", "2 038 communes"),
    ("carte", "periode", "1850", "« 1850 »", "2 038 communes"),
    ("carte", "vue", "globe", "« globe »", "2 038 communes"),
    ("carte", "arrete", "demain", "« demain » n'est pas lisible (forme attendue : 2026-11-23).", "2 038 communes"),
    ("essentiel", "arrete", "2026-13-45", "La date « 2026-13-45 »", "maisons de santé"),
]  # fmt: skip


@pytest.mark.parametrize(("page", "cle", "valeur", "phrase", "defaut"), FAUX, ids=[f"{f[0]}-{f[1]}" for f in FAUX])
def test_an_unknown_choice_gives_the_default_and_says_so(
    ouvre: Ouvre, page: str, cle: str, valeur: str, phrase: str, defaut: str
) -> None:
    ecran = ouvre(page, **{cle: valeur}).sains()
    assert len(ecran.avertissements) == 1
    assert phrase in ecran.avertissements[0]
    assert defaut in ecran.texte
    assert cle not in ecran.essai.query_params


def test_a_level_that_the_indicator_has_not_gives_another_one(ouvre: Ouvre) -> None:
    ecran = ouvre("carte", indicateur="age_moyen_maires", maille="commune").sains()
    assert len(ecran.avertissements) == 1
    assert ecran.avertissements == ["« Âge moyen des maires » n'est pas publié par commune ; voici la carte par EPCI."]


def test_a_commune_that_was_absorbed_leads_to_the_one_that_took_it(ouvre: Ouvre) -> None:
    ecran = ouvre("territoire", territoire="COM-25134").sains()
    (dit,) = ecran.avertissements
    assert dit.startswith(
        "Châtillon-sur-Lison (COM-25134) n'existe plus : c'est maintenant Cussey-sur-Lison (COM-25185)"
    )
    assert "Cussey-sur-Lison" in ecran.texte


def test_several_faults_are_each_told(ouvre: Ouvre) -> None:
    ecran = ouvre("carte", territoire="x", arrete="y", indicateur="z").sains()
    assert len(ecran.avertissements) == 3


@pytest.mark.parametrize("jour", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("page", ["essentiel", "carte", "indicateur"])
def test_a_date_out_of_time_gives_the_default_and_says_so(ouvre: Ouvre, page: str, jour: str) -> None:
    ecran = ouvre(page, arrete=jour).sains()
    assert ecran.avertissements == [f"La date « {jour} » n'est pas entre 2000 et 2099."]
