"""Alerts on the command line: read, subscribed to, sent once, and never lost when the mail server fails."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dashboard.store.abonnements import Abonnement, liste
from tests.courrier import MOT_DE_PASSE, SANS_TLS, serveur_courrier
from tests.mini import ECRIVAIN, NORD, REGION, Atelier, cible, ligne
from tests.test_cli import appelle

pytestmark = pytest.mark.filterwarnings(SANS_TLS)

Lance = Callable[..., tuple[int, str, str]]


def taux(valeur: float) -> dict[str, Any]:
    return ligne(REGION, valeur, indicateur="taux_publie", periode="2024")


@pytest.fixture
def lance(
    atelier_sqlite: Atelier, espace_mini: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Lance:
    """A verb, as an agent, on a store where one programme is late and without météo."""
    atelier_sqlite.livre(taux(28))
    atelier_sqlite.livre_cibles(cible())
    reglages = {"DB": str(atelier_sqlite.moteur.url), "ESPACE": str(espace_mini), "PROFIL": "agent",
                "DATE_ARRETE": "2026-11-23", "EXPEDITEUR": "boussole@exemple.fr"}  # fmt: skip
    for nom, valeur in reglages.items():
        monkeypatch.setenv(f"BOUSSOLE_{nom}", valeur)
    return lambda *arguments: appelle(capsys, *arguments)


def abonnes(atelier: Atelier) -> list[Abonnement]:
    with atelier.moteur.connect() as connexion:
        return liste(connexion, ECRIVAIN)


def test_alerts_are_read_as_lines_and_as_one_json_document(lance: Lance) -> None:
    code, sortie, _ = lance("alertes")
    lignes = sortie.splitlines()
    assert code == 0
    assert lignes[0].startswith("En retard          Programme d'essai : en retard, 20")
    assert lignes[-1] == "2 alertes."
    code, sortie, erreurs = lance("alertes", "--alerte", "en_retard", "--format", "json")
    lu = json.loads(sortie)
    assert (code, erreurs, lu["territoire"], lu["arrete"]) == (0, "", REGION, "2026-11-23")
    assert lu["comptes"]["en_retard"] == 1
    (alerte,) = lu["alertes"]
    assert (alerte["programme"], alerte["depuis"], alerte["territoire"]) == ("programme", "2024-12-31", REGION)


def test_alerts_are_judged_at_the_date_that_is_asked(lance: Lance) -> None:
    _, sortie, _ = lance("alertes", "--alerte", "echu", "--arrete", "2027-06-30")
    assert "échéance du 31 décembre 2026 passée" in sortie
    assert lance("alertes", "--alerte", "echu", "--territoire", NORD)[1] == "Aucune alerte.\n"


def test_a_subscription_is_made_then_ended_by_what_it_printed(lance: Lance, atelier_sqlite: Atelier) -> None:
    code, sortie, _ = lance("abonne", "elu@exemple.fr", "--programme", "programme", "--alerte", "en_retard", "echu")
    assert code == 0
    (abonne,) = abonnes(atelier_sqlite)
    assert sortie.strip().endswith(f"python -m dashboard desabonne {abonne.jeton}")
    assert abonne.filtre.programmes == ("programme",)
    assert lance("desabonne", abonne.jeton)[:2] == (0, "elu@exemple.fr ne recevra plus d'alertes.\n")
    assert abonnes(atelier_sqlite) == []
    code, _, erreurs = lance("desabonne", abonne.jeton)
    assert (code, "aucun abonnement" in erreurs) == (1, True)
    code, _, erreurs = lance("abonne", "elu")
    assert (code, erreurs) == (1, "Adresse « elu » inutilisable. Forme attendue : prenom.nom@exemple.fr.\n")


def test_only_what_is_new_since_the_last_mail_is_sent(
    lance: Lance, atelier_sqlite: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    lance("abonne", "elu@exemple.fr", "--alerte", "en_retard")
    with serveur_courrier() as boite:
        monkeypatch.setenv("BOUSSOLE_SMTP", f"smtp://127.0.0.1:{boite.port}")
        code, sortie, _ = lance("alertes", "--envoie")
        assert (code, sortie) == (0, "Courriels envoyés : 1. Abonnements sans rien de nouveau : 0. Échecs : 0.\n")
        assert abonnes(atelier_sqlite)[0].envoye_le is not None
        assert json.loads(lance("alertes", "--envoie", "--format", "json")[1]) == {
            "envoyes": 0, "sans_nouveau": 1, "echecs": [],
        }  # fmt: skip
        atelier_sqlite.livre(taux(29))
        assert lance("alertes", "--envoie")[0] == 0
    assert [pour for pour, _ in boite.recus] == ["elu@exemple.fr"] * 2
    corps = boite.recus[1][1].get_body(("plain",))
    assert corps is not None
    assert "29 %" in corps.get_content().replace("\u202f", " ")
    assert abonnes(atelier_sqlite)[0].jeton in corps.get_content()


def test_an_unreachable_server_has_code_three_and_marks_nothing(
    lance: Lance, atelier_sqlite: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    lance("abonne", "elu@exemple.fr")
    avant = abonnes(atelier_sqlite)
    with serveur_courrier() as boite:
        mort = boite.port
    monkeypatch.setenv("BOUSSOLE_SMTP", f"smtp://moi:Tr0uvable@127.0.0.1:{mort}")
    code, sortie, erreurs = lance("alertes", "--envoie")
    assert (code, sortie) == (3, "")
    assert erreurs == (
        f"Serveur de courrier 127.0.0.1:{mort} : il ne répond pas ; "
        "vérifier qu'il est démarré et l'adresse de BOUSSOLE_SMTP.\n"
    )
    assert abonnes(atelier_sqlite) == avant


def test_a_server_that_refuses_the_password_has_code_three_and_marks_nothing(
    lance: Lance, atelier_sqlite: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    lance("abonne", "elu@exemple.fr")
    avant = abonnes(atelier_sqlite)
    with serveur_courrier(mot_de_passe=MOT_DE_PASSE) as boite:
        monkeypatch.setenv("BOUSSOLE_SMTP", f"smtp://moi:Err0ne@127.0.0.1:{boite.port}")
        code, sortie, erreurs = lance("alertes", "--envoie")
    assert (code, boite.recus) == (3, [])
    assert "il refuse les identifiants" in erreurs
    assert "Err0ne" not in sortie + erreurs
    assert abonnes(atelier_sqlite) == avant


def test_one_refused_address_stops_no_other_and_is_tried_again(
    lance: Lance, atelier_sqlite: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nom in ("a", "b"):
        lance("abonne", f"{nom}@exemple.fr")
    with serveur_courrier() as boite:
        monkeypatch.setenv("BOUSSOLE_SMTP", f"smtp://127.0.0.1:{boite.port}")
        boite.refus["a@exemple.fr"] = "550 inconnu"
        code, sortie, erreurs = lance("alertes", "--envoie")
        assert (code, sortie) == (3, "Courriels envoyés : 1. Abonnements sans rien de nouveau : 0. Échecs : 1.\n")
        assert erreurs.startswith("a@exemple.fr : Serveur de courrier")
        assert [x.envoye_le is None for x in abonnes(atelier_sqlite)] == [True, False]
        boite.refus.clear()
        assert lance("alertes", "--envoie")[0] == 0
    assert [pour for pour, _ in boite.recus] == ["b@exemple.fr", "a@exemple.fr"]


def test_nothing_new_needs_no_server(lance: Lance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOUSSOLE_SMTP", "smtp://127.0.0.1:1")
    code, sortie, _ = lance("alertes", "--envoie")
    assert (code, sortie) == (0, "Courriels envoyés : 0. Abonnements sans rien de nouveau : 0. Échecs : 0.\n")


def test_without_a_setting_sending_says_which_one(lance: Lance) -> None:
    code, _, erreurs = lance("alertes", "--envoie")
    assert code == 1
    assert erreurs.startswith("BOUSSOLE_SMTP absent")


def test_the_doctor_shows_the_server_without_its_password(lance: Lance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOUSSOLE_SMTP", "smtp://moi:Tr0uvable@courrier.exemple.fr:587")
    for forme in ("table", "json"):
        _, sortie, erreurs = lance("doctor", "--format", forme)
        assert "smtp://moi:***@courrier.exemple.fr:587" in sortie
        assert "Tr0uvable" not in sortie + erreurs
