"""An espace with a mistake says the file, the line, the key, the value and the remedy; a good one is frozen."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from dashboard.espace import EspaceInvalide, canonique, lis_fichiers, load_espace
from tests.mini import ecris

RACINE = Path(__file__).resolve().parents[1]
ESPACES = {"bfc": RACINE / "data_sources" / "bfc", "corse": RACINE / "tests" / "donnees" / "corse"}


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    return ecris(tmp_path / "essai")


def remplace(fichier: str, avant: str, apres: str) -> Callable[[Path], None]:
    def change(dossier: Path) -> None:
        chemin = dossier / fichier
        texte = chemin.read_text(encoding="utf-8")
        assert avant in texte
        chemin.write_text(texte.replace(avant, apres, 1), encoding="utf-8")

    return change


def ajoute(fichier: str, texte: str) -> Callable[[Path], None]:
    def change(dossier: Path) -> None:
        with (dossier / fichier).open("a", encoding="utf-8") as flux:
            flux.write(texte)

    return change


def efface(fichier: str) -> Callable[[Path], None]:
    return lambda dossier: (dossier / fichier).unlink()


EFFECTIF = "indicateurs/effectif.yml"
FAUTES: list[tuple[str, Callable[[Path], None], list[str]]] = [
    ("clé inconnue", ajoute(EFFECTIF, "couleur: rouge\n"), ["effectif.yml, ligne 21", "« couleur »", "clé inconnue"]),
    ("clé absente", remplace(EFFECTIF, "unite: hab.\n", ""), ["effectif.yml, ligne 1", "« unite »", "l'ajouter"]),
    ("unité", remplace(EFFECTIF, "unite: hab.", "unite: pct"),
     ["effectif.yml, ligne 6", "unité « pct » : nom inconnu", "Valeurs admises : %, GWh"]),
    ("agrégation", remplace(EFFECTIF, "agregation: somme", "agregation: moyenne"),
     ["effectif.yml, ligne 10", "« agregation »", "« moyenne » refusée", "'somme', 'ratio'"]),
    ("maille", remplace(EFFECTIF, "- epci", "- canton"), ["ligne 14", "« mailles.2 »", "« canton »", "'region'"]),
    ("aucune maille", remplace(EFFECTIF, "mailles:\n- region\n- departement\n- epci\n- commune", "mailles: []"),
     ["effectif.yml, ligne 11", "« mailles »", "au moins un élément"]),
    ("seuils", ajoute(EFFECTIF, "carte: {seuils: [3, 2, 1]}\n"),
     ["effectif.yml, ligne 21", "« carte", "[3.0, 2.0, 1.0] non croissants", "ranger du plus petit au plus grand"]),
    ("trop de seuils", ajoute(EFFECTIF, "carte: {seuils: [1, 2, 3, 4, 5, 6, 7, 8, 9]}\n"), ["9 seuils : 8 au plus"]),
    ("identifiant", remplace(EFFECTIF, "id: effectif", "id: Effectif Total"),
     ["effectif.yml, ligne 1", "« id »", "« Effectif Total » mal formée"]),
    ("nom du fichier", remplace(EFFECTIF, "id: effectif", "id: autre_effectif"),
     ["ligne 1", "« autre_effectif » différent du nom du fichier", "renommer le fichier en autre_effectif.yml"]),
    ("nombre", remplace(EFFECTIF, "rythme_mois: 12", "rythme_mois: souvent"),
     ["effectif.yml, ligne 19", "« rythme_mois »", "« souvent »", "nombre entier"]),
    ("décimales", ajoute(EFFECTIF, "decimales: 9\n"),
     ["effectif.yml, ligne 21", "« decimales »", "« 9 » trop grande ; 4 au plus"]),
    ("source inconnue", remplace(EFFECTIF, "source: comptes", "source: contes"),
     ["effectif.yml, ligne 16", "source « contes » : nom inconnu", "Valeurs admises : cibles, comptes"]),
    ("producteur inconnu", remplace(EFFECTIF, "producteur: essai", "producteur: insee"),
     ["effectif.yml, ligne 17", "producteur « insee » : nom inconnu", "Valeurs admises : essai"]),
    ("programme inconnu", remplace("politiques.yml", "- taux_publie", "- taux_publi"),
     ["politiques.yml, ligne", "indicateur « taux_publi » : nom inconnu", "taux_publie"]),
    ("politique inconnue", remplace("politiques.yml", "politique: politique", "politique: police"),
     ["politiques.yml, ligne", "politique « police » : nom inconnu", "Valeurs admises : politique"]),
    ("poids nuls", remplace("politiques.yml", "  lies:", "  poids: {taux_publie: 0}\n  lies:"),
     ["politiques.yml, ligne", "poids de somme nulle dans le programme « programme »"]),
    ("poids d'un autre", remplace("politiques.yml", "  lies:", "  poids: {effectif: 2}\n  lies:"),
     ["poids donné à « effectif », absent des indicateurs"]),
    ("sans programme", remplace("politiques.yml", "  lies:\n  - centres_publies\n", ""),
     ["centres_publies.yml", "dans aucun programme", "nature: contexte"]),
    ("contexte compté", remplace("politiques.yml", "- taux_publie", "- effectif"),
     ["effectif.yml", "indicateur de contexte compté dans le programme « programme »"]),
    ("région", remplace("espace.yml", "REG-99", "R-99"), ["espace.yml, ligne 3", "« code_region »", "« R-99 »"]),
    ("clé d'espace", ajoute("espace.yml", "fuseau: Paris\n"), ["espace.yml, ligne", "« fuseau »", "clé inconnue"]),
    ("YAML", ajoute(EFFECTIF, "note: \"sans fin\n"), ["effectif.yml, ligne", "écriture YAML incorrecte", "guillemets"]),
    ("YAML aligné", remplace(EFFECTIF, "unite:", "  unite:"), ["effectif.yml, ligne 6", "écriture YAML incorrecte"]),
    ("liste", lambda d: (d / EFFECTIF).write_text("- a\n- b\n"), ["effectif.yml, ligne 1", "« nom: valeur »"]),
    ("rythme nul", remplace(EFFECTIF, "rythme_mois: 12", "rythme_mois: 0"),
     ["ligne 19", "« 0 » trop petite ; plus de 0"]),
    ("dominance", ajoute(EFFECTIF, "dominance: 85\n"),
     ["ligne 21", "« dominance »", "« 85 » trop grande ; moins de 1"]),
    ("texte vide", remplace(EFFECTIF, "libelle: Essai effectif", 'libelle: ""'),
     ["ligne 2", "« libelle »", "texte vide"]),
    ("pas une liste", remplace("espace.yml", "producteurs:", "reperes: COM-1\nproducteurs:"),
     ["« reperes »", "une liste"]),
    ("vide", lambda d: (d / EFFECTIF).write_text(""), ["effectif.yml, ligne 1", "obligatoire absente"]),
    ("source", ajoute("sources/comptes.yml", "mot_de_passe: x\n"), ["comptes.yml", "« mot_de_passe »", "clé inconnue"]),
    ("colonne", ajoute("sources/cibles.yml", "colonnes: {valleur: v}\n"), ["cibles.yml", "« colonnes.valleur »"]),
    ("politiques absentes", efface("politiques.yml"), ["politiques.yml", "fichier absent"]),
    ("espace absent", efface("espace.yml"), ["espace.yml introuvable", "BOUSSOLE_ESPACE"]),
    ("deux producteurs", remplace("espace.yml", "producteurs:", "producteurs:\n- id: essai\n  nom: Autre\n  sigle: A"),
     ["espace.yml", "« essai »", "deux fois"]),
    ("éditeur", remplace("espace.yml", "producteurs:", "editeur: personne\nproducteurs:"),
     ["espace.yml", "producteur « personne » : nom inconnu", "essai"]),
    ("producteur de source", ajoute("sources/comptes.yml", "producteur: personne\n"),
     ["comptes.yml", "producteur « personne » : nom inconnu"]),
    ("thème", ajoute("sources/comptes.yml", "fiche: {themes: [MODE]}\n"),
     ["comptes.yml", "« fiche.themes.0 »", "'AGRI'"]),
    ("adresse", ajoute("sources/comptes.yml", "fiche: {page: un site}\n"), ["comptes.yml", "« fiche.page »", "https?"]),
]  # fmt: skip


@pytest.mark.parametrize(("faute", "attendus"), [f[1:] for f in FAUTES], ids=[f[0] for f in FAUTES])
def test_a_mistake_says_where_and_what_to_do(dossier: Path, faute: Callable[[Path], None], attendus: list[str]) -> None:
    load_espace(dossier)
    faute(dossier)
    with pytest.raises(EspaceInvalide) as refus:
        load_espace(dossier)
    message = str(refus.value)
    assert [a for a in attendus if a not in message] == [], message
    assert "\n" not in message
    assert str(dossier) in message


@pytest.mark.parametrize("nom", ESPACES)
def test_every_espace_of_the_house_loads(nom: str) -> None:
    espace, sources = load_espace(ESPACES[nom])
    fichiers = {c.stem for c in (ESPACES[nom] / "indicateurs").glob("*.yml")}
    assert {i.id for i in espace.indicateurs} == fichiers
    assert {s.id for s in sources} == {c.stem for c in (ESPACES[nom] / "sources").glob("*.yml")}
    assert set(espace.reperes) <= set(lis_fichiers(ESPACES[nom] / "reference")[0]["territoires"]["code"])


def test_the_two_espaces_share_no_word_of_code() -> None:
    assert load_espace(ESPACES["bfc"])[0].code_region == "REG-27"
    assert load_espace(ESPACES["corse"])[0].code_region == "REG-94"


def test_the_hash_of_an_espace_changes_with_any_rule_and_only_then(dossier: Path, tmp_path: Path) -> None:
    avant = canonique(*load_espace(dossier))
    copie = tmp_path / "copie"
    shutil.copytree(dossier, copie)
    assert canonique(*load_espace(copie)) == avant
    ajoute(EFFECTIF, "# un commentaire\n")(copie)
    assert canonique(*load_espace(copie)) == avant
    ajoute(EFFECTIF, "delai_mois: 13\n")(copie)
    assert canonique(*load_espace(copie))[0] != avant[0]


def test_a_declaration_cannot_be_changed(dossier: Path) -> None:
    espace, _ = load_espace(dossier)
    with pytest.raises(ValidationError):
        espace.indicateurs[0].unite = "%"


def test_programmes_come_before_context(dossier: Path) -> None:
    espace, _ = load_espace(dossier)
    natures = [i.nature for i in espace.ordonnes]
    assert natures == sorted(natures, reverse=True)
