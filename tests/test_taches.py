"""A task in its process: what it leaves behind when it ends well, is refused, cancelled, stopped or breaks."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dashboard import bootstrap, taches
from dashboard.bootstrap import Application
from dashboard.domain.convention import Traitement
from dashboard.domain.lecteur import Auteur
from dashboard.reglages import lis_reglages
from dashboard.store.ecriture import EcritureRefusee
from dashboard.taches import FichierRefuse
from tests import mini
from tests.conftest import verbe
from tests.data_sources.test_identifiants import REGISTRE

BON = b"Code commune;Ann\xc3\xa9e;Effectif\n98001;2023;120\n98002;2023;320\n"


@pytest.fixture
def env(espace_mini: Path, tmp_path: Path) -> dict[str, str]:
    espace = mini.ajoute_depots(Path(shutil.copytree(espace_mini, tmp_path / "espace")))
    return {
        "BOUSSOLE_HOME": str(tmp_path / "home"), "BOUSSOLE_ESPACE": str(espace), "BOUSSOLE_PROFIL": "agent",
    }  # fmt: skip


@pytest.fixture
def app(env: dict[str, str]) -> Iterator[Application]:
    ouverte = bootstrap.ouvre(lis_reglages(env))
    bootstrap.prepare(ouverte)
    yield ouverte
    ouverte.moteur.dispose()


def lue(app: Application, numero: int) -> taches.taches.Tache:
    with app.moteur.connect() as connexion:
        tache = taches.taches.lis(connexion, numero)
    assert tache is not None
    return tache


def cree(app: Application, genre: str = "verification", **parametres: Any) -> int:
    fichier = taches.depose(app, "bon.csv", BON)
    return taches.taches.cree(app.moteur, genre, {"source": "depots", **fichier, **parametres}, app.auteur)


def test_a_started_task_goes_on_alone_to_its_end(app: Application) -> None:
    numero = taches.lance(app, "publication", {"source": "depots", **taches.depose(app, "bon.csv", BON)})
    limite = time.monotonic() + 60
    while lue(app, numero).vivante and time.monotonic() < limite:
        time.sleep(0.1)
    tache = lue(app, numero)
    assert tache.etat == "terminee", (app.reglages.home / "taches" / f"{numero}.log").read_text()
    assert tache.resultat is not None
    assert (tache.resultat["lot"], tache.resultat["comptes"]["nouvelle"]) == (1, 5)
    assert tache.resultat["ecarts"][0] == {
        "genre": "nouvelle", "indicateur": "effectif_depose", "code": "COM-98001", "territoire": "Commune 98001",
        "periode": "2023", "avant": None, "apres": 120, "variation": None,
    }  # fmt: skip
    assert [ligne.split(" ", 1)[1] for ligne in tache.journal][-1] == "Écriture"
    fichier = taches.fichier_joint(app, numero, "ecarts")
    assert fichier is not None
    assert len(fichier.read_text("utf-8-sig").splitlines()) == 6
    assert taches.fichier_joint(app, numero, "refus") is None
    assert taches.fichier_joint(app, numero, "../1") is None


def test_the_verb_says_how_it_ended(app: Application, env: dict[str, str]) -> None:
    assert verbe(env, "tache", str(cree(app))).returncode == 0
    assert verbe(env, "tache", str(cree(app, "annulation", lot=9))).returncode == 1
    absente = verbe(env, "tache", "99")
    assert absente.returncode == 1
    assert "Tâche 99 : aucune en attente" in absente.stderr
    assert "tache" not in verbe(env, "--help").stdout


def test_a_check_writes_nothing_but_its_report(app: Application) -> None:
    assert taches.execute(app, cree(app)) == "terminee"
    with app.moteur.connect() as connexion:
        assert taches.queries.load_lots(connexion).empty


@pytest.mark.parametrize(
    ("parametres", "message"),
    [({"source": "inconnue"}, "Source « inconnue » inconnue"), ({"sha256": "0" * 64}, "il n'est plus ici")],
)
def test_what_cannot_be_done_is_refused_in_one_sentence(
    app: Application, parametres: dict[str, str], message: str
) -> None:
    numero = cree(app, **parametres)
    assert taches.execute(app, numero) == "refusee"
    assert message in str((lue(app, numero).resultat or {})["message"])


def test_an_unknown_kind_is_refused(app: Application) -> None:
    numero = cree(app, "peinture")
    assert taches.execute(app, numero) == "refusee"
    assert "genre « peinture » inconnu" in lue(app, numero).etape


def test_a_cancelled_publication_publishes_nothing(app: Application) -> None:
    numero = cree(app, "publication")
    taches.taches.demande_annulation(app.moteur, numero, app.auteur)
    assert taches.execute(app, numero) == "annulee"
    with app.moteur.connect() as connexion:
        assert taches.queries.load_lots(connexion).empty


@pytest.mark.parametrize(("demandee", "etat"), [(False, "interrompue"), (True, "annulee")])
def test_a_stop_of_the_system_ends_it_cleanly(
    app: Application, monkeypatch: pytest.MonkeyPatch, demandee: bool, etat: str
) -> None:
    numero = cree(app)

    def longue(_app: Application, _tache: object) -> None:
        if demandee:
            taches.taches.demande_annulation(app.moteur, numero, app.auteur)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)

    monkeypatch.setattr(taches, "_importe", longue)
    avant = signal.getsignal(signal.SIGTERM)
    assert taches.execute(app, numero) == etat
    assert lue(app, numero).etat == etat
    assert signal.getsignal(signal.SIGTERM) == avant


def test_a_mistake_of_ours_is_a_sentence_and_a_trace(
    app: Application, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def casse(_app: Application, _tache: object) -> None:
        raise ValueError("secret detail")

    monkeypatch.setattr(taches, "_importe", casse)
    numero = cree(app)
    assert taches.execute(app, numero) == "echouee"
    resultat = json.dumps(lue(app, numero).resultat, ensure_ascii=False)
    assert f"taches/{numero}.log" in resultat
    assert "secret detail" not in resultat
    assert "secret detail" in capsys.readouterr().err


def test_a_process_that_cannot_start_is_told(app: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(taches.subprocess, "Popen", refuse)
    numero = taches.lance(app, "verification", {})
    assert lue(app, numero).etat == "echouee"


# ------------------------------------------------------------------------------------------ files given


def test_a_file_is_kept_under_its_hash_whatever_its_name(app: Application) -> None:
    depose = taches.depose(app, "../../etc/<img onerror>.CSV", BON)
    (garde,) = (app.reglages.depot / "importes").iterdir()
    assert garde.name == f"{depose['sha256']}.csv"
    assert garde.read_bytes() == BON
    assert taches.depose(app, "autre.csv", BON)["sha256"] == depose["sha256"]
    assert len(list((app.reglages.depot / "importes").iterdir())) == 1


@pytest.mark.parametrize("nom", ["macro.xlsm", "page.html", "sans_suffixe", "x.csv.exe", ".csv", "a.CSV "])
def test_a_type_that_is_not_admitted_is_not_kept(app: Application, nom: str) -> None:
    with pytest.raises(FichierRefuse, match=r"Types admis : \.csv"):
        taches.depose(app, nom, BON)
    assert not (app.reglages.depot / "importes").exists()


def test_the_public_starts_keeps_and_reads_nothing(app: Application) -> None:
    public = Application(**{**vars(app), "auteur": Auteur("public")})
    for geste in (
        lambda: taches.lance(public, "tirage", {"source": "comptes"}),
        lambda: taches.depose(public, "bon.csv", BON),
        lambda: taches.execute(public, 1),
        lambda: taches.fichier_joint(public, 1, "refus"),
    ):
        with pytest.raises(EcritureRefusee):
            geste()


@pytest.mark.parametrize("genre", ["verification", "publication"])
def test_a_file_refused_for_its_personal_identifiers_is_not_kept(app: Application, genre: str) -> None:
    contenu = BON.replace(b"98002;2023;320", b"98002;2023;zoe.invente@exemple.invalid")
    fichier = taches.depose(app, "nominatif.csv", contenu)
    numero = taches.taches.cree(app.moteur, genre, {"source": "depots", **fichier}, app.auteur)
    assert taches.execute(app, numero) == "refusee"
    assert "identifiants personnels" in str(lue(app, numero).resultat)
    gardes = [f for f in app.reglages.home.rglob("*") if f.is_file() and b"zoe.invente" in f.read_bytes()]
    assert gardes == []


ILLISIBLE = b'Code commune;Ann\xc3\xa9e;Effectif;Courriel\n98001;2023;"12;zoe.invente@exemple.invalid\n'
SANS_ENTETE = b"98001;2023;120;Paul INVENTE\n98002;2023;320;Anne INVENTE\n"


@pytest.mark.parametrize("contenu", [ILLISIBLE, SANS_ENTETE])
def test_a_file_in_which_nothing_could_be_looked_for_is_not_kept(app: Application, contenu: bytes) -> None:
    fichier = taches.depose(app, "zoe.invente@exemple.invalid.csv", contenu)
    numero = taches.taches.cree(app.moteur, "publication", {"source": "depots", **fichier}, app.auteur)
    assert taches.execute(app, numero) == "refusee"
    assert not (app.reglages.depot / "importes" / f"{fichier['sha256']}.csv").exists()
    gardes = [f for f in app.reglages.home.rglob("*") if f.is_file() and re.search(rb"(?i)invente", f.read_bytes())]
    assert gardes == []


def test_a_file_with_declared_identifiers_goes_once_it_is_published(app: Application) -> None:
    declaree = next(s for s in app.sources if s.id == "depots")
    traitement = Traitement.model_validate(REGISTRE | {"identifiants": ["Courriel"]})
    sources = tuple(declaree.model_copy(update={"traitement": traitement}) if s is declaree else s for s in app.sources)
    avec = replace(app, sources=sources)
    contenu = ILLISIBLE.replace(b'"', b"")
    fichier = taches.depose(avec, "declare.csv", contenu)
    garde = avec.reglages.depot / "importes" / f"{fichier['sha256']}.csv"
    for genre, reste in (("verification", True), ("publication", False)):
        numero = taches.taches.cree(avec.moteur, genre, {"source": "depots", **fichier}, avec.auteur)
        assert taches.execute(avec, numero) == "terminee"
        assert garde.exists() is reste


@pytest.mark.parametrize("quoi", ["closed", "withdrawn"])
def test_a_report_stops_telling_what_its_reader_may_no_longer_read(app: Application, quoi: str) -> None:
    numero = cree(app, "publication")
    assert taches.execute(app, numero) == "terminee"
    assert taches.relue(app, lue(app, numero)) == lue(app, numero)
    assert taches.fichier_joint(app, numero, "ecarts")
    ensuite = replace(app, sources=tuple(s for s in app.sources if s.id != "depots"))
    if quoi == "closed":
        ensuite = replace(app, lecteur=replace(app.lecteur, tus=frozenset({"effectif_depose"})))
    assert taches.fichier_joint(ensuite, numero, "ecarts") is None
    resultat = taches.relue(ensuite, lue(app, numero)).resultat
    assert resultat
    assert "ecarts" not in resultat
    assert "effectif_depose" not in str(resultat)
    assert resultat["message"] == taches.CLOS
