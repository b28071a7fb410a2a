"""The bulletin made with a real package of the tiny espace, sealed with it, for each audience."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import bulletins
from dashboard.bootstrap import Application
from dashboard.domain.ecarts import Cause
from dashboard.domain.lecteur import AGENT, PUBLIC
from dashboard.exports import verifie
from dashboard.exports.bulletin_lecture import lis_bulletin
from dashboard.exports.bulletin_partie import ecris_bulletin
from dashboard.instantane_parties import Partie
from tests import paquets

SEUL = (Partie("bulletin", ecris_bulletin),)


@pytest.fixture(scope="module")
def app(espace_mini: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """Three weeks of each audience: a first one, one with a new word, one that is the same."""
    home = paquets.installe(espace_mini, tmp_path_factory.mktemp("bulletins"))
    app = paquets.ouvre(home)
    for semaine in paquets.SEMAINES:
        if semaine == "2026-W48":
            paquets.modifie(app)
        for audience in ("public", "interne"):
            paquets.cree(app, semaine, audience=audience, parties=SEUL)
    yield app
    app.moteur.dispose()


def test_each_week_has_its_bulletin_sealed_with_the_package(app: Application) -> None:
    numeros = bulletins.numeros(app, PUBLIC)
    assert [n.semaine for n in numeros] == ["2026-W49", "2026-W48", "2026-W47"]
    assert verifie.verifie(str(app.reglages.home / "snapshots"), None) == []
    for numero in numeros:
        pdf = bulletins.imprime(numero)
        assert pdf is not None
        assert pdf.startswith(b"%PDF")
        assert "bulletin.html" in (numero.chemin / "MANIFEST.sha256").read_text("utf-8")


def test_the_three_weeks_say_what_enters_what_changes_and_that_nothing_does(app: Application) -> None:
    troisieme, deuxieme, premier = (bulletins.lis(n) for n in bulletins.numeros(app, PUBLIC))
    assert premier.texte.startswith("Premier bulletin : ")
    assert [(e.cause, e.titre) for e in deuxieme.entrees] == [(Cause.APPORT, "Programme d'essai")]
    assert troisieme.texte.startswith("Aucun changement depuis 2026-W48")


def test_the_public_bulletin_names_nothing_that_the_public_may_not_see(app: Application) -> None:
    publics, internes = bulletins.numeros(app, PUBLIC), bulletins.numeros(app, AGENT)
    assert {n.chemin.parent.name for n in publics} == {"snapshots"}
    assert {n.chemin.parent.name for n in internes} == {"snapshots-internes"}
    dits = "".join((n.chemin / "bulletin.json").read_text("utf-8") for n in publics)
    for interdit in (paquets.INTERDIT, "Programme fermé", "resultat_interne"):
        assert interdit not in dits
    assert "Programme fermé" in lis_bulletin(internes[-1].chemin).en_json().decode()


def test_the_feed_follows_the_rights_of_the_profile_of_the_server(app: Application) -> None:
    public = paquets.ouvre(app.reglages.home, "public")
    corps = bulletins.flux("http://boussole/", public).decode()
    assert corps.count("<entry>") == 3
    assert "Programme ferm" not in corps
    assert "Programme ferm" in bulletins.flux("http://boussole/", app).decode()
    public.moteur.dispose()
