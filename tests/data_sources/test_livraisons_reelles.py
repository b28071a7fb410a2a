"""Real suppliers' files, as they come, become indicators, and every line is retained, refused or out of scope.

The files are beside the project or where BOUSSOLE_SALES says; each test is made for a file that is there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
import pytest

from dashboard import bootstrap
from dashboard.bootstrap import Application
from dashboard.domain.periode import parse_periode
from dashboard.reglages import lis_reglages
from dashboard.store import queries
from tests.conftest import RACINE

SALES = Path(os.environ.get("BOUSSOLE_SALES") or RACINE.parent / "shared" / "data" / "dirty")
PRESENTS = {f.name for f in SALES.glob("*.csv")} if SALES.is_dir() else set()

RAPPORTS = {
    "comparateur": ("insee_comparateur_communes_2024.csv", 3724, 3697, 0, 27),
    "france_services": ("anct_fs_bfc.csv", 221, 221, 0, 0),
    "ftth_communes": ("fibre_ftth_2018T1_commune_raw.csv", 7468, 3734, 0, 3734),
    "ftth_epci": ("fibre_ftth_2018T1_epci_raw.csv", 238, 119, 0, 119),
    "ftth_departements": ("fibre_ftth_2018T1_departement_raw.csv", 16, 8, 0, 8),
    "ftth_region": ("fibre_ftth_2018T1_region_raw.csv", 6, 1, 0, 5),
    "petites_villes": ("anct_pvd_bfc.csv", 109, 109, 0, 0),
    "coeur_de_ville": ("anct_acv_bfc.csv", 15, 15, 0, 0),
    "villages_avenir": ("anct_va_bfc.csv", 237, 237, 0, 0),
    "fibre_communes": ("fibre_communes_2018_raw.csv", 3734, 3734, 0, 0),
    "budget": ("region_bfc_bp2024_vue_generale.csv", 27, 1, 0, 26),
    "gares": ("sncf_frequentation_gares_bfc.csv", 200, 200, 0, 0),
}
"""Source: its file, lines received, retained, refused, out of scope."""

VALEURS = [
    ("locaux_ftth", "REG-27", "2018-T1", 245000, "fibre_ftth_2018T1_region_raw.csv"),
    ("locaux_ftth", "DEP-21", "2018-T1", 81879, "fibre_ftth_2018T1_departement_raw.csv"),
    ("locaux_ftth", "EPCI-200006682", "2018-T1", 5501, "fibre_ftth_2018T1_epci_raw.csv"),
    ("locaux_ftth", "COM-21001", "2018-T1", 0, "fibre_ftth_2018T1_commune_raw.csv"),
    ("logements_ftth", "COM-25001", "2018-T1", 105, "fibre_communes_2018_raw.csv"),
    ("etablissements_ftth", "COM-25003", "2018-T1", 5, "fibre_communes_2018_raw.csv"),
    ("budget_section", "REG-27", "2024", 1086807321.91, "region_bfc_bp2024_vue_generale.csv"),
    ("menages", "COM-21003", "2021", 744, "insee_comparateur_communes_2024.csv"),
    ("naissances_domiciliees", "COM-21003", "2022", 10, "insee_comparateur_communes_2024.csv"),
    ("part_chomage_recensement", "COM-21003", "2021", 100 * 49 / 709, "insee_comparateur_communes_2024.csv"),
]
VALEURS = [v for v in VALEURS if v[4] in PRESENTS]


@pytest.fixture(scope="module")
def reel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Application, Mapping[str, bootstrap.Resultat]]]:
    """The test espace refreshed from the real files."""
    dossier = tmp_path_factory.mktemp("reel")
    espace = dossier / "espace"
    shutil.copytree(RACINE / "tests" / "donnees" / "espace_reel", espace)
    shutil.copytree(RACINE / "data_sources" / "bfc" / "reference", espace / "reference")
    (espace / "base_curee").mkdir()
    shutil.copytree(SALES, dossier / "depot") if PRESENTS else (dossier / "depot").mkdir()
    env = {"BOUSSOLE_HOME": str(dossier), "BOUSSOLE_ESPACE": str(espace), "BOUSSOLE_PROFIL": "agent"}
    app = bootstrap.ouvre(lis_reglages(env))
    yield app, {r.source: r for r in bootstrap.rafraichit(app)}
    app.moteur.dispose()


def valeurs(app: Application, indicateur: str, periode: str) -> pd.Series:
    """Value by territory code at one period."""
    with app.moteur.connect() as connexion:
        places = queries.list_territoires(connexion).set_index("id")["code"]
        cadre = queries.load_series(connexion, app.lecteur, [indicateur], [int(i) for i in places.index])
    cadre = cadre[cadre["fin"] == parse_periode(periode).fin]
    return cadre.assign(code=cadre["territoire_id"].map(places)).set_index("code")["valeur"].astype(float)


@pytest.mark.parametrize("source", [s for s, r in RAPPORTS.items() if r[0] in PRESENTS])
def test_every_line_of_a_real_file_is_accounted_for(
    reel: tuple[Application, Mapping[str, bootstrap.Resultat]], source: str
) -> None:
    resultat = reel[1][source]
    assert resultat.etat == "publie", resultat.message
    assert resultat.entete is not None
    rapport = (resultat.entete.recues, resultat.entete.acceptees, resultat.rejets["ligne"].nunique())
    assert (*rapport, resultat.entete.hors_champ) == RAPPORTS[source][1:]


@pytest.mark.parametrize(("indicateur", "code", "periode", "attendu", "fichier"), VALEURS)
def test_a_figure_is_the_one_of_the_file(  # type: ignore[no-untyped-def]
    reel, indicateur: str, code: str, periode: str, attendu: float, fichier: str
) -> None:
    assert valeurs(reel[0], indicateur, periode)[code] == pytest.approx(attendu, abs=1e-9)


def _lignes(fichier: str, **options: object) -> pd.DataFrame:
    return pd.read_csv(SALES / fichier, dtype=str, **options)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("fichier", sorted({"fibre_ftth_2018T1_commune_raw.csv"} & PRESENTS))
def test_communes_that_vanished_before_the_first_vintage_are_summed_where_they_went(reel, fichier: str) -> None:  # type: ignore[no-untyped-def]
    """Meroux (90068) and Moval (90073) became Meroux-Moval: a 2018 table knows both."""
    lignes = _lignes(fichier, skiprows=4).query("Champ == 'Locaux Raccordables'").set_index("Code commune")
    attendu = int(lignes.loc["90068", "T1 2018"]) + int(lignes.loc["90073", "T1 2018"])
    obtenues = valeurs(reel[0], "locaux_ftth", "2018-T1")
    assert obtenues["COM-90068"] == attendu
    communes = obtenues[obtenues.index.str.startswith("COM-")]
    assert len(communes) == 3685
    assert communes.sum() == lignes["T1 2018"].astype(int).sum()


@pytest.mark.parametrize("fichier", sorted({"anct_fs_bfc.csv"} & PRESENTS))
def test_points_are_counted_by_epci_and_none_is_lost(reel, fichier: str) -> None:  # type: ignore[no-untyped-def]
    obtenus = valeurs(reel[0], "espaces_france_services_recenses", "2026")
    communes = _lignes(fichier)["liste_geo"].str.findall(r"\((\d{5})\)").explode()
    assert obtenus["REG-27"] == len(communes)
    assert obtenus[obtenus.index.str.startswith("EPCI-")].sum() == len(communes)


@pytest.mark.parametrize("fichier", sorted({"sncf_frequentation_gares_bfc.csv"} & PRESENTS))
def test_stations_known_by_their_postcode_add_up_to_the_region(reel, fichier: str) -> None:  # type: ignore[no-untyped-def]
    gares = _lignes(fichier, sep=";", encoding="utf-8-sig")
    assert valeurs(reel[0], "voyageurs_gares", "2024")["REG-27"] == gares["Total Voyageurs 2024"].astype(int).sum()


@pytest.mark.parametrize("fichier", sorted({"fibre_ftth_2018T1_epci_raw.csv"} & PRESENTS))
def test_an_epci_that_is_no_longer_the_same_place_is_said_and_not_shown(reel, fichier: str) -> None:  # type: ignore[no-untyped-def]
    (alerte,) = reel[1]["ftth_epci"].entete.alertes
    assert "13\u202fterritoires ont changé de communes" in alerte
    assert "EPCI-200012060" not in valeurs(reel[0], "locaux_ftth", "2018-T1").index


def test_the_same_files_twice_are_already_published(reel) -> None:  # type: ignore[no-untyped-def]
    etats = {r.source: r.etat for r in bootstrap.rafraichit(reel[0])}
    attendus = {s: "deja_publie" if RAPPORTS[s][0] in PRESENTS else "indisponible" for s in RAPPORTS}
    assert etats == attendus
