"""Pages of values: in a stable order, whole once put together, empty for who may not see; on each database."""

from __future__ import annotations

from datetime import date

from dashboard.domain.lecteur import AGENT, PUBLIC, Lecteur
from dashboard.domain.periode import parse_periode
from dashboard.domain.territoire import Maille
from dashboard.store.listes import Choix, load_derniere_periode, load_page
from dashboard.store.moteur import lecture
from tests import mini

COMMUNES = Choix(Maille.COMMUNE)


def livre(atelier: mini.Atelier, indicateur: str = "effectif") -> None:
    lignes = [
        mini.ligne(code, habitants, periode=periode, indicateur=indicateur)
        for code, (_, _, habitants) in mini.COMMUNES.items()
        for periode in ("2022", "2023")
    ]
    assert atelier.livre(*lignes).etat == "publie"


def test_pages_put_together_are_the_list_latest_first_then_by_code(atelier: mini.Atelier) -> None:
    livre(atelier)
    with lecture(atelier.moteur) as connexion:
        pages = [load_page(connexion, PUBLIC, "effectif", COMMUNES, 5, n) for n in (1, 2, 3, 4, 5)]
    assert {total for _, total in pages} == {16}
    lues = [(x.fin, x.code) for cadre, _ in pages for x in cadre.itertuples()]
    assert lues == [(date(a, 12, 31), c) for a in (2023, 2022) for c in sorted(mini.COMMUNES)]


def test_a_place_a_period_and_days_narrow_the_list(atelier: mini.Atelier) -> None:
    livre(atelier)
    with lecture(atelier.moteur) as connexion:
        assert load_derniere_periode(connexion, PUBLIC, "effectif", COMMUNES) == parse_periode("2023")
        assert load_derniere_periode(connexion, PUBLIC, "part_fictive", COMMUNES) is None
        for choix, attendu in (
            (Choix(Maille.COMMUNE, periode=parse_periode("2022")), 8),
            (Choix(Maille.COMMUNE, fin=date(2022, 12, 31)), 8),
            (Choix(Maille.COMMUNE, debut=date(2023, 1, 1)), 8), (Choix(Maille.COMMUNE, debut=date(2024, 1, 1)), 0),
            (Choix(Maille.COMMUNE, lieu=-1), 0), (Choix(Maille.REGION), 2),
        ):  # fmt: skip
            assert load_page(connexion, PUBLIC, "effectif", choix, 100, 1)[1] == attendu, choix


def test_who_may_not_see_gets_what_is_unknown(atelier: mini.Atelier) -> None:
    livre(atelier, "effectif_interne")
    with lecture(atelier.moteur) as connexion:
        assert load_page(connexion, AGENT, "effectif_interne", COMMUNES, 100, 1)[1] == 16
        for lecteur in (PUBLIC, Lecteur("personne")):
            cadre, total = load_page(connexion, lecteur, "effectif_interne", COMMUNES, 100, 1)
            assert (len(cadre), total) == (0, 0)
            assert load_derniere_periode(connexion, lecteur, "effectif_interne", COMMUNES) is None
