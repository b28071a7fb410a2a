"""The steering content of the committed espace: known figures, sums that hold, targets that say who set them, statuts.

The figures are those of the publications; what is left out, and why, is in docs/decisions/0013.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from dashboard.bootstrap import Application
from dashboard.domain.agregation import Methode
from dashboard.domain.programme import EtatProgramme, etat_programme
from dashboard.domain.situation import Situation, situe_tous
from dashboard.domain.statut import Statut
from dashboard.store import queries
from tests.data_sources.conftest import valeur

ARRETE = date(2026, 11, 25)
REGION = "REG-27"
PUBLIES = [
    # indicateur, territoire, période, valeur publiée
    ("sites_4g_new_deal", "REG-27", "2024-06", 378),
    ("accompagnements_conseillers_numeriques", "REG-27", "2024-09", 257784),
    ("km_petites_lignes_regenerees", "REG-27", "2022", 77),
    ("trains_ter_annules", "REG-27", "2024-02", 171),
    ("part_population_cpts", "DEP-71", "2024-05", 66),
    ("actes_mensuels_france_services", "REG-27", "2024-07", 66821),
    ("arbres_plantes_aides_publiques_millions", "DEP-58", "2024-09", 3.7),
    ("evolution_ges_vs_2008", "REG-27", "2022", -22.5),
    ("puissance_photovoltaique_gw", "REG-27", "2024-03", 0.92),
    ("habitants_solution_tri_biodechets", "REG-27", "2024-07", 1304811),
    ("dma_kg_par_habitant", "REG-27", "2022", 553),
    ("contrats_apprentissage_cumul_annuel", "REG-27", "2023-12", 29960),
    ("emploi_salarie_total", "REG-27", "2022-T4", 994134),
    ("budget_primitif_total", "REG-27", "2026", 1967),
    ("budget_politiques_publiques", "REG-27", "2026", 1536),
]
CIBLES = [
    # indicateur, auteur, échéance, valeur initiale, sa date, cible
    ("maisons_sante_pluripro", "État", "2022-12-31", 91, "2017-06-30", 147),
    ("maisons_sante_pluripro", "État", "2026-12-31", 141, "2022-12-31", 244),
    ("evolution_ges_vs_2008", "schéma", "2030-12-31", 0, "2008-12-31", -50),
    ("reduction_enaf_vs_2011_2020", "schéma", "2030-12-31", 0, "2020-12-31", -50),
    ("dma_kg_par_habitant", "schéma", "2031-12-31", None, None, 445),
    ("contrats_apprentissage_cumul_annuel", "État", "2026-12-31", None, None, 35187),
    ("taux_poursuite_etudes_lycee_pro", "État", "2027-01-31", 49, "2022-12-31", 56),
]
ATTENDUS = {
    # programme: TA, TA attendu, statut at the région on 25/11/2026
    "tres_haut_debit": (79.9, 44.4, Statut.DANS_LA_TRAJECTOIRE),
    "couverture_mobile_4g": (56.4, 45.4, Statut.DANS_LA_TRAJECTOIRE),
    "inclusion_numerique": (62.9, 43.7, Statut.DANS_LA_TRAJECTOIRE),
    "bornes_de_recharge": (63.4, 51.0, Statut.DANS_LA_TRAJECTOIRE),
    "amenagements_cyclables": (29.7, 43.7, Statut.A_SURVEILLER),
    "petites_lignes": (77.0, 100.0, Statut.ECHU_NON_ATTEINT),
    "regularite_ter": (None, None, Statut.NON_MESURE),
    "maisons_de_sante": (3.9, 25.0, Statut.EN_RETARD),
    "soins_coordonnes": (36.4, 33.3, Statut.DANS_LA_TRAJECTOIRE),
    "france_services": (67.2, 47.3, Statut.DANS_LA_TRAJECTOIRE),
    "agriculture_biologique": (42.5, 100.0, Statut.ECHU_NON_ATTEINT),
    "plantation_arbres": (2.4, 42.5, Statut.EN_RETARD),
    "gaz_effet_de_serre": (45.0, 64.4, Statut.A_SURVEILLER),
    "photovoltaique": (30.2, 31.2, Statut.DANS_LA_TRAJECTOIRE),
    "renovation_logements": (184.2, 100.0, Statut.ATTEINT),
    "sobriete_fonciere": (None, None, Statut.NON_MESURE),
    "tri_biodechets": (44.2, 51.6, Statut.A_SURVEILLER),
    "dechets_menagers": (None, None, Statut.NON_MESURE),
    "filieres_rep": (1.4, 40.0, Statut.EN_RETARD),
    "reutilisation_eaux": (4.2, 28.0, Statut.EN_RETARD),
    "apprentissage": (None, None, Statut.NON_MESURE),
    "formation_demandeurs_emploi": (193.0, 100.0, Statut.ATTEINT),
    "voie_professionnelle": (33.9, 24.7, Statut.DANS_LA_TRAJECTOIRE),
    "accueil_industriel": (38.7, 25.0, Statut.DANS_LA_TRAJECTOIRE),
    "insertion_emploi": (16.8, 95.7, Statut.ECHU_NON_ATTEINT),
    "culture_engagement": (68.2, 41.4, Statut.DANS_LA_TRAJECTOIRE),
    "fonds_europeens": (None, None, Statut.NON_MESURE),
}
ECARTS = {
    # periods whose published region is not the sum of the départements, as the publications are
    "km_amenagements_cyclables_securises": {"2017-12-31", "2018-12-31", "2019-12-31"},
    "dossiers_maprimerenov_valides": {"2022-09-30"},
}


@pytest.fixture(scope="module")
def cibles(bfc: Application) -> pd.DataFrame:
    with bfc.moteur.connect() as connexion:
        return queries.load_objectifs(connexion, bfc.lecteur, [i.id for i in bfc.espace.indicateurs])


@pytest.fixture(scope="module")
def regionales(bfc: Application, cibles: pd.DataFrame) -> dict[str, Situation]:
    """Situation of every indicator at the région."""
    ids = [i.id for i in bfc.espace.indicateurs]
    with bfc.moteur.connect() as connexion:
        places = queries.list_territoires(connexion)
        (rang,) = places[places["code"].eq(REGION)]["id"]
        series = queries.load_series(connexion, bfc.lecteur, ids, [int(rang)])
    situations = situe_tous(bfc.espace.indicateurs, {int(rang): REGION}, series, cibles, ARRETE, bfc.espace.seuils)
    return {i: s[REGION] for i, s in situations.items()}


def _ecart(ecarts: pd.DataFrame, arrondi: float) -> set[str]:
    """Ends of the periods where eight départements are published and do not add up, beyond 0.1 % and a rounding."""
    complets = ecarts.dropna()
    admis = complets["region"].abs().mul(0.001).clip(lower=arrondi)
    return {str(fin) for fin in complets.index[(complets["region"] - complets["somme"]).abs() > admis]}


@pytest.mark.parametrize(("indicateur", "code", "periode", "publiee"), PUBLIES)
def test_a_published_figure_is_restated_as_it_is(
    tout: pd.DataFrame, indicateur: str, code: str, periode: str, publiee: float
) -> None:
    ligne = valeur(tout, indicateur, code, periode)
    assert (ligne["valeur"], ligne["origine"]) == (publiee, "P")


@pytest.mark.parametrize(("indicateur", "auteur", "echeance", "initiale", "quand", "cible"), CIBLES)
def test_each_target_keeps_its_author_and_its_own_baseline(
    cibles: pd.DataFrame, indicateur: str, auteur: str, echeance: str, initiale: float | None, quand: str | None,
    cible: float,
) -> None:  # fmt: skip
    siennes = cibles[cibles["indicateur"].eq(indicateur) & cibles["code_territoire"].eq(REGION)]
    (lue,) = siennes[siennes["echeance"].astype(str).eq(echeance)].itertuples()
    assert (lue.auteur, lue.valeur) == (auteur, cible)
    assert (None if pd.isna(lue.valeur_initiale) else lue.valeur_initiale) == initiale
    assert (None if pd.isna(lue.date_initiale) else str(lue.date_initiale)) == quand


def test_every_target_says_by_which_act_and_where_it_was_read(cibles: pd.DataFrame) -> None:
    assert cibles["acte"].str.len().gt(10).all()
    assert cibles["source_url"].str.startswith("http").all()
    assert set(cibles["auteur"]) == {"État", "schéma"}


def test_milestones_of_the_schemes_are_kept(cibles: pd.DataFrame) -> None:
    avec = cibles[cibles["jalons"].ne("[]")].set_index("indicateur")["jalons"].to_dict()
    assert avec == {
        "evolution_ges_vs_2008": '[["2021-12-31", -30]]',
        "dma_kg_par_habitant": '[["2025-12-31", 475]]',
    }


def test_a_target_is_set_on_what_has_a_wanted_direction_and_belongs_to_a_programme(
    bfc: Application, cibles: pd.DataFrame
) -> None:
    vises = [bfc.espace.indicateur(i) for i in cibles["indicateur"].unique()]
    assert {i.nature for i in vises} == {"programme"}
    assert {i.sens for i in vises} <= {"hausse", "baisse"}
    assert [i.id for i in vises if bfc.espace.programme_de(i.id) is None] == []


def test_regions_are_the_sum_of_their_departements_but_for_known_exceptions(
    bfc: Application, tout: pd.DataFrame
) -> None:
    """Two units are let through, and eight roundings of trees, published in tenths of a million."""
    ecarts = {}
    for declare in bfc.espace.indicateurs:
        if declare.agregation is not Methode.SOMME or declare.source not in ("programmes", "grands_nombres"):
            continue
        publiees = tout.loc[declare.id].reset_index()
        publiees = publiees[publiees["origine"].eq("P")]
        departements = publiees[publiees["code"].str.startswith("DEP-")].groupby("fin")["valeur"]
        complets = departements.sum()[departements.count().eq(8)]
        regions = publiees[publiees["code"].eq(REGION)].set_index("fin")["valeur"]
        arrondi = 2 if declare.decimales == 0 else 0.35
        if faux := _ecart(pd.DataFrame({"region": regions, "somme": complets}), arrondi):
            ecarts[declare.id] = faux
    assert ecarts == ECARTS


@pytest.mark.parametrize("programme", ATTENDUS)
def test_a_programme_stands_where_its_published_figures_put_it(
    bfc: Application, regionales: dict[str, Situation], programme: str
) -> None:
    etat: EtatProgramme = etat_programme(bfc.espace.programme(programme), REGION, regionales, bfc.espace.seuils)
    taux, attendu, statut = ATTENDUS[programme]
    assert etat.statut is statut
    assert (etat.taux is None, etat.attendu is None) == (taux is None, attendu is None)
    if taux is not None:
        assert (etat.taux, etat.attendu) == pytest.approx((taux, attendu), abs=0.06)


def test_every_programme_is_expected(bfc: Application) -> None:
    assert [p.id for p in bfc.espace.programmes] == list(ATTENDUS)


def test_a_programme_that_nothing_measures_says_what_is_missing(
    bfc: Application, regionales: dict[str, Situation]
) -> None:
    for programme in bfc.espace.programmes:
        etat = etat_programme(programme, REGION, regionales, bfc.espace.seuils)
        assert (programme.non_mesure is not None) == (etat.statut is Statut.NON_MESURE), programme.id


def test_apprenticeship_is_compared_on_closed_years(regionales: dict[str, Situation]) -> None:
    """1,725 contracts at the end of April is no fall after 29,960 in December."""
    situation = regionales["contrats_apprentissage_cumul_annuel"]
    assert situation.serie[-1] == (date(2024, 4, 30), 1725)
    assert (situation.avancement.va, situation.avancement.date_va) == (29960, date(2023, 12, 31))


def test_names_hold_on_one_line_of_a_table(bfc: Application) -> None:
    assert [p.nom for p in bfc.espace.programmes if len(p.nom) > 28 or len(p.nom_court) > 18] == []
    assert [i.libelle_court for i in bfc.espace.indicateurs if len(i.libelle_court) > 28] == []


def test_money_is_published_by_context_indicators(bfc: Application) -> None:
    credits = {p.id: p.credits.declares for p in bfc.espace.politiques if p.credits.declares}
    assert credits == {
        "agriculture": {"vote": "budget_agriculture"},
        "economie": {"vote": "budget_economie_emploi_ess"},
        "budget": {"vote": "budget_primitif_total"},
    }
    assert all(bfc.espace.indicateur(i).unite == "M€" for c in credits.values() for i in c.values())
