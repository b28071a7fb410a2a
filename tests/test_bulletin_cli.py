"""The bulletin on the command line: read, sent once to each, never lost when the mail server fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dashboard.bulletin_cli import ENVOIS
from tests import semaines
from tests.courrier import SANS_TLS, serveur_courrier
from tests.mini import Atelier
from tests.test_alertes_cli import Lance, lance

__all__ = ["lance"]
pytestmark = pytest.mark.filterwarnings(SANS_TLS)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with two published weeks."""
    monkeypatch.setenv("BOUSSOLE_HOME", str(tmp_path / "home"))
    semaines.deux_semaines(tmp_path / "home")
    return tmp_path / "home"


def test_the_last_bulletin_is_read_in_words_and_as_json(home: Path, lance: Lance) -> None:
    code, sortie, _ = lance("bulletin", "show")
    assert code == 0
    assert sortie.startswith("Bulletin 2026-W48 : Aucun programme ne change de statut depuis 2026-W47")
    assert "Nouvelle valeur\n  Bornes de recharge" in sortie
    code, sortie, _ = lance("bulletin", "show", "2026-W47", "--format", "json")
    assert (code, json.loads(sortie)["precedente"]) == (0, None)


def test_a_week_that_was_not_published_is_one_sentence(home: Path, lance: Lance) -> None:
    code, _, erreur = lance("bulletin", "show", "2026-W01")
    assert code == 1
    assert erreur == "Bulletin « 2026-W01 » introuvable. Bulletins publiés : 2026-W48, 2026-W47.\n"


def test_a_bulletin_is_sent_once_to_each_address(home: Path, lance: Lance, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOUSSOLE_BULLETIN", "elus@exemple.fr, presse@exemple.fr")
    with serveur_courrier() as boite:
        monkeypatch.setenv("BOUSSOLE_SMTP", f"smtp://127.0.0.1:{boite.port}")
        boite.refus = {"presse@exemple.fr": "550 non"}
        code, sortie, erreur = lance("bulletin", "send")
        assert code == 3
        assert "Courriels envoyés : 1. Déjà reçus : 0. Échecs : 1." in sortie
        assert "presse@" not in erreur
        boite.refus = {}
        assert lance("bulletin", "send", "--format", "json")[1] == (
            '{"semaine": "2026-W48", "envoyes": 1, "deja": 1, "echecs": 0}\n'
        )
        assert lance("bulletin", "send")[0] == 0
    assert [a for a, _ in boite.recus] == ["elus@exemple.fr", "presse@exemple.fr"]
    texte = boite.recus[0][1].get_body(("plain",))
    assert texte is not None
    assert "sceau-2026-W48" in texte.get_content()
    assert "exemple.fr" not in (home / ENVOIS).read_text("utf-8")


def test_the_subscribers_of_the_alerts_receive_it_when_asked(
    home: Path, lance: Lance, monkeypatch: pytest.MonkeyPatch, atelier_sqlite: Atelier
) -> None:
    lance("abonne", "agent@exemple.fr")
    with serveur_courrier() as boite:
        monkeypatch.setenv("BOUSSOLE_SMTP", f"smtp://127.0.0.1:{boite.port}")
        code, _, erreur = lance("bulletin", "send")
        assert code == 1
        assert "BOUSSOLE_BULLETIN" in erreur
        assert lance("bulletin", "send", "--abonnes")[0] == 0
    assert [a for a, _ in boite.recus] == ["agent@exemple.fr"]


def test_the_mail_says_the_public_bulletin_even_from_an_agent(
    home: Path, lance: Lance, monkeypatch: pytest.MonkeyPatch
) -> None:
    semaines.deux_semaines(home, "snapshots-internes", nom="Programme interne")
    monkeypatch.setenv("BOUSSOLE_BULLETIN", "elus@exemple.fr")
    assert "Programme interne" in lance("bulletin", "show")[1]
    with serveur_courrier() as boite:
        monkeypatch.setenv("BOUSSOLE_SMTP", f"smtp://127.0.0.1:{boite.port}")
        lance("bulletin", "send")
    texte = boite.recus[0][1].get_body(("plain",))
    assert texte is not None
    assert "Programme interne" not in texte.get_content()
