"""Real deliveries, dirty as they came: each reads, under its header, with all its rows. BOUSSOLE_SALES tells where."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.data_sources.connecteurs.ecrit import lignes

RACINE = Path(__file__).resolve().parents[3]
SALES = Path(os.environ.get("BOUSSOLE_SALES") or RACINE.parent / "shared/data/dirty")
# name: rows, columns, line of the first row, first and last column
ATTENDUS = {
    "anct_acv_bfc.csv": (15, 6, 2, "id_territoire", "lat"),
    "anct_fs_bfc.csv": (221, 7, 2, "id_geo", "lat"),
    "anct_pvd_bfc.csv": (109, 6, 2, "id_territoire", "lat"),
    "anct_va_bfc.csv": (237, 5, 2, "id_territoire", "lat"),
    "fibre_communes_2018_raw.csv": (3734, 13, 6, "Code commune", "OI 2018 T1"),
    "fibre_ftth_2018T1_commune_raw.csv": (7468, 5, 6, "Code commune", "T1 2018"),
    "fibre_ftth_2018T1_departement_raw.csv": (16, 5, 6, "Code département", "T1 2018"),
    "fibre_ftth_2018T1_epci_raw.csv": (238, 5, 6, "Siren EPCI", "T1 2018"),
    "fibre_ftth_2018T1_region_raw.csv": (6, 5, 6, "Code région", "T1 2018"),
    "insee_comparateur_communes_2024.csv": (3724, 19, 2, "insee_com", "pop_15_64_active_2021"),
    "region_bfc_bp2024_vue_generale.csv": (27, 11, 2, "region", "total_budget"),
    "sncf_frequentation_gares_bfc.csv": (200, 27, 2, "Nom de la gare", "Total Voyageurs + Non voyageurs 2015"),
}


def test_every_real_delivery_at_hand_reads_with_its_header_and_all_its_rows() -> None:
    for fichier in sorted(SALES.glob("*.csv")):
        n, largeur, premiere, debut, fin = ATTENDUS[fichier.name]
        table = lignes(fichier)
        assert table.shape == (n, largeur), fichier.name
        assert (table.columns[0], table.columns[-1]) == (debut, fin), fichier.name
        assert (table.index[0], table.index[-1]) == (premiere, premiere + n - 1), fichier.name


@pytest.mark.parametrize("fichier", sorted(SALES.glob("*.csv")) or [None], ids=lambda f: f.name if f else "absent")
def test_no_cell_of_a_real_delivery_is_lost_or_changed(fichier: Path | None) -> None:
    if fichier is None:
        return
    lues = lignes(fichier)
    brutes = fichier.read_text(encoding="utf-8-sig").splitlines()
    for ligne in (lues.index[0], lues.index[-1]):
        presentes = [str(c) for c in lues.loc[ligne] if isinstance(c, str)]
        assert all(c in brutes[ligne - 1] for c in presentes), f"{fichier.name}, ligne {ligne}"
