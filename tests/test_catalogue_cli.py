"""``python -m dashboard catalogue``: its files, its exit codes, what each audience reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import DCAT, Graph, URIRef
from rdflib.compare import isomorphic

from tests import catalogues, paquets
from tests.conftest import dashboard, verbe


@pytest.fixture(scope="module")
def maison(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = catalogues.installe(espace_mini, tmp_path_factory.mktemp("catalogue_cli"))
    for audience in ("public", "interne"):
        catalogues.publie(home, audience)
    return home


def lance(home: Path, *arguments: str, **env: str) -> tuple[int, str, str]:
    dans = dashboard if "PYTHONHASHSEED" in env else verbe
    fait = dans({**paquets.environnement(home), **env}, "catalogue", *arguments)
    return fait.returncode, fait.stdout, fait.stderr


def test_both_forms_are_written_and_tell_the_same(maison: Path, tmp_path: Path) -> None:
    for forme in ("ttl", "jsonld"):
        code, dit, erreur = lance(maison, "--format", forme, "--out", str(tmp_path / f"c.{forme}"))
        assert (code, erreur) == (0, "")
        assert "3\u202fjeux de données" in dit
    lus = [catalogues.lis(tmp_path / f"c.{e}") for e in ("ttl", "jsonld")]
    assert isomorphic(*lus)
    assert len(set(lus[0].subjects(None, DCAT.Dataset))) == 3


def test_the_order_of_sets_in_memory_changes_no_byte(maison: Path, tmp_path: Path) -> None:
    for forme in ("ttl", "jsonld"):
        for graine in ("1", "2"):
            lance(maison, "--format", forme, "--out", str(tmp_path / f"{graine}.{forme}"), PYTHONHASHSEED=graine)
        assert (tmp_path / f"1.{forme}").read_bytes() == (tmp_path / f"2.{forme}").read_bytes()


def test_the_address_of_the_files_is_that_of_the_site_or_the_one_given(maison: Path, tmp_path: Path) -> None:
    cible = tmp_path / "c.ttl"
    lance(maison, "--out", str(cible), BOUSSOLE_URL="https://boussole.exemple.fr/")
    adresses = {str(u) for u in Graph().parse(cible).objects(None, DCAT.downloadURL)}
    assert "https://boussole.exemple.fr/publie/donnees/observations/effectif.csv" in adresses
    assert URIRef("https://boussole.exemple.fr/catalogue#jeu-comptes") in set(Graph().parse(cible).subjects())
    lance(maison, "--out", str(cible), "--fichiers", "https://stockage.exemple.fr/2026-W48")
    adresses = {str(u) for u in Graph().parse(cible).objects(None, DCAT.downloadURL)}
    assert "https://stockage.exemple.fr/2026-W48/donnees/objectifs.parquet" in adresses


def test_an_agent_writes_the_public_catalogue_unless_he_asks_for_the_other(maison: Path, tmp_path: Path) -> None:
    cible = tmp_path / "c.ttl"
    assert lance(maison, "--out", str(cible), BOUSSOLE_PROFIL="agent")[0] == 0
    texte = cible.read_text("utf-8")
    for interdit in (catalogues.RESERVE, "reserve", "effectif_interne", "resultat_interne"):
        assert interdit not in texte
    assert lance(maison, "--out", str(cible), "--audience", "interne", BOUSSOLE_PROFIL="agent")[0] == 0
    assert catalogues.RESERVE in cible.read_text("utf-8")


def test_the_page_tells_the_same_datasets_and_escapes_what_it_is_given(maison: Path, tmp_path: Path) -> None:
    cible = tmp_path / "c.html"
    code, _, erreur = lance(maison, "--format", "html", "--out", str(cible), "--fichiers", "https://x.exemple.fr/a")
    assert (code, erreur) == (0, "")
    texte = cible.read_text("utf-8")
    assert texte.count("<article") == 2
    assert 'href="https://x.exemple.fr/a/donnees/observations/effectif.csv"' in texte
    for interdit in (catalogues.RESERVE, "reserve", "effectif_interne"):
        assert interdit not in texte


def test_the_internal_catalogue_is_refused_to_the_public(maison: Path, tmp_path: Path) -> None:
    code, dit, erreur = lance(maison, "--out", str(tmp_path / "c.ttl"), "--audience", "interne")
    assert (code, dit) == (1, "")
    assert "BOUSSOLE_PROFIL" in erreur
    assert not (tmp_path / "c.ttl").exists()


def test_without_any_package_no_file_is_named_and_it_is_said(espace_mini: Path, tmp_path: Path) -> None:
    home = catalogues.installe(espace_mini, tmp_path)
    code, _, erreur = lance(home, "--out", str(tmp_path / "c.ttl"))
    assert code == 0
    assert "make snapshot" in erreur
    graphe = Graph().parse(tmp_path / "c.ttl")
    assert (None, DCAT.distribution, None) not in graphe
    assert (None, DCAT.dataset, None) in graphe


def test_refusals_have_their_code_and_one_sentence(maison: Path, tmp_path: Path) -> None:
    code, _, erreur = lance(maison, "--out", str(tmp_path / "absent" / "c.ttl"))
    assert (code, erreur.count("\n")) == (1, 1)
    assert "écriture impossible" in erreur
    assert lance(maison)[0] == 2
    assert lance(maison, "--out", "x", "--format", "rdf")[0] == 2
    for env, arguments in (({"BOUSSOLE_URL": "boussole"}, ()), ({}, ("--fichiers", "ftp://exemple.fr"))):
        code, _, erreur = lance(maison, "--out", str(tmp_path / "c.ttl"), *arguments, **env)
        assert (code, erreur.count("\n")) == (1, 1)
        assert "n'est pas l'adresse d'un site" in erreur
    code, _, erreur = lance(maison, "--out", str(tmp_path / "c.ttl"), BOUSSOLE_DB=f"sqlite:///{tmp_path}/vide.sqlite")
    assert (code, erreur.count("\n")) == (3, 1)
