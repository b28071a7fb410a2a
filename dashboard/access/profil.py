"""The local profile, until sign-in exists: what this process may read and write. Public by default."""

from __future__ import annotations

from dashboard.domain.lecteur import AGENT, PARTENAIRE, PUBLIC, Auteur, Lecteur
from dashboard.reglages import Reglages


def lecteur_local(reglages: Reglages) -> Lecteur:
    """The perimeter of agents, or of the closed user group, only for a server that no one else can reach."""
    if reglages.peut_ecrire:
        return AGENT
    return PARTENAIRE if reglages.en_groupe else PUBLIC


def auteur_local(reglages: Reglages) -> Auteur:
    """Who writes from this process: refused unless the profile is agent and the server is on loopback."""
    return Auteur(reglages.profil, reglages.peut_ecrire)
