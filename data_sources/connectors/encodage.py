"""Text files as they come (UTF-8, UTF-16, Windows-1252, ISO-8859-15…), given as UTF-8 after one pass over them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from data_sources.connectors import LivraisonIllisible

MORCEAU = 4 << 20
ECHANTILLON = 100_000
COMMANDES = bytes({*range(32)} - set(b"\t\n\r\f\x1a")) + b"\x7f"
C1 = bytes(range(0x80, 0xA0))
DIFFERENTS = b"\xa4\xa6\xa8\xb4\xb8\xbc\xbd\xbe"
LATIN_9 = re.compile(rb"\xa4|[A-Za-z][\xa6\xa8\xb4\xb8\xbc-\xbe]|[\xa6\xa8\xb4\xb8\xbc-\xbe][A-Za-z]")
REMEDE = "Enregistrer le fichier en CSV UTF-8."


@dataclass(frozen=True)
class Texte:
    """A file in UTF-8: its number of lines (blank ones at the end left aside), and whether it holds quotes."""

    chemin: Path
    n_lignes: int
    guillemets: bool

    def debut(self) -> str:
        """The first whole lines, about 100 KB."""
        with self.chemin.open("rb") as flux:
            brut = flux.read(ECHANTILLON)
            if flux.read(1):
                brut = brut[: brut.rfind(b"\n") + 1]
        return brut.decode("utf-8-sig")


@dataclass(frozen=True)
class _Examen:
    utf8: bool
    c1: bool
    n_lignes: int
    guillemets: bool
    latin_9: bool


@contextmanager
def en_utf8(fichier: Path, declare: str | None) -> Iterator[Texte]:
    """The file, or a temporary copy in UTF-8 when it is written otherwise. Raises :class:`LivraisonIllisible`."""
    with fichier.open("rb") as flux:
        tete = flux.read(ECHANTILLON)
    encodage = declare or _sur_deux_octets(tete)
    if encodage is None or not _large(encodage):
        _exige_du_texte(tete)
        examen = _examine(fichier)
        retour_seul = b"\n" not in tete and b"\r" in tete
        if examen.utf8 and not retour_seul and _utf8(declare):
            yield Texte(fichier, examen.n_lignes, examen.guillemets)
            return
        encodage = encodage or ("utf_8_sig" if examen.utf8 else _a_un_octet(examen))
    with TemporaryDirectory() as dossier:
        copie = Path(dossier) / "copie.csv"
        _transcode(fichier, copie, encodage)
        examen = _examine(copie)
        yield Texte(copie, examen.n_lignes, examen.guillemets)


def _large(encodage: str) -> bool:
    return "16" in encodage or "32" in encodage


def _utf8(declare: str | None) -> bool:
    try:
        return declare is None or codecs.lookup(declare).name in ("utf-8", "utf-8-sig", "ascii")
    except LookupError:
        return False


def _sur_deux_octets(tete: bytes) -> str | None:
    """UTF-16 by its mark, or by its zeros: one byte in two in a western text."""
    if tete.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf_16"
    pairs, impairs = tete[::2], tete[1::2]
    if impairs and 10 * impairs.count(0) > 7 * len(impairs) and not pairs.count(0):
        return "utf_16_le"
    if pairs and 10 * pairs.count(0) > 7 * len(pairs) and not impairs.count(0):
        return "utf_16_be"
    return None


def _exige_du_texte(tete: bytes) -> None:
    if not tete.strip(b"\xef\xbb\xbf \t\r\n\x1a"):
        raise LivraisonIllisible("fichier sans aucune ligne remplie. Demander un nouvel envoi.")
    commandes = len(tete) - len(tete.translate(None, COMMANDES))
    if commandes > max(10, len(tete) // 100):
        raise LivraisonIllisible(f"contenu binaire : ce n'est ni du texte, ni un format lu. {REMEDE}")


def _examine(fichier: Path) -> _Examen:
    """One pass over the bytes. A NUL byte is refused with its line."""
    decodeur = codecs.getincrementaldecoder("utf-8")()
    utf8, c1, latin_9, guillemets, n_lignes, fin = True, False, False, False, 0, b""
    with fichier.open("rb") as flux:
        while morceau := flux.read(MORCEAU):
            if b"\0" in morceau:
                ligne = n_lignes + morceau.count(b"\n", 0, morceau.index(b"\0")) + 1
                raise LivraisonIllisible(f"ligne {ligne} : octet nul, le fichier est abîmé. {REMEDE}")
            utf8 = utf8 and _decode(decodeur, morceau)
            if not utf8:
                c1 = c1 or _porte(morceau, C1)
                latin_9 = latin_9 or (_porte(morceau, DIFFERENTS) and LATIN_9.search(morceau) is not None)
            guillemets = guillemets or b'"' in morceau
            n_lignes += morceau.count(b"\n")
            fin = (fin + morceau)[-4096:]
    utf8 = utf8 and _decode(decodeur, b"", final=True)
    vides = fin[len(fin.rstrip(b"\r\n\x1a")) :].count(b"\n")
    return _Examen(utf8, c1, n_lignes + 1 - vides, guillemets, latin_9)


def _porte(morceau: bytes, octets: bytes) -> bool:
    return len(morceau.translate(None, octets)) < len(morceau)


def _decode(decodeur: codecs.IncrementalDecoder, morceau: bytes, final: bool = False) -> bool:
    try:
        decodeur.decode(morceau, final)
    except UnicodeDecodeError:
        return False
    return True


def _a_un_octet(examen: _Examen) -> str:
    """Windows-1252 or ISO-8859-15, which differ by 40 bytes.

    Those from 80 to 9F are signs of Windows-1252 (« ’ œ € ») and nothing in ISO-8859-15. Without any of them, A4 is €
    rather than ¤, and BD inside a word is œ rather than ½. General detectors read « ½uvre » there.
    """
    return "iso8859_15" if examen.latin_9 and not examen.c1 else "cp1252"


def _transcode(fichier: Path, copie: Path, encodage: str) -> None:
    """A copy in UTF-8; lines that end as on old Macs end as elsewhere. A byte without meaning is refused."""
    try:
        with fichier.open(encoding=encodage, newline="") as lu, copie.open("w", encoding="utf-8", newline="") as ecrit:
            retour_seul: bool | None = None
            while morceau := lu.read(MORCEAU):
                retour_seul = "\n" not in morceau and "\r" in morceau if retour_seul is None else retour_seul
                ecrit.write(morceau.replace("\r", "\n") if retour_seul else morceau)
    except LookupError as erreur:
        raise LivraisonIllisible(
            f"encodage « {encodage} » inconnu. Corriger lecture.encodage dans la source (utf-8, cp1252…)."
        ) from erreur
    except UnicodeError as erreur:
        raise LivraisonIllisible(f"texte illisible en {encodage}. {REMEDE}") from erreur
