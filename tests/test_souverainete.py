"""What may be called, and the proof that is kept: what the page says of them is what they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dashboard import souverainete
from dashboard.bootstrap import Application
from dashboard.domain.lecteur import Auteur
from dashboard.domain.souverainete import Preuve
from dashboard.souverainete import PreuveIllisible
from tests.navigateur.conftest import Surveillance
from tests.preuve import preuve

SMTP = "smtp://qui:motdepasse@courrier.invalid:587"


def test_the_committed_proof_is_read_and_held() -> None:
    lue = souverainete.preuve()
    assert lue is not None
    assert lue.tenue
    assert lue.requetes > 1000
    assert "/qualite" in lue.pages


def test_a_foreign_request_is_written_in_the_proof_and_breaks_it(tmp_path: Path) -> None:
    constats = Surveillance("127.0.0.1:1")
    constats.note_requete("http://127.0.0.1:1/_stcore/health")
    assert preuve(constats, "1").tenue
    constats.note_requete("https://tiers.invalid/suivi")
    constats.note_requete("data:image/png;base64,AA")
    fichier = tmp_path / "preuve.json"
    fichier.write_text(preuve(constats, "1").model_dump_json())
    lue = souverainete.preuve(fichier)
    assert lue is not None
    assert (lue.tenue, lue.requetes, lue.etrangeres) == (False, 2, ("https://tiers.invalid/suivi",))
    assert lue.phrase.startswith("1\u202frequête vers un tiers sur 2")


def test_a_proof_that_is_not_one_says_so(tmp_path: Path) -> None:
    assert souverainete.preuve(tmp_path / "absente.json") is None
    (tmp_path / "fausse.json").write_text('{"requetes": 0}')
    with pytest.raises(PreuveIllisible, match="la refaire par « make preuve »"):
        souverainete.preuve(tmp_path / "fausse.json")


def test_a_page_added_since_the_proof_is_named(tmp_path: Path) -> None:
    for nom in ("essentiel", "carte", "nouvelle"):
        (tmp_path / f"{nom}.py").touch()
    faite = Preuve.model_validate({
        "faite_le": "2026-11-28T10:00:00Z", "version": "1", "navigateur": "x", "pages": ["/", "/carte?vue=x"],
        "tailles": ["1x1"], "requetes": 3,
    })  # fmt: skip
    assert souverainete.pages_sans_preuve(faite, tmp_path) == ["nouvelle"]


def test_the_mail_server_is_named_to_agents_only_and_its_password_to_nobody(bfc: Application) -> None:
    app = replace(bfc, reglages=replace(bfc.reglages, smtp=SMTP, fond_de_carte="geoplateforme"))
    publics = souverainete.sorties(app, ())
    assert [(s.hote, s.qui) for s in publics] == [
        ("serveur de courrier réglé par l'exploitant", "le serveur"), ("data.geopf.fr", "le navigateur du lecteur"),
    ]  # fmt: skip
    agents = souverainete.sorties(replace(app, auteur=Auteur("agent", peut_ecrire=True)), ())
    assert agents[0].hote == "courrier.invalid"
    assert "motdepasse" not in str(agents)


def test_a_database_is_said_without_its_address(bfc: Application) -> None:
    source = bfc.sources[0].model_copy(update={"connecteur": "sql", "url": "BOUSSOLE_ENTREPOT", "nom": "Entrepôt"})
    (sortie,) = souverainete.sorties(bfc, [source])
    assert (sortie.hote, sortie.pourquoi) == ("base de données réglée par l'exploitant", "Entrepôt")
