"""The bulletin as a part of a snapshot: the record, the page and the PDF, written before the package is sealed."""

from __future__ import annotations

from pathlib import Path

from dashboard.domain.bulletin import Bulletin, Entree
from dashboard.domain.bulletin_composition import compose
from dashboard.domain.instantane import empreinte_courte
from dashboard.exports.bulletin_html import bulletin_html
from dashboard.exports.bulletin_lecture import FICHIER, matiere
from dashboard.exports.bulletin_pdf import bulletin_pdf
from dashboard.exports.instantane_contexte import Contexte
from dashboard.exports.instantane_descripteur import espace_visible
from dashboard.exports.paquet import Paquet

PAGE, IMPRIME = "bulletin.html", "bulletin.pdf"


def ecris_bulletin(contexte: Contexte, dossier: Path) -> None:
    """Writes ``bulletin.json``, ``bulletin.html`` and ``bulletin.pdf`` beside the data they are made from."""
    apres = Paquet(
        dossier, str(contexte.semaine), contexte.audience, contexte.arrete, declare=espace_visible(contexte)["espace"]
    )
    avant = Paquet.ouvre(contexte.precedent) if contexte.precedent else None
    ecris(compose(matiere(apres, avant)), dossier, contexte.contenu)


def ecris(bulletin: Bulletin, dossier: Path, contenu: str) -> None:
    """The three files. In the page, a sentence leads to the file of the package that holds its rows.

    ``contenu``: digest of the package.
    """

    def lien(e: Entree) -> str:
        return e.donnees if e.donnees and (dossier / e.donnees).is_file() else ""

    (dossier / FICHIER).write_bytes(bulletin.en_json())
    (dossier / PAGE).write_bytes(bulletin_html(bulletin, lien, empreinte_courte(contenu)))
    (dossier / IMPRIME).write_bytes(bulletin_pdf(bulletin, contenu))
