"""A real PostgreSQL server for tests and benches: its own cluster, on loopback, stopped at the end."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from tests.prerequis import postgres

UTILISATEUR = "boussole"
DELAI = 60.0
# What is written here can be rebuilt: no need to survive a power cut. Readers see no difference.
JETABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "logging_collector": "off"}


@contextmanager
def serveur_postgres(dossier: Path | None = None, reglages: Mapping[str, str] | None = None) -> Iterator[str]:
    """Starts PostgreSQL and gives the URL of an empty database ``postgres``; stops it on leaving.

    ``dossier`` keeps the cluster between runs; None uses a temporary folder, removed on leaving. PostgreSQL refuses
    root: another user then owns the cluster, and must be able to cross the folders above it.
    """
    with ExitStack() as pile:
        if dossier is None:
            dossier = Path(tempfile.mkdtemp(prefix="boussole-pg-"))
            pile.callback(shutil.rmtree, dossier, ignore_errors=True)
        binaires, compte = _binaires(), _compte()
        _prepare(dossier, compte)
        if not (dossier / "base" / "PG_VERSION").exists():
            _cree(binaires, dossier, compte)
        yield pile.enter_context(_lance(binaires, dossier, compte, {**JETABLE, **(reglages or {})}))


def _binaires() -> Path:
    binaires = postgres()
    if binaires is None:
        raise RuntimeError("PostgreSQL absent. Installer : sudo apt-get install postgresql")
    return Path(binaires)


def _compte() -> dict[str, Any]:
    """The account of the server, as arguments of ``subprocess``: ours, or another one when we are root."""
    if os.geteuid() != 0:
        return {}
    connus = {c.pw_name: c for c in pwd.getpwall()}
    compte = connus.get("postgres") or connus["nobody"]
    return {"user": compte.pw_uid, "group": compte.pw_gid, "extra_groups": []}


def _prepare(dossier: Path, compte: Mapping[str, Any]) -> None:
    dossier.mkdir(parents=True, exist_ok=True)
    if compte:
        os.chown(dossier, compte["user"], compte["group"])
        if subprocess.run(["test", "-w", str(dossier)], check=False, cwd="/", **compte).returncode:
            raise RuntimeError(f"« {dossier} » : fermé au compte de PostgreSQL. Choisir un dossier ouvert à tous.")


def _cree(binaires: Path, dossier: Path, compte: Mapping[str, Any]) -> None:
    cle = dossier / "cle"
    cle.touch(mode=0o600)
    cle.write_text(secrets.token_urlsafe(24), encoding="ascii")
    if compte:
        os.chown(cle, compte["user"], compte["group"])
    commande = [
        str(binaires / "initdb"), "-D", str(dossier / "base"), "-U", UTILISATEUR, f"--pwfile={cle}",
        "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync",
    ]  # fmt: skip
    subprocess.run(commande, check=True, cwd="/", stdout=subprocess.DEVNULL, **compte)


@contextmanager
def _lance(binaires: Path, dossier: Path, compte: Mapping[str, Any], reglages: Mapping[str, str]) -> Iterator[str]:
    port = port_libre()
    adresse = {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": "", **reglages}
    options = [texte for nom, valeur in adresse.items() for texte in ("-c", f"{nom}={valeur}")]
    with (dossier / "journal.txt").open("wb") as journal:
        serveur = subprocess.Popen(
            [str(binaires / "postgres"), "-D", str(dossier / "base"), *options],
            cwd="/", stdout=journal, stderr=journal, **compte,
        )  # fmt: skip
    url = f"postgresql://{UTILISATEUR}:{(dossier / 'cle').read_text(encoding='ascii')}@127.0.0.1:{port}/postgres"
    try:
        _attend(url, serveur, dossier)
        yield url
    finally:
        serveur.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
        serveur.wait(DELAI)


def _attend(url: str, serveur: subprocess.Popen[bytes], dossier: Path) -> None:
    limite = time.monotonic() + DELAI
    while True:
        try:
            psycopg.connect(url, connect_timeout=5).close()
            return
        except psycopg.OperationalError as erreur:
            if serveur.poll() is not None or time.monotonic() > limite:
                journal = (dossier / "journal.txt").read_text(encoding="utf-8", errors="replace")
                raise RuntimeError(f"PostgreSQL ne démarre pas : {journal.strip()[-500:]}") from erreur
            time.sleep(0.1)


def port_libre() -> int:
    """A TCP port of the loopback that nobody uses now."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return int(prise.getsockname()[1])
