"""Long work, one row each: created by a page, carried by its own process, found again after a closed browser.

Progress is told on a best-effort basis: the store may be locked by the very publication that is told about. Asking
to cancel is heard at the next step.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Update, insert, select, update
from sqlalchemy.exc import DBAPIError

from dashboard.domain.lecteur import Auteur
from dashboard.store.ecriture import exige, maintenant
from dashboard.store.moteur import explique
from dashboard.store.schema import tache

VIVANTES = ("attente", "en_cours")
SILENCE = timedelta(minutes=2)
"""Without a sign of life for this long, a task carried by another machine is taken for dead."""
ESSAIS = 12
LONGUEUR_JOURNAL = 200


class Annulee(Exception):
    """Someone asked to cancel this task; raised at its next step."""


class TacheIntrouvable(ValueError):
    """No task of this number waits to be done; the message names it and the remedy."""


@dataclass(frozen=True)
class Tache:
    """One task as read. ``etat``: attente, en_cours, terminee, refusee, echouee, annulee or interrompue (its process
    is gone). ``progression``: 0 to 1. ``journal``: one line per step. ``resultat``: what it gave, when it ended.
    """

    id: int
    genre: str
    parametres: Mapping[str, Any]
    auteur: str
    etat: str
    etape: str
    progression: float
    journal: tuple[str, ...]
    resultat: Mapping[str, Any] | None
    porteur: str
    a_annuler: bool
    cree_le: datetime
    vue_le: datetime
    finie_le: datetime | None

    @property
    def vivante(self) -> bool:
        """Is it waiting, or being done?"""
        return self.etat in VIVANTES


def cree(moteur: Engine, genre: str, parametres: Mapping[str, Any], auteur: Auteur) -> int:
    """A new task that waits for its process; gives its number. Raises ``MagasinIndisponible``."""
    exige(auteur)
    quand = maintenant()
    valeurs = {
        "genre": genre, "parametres": _json(parametres), "auteur": auteur.profil, "etat": "attente",
        "etape": "En attente", "progression": 0.0, "journal": "", "a_annuler": False, "cree_le": quand,
        "vue_le": quand,
    }  # fmt: skip
    try:
        with moteur.begin() as connexion:
            cle = connexion.execute(insert(tache).values(**valeurs)).inserted_primary_key
    except DBAPIError as erreur:
        raise explique(moteur, erreur) from erreur
    assert cle is not None
    return int(cle[0])


def confie(moteur: Engine, numero: int, pid: int, auteur: Auteur) -> None:
    """Names the process that was started for a waiting task: if it dies before taking it, that is known at once."""
    exige(auteur)
    attend = (tache.c.id == numero) & (tache.c.etat == "attente") & tache.c.porteur.is_(None)
    _ecris_si_possible(moteur, update(tache).where(attend).values(porteur=porteur(pid)))


def prends(moteur: Engine, numero: int, auteur: Auteur) -> Tache:
    """Takes a waiting task for this process. Raises :class:`TacheIntrouvable` when it is not waiting any more."""
    exige(auteur)
    attend = (tache.c.id == numero) & (tache.c.etat == "attente")
    prise = update(tache).where(attend).values(etat="en_cours", porteur=porteur(os.getpid()), vue_le=maintenant())
    if not _ecris(moteur, prise):
        raise TacheIntrouvable(f"Tâche {numero} : aucune en attente de ce numéro. La relancer depuis la page Données.")
    with moteur.connect() as connexion:
        lue = lis(connexion, numero)
    assert lue is not None
    return lue


def avance(moteur: Engine, numero: int, etape: str, part: float, auteur: Auteur) -> None:
    """Tells the step being done and how far it is (0 to 1). Raises :class:`Annulee` when that was asked.

    A store that refuses is no reason to stop: the step is then simply not told.
    """
    exige(auteur)
    try:
        with moteur.connect() as connexion:
            requete = select(tache.c.a_annuler, tache.c.journal).where(tache.c.id == numero)
            ligne = connexion.execute(requete).first()
    except DBAPIError:
        return
    if ligne is None:
        return
    if ligne.a_annuler:
        raise Annulee(f"Tâche {numero} : annulée à la demande d'un agent. Rien n'a été publié.")
    lignes = [*ligne.journal.splitlines(), f"{maintenant():%H:%M:%S} {' '.join(etape.split())}"][-LONGUEUR_JOURNAL:]
    valeurs = {"etape": etape, "progression": min(1.0, max(0.0, part)), "journal": "\n".join(lignes)}
    _ecris_si_possible(moteur, update(tache).where(tache.c.id == numero).values(**valeurs, vue_le=maintenant()))


def bat(moteur: Engine, numero: int, auteur: Auteur) -> None:
    """A sign of life between two steps."""
    exige(auteur)
    _ecris_si_possible(moteur, update(tache).where(tache.c.id == numero).values(vue_le=maintenant()))


def demande_annulation(moteur: Engine, numero: int, auteur: Auteur) -> bool:
    """Asks a living task to stop at its next step; False when it is over."""
    exige(auteur)
    vivante = (tache.c.id == numero) & tache.c.etat.in_(VIVANTES)
    return bool(_ecris(moteur, update(tache).where(vivante).values(a_annuler=True)))


def finis(
    moteur: Engine, numero: int, etat: str, etape: str, resultat: Mapping[str, Any] | None, auteur: Auteur
) -> None:
    """Writes how a task ended, once and for all. Insists: a publication of another process may hold the store."""
    exige(auteur)
    quand = maintenant()
    valeurs: dict[str, Any] = {"etat": etat, "etape": etape, "finie_le": quand, "vue_le": quand}
    if etat == "terminee":
        valeurs["progression"] = 1.0
    if resultat is not None:
        valeurs["resultat"] = _json(resultat)
    ouverte = (tache.c.id == numero) & tache.c.etat.in_(VIVANTES)
    _ecris(moteur, update(tache).where(ouverte).values(**valeurs))


def lis(connexion: Connection, numero: int) -> Tache | None:
    """One task, or None."""
    ligne = connexion.execute(select(tache).where(tache.c.id == numero)).first()
    return _tache(ligne) if ligne else None


def liste(connexion: Connection, combien: int = 10) -> list[Tache]:
    """The latest tasks, newest first, without their results."""
    colonnes = [c for c in tache.columns if c.name not in ("resultat", "journal")]
    lignes = connexion.execute(select(*colonnes).order_by(tache.c.id.desc()).limit(combien))
    return [_tache(ligne) for ligne in lignes]


def porteur(pid: int) -> str:
    """Who carries a task: host, process, and the birth of that process, so that a number used again is not taken
    for it."""
    return f"{socket.gethostname()[:80]}:{pid}:{_naissance(pid) or ''}"


def _json(contenu: Mapping[str, Any]) -> str:
    return json.dumps(contenu, ensure_ascii=False, allow_nan=False)


def _tache(ligne: Row[Any]) -> Tache:
    champs = dict(ligne._mapping)
    resultat, journal = champs.pop("resultat", None), champs.pop("journal", "")
    lue = Tache(
        **{**champs, "parametres": json.loads(champs["parametres"]), "porteur": champs["porteur"] or ""},
        journal=tuple(journal.splitlines()),
        resultat=json.loads(resultat) if resultat else None,
    )
    return replace(lue, etat="interrompue") if lue.vivante and _morte(lue) else lue


def _morte(lue: Tache) -> bool:
    """On this machine the process tells; elsewhere, or before a process is known, silence does."""
    hote, _, reste = lue.porteur.partition(":")
    pid, _, naissance = reste.partition(":")
    if pid.isdigit() and hote == socket.gethostname()[:80]:
        return not _vit(int(pid), naissance)
    return maintenant() - lue.vue_le > SILENCE


def _vit(pid: int, naissance: str) -> bool:
    if Path("/proc/self/stat").exists():
        nee = _naissance(pid)
        return nee is not None and naissance in ("", nee)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _naissance(pid: int) -> str | None:
    """When the system started this process, in its own ticks; None when it is gone, or only waits to be buried."""
    try:
        champs = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if champs[0] == "Z" else champs[19]


def _ecris_si_possible(moteur: Engine, ordre: Update) -> None:
    try:
        with moteur.begin() as connexion:
            connexion.execute(ordre)
    except DBAPIError:
        return


def _ecris(moteur: Engine, ordre: Update) -> int:
    """Runs one update, again while the store is locked; gives the number of rows. Raises ``MagasinIndisponible``."""
    for essai in range(ESSAIS):
        try:
            with moteur.begin() as connexion:
                return int(connexion.execute(ordre).rowcount)
        except DBAPIError as erreur:
            if essai == ESSAIS - 1 or "locked" not in str(erreur.orig):
                raise explique(moteur, erreur) from erreur
            time.sleep(0.5)
    return 0
