"""Every figure is one click from its explanation: the figure itself is the link."""

from __future__ import annotations

from dashboard.domain.programme import EtatProgramme
from dashboard.domain.situation import Situation
from dashboard.views.filtres import lien
from dashboard.views.html import Sur, balise, joint

PAGE = "pourquoi"
TITRE = "Pourquoi ce chiffre ?"
MODE_D_EMPLOI = "Un chiffre souligné en pointillé mène à « Pourquoi ce chiffre ? » : calcul, source, ligne, lot."


def adresse(indicateur: str, code: str, periode: str | None = None) -> str:
    """Address of the explanation of one figure; ``periode`` None: the last one known."""
    return lien(PAGE, indicateur=indicateur, territoire=code, periode=periode)


def preuve(mots: str, indicateur: str, code: str, periode: str | None = None) -> Sur:
    """A figure that leads to its explanation."""
    return balise("a", mots, href=adresse(indicateur, code, periode), classe="b-preuve", title=TITRE)


def preuve_de(mots: str, s: Situation | None) -> Sur:
    """The last figure of a situation; plain words where there is none to explain."""
    return preuve(mots, s.indicateur.id, s.code) if s is not None and (s.serie or s.secret) else joint(mots)


def preuve_du_programme(mots: str, e: EtatProgramme) -> Sur:
    """The progress of a programme: explained with the indicator to look at first."""
    return preuve_de(mots, e.principal)


def question(indicateur: str, code: str, periode: str | None = None) -> Sur:
    """« Pourquoi ce chiffre ? », where the figure itself cannot be a link."""
    return balise("a", TITRE, href=adresse(indicateur, code, periode), classe="b-lien")
