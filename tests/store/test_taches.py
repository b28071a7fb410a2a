"""Long work in the store: taken once, told step by step, cancelled when asked, known to be dead when it is."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from sqlalchemy import text, update

from dashboard.domain.lecteur import Auteur
from dashboard.store import schema, taches
from dashboard.store.ecriture import EcritureRefusee, maintenant, publication
from dashboard.store.moteur import Engine
from dashboard.store.taches import Annulee, TacheIntrouvable
from tests.mini import ECRIVAIN

LECTEUR = Auteur("public")


def lue(moteur: Engine, numero: int) -> taches.Tache:
    with moteur.connect() as connexion:
        tache = taches.lis(connexion, numero)
    assert tache is not None
    return tache


@pytest.fixture
def numero(moteur: Engine) -> int:
    return taches.cree(moteur, "verification", {"source": "depots", "nom": "été « 1 ».csv"}, ECRIVAIN)


def test_a_new_task_waits_with_its_parameters(moteur: Engine, numero: int) -> None:
    tache = lue(moteur, numero)
    assert (tache.etat, tache.progression, tache.journal, tache.resultat) == ("attente", 0, (), None)
    assert tache.parametres == {"source": "depots", "nom": "été « 1 ».csv"}
    assert tache.vivante


def test_a_task_is_taken_once(moteur: Engine, numero: int) -> None:
    assert taches.prends(moteur, numero, ECRIVAIN).etat == "en_cours"
    with pytest.raises(TacheIntrouvable, match=f"Tâche {numero} : aucune en attente"):
        taches.prends(moteur, numero, ECRIVAIN)
    with pytest.raises(TacheIntrouvable):
        taches.prends(moteur, 999, ECRIVAIN)


def test_each_step_is_told_and_kept(moteur: Engine, numero: int) -> None:
    taches.prends(moteur, numero, ECRIVAIN)
    taches.avance(moteur, numero, "Lecture", 0.1, ECRIVAIN)
    taches.avance(moteur, numero, "Contrôles\nsur deux lignes", 7, ECRIVAIN)
    tache = lue(moteur, numero)
    assert (tache.etape, tache.progression) == ("Contrôles\nsur deux lignes", 1)
    assert [ligne.split(" ", 1)[1] for ligne in tache.journal] == ["Lecture", "Contrôles sur deux lignes"]


def test_the_result_comes_back_as_it_was(moteur: Engine, numero: int) -> None:
    taches.prends(moteur, numero, ECRIVAIN)
    taches.finis(moteur, numero, "terminee", "Fini", {"lot": 3, "message": "publié", "ecarts": [None, 1.5]}, ECRIVAIN)
    tache = lue(moteur, numero)
    assert (tache.etat, tache.progression, tache.vivante) == ("terminee", 1, False)
    assert tache.resultat == {"lot": 3, "message": "publié", "ecarts": [None, 1.5]}
    assert tache.finie_le is not None


def test_what_is_over_is_never_rewritten(moteur: Engine, numero: int) -> None:
    taches.finis(moteur, numero, "annulee", "Arrêtée", None, ECRIVAIN)
    taches.finis(moteur, numero, "terminee", "Fini", {}, ECRIVAIN)
    assert lue(moteur, numero).etat == "annulee"
    assert not taches.demande_annulation(moteur, numero, ECRIVAIN)


def test_a_cancel_is_heard_at_the_next_step(moteur: Engine, numero: int) -> None:
    taches.prends(moteur, numero, ECRIVAIN)
    taches.avance(moteur, numero, "Lecture", 0.1, ECRIVAIN)
    assert taches.demande_annulation(moteur, numero, ECRIVAIN)
    with pytest.raises(Annulee, match="Rien n'a été publié"):
        taches.avance(moteur, numero, "Contrôles", 0.4, ECRIVAIN)
    assert lue(moteur, numero).etape == "Lecture"


def test_the_latest_come_first_and_light(moteur: Engine, numero: int) -> None:
    taches.finis(moteur, numero, "terminee", "Fini", {"lot": 1}, ECRIVAIN)
    second = taches.cree(moteur, "tirage", {"source": "comptes"}, ECRIVAIN)
    with moteur.connect() as connexion:
        assert [(t.id, t.resultat) for t in taches.liste(connexion)] == [(second, None), (numero, None)]
        assert len(taches.liste(connexion, 1)) == 1
        assert taches.lis(connexion, 999) is None


@pytest.mark.parametrize("geste", ["cree", "prends", "avance", "bat", "demande_annulation", "finis", "confie"])
def test_who_may_not_write_does_nothing(moteur: Engine, numero: int, geste: str) -> None:
    arguments = {
        "cree": ("tirage", {}), "prends": (numero,), "avance": (numero, "x", 0.5), "bat": (numero,),
        "demande_annulation": (numero,), "finis": (numero, "terminee", "", None), "confie": (numero, 1),
    }  # fmt: skip
    avant = lue(moteur, numero)
    with pytest.raises(EcritureRefusee):
        getattr(taches, geste)(moteur, *arguments[geste], LECTEUR)
    assert lue(moteur, numero) == avant


# ----------------------------------------------------------------------------------------- dead or alive


def processus_mort() -> int:
    fini = subprocess.Popen([sys.executable, "-c", ""])
    fini.wait()
    return fini.pid


def test_a_dead_process_interrupts_its_task(moteur: Engine, numero: int) -> None:
    taches.confie(moteur, numero, processus_mort(), ECRIVAIN)
    tache = lue(moteur, numero)
    assert (tache.etat, tache.vivante) == ("interrompue", False)


def test_a_process_that_waits_to_be_buried_is_dead(moteur: Engine, numero: int) -> None:
    enfant = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    taches.confie(moteur, numero, enfant.pid, ECRIVAIN)
    assert enfant.stdout is not None
    enfant.stdout.read()
    os.waitid(os.P_PID, enfant.pid, os.WEXITED | os.WNOWAIT)
    assert lue(moteur, numero).etat == "interrompue"
    enfant.wait()


def test_a_number_used_again_by_another_process_is_not_taken_for_it(moteur: Engine, numero: int) -> None:
    taches.prends(moteur, numero, ECRIVAIN)
    assert lue(moteur, numero).etat == "en_cours"
    porteur = taches.porteur(os.getpid()).rpartition(":")[0] + ":1"
    with moteur.begin() as connexion:
        connexion.execute(update(schema.tache).values(porteur=porteur))
    assert lue(moteur, numero).etat == "interrompue"


@pytest.mark.parametrize(("minutes", "etat"), [(1, "en_cours"), (3, "interrompue")])
def test_on_another_machine_silence_tells(moteur: Engine, numero: int, minutes: int, etat: str) -> None:
    taches.prends(moteur, numero, ECRIVAIN)
    vue = maintenant() - timedelta(minutes=minutes)
    with moteur.begin() as connexion:
        connexion.execute(update(schema.tache).values(porteur="ailleurs:12:34", vue_le=vue))
    assert lue(moteur, numero).etat == etat


def test_a_sign_of_life_keeps_it_alive(moteur: Engine, numero: int) -> None:
    with moteur.begin() as connexion:
        vieille = maintenant() - timedelta(minutes=5)
        connexion.execute(update(schema.tache).values(porteur="ailleurs:12:34", etat="en_cours", vue_le=vieille))
    taches.bat(moteur, numero, ECRIVAIN)
    assert lue(moteur, numero).etat == "en_cours"


# ------------------------------------------------------------------------------------ beside a publication


def test_progress_never_breaks_and_reading_never_waits_while_a_publication_writes(
    moteur_sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite locks the whole store for one writer."""
    numero = taches.cree(moteur_sqlite, "publication", {}, ECRIVAIN)
    taches.prends(moteur_sqlite, numero, ECRIVAIN)
    with moteur_sqlite.connect() as connexion:
        connexion.execute(text("PRAGMA busy_timeout = 0"))
    with publication(moteur_sqlite, ECRIVAIN, "essai", "") as ecrit:
        ecrit.execute(update(schema.etat).values(version=41))
        taches.avance(moteur_sqlite, numero, "Écriture", 0.9, ECRIVAIN)
        assert lue(moteur_sqlite, numero).etape == "En attente"
    taches.avance(moteur_sqlite, numero, "Fin", 0.95, ECRIVAIN)
    assert lue(moteur_sqlite, numero).etape == "Fin"


def test_the_end_insists_until_the_store_is_free(moteur_sqlite: Engine) -> None:
    numero = taches.cree(moteur_sqlite, "publication", {}, ECRIVAIN)
    taches.prends(moteur_sqlite, numero, ECRIVAIN)
    with publication(moteur_sqlite, ECRIVAIN, "essai", "") as ecrit:
        ecrit.execute(update(schema.etat).values(version=41))
        fil = threading.Thread(
            target=taches.finis, args=(moteur_sqlite, numero, "terminee", "Fini", {"lot": 1}, ECRIVAIN)
        )  # fmt: skip
        fil.start()
        fil.join(timeout=0.3)
        assert fil.is_alive()
    fil.join(timeout=10)
    assert lue(moteur_sqlite, numero).etat == "terminee"
