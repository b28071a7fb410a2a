"""What a portrait may say: intervals, verdicts, what stands out and what does not. Figures are invented."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from dashboard.domain.comparaison import Verdict
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.portrait import (
    Observation,
    Valeur,
    distingue,
    ecart,
    evolution,
    forces_faiblesses,
    groupe_semblable,
    intervalle,
    part,
    texte,
)
from dashboard.domain.semblables import semblables
from dashboard.domain.territoire import Maille


def indicateur(**autres: Any) -> Indicateur:
    base = {
        "id": "part_essai", "libelle": "Part d'essai", "libelle_court": "Essai", "definition": "d", "formule": "f",
        "unite": "%", "decimales": 1, "nature": "contexte", "sens": "neutre", "lecture": "stock",
        "agregation": "ratio", "facteur": 100, "mailles": ["epci"], "source": "source", "producteur": "producteur",
        "licence": "l", "rythme_mois": 12, "delai_mois": 12,
    }  # fmt: skip
    return Indicateur.model_validate(base | autres)


def valeur(v: float | None, k: float | None = None, n: float | None = None, statut: str = "A") -> Valeur:
    return Valeur(date(2023, 1, 1), date(2023, 12, 31), "A", v, k, n, 1.0, statut)


AUTRES = (40.0, 45.0, 50.0, 55.0)


def test_a_share_has_its_wilson_interval_and_nothing_else_has_one() -> None:
    entre = intervalle(indicateur(), valeur(82.0, 82, 100))
    assert entre is not None
    assert (round(entre.bas, 2), round(entre.haut, 2)) == (73.33, 88.30)
    assert intervalle(indicateur(carte={"divergente": True}), valeur(82.0, 82, 100)) is None
    assert intervalle(indicateur(unite="ans", facteur=1), valeur(82.0, 82, 100)) is None
    assert intervalle(indicateur(), valeur(None)) is None


def test_a_gap_that_chance_explains_is_not_told_apart() -> None:
    gap, verdict = ecart(indicateur(), valeur(50.0, 10, 20), valeur(47.6))
    assert (gap, verdict) == ("+2,4\u202fpt", Verdict.NON_DISTINGUABLE)
    assert ecart(indicateur(), valeur(50.0, 1000, 2000), valeur(47.6))[1] is Verdict.AU_DESSUS


def test_a_count_is_told_as_a_share_of_the_region() -> None:
    compte = indicateur(unite="hab.", agregation="somme", facteur=1)
    assert ecart(compte, valeur(93.0), valeur(1000.0))[0].replace("\u202f", " ") == "9,3 % du total"
    assert part(1, 100_000) == "< 0,1 % du total"
    assert ecart(compte, valeur(93.0), valeur(0.0)) == ("", None)


@pytest.mark.parametrize("absente", [None, valeur(None), valeur(None, statut="Q")])
def test_nothing_is_said_of_a_missing_or_a_hidden_value(absente: Valeur | None) -> None:
    assert ecart(indicateur(), absente, valeur(50.0)) == ("", None)
    assert ecart(indicateur(), valeur(50.0), absente) == ("", None)
    assert forces_faiblesses([Observation(indicateur(), absente, AUTRES)]).rien
    assert texte(indicateur(), absente) == ("s." if absente and absente.secret else "n.d.")


def test_it_stands_out_beyond_three_quarters_of_the_others_and_not_by_chance() -> None:
    assert distingue(Observation(indicateur(), valeur(70.0, 700, 1000), AUTRES)) is Verdict.AU_DESSUS
    assert distingue(Observation(indicateur(), valeur(30.0, 300, 1000), AUTRES)) is Verdict.EN_DESSOUS
    assert distingue(Observation(indicateur(), valeur(48.0, 480, 1000), AUTRES)) is Verdict.NON_DISTINGUABLE
    assert distingue(Observation(indicateur(), valeur(70.0, 7, 10), AUTRES)) is Verdict.NON_DISTINGUABLE
    assert distingue(Observation(indicateur(), valeur(70.0, 700, 1000), AUTRES[:3])) is Verdict.NON_DISTINGUABLE


def test_a_mean_of_a_few_units_never_stands_out() -> None:
    age = indicateur(unite="ans", facteur=1)
    assert distingue(Observation(age, valeur(70.0, 210, 3), AUTRES)) is Verdict.NON_DISTINGUABLE
    assert distingue(Observation(age, valeur(70.0, 2100, 30), AUTRES)) is Verdict.AU_DESSUS


@pytest.mark.parametrize(
    ("sens", "haut", "bas"),
    [("hausse", "forces", "faiblesses"), ("baisse", "faiblesses", "forces"), ("neutre", "au_dessus", "en_dessous")],
)
def test_only_a_declared_direction_makes_a_strength_or_a_weakness(sens: str, haut: str, bas: str) -> None:
    declare = indicateur(sens=sens)
    dessus = forces_faiblesses([Observation(declare, valeur(70.0, 700, 1000), AUTRES)])
    dessous = forces_faiblesses([Observation(declare, valeur(30.0, 300, 1000), AUTRES)])
    assert [c.titre for c in getattr(dessus, haut)] == ["Part d'essai"]
    assert [c.titre for c in getattr(dessous, bas)] == ["Part d'essai"]
    assert sum(len(getattr(dessus, p)) for p in ("forces", "faiblesses", "au_dessus", "en_dessous")) == 1


def test_the_sentence_gives_the_value_the_place_and_the_median() -> None:
    (constat,) = forces_faiblesses([Observation(indicateur(), valeur(70.0, 700, 1000), AUTRES)]).au_dessus
    assert constat.phrase.replace("\u202f", " ") == "70,0 %, plus que 4 sur 4 ; médiane des autres : 47,5 %"


def test_a_size_and_the_criteria_of_likeness_are_no_feature() -> None:
    taille = indicateur(unite="hab.", agregation="somme", facteur=1)
    densite = indicateur(unite="hab./km²", facteur=1)
    observations = [Observation(d, valeur(90.0, 900, 100), AUTRES) for d in (taille, densite)]
    contrastes = forces_faiblesses(observations)
    assert contrastes.rien
    assert contrastes.indistincts == 0


def communes(n: int, **premiere: float) -> pd.DataFrame:
    lignes = [{"code": f"COM-{98000 + i}", "maille": "commune", "population": 600, "superficie_km2": 10.0}
              for i in range(n)]  # fmt: skip
    lignes[0] |= premiere
    return pd.DataFrame(lignes).set_index("code", drop=False)


def test_a_territory_is_compared_with_those_like_it() -> None:
    groupe = groupe_semblable(communes(7), "COM-98000")
    assert len(groupe.codes) == 6
    assert "COM-98000" not in groupe.codes
    assert groupe.description.replace("\u202f", " ") == (
        "à 6 semblables (communes de 500 à 999 hab., de 50 à 100 hab./km²)"
    )


def test_one_that_is_like_nobody_is_compared_with_the_nearest_and_it_is_said() -> None:
    groupe = groupe_semblable(communes(7, population=90_000), "COM-98000")
    assert len(groupe.codes) == 6
    assert groupe.description.endswith("critères élargis)")


def test_the_portrait_and_the_page_take_the_same_similar_territories() -> None:
    places = communes(40)
    assert groupe_semblable(places, "COM-98000").codes == semblables(places, "COM-98000", Maille.COMMUNE).codes


def test_the_sentence_sets_the_territory_beside_the_region() -> None:
    ici, region = (Valeur(date(2017, 1, 1), date(2023, 12, 31), "P", v) for v in (3.1, -0.3))
    mots = "".join(t for t, _ in evolution("Ici", ici, region)).replace("\u202f", " ")
    debut, fin = mots.split(" ; ")
    assert debut == "Ici gagne des habitants (+3,1 % de 2017 à 2023)"
    assert fin == "la région, quant à elle, perd des habitants (−0,3 %)."
