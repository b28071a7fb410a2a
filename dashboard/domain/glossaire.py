"""The words of the product: read in one Markdown file that owns them, asked for by pages, bubbles and help."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from dashboard.domain.formatage import sans_accent

LIGNE = re.compile(r"^\|\s*(.+?)\s*\|\s*(.+?)\s*\|\s*$")
BULLES = {
    "Accès": "Accès",
    "Attendu": "TA attendu",
    "Avancement": "Taux d'avancement (TA)",
    "Avancement / attendu": "Taux d'avancement (TA)",
    "Avancement / attendu à cette date": "Taux d'avancement (TA)",
    "Complétude": "Complétude",
    "Contexte": "Contexte",
    "Dernier lot": "Lot",
    "Écart": "Écart à la trajectoire",
    "Écart à la trajectoire": "Écart à la trajectoire",
    "EPCI": "EPCI",
    "Fraîcheur": "Fraîcheur",
    "Intervalle à 95 %": "Intervalle à 95 %",
    "Météo": "Météo",
    "Producteur": "Producteur",
    "Rang possible": "Rang possible",
    "Rythme": "Rythme",
    "Statut": "Statut",
    "Statut et avancement": "Statut",
}
"""Labels of headers and of figures that a reader may not know, and the word that explains each."""


class GlossaireInvalide(ValueError):
    """A glossary that cannot be used; the message names the row and the remedy."""


@dataclass(frozen=True)
class Mot:
    """A word and its meaning; ``rubrique``: the group it is listed in."""

    terme: str
    sens: str
    rubrique: str

    @property
    def ancre(self) -> str:
        """Where it is on the help page."""
        return "mot-" + re.sub(r"[^a-z0-9]+", "-", sans_accent(self.terme)).strip("-")


@dataclass(frozen=True)
class Glossaire:
    """Every word, in the order of the file."""

    mots: tuple[Mot, ...]

    @cached_property
    def _par_terme(self) -> dict[str, Mot]:
        return {m.terme: m for m in self.mots}

    def mot(self, terme: str) -> Mot:
        """A word by its exact form. Raises ``KeyError`` when the glossary has not got it."""
        return self._par_terme[terme]

    def __contains__(self, terme: object) -> bool:
        return terme in self._par_terme

    def cherche(self, texte: str) -> tuple[Mot, ...]:
        """The words whose form or meaning holds a text, without accents or capitals."""
        voulu = sans_accent(texte.strip())
        return tuple(m for m in self.mots if voulu in sans_accent(f"{m.terme} {m.sens}"))


def lis(texte: str) -> Glossaire:
    """Reads « | Mot | Sens | » tables under their headings. Raises :class:`GlossaireInvalide`."""
    rubrique, mots = "", list[Mot]()
    for numero, ligne in enumerate(texte.splitlines(), 1):
        if ligne.startswith("## "):
            rubrique = ligne[3:].strip()
        elif ligne.startswith("|") and not ligne.startswith(("|---", "| Mot |")):
            lue = LIGNE.match(ligne)
            if lue is None or not rubrique:
                raise GlossaireInvalide(f"Glossaire, ligne {numero} : « {ligne[:60]} » ; écrire « | mot | sens | ».")
            mots.append(Mot(lue[1], lue[2], rubrique))
    _controle(mots)
    return Glossaire(tuple(mots))


def _controle(mots: Sequence[Mot]) -> None:
    vus: set[str] = set()
    for m in mots:
        if m.ancre in vus:
            raise GlossaireInvalide(f"Glossaire : « {m.terme} » défini deux fois ; garder une seule ligne.")
        vus.add(m.ancre)
