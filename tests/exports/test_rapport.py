"""Differences are told by kind, the most surprising first; refusals in the words of the supplier's file."""

from __future__ import annotations

import pandas as pd

from dashboard.domain.source import Source
from dashboard.exports import rapport
from dashboard.store.comparaison import Ecarts
from tests import mini
from tests.mini import Atelier, cible, ligne

AUJOURDHUI = pd.Timestamp("2026-11-23")


def tableau(atelier: Atelier, ecarts: Ecarts | None, seuil: float = 5.0) -> pd.DataFrame:
    assert ecarts is not None
    with atelier.moteur.connect() as connexion:
        noms = {i: c for c, i in mini.commands.cles_indicateurs(connexion).items()}
        places = mini.queries.list_territoires(connexion)
    return rapport.differences(ecarts, noms, places, seuil, AUJOURDHUI)


def genres(cadre: pd.DataFrame) -> dict[tuple[str, str], str]:
    return {(str(x.code), str(x.periode)): str(x.genre) for x in cadre.itertuples()}


def test_each_kind_of_difference(atelier: Atelier) -> None:
    def livre(a: float, b: float, *autres: object) -> Ecarts | None:
        return atelier.livre(ligne("COM-99001", a), ligne("COM-99004", b), *autres).ecarts  # type: ignore[arg-type]

    livre(100, 0, ligne("COM-98004", 1))
    cadre = tableau(atelier, livre(103, 7, ligne("COM-99002", 5)))
    trouves = genres(cadre)
    assert trouves["COM-99001", "2023"] == "modifiee"
    assert trouves["COM-99004", "2023"] == "revisee"
    assert trouves["COM-98004", "2023"] == "retiree"
    assert trouves["COM-99002", "2023"] == "nouvelle"
    assert list(cadre["genre"]) == sorted(cadre["genre"], key=rapport.GENRES.index)
    ligne_lue = cadre.set_index("code").loc["COM-99001"]
    assert (ligne_lue["avant"], ligne_lue["apres"], ligne_lue["territoire"]) == (100, 103, "Commune 99001")
    assert round(float(ligne_lue["variation"]), 6) == 3


def test_the_threshold_is_that_of_the_source_and_the_future_is_not_revised(atelier: Atelier) -> None:
    atelier.livre(ligne("COM-99001", 100), ligne("COM-99001", 100, periode="2026"))
    ecarts = atelier.livre(ligne("COM-99001", 110), ligne("COM-99001", 110, periode="2026")).ecarts
    assert genres(tableau(atelier, ecarts))["COM-99001", "2023"] == "revisee"
    assert genres(tableau(atelier, ecarts))["COM-99001", "2026"] == "modifiee"
    assert genres(tableau(atelier, ecarts, seuil=10))["COM-99001", "2023"] == "modifiee"


def test_targets_have_their_differences(atelier: Atelier) -> None:
    atelier.livre_cibles(cible())
    cadre = tableau(atelier, atelier.livre_cibles(cible(valeur=90)).ecarts)
    (extrait,) = rapport.extrait(cadre)
    assert extrait == {
        "genre": "modifiee", "indicateur": "taux_publie", "code": "REG-99", "territoire": "Essai",
        "periode": "échéance 2026-12-31", "avant": 100.0, "apres": 90.0, "variation": -10.0,
    }  # fmt: skip


def test_no_difference_is_an_empty_table(atelier: Atelier) -> None:
    deux = (ligne("COM-99001", 1), ligne("COM-99002", 2))
    atelier.livre(*deux)
    cadre = tableau(atelier, atelier.livre(*reversed(deux)).ecarts)
    assert (len(cadre), list(cadre.columns)) == (0, rapport.COLONNES)
    assert rapport.comptes(cadre) == dict.fromkeys(rapport.GENRES, 0)


def test_refusals_speak_of_the_file() -> None:
    rejets = pd.DataFrame({"ligne": [2, 3, 4], "colonne": ["code_territoire", "valeur", "statut"],
                           "valeur": ["COM-1", None, "Z"]})  # fmt: skip
    dits = rapport.au_nom_du_fichier(rejets, Source.model_validate(mini.DEPOTS))
    assert dits["colonne"].tolist() == ["Code commune", "Effectif", "statut"]
    assert rapport.extrait(dits)[0]["valeur"] == "1"
    assert rapport.extrait(dits)[1]["valeur"] is None
