"""The page Qualité et souveraineté: the real espace, then a tiny, invented one with what is closed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml

from dashboard import souverainete
from tests import catalogues, paquets
from tests.mini import Atelier
from tests.pages.conftest import Ouvre
from tests.partage import une_fois

FERME, HEBERGEUR = "Producteur confidentiel d'essai", "Hébergeur d'essai"


@pytest.fixture(scope="module")
def maison(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset that only agents may know of, a producer of nothing else, and a declared host."""

    def construit(ou: Path) -> None:
        modele = shutil.copytree(espace_mini, ou / "origine")
        _change(modele / "espace.yml", {
            "producteurs": [{"id": "essai", "nom": "Producteur d'essai", "sigle": "Essai"},
                            {"id": "ferme", "nom": FERME, "sigle": FERME}],
            "souverainete": {"hebergement": {"nom": HEBERGEUR, "role": "serveurs", "lieu": "Nulle part, France"},
                             "sous_traitants": []},
        })  # fmt: skip
        _change(modele / "indicateurs" / "effectif_interne.yml", {"producteur": "ferme"})
        catalogues.installe(modele, ou)

    return une_fois(tmp_path_factory, "qualite", construit) / "maison"


def _change(fichier: Path, cles: dict[str, object]) -> None:
    lu = yaml.safe_load(fichier.read_text("utf-8")) | cles
    fichier.write_text(yaml.safe_dump(lu, allow_unicode=True, sort_keys=False), "utf-8")


@pytest.fixture
def en(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], maison: Path) -> Callable[[str], Ouvre]:
    def profil(nom: str) -> Ouvre:
        return ouvre_avec({**paquets.environnement(maison), "BOUSSOLE_PROFIL": nom})

    return profil


def test_the_real_datasets_are_told_in_words_first(ouvre: Ouvre) -> None:
    texte = ouvre("qualite").sains().texte
    assert "41 sur 105 indicateurs sont bons sur toutes les mesures, 64 à surveiller" in texte
    assert "Aucune livraison refusée." in texte
    assert "Populations municipales par millésime de recensement" in texte


def test_a_dataset_opens_with_its_sentences_and_its_remedy(ouvre: Ouvre) -> None:
    texte = ouvre("qualite", jeu="programmes").sains().texte
    assert "58 indicateurs sur 80 en retard" in texte
    assert "jusqu'à 1,7 % au 30 sept. 2022 (Dossiers MaPrimeRénov')" in texte
    assert "Relancer le producteur" in texte
    assert "Calculs sur les populations" not in texte  # the list is left for the dataset


def test_an_indicator_opens_with_its_own_measures(ouvre: Ouvre) -> None:
    texte = ouvre("qualite", vue="indicateurs", indicateur="part_population_cpts").sains().texte
    assert "7 départements sur 8 au 31 mai 2024, 95,0 % des habitants" in texte


def test_producers_are_on_a_board_with_their_parts(ouvre: Ouvre) -> None:
    texte = ouvre("qualite", vue="producteurs").sains().texte
    assert "DITP 34 indicateurs, 2 jeux www.info.gouv.fr/politiques-prioritaires 33 sur 34 0 sur 34 jusqu'à" in texte
    retards = [int(j.replace(" ", "")) for j in re.findall(r"jusqu'à ([\d ]+) j", texte)]
    assert retards == sorted(retards, reverse=True)
    assert texte.index("DITP") < texte.index("Registre du covoiturage")


def test_filters_are_in_the_address_and_an_empty_list_says_what_to_do(ouvre: Ouvre) -> None:
    texte = ouvre("qualite", producteur="dila").sains().texte
    assert "Annuaire des mairies" in texte
    assert "Budgets publiés" not in texte
    assert "Budgets publiés" in ouvre("qualite", verdict="a_surveiller").sains().texte
    assert "Annuaire des mairies" not in ouvre("qualite", verdict="a_surveiller").sains().texte
    assert "Aucune ligne ne répond à ces filtres" in ouvre("qualite", verdict="bloquant").sains().texte


def test_what_is_not_declared_is_said_so_and_every_outgoing_host_is_named(ouvre: Ouvre) -> None:
    texte = ouvre("qualite", vue="souverainete").sains().texte
    assert texte.count("Non déclaré") == 2
    for hote in ("bdm.insee.fr", "data.enedis.fr", "odre.opendatasoft.com", "www.data.gouv.fr"):
        assert hote in texte
    assert "data.geopf.fr" not in texte
    assert "Non audité au RGAA" in texte
    assert "Rien ne sort" in texte


def test_without_a_proof_the_page_says_how_to_make_one(
    ouvre: Ouvre, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(souverainete.preuve, "__defaults__", (tmp_path / "requetes.json",))
    texte = ouvre("qualite", vue="souverainete").sains().texte
    assert "Aucune preuve faite" in texte
    assert "make preuve" in texte
    (tmp_path / "requetes.json").write_text("{}")
    assert "Preuve illisible" in ouvre("qualite", vue="souverainete").sains().texte


@pytest.mark.parametrize("mode", ["jeux", "indicateurs", "producteurs", "souverainete"])
def test_the_public_cannot_tell_that_anything_is_closed(en: Callable[[str], Ouvre], mode: str) -> None:
    public = en("public")("qualite", vue=mode).sains()
    assert all(mot not in public.texte for mot in (FERME, catalogues.RESERVE, "interne"))
    assert "sur 6 indicateurs" in public.texte
    listes = [o for s in public.essai.multiselect for o in s.options]
    assert FERME not in listes
    agent = en("agent")("qualite", vue=mode).sains()
    assert "sur 8 indicateurs" in agent.texte
    assert (catalogues.RESERVE in agent.texte) is (mode == "jeux")
    assert (FERME in agent.texte) is (mode in ("indicateurs", "producteurs", "jeux"))


@pytest.mark.parametrize(("vue", "cle", "ferme", "nom"), [
    ("jeux", "jeu", "reserve", "jeu de données"), ("jeux", "producteur", "ferme", "producteur"),
    ("indicateurs", "indicateur", "effectif_interne", "indicateur"),
])  # fmt: skip
def test_what_is_closed_and_what_does_not_exist_are_answered_alike(
    en: Callable[[str], Ouvre], vue: str, cle: str, ferme: str, nom: str
) -> None:
    public = en("public")
    dits = [public("qualite", **{cle: x, "vue": vue}).sains().avertissements for x in (ferme, "inexistant")]
    assert dits[0] == [dits[1][0].replace("inexistant", ferme)]
    assert nom in dits[0][0]


def test_the_declared_host_and_the_absence_of_processors_are_shown(en: Callable[[str], Ouvre]) -> None:
    texte = en("public")("qualite", vue="souverainete").sains().texte
    assert f"{HEBERGEUR} : serveurs, Nulle part, France." in texte
    assert "Aucun, déclare la Région." in texte
    assert "Non déclaré" not in texte


def test_an_empty_store_says_who_must_act(
    ouvre_avec: Callable[[Mapping[str, str]], Ouvre], espace_mini: Path, tmp_path: Path
) -> None:
    from dashboard.store.moteur import migre, open_moteur

    moteur = open_moteur(f"sqlite:///{tmp_path / 'boussole.sqlite'}")
    migre(moteur)
    Atelier.ouvre(moteur, espace_mini)
    moteur.dispose()
    ouvre = ouvre_avec({"BOUSSOLE_HOME": str(tmp_path), "BOUSSOLE_ESPACE": str(espace_mini)})
    texte = ouvre("qualite").sains().texte
    assert "Rien n'est encore mesuré. Un agent doit alimenter une source" in texte
