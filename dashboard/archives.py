"""Packages as zip files, wired: made at the first request, kept beside the packages, for the server and the command."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from dashboard import instantanes
from dashboard.bootstrap import Application, application
from dashboard.domain.instantane import Semaine, SemaineInconnue, presents
from dashboard.domain.lecteur import audiences
from dashboard.exports.archive import ecris_archive
from dashboard.exports.publication import lis_chaine
from dashboard.instantanes import InstantaneRefuse
from dashboard.reglages import Reglages
from dashboard.retenues import retenue


def archive(app: Application, audience: str, nom: str) -> Path:
    """The zip of a published week, made when it is not there yet.

    Raises :class:`InstantaneRefuse` for a week that is not published, not for this reader, or no longer served: they
    all look the same.
    """
    ou = instantanes.dossier(app.reglages, audience)
    try:
        semaine = Semaine.lis(nom)
        connue = audience in audiences(app.lecteur) and semaine in presents(lis_chaine(ou))
        connue = connue and not retenue(app, audience, ou / str(semaine))
    except SemaineInconnue:
        connue = False
    if not connue:
        raise InstantaneRefuse(f"Instantané « {nom[:40]} » introuvable. La liste est sur la page Instantanés.")
    cible = fichier(app.reglages, audience, str(semaine))
    return cible if cible.is_file() else ecris_archive(ou / str(semaine), cible)


def paquet_servi(app: Application, audience: str, nom: str) -> Path:
    """The folder of a package whose matter its audience may still read. Raises :class:`InstantaneRefuse`."""
    chemin = instantanes.paquet(app, audience, nom)
    if retenue(app, audience, chemin):
        raise InstantaneRefuse(
            f"Instantané « {nom} » retiré : son public n'a plus le droit de le lire. "
            "La liste : python -m dashboard snapshot list."
        )
    return chemin


def fichier(reglages: Reglages, audience: str, semaine: str) -> Path:
    """Where the archive of a package is kept."""
    return reglages.home / "archives" / audience / f"boussole-{semaine}-{audience}.zip"


@dataclass(frozen=True)
class Archives:
    """The archives of one application, as the server asks for them; ``app`` None: the one of this process.

    One is made at a time: whoever asks meanwhile waits for it instead of making it again.
    """

    app: Application | None = None
    _tour: Lock = field(default_factory=Lock)

    def __call__(self, audience: str, nom: str) -> Path:
        """The file. Raises like :func:`archive`."""
        with self._tour:
            return archive(self.app or application(), audience, nom)
