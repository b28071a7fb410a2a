"""The stamp of every PDF: a QR code that a telephone reads, and beside it the short fingerprint in words.

The text of the code is plain words and a fingerprint, never an address: nothing is fetched, it is only compared.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache

import segno

from dashboard.domain.instantane import empreinte_courte

MARGE = 4
"""Modules of quiet zone around the code, as ISO/IEC 18004 asks."""


@dataclass(frozen=True)
class Cachet:
    """``texte``: what the code holds. ``origine``: what the PDF belongs to. ``courte``: fingerprint that a person
    compares. ``sens``: with what."""

    texte: str
    origine: str
    courte: str
    sens: str

    def donnees(self) -> dict[str, str]:
        """Plain data for the templates."""
        mots = {"origine": self.origine, "courte": self.courte, "sens": self.sens}
        return {"svg": svg(self.texte), "alt": f"Code QR : « {self.texte} ».", **mots}


def cachet_instantane(semaine: str, audience: str, contenu: str) -> Cachet:
    """Of a PDF in a package: its week, its audience and the whole digest of its content."""
    return Cachet(
        f"Boussole {semaine} {audience} contenu {contenu}",
        f"Instantané {semaine}",
        empreinte_courte(contenu),
        "L'empreinte est celle des données de cet instantané : elle se compare à celle de LISEZMOI.txt, d'un autre "
        "PDF ou du courriel de la semaine.",
    )


def cachet_direct(donnees: str) -> Cachet:
    """Of a PDF that the application has just made. ``donnees``: fingerprint of what it shows, in hexadecimal."""
    return Cachet(
        f"Boussole hors instantané données {donnees}",
        "Hors instantané",
        empreinte_courte(donnees),
        "Ce PDF a été fait à la demande, hors instantané : l'empreinte est celle de ses propres données, la même tant "
        "qu'elles n'ont pas changé.",
    )


@lru_cache(maxsize=4)
def svg(texte: str) -> str:
    """The code as SVG, black on white, level M (15 % of it may be lost), its quiet zone included."""
    tampon = io.BytesIO()
    code = segno.make(texte, micro=False, error="m", encoding="utf-8")
    code.save(tampon, kind="svg", border=MARGE, light="#fff", xmldecl=False, omitsize=True, nl=False)
    return tampon.getvalue().decode()
