"""Politiques and Programme, run without a browser on the committed espace: what an élu reads there."""

from __future__ import annotations

import pytest

from dashboard.bootstrap import Application
from tests.pages.conftest import Ouvre


def test_the_late_programmes_are_told_first_and_none_is_forgotten(ouvre: Ouvre, bfc: Application) -> None:
    texte = ouvre("essentiel").sains().texte
    assert f"Sur {len(bfc.espace.programmes)} programmes suivis" in texte
    rangs = [texte.index(p.nom) for p in bfc.espace.programmes]
    assert len(rangs) == len(bfc.espace.programmes)
    for mot in ("En retard", "À surveiller", "Échus non atteints", "Non mesurés", "Dans la trajectoire"):
        assert mot in texte


def test_a_programme_that_nothing_measures_says_what_is_missing_and_is_never_fine(ouvre: Ouvre) -> None:
    texte = ouvre("essentiel").sains().texte
    ligne = texte.split("Fonds européens")[1][:200]
    assert "À décider" in ligne
    assert "Rien à faire" not in ligne


FICHES = [
    ("maisons_de_sante", None, ["En retard", "3,9 %", "25 % attendus", "145 maisons", "141 maisons", "244 maisons",
                                "−21 pt", "Nièvre", "Pourquoi ce chiffre ?"]),
    ("maisons_de_sante", "DEP-58", ["En recul", "16 maisons", "25 maisons"]),
    ("gaz_effet_de_serre", None, ["À surveiller", "45 %", "64 % attendus", "Cible du schéma", "SRADDET"]),
    ("fonds_europeens", None, ["Non mesuré", "non transmis"]),
    ("agriculture_biologique", None, ["Échu non atteint", "Budget agriculture", "23,2"]),
    ("inclusion_numerique", "EPCI-242100410", ["accompagnements"]),
]  # fmt: skip


@pytest.mark.parametrize(("programme", "lieu", "attendus"), FICHES, ids=[f"{p}-{t}" for p, t, _ in FICHES])
def test_a_programme_says_how_far_on_what_path_and_by_whose_target(
    ouvre: Ouvre, programme: str, lieu: str | None, attendus: list[str]
) -> None:
    ecran = ouvre("programme", programme=programme, **({"territoire": lieu} if lieu else {})).sains()
    mots = ecran.texte + " ".join(str(e.proto.alt) for e in ecran.elements if e.type == "plotly_chart")
    assert [a for a in attendus if a not in mots] == [], ecran.texte[:3000]


def test_every_programme_opens_with_each_of_its_indicators(ouvre: Ouvre, bfc: Application) -> None:
    for programme in bfc.espace.programmes:
        for indicateur in programme.indicateurs or [""]:
            url = {"indicateur": indicateur} if len(programme.indicateurs) > 1 else {}
            ecran = ouvre("programme", programme=programme.id, **url).sains()
            assert programme.nom in ecran.texte
            assert ecran.avertissements == []


def test_an_unknown_programme_is_told_and_the_latest_one_shown(ouvre: Ouvre) -> None:
    ecran = ouvre("programme", programme="<b>chimère</b>").sains()
    assert any("chimère" in a and "n'existe pas" in a for a in ecran.avertissements)


def test_the_policies_can_be_read_by_statut(ouvre: Ouvre) -> None:
    texte = ouvre("politiques", statut="retard").sains().texte
    liste = texte.split("du plus loin")[1]
    assert "Maisons de santé" in liste
    assert "Très haut débit" not in liste


def test_the_policies_can_be_grouped(ouvre: Ouvre, bfc: Application) -> None:
    texte = ouvre("politiques", tri="politique").sains().texte
    politiques = {p.politique for p in bfc.espace.programmes}
    assert [p.nom for p in bfc.espace.politiques if p.id in politiques and p.nom not in texte] == []


def test_an_empty_filter_says_how_to_leave_it(ouvre: Ouvre) -> None:
    ecran = ouvre("politiques", statut="surveiller", arrete="2016-01-01").sains()
    assert "En enlever un" in ecran.texte


def test_alerts_are_counted_filter_the_list_and_can_be_followed(ouvre: Ouvre) -> None:
    ecran = ouvre("politiques", alerte="perime").sains()
    assert "Donnée périmée 2" in ecran.texte
    assert "Agriculture biologique" not in ecran.texte.split("du plus loin")[1], "sa valeur est à jour"
    assert "alertes.atom?alerte=perime" in " ".join(str(e.proto.body) for e in ecran.elements if e.type == "html")
