"""One writer at a time, allowed, and written down."""

import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from dashboard.access.profil import auteur_local, lecteur_local
from dashboard.domain.lecteur import AGENT, PUBLIC, Auteur
from dashboard.reglages import Reglages, lis_reglages
from dashboard.store import commands
from dashboard.store.ecriture import DUREES, EcritureRefusee, bail, est_mort, maintenant, porteur, publication
from dashboard.store.moteur import Engine, MagasinIndisponible
from dashboard.store.schema import MAGASIN, TIRAGES, etat, journal, lot, valeur
from tests.mini import ECRIVAIN, Atelier, ligne

PUBLIC_LOCAL = Auteur("public")


def version(moteur: Engine) -> int:
    with moteur.connect() as connexion:
        return connexion.execute(select(etat.c.version)).scalar() or 0


def occupe(moteur: Engine, jusqua: timedelta) -> None:
    """Another process holds the lease."""
    with publication(moteur, ECRIVAIN, "essai", "ouvre"):
        pass
    with moteur.begin() as connexion:
        connexion.execute(update(etat).values(bail_par="autre:42", bail_jusqua=maintenant() + jusqua))


def test_each_publication_makes_one_new_version_and_one_line_in_the_journal(moteur: Engine) -> None:
    for rang in (1, 2):
        with publication(moteur, ECRIVAIN, "essai", f"numéro {rang}"):
            pass
        assert version(moteur) == rang
    with moteur.connect() as connexion:
        lignes = connexion.execute(select(journal.c.qui, journal.c.quoi, journal.c.detail)).all()
    assert [tuple(x) for x in lignes] == [("agent", "essai", "numéro 1"), ("agent", "essai", "numéro 2")]


def test_a_publication_that_fails_leaves_no_trace_and_frees_the_lease(moteur: Engine) -> None:
    with publication(moteur, ECRIVAIN, "essai", "première"):
        pass

    def echoue() -> None:
        with publication(moteur, ECRIVAIN, "essai", "seconde") as connexion:
            connexion.execute(insert(journal).values(quand=maintenant(), qui="x", quoi="x", detail="perdu"))
            raise RuntimeError("panne")

    with pytest.raises(RuntimeError, match="panne"):
        echoue()
    assert version(moteur) == 1
    with moteur.connect() as connexion:
        assert connexion.execute(select(journal.c.detail)).scalars().all() == ["première"]
    with publication(moteur, ECRIVAIN, "essai", "troisième"):
        pass
    assert version(moteur) == 2


def test_a_second_writer_waits_his_turn(moteur: Engine) -> None:
    occupe(moteur, DUREES[MAGASIN])
    refus = r"Une autre publication est en cours \(autre:42, .*\)\. Attendre sa fin"
    with pytest.raises(MagasinIndisponible, match=refus), publication(moteur, ECRIVAIN, "essai", "second"):
        pytest.fail("le bail est tenu")
    assert version(moteur) == 1


def test_the_lease_of_a_writer_who_died_is_taken_over(moteur: Engine) -> None:
    occupe(moteur, -timedelta(seconds=1))
    with publication(moteur, ECRIVAIN, "essai", "reprise"):
        pass
    assert version(moteur) == 2
    with moteur.connect() as connexion:
        assert connexion.execute(select(etat.c.bail_par)).scalar() is None


def test_a_publication_inside_another_is_refused(moteur: Engine) -> None:
    with (
        publication(moteur, ECRIVAIN, "essai", "dehors"),
        pytest.raises(MagasinIndisponible, match="Une autre publication"),
        publication(moteur, ECRIVAIN, "essai", "dedans"),
    ):
        pytest.fail("le bail est tenu")


def test_the_public_profile_may_not_write_anything(atelier: Atelier) -> None:
    import pandas as pd

    moteur, avant = atelier.moteur, version(atelier.moteur)
    vide, entete = pd.DataFrame({"ligne": []}), commands.Lot("comptes", "essai", "0" * 64, "0" * 64, 0)
    ecritures = [
        lambda: commands.publie_mesures(moteur, entete, vide, vide, lambda c: vide, lambda e: entete, PUBLIC_LOCAL),
        lambda: commands.publie_objectifs(moteur, entete, vide, vide, lambda e: entete, PUBLIC_LOCAL),
        lambda: commands.refuse_lot(moteur, entete, vide, PUBLIC_LOCAL),
        lambda: commands.enregistre_espace(moteur, atelier.espace, "f" * 64, "{}", PUBLIC_LOCAL),
    ]
    for ecriture in ecritures:
        with pytest.raises(EcritureRefusee, match=r"profil « public ».*BOUSSOLE_PROFIL=agent.*127\.0\.0\.1"):
            ecriture()
    assert version(moteur) == avant
    with moteur.connect() as connexion:
        assert connexion.execute(select(lot.c.id)).first() is None
        assert connexion.execute(select(valeur.c.valeur)).first() is None


@pytest.mark.parametrize(
    ("profil", "adresse", "permis"),
    [
        (None, None, False), ("agent", None, True), ("agent", "127.0.0.1", True), ("agent", "::1", True),
        ("agent", "[::1]", True), ("agent", "localhost", True), ("agent", "0.0.0.0", False), ("agent", "::", False),
        ("agent", "192.168.1.10", False), ("agent", "boussole.exemple.fr", False), ("public", "127.0.0.1", False),
        ("agent", "127.0.0.1.exemple.fr", False),
    ],
)  # fmt: skip
def test_writing_needs_the_agent_profile_and_a_server_nobody_else_can_reach(
    profil: str | None, adresse: str | None, permis: bool, tmp_path: Path
) -> None:
    env = {"BOUSSOLE_HOME": str(tmp_path), "BOUSSOLE_PROFIL": profil, "BOUSSOLE_ADRESSE": adresse}
    reglages: Reglages = lis_reglages({c: v for c, v in env.items() if v is not None})
    assert auteur_local(reglages).peut_ecrire is permis
    assert lecteur_local(reglages) == (AGENT if permis else PUBLIC)


def test_a_refused_lot_is_journalled_too(atelier: Atelier) -> None:
    atelier.livre(ligne("COM-98001", 1), lignes_min=2)
    with atelier.moteur.connect() as connexion:
        quoi = connexion.execute(select(journal.c.quoi, journal.c.detail).order_by(journal.c.id.desc())).first()
    assert quoi is not None
    assert quoi.quoi == "refus"
    assert quoi.detail.startswith("comptes : Source « comptes »")


def test_a_lease_of_a_process_that_died_is_taken_over_at_once(moteur: Engine) -> None:
    fini = subprocess.Popen([sys.executable, "-c", ""])
    fini.wait()
    disparu = f"{socket.gethostname()}:{fini.pid}"
    assert est_mort(disparu)
    assert not est_mort(porteur())
    assert not est_mort("autre-machine:1")
    with publication(moteur, ECRIVAIN, "essai", "premier"):
        pass
    with moteur.begin() as connexion:
        connexion.execute(update(etat).values(bail_par=disparu, bail_jusqua=maintenant() + DUREES[MAGASIN]))
    with publication(moteur, ECRIVAIN, "essai", "second"):
        pass


def test_two_refreshes_never_overlap_and_publishing_stays_open(moteur: Engine) -> None:
    with bail(moteur, ECRIVAIN, TIRAGES):
        occupe = pytest.raises(MagasinIndisponible, match="Un autre tirage des sources est en cours")
        with occupe, bail(moteur, ECRIVAIN, TIRAGES):
            pytest.fail("le bail est tenu")
        with publication(moteur, ECRIVAIN, "essai", "pendant"):
            pass
    with bail(moteur, ECRIVAIN, TIRAGES):
        pass
