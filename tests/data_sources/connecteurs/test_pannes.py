"""Whatever a producer's endpoint does, yesterday's values stay to the last byte and the reason is kept."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pandas as pd
import pytest

from dashboard import bootstrap
from dashboard.bootstrap import Application
from dashboard.reglages import lis_reglages
from dashboard.store import tirages
from data_sources.connectors import client
from tests import mini
from tests.data_sources.connecteurs.serveur import Rep, Serveur, rep_csv, rep_json
from tests.mini import COMMUNES, Atelier

ANNEES = range(2014, 2024)


def livraison(n: int = len(COMMUNES) * len(ANNEES), facteur: int = 1) -> bytes:
    """A delivery of the first ``n`` rows. Invented figures."""
    lignes = [f"{c},{a},{facteur * (rang + a)}" for rang, c in enumerate(COMMUNES) for a in ANNEES]
    return "\n".join(["commune,annee,effectif", *lignes[:n]]).encode()


@pytest.fixture
def app(serveur: Serveur, espace_mini: Path, tmp_path: Path) -> Iterator[Application]:
    """An espace whose source is an endpoint, pulled once with success."""
    espace = tmp_path / "espace"
    shutil.copytree(espace_mini, espace)
    mini.source_fichier(
        espace, territoire="commune", periode="annee", valeur="effectif", tirage="toujours", connecteur="http",
        url=f"{serveur.url}/donnees.csv", lecture={"format": "csv", "hotes": [serveur.hote]},
        attentes={"variation_lignes_max": 20},
    )  # fmt: skip
    env = {"BOUSSOLE_HOME": str(tmp_path), "BOUSSOLE_ESPACE": str(espace), "BOUSSOLE_PROFIL": "agent"}
    ouverte = bootstrap.ouvre(lis_reglages(env))
    serveur.repond = lambda _: rep_csv(livraison())
    (premier,) = bootstrap.rafraichit(ouverte, ["comptes"])
    assert premier.etat == "publie", premier.message
    yield ouverte
    ouverte.moteur.dispose()


def montre(app: Application) -> pd.DataFrame:
    return Atelier(app.moteur, app.espace, app.sources, app.reglages.espace).valeurs()


SANS_FIN = threading.Event()
TEXTE, PAGE = {"Content-Type": "text/csv"}, {"Content-Type": "text/html"}
PANNES = {
    "500": (lambda d: Rep(b"", 500), "indisponible", "500"),
    "429": (lambda d: Rep(b"", 429, {"Retry-After": "7"}), "indisponible", "429"),
    "délai": (lambda d: Rep(livraison(), attend=SANS_FIN), "indisponible", "délai"),
    "tronquée": (lambda d: Rep(livraison()[:300], 200, TEXTE, longueur=9_000), "indisponible", ""),
    "HTML": (lambda d: Rep(b"<!DOCTYPE html><p>maintenance</p>", 200, PAGE), "refuse", "HTML"),
    "vide": (lambda d: rep_csv("commune,annee,effectif\n"), "refuse", "aucune ligne"),
    "autre format": (lambda d: rep_json({"erreur": "fermé"}), "refuse", ""),
    "colonne renommée": (lambda d: rep_csv(livraison().replace(b"effectif", b"nombre")), "refuse", "« effectif »"),
    "moins 30 %": (lambda d: rep_csv(livraison(56)), "refuse", "56 lignes reçues contre 80"),
    "valeur illisible": (lambda d: rep_csv(livraison().replace(b",2014\n", b",beaucoup\n", 1)), "refuse", "Ligne 2"),
}  # fmt: skip


@pytest.mark.parametrize("panne", PANNES)
def test_a_failing_endpoint_changes_nothing_and_says_why(
    app: Application, serveur: Serveur, panne: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "DELAIS", httpx.Timeout(0.5))
    avant, lots = montre(app), len(Atelier(app.moteur, app.espace, app.sources, app.reglages.espace).lots())
    repond, etat, indice = PANNES[panne]
    serveur.repond = repond
    (resultat,) = bootstrap.rafraichit(app, ["comptes"])
    assert resultat.etat == etat, resultat.message
    assert indice in resultat.message.replace("\u202f", " ")
    assert "comptes" in resultat.message
    pd.testing.assert_frame_equal(montre(app), avant)
    with app.moteur.connect() as connexion:
        trace = tirages.dernier(connexion, "comptes")
        reussi = tirages.dernier(connexion, "comptes", reussi=True)
    assert trace is not None
    assert (trace.etat, trace.message, trace.reussi) == (etat, resultat.message, False)
    assert reussi is not None
    assert len(Atelier(app.moteur, app.espace, app.sources, app.reglages.espace).lots()) == lots + (etat == "refuse")


def test_an_endpoint_that_recovers_is_published_again(app: Application, serveur: Serveur) -> None:
    serveur.repond = lambda _: Rep(b"", 500)
    assert [r.etat for r in bootstrap.rafraichit(app, ["comptes"])] == ["indisponible"]
    serveur.repond = lambda _: rep_csv(livraison(facteur=2))
    assert [r.etat for r in bootstrap.rafraichit(app, ["comptes"])] == ["publie"]


def test_an_unchanged_answer_publishes_nothing(app: Application, serveur: Serveur) -> None:
    serveur.repond = lambda _: rep_csv(livraison(facteur=3), ETag='"v3"')
    assert [r.etat for r in bootstrap.rafraichit(app, ["comptes"])] == ["publie"]
    serveur.repond = lambda d: Rep(code=304) if d.entetes.get("If-None-Match") == '"v3"' else Rep(code=500)
    assert [r.etat for r in bootstrap.rafraichit(app, ["comptes"])] == ["inchange"]


def test_the_failure_of_one_source_stops_no_other(app: Application, serveur: Serveur) -> None:
    serveur.repond = lambda _: Rep(b"", 500)
    etats = {r.source: r.etat for r in bootstrap.rafraichit(app)}
    assert etats["comptes"] == "indisponible"
    assert etats["cibles"] in ("publie", "deja_publie")


def test_an_unforeseen_error_stops_no_other_source_and_is_noted(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def imprevu(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("data_sources.connectors.http.lis", imprevu)
    avant = montre(app)
    etats = {r.source: r.etat for r in bootstrap.rafraichit(app)}
    assert etats["comptes"] == "indisponible"
    assert etats["cibles"] in ("publie", "deja_publie")
    pd.testing.assert_frame_equal(montre(app), avant)
    with app.moteur.connect() as connexion:
        trace = tirages.dernier(connexion, "comptes")
    assert trace is not None
    assert "erreur imprévue" in trace.message
