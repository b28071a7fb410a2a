"""Many series at once say exactly what is said of each one alone: figures, statuts, reasons, freshness."""

from __future__ import annotations

import json
import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.avancement import evalue
from dashboard.domain.evaluation import FRAICHEURS, STATUTS, evalue_tous, texte_motif
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.motifs import Motif
from dashboard.domain.situation import AUTEURS, Situation, situe_tous
from dashboard.domain.statut import SEUILS, Seuils, Statut
from dashboard.domain.trajectoire import Trajectoire, TrajectoireInvalide
from tests.mini import _indicateur

ARRETE = date(2026, 11, 23)
ORIGINE = date(2015, 1, 31)
PLACES = {7: "REG-99", 3: "DEP-98", 5: "DEP-99"}
SERIE = ["indicateur", "territoire_id", "debut", "fin", "valeur", "statut"]
CIBLE = [
    "indicateur", "code_territoire", "auteur", "acte", "date_initiale", "valeur_initiale", "jalons", "echeance",
    "valeur", "source_url", "note",
]  # fmt: skip


def declare(identifiant: str = "essai", **autres: Any) -> Indicateur:
    return Indicateur.model_validate(_indicateur(identifiant, "comptes", **autres))


def serie(*points: tuple[date, float | None], lieu: int = 7, indicateur: str = "essai") -> list[list[Any]]:
    return [[indicateur, lieu, j.replace(day=1), j, math.nan if v is None else v, "Q" if v is None else "A"]
            for j, v in points]  # fmt: skip


def cible(**autres: Any) -> dict[str, Any]:
    return {
        "indicateur": "essai", "code_territoire": "REG-99", "auteur": "État", "acte": "", "jalons": "[]",
        "date_initiale": date(2020, 12, 31), "valeur_initiale": 0.0, "echeance": date(2030, 12, 31), "valeur": 100.0,
        "source_url": None, "note": None, **autres,
    }  # fmt: skip


def juge(
    d: Indicateur, lignes: list[list[Any]], cibles: list[dict[str, Any]], arrete: date = ARRETE, seuils: Seuils = SEUILS
) -> tuple[pd.DataFrame, dict[str, Situation]]:
    """The same question to both engines."""
    series, objectifs = pd.DataFrame(lignes, columns=SERIE), pd.DataFrame(cibles, columns=CIBLE)
    series = series.astype({"valeur": float})
    objectifs = objectifs.sort_values(["code_territoire", "echeance"], kind="stable")
    arguments = ([d], PLACES, series, objectifs, arrete, seuils)
    return evalue_tous(*arguments).set_index("code"), situe_tous(*arguments)[d.id]


def plat(x: Any) -> Any:
    """None for what is missing, plain Python for the rest."""
    if x is None or pd.isna(x):
        return None
    return pd.Timestamp(x).date() if isinstance(x, pd.Timestamp | np.datetime64) else float(x)


def meme(ligne: pd.Series, s: Situation) -> None:
    """Every figure is the same to the last bit."""
    a, but = s.avancement, s.objectif
    vu = {c: plat(ligne[c]) for c in ("va", "date_va", "ta_brut", "ta", "ta_attendu", "ecart", "effort_annuel")}
    assert vu == {c: getattr(a, c) for c in vu}
    assert STATUTS[ligne["statut"]] is a.statut
    assert texte_motif(ligne["motif"], plat(ligne["date_vi"]), plat(ligne["echeance"])) == a.motif
    assert (None if ligne["fraicheur"] < 0 else FRAICHEURS[ligne["fraicheur"]]) is s.fraicheur
    assert (None if ligne["age_mois"] < 0 else int(ligne["age_mois"])) == s.age
    assert bool(ligne["secret"]) is s.secret
    assert plat(ligne["date_derniere"]) == (s.serie[-1][0] if s.serie else None)
    assert plat(ligne["derniere"]) == (s.serie[-1][1] if s.serie else None)
    assert (None if ligne["auteur"] < 0 else AUTEURS[ligne["auteur"]]) == (but.auteur if but else None)
    voulu = but.trajectoire if but else Trajectoire(None, None, None, None)
    assert [plat(ligne[c]) for c in ("vi", "date_vi", "vc", "echeance")] == [
        voulu.vi, voulu.date_vi, voulu.vc, voulu.echeance,
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------ equality

MOIS = st.integers(0, 180).map(lambda n: (pd.Timestamp(ORIGINE) + pd.offsets.MonthEnd(n)).date())
JOURS = st.one_of(MOIS, st.integers(0, 5000).map(lambda n: ORIGINE + timedelta(days=n)))
REELS = st.one_of(st.integers(-3, 12).map(float), st.floats(-1e6, 1e6))


@st.composite
def chemins(tire: Any) -> dict[str, Any]:
    """A target of any author; baseline, its date and jalons may be missing, or already past the target."""
    jours = sorted(tire(st.lists(JOURS, min_size=2, max_size=5, unique=True)))
    jalons = [[j.isoformat(), tire(REELS)] for j in jours[1:-1]]
    return cible(
        code_territoire=tire(st.sampled_from(list(PLACES.values()))), auteur=tire(st.sampled_from(AUTEURS)),
        date_initiale=tire(st.sampled_from([jours[0], jours[0], None])), jalons=json.dumps(jalons),
        valeur_initiale=tire(st.one_of(REELS, REELS, st.none())), echeance=jours[-1], valeur=tire(REELS),
    )  # fmt: skip


LIGNES = st.lists(
    st.tuples(st.sampled_from(list(PLACES)), JOURS, st.one_of(REELS, REELS, REELS, st.none())),
    max_size=40, unique_by=lambda x: x[:2],
)  # fmt: skip


@settings(max_examples=200)
@given(
    st.sampled_from(["stock", "flux", "cumul_annuel", "glissant"]), st.sampled_from(["hausse", "baisse", "neutre"]),
    st.sampled_from(["programme", "contexte"]), LIGNES, st.lists(chemins(), max_size=6), JOURS,
    st.integers(1, 24), st.integers(0, 24),
)  # fmt: skip
def test_many_at_once_equal_one_by_one(
    lecture: str, sens: str, nature: str, points: list[Any], cibles: list[Any], arrete: date, rythme: int, delai: int
) -> None:
    d = declare(lecture=lecture, sens=sens, nature=nature, rythme_mois=rythme, delai_mois=delai)
    lignes = [x for lieu, j, v in sorted(points, key=lambda p: p[:2]) for x in serie((j, v), lieu=lieu)]
    cadre, seules = juge(d, lignes, cibles, arrete)
    assert list(cadre.index) == list(PLACES.values())
    for code, s in seules.items():
        meme(cadre.loc[code], s)


@settings(max_examples=100)
@given(st.lists(REELS, min_size=1, max_size=12), REELS, REELS, st.sampled_from(["hausse", "baisse"]))
def test_monthly_values_near_their_path_get_the_same_statut(
    valeurs: list[float], vi: float, vc: float, sens: str
) -> None:
    jours = [(pd.Timestamp(2024, 1, 31) + pd.offsets.MonthEnd(i)).date() for i in range(len(valeurs))]
    d = declare(sens=sens, nature="programme", lecture="flux")
    cadre, seules = juge(d, serie(*zip(jours, valeurs, strict=True)), [cible(valeur_initiale=vi, valeur=vc)])
    meme(cadre.loc["REG-99"], seules["REG-99"])


# ------------------------------------------------------------------------------------ known answers


def test_the_path_of_the_rules_expects_57_98_at_the_date_of_the_value() -> None:
    but = cible(date_initiale=date(2022, 12, 31), jalons='[["2024-12-31", 30]]', echeance=date(2029, 12, 31))
    d = declare(sens="hausse", nature="programme")
    cadre, seules = juge(d, serie((date(2026, 12, 31), 40.0)), [but], date(2027, 6, 1))
    assert round(float(cadre.loc["REG-99", "ta_attendu"]), 2) == 57.98
    meme(cadre.loc["REG-99"], seules["REG-99"])


CONNUS = [
    ("stock", "baisse", [(2023, 80.0)], {"valeur_initiale": 100.0, "valeur": 60.0}, 50.0, Statut.DANS_LA_TRAJECTOIRE),
    ("stock", "hausse", [(2023, 110.0)], {"valeur_initiale": 120.0}, 100.0, Statut.ATTEINT),
    ("stock", "hausse", [(2023, 90.0)], {"valeur_initiale": 120.0}, 0.0, Statut.EN_RETARD),
    ("stock", "hausse", [(2023, 90.0)], {"echeance": date(2024, 12, 31)}, 90.0, Statut.ECHU_NON_ATTEINT),
    ("stock", "hausse", [(2023, -5.0)], {}, -5.0, Statut.EN_RECUL),
    ("stock", "hausse", [(2021, 3848.0), (2022, 3942.0), (2023, 3903.0)], {"valeur": 9000.0}, 43.37,
     Statut.DANS_LA_TRAJECTOIRE),
    ("stock", "hausse", [(2021, 60.0), (2022, 50.0), (2023, 40.0)], {}, 40.0, Statut.EN_RECUL),
    ("stock", "hausse", [(2023, 5.0)], {"valeur_initiale": None}, None, Statut.NON_MESURE),
    ("stock", "hausse", [(2019, 5.0)], {}, None, Statut.NON_MESURE),
    ("stock", "neutre", [(2023, 5.0)], {"valeur_initiale": 100.0}, None, Statut.NON_MESURE),
]  # fmt: skip


@pytest.mark.parametrize(("lecture", "sens", "points", "but", "brut", "statut"), CONNUS)
def test_the_known_answers_hold_for_both(
    lecture: str, sens: str, points: list[Any], but: dict[str, Any], brut: float | None, statut: Statut
) -> None:
    d = declare(sens=sens, nature="programme", lecture=lecture)
    cadre, seules = juge(d, serie(*((date(a, 12, 31), v) for a, v in points)), [cible(**but)])
    ligne = cadre.loc["REG-99"]
    assert plat(ligne["ta_brut"]) == (None if brut is None else pytest.approx(brut, abs=0.01))
    assert STATUTS[ligne["statut"]] is statut
    meme(ligne, seules["REG-99"])


def test_a_running_total_waits_for_its_month() -> None:
    d = declare(sens="hausse", nature="programme", lecture="cumul_annuel")
    points = [(date(2023, 12, 31), 29960.0), (date(2024, 1, 31), 628.0)]
    cadre, seules = juge(d, serie(*points), [cible(valeur=40000.0)])
    assert cadre.loc["REG-99", "va"] == 29960
    meme(cadre.loc["REG-99"], seules["REG-99"])
    cadre, seules = juge(d, serie(points[1]), [cible(valeur=40000.0)])
    assert cadre.loc["REG-99", "motif"] == Motif.ANNEE_OUVERTE
    meme(cadre.loc["REG-99"], seules["REG-99"])


def test_the_target_that_judges_is_the_same() -> None:
    """The région's own first, the latest of an author, and one that still runs before one that is over."""
    cibles = [
        cible(auteur="État", echeance=date(2035, 12, 31)), cible(auteur="Région", echeance=date(2028, 12, 31)),
        cible(auteur="Région", echeance=date(2032, 12, 31), valeur=7.0),
        cible(auteur="Région", echeance=date(2022, 12, 31), code_territoire="DEP-98"),
        cible(auteur="schéma", echeance=date(2027, 12, 31), code_territoire="DEP-98", valeur=9.0),
    ]  # fmt: skip
    d = declare(sens="hausse", nature="programme")
    cadre, seules = juge(d, [*serie((date(2023, 12, 31), 5.0)), *serie((date(2023, 12, 31), 5.0), lieu=3)], cibles)
    assert cadre["vc"].dropna().tolist() == [7.0, 9.0]
    for code, s in seules.items():
        meme(cadre.loc[code], s)


def test_dates_that_do_not_increase_are_refused() -> None:
    d = declare(sens="hausse", nature="programme")
    jalons = ('[["2020-01-01", 3]]', '[["2025-01-01", 3], ["2024-01-01", 4]]', '[["2031-01-01", 3]]')
    for but in (cible(echeance=date(2020, 12, 31)), *(cible(jalons=j) for j in jalons)):
        with pytest.raises(TrajectoireInvalide, match="non croissantes"):
            evalue_tous([d], PLACES, pd.DataFrame(columns=SERIE), pd.DataFrame([but]), ARRETE)


def test_nothing_at_all_gives_a_row_that_says_so() -> None:
    vide = (pd.DataFrame(columns=SERIE), pd.DataFrame(columns=CIBLE))
    cadre = evalue_tous([declare()], PLACES, *vide, ARRETE)
    assert len(cadre) == 3
    assert set(cadre["motif"]) == {int(Motif.SANS_VALEUR)}
    assert evalue_tous([], PLACES, *vide, ARRETE).empty


def test_the_words_are_those_of_one_series() -> None:
    echu = evalue(Trajectoire(0, date(2020, 1, 1), 9, date(2021, 1, 1), sens="hausse"), [(date(2020, 6, 1), 3)], ARRETE)
    assert texte_motif(Motif.ECHU, None, date(2021, 1, 1)) == echu.motif == "échéance du 1er janv. 2021 passée"
