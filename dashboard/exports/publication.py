"""How a package becomes published: built aside, flushed to the disk, read again, renamed, written in the journal.

Whatever stops it (a kill, a full disk), ``current`` names a verified package; the next run repairs what is left.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from dashboard.domain.instantane import (
    COURANT,
    JOURNAL,
    MANIFESTE,
    PUBLIE,
    RETIRE,
    SCEAU,
    Maillon,
    Sceau,
    Semaine,
    SemaineInconnue,
    empreinte,
    lis_journal,
    manifeste,
    presents,
)
from dashboard.exports import verifie

PREPARE = ".prepare-"
PROVISOIRE = f".{COURANT}.part"
ESPACE_DE_NOMS = "boussole"
"""What the signatures are for, in the words of ``ssh-keygen -Y``."""


class InstantaneAbime(RuntimeError):
    """A package or its folder is not as sealed; the message names the files and the remedy."""


@contextmanager
def chantier(dossier: Path, semaine: Semaine) -> Iterator[Path]:
    """A folder to build in, beside the packages; gone at the end unless it was renamed."""
    dossier.mkdir(parents=True, exist_ok=True)
    ici = Path(mkdtemp(prefix=f"{PREPARE}{semaine}-", dir=dossier))
    ici.chmod(0o755)
    try:
        yield ici
    finally:
        shutil.rmtree(ici, ignore_errors=True)


def lis_chaine(dossier: Path) -> list[Maillon]:
    """The journal of a folder, empty before the first package. Raises :class:`InstantaneAbime`."""
    try:
        return lis_journal((dossier / JOURNAL).read_bytes())
    except FileNotFoundError:
        return []
    except ValueError as erreur:
        raise InstantaneAbime(str(erreur)) from None


def empreintes(dossier: Path, connues: Mapping[str, str], sous: str = "") -> dict[str, str]:
    """sha256 of every file of a folder by its path, those already known and those whose path begins with ``sous``."""
    presents, dommages = verifie.inventaire(str(dossier))
    tailles = {c: t for c, t in presents.items() if c.startswith(sous) and c not in connues}
    lues = verifie.sommes(str(dossier), tailles)
    if dommages or None in lues.values():
        raise OSError("; ".join(d.message for d in dommages) or "fichier illisible")
    return {**connues, **{c: s for c, s in lues.items() if s is not None}}


def scelle(chantier: Path, sommes: Mapping[str, str], faire: Callable[[str], Sceau], cle: Path | None = None) -> Sceau:
    """Writes the manifest and the seal, then puts everything on the disk. ``faire``: the seal of a manifest.

    ``cle``: a private SSH key, with which the seal is also signed. Raises :class:`InstantaneAbime` when it cannot.
    """
    octets = manifeste(sommes)
    (chantier / MANIFESTE).write_bytes(octets)
    sceau = faire(empreinte(octets))
    (chantier / SCEAU).write_bytes(sceau.en_json())
    if cle is not None:
        signe(chantier / SCEAU, cle)
    _sur_le_disque(chantier)
    return sceau


def signe(sceau: Path, cle: Path) -> None:
    """``SEAL.json.sig``, a detached signature that OpenSSH verifies anywhere; the key never leaves its file."""
    commande = ["ssh-keygen", "-q", "-Y", "sign", "-n", ESPACE_DE_NOMS, "-f", str(cle), str(sceau)]
    try:
        subprocess.run(commande, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError) as erreur:
        raise InstantaneAbime(
            f"Signature impossible avec la clé « {cle.name} » ({type(erreur).__name__}). Vérifier "
            "BOUSSOLE_CLE_SIGNATURE (clé privée SSH sans phrase secrète, lisible) et la commande ssh-keygen ; "
            "ou retirer ce réglage."
        ) from None


def publie(dossier: Path, chantier: Path, sceau: Sceau, quand: str, motif: str) -> Path:
    """Reads again, renames, writes the journal, moves ``current``. Raises :class:`InstantaneAbime`, ``OSError``."""
    exige_intact(chantier)
    cible = dossier / sceau.semaine
    if cible.exists():
        raise InstantaneAbime(f"{cible.name} : déjà publié. Un instantané publié ne change plus.")
    chantier.rename(cible)
    _synchronise(dossier)
    _inscrit(dossier, Maillon(sceau.semaine, quand, PUBLIE, sceau.sceau, sceau.contenu, motif))
    _designe(dossier, sceau.semaine)
    return cible


def exige_intact(paquet: Path) -> None:
    """Raises :class:`InstantaneAbime` with the first damages of a package."""
    dommages = verifie.verifie_paquet(str(paquet))
    if dommages:
        suite = f" (et {len(dommages) - 3} autres)" if len(dommages) > 3 else ""
        raise InstantaneAbime(f"{paquet.name} : {' '.join(d.message for d in dommages[:3])}{suite}")


def repare(dossier: Path, lis_version: Callable[[Path], tuple[str, str]]) -> list[str]:
    """Finishes or clears what a stopped run left, under the lease. What was done, in French.

    A verified package that follows the chain and is not in the journal was renamed just before the stop: it is
    written there. ``lis_version(paquet)``: when it was made, and its reason. Raises :class:`InstantaneAbime` for a
    package that is neither in the journal nor the one that follows it: nothing of that kind is ever erased.
    """
    if not dossier.is_dir():
        return []
    faits = []
    for reste in sorted(dossier.glob(f"{PREPARE}*")):
        shutil.rmtree(reste)
        faits.append(f"{reste.name} : reste d'un instantané interrompu, effacé.")
    (dossier / PROVISOIRE).unlink(missing_ok=True)
    _coupe_ligne_inachevee(dossier)
    journal = lis_chaine(dossier)
    retires = {m.semaine for m in journal if m.evenement == RETIRE}
    for nom in sorted(retires & set(_paquets(dossier))):
        _efface(dossier, nom)
        faits.append(f"{nom} : retiré, effacé.")
    for nom in sorted(set(_paquets(dossier)) - {str(s) for s in presents(journal)}, key=Semaine.lis):
        exige_intact(dossier / nom)
        sceau = Sceau.lis((dossier / nom / SCEAU).read_bytes())
        publies = [m for m in journal if m.evenement == PUBLIE]
        attendu = publies[-1].sceau if publies else None
        if sceau.semaine != nom or sceau.precedent != attendu:
            raise InstantaneAbime(
                f"{nom} : paquet inconnu du journal et hors de la chaîne. L'écarter du dossier, puis recommencer."
            )
        quand, motif = lis_version(dossier / nom)
        maillon = Maillon(nom, quand, PUBLIE, sceau.sceau, sceau.contenu, motif)
        _inscrit(dossier, maillon)
        journal.append(maillon)
        faits.append(f"{nom} : publié avant l'interruption, inscrit au journal.")
    restes = list(presents(journal))
    if restes and courant(dossier) != str(restes[-1]):
        exige_intact(dossier / str(restes[-1]))
        _designe(dossier, str(restes[-1]))
        faits.append(f"{COURANT} : désigne {restes[-1]}.")
    return faits


def retire(dossier: Path, semaine: Semaine, quand: str, motif: str) -> Maillon:
    """Erases one package that a person chose; its line, with its seal and the reason, stays in the journal.

    Raises :class:`InstantaneAbime` for one that is not there, or the one that ``current`` names.
    """
    restes = presents(lis_chaine(dossier))
    if semaine not in restes or semaine == list(restes)[-1]:
        raise InstantaneAbime(f"{semaine} : absent, ou dernier publié. Seul un instantané plus ancien se retire.")
    publie = restes[semaine]
    maillon = Maillon(str(semaine), quand, RETIRE, publie.sceau, publie.contenu, motif)
    _inscrit(dossier, maillon)
    _efface(dossier, str(semaine))
    return maillon


def _efface(dossier: Path, nom: str) -> None:
    """Out of sight at once, then erased; what a stop leaves of it is cleared by the next run."""
    ecarte = dossier / f"{PREPARE}{nom}-retire"
    (dossier / nom).rename(ecarte)
    _synchronise(dossier)
    shutil.rmtree(ecarte)


def _paquets(dossier: Path) -> list[str]:
    noms = []
    for entree in dossier.iterdir():
        try:
            Semaine.lis(entree.name)
        except SemaineInconnue:
            continue
        noms.append(entree.name)
    return noms


def courant(dossier: Path) -> str | None:
    """The name in ``current``; None without any package."""
    try:
        return (dossier / COURANT).read_text("utf-8").strip() or None
    except FileNotFoundError:
        return None


def _designe(dossier: Path, nom: str) -> None:
    provisoire = dossier / PROVISOIRE
    with provisoire.open("wb") as fichier:
        fichier.write(f"{nom}\n".encode())
        fichier.flush()
        os.fsync(fichier.fileno())
    provisoire.replace(dossier / COURANT)
    _synchronise(dossier)


def _inscrit(dossier: Path, maillon: Maillon) -> None:
    """One line at the end of the journal, whole or cut off by the next run."""
    with (dossier / JOURNAL).open("ab", buffering=0) as fichier:
        fichier.write(maillon.en_ligne())
        os.fsync(fichier.fileno())
    _synchronise(dossier)


def _coupe_ligne_inachevee(dossier: Path) -> None:
    chemin = dossier / JOURNAL
    if not chemin.is_file():
        return
    octets = chemin.read_bytes()
    entier = octets.rfind(b"\n") + 1
    if entier < len(octets):
        os.truncate(chemin, entier)


def _sur_le_disque(racine: Path) -> None:
    """fsync of every file, then of every folder from the deepest."""
    dossiers = []
    for nom, _, fichiers in os.walk(racine):
        dossiers.append(Path(nom))
        for fichier in fichiers:
            _synchronise(Path(nom) / fichier)
    for dossier in reversed(dossiers):
        _synchronise(dossier)


def _synchronise(chemin: Path) -> None:
    descripteur = os.open(chemin, os.O_RDONLY)
    try:
        os.fsync(descripteur)
    finally:
        os.close(descripteur)
