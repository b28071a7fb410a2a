"""The sentences and their order, from matter written here. Figures invented."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from dashboard.domain.bulletin import Constat, EtatLu, Matiere, Point, constate, entree
from dashboard.domain.bulletin_composition import compose
from dashboard.domain.bulletin_declarations import mots
from dashboard.domain.bulletin_phrases import par_maille
from dashboard.domain.ecarts import Cause, compare_observations, compare_table
from dashboard.domain.indicateur import Espace
from dashboard.domain.periode import parse_periode
from dashboard.domain.statut import Statut

PROGRAMME = {"politique": "politique", "nom_court": "Essai", "cadre": "Aucun"}
REGION = "REG-99"


def _indicateur(identifiant: str, **autres: Any) -> dict[str, Any]:
    return {
        "id": identifiant, "libelle": identifiant, "libelle_court": identifiant.capitalize(), "formule": "Aucune",
        "definition": "Invention.", "unite": "%", "decimales": 1, "nature": "programme", "sens": "hausse",
        "lecture": "stock", "agregation": "aucune", "mailles": ["region", "departement", "commune"],
        "source": "essai", "producteur": "essai", "licence": "Aucune", "rythme_mois": 12, "delai_mois": 12, **autres,
    }  # fmt: skip


ESPACE = Espace.model_validate({
    "id": "essai", "nom": "Région d'essai", "code_region": REGION, "millesime_cog": 2026, "attribution": "Invention",
    "producteurs": [{"id": "essai", "nom": "Producteur", "sigle": "Essai"}],
    "politiques": [{"id": "politique", "nom": "Politique"}],
    "programmes": [
        {"id": "rail", "nom": "Trains à l'heure", "indicateurs": ["regularite", "annulations"], **PROGRAMME}
    ],
    "indicateurs": [_indicateur("regularite"), _indicateur("annulations"), _indicateur("contexte", nature="contexte")],
})  # fmt: skip
EN_RETARD, A_SURVEILLER = EtatLu(Statut.EN_RETARD, 20.0, 60.0), EtatLu(Statut.A_SURVEILLER, 45.0, 60.0)


def matiere(**autres: Any) -> Matiere:
    base: dict[str, Any] = {
        "espace": ESPACE, "semaine": "2026-W48", "precedente": "2026-W47", "audience": "public",
        "arrete": date(2026, 11, 23), "constats": {}, "tables": {}, "etats": {"rail": {REGION: EN_RETARD}},
        "places": {REGION: ("Région d'essai", "region"), **{f"DEP-9{i}": (f"D{i}", "departement") for i in range(7)},
                   "COM-98001": ("Bourg", "commune")},
        "etats_avant": {"rail": {REGION: EN_RETARD}}, "objectifs": pd.DataFrame(columns=["indicateur"]), "finales": {},
        "perimes": {}, "lignes": 10,
    }  # fmt: skip
    return Matiere(**(base | autres))


def constat(indicateur: str, *lignes: tuple[str, int, float | None, float | None], statut: str = "A") -> Constat:
    """(territoire, year, before, after): None for a row that is not there."""

    def cote(rang: int) -> pd.DataFrame:
        return pd.DataFrame(
            [{"maille": {"REG": "region", "DEP": "departement", "COM": "commune"}[x[0][:3]], "frequence": "A",
              "debut": pd.Timestamp(x[1], 1, 1), "fin": pd.Timestamp(x[1], 12, 31), "territoire": x[0],
              "valeur": x[rang], "statut": statut} for x in lignes if x[rang] is not None],
            columns=["maille", "frequence", "debut", "fin", "territoire", "valeur", "statut"],
        )  # fmt: skip

    serie = [Point(parse_periode(str(a)), v) for t, a, _, v in lignes if t == REGION and v is not None]
    return constate(indicateur, compare_observations(cote(2), cote(3), ()), serie)


def phrases(m: Matiere) -> list[str]:
    return [e.phrase.replace("\u202f", " ") for e in compose(m).entrees]


def test_a_programme_of_several_indicators_names_the_one_that_speaks() -> None:
    m = matiere(constats={"regularite": constat("regularite", (REGION, 2023, 90.0, 91.25))})
    assert phrases(m) == [
        "Trains à l'heure : regularite, 90,0 % devient 91,3 % (2023). "
        "Toujours en retard : 20 % du chemin, 60 % attendus."
    ]


def test_a_withdrawn_value_says_what_it_was() -> None:
    m = matiere(constats={"contexte": constat("contexte", (REGION, 2022, 3.0, None), (REGION, 2023, 4.0, None))})
    assert phrases(m) == ["Contexte : la valeur 4,0 % (2023) est retirée ; 1 autre période retirée."]


def test_several_new_periods_are_one_sentence_on_the_last_one() -> None:
    m = matiere(constats={"contexte": constat("contexte", (REGION, 2022, None, 3.0), (REGION, 2023, None, 4.0))})
    assert phrases(m) == ["Contexte : 3,0 → 4,0 % (de 2022 à 2023) ; 1 période entre aussi."]


def test_the_sentences_are_ordered_by_cause_then_programmes_then_the_region() -> None:
    constats = {
        "contexte": constat("contexte", (REGION, 2023, None, 1.0)),
        "annulations": constat("annulations", ("DEP-90", 2023, None, 1.0)),
        "regularite": constat("regularite", (REGION, 2023, None, 1.0), (REGION, 2022, 1.0, 2.0)),
    }
    etats = {"rail": {REGION: A_SURVEILLER}}
    bulletin = compose(matiere(constats=constats, etats=etats))
    assert [(e.cause, e.titre, e.page) for e in bulletin.entrees] == [
        (Cause.STATUT, "Trains à l'heure", "programme"),
        (Cause.NOUVELLE, "Trains à l'heure", "indicateur"),
        (Cause.NOUVELLE, "Trains à l'heure", "carte"),
        (Cause.NOUVELLE, "Contexte", "indicateur"),
        (Cause.REVISION, "Trains à l'heure", "indicateur"),
    ]
    assert bulletin.comptes == {Cause.NOUVELLE: 3, Cause.REVISION: 1}


def test_many_territories_that_change_statut_are_named_up_to_four_then_counted() -> None:
    lieux = {f"DEP-9{i}": EN_RETARD for i in range(7)}
    m = matiere(etats_avant={"rail": {REGION: EN_RETARD, **dict.fromkeys(lieux, A_SURVEILLER)}},
                etats={"rail": {REGION: EN_RETARD, **lieux}})  # fmt: skip
    (phrase,) = phrases(m)
    assert phrase == (
        "Trains à l'heure : 7 départements changent de statut : " + ", ".join(
            f"D{i} (à surveiller → en retard)" for i in range(4)) + " et 3 autres."
    )  # fmt: skip
    assert "Aucun programme ne change de statut depuis 2026-W47, et 1 dans une partie" in compose(m).texte


def test_a_place_that_only_one_week_judges_changes_no_statut() -> None:
    assert phrases(matiere(etats={"rail": {REGION: EN_RETARD, "DEP-90": EN_RETARD}})) == []


@pytest.mark.parametrize(
    ("change", "phrase"),
    [
        ({"valeur": 80.0}, "la cible fin 2027 passe de 95,0 % à 80,0 %."),
        ({"acte": "autre"}, "la cible de 95,0 % fin 2027 garde sa valeur ; changent : acte."),
    ],
)
def test_a_corrected_target_says_what_changes(change: dict[str, Any], phrase: str) -> None:
    cible = {"indicateur": "regularite", "territoire": REGION, "auteur": "Région", "echeance": "2027-12-31",
             "acte": "Convention", "valeur": 95.0}  # fmt: skip
    tables = {"objectifs": compare_table("objectifs", pd.DataFrame([cible]), pd.DataFrame([{**cible, **change}]))}
    assert phrases(matiere(tables=tables)) == [f"Trains à l'heure : regularite, {phrase}"]


def test_a_target_that_leaves_or_that_only_parts_have() -> None:
    cible = {
        "indicateur": "regularite",
        "territoire": REGION,
        "auteur": "État",
        "echeance": "2027-12-31",
        "valeur": 95.0,
    }
    vide = pd.DataFrame(columns=list(cible))
    sort = compare_table("objectifs", pd.DataFrame([cible]), vide)
    assert phrases(matiere(tables={"objectifs": sort})) == [
        "Trains à l'heure : regularite, la cible de 95,0 % fin 2027 est retirée."
    ]
    entre = compare_table("objectifs", vide, pd.DataFrame([{**cible, "territoire": "DEP-90"}]))
    assert phrases(matiere(tables={"objectifs": entre})) == [
        "Trains à l'heure : regularite, 1 département voit sa cible changer."
    ]


def test_words_of_the_agents_are_told_with_their_subject() -> None:
    apports = pd.DataFrame([
        {"fil": "1", "genre": "synthese", "sujet": "rail", "territoire": REGION, "contenu": '{"meteo": "nuage"}',
         "direction": "Mobilités"},
        {"fil": "2", "genre": "evenement", "sujet": "contexte", "territoire": "DEP-90", "contenu": "non",
         "direction": "Mobilités"},
    ])  # fmt: skip
    tables = {"apports": compare_table("apports", apports.iloc[:0], apports)}
    assert phrases(matiere(tables=tables)) == [
        "Trains à l'heure : une synthèse entre, météo « nuage ».", "Contexte : un événement entre.",
    ]  # fmt: skip


def test_what_enters_or_leaves_the_catalogue_is_told() -> None:
    avant = pd.DataFrame([{"id": "ancien", "libelle_court": "Ancien", "empreinte": "a"}])
    apres = pd.DataFrame([{"id": "contexte", "libelle_court": "Contexte", "empreinte": "b"}])
    tables = {"indicateurs": compare_table("indicateurs", avant, apres)}
    assert sorted(phrases(matiere(tables=tables))) == [
        "Ancien : l'indicateur sort du catalogue.", "Contexte : l'indicateur entre au catalogue.",
    ]  # fmt: skip


def test_a_change_of_presentation_says_that_it_is_only_that() -> None:
    avant = pd.DataFrame([{"id": "contexte", "libelle_court": "Contexte", "note": "a", "ordre": "1"}])
    tables = {"indicateurs": compare_table("indicateurs", avant, avant.assign(note="b", ordre="2"))}
    assert phrases(matiere(tables=tables)) == ["Contexte : note et rang dans les listes changent (présentation seule)."]


def test_counts_by_level_go_from_the_widest_to_the_finest() -> None:
    comptes = pd.DataFrame({"maille": ["commune", "epci", "departement", "commune"], "n": [3000, 1, 8, 685]})
    assert par_maille(comptes).replace("\u202f", " ") == "8 départements, 1 EPCI et 3 685 communes"
    assert mots(["formule", "unite", "inconnu"]) == "formule, unité et inconnu"


def test_an_entry_is_named_by_what_it_says() -> None:
    un, deux = (entree(Cause.CIBLE, t, "programme", {"programme": "p"}, [("x", False)]) for t in ("A", "B"))
    assert un.cle == deux.cle
    assert entree(Cause.CIBLE, "A", "programme", {"programme": "q"}, [("x", False)]).cle != un.cle
