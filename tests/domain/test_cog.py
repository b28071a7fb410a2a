"""Values carried through mergers, renamings and splits of communes, with the real cases of the région."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.cog import PassageImpossible, compose_passage, vers_cog

REFERENCE = Path(__file__).parents[2] / "data_sources" / "bfc" / "reference"
COLONNES = ["millesime_de", "millesime_vers", "code_de", "code_vers", "part"]

NEUILLY = (2019, 2021, "COM-21213", "COM-21452", 1.0)
HAUTS_DE_BIENNE = [(2015, 2016, f"COM-{c}", "COM-39368", 1.0) for c in ("39294", "39371")]
CHARNY = [
    (2015, 2016, f"COM-{c}", "COM-89086", 1.0)
    for c in (
        *("89070", "89097", "89103", "89138", "89178", "89192", "89241"),
        *("89243", "89294", "89317", "89343", "89358", "89454"),
    )
]
DEUX_TEMPS = {
    "COM-25156": [(2016, 2017, "COM-25531"), (2018, 2019, "COM-25140")],
    "COM-39130": [(2015, 2016, "COM-39442"), (2018, 2019, "COM-39417"), (2018, 2019, "COM-39562")],
    "COM-39209": [(2015, 2016, "COM-39226"), (2015, 2016, "COM-39382"), (2017, 2018, "COM-39036")],
    "COM-39286": [(2015, 2016, "COM-39438"), (2018, 2019, "COM-39440")],
    "COM-39378": [(2015, 2016, "COM-39023"), (2015, 2016, "COM-39135"), (2018, 2019, "COM-39484")],
}


def evenements(*lignes: tuple[int, int, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(list(lignes), columns=COLONNES)


def valeurs(**par_code: float | None) -> pd.DataFrame:
    codes = [f"COM-{c.removeprefix('c')}" for c in par_code]
    return pd.DataFrame({"code_territoire": codes, "valeur": list(par_code.values())})


def porte(
    frame: pd.DataFrame, events: pd.DataFrame, de: int = 2015, vers: int = 2026, **options: object
) -> pd.DataFrame:
    connus = set(frame["code_territoire"])
    resultat, rejets = vers_cog(frame, events, de, vers, connus, **options)  # type: ignore[arg-type]
    assert rejets.empty
    return resultat


# --- the passage table


def test_a_chain_is_followed_to_its_end_whatever_the_order_of_the_rows() -> None:
    lignes = [(2021, 2022, "B", "C", 1.0), (2019, 2021, "A", "B", 1.0), (2022, 2023, "C", "C", 1.0)]
    for ordre in (lignes, lignes[::-1]):
        passage = compose_passage(evenements(*ordre), 2019, 2026)
        assert passage.values.tolist() == [["A", "C", 1], ["B", "C", 1], ["C", "C", 1]]


def test_a_chain_inside_one_step_is_followed_too() -> None:
    lignes = [(2019, 2021, "B", "C", 1.0), (2019, 2021, "A", "B", 1.0)]
    passage = compose_passage(evenements(*lignes), 2019, 2021)
    assert passage.set_index("code_de")["code_vers"].to_dict() == {"A": "C", "B": "C"}


def test_a_split_shares_out_and_its_parts_still_sum_to_one_after_a_merger() -> None:
    lignes = [(2019, 2021, "A", "B", 0.6), (2019, 2021, "A", "C", 0.4), (2021, 2022, "C", "B", 1.0)]
    debut = compose_passage(evenements(*lignes), 2019, 2021)
    assert debut.set_index("code_vers")["part"].to_dict() == {"B": 0.6, "C": 0.4}
    fin = compose_passage(evenements(*lignes), 2019, 2022)
    assert fin[fin["code_de"] == "A"].values.tolist() == [["A", "B", 1.0]]


def test_a_commune_absorbed_in_the_year_of_a_split_stays_with_what_keeps_the_code() -> None:
    lignes = [(2019, 2021, "A", "A", 0.6), (2019, 2021, "A", "B", 0.4), (2019, 2021, "D", "A", 1.0)]
    passage = compose_passage(evenements(*lignes), 2019, 2021)
    assert passage.values.tolist() == [["A", "A", 0.6], ["A", "B", 0.4], ["D", "A", 1.0]]


def test_between_equal_vintages_or_without_events_nothing_moves() -> None:
    assert compose_passage(evenements(NEUILLY), 2026, 2026).empty
    assert compose_passage(evenements(NEUILLY), 2021, 2026).empty
    assert compose_passage(evenements(), 2019, 2026).empty


def test_going_back_in_time_is_refused() -> None:
    with pytest.raises(PassageImpossible, match="on ne remonte pas le temps"):
        compose_passage(evenements(NEUILLY), 2026, 2019)


def test_a_vintage_inside_a_step_is_refused_with_its_neighbours() -> None:
    with pytest.raises(PassageImpossible, match=r"COG 2020 absent .* entre 2019 et 2021"):
        compose_passage(evenements(NEUILLY), 2020, 2026)


def test_a_loop_and_bad_shares_are_refused() -> None:
    with pytest.raises(PassageImpossible, match="boucle"):
        compose_passage(evenements((2019, 2021, "A", "B", 1.0), (2019, 2021, "B", "A", 1.0)), 2019, 2021)
    with pytest.raises(PassageImpossible, match=r"Passage de A : ses parts font 0\.7"):
        compose_passage(evenements((2019, 2021, "A", "B", 0.7)), 2019, 2021)


@pytest.mark.parametrize(("cible", "arrivees"), DEUX_TEMPS.items())
def test_a_merger_of_mergers_resolves_in_any_order(cible: str, arrivees: list[tuple[int, int, str]]) -> None:
    lignes = [(de, vers, code, cible, 1.0) for de, vers, code in arrivees]
    frame = pd.DataFrame({"code_territoire": [cible, *(ligne[2] for ligne in lignes)], "valeur": 10.0})
    for ordre in (lignes, lignes[::-1]):
        total = porte(frame, evenements(*ordre))
        assert total[["code_territoire", "valeur"]].values.tolist() == [[cible, 10.0 * len(frame)]]


@st.composite
def fusions(draw: st.DrawFn) -> tuple[list[tuple[int, int, str, str, float]], dict[str, str]]:
    """Random mergers year after year, and where each code ends, by following them one by one."""
    vivants, lignes = list("ABCDEFGHIJ"), []
    fin = {c: c for c in vivants}
    for annee in range(2019, 2026):
        if len(vivants) > 1 and draw(st.booleans()):
            parti, reste = draw(st.permutations(vivants))[:2]
            vivants.remove(parti)
            lignes.append((annee, annee + 1, parti, reste, 1.0))
            fin = {c: (reste if f == parti else f) for c, f in fin.items()}
    return draw(st.permutations(lignes)), fin


@settings(max_examples=10)
@given(fusions(), st.lists(st.integers(0, 1000), min_size=10, max_size=10))
def test_any_history_of_mergers_keeps_the_total_and_the_destination(
    histoire: tuple[list[tuple[int, int, str, str, float]], dict[str, str]], comptes: list[int]
) -> None:
    lignes, fin = histoire
    frame = pd.DataFrame({"code_territoire": list("ABCDEFGHIJ"), "valeur": [float(c) for c in comptes]})
    resultat = porte(frame, evenements(*lignes), 2019)
    attendu = frame.groupby(frame["code_territoire"].map(fin))["valeur"].sum()
    assert resultat.set_index("code_territoire")["valeur"].to_dict() == attendu.to_dict()
    assert resultat["lignes_source"].sum() == 10
    assert (resultat["completude"] == 1).all()


# --- counts


def test_hauts_de_bienne_is_the_sum_of_its_three_communes() -> None:
    frame = valeurs(c39294=180, c39368=4998, c39371=343)
    total = porte(frame, evenements(*HAUTS_DE_BIENNE)).iloc[0]
    assert total["valeur"] == 5521
    assert pd.isna(total["numerateur"])


@pytest.mark.parametrize(
    ("events", "cible", "total"),
    [
        (CHARNY, "COM-89086", 5147),
        ([(2015, 2019, "COM-90073", "COM-90068", 1.0)], "COM-90068", 1304),
        ([NEUILLY], "COM-21452", 2664),
    ],
)
@settings(max_examples=10)
@given(st.data())
def test_however_a_population_was_spread_before_the_merger_it_comes_back_whole(
    events: list[tuple[int, int, str, str, float]], cible: str, total: int, data: st.DataObject
) -> None:
    codes = [cible, *(e[2] for e in events)]
    coupes = sorted(data.draw(st.lists(st.integers(0, total), min_size=len(codes) - 1, max_size=len(codes) - 1)))
    parts = [b - a for a, b in zip([0, *coupes], [*coupes, total], strict=True)]
    frame = pd.DataFrame({"code_territoire": codes, "valeur": parts})
    assert porte(frame, evenements(*events))["valeur"].tolist() == [total]


def test_charny_brings_fourteen_communes_together() -> None:
    frame = pd.DataFrame({"code_territoire": ["COM-89086", *(e[2] for e in CHARNY)], "valeur": 1.0})
    resultat = porte(frame, evenements(*CHARNY)).iloc[0]
    assert (resultat["valeur"], resultat["lignes_source"]) == (14, 14)


def test_a_commune_missing_from_a_merger_is_not_a_zero_but_a_lower_completeness() -> None:
    resultat = porte(valeurs(c39294=180, c39368=None, c39371=343), evenements(*HAUTS_DE_BIENNE)).iloc[0]
    assert resultat["valeur"] == 523
    assert resultat["completude"] == pytest.approx(2 / 3)
    absente = valeurs(c39294=180)
    connus = {"COM-39294", "COM-39368", "COM-39371"}
    seule, _ = vers_cog(absente, evenements(*HAUTS_DE_BIENNE), 2015, 2026, connus)
    assert seule["completude"].tolist() == [pytest.approx(1 / 3)]


def test_a_merger_of_nothing_stays_missing() -> None:
    vide = porte(valeurs(c21213=None, c21452=None), evenements(NEUILLY), 2019).iloc[0]
    assert pd.isna(vide["valeur"])
    assert (vide["completude"], vide["signale"]) == (0, False)


def test_a_split_shares_a_count_by_population_and_loses_nothing() -> None:
    events = evenements((2019, 2021, "COM-1", "COM-1", 0.75), (2019, 2021, "COM-1", "COM-2", 0.25))
    resultat = porte(valeurs(c1=80.0), events, 2019)
    assert resultat["valeur"].tolist() == [60, 20]
    assert resultat["lignes_source"].sum() == 1


def test_each_key_is_carried_apart() -> None:
    frame = pd.concat([valeurs(c21213=1, c21452=2).assign(fin=f) for f in ("2017-12-31", None)])
    resultat = porte(frame, evenements(NEUILLY), 2019, cles=["fin"])
    assert resultat["valeur"].tolist() == [3, 3]


# --- ratios, weighted means, medians and categories


def test_a_ratio_is_recomputed_from_its_numerators_and_denominators() -> None:
    frame = valeurs(c21213=50.0, c21452=10.0, c21231=33.33).assign(numerateur=[10, 90, 1], denominateur=[20, 900, 3])
    resultat = porte(frame, evenements(NEUILLY), 2019, methode="ratio", facteur=100.0)
    par_code = resultat.set_index("code_territoire")
    assert par_code.loc["COM-21452", "valeur"] == pytest.approx(100 * 100 / 920)
    assert par_code.loc["COM-21231", "valeur"] == 33.33


def test_a_rate_without_its_numerators_cannot_be_merged_and_is_flagged() -> None:
    frame = valeurs(c21213=50.0, c21452=10.0, c21231=33.33)
    resultat = porte(frame, evenements(NEUILLY), 2019, methode="ratio").set_index("code_territoire")
    assert pd.isna(resultat.loc["COM-21452", "valeur"])
    assert resultat["signale"].to_dict() == {"COM-21231": False, "COM-21452": True}


def test_a_weighted_mean_is_weighted_again() -> None:
    frame = valeurs(c21213=10.0, c21452=20.0).assign(poids=[3, 1])
    assert porte(frame, evenements(NEUILLY), 2019, methode="moyenne_ponderee")["valeur"].tolist() == [12.5]


@pytest.mark.parametrize("methode", ["mediane", "aucune"])
def test_medians_and_categories_pass_untouched_or_are_flagged(methode: str) -> None:
    frame = valeurs(c21213=2.0, c21452=2.0, c21231=3.0)
    resultat = porte(frame, evenements(NEUILLY), 2019, methode=methode).set_index("code_territoire")
    assert resultat.loc["COM-21231", "valeur"] == 3
    assert pd.isna(resultat.loc["COM-21452", "valeur"])
    assert resultat["signale"].to_dict() == {"COM-21231": False, "COM-21452": True}


def test_a_renaming_keeps_the_published_value_to_the_last_bit() -> None:
    events = evenements((2019, 2021, "COM-71401", "COM-71401", 1.0))
    frame = valeurs(c71401=0.1 + 0.2).assign(n_unites=7, part_max=0.4)
    resultat = porte(frame, events, 2019, methode="mediane").iloc[0]
    assert (resultat["valeur"], resultat["n_unites"], resultat["part_max"]) == (0.1 + 0.2, 7, 0.4)
    assert not resultat["signale"]


def test_units_are_summed_for_the_secrecy_rules_and_dominance_is_forgotten() -> None:
    frame = valeurs(c21213=1, c21452=2).assign(n_unites=[2, 5], part_max=[0.9, 0.1])
    resultat = porte(frame, evenements(NEUILLY), 2019).iloc[0]
    assert resultat["n_unites"] == 7
    assert pd.isna(resultat["part_max"])
    inconnu = porte(frame.assign(n_unites=[2, None]), evenements(NEUILLY), 2019).iloc[0]
    assert pd.isna(inconnu["n_unites"])


# --- rejects: in = out + rejects


def test_unknown_codes_are_rejected_with_the_likely_remedy_and_nothing_is_lost() -> None:
    frame = valeurs(c21213=1, c21452=2, c99999=3, c25347=4)
    events = evenements(NEUILLY, (2024, 2025, "COM-25347", "COM-25390", 1.0))
    resultat, rejets = vers_cog(frame, events, 2026, 2026, {"COM-21452"})
    assert resultat["code_territoire"].tolist() == ["COM-21452"]
    assert len(frame) == resultat["lignes_source"].sum() + len(rejets)
    raisons = rejets.set_index("code_territoire")
    assert raisons.loc["COM-99999", "raison"] == "code absent du COG 2026 : COM-99999"
    assert raisons.loc["COM-25347", "correction"] == (
        "absorbée par COM-25390 au COG 2025 : vérifier le millésime déclaré (2026)."
    )
    assert frame["valeur"].sum() == resultat["valeur"].sum() + rejets["valeur"].sum()


def test_two_rows_for_the_same_key_are_rejected_never_summed() -> None:
    frame = pd.concat([valeurs(c21452=2), valeurs(c21452=3), valeurs(c21231=5)], ignore_index=True)
    resultat, rejets = vers_cog(frame, evenements(NEUILLY), 2019, 2026, {"COM-21452", "COM-21231"})
    assert resultat["valeur"].tolist() == [5]
    assert rejets["valeur"].tolist() == [2, 3]


# --- the committed passage table of the région

BFC = {2017: 2_811_423, 2018: 2_807_807, 2019: 2_805_580, 2020: 2_801_695}
BFC |= {2021: 2_800_194, 2022: 2_803_977, 2023: 2_802_670}


def test_nineteen_communes_of_the_region_were_absorbed_between_2019_and_2026() -> None:
    passage = compose_passage(pd.read_csv(REFERENCE / "passage.csv"), 2019, 2026)
    partis = passage[passage["code_de"] != passage["code_vers"]]
    assert len(partis) == 19
    assert (passage["part"] == 1).all()
    assert not set(partis["code_vers"]) & set(partis["code_de"])


@pytest.mark.parametrize(("annee", "population"), BFC.items())
def test_the_population_of_the_region_is_the_same_on_the_geography_of_2026(annee: int, population: int) -> None:
    communes = pd.read_csv(REFERENCE / "populations.csv").query("annee == @annee")
    frame = communes.rename(columns={"code": "code_territoire", "population": "valeur"})
    millesime = int(communes["millesime_cog"].iloc[0])
    resultat = porte(frame, pd.read_csv(REFERENCE / "passage.csv"), millesime, cles=["annee"])
    assert len(resultat) == 3685
    assert resultat["valeur"].sum() == population
