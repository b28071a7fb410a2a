"""What is checked before a file is opened: its size, what its archive would unfold to, its XML.

A workbook is an archive of XML parts. Its XML is read once here, by expat, and stopped at the first DOCTYPE (no entity
can be declared without one); the cells are counted because two of them, at both ends of a sheet, claim 400 GB.
"""

from __future__ import annotations

import copy
import re
import zlib
from functools import lru_cache
from pathlib import Path, PurePosixPath
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile, ZipInfo

from data_sources.connectors import LivraisonIllisible

MIO = 1 << 20
TAILLE_MAX = 512 * MIO
RATIO_MAX = 200
ENTREES_MAX = 2_000
CELLULES_MAX = 25_000_000
MORCEAU = MIO
ARCHIVE_ABIMEE = "archive abîmée. L'ouvrir dans un tableur et l'enregistrer de nouveau."
CHIFFRE = "classeur protégé par un mot de passe. L'enregistrer sans mot de passe."


def verifie_taille(fichier: Path) -> None:
    """Raises :class:`LivraisonIllisible` when the file is empty or too large."""
    taille = fichier.stat().st_size
    if taille == 0:
        raise LivraisonIllisible("fichier vide. Demander un nouvel envoi.")
    if taille > TAILLE_MAX:
        raise LivraisonIllisible(f"fichier de {taille // MIO} Mio, au plus {TAILLE_MAX // MIO}. Le découper.")


def verifie_archive(archive: ZipFile) -> None:
    """The directory of the archive, before anything is unfolded. Raises :class:`LivraisonIllisible`."""
    entrees = archive.infolist()
    if len(entrees) > ENTREES_MAX:
        raise LivraisonIllisible(f"archive de {len(entrees)} entrées, au plus {ENTREES_MAX}. {ARCHIVE_SUSPECTE}")
    if len({e.filename for e in entrees}) < len(entrees):
        raise LivraisonIllisible(f"archive qui contient deux fois la même entrée. {ARCHIVE_SUSPECTE}")
    total = sum(e.file_size for e in entrees)
    if total > TAILLE_MAX:
        raise LivraisonIllisible(f"archive de {total // MIO} Mio dépliée, au plus {TAILLE_MAX // MIO}. Le découper.")
    for entree in entrees:
        _verifie_entree(entree)


ARCHIVE_SUSPECTE = "Enregistrer de nouveau le classeur depuis un tableur."


def _verifie_entree(entree: ZipInfo) -> None:
    nom = entree.filename.replace("\\", "/")
    if nom.startswith("/") or ":" in nom or ".." in PurePosixPath(nom).parts:
        raise LivraisonIllisible(f"archive dont une entrée sort du dossier (« {nom[:60]} »). {ARCHIVE_SUSPECTE}")
    if entree.file_size > MIO and entree.file_size > RATIO_MAX * entree.compress_size:
        raise LivraisonIllisible(f"entrée « {nom[:60]} » compressée plus de {RATIO_MAX} fois. {ARCHIVE_SUSPECTE}")
    if entree.flag_bits & 1:
        raise LivraisonIllisible(CHIFFRE)


def verifie_xml(archive: ZipFile) -> None:
    """Every XML part of a workbook. Raises :class:`LivraisonIllisible`: DOCTYPE, encryption, false size, cells."""
    for entree in archive.infolist():
        try:
            if _est_xml(archive, entree):
                _verifie_partie(archive, entree)
        except (expat.ExpatError, BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeError) as erreur:
            raise LivraisonIllisible(ARCHIVE_ABIMEE) from erreur


def _est_xml(archive: ZipFile, entree: ZipInfo) -> bool:
    """By its content as well as by its name: a workbook may give a sheet any name."""
    if entree.filename.lower().endswith((".xml", ".rels")):
        return True
    with archive.open(entree) as flux:
        return flux.read(64).replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def _verifie_partie(archive: ZipFile, entree: ZipInfo) -> None:
    """The part is unfolded whatever size its entry claims, and no further than that."""
    cellules = _Cellules()
    lecteur = expat.ParserCreate()
    lecteur.StartDoctypeDeclHandler = _refuse_doctype
    lecteur.StartElementHandler = cellules.ouvre
    sans_limite = copy.copy(entree)
    sans_limite.file_size = TAILLE_MAX + 1
    lus = 0
    with archive.open(sans_limite) as flux:
        while morceau := flux.read(MORCEAU):
            lus += len(morceau)
            if lus > entree.file_size:
                raise LivraisonIllisible(
                    f"entrée « {entree.filename[:60]} » plus grande qu'annoncé. {ARCHIVE_SUSPECTE}"
                )
            lecteur.Parse(morceau, False)
    if lus:
        lecteur.Parse(b"", True)


def _refuse_doctype(*_: object) -> None:
    raise LivraisonIllisible(f"XML avec une déclaration DOCTYPE ou ENTITY, refusée. {ARCHIVE_SUSPECTE}")


class _Cellules:
    """Counts the cells from A1 to the last one that holds something, as a reader would have to hold them."""

    def __init__(self) -> None:
        self._recommence()

    def _recommence(self) -> None:
        self.ligne = self.colonne = self.repete = 0
        self.derniere_ligne = self.derniere_colonne = 0

    def ouvre(self, nom: str, attributs: dict[str, str]) -> None:
        local = nom.rpartition(":")[2]
        if local == "c":
            self._place(attributs.get("r"))
        elif local in ("v", "is") or (local == "p" and self.repete):
            self._compte()
        elif local == "row":
            self.ligne, self.colonne = _entier(attributs.get("r"), self.ligne + 1), 0
        elif local in ("table-cell", "covered-table-cell"):
            self.repete = _entier(attributs.get("table:number-columns-repeated"), 1)
            self.colonne += self.repete
            if "office:value-type" in attributs:
                self._compte()
        elif local == "table-row":
            self.ligne += _entier(attributs.get("table:number-rows-repeated"), 1)
            self.colonne = 0
        elif local == "table":
            self._recommence()
        elif local == "encryption-data":
            raise LivraisonIllisible(CHIFFRE)

    def _place(self, reference: str | None) -> None:
        """« BC12 » is column 55 of row 12; a cell without reference follows the one before."""
        lettres = (reference or "").rstrip("0123456789")
        if reference and lettres and len(lettres) < len(reference):
            self.colonne, self.ligne = _rang(lettres), int(reference[len(lettres) :])
        else:
            self.colonne += 1

    def _compte(self) -> None:
        if self.ligne <= self.derniere_ligne and self.colonne <= self.derniere_colonne:
            return
        self.derniere_ligne = max(self.derniere_ligne, self.ligne)
        self.derniere_colonne = max(self.derniere_colonne, self.colonne)
        if self.derniere_ligne * self.derniere_colonne > CELLULES_MAX:
            raise LivraisonIllisible(
                f"feuille de {self.derniere_ligne} lignes sur {self.derniere_colonne} colonnes, au plus {CELLULES_MAX} "
                "cellules. Effacer les cellules égarées loin du tableau, ou enregistrer en CSV."
            )


@lru_cache(maxsize=20_000)
def _rang(lettres: str) -> int:
    rang = 0
    for lettre in lettres[:6].upper():
        rang = 26 * rang + ord(lettre) - 64
    return rang


def _entier(texte: str | None, defaut: int) -> int:
    if texte is None:
        return defaut
    if not re.fullmatch(r"[1-9][0-9]{0,10}", texte):
        raise LivraisonIllisible(ARCHIVE_ABIMEE)
    return int(texte)
