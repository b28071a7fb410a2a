"""The page Instantanés on the tiny espace: what is published, intact, different. Every figure is invented."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dashboard import archives, instantanes
from dashboard.instantanes import InstantaneRefuse
from tests import mini, paquets
from tests.pages.conftest import Ecran, Ouvre


@pytest.fixture(scope="module")
def maison(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two public weeks between which a value changed, and an internal one."""
    home = paquets.installe(espace_mini, tmp_path_factory.mktemp("instantanes"))
    app = paquets.ouvre(home)
    paquets.cree(app, "2026-W47")
    atelier = mini.Atelier(app.moteur, app.espace, app.sources, app.reglages.espace)
    assert atelier.livre(mini.ligne(mini.REGION, 55, indicateur="taux_publie", periode="2024")).etat == "publie"
    paquets.cree(app, "2026-W48")
    instantanes.cree(app, "interne", parties=(), maintenant=paquets.SEMAINES["2026-W48"])
    app.moteur.dispose()
    return home


@pytest.fixture
def public(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], maison: Path) -> Ouvre:
    return ouvre_avec({**paquets.environnement(maison), "BOUSSOLE_PROFIL": "public"})


@pytest.fixture
def agent(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], maison: Path) -> Ouvre:
    return ouvre_avec({**paquets.environnement(maison), "BOUSSOLE_PROFIL": "agent"})


def clique(ecran: Ecran, libelle: str) -> Ecran:
    bouton = next(b for b in ecran.essai.button if b.label == libelle)
    return Ecran(bouton.click().run())


def test_the_weeks_are_listed_with_their_seal_and_their_file(public: Ouvre, maison: Path) -> None:
    texte = public("instantanes").sains().texte
    app = paquets.ouvre(maison)
    publies = [e for e in instantanes.liste(app, "public") if e.etat == "publie"]
    app.moteur.dispose()
    assert "2 instantanés publiés" in texte
    assert len(publies) == 2
    for e in publies:
        assert " ".join(e.sceau[i : i + 4] for i in range(0, 12, 4)) in texte
    liens = " ".join(str(e.proto.body) for e in public("instantanes").elements if e.type == "html")
    assert 'href="instantanes/public/2026-W48.zip"' in liens
    assert "semaine=2026-W47" in liens


def test_a_week_is_verified_on_the_page(public: Ouvre) -> None:
    ecran = clique(public("instantanes", verifier="2026-W48").sains(), "Vérifier").sains()
    assert [s.value for s in ecran.essai.success] == ["2026-W48 : intact, octet pour octet."]


def test_a_damage_is_said_with_its_file(
    ouvre_avec: Callable[[Mapping[str, str]], Ouvre], maison: Path, tmp_path: Path
) -> None:
    with paquets.copie(maison, tmp_path / "maison"):
        abime = tmp_path / "maison" / "snapshots" / "2026-W47" / "donnees" / "programmes.csv"
        abime.write_bytes(abime.read_bytes() + b"x")
        ouvre = ouvre_avec({**paquets.environnement(tmp_path / "maison"), "BOUSSOLE_PROFIL": "public"})
        ecran = clique(ouvre("instantanes"), "Vérifier")
        assert any("1 défaut" in e for e in ecran.erreurs)
        assert "2026-W47/donnees/programmes.csv : contenu modifié" in ecran.texte


def test_two_weeks_are_compared_in_sentences(public: Ouvre) -> None:
    texte = public("instantanes").sains().texte
    assert "41 %" in texte
    assert "55 %" in texte
    same = public("instantanes", avant="2026-W48", apres="2026-W48").sains().texte
    assert "Deux fois la même semaine" in same


def test_the_public_has_no_internal_package(public: Ouvre, maison: Path) -> None:
    ecran = public("instantanes", audience="interne").sains()
    assert "Interne" not in ecran.texte
    app = paquets.ouvre(maison, "public")
    with pytest.raises(InstantaneRefuse, match="introuvable"):
        archives.archive(app, "interne", "2026-W48")
    app.moteur.dispose()


def test_an_agent_has_both(agent: Ouvre, maison: Path) -> None:
    assert "1 instantané publié" in agent("instantanes", audience="interne").sains().texte


@pytest.mark.parametrize("nom", ["2026-W49", "../2026-W48", "current", "", "2026-W48/..", "a" * 500])
def test_only_a_published_week_becomes_an_archive(maison: Path, nom: str) -> None:
    app = paquets.ouvre(maison)
    with pytest.raises(InstantaneRefuse, match="introuvable"):
        archives.archive(app, "public", nom)
    app.moteur.dispose()


def test_without_any_package_the_page_says_who_must_act(
    ouvre_avec: Callable[[Mapping[str, str]], Ouvre], magasin_pret: dict[str, str]
) -> None:
    texte = ouvre_avec(magasin_pret)("instantanes").sains().texte
    assert "Aucun instantané n'a encore été publié" in texte
    assert "make snapshot" in texte


def test_a_missed_week_is_listed_and_never_made_afterwards(maison: Path) -> None:
    app = paquets.ouvre(maison)
    etats = instantanes.liste(app, "public", datetime(2026, 12, 16, tzinfo=UTC))
    app.moteur.dispose()
    assert [(str(e.semaine), e.etat) for e in etats] == [
        ("2026-W50", "non_produite"), ("2026-W49", "non_produite"), ("2026-W48", "publie"), ("2026-W47", "publie"),
    ]  # fmt: skip
