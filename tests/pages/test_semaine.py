"""The whole application as of a published week, on the tiny espace: every figure and word is invented."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml

from dashboard import bootstrap
from dashboard.bootstrap import Application
from dashboard.domain.apports import Apport, Genre, Signature
from dashboard.domain.brouillon import prepare
from dashboard.store import apports
from tests import mini, paquets
from tests.pages.conftest import Ecran, Ouvre

AVANT, APRES = "2026-W47", "2026-W48"
JADIS, DEPUIS = "Un mot de jadis.", "Un mot de depuis."
ANCIEN, NOUVEAU = "Essai taux_publie", "Taux rebaptisé"


@pytest.fixture(scope="module")
def maison(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two packages, between which a value, a target, a word, a name and a right changed; then a value again."""
    home = paquets.installe(espace_mini, tmp_path_factory.mktemp("semaines"))
    app = paquets.ouvre(home)
    mots = _synthese(app, JADIS)
    paquets.cree(app, AVANT)
    declaration = home / "espace" / "indicateurs" / "taux_publie.yml"
    declaration.write_text(
        yaml.safe_dump({**yaml.safe_load(declaration.read_text("utf-8")), "libelle": NOUVEAU}), "utf-8"
    )
    prive = home / "espace" / "indicateurs" / "part_fictive.yml"
    prive.write_text(yaml.safe_dump({**yaml.safe_load(prive.read_text("utf-8")), "acces": "interne"}), "utf-8")
    _synthese(app, DEPUIS, fil=mots.fil, attendue=1)
    app.moteur.dispose()
    app = paquets.ouvre(home)
    bootstrap.prepare(app)
    atelier = mini.Atelier(app.moteur, app.espace, app.sources, app.reglages.espace)
    _livre(atelier, 56, cible=200)
    paquets.cree(app, APRES)
    _livre(atelier, 86, cible=200)
    app.moteur.dispose()
    return home


def _synthese(app: Application, texte: str, **suite: int) -> Apport:
    contenu = {"meteo": "soleil", "texte": texte}
    brouillon = prepare(Genre.SYNTHESE, "programme", mini.REGION, contenu, Signature("Chef", "Essai"))
    return apports.ecris(app.moteur, app.auteur, brouillon, **suite)


def _livre(atelier: mini.Atelier, valeur: float, cible: float) -> None:
    taux = mini.ligne(mini.REGION, valeur, indicateur="taux_publie", periode="2024")
    assert atelier.livre(taux).etat == "publie"
    assert atelier.livre_cibles(mini.cible(valeur=cible)).etat in ("publie", "deja_publie")


@pytest.fixture
def public(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], maison: Path) -> Ouvre:
    return ouvre_avec({**paquets.environnement(maison), "BOUSSOLE_PROFIL": "public"})


@pytest.fixture
def agent(ouvre_avec: Callable[[Mapping[str, str]], Ouvre], maison: Path) -> Ouvre:
    return ouvre_avec({**paquets.environnement(maison), "BOUSSOLE_PROFIL": "agent"})


def programme(ouvre: Ouvre, **url: str) -> Ecran:
    return ouvre("programme", programme="programme", **url).sains()


ETATS = [
    ({}, ["86 %", "200 %", DEPUIS, NOUVEAU], ["56 %", "41 %", ANCIEN, JADIS]),
    ({"semaine": APRES}, ["56 %", "200 %", DEPUIS, NOUVEAU], ["86 %", "41 %", ANCIEN, JADIS]),
    ({"semaine": AVANT}, ["41 %", "100 %", JADIS, ANCIEN], ["56 %", "86 %", "200 %", DEPUIS, NOUVEAU]),
]  # fmt: skip


@pytest.mark.parametrize(("url", "dits", "tus"), ETATS, ids=["today", APRES, AVANT])
def test_values_targets_words_and_names_are_those_of_the_week(
    public: Ouvre, url: dict[str, str], dits: list[str], tus: list[str]
) -> None:
    texte = programme(public, **url).texte
    assert [d for d in dits if d not in texte] == [], texte
    assert [t for t in tus if t in texte] == []
    assert ("telle que publiée" in texte) is bool(url)


def test_the_week_is_followed_by_every_page_and_says_so(public: Ouvre) -> None:
    for page in ("essentiel", "politiques", "territoire", "suivi", "indicateur", "catalogue", "aide"):
        ecran = public(page, semaine=AVANT).sains()
        assert f"Semaine {AVANT} , telle que publiée le 16 novembre 2026" in ecran.texte, page
        assert NOUVEAU not in ecran.texte, page


def test_the_rights_are_those_of_today(public: Ouvre) -> None:
    ferme = public("indicateur", indicateur="part_fictive", semaine=AVANT)
    assert any("n'existe pas" in a for a in ferme.avertissements)
    assert "part_fictive" not in public("catalogue", voir="indicateurs", semaine=AVANT).sains().texte


def test_an_agent_still_reads_what_has_been_closed(agent: Ouvre) -> None:
    assert "part_fictive" in agent("catalogue", voir="indicateurs", semaine=AVANT).sains().texte


@pytest.mark.parametrize("semaine", ["2026-W01", "hier", "<b>x</b>", "2026-W48.r2"])
def test_an_unknown_week_is_told_and_today_is_shown(public: Ouvre, semaine: str) -> None:
    ecran = programme(public, semaine=semaine)
    assert any("n'existe pas" in a for a in ecran.avertissements)
    assert "86 %" in ecran.texte
    assert "telle que publiée" not in ecran.texte


@pytest.mark.parametrize("page", ["donnees", "saisie"])
def test_a_page_that_writes_is_never_in_the_past(agent: Ouvre, page: str) -> None:
    ecran = agent(page, semaine=AVANT).sains()
    assert any(f"la semaine {AVANT} est quittée" in a for a in ecran.avertissements)
    assert "telle que publiée" not in ecran.texte
