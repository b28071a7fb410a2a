"""One pull: what is good is published in one lot, what is bad is refused with reasons, yesterday stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from dashboard.store import queries
from dashboard.store.commands import Bilan
from dashboard.store.schema import objectif, rejet, valeur
from data_sources import pipeline
from tests.mini import COMMUNES, NORD, REGION, Atelier, cible, ligne

BONNES = tuple(ligne(c, p) for c, (_, _, p) in COMMUNES.items())


def etat_complet(atelier: Atelier) -> pd.DataFrame:
    with atelier.moteur.connect() as connexion:
        return pd.DataFrame(connexion.execute(select(valeur)).mappings().all())


REFUS = [
    ({"lignes_min": 9}, "8 lignes reçues, entre 9 et 5 000 000 attendues. Vérifier la livraison."),
    ({"lignes_max": 7}, "8 lignes reçues, entre 1 et 7 attendues."),
    ({"valeur_max": 300}, "1 ligne refusée (0 admises). Ligne 5 : valeur 400 hors des bornes"),
    ({"totaux": {"effectif 2023": 1001.0}}, "effectif 2023 totalise 1 000, 1 001 attendus. Vérifier le millésime"),
    ({"totaux": {"effectif 2022": 1000.0}}, "effectif 2022 totalise 0, 1 000 attendus."),
]


@pytest.mark.parametrize(("attentes", "raison"), REFUS, ids=[r[1][:30] for r in REFUS])
def test_an_implausible_pull_leaves_yesterday_untouched(
    atelier_sqlite: Atelier, attentes: dict[str, Any], raison: str
) -> None:
    atelier_sqlite.livre(*(x | {"valeur": 1} for x in BONNES))
    hier = etat_complet(atelier_sqlite)
    resultat = atelier_sqlite.livre(*BONNES, **attentes)
    assert resultat.etat == "refuse"
    assert resultat.message.replace("\u202f", " ").startswith(f"Source « comptes » : {raison}")
    pd.testing.assert_frame_equal(etat_complet(atelier_sqlite), hier)
    lot = atelier_sqlite.lots().iloc[0]
    assert (lot["statut"], lot["recues"], lot["acceptees"], lot["message"]) == ("refuse", 8, 0, resultat.message)


def test_a_refused_lot_keeps_its_refused_rows(atelier_sqlite: Atelier) -> None:
    atelier_sqlite.livre(*BONNES, ligne("COM-00000", 1))
    with atelier_sqlite.moteur.connect() as connexion:
        (refuse,) = queries.load_rejets(connexion, 1).itertuples()
    assert (refuse.ligne, refuse.colonne, refuse.valeur, refuse.motif) == (
        9,
        "code_territoire",
        "COM-00000",
        "territoire_inconnu",
    )
    assert refuse.message == "territoire « COM-00000 » absent du COG du millésime déclaré"
    assert refuse.suggestion == "corriger le code ou le millésime de la source"


def test_a_refused_delivery_is_tried_again_and_a_good_one_passes(atelier_sqlite: Atelier) -> None:
    assert atelier_sqlite.livre(*BONNES, lignes_min=9).etat == "refuse"
    assert atelier_sqlite.livre(*BONNES, lignes_min=9).etat == "refuse"
    assert atelier_sqlite.livre(*BONNES).etat == "publie"
    assert atelier_sqlite.chiffres()[REGION] == 1000


def test_a_missing_column_refuses_the_lot(atelier_sqlite: Atelier) -> None:
    atelier_sqlite.livre(*BONNES)
    atelier_sqlite.livraison = atelier_sqlite.livraison.drop(columns="valeur")
    resultat = pipeline.tire(atelier_sqlite.contexte, atelier_sqlite.source())
    assert resultat.etat == "refuse"
    assert "colonne « valeur » absente. Colonnes reçues : « indicateur », « code_territoire »" in resultat.message
    assert atelier_sqlite.chiffres()[REGION] == 1000


def test_refusals_that_are_admitted_are_set_apart_and_the_rest_is_published(atelier: Atelier) -> None:
    resultat = atelier.livre(*BONNES, ligne("COM-00000", 5), ligne("COM-98001", "x", periode="2022"), rejets_max=2)
    assert resultat.etat == "publie"
    lot = atelier.lots().iloc[0]
    assert (lot["recues"], lot["acceptees"], lot["rejetees"]) == (10, 8, 2)
    with atelier.moteur.connect() as connexion:
        motifs = connexion.execute(select(rejet.c.ligne, rejet.c.motif).order_by(rejet.c.ligne)).all()
    assert (9, "territoire_inconnu") in [tuple(m) for m in motifs]
    assert {m.ligne for m in motifs} == {9, 10}
    assert atelier.chiffres()[REGION] == 1000


def test_a_dry_run_writes_nothing(atelier_sqlite: Atelier) -> None:
    version = atelier_sqlite.version()
    bonne = atelier_sqlite.livre(*BONNES, a_blanc=True)
    mauvaise = atelier_sqlite.livre(*BONNES, a_blanc=True, lignes_min=9)
    assert (bonne.etat, bonne.message) == ("verifie", "8\u202flignes à publier, 0\u202fligne refusée : 14 nouvelles")
    assert mauvaise.etat == "refuse"
    assert (atelier_sqlite.version(), len(atelier_sqlite.lots())) == (version, 0)


def test_an_empty_delivery_that_is_admitted_publishes_an_empty_lot(atelier_sqlite: Atelier) -> None:
    resultat = atelier_sqlite.livre(lignes_min=0)
    assert (resultat.etat, resultat.message) == ("publie", "lot 1 publié : aucune valeur")


def test_a_new_rule_shows_the_same_rows_again(atelier_sqlite: Atelier) -> None:
    atelier_sqlite.livre(*BONNES)
    assert atelier_sqlite.livre(*BONNES).etat == "deja_publie"
    declares = tuple(
        i.model_copy(update={"mailles": i.mailles[:1]}) if i.id == "effectif" else i
        for i in atelier_sqlite.espace.indicateurs
    )
    atelier_sqlite.espace = atelier_sqlite.espace.model_copy(update={"indicateurs": declares})
    assert atelier_sqlite.livre(*BONNES).etat == "publie"
    assert set(atelier_sqlite.chiffres()) == {REGION}


def test_the_publication_says_what_it_changed_in_french(atelier_sqlite: Atelier) -> None:
    atelier_sqlite.livre(*BONNES)
    message = atelier_sqlite.livre(*BONNES[:-2], ligne("COM-99003", 61), ligne("COM-99004", 40, periode="2022")).message
    assert message == "lot 2 publié : 3 nouvelles, 4 modifiées, 1 retirée, 9 inchangées"


def test_targets_are_refused_like_measures(atelier_sqlite: Atelier) -> None:
    atelier_sqlite.livre_cibles(cible())
    resultat = atelier_sqlite.livre_cibles(cible(valeur="beaucoup"))
    assert resultat.etat == "refuse"
    assert "Ligne 1 : « beaucoup » n'est pas un nombre" in resultat.message
    with atelier_sqlite.moteur.connect() as connexion:
        assert connexion.execute(select(objectif.c.valeur)).scalars().all() == [100]


lignes_quelconques = st.lists(
    st.builds(
        ligne,
        st.sampled_from([*COMMUNES, "COM-00000", NORD, None]),
        st.one_of(st.none(), st.integers(0, 9), st.just("x")),
        periode=st.sampled_from(["2022", "2023", "hier"]),
        millesime_cog=st.sampled_from([None, 2024, 2026, 1999]),
    ),
    max_size=10,
)


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lignes=lignes_quelconques)
def test_in_is_out_plus_rejects_in_the_lot_and_in_the_store(
    atelier_sqlite: Atelier, lignes: list[dict[str, Any]]
) -> None:  # fmt: skip
    avant = len(atelier_sqlite.lots())
    resultat = atelier_sqlite.livre(*lignes, rejets_max=10, lignes_min=0)
    assert resultat.etat in ("publie", "deja_publie")
    lots = atelier_sqlite.lots()
    if len(lots) > avant:
        lot = lots.iloc[0]
        assert lot["recues"] == len(lignes) == lot["acceptees"] + lot["rejetees"]
        with atelier_sqlite.moteur.connect() as connexion:
            assert queries.load_rejets(connexion, int(lot["id"]))["ligne"].nunique() == lot["rejetees"]


def test_what_is_shown_is_rebuilt_from_what_was_received(atelier: Atelier) -> None:
    atelier.livre(*(x | {"valeur": 1} for x in BONNES))
    atelier.livre(*BONNES, ligne("COM-98003", 5, periode="2022", millesime_cog=2024))
    avant = atelier.valeurs()
    rebati = pipeline.reconstruit(atelier.contexte)
    assert rebati.etat == "deja_publie"
    assert rebati.bilan == Bilan(0, inchangees=len(avant))
    pd.testing.assert_frame_equal(atelier.valeurs(), avant)


def test_a_rebuild_repairs_what_was_altered(atelier: Atelier) -> None:
    atelier.livre(*BONNES)
    avant = atelier.chiffres()
    with atelier.moteur.begin() as connexion:
        connexion.execute(text("UPDATE valeur SET valeur = 0"))
    assert pipeline.reconstruit(atelier.contexte).etat == "publie"
    assert atelier.chiffres() == avant


# ------------------------------------------------------------------------------- the whole refresh, from files


@pytest.fixture
def refresh(espace_mini: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    from dashboard import bootstrap
    from dashboard.reglages import lis_reglages

    env = {"BOUSSOLE_HOME": str(tmp_path), "BOUSSOLE_ESPACE": str(espace_mini), "BOUSSOLE_PROFIL": "agent"}

    def refresh_(*sources: str, **autres: str) -> list[pipeline.Resultat]:
        app = bootstrap.ouvre(lis_reglages(env | autres))
        try:
            return list(bootstrap.rafraichit(app, sources))  # type: ignore[arg-type]
        finally:
            app.moteur.dispose()

    return refresh_


def test_a_refresh_reads_the_curated_base_through_the_sql_connector(refresh) -> None:  # type: ignore[no-untyped-def]
    assert {r.source: r.etat for r in refresh()} == {"cibles": "publie", "comptes": "publie"}
    assert {r.etat for r in refresh()} == {"deja_publie"}


def test_one_source_may_be_pulled_alone(refresh) -> None:  # type: ignore[no-untyped-def]
    assert [r.source for r in refresh("comptes")] == ["comptes"]


def test_a_source_that_does_not_answer_stops_no_other(
    refresh, espace_mini: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch  # type: ignore[no-untyped-def]
) -> None:  # fmt: skip
    import shutil

    dossier = tmp_path / "ailleurs"
    shutil.copytree(espace_mini, dossier)
    fichier = dossier / "sources" / "cibles.yml"
    fichier.write_text(fichier.read_text(encoding="utf-8") + "url: BOUSSOLE_ENTREPOT\n", encoding="utf-8")
    resultats = {r.source: r for r in refresh(BOUSSOLE_ESPACE=str(dossier))}
    assert resultats["comptes"].etat == "publie"
    assert resultats["cibles"].etat == "indisponible"
    assert resultats["cibles"].message == (
        "Source « cibles » : variable BOUSSOLE_ENTREPOT absente. La définir avec l'adresse de la base."
    )
    monkeypatch.setenv("BOUSSOLE_ENTREPOT", f"sqlite:///{tmp_path / 'base_curee.sqlite'}")
    assert {r.etat for r in refresh(BOUSSOLE_ESPACE=str(dossier))} == {"publie", "deja_publie"}
