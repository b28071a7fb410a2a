"""A whole level with what its values were computed from: nothing hidden, nothing that is not allowed."""

from __future__ import annotations

from datetime import date

import pandas as pd

from dashboard.domain.lecteur import AGENT, PUBLIC, Lecteur
from dashboard.domain.territoire import Maille
from dashboard.store.comparables import COLONNES, load_comparables
from tests.mini import COMMUNES, Atelier, ligne

FIN = date(2023, 12, 31)


def lis(atelier: Atelier, code: str, lecteur: Lecteur = PUBLIC, fin: date = FIN) -> pd.DataFrame:
    with atelier.moteur.connect() as connexion:
        return load_comparables(connexion, lecteur, code, Maille.COMMUNE, fin)


def parts(**autres: object) -> list[dict[str, object]]:
    return [ligne(c, numerateur=p / 2, denominateur=p, **autres) for c, (_, _, p) in COMMUNES.items()]


def test_every_territory_of_the_level_comes_with_its_numerator_and_denominator(atelier: Atelier) -> None:
    assert atelier.livre(*parts(indicateur="part_fictive")).etat == "publie"
    lues = lis(atelier, "part_fictive")
    assert list(lues.columns) == COLONNES
    assert len(lues) == len(COMMUNES)
    assert set(lues["valeur"]) == {50.0}
    assert sorted(lues["denominateur"]) == sorted(float(p) for _, _, p in COMMUNES.values())


def test_a_hidden_row_has_no_figure_at_all(atelier: Atelier) -> None:
    lignes = [x | {"n_unites": 1 if x["denominateur"] == 20 else 50} for x in parts(indicateur="part_secrete")]
    assert atelier.livre(*lignes).etat == "publie"
    cachees = lis(atelier, "part_secrete")
    cachees = cachees[cachees["statut"] == "Q"]
    assert len(cachees) >= 1
    assert cachees[["valeur", "numerateur", "denominateur"]].isna().all(axis=None)


def test_what_is_unknown_not_allowed_or_of_another_date_is_empty(atelier: Atelier) -> None:
    lignes = [ligne(c, 7, indicateur="effectif_interne") for c in COMMUNES]
    assert atelier.livre(*lignes).etat == "publie"
    assert len(lis(atelier, "effectif_interne", AGENT)) == len(COMMUNES)
    for code, lecteur, fin in (("effectif_interne", PUBLIC, FIN), ("jamais_vu", AGENT, FIN),
                               ("effectif_interne", AGENT, date(2001, 12, 31))):  # fmt: skip
        vides = lis(atelier, code, lecteur, fin)
        assert vides.empty
        assert list(vides.columns) == COLONNES
