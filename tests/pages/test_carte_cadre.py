"""What the browser sends back from the map: a click or a frame, and all that is neither."""

from __future__ import annotations

from typing import Any

import pytest

from dashboard.views.carte_choix import CHOISIS_MAX
from dashboard.views.carte_folium import Clic, lis_clic
from tests.pages.conftest import Ecran, Ouvre

DEPARTEMENTS = ["DEP-21", "DEP-58"]


def recu(**proprietes: Any) -> dict[str, Any]:
    return {"last_active_drawing": {"type": "Feature", "geometry": None, "properties": proprietes}}


def choix(ecran: Ecran) -> list[str]:
    dit = dict(ecran.essai.query_params).get("choix", "")
    return [c for c in (dit if isinstance(dit, str) else ",".join(dit)).split(",") if c]


def envoie(ecran: Ecran, valeur: object) -> Ecran:
    """The page runs again with what the map's frame sent."""
    ecran.essai.session_state["carte"] = valeur
    return Ecran(ecran.essai.run()).sains()


def test_a_click_names_one_territory_and_a_frame_several() -> None:
    assert lis_clic(recu(code="DEP-21", clic=1)) == Clic(("DEP-21",))
    assert lis_clic(recu(cadre=DEPARTEMENTS, clic=2)) == Clic(("DEP-21", "DEP-58"), cadre=True)


@pytest.mark.parametrize("valeur", [
    None, "", 3, [], {}, {"last_active_drawing": None}, {"last_active_drawing": "DEP-21"},
    {"last_active_drawing": {"properties": None}}, recu(), recu(code=3), recu(code=["DEP-21"]), recu(cadre="DEP-21"),
])  # fmt: skip
def test_what_is_no_click_of_ours_is_none(valeur: object) -> None:
    assert lis_clic(valeur) is None


def test_only_texts_are_read_in_a_frame() -> None:
    assert lis_clic(recu(cadre=["DEP-21", 3, None, ["DEP-58"]])) == Clic(("DEP-21",), cadre=True)


def test_a_frame_selects_what_it_holds_beside_what_was_chosen(ouvre: Ouvre) -> None:
    ecran = ouvre("carte", indicateur="densite", maille="departement", choix="DEP-90")
    ecran = envoie(ecran, recu(cadre=DEPARTEMENTS))
    assert sorted(choix(ecran)) == sorted([*DEPARTEMENTS, "DEP-90"])
    assert ecran.avertissements == []
    assert "Territoires choisis" in ecran.texte


def test_a_frame_that_holds_too_much_keeps_the_most_populated_and_says_so(ouvre: Ouvre) -> None:
    communes = [f"COM-21{i:03d}" for i in range(1, 715)]
    ecran = envoie(ouvre("carte", indicateur="densite", maille="commune"), recu(cadre=communes))
    gardees = choix(ecran)
    assert len(gardees) == CHOISIS_MAX
    assert "COM-21231" in gardees
    (phrase,) = ecran.avertissements
    assert phrase.endswith(
        "communes ont leur centre dans le cadre : la sélection garde les 20 de plus grande population."
    )


def test_nothing_that_the_map_does_not_show_enters_the_selection(ouvre: Ouvre) -> None:
    faux = ["REG-27", "COM-21231", "DEP-99", "<script>", "DEP-21,DEP-58", "DEP-21", "DEP-21"]
    ecran = envoie(ouvre("carte", indicateur="densite", maille="departement"), recu(cadre=faux))
    assert choix(ecran) == ["DEP-21"]
    ecran = envoie(ouvre("carte", indicateur="densite", maille="departement", choix="DEP-90"), recu(cadre=["DEP-99"]))
    assert choix(ecran) == ["DEP-90"]


def test_a_click_on_what_does_not_exist_leads_nowhere(ouvre: Ouvre) -> None:
    ecran = envoie(ouvre("carte", indicateur="densite", maille="departement", clic="choisir"), recu(code="DEP-99"))
    assert choix(ecran) == []
    assert "Densité" in ecran.texte
