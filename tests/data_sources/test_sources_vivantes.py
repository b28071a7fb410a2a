"""Living sources of the cockpit: each pulled through the real connector and pipeline, from a reply in the format
its producer publishes (``tests/donnees/reponses/README.md`` tells which figures are real), into the committed espace.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

from dashboard import bootstrap
from dashboard.bootstrap import Application
from dashboard.domain.formatage import date_courte, jour_local
from dashboard.domain.periode import Frequence, Periode, parse_periode
from dashboard.domain.source import Source
from dashboard.reglages import lis_reglages
from dashboard.store import queries, tirages
from data_sources.connectors import client
from data_sources.pipeline import Resultat
from tests.data_sources.connecteurs.serveur import Rep, Serveur
from tests.pages.conftest import Ouvre, ouvre_avec, servi

REPONSES = Path(__file__).resolve().parents[1] / "donnees" / "reponses"
TYPES = {".json": "application/json; charset=utf-8", ".xml": "application/xml;charset=UTF-8", ".csv": "text/csv"}
VIVANTES = {
    "sncf_regularite_ter": ("taux_regularite_ter",),
    "enedis_production": ("production_elec_photovoltaique_enedis", "production_elec_eolien_enedis"),
    "odre_parc_installe": ("puissance_solaire_installee_mw", "puissance_eolienne_installee_mw"),
    "insee_chomage": ("taux_chomage_localise",),
    "insee_emploi_industrie": ("emploi_salarie_industrie",),
    "cerema_conso_enaf": ("consommation_enaf_ha_an",),
}
Cle = tuple[str, str]
__all__ = ["ouvre_avec", "servi"]  # fixtures of the pages


@dataclass
class Direct:
    """The committed espace in a store of its own, its living sources answered by a server of ours."""

    app: Application
    serveur: Serveur

    def tire(self, source: str) -> Resultat:
        (resultat,) = bootstrap.rafraichit(self.app, [source])
        return resultat

    def repond(self, source: str) -> None:
        """The recorded reply, at the very path that the record asks for."""
        (fichier,) = REPONSES.glob(f"{source}.*")
        chemin = next(s for s in self.app.sources if s.id == source).url.removeprefix(self.serveur.url)
        reponse = Rep(fichier.read_bytes(), 200, {"Content-Type": TYPES[fichier.suffix]})
        self.serveur.repond = lambda demande: reponse if demande.chemin == chemin else Rep(code=404)

    def valeurs(self, indicateur: str) -> dict[Cle, float]:
        """Every value shown, by territory code and period."""
        return {cle: float(v) for cle, v in self.cadre(indicateur)["valeur"].items()}

    def cadre(self, indicateur: str) -> pd.DataFrame:
        with self.app.moteur.connect() as connexion:
            places = queries.list_territoires(connexion).set_index("id")["code"]
            series = queries.load_series(connexion, self.app.lecteur, [indicateur], [int(i) for i in places.index])
        codes = series["territoire_id"].map(places)
        bornes = zip(series["debut"], series["fin"], series["frequence"], strict=True)
        periodes = [Periode(debut, fin, Frequence(frequence)).code for debut, fin, frequence in bornes]
        return series.set_index([codes, periodes])

    def dernier(self, source: str) -> tirages.Tirage:
        with self.app.moteur.connect() as connexion:
            tirage = tirages.dernier(connexion, source)
        assert tirage is not None
        return tirage


def _vers(source: Source, serveur: Serveur) -> Source:
    """The committed record, asked of our server; a few rows are enough."""
    hote = source.url.split("/")[2]
    return source.model_copy(
        update={
            "url": source.url.replace(f"https://{hote}", serveur.url),
            "lecture": source.lecture.model_copy(update={"hotes": (serveur.hote,)}),
            "attentes": source.attentes.model_copy(update={"lignes_min": 1}),
        }
    )


@pytest.fixture
def direct(
    magasin_pret: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Direct]:  # fmt: skip
    monkeypatch.setattr(client, "patiente", lambda secondes: None)
    home = shutil.copytree(magasin_pret["BOUSSOLE_HOME"], tmp_path / "home")
    app = bootstrap.ouvre(lis_reglages({**magasin_pret, "BOUSSOLE_HOME": str(home), "BOUSSOLE_PROFIL": "agent"}))
    serveur = Serveur()
    sources = tuple(_vers(s, serveur) if s.id in VIVANTES else s for s in app.sources)
    yield Direct(replace(app, sources=sources), serveur)
    serveur.ferme()
    app.moteur.dispose()


def test_every_living_source_is_declared_and_serves_its_indicators(bfc: Application) -> None:
    directes = {s.id: tuple(i.id for i in bfc.espace.indicateurs if i.source_directe == s.id) for s in bfc.sources}
    assert {s: set(i) for s, i in directes.items() if i} == {s: set(i) for s, i in VIVANTES.items()}
    for source in (s for s in bfc.sources if s.id in VIVANTES):
        assert not source.embarquee
        assert source.url.startswith("https://")
        assert (source.tirage, source.producteur is not None) in {("semaine", True), ("mois", True)}
        assert source.attentes.valeur_max is not None


def test_the_regularity_of_trains_is_that_of_the_producer_month_by_month(direct: Direct) -> None:
    avant = direct.valeurs("taux_regularite_ter")
    assert len(avant) == 74
    direct.repond("sncf_regularite_ter")
    resultat = direct.tire("sncf_regularite_ter")
    assert resultat.etat == "publie", resultat.message
    apres = direct.valeurs("taux_regularite_ter")
    assert apres == {**avant, ("REG-27", "2024-01"): 90.0, ("REG-27", "2026-10"): 91.5}
    assert apres["REG-27", "2024-02"] == 94.14164146564455  # as the producer writes it
    (demande,) = direct.serveur.demandes
    assert demande.parametres["where"] == 'region="Bourgogne-Franche-Comté"'
    assert direct.tire("sncf_regularite_ter").etat == "deja_publie"


def test_the_three_voltages_of_a_departement_are_added_and_an_empty_cell_is_not_zero(direct: Direct) -> None:
    soleil, vent = VIVANTES["enedis_production"]
    avant = {i: direct.valeurs(i) for i in (soleil, vent)}
    direct.repond("enedis_production")
    assert direct.tire("enedis_production").etat == "publie"
    apres = {i: direct.valeurs(i) for i in (soleil, vent)}
    nievre = {i: {p: v for (code, p), v in apres[i].items() if code == "DEP-58"} for i in (soleil, vent)}
    assert nievre[soleil]["2013"] == pytest.approx(6569.333617)  # the published sum, found again
    assert (nievre[soleil]["2023"], nievre[soleil]["2024"]) == (1000.5, 61.0)
    assert (nievre[vent]["2013"], nievre[vent]["2023"], nievre[vent]["2024"]) == (1206.114, 2000.25, 40.0)
    for i in (soleil, vent):
        changees = {cle for cle in apres[i] if apres[i][cle] != avant[i].get(cle) and cle[1] not in ("2023", "2024")}
        assert changees <= {("DEP-58", "2013"), ("REG-27", "2013")}  # the last digit of a sum of three
        assert all(apres[i][cle] == pytest.approx(avant[i][cle]) for cle in changees)


def test_installed_power_comes_year_by_year(direct: Direct) -> None:
    soleil, vent = VIVANTES["odre_parc_installe"]
    avant = {i: direct.valeurs(i) for i in (soleil, vent)}
    assert (len(avant[soleil]), len(avant[vent])) == (24, 19)
    direct.repond("odre_parc_installe")
    assert direct.tire("odre_parc_installe").etat == "publie"
    assert direct.valeurs(soleil) == {**avant[soleil], ("REG-27", "2023"): 700.5, ("REG-27", "2026"): 1600.25}
    assert direct.valeurs(vent) == {**avant[vent], ("REG-27", "2026"): 1300}  # no value is not zero


def test_unemployment_comes_by_quarter_for_the_region_and_its_departements(direct: Direct) -> None:
    avant = direct.valeurs("taux_chomage_localise")
    assert len(avant) == 318
    direct.repond("insee_chomage")
    assert direct.tire("insee_chomage").etat == "publie"
    assert direct.valeurs("taux_chomage_localise") == {
        **avant, ("DEP-21", "2023-T3"): 9.9, ("DEP-21", "2026-T3"): 1.2, ("REG-27", "2026-T3"): 1.1,
    }  # fmt: skip


def test_jobs_in_industry_come_the_same_way(direct: Direct) -> None:
    avant = direct.valeurs("emploi_salarie_industrie")
    assert len(avant) == 288
    direct.repond("insee_emploi_industrie")
    assert direct.tire("insee_emploi_industrie").etat == "publie"
    assert direct.valeurs("emploi_salarie_industrie") == {
        **avant, ("DEP-21", "2022-T4"): 26000, ("DEP-21", "2026-T2"): 123, ("REG-27", "2026-T2"): 1234,
    }  # fmt: skip


def test_land_use_comes_by_commune_in_hectares_beside_the_published_region(direct: Direct) -> None:
    avant = direct.valeurs("consommation_enaf_ha_an")
    assert len(avant) == 15
    direct.repond("cerema_conso_enaf")
    resultat = direct.tire("cerema_conso_enaf")
    assert resultat.etat == "publie", resultat.message
    cadre = direct.cadre("consommation_enaf_ha_an")
    apres = direct.valeurs("consommation_enaf_ha_an")
    assert {cle: apres[cle] for cle in avant} == avant  # the published region stays
    assert apres["COM-21231", "2024"] == 1.2345  # 12 345 m², exactly
    assert apres["COM-21003", "2012"] == 0
    assert {p for code, p in apres if code == "COM-58194"} == {str(a) for a in range(2011, 2025)}
    assert apres["DEP-58", "2024"] == pytest.approx(2.469)
    assert cadre.loc[("DEP-58", "2024"), "origine"] == "C"
    assert not any(code == "COM-33063" for code, _ in apres)
    (convertie,) = [t for t in resultat.entete.traces if t.regle == "facteur"]  # type: ignore[union-attr]
    assert convertie.nombre == 3 * 14
    assert (convertie.exemples[0].avant, convertie.exemples[0].apres) == ("1000", "0.1000")


@pytest.mark.parametrize("source", VIVANTES)
def test_a_producer_that_fails_changes_nothing_and_the_reason_is_kept(direct: Direct, source: str) -> None:
    avant = {i: direct.valeurs(i) for i in VIVANTES[source]}
    direct.serveur.repond = lambda demande: Rep("panne", 500)
    resultat = direct.tire(source)
    assert resultat.etat == "indisponible"
    assert {i: direct.valeurs(i) for i in VIVANTES[source]} == avant
    tirage = direct.dernier(source)
    assert (tirage.etat, tirage.reussi) == ("indisponible", False)
    assert "code 500" in tirage.message


def test_the_shipped_base_published_again_does_not_win_over_the_producer(direct: Direct) -> None:
    direct.repond("sncf_regularite_ter")
    direct.tire("sncf_regularite_ter")
    apres = direct.valeurs("taux_regularite_ter")
    direct.app = replace(direct.app, empreinte="0" * 64)  # other rules: everything is projected again
    assert direct.tire("programmes").etat in ("publie", "deja_publie")
    assert direct.valeurs("taux_regularite_ter") == apres


def test_the_first_refresh_reads_the_shipped_base_only(direct: Direct) -> None:
    resultats = list(bootstrap.rafraichit(direct.app, embarque=True))
    assert {r.source for r in resultats} == {s.id for s in direct.app.sources} - set(VIVANTES)
    assert direct.serveur.demandes == []
    assert "-m dashboard refresh --embarque" in (Path(__file__).parents[2] / "Makefile").read_text()


def test_a_full_refresh_pulls_the_living_sources_once_a_week(direct: Direct) -> None:
    direct.repond("sncf_regularite_ter")
    etats = {r.source: r.etat for r in bootstrap.rafraichit(direct.app)}
    assert etats["sncf_regularite_ter"] == "publie"
    assert etats["insee_chomage"] == "indisponible"  # 404 here: one failure never stops another
    assert "sncf_regularite_ter" not in {r.source for r in bootstrap.rafraichit(direct.app)}


def test_a_store_without_any_living_pull_is_ready(bfc: Application) -> None:
    controle = bootstrap._controle_lots(bfc)
    assert (controle.ok, controle.message) == (True, "10 sources publiées sur 10.")


def test_each_figure_names_the_source_it_comes_from(direct: Direct) -> None:
    """The published region keeps its own row when communes come beside it; a month that was pulled names it."""
    for source in ("cerema_conso_enaf", "sncf_regularite_ter"):
        direct.repond(source)
        assert direct.tire(source).etat == "publie"
    lecteur = direct.app.lecteur
    with direct.app.moteur.connect() as connexion:
        for indicateur, attendues in (
            ("consommation_enaf_ha_an", {"2023": "programmes"}),
            ("taux_regularite_ter", {"2023-11": "programmes", "2024-01": "sncf_regularite_ter"}),
        ):
            declare = direct.app.espace.indicateur(indicateur)
            lignes = queries.load_provenance(connexion, lecteur, indicateur, "REG-27", declare.sources)
            par_fin = lignes.set_index("fin")["source"]
            assert {p: par_fin[parse_periode(p).fin] for p in attendues} == attendues


def test_what_is_shown_tells_when_the_producer_was_last_pulled(
    direct: Direct, ouvre_avec: Callable[[Mapping[str, str]], Ouvre]
) -> None:
    direct.repond("sncf_regularite_ter")
    direct.tire("sncf_regularite_ter")
    direct.serveur.repond = lambda demande: Rep(code=500)
    direct.tire("sncf_regularite_ter")
    jour = date_courte(jour_local(direct.dernier("sncf_regularite_ter").quand))
    ouvre = ouvre_avec({"BOUSSOLE_HOME": str(direct.app.reglages.home), "BOUSSOLE_DATE_ARRETE": "2026-11-23"})
    attendu = f"tiré en direct le {jour} ; dernier essai sans succès le {jour}"
    assert attendu in ouvre("indicateur", indicateur="taux_regularite_ter").sains().texte
    assert attendu in ouvre("catalogue", jeu="sncf_regularite_ter").sains().texte
