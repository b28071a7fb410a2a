"""Programme figures of the committed espace are restated verbatim, and all that is shown can be rebuilt.

Published rows: État (DITP and Etalab baromètres), Écolab, INSEE, Région; each carries the address it comes from.
"""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard import bootstrap
from dashboard.bootstrap import Application
from dashboard.domain.periode import parse_periode
from dashboard.store import commands, queries
from data_sources import pipeline
from tests.data_sources.conftest import valeur

PUBLIES = [
    # indicateur, territoire, période, valeur publiée, publication
    ("taux_locaux_raccordables_fibre", "REG-27", "2024-06", 91.79, "ind-306"),
    ("taux_locaux_raccordables_fibre", "DEP-58", "2017-12", 5, "ovq-data"),
    ("taux_locaux_raccordables_fibre", "DEP-71", "2024-06", 94.22, "ind-306"),
    ("points_recharge_publics", "REG-27", "2024-10", 6148, "ind-316"),
    ("points_recharge_publics", "DEP-58", "2019-09", 93, "ovq-data"),
    ("km_amenagements_cyclables_securises", "REG-27", "2017-12", 2992, "ovq-data"),
    ("km_amenagements_cyclables_securises", "DEP-71", "2024-09", 858, "ind-263"),
    ("maisons_sante_pluripro", "REG-27", "2023-12", 145, "ind-311"),
    ("maisons_sante_pluripro", "DEP-58", "2023-12", 16, "ind-311"),
    ("centres_sante_pluripro", "REG-27", "2023-12", 28, "ind-318"),
    ("part_sau_bio", "REG-27", "2025", 9.770185575256432, "indicators/23.json"),
    ("part_sau_bio", "DEP-71", "2021", 4.5, "ovq-data"),
    ("taux_regularite_ter", "REG-27", "2024-02", 94.14164146564455, "regularite-mensuelle-ter"),
    ("taux_chomage_localise", "DEP-21", "2023-T3", 5.8, "serie/001515886"),
    ("taux_chomage_localise", "REG-27", "2025-T1", 6.7, "statistiques/2121815"),
    ("emploi_salarie_industrie", "REG-27", "2022-T4", 168677, "serie/001738864"),
    ("production_elec_eolien_enedis", "DEP-58", "2023", 131775.763, "maille-departement"),
    ("production_elec_photovoltaique_enedis", "DEP-90", "2023", 6585.965, "maille-departement"),
    ("puissance_solaire_installee_mw", "REG-27", "2025", 1550.6641200000015, "indicators/899.json"),
    ("puissance_eolienne_installee_mw", "REG-27", "2023", 1156.1889999999999, "indicators/898.json"),
    ("consommation_enaf_ha_an", "REG-27", "2023", 895.4306, "indicators/611.json"),
]
CIBLES = [
    # indicateur, territoire, échéance, valeur initiale, sa date, cible
    ("taux_locaux_raccordables_fibre", "REG-27", "2026-12-31", 59.09, "2022-06-30", 100),
    ("points_recharge_publics", "REG-27", "2026-12-31", 2763, "2022-07-31", 8098),
    ("points_recharge_publics", "DEP-58", "2022-03-31", 93, "2019-09-30", 296),
    ("km_amenagements_cyclables_securises", "REG-27", "2026-12-31", 3679, "2022-12-31", 4434),
    ("maisons_sante_pluripro", "REG-27", "2026-12-31", 141, "2022-12-31", 244),
    ("maisons_sante_pluripro", "DEP-58", "2026-12-31", 18, "2022-12-31", 25),
    ("centres_sante_pluripro", "DEP-58", "2026-12-31", 1, "2022-12-31", 2),
    ("part_sau_bio", "REG-27", "2022-12-31", 5.9, "2017-12-31", 15),
]


@pytest.mark.parametrize(("indicateur", "code", "periode", "publiee", "publication"), PUBLIES)
def test_a_published_figure_is_restated_as_it_is(
    bfc: Application, tout: pd.DataFrame, indicateur: str, code: str, periode: str, publiee: float, publication: str
) -> None:  # fmt: skip
    ligne = valeur(tout, indicateur, code, periode)
    assert (ligne["valeur"], ligne["origine"]) == (publiee, "P")
    with bfc.moteur.connect() as connexion:
        sources = queries.load_provenance(connexion, bfc.lecteur, indicateur, code)
    (source,) = sources[sources["fin"] == parse_periode(periode).fin].itertuples()
    assert publication in source.source_url
    assert source.date_source is not None


@pytest.mark.parametrize(("indicateur", "code", "echeance", "initiale", "quand", "cible"), CIBLES)
def test_an_official_target_is_restated_as_it_is(
    bfc: Application, indicateur: str, code: str, echeance: str, initiale: float, quand: str, cible: float
) -> None:  # fmt: skip
    with bfc.moteur.connect() as connexion:
        cadre = queries.load_objectifs(connexion, bfc.lecteur, [indicateur])
    (lue,) = cadre[(cadre["code_territoire"] == code) & (cadre["echeance"].astype(str) == echeance)].itertuples()
    assert (lue.valeur, lue.valeur_initiale, str(lue.date_initiale)) == (cible, initiale, quand)
    assert lue.auteur == "État"
    assert lue.source_url.startswith("https://")


COMPTES = {
    # source: indicators it carries, values published, roll-ups of ours
    "programmes": (80, 5090, 4 * 13 + 2),
    "grands_nombres": (4, 160, 0),
    "evolutions": (3, 3, 0),
    "budgets": (5, 16, 0),
}


@pytest.mark.parametrize("source", COMPTES)
def test_nothing_is_missing_from_what_was_published(bfc: Application, tout: pd.DataFrame, source: str) -> None:
    """Enedis publishes by département only: the region is our sum of the eight, for 13 years and four sources of power;
    so are two quarters of France Relance, all at zero."""
    siens = [i.id for i in bfc.espace.indicateurs if i.source == source]
    origines = tout[tout.index.get_level_values("indicateur").isin(siens)]["origine"]
    assert (len(siens), origines.eq("P").sum(), origines.eq("C").sum()) == COMPTES[source]


def test_no_target_is_missing(bfc: Application) -> None:
    with bfc.moteur.connect() as connexion:
        assert len(queries.load_objectifs(connexion, bfc.lecteur, [i.id for i in bfc.espace.indicateurs])) == 273


# ------------------------------------------------------------------------------------------------ rebuild


def test_all_that_is_shown_is_rebuilt_from_what_was_received(bfc: Application, tout: pd.DataFrame) -> None:
    contexte = bootstrap.contexte(bfc)
    with bfc.moteur.connect() as connexion:
        rebati = pipeline.tout_projete(contexte, connexion)
        cles = {rang: nom for nom, rang in commands.cles_indicateurs(connexion).items()}
    rebati = rebati.assign(indicateur=rebati["indicateur_id"].map(cles))
    rebati = rebati.assign(**{c: rebati[c].dt.date for c in ("debut", "fin")})
    index = ["indicateur", "territoire_id", "fin", "frequence"]
    colonnes = [c for c in commands.CONTENU_VALEUR if c in rebati]
    gauche = rebati.set_index(index).sort_index()[colonnes]
    droite = tout.reset_index().set_index(index).sort_index()[colonnes]
    assert len(gauche) == len(droite) == tout.shape[0]
    pd.testing.assert_frame_equal(gauche, droite, check_dtype=False, check_exact=True)
