"""What was shown stays known: publish, republish, change, withdraw, look back."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
from sqlalchemy import func, select, update

from dashboard.domain.lecteur import AGENT, PUBLIC
from dashboard.store import commands, queries, reference
from dashboard.store.commands import Bilan
from dashboard.store.schema import LOT_OUVERT, espace_version, indicateur, lot, mesure, objectif, territoire, valeur
from tests.mini import E1, ECRIVAIN, NORD, REGION, Atelier, cible, ligne

DEUX = (ligne("COM-98001", 100), ligne("COM-98002", 300))


def au_lot(numero: int):  # type: ignore[no-untyped-def]
    return replace(AGENT, lot=numero)


def test_a_first_publication_shows_every_row(atelier: Atelier) -> None:
    resultat = atelier.livre(*DEUX)
    assert (resultat.etat, resultat.bilan) == ("publie", Bilan(1, nouvelles=5))
    assert atelier.chiffres() == {"COM-98001": 100, "COM-98002": 300, E1: 400, NORD: 400, REGION: 400}


def test_the_same_content_twice_is_already_published(atelier: Atelier) -> None:
    atelier.livre(*DEUX)
    version = atelier.version()
    resultat = atelier.livre(*DEUX)
    assert (resultat.etat, resultat.message) == ("deja_publie", "déjà publié (lot 1), rien n'a changé")
    assert (atelier.version(), len(atelier.lots())) == (version, 1)


def test_the_same_figures_in_another_order_make_a_lot_where_nothing_changes(atelier: Atelier) -> None:
    atelier.livre(*DEUX)
    assert atelier.livre(*reversed(DEUX)).bilan == Bilan(2, inchangees=5)
    with atelier.moteur.connect() as connexion:
        assert connexion.execute(select(func.count()).select_from(valeur)).scalar() == 5


def test_a_changed_value_closes_the_old_row_and_the_past_keeps_it(atelier: Atelier) -> None:
    atelier.livre(*DEUX)
    bilan = atelier.livre(DEUX[0], ligne("COM-98002", 350)).bilan
    assert bilan == Bilan(2, modifiees=4, inchangees=1)
    assert atelier.chiffres()[REGION] == 450
    assert atelier.chiffres(lecteur=au_lot(1)) == {"COM-98001": 100, "COM-98002": 300, E1: 400, NORD: 400, REGION: 400}
    with atelier.moteur.connect() as connexion:
        bornes = connexion.execute(
            select(valeur.c.lot_debut, valeur.c.lot_fin, valeur.c.valeur)
            .join(territoire, territoire.c.id == valeur.c.territoire_id)
            .where(territoire.c.code == "COM-98002")
            .order_by(valeur.c.lot_debut)
        ).all()
    assert [tuple(b) for b in bornes] == [(1, 2, 300), (2, LOT_OUVERT, 350)]


def test_a_row_that_is_gone_is_withdrawn_and_still_seen_in_the_past(atelier: Atelier) -> None:
    atelier.livre(*DEUX)
    assert atelier.livre(DEUX[0]).bilan == Bilan(2, modifiees=3, retirees=1, inchangees=1)
    assert "COM-98002" not in atelier.chiffres()
    assert atelier.chiffres(lecteur=au_lot(1))["COM-98002"] == 300


def test_before_the_first_lot_there_was_nothing(atelier: Atelier) -> None:
    atelier.livre(*DEUX)
    assert atelier.valeurs(lecteur=au_lot(0)).empty


def test_a_value_that_comes_back_is_one_more_row_of_history(atelier: Atelier) -> None:
    for montant in (100, 120, 100):
        atelier.livre(ligne("COM-98001", montant))
    vues = [atelier.chiffres(lecteur=au_lot(numero))["COM-98001"] for numero in (1, 2, 3)]
    assert vues == [100, 120, 100]


def test_what_was_received_is_never_rewritten(atelier: Atelier) -> None:
    atelier.livre(*DEUX)
    atelier.livre(ligne("COM-98001", 999))
    with atelier.moteur.connect() as connexion:
        lignes = connexion.execute(select(mesure.c.lot, mesure.c.ligne_source, mesure.c.valeur).order_by(mesure.c.id))
        assert [tuple(x) for x in lignes] == [(1, 1, 100), (1, 2, 300), (2, 1, 999)]


def test_an_indicator_keeps_its_values_when_another_one_is_published(atelier: Atelier) -> None:
    atelier.livre(*DEUX)
    atelier.livre(*DEUX, ligne("COM-98001", 7, indicateur="effectif_interne"))
    assert atelier.chiffres()[REGION] == 400


def test_an_indicator_that_is_no_longer_supplied_is_withdrawn(atelier: Atelier) -> None:
    atelier.livre(*DEUX, ligne("COM-98001", 7, indicateur="effectif_interne"))
    assert atelier.livre(*DEUX).bilan == Bilan(2, retirees=4, inchangees=5)
    assert atelier.valeurs("effectif_interne").empty
    assert atelier.chiffres("effectif_interne", au_lot(1))[REGION] == 7


def test_an_empty_delivery_that_is_admitted_withdraws_everything(atelier: Atelier) -> None:
    atelier.livre(*DEUX)
    assert atelier.livre(lignes_min=0).bilan == Bilan(2, retirees=5)
    assert atelier.valeurs().empty


@pytest.mark.parametrize("jours", [0, 1])
def test_as_of_a_day_gives_the_last_lot_of_that_day(atelier: Atelier, jours: int) -> None:
    atelier.livre(*DEUX)
    atelier.livre(DEUX[0])
    with atelier.moteur.begin() as connexion:
        jour = connexion.execute(select(lot.c.cree_le).where(lot.c.id == 2)).scalar_one()
        connexion.execute(update(lot).where(lot.c.id == 1).values(cree_le=jour - timedelta(days=1)))
        assert queries.lot_au(connexion, jour.date() - timedelta(days=jours)) == 2 - jours
        assert queries.lot_au(connexion, date(2000, 1, 1)) == 0


# ------------------------------------------------------------------------------------------- targets


def cibles(atelier: Atelier, numero: int | None = None) -> list[tuple[str, float]]:
    lecteur = PUBLIC if numero is None else replace(PUBLIC, lot=numero)
    with atelier.moteur.connect() as connexion:
        cadre = queries.load_objectifs(connexion, lecteur, ["taux_publie"])
    return [(str(e), v) for e, v in zip(cadre["echeance"], cadre["valeur"], strict=True)]


def test_an_old_target_stays_in_history(atelier: Atelier) -> None:
    assert atelier.livre_cibles(cible()).bilan == Bilan(1, nouvelles=1)
    assert atelier.livre_cibles(cible(valeur=90)).bilan == Bilan(2, modifiees=1)
    assert cibles(atelier) == [("2026-12-31", 90)]
    assert cibles(atelier, 1) == [("2026-12-31", 100)]
    with atelier.moteur.connect() as connexion:
        lignes = connexion.execute(select(objectif.c.lot_debut, objectif.c.lot_fin).order_by(objectif.c.id)).all()
    assert [tuple(x) for x in lignes] == [(1, 2), (2, LOT_OUVERT)]


def test_two_authors_may_set_two_targets(atelier: Atelier) -> None:
    atelier.livre_cibles(cible(), cible(auteur="Région", valeur=80))
    assert sorted(cibles(atelier)) == [("2026-12-31", 80), ("2026-12-31", 100)]


def test_the_targets_of_an_indicator_no_longer_supplied_are_withdrawn(atelier: Atelier) -> None:
    atelier.livre_cibles(cible(), cible(indicateur="effectif"))
    assert atelier.livre_cibles(cible(indicateur="effectif")).bilan == Bilan(2, retirees=1, inchangees=1)
    assert cibles(atelier) == []


def test_a_target_that_is_no_longer_supplied_is_withdrawn(atelier: Atelier) -> None:
    atelier.livre_cibles(cible(), cible(echeance="2022", valeur=50))
    assert atelier.livre_cibles(cible()).bilan == Bilan(2, retirees=1, inchangees=1)
    assert cibles(atelier) == [("2026-12-31", 100)]


# --------------------------------------------------------------------- espace and referential in the store


def test_the_espace_is_kept_by_version(atelier: Atelier) -> None:
    with atelier.moteur.connect() as connexion:
        (version,) = connexion.execute(select(espace_version.c.empreinte, espace_version.c.contenu)).all()
    assert '"code_region":"REG-99"' in version.contenu
    assert not commands.enregistre_espace(
        atelier.moteur, atelier.espace, version.empreinte, version.contenu, ECRIVAIN
    )  # fmt: skip


def test_an_indicator_no_longer_declared_is_closed_to_every_reader(atelier: Atelier) -> None:
    atelier.livre(*DEUX)
    reste = tuple(i for i in atelier.espace.indicateurs if i.id != "effectif")
    amoindri = atelier.espace.model_copy(update={"indicateurs": reste})
    commands.enregistre_espace(atelier.moteur, amoindri, "a" * 64, "{}", ECRIVAIN)
    assert atelier.valeurs().empty
    with atelier.moteur.connect() as connexion:
        assert connexion.execute(select(indicateur.c.acces).where(indicateur.c.code == "effectif")).scalar() == "retire"
    commands.enregistre_espace(atelier.moteur, atelier.espace, "b" * 64, "{}", ECRIVAIN)
    assert atelier.chiffres()[REGION] == 400


def test_loading_the_same_referential_twice_writes_nothing(atelier: Atelier) -> None:
    version = atelier.version()
    assert not reference.charge(atelier.moteur, atelier.dossier / "reference", 2026, ECRIVAIN)
    assert atelier.version() == version


def test_the_population_of_a_parent_is_that_of_its_communes(atelier: Atelier) -> None:
    with atelier.moteur.connect() as connexion:
        places: pd.DataFrame = queries.list_territoires(connexion).set_index("code")
    assert places.loc[[REGION, NORD, E1], "population"].tolist() == [1000, 470, 420]
    assert "COM-98003" not in places.index
