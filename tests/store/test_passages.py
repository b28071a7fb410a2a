"""Where a territory that no longer exists leads."""

from __future__ import annotations

from dashboard.bootstrap import Application
from dashboard.store.moteur import lecture
from dashboard.store.passages import load_ancien_nom, load_successeurs
from tests import mini


def test_a_merged_commune_leads_to_the_one_that_holds_it(atelier: mini.Atelier) -> None:
    with lecture(atelier.moteur) as connexion:
        suites = load_successeurs(connexion)
        assert suites == {mini.ABSORBEE: mini.ABSORBANTE}
        assert load_ancien_nom(connexion, "COM-00000") is None


def test_every_former_code_leads_to_a_current_one_and_no_current_one_moves(bfc: Application) -> None:
    with lecture(bfc.moteur) as connexion:
        suites = load_successeurs(connexion)
        assert suites["COM-21213"] == "COM-21452"
        assert load_ancien_nom(connexion, "COM-21213") == "Crimolois"
        assert "COM-21452" not in suites
        assert len(suites) >= 19
        assert not set(suites) & set(suites.values())
