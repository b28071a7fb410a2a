"""Bulletins, wired: those of the packages that a reader may see, for the page, the feed and the mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboard import instantanes
from dashboard.bootstrap import Application, application
from dashboard.domain.bulletin import Bulletin
from dashboard.domain.instantane import presents
from dashboard.domain.lecteur import Lecteur, audiences
from dashboard.exports.bulletin_flux import FLUX_MAX, Parution, flux_bulletins
from dashboard.exports.bulletin_lecture import FICHIER, lis_bulletin
from dashboard.exports.bulletin_partie import IMPRIME
from dashboard.exports.paquet import PaquetIllisible
from dashboard.exports.publication import lis_chaine
from dashboard.retenues import retenue


@dataclass(frozen=True)
class Numero:
    """One published bulletin. ``quand``: ISO, UTC. ``sceau``: the seal of its package."""

    semaine: str
    quand: str
    chemin: Path
    contenu: str
    sceau: str


def numeros(app: Application, lecteur: Lecteur) -> list[Numero]:
    """The bulletins of a reader, the latest first; an agent reads the public ones until an internal one exists.

    Raises ``ValueError`` when the journal of the folder cannot be read.
    """
    par_audience = (_numeros(app, a) for a in reversed(audiences(lecteur)))
    return next((n for n in par_audience if n), [])


def _numeros(app: Application, audience: str) -> list[Numero]:
    dossier = instantanes.dossier(app.reglages, audience)
    restes = presents(lis_chaine(dossier))
    lus = [Numero(str(s), m.quand, dossier / str(s), m.contenu, m.sceau) for s, m in restes.items()]
    return [n for n in reversed(lus) if (n.chemin / FICHIER).is_file() and not retenue(app, audience, n.chemin)]


def trouve(numeros: Sequence[Numero], semaine: str) -> Numero:
    """The bulletin of a week, ``current`` the last one. Raises :class:`PaquetIllisible`."""
    siens = [n for n in numeros if n.semaine == semaine or semaine == "current"]
    if not siens:
        connus = ", ".join(n.semaine for n in numeros[:3]) or "aucun, lancer make snapshot"
        raise PaquetIllisible(f"Bulletin « {semaine[:40]} » introuvable. Bulletins publiés : {connus}.")
    return siens[0]


def lis(numero: Numero) -> Bulletin:
    """What it says. Raises :class:`PaquetIllisible`."""
    return lis_bulletin(numero.chemin)


def imprime(numero: Numero) -> bytes | None:
    """Its PDF as it was sealed; None when the package has none."""
    fichier = numero.chemin / IMPRIME
    return fichier.read_bytes() if fichier.is_file() else None


def flux(base: str, app: Application | None = None) -> bytes:
    """The feed of the last bulletins. ``base``: address of the pages, slash included."""
    app = app or application()
    parutions = [Parution(lis(n), n.quand) for n in numeros(app, app.lecteur)[:FLUX_MAX]]
    return flux_bulletins(parutions, app.espace, base)
