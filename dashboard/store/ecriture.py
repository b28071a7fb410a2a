"""The transaction every publication runs in: one writer at a time, one new store version at its end."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, Engine, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from dashboard.domain.lecteur import Auteur
from dashboard.store.moteur import MagasinIndisponible, explique
from dashboard.store.schema import INSTANTANES, MAGASIN, TIRAGES, etat, journal

DUREES = {MAGASIN: timedelta(minutes=30), TIRAGES: timedelta(hours=2), INSTANTANES: timedelta(hours=2)}
OCCUPE = {MAGASIN: "Une autre publication", TIRAGES: "Un autre tirage des sources", INSTANTANES: "Un autre instantané"}
CACHE_ECRITURE = "PRAGMA cache_size = -131072"
"""128 MiB while SQLite writes: the index by territory of a million rows no longer falls out of memory."""


class EcritureRefusee(PermissionError):
    """Writing is not allowed to this profile; the message says how to allow it."""


def maintenant() -> datetime:
    """Now, UTC, naive, as the store keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def exige(auteur: Auteur) -> None:
    """Raises :class:`EcritureRefusee` for a profile that may not write."""
    if not auteur.peut_ecrire:
        raise EcritureRefusee(
            f"Écriture refusée au profil « {auteur.profil} ». Pour publier depuis ce poste : "
            "BOUSSOLE_PROFIL=agent, serveur à l'écoute de 127.0.0.1 seulement."
        )


@contextmanager
def publication(moteur: Engine, auteur: Auteur, quoi: str, detail: str) -> Iterator[Connection]:
    """One serialised transaction. Increments the store version and writes the journal when it ends well.

    Raises :class:`EcritureRefusee` for a profile that may not write, :class:`MagasinIndisponible` when another
    publication holds the lease or the store refuses.
    """
    with bail(moteur, auteur, MAGASIN):
        try:
            with moteur.begin() as connexion:
                if moteur.dialect.name == "sqlite":
                    connexion.exec_driver_sql(CACHE_ECRITURE)
                yield connexion
                connexion.execute(update(etat).where(etat.c.id == MAGASIN).values(version=etat.c.version + 1))
                connexion.execute(
                    insert(journal).values(quand=maintenant(), qui=auteur.profil, quoi=quoi, detail=detail)
                )
        except DBAPIError as erreur:
            raise explique(moteur, erreur) from erreur


@contextmanager
def bail(moteur: Engine, auteur: Auteur, quoi: int) -> Iterator[None]:
    """Holds one lease of the store (``MAGASIN``, ``TIRAGES``, ``INSTANTANES``); one of a dead process expires.

    Raises like :func:`publication`.
    """
    exige(auteur)
    moi = porteur()
    try:
        _prend_bail(moteur, moi, quoi)
    except DBAPIError as erreur:
        raise explique(moteur, erreur) from erreur
    try:
        yield
    finally:
        try:
            _rend_bail(moteur, moi, quoi)
        except DBAPIError as erreur:
            raise explique(moteur, erreur) from erreur


def _prend_bail(moteur: Engine, moi: str, quoi: int) -> None:
    sien = etat.c.id == quoi
    _ouvre_ligne(moteur, quoi)
    with moteur.begin() as connexion:
        tenu = connexion.execute(select(etat.c.bail_par).where(sien)).scalar()
        abandonne = [tenu] if est_mort(tenu) else []
        libre = etat.c.bail_jusqua.is_(None) | (etat.c.bail_jusqua < maintenant()) | etat.c.bail_par.in_(abandonne)
        prise = connexion.execute(
            update(etat).where(sien, libre).values(bail_par=moi, bail_jusqua=maintenant() + DUREES[quoi])
        )
        if prise.rowcount:
            return
        autre = connexion.execute(select(etat.c.bail_par, etat.c.bail_jusqua).where(sien)).one()
    raise MagasinIndisponible(
        f"{OCCUPE[quoi]} est en cours ({autre.bail_par}, jusqu'à {autre.bail_jusqua:%H:%M} UTC au plus tard). "
        "Attendre sa fin, puis recommencer."
    )


def _ouvre_ligne(moteur: Engine, quoi: int) -> None:
    """The row of a lease, made by the first who asks; two firsts at the same instant make one."""
    try:
        with moteur.begin() as connexion:
            if connexion.execute(select(etat.c.id).where(etat.c.id == quoi)).first() is None:
                connexion.execute(insert(etat).values(id=quoi, version=0))
    except IntegrityError:
        return


def porteur() -> str:
    """This process, as it is named in a lease or a task."""
    return f"{socket.gethostname()}:{os.getpid()}"


def est_mort(porteur: str | None) -> bool:
    """Was it a process of this machine that no longer runs? Of another machine, nothing is known."""
    machine, _, numero = (porteur or "").rpartition(":")
    if machine != socket.gethostname() or not numero.isdigit():
        return False
    try:
        os.kill(int(numero), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _rend_bail(moteur: Engine, moi: str, quoi: int) -> None:
    with moteur.begin() as connexion:
        sien = (etat.c.id == quoi) & (etat.c.bail_par == moi)
        connexion.execute(update(etat).where(sien).values(bail_par=None, bail_jusqua=None))


def compacte(moteur: Engine) -> None:
    """Refreshes the planner's statistics after a publication."""
    with moteur.connect().execution_options(isolation_level="AUTOCOMMIT") as connexion:
        connexion.execute(text("ANALYZE"))
