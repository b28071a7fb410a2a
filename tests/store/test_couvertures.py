"""The days that the values of an indicator cover, for who may read it, as of his lot."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dashboard.domain.lecteur import AGENT, PUBLIC, Lecteur
from dashboard.store.couvertures import load_couvertures
from dashboard.store.instantanes import load_dernier_lot
from tests import mini


def couvertures(atelier: mini.Atelier, lecteur: Lecteur) -> dict[str, tuple[date, date]]:
    with atelier.moteur.connect() as connexion:
        return load_couvertures(connexion, lecteur)


def test_the_first_and_last_days_are_those_of_the_values(atelier: mini.Atelier) -> None:
    fait = atelier.livre(
        *[mini.ligne(c, v[2], periode=p) for c, v in mini.COMMUNES.items() for p in ("2021", "2023")],
        mini.ligne(mini.REGION, 5, indicateur="taux_publie", periode="2019-2022"),
    )
    assert fait.etat == "publie", fait
    assert couvertures(atelier, PUBLIC) == {
        "effectif": (date(2021, 1, 1), date(2023, 12, 31)),
        "taux_publie": (date(2019, 1, 1), date(2022, 12, 31)),
    }


def test_a_closed_indicator_covers_nothing_for_the_public(atelier: mini.Atelier) -> None:
    atelier.livre(*[mini.ligne(c, 10, indicateur="effectif_interne") for c in mini.COMMUNES])
    assert couvertures(atelier, PUBLIC) == {}
    assert set(couvertures(atelier, AGENT)) == {"effectif_interne"}


def test_an_earlier_lot_covers_what_it_covered(atelier: mini.Atelier) -> None:
    lignes = [mini.ligne(c, 10) for c in mini.COMMUNES]
    atelier.livre(*lignes)
    with atelier.moteur.connect() as connexion:
        alors = load_dernier_lot(connexion)
    atelier.livre(*lignes, *[mini.ligne(c, 11, periode="2024") for c in mini.COMMUNES])
    assert couvertures(atelier, replace(PUBLIC, lot=alors))["effectif"][1] == date(2023, 12, 31)
    assert couvertures(atelier, PUBLIC)["effectif"][1] == date(2024, 12, 31)
