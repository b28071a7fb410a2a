"""A portrait, or the report of the week, as a PDF: tagged (PDF/UA-1), in French, the same bytes for the same data.

The data reach the template as one JSON text, never as markup: a label is text whatever it holds. Only the fonts that
Typst carries are used, and nothing is fetched.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typst

from dashboard.exports.code_qr import Cachet, cachet_direct

GABARITS = Path(__file__).parent / "gabarits"
NORME = "ua-1"
PORTRAIT, CACHET = "portrait.typ", "cachet.typ"
PREFIXE = "boussole-"


class Imprimeur:
    """Turns the data of a document into a PDF. Keeps its fonts; one for each thread."""

    def __init__(self, gabarit: str = PORTRAIT) -> None:
        self._gabarit = gabarit
        self._compilateur = typst.Compiler(root=GABARITS, font_paths=_polices())

    def pdf(self, donnees: Mapping[str, Any], cachet: Cachet | None = None) -> bytes:
        """The PDF. The fingerprint of its data is written in its keywords, see :func:`empreinte`.

        ``cachet``: that of the package it goes into; without it, the PDF says that it belongs to none.
        """
        return bytes(self._compile(donnees, cachet, format="pdf", pdf_standards=[NORME]))

    def images(self, donnees: Mapping[str, Any], ppi: float = 72.0, cachet: Cachet | None = None) -> list[bytes]:
        """The same pages as PNG."""
        pages = self._compile(donnees, cachet, format="png", ppi=ppi)
        return pages if isinstance(pages, list) else [pages]

    def _compile(self, donnees: Mapping[str, Any], cachet: Cachet | None, **options: Any) -> Any:
        sienne = empreinte(donnees, self._gabarit)
        cachet = cachet or cachet_direct(sienne.removeprefix(PREFIXE))
        entrees = {"donnees": _json(donnees), "empreinte": sienne, "cachet": _json(cachet.donnees())}
        return self._compilateur.compile(_gabarit(self._gabarit), sys_inputs=entrees, **options)


@lru_cache(maxsize=1)
def _polices() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


@lru_cache(maxsize=4)
def _gabarit(nom: str) -> bytes:
    return (GABARITS / nom).read_bytes()


def _json(donnees: Mapping[str, Any]) -> str:
    return json.dumps(donnees, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def empreinte(donnees: Mapping[str, Any], gabarit: str = PORTRAIT) -> str:
    """Fingerprint of all that makes the PDF: the data, the template, the version of Typst."""
    somme = hashlib.sha256(_json(donnees).encode())
    somme.update(_gabarit(gabarit))
    somme.update(_gabarit(CACHET))
    somme.update(version("typst").encode())
    return f"{PREFIXE}{somme.hexdigest()[:32]}"


def est_a_jour(fichier: Path, donnees: Mapping[str, Any]) -> bool:
    """Is the file already the PDF of these data? Its fingerprint stands in clear among its keywords."""
    return fichier.is_file() and empreinte(donnees).encode() in fichier.read_bytes()
