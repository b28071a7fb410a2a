"""The local profile, until sign-in exists: what this process may read and write. Public by default."""

from __future__ import annotations

from dashboard.domain.lecteur import AGENT, PUBLIC, Auteur, Lecteur
from dashboard.reglages import Reglages


def lecteur_local(reglages: Reglages) -> Lecteur:
    """The agent's perimeter only for a server that no one else can reach; public otherwise."""
    return AGENT if reglages.peut_ecrire else PUBLIC


def auteur_local(reglages: Reglages) -> Auteur:
    """Who writes from this process: refused unless the profile is agent and the server is on loopback."""
    return Auteur(reglages.profil, reglages.peut_ecrire)
