"""Personal identifiers in a delivery: found in every usual writing, never repeated, and nothing else mistaken for one.

Every person, number and address here is invented.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.domain.source import Source
from data_sources.identifiants import IdentifiantsRefuses, cherche, nom_tu, sans_identifiants
from tests import mini
from tests.mini import Atelier

RACINE = Path(__file__).resolve().parents[2]
COMMITES = sorted([*(RACINE / "data_sources" / "bfc").rglob("*.csv"), *(RACINE / "tests" / "donnees").rglob("*.csv")])
SALES = sorted((RACINE.parent / "shared" / "data" / "dirty").glob("*.csv"))


def _cle(treize: str) -> str:
    return f"{97 - int(treize) % 97:02d}"


TREIZE = "2850799006008"
QUINZE = TREIZE + _cle(TREIZE)


def colonne(titre: str, *cellules: object) -> pd.DataFrame:
    return pd.DataFrame({titre: pd.Series(cellules, dtype=object)}).set_axis(pd.RangeIndex(2, 2 + len(cellules)))


def genres(cadre: pd.DataFrame) -> set[str]:
    return {t.genre for t in cherche(cadre)}


@pytest.mark.parametrize("texte", ["zoe.invente@exemple.invalid", "Écrire à z_i+a@sous.exemple.invalid."])
def test_an_email_is_found(texte: str) -> None:
    assert genres(colonne("note", texte)) == {"courriel"}


@pytest.mark.parametrize(
    "texte",
    [
        "0199001234",
        "01 99 00 12 34",
        "01.99.00.12.34",
        "01-99-00-12-34",
        "01/99/00/12/34",
        "01\u202f99\u202f00\u202f12\u202f34",
        "+33199001234",
        "+33 1 99 00 12 34",
        "0033 1 99 00 12 34",
        "+33 (0)1 99 00 12 34",
        "(01) 99 00 12 34",
        "tél. 06 39 98 12 34 le matin",
    ],
)
def test_a_french_phone_is_found_however_it_is_written(texte: str) -> None:
    assert genres(colonne("note", texte)) == {"telephone"}


def test_a_nir_is_found_by_its_key() -> None:
    fausse = TREIZE + f"{(int(_cle(TREIZE)) + 1) % 97:02d}"
    espace = f"2 85 07 99 006 008 {_cle(TREIZE)}"
    for cellule in (QUINZE, espace, int(QUINZE), float(QUINZE)):
        assert genres(colonne("code", cellule)) == {"nir"}, cellule
    assert genres(colonne("code", fausse)) == set()
    assert genres(pd.DataFrame({"code": [int(QUINZE)]})) == {"nir"}
    corse = "285072A006008"
    assert genres(colonne("code", corse + _cle(corse.replace("2A", "19")))) == {"nir"}
    corse = "285072B006008"
    assert genres(colonne("code", corse + _cle(corse.replace("2B", "18")))) == {"nir"}


def test_thirteen_digits_are_a_nir_only_where_they_are_said_or_spaced_to_be() -> None:
    assert genres(colonne("code", TREIZE)) == set()
    assert genres(colonne("N° sécurité sociale", TREIZE)) == {"nir"}
    assert genres(colonne("code", "2 85 07 99 006 008")) == {"nir"}


def test_what_a_spreadsheet_keeps_as_a_number_is_found_where_its_title_says_so() -> None:
    telephones = pd.DataFrame({"Téléphone": [199001234, 199001235]})
    securite = pd.DataFrame({"N° sécu": [int(TREIZE)]})
    for cadre, genre in ((telephones, "telephone"), (securite, "nir")):
        for lu in (cadre, cadre.astype(float), cadre.astype(object)):
            assert genres(lu) == {genre}, lu.dtypes
            assert genres(lu.set_axis(["Effectif"], axis=1)) == set()


def test_a_person_in_the_place_of_a_title_is_found_and_not_told() -> None:
    (trouve,) = cherche(colonne("Paul INVENTÉ", "x"))
    assert (trouve.colonne, trouve.genre) == ("n° 1", "personne")
    assert genres(colonne("Nom de la commune", "x")) == set()


@pytest.mark.parametrize("nom", ["zoe.invente@exemple.invalid.csv", "appel 01 99 00 12 34.csv"])
def test_the_name_of_a_file_is_not_told_when_it_holds_an_identifier(nom: str) -> None:
    assert nom_tu(nom) == "nom tu (identifiant personnel)"
    assert nom_tu("effectifs 2023.csv") == "effectifs 2023.csv"


def test_an_iban_is_found_by_its_key() -> None:
    assert genres(colonne("compte", "FR76 3000 6000 0112 3456 7890 189")) == {"iban"}
    assert genres(colonne("compte", "FR77 3000 6000 0112 3456 7890 189")) == set()


@pytest.mark.parametrize(
    ("titre", "texte"),
    [
        ("Prénom", "Zoé"),
        ("nom_naissance", "INVENTE"),
        ("maire", "Zoé Anne INVENTÉ"),
        ("Nom du contact", "Inventé Paul"),
        ("observation", "Vu avec Mme Inventé hier"),
        ("note", "M. Inventé"),
        ("Nom", "Jean-Marc Inventé"),
    ],
)
def test_the_name_of_a_person_is_found(titre: str, texte: str) -> None:
    assert genres(colonne(titre, texte)) == {"personne"}


@pytest.mark.parametrize(
    ("titre", "texte"),
    [
        ("nom", "Saint-Rémy"),
        ("nom", "Pierre-de-Bresse"),
        ("Nom de la commune", "Paul Durand"),
        ("nom", "Dole"),
        ("nom", "Dampierre sur Salon"),
        ("libelle", "Saint Martin en Bresse"),
        ("maires", "176"),
        ("contact", "Service SIG"),
        ("siret", "12345678900012"),
        ("siret", "123 456 789 00012"),
        ("siren", "200000172"),
        ("insee", "01004"),
        ("date", "01/02/2023 10:30"),
        ("date", "2023-01-02T10:20:30"),
        ("date", "01 02 2023 12 30"),
        ("instant", "1704067200000"),
        ("x", "4,0512345678"),
        ("y", "-0.0123456789"),
        ("geo", "47.0123456789,5.0199001234"),
        ("population", "1 234 567 890"),
        ("sha", "a0199001234b"),
        ("url", "https://exemple.invalid/@47.2,5.1"),
        ("ean", "3250390000000"),
        ("note", "Une question : donnees-ouvertes@exemple.invalid"),
        ("mairie", "mairie.ville-inventee@exemple.invalid"),
        ("siret", 12345678900012),
    ],
)
def test_what_is_no_person_is_not_taken_for_one(titre: str, texte: object) -> None:
    assert genres(colonne(titre, texte)) == set()


def test_figures_that_look_like_a_phone_are_figures() -> None:
    cadre = pd.DataFrame({"a": [199001234, 33199001234], "b": [199001234.0, np.nan], "c": [True, False]})
    assert genres(cadre) == set()
    assert genres(cadre.astype(object)) == set()


@pytest.mark.parametrize("fichier", [*COMMITES, *SALES], ids=lambda f: f.name)
def test_what_is_published_carries_none(fichier: Path) -> None:
    texte = fichier.read_bytes()
    separateur = ";" if texte.split(b"\n")[0].count(b";") > texte.split(b"\n")[0].count(b",") else ","
    encodage = "utf-8" if _en_utf8(texte) else "cp1252"
    cadre = pd.read_csv(
        fichier, dtype=str, sep=separateur, encoding=encodage, on_bad_lines="skip", keep_default_na=False
    )
    assert [t.dite for t in cherche(cadre)] == []


def _en_utf8(texte: bytes) -> bool:
    try:
        texte.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_the_refusal_gives_column_lines_and_kind_and_never_the_identifier() -> None:
    declaree = mini_source()
    cadre = colonne("Écrire à", "rien", "zoe.invente@exemple.invalid", "autre.invente@exemple.invalid")
    with pytest.raises(IdentifiantsRefuses) as refus:
        sans_identifiants(cadre, declaree)
    assert str(refus.value) == (
        "Source « comptes » : identifiants personnels non déclarés, rien n'en est gardé. colonne « Écrire à » : "
        "2\u202fadresses électroniques (lignes 3 et 4 ; forme « z…@… »). Redemander la livraison sans eux, ou déclarer "
        "leurs colonnes dans traitement.identifiants de sources/comptes.yml."
    )


def test_an_identifier_in_the_title_of_a_column_is_not_repeated_either() -> None:
    (trouve,) = cherche(colonne("zoe.invente@exemple.invalid", "x"))
    assert (trouve.colonne, trouve.genre, "invente" in trouve.dite) == ("n° 1", "courriel", False)


def test_a_declared_column_is_dropped_and_the_others_are_still_looked_at() -> None:
    declaree = mini_source(identifiants=["Prénom"])
    cadre = colonne("Prénom", "Zoé").assign(valeur="3")
    assert list(sans_identifiants(cadre, declaree).columns) == ["valeur"]
    with pytest.raises(IdentifiantsRefuses, match="Courriel"):
        sans_identifiants(cadre.assign(Courriel="zoe@exemple.invalid"), declaree)


def mini_source(**traitement: object) -> Source:
    return Source.model_validate(mini.SOURCES[0] | ({"traitement": REGISTRE | traitement} if traitement else {}))


REGISTRE = {
    "donnees_personnelles": True,
    "finalite": "Essai.",
    "base_legale": "mission_interet_public",
    "personnes": ["agents"],
    "categories": ["identité"],
    "duree_conservation": "aucune",
    "destinataires": ["personne"],
    "aipd": dict.fromkeys(
        (
            "evaluation",
            "decision_automatique",
            "surveillance",
            "donnees_sensibles",
            "grande_echelle",
            "croisement",
            "personnes_vulnerables",
            "usage_innovant",
            "exclusion_droit",
        ),
        False,
    ),
}


def test_a_refused_delivery_leaves_no_trace_of_the_identifier(atelier_sqlite: Atelier) -> None:
    adresse = "zoe.invente@exemple.invalid"
    avant = atelier_sqlite.livre(mini.ligne("COM-98001", 1))
    fait = atelier_sqlite.livre(mini.ligne("COM-98001", 2, note=f"voir {adresse}"), mini.ligne("???", adresse))
    assert (avant.etat, fait.etat, fait.a_effacer, len(fait.rejets)) == ("publie", "refuse", True, 0)
    assert atelier_sqlite.chiffres()["COM-98001"] == 1
    assert "invente" not in fait.message
    with atelier_sqlite.moteur.connect() as connexion:
        brut = "\n".join(connexion.connection.driver_connection.iterdump())  # type: ignore[union-attr]
    assert adresse not in brut
    assert "identifiants personnels non déclarés" in brut
    assert atelier_sqlite.livre(mini.ligne("COM-98001", 2, note="rien")).etat == "publie"
