from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dashboard.domain.bulletin import Bulletin, Entree
from dashboard.domain.ecarts import Cause
from dashboard.exports.bulletin_lecture import FICHIER, bulletin_de, lis_bulletin
from dashboard.exports.paquet import PaquetIllisible
from tests import semaines
from tests.semaines import APRES, AVANT, COMMUNES, NORD, REGION, observation


def deux(dossier: Path, lignes: list[dict[str, Any]] | None = None, **changees: Any) -> Bulletin:
    avant = semaines.ecris(dossier, AVANT)
    return bulletin_de(semaines.ecris(dossier, APRES, lignes, **changees), avant)


def plat(texte: str) -> str:
    return texte.replace("\u202f", " ")


def la_seule(bulletin: Bulletin, cause: Cause) -> Entree:
    (entree,) = bulletin.par_cause()[cause]
    return entree


def test_a_first_bulletin_says_how_much_enters_and_where_each_programme_stands(tmp_path: Path) -> None:
    bulletin = bulletin_de(semaines.ecris(tmp_path, AVANT), None)
    assert plat(bulletin.texte) == (
        "Premier bulletin : 9 valeurs entrent, pour 3 indicateurs et 2 programmes. "
        "Les statuts seront comparés à partir de la semaine prochaine."
    )
    assert [plat(e.phrase) for e in bulletin.entrees] == [
        "Bornes de recharge : 6 105 points (2023). Dans la trajectoire : 63 % du chemin, 51 % attendus.",
        "Maisons de santé : 145 maisons (2023). En retard : 10 % du chemin, 40 % attendus.",
        "Contexte et suivi : 1 indicateur entre avec 5 valeurs.",
    ]
    assert bulletin.comptes == {}


def test_a_week_without_any_change_says_so(tmp_path: Path) -> None:
    bulletin = deux(tmp_path)
    assert plat(bulletin.texte).startswith("Aucun changement depuis 2026-W47 : les 9 valeurs, les cibles")
    assert bulletin.entrees == ()


def test_a_new_value_of_a_programme_tells_the_one_before_and_the_statut(tmp_path: Path) -> None:
    lignes = [
        *semaines.observations(),
        observation("bornes", REGION, 2024, 6148.0),
        observation("bornes", NORD, 2024, 9),
    ]
    bulletin = deux(tmp_path, lignes)
    entree = la_seule(bulletin, Cause.NOUVELLE)
    assert plat(entree.phrase) == (
        "Bornes de recharge : 6 105 → 6 148 points (de 2023 à 2024) ; aussi pour 1 département. "
        "Toujours dans la trajectoire : 63 % du chemin, 51 % attendus."
    )
    assert (entree.source, entree.effet, entree.lignes) == ("Essai", "statut inchangé", 2)
    assert (entree.page, entree.parametres) == ("indicateur", {"indicateur": "bornes", "territoire": REGION})
    assert plat(bulletin.texte) == "Aucun programme ne change de statut depuis 2026-W47 ; 2 nouvelles valeurs."


def test_a_mass_of_communes_is_one_counted_sentence_that_leads_to_the_map(tmp_path: Path) -> None:
    lignes = [*semaines.observations(), *(observation("population", c, 2023, 101.0) for c in COMMUNES)]
    entree = la_seule(deux(tmp_path, lignes), Cause.NOUVELLE)
    assert plat(entree.phrase) == "Population : 3 communes ont une nouvelle valeur (2023)."
    assert (entree.page, entree.parametres["periode"], entree.effet) == ("carte", "2023", "contexte")


@pytest.mark.parametrize(
    ("valeur", "statut", "phrase", "effet"),
    [
        (150.0, "A", "Maisons de santé : 145 maisons devient 150 maisons (2023).", "+5 maisons"),
        (145.1, "A", "Maisons de santé : 145 maisons (2023), révisé au-delà de ce qui s'affiche.",
         "écart sous l'arrondi"),
        (145.0, "E", "Maisons de santé : 145 maisons (2023) ne change pas, ses précisions sont révisées.",
         "valeur inchangée"),
        (None, "Q", "Maisons de santé : 145 maisons devient couvert par le secret (2023).",
         "statut inchangé"),
    ],
)  # fmt: skip
def test_a_revision_says_both_values_and_their_gap(
    tmp_path: Path, valeur: float | None, statut: str, phrase: str, effet: str
) -> None:
    autres = [o for o in semaines.observations() if o["indicateur"] != "maisons"]
    entree = la_seule(deux(tmp_path, [*autres, observation("maisons", REGION, 2023, valeur, statut)]), Cause.REVISION)
    assert plat(entree.phrase).startswith(phrase)
    assert plat(entree.phrase).endswith("Toujours en retard : 10 % du chemin, 40 % attendus.")
    assert plat(entree.effet) == effet


def test_a_programme_that_changes_statut_comes_first_and_leads_the_week(tmp_path: Path) -> None:
    etats = semaines.tables()["etats"]
    etats[2] = semaines.etat("soins", REGION, "a_surveiller", 30.0, 40.0)
    etats[1] = semaines.etat("recharge", NORD, "a_surveiller", 40.0, 50.0)
    lignes = [*semaines.observations(), observation("population", REGION, 2023, 101.0)]
    bulletin = deux(tmp_path, lignes, etats=etats)
    assert [e.cause for e in bulletin.entrees] == [Cause.STATUT, Cause.STATUT, Cause.NOUVELLE]
    assert [plat(e.phrase) for e in bulletin.entrees[:2]] == [
        "Maisons de santé : passe de « en retard » à « à surveiller » : 30 % du chemin, 40 % attendus.",
        "Bornes de recharge : 1 département change de statut : Nord (en retard → à surveiller).",
    ]
    assert plat(bulletin.texte).startswith(
        "1 programme change de statut depuis 2026-W47, et 1 dans une partie de la région ; 1 nouvelle valeur"
    )


def test_a_new_target_takes_the_place_of_the_last_one_of_its_author(tmp_path: Path) -> None:
    objectifs = semaines.tables()["objectifs"]
    neuve = {**objectifs[0], "echeance": "2026-12-31", "valeur": 244.0}
    entree = la_seule(deux(tmp_path, objectifs=[*objectifs, neuve]), Cause.CIBLE)
    assert plat(entree.phrase) == (
        "Maisons de santé : la cible de 147 maisons fin 2022 laisse place à 244 maisons fin 2026."
    )
    assert (entree.source, entree.effet) == ("État", "en retard")


def test_a_method_that_changes_names_its_fields_and_what_was_revised_with_it(tmp_path: Path) -> None:
    indicateurs = semaines.tables()["indicateurs"]
    indicateurs[0] = {**indicateurs[0], "unite": "km", "empreinte": "autre"}
    lignes = [o if o["indicateur"] != "bornes" else {**o, "valeur": o["valeur"] + 1} for o in semaines.observations()]
    declare = semaines.espace(formule="Somme")
    bulletin = deux(tmp_path, lignes, declare=declare, indicateurs=indicateurs)
    entree = la_seule(bulletin, Cause.DEFINITION)
    assert plat(entree.phrase) == "Bornes : formule change. En même temps, 3 valeurs sont révisées."


def test_a_commune_that_leaves_is_named_with_the_values_that_follow_it(tmp_path: Path) -> None:
    places = [p for p in semaines.tables()["territoires"] if p["code"] != COMMUNES[2]]
    lignes = [o for o in semaines.observations() if o["territoire"] != COMMUNES[2]]
    bulletin = deux(tmp_path, lignes, territoires=places)
    entree = la_seule(bulletin, Cause.PERIMETRE)
    assert plat(entree.phrase) == "Communes : 1 commune en moins (Commune 3) ; 1 valeur suit."
    assert (entree.source, entree.effet) == ("COG 2026", "toutes cartes")
    assert Cause.RETIREE not in bulletin.par_cause()


def test_what_did_not_move_and_whom_to_remind(tmp_path: Path) -> None:
    bulletin = deux(tmp_path)
    assert plat(bulletin.stables) == (
        "1 programme sur 2 affiche une valeur périmée. La plus ancienne : maisons de santé (déc. 2023)."
    )
    assert [(r.producteur, r.attendu) for r in bulletin.relances] == [("Essai", "maisons, déc. 2023")]


def test_the_kept_bulletin_is_read_back_the_same_and_refused_in_one_sentence(tmp_path: Path) -> None:
    paquet = semaines.ecris(tmp_path, AVANT)
    bulletin = bulletin_de(paquet, None)
    with pytest.raises(PaquetIllisible, match=r"bulletin\.json : fichier absent"):
        lis_bulletin(paquet)
    (paquet / FICHIER).write_bytes(bulletin.en_json())
    assert lis_bulletin(paquet) == bulletin
    assert lis_bulletin(paquet).en_json() == bulletin.en_json()
    (paquet / FICHIER).write_text('{"semaine": 1}', "utf-8")
    with pytest.raises(PaquetIllisible, match="fichier illisible"):
        lis_bulletin(paquet)
