"""Vérifie un instantané de Boussole : python verifie.py [DOSSIER]. Aucune installation, aucun réseau.

Dossier d'un instantané (MANIFEST.sha256, SEAL.json) : chaque octet, le sceau, puis la chaîne quand le journal est à
côté. Dossier des instantanés (journal.jsonl) : tous, la chaîne, le journal et « current ».
Code de sortie : 0 intact, 1 abîmé.

A single file that needs only Python's standard library, copied in every package. Nothing it reads is trusted.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

MANIFESTE, SCEAU, JOURNAL, COURANT = "MANIFEST.sha256", "SEAL.json", "journal.jsonl", "current"
HORS_MANIFESTE = (MANIFESTE, SCEAU, "SEAL.json.sig")
CHAMPS_SCEAU = ("semaine", "audience", "manifeste", "contenu", "precedent", "sceau")
CHAMPS_JOURNAL = ("semaine", "quand", "evenement", "sceau", "contenu", "motif")
CANONIQUES = re.compile(
    r"donnees/(?:observations/[^/]+|resultats|etats|objectifs|indicateurs|territoires|appartenances|passages"
    r"|politiques|programmes|apports)\.csv"
)
SEMAINE = re.compile(r"(\d{4})-W(\d{2})(?:\.r([1-9]\d{0,3}))?", re.ASCII)
SOMME = re.compile(r"[0-9a-f]{64}", re.ASCII)
TAMPON = 1 << 20
PETIT, LISTE = 1 << 16, 1 << 26
"""Largest SEAL.json or line, and largest list, that are read: a package of ours is far below."""
Progres = Callable[[int, int], None]
"""Told the bytes read and the bytes to read of the package at work."""


class Dommage(NamedTuple):
    """One thing that is wrong: its kind, the file, and the sentence for a person."""

    genre: str
    fichier: str
    message: str


def _dommage(genre: str, ou: str, phrase: str) -> Dommage:
    sur = "".join(c if c.isprintable() else "�" for c in ou[:300])  # a name that is not ours, on a terminal
    return Dommage(genre, sur, f"{sur} : {phrase}.")


class Illisible(ValueError):
    """A file that is not what it should be."""

    def __init__(self, genre: str, ou: str, phrase: str) -> None:
        super().__init__(phrase)
        self.dommage = _dommage(genre, ou, phrase)


def verifie(dossier: str, progres: Progres | None = None) -> list[Dommage]:
    """Everything that is wrong in a package and the chain beside it, or in a folder of packages. Writes nothing."""
    dossier = os.path.abspath(dossier)
    if any(os.path.lexists(os.path.join(dossier, nom)) for nom in (MANIFESTE, SCEAU)):
        parent = os.path.dirname(dossier)
        ensemble = os.path.lexists(os.path.join(parent, JOURNAL))
        return verifie_paquet(dossier, progres) + (verifie_chaine(parent) if ensemble else [])
    if not os.path.lexists(os.path.join(dossier, JOURNAL)):
        return [_dommage("dossier", dossier, f"ni {SCEAU} ni {JOURNAL}, ce n'est pas un instantané")]
    dommages = verifie_chaine(dossier)
    for nom in sorted(n for n in os.listdir(dossier) if SEMAINE.fullmatch(n)):
        siens = verifie_paquet(os.path.join(dossier, nom), progres)
        dommages += [Dommage(d.genre, f"{nom}/{d.fichier}", f"{nom}/{d.message}") for d in siens]
    return dommages


# ------------------------------------------------------------------------------------------ one package


def verifie_paquet(dossier: str, progres: Progres | None = None) -> list[Dommage]:
    """Every byte of one package against its manifest, its manifest against its seal, its seal against itself."""
    presents, dommages = inventaire(dossier)
    try:
        octets = _lis(dossier, MANIFESTE, "manifeste", LISTE)
        attendus = _lis_manifeste(octets)
    except Illisible as erreur:
        return [*dommages, erreur.dommage]
    dommages += _verifie_sceau(dossier, octets, attendus)
    presents = {c: t for c, t in presents.items() if c not in HORS_MANIFESTE}
    absents = sorted(set(attendus) - set(presents))
    en_trop = sorted(set(presents) - set(attendus))
    lues = sommes(dossier, {c: t for c, t in presents.items() if c in attendus or absents}, progres)
    for chemin in sorted(set(lues) & set(attendus)):
        if lues[chemin] is None:
            dommages.append(_dommage("illisible", chemin, "fichier illisible, droits ou disque à revoir"))
        elif lues[chemin] != attendus[chemin]:
            dommages.append(_dommage("modifie", chemin, f"contenu modifié, scellé {attendus[chemin][:12]}…"))
    for chemin in absents:
        autre = next((c for c in en_trop if lues[c] == attendus[chemin]), None)
        if autre is None:
            dommages.append(_dommage("absent", chemin, "fichier absent"))
        else:
            en_trop.remove(autre)
            dommages.append(_dommage("renomme", chemin, f"fichier renommé en {autre}"))
    return dommages + [_dommage("en_trop", c, "fichier en trop, absent du manifeste") for c in en_trop]


def inventaire(dossier: str) -> tuple[dict[str, int], list[Dommage]]:
    """Size of every regular file by its path; links and special files are damages and are never opened."""
    presents: dict[str, int] = {}
    dommages, a_lire = [], [""]
    while a_lire:
        sous = a_lire.pop()
        try:
            entrees = list(os.scandir(os.path.join(dossier, *sous.split("/"))))
        except OSError as erreur:
            dommages.append(_dommage("illisible", sous or dossier, f"dossier illisible ({erreur.strerror})"))
            continue
        for entree in entrees:
            chemin = f"{sous}/{entree.name}" if sous else entree.name
            if not _nom_sur(chemin):
                dommages.append(_dommage("nom", chemin, "nom de fichier interdit"))
            elif entree.is_symlink():
                dommages.append(_dommage("lien", chemin, "lien symbolique, interdit dans un instantané"))
            elif entree.is_dir(follow_symlinks=False):
                a_lire.append(chemin)
            elif entree.is_file(follow_symlinks=False):
                presents[chemin] = entree.stat(follow_symlinks=False).st_size
            else:
                dommages.append(_dommage("special", chemin, "ni fichier ni dossier"))
    return presents, dommages


def _nom_sur(chemin: str) -> bool:
    """A relative path that stays below its folder, on any system, and fits one line."""
    interdit = len(chemin) > 1024 or any(ord(c) < 32 or c == "\\" or 0xD800 <= ord(c) < 0xE000 for c in chemin)
    return not interdit and not any(morceau in ("", ".", "..") for morceau in chemin.split("/"))


def sommes(dossier: str, tailles: dict[str, int], progres: Progres | None = None) -> dict[str, str | None]:
    """sha256 of each file, several at once (hashing lets go of the interpreter); None when it cannot be read."""
    total, verrou, fait, local = sum(tailles.values()), threading.Lock(), [0], threading.local()
    drapeaux = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)

    def avance(n: int) -> None:
        with verrou:
            fait[0] += n
            if progres and total:
                progres(min(fait[0], total), total)

    def somme(chemin: str) -> str | None:
        if not hasattr(local, "tampon"):
            local.tampon = memoryview(bytearray(TAMPON))
        empreinte = hashlib.sha256()
        try:
            ouvert = os.open(os.path.join(dossier, *chemin.split("/")), drapeaux)
            with open(ouvert, "rb", buffering=0) as fichier:
                while n := fichier.readinto(local.tampon):
                    empreinte.update(local.tampon[:n])
                    avance(n)
        except OSError:
            return None
        return empreinte.hexdigest()

    chemins = sorted(tailles, key=lambda c: -tailles[c])  # the longest first: none is left alone at the end
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as equipe:
        return dict(zip(chemins, equipe.map(somme, chemins), strict=True))


def _lis(dossier: str, nom: str, genre: str, limite: int = PETIT) -> bytes:
    """A small file, never through a link."""
    chemin = os.path.join(dossier, nom)
    try:
        if not stat.S_ISREG(os.lstat(chemin).st_mode):
            raise Illisible(genre, nom, "ni lien ni dossier ne sont admis à sa place")
        with open(chemin, "rb") as fichier:
            octets = fichier.read(limite + 1)
    except OSError as erreur:
        absent = isinstance(erreur, FileNotFoundError)
        raise Illisible(genre, nom, "fichier absent" if absent else f"illisible ({erreur.strerror})") from None
    if len(octets) > limite:
        raise Illisible(genre, nom, f"trop long, {limite} octets au plus")
    return octets


def _lis_manifeste(octets: bytes) -> dict[str, str]:
    """sha256 by path. The lines must be sorted, each path once and safe."""
    attendus: dict[str, str] = {}
    precedent = ""
    for numero, ligne in enumerate(octets.split(b"\n")[:-1] if octets.endswith(b"\n") else [b""], 1):
        texte = ligne.decode("utf-8", "surrogateescape")
        somme, chemin = texte[:64], texte[66:]
        if not SOMME.fullmatch(somme) or texte[64:66] != "  " or not _nom_sur(chemin) or chemin in HORS_MANIFESTE:
            raise Illisible("manifeste", f"{MANIFESTE}, ligne {numero}", "illisible ou chemin interdit")
        if chemin <= precedent:
            raise Illisible("manifeste", f"{MANIFESTE}, ligne {numero}", "ordre bouleversé ou fichier cité deux fois")
        attendus[chemin], precedent = somme, chemin
    return attendus


def _verifie_sceau(dossier: str, manifeste: bytes, attendus: dict[str, str]) -> list[Dommage]:
    try:
        sceau = lis_sceau(dossier)
    except Illisible as erreur:
        return [erreur.dommage]
    canoniques = "".join(f"{s}  {c}\n" for c, s in sorted(attendus.items()) if CANONIQUES.fullmatch(c))
    juste = [
        (calcule_sceau(sceau) == sceau["sceau"], "sceau", SCEAU, "modifié, ce n'est pas le sceau de ce qu'il annonce"),
        (_sha(manifeste) == sceau["manifeste"], "manifeste", MANIFESTE, "modifié, ce n'est pas celui qui est scellé"),
        (_sha(canoniques.encode()) == sceau["contenu"], "contenu", SCEAU, "l'empreinte n'est pas celle des tables"),
    ]
    return [_dommage(*reste) for vrai, *reste in juste if not vrai]


def _sha(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()


def lis_sceau(dossier: str) -> dict[str, Any]:
    """The fields of SEAL.json, each of its type. Raises :class:`Illisible`."""
    champs = _objet(_lis(dossier, SCEAU, "sceau"), SCEAU, "sceau", CHAMPS_SCEAU)
    longs = [champs[c] for c in ("manifeste", "contenu", "sceau")] + [champs["precedent"] or "0" * 64]
    if champs["audience"] not in ("public", "interne") or not all(SOMME.fullmatch(x) for x in longs):
        raise Illisible("sceau", SCEAU, "champ mal formé")
    return champs


def calcule_sceau(champs: dict[str, Any]) -> str:
    """The seal of these fields: sha256 of their canonical JSON, without the seal itself."""
    autres = {c: champs[c] for c in CHAMPS_SCEAU if c != "sceau"}
    return _sha(json.dumps(autres, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8"))


def _objet(octets: bytes, ou: str, genre: str, champs: tuple[str, ...]) -> dict[str, Any]:
    """A flat JSON object with exactly these fields, each a text (or null for ``precedent``)."""
    try:
        paires = json.loads(octets.decode("utf-8"), object_pairs_hook=list)
        lu = dict(paires)
        textes = all(isinstance(v, str) or (v is None and c == "precedent") for c, v in lu.items())
        if textes and len(paires) == len(champs) and set(lu) == set(champs) and SEMAINE.fullmatch(lu["semaine"]):
            return lu
    except (ValueError, TypeError, RecursionError):
        pass
    raise Illisible(genre, ou, f"ce n'est pas le JSON attendu ({', '.join(champs)})")


# ------------------------------------------------------------------------------------------- the chain


def verifie_chaine(dossier: str) -> list[Dommage]:
    """The journal of a folder against the seals of its packages, their order, their links, and ``current``."""
    dommages, publies = _lis_journal(dossier)
    presents = {n for n in os.listdir(dossier) if SEMAINE.fullmatch(n)}
    restes = [m["semaine"] for m in publies if not m["retire"]]
    dommages += [_dommage("hors_journal", n, f"paquet absent de {JOURNAL}") for n in sorted(presents - set(restes))]
    dommages += [_dommage("paquet_absent", n, f"annoncé par {JOURNAL}, absent") for n in restes if n not in presents]
    for precedent, maillon in zip([None, *publies], publies, strict=False):
        if maillon["semaine"] in presents.intersection(restes):
            dommages += _verifie_maillon(dossier, maillon, precedent)
    if restes:
        try:
            nom = _lis(dossier, COURANT, "current").decode("utf-8", "replace").strip()
            if nom != restes[-1]:
                dommages.append(
                    _dommage("current", COURANT, f"désigne {nom!r:.40}, le dernier paquet est {restes[-1]}")
                )
        except Illisible as erreur:
            dommages.append(erreur.dommage)
    return dommages


def _verifie_maillon(dossier: str, maillon: dict[str, Any], precedent: dict[str, Any] | None) -> list[Dommage]:
    nom, ou = maillon["semaine"], f"{maillon['semaine']}/{SCEAU}"
    try:
        sceau = lis_sceau(os.path.join(dossier, nom))
    except Illisible as erreur:
        return [_dommage("sceau", ou, str(erreur))]
    avant = f"celui de {precedent['semaine']}" if precedent else "« aucun » : c'est le premier du journal"
    juste = [
        (sceau["semaine"] == nom, "paquet_renomme", nom, f"dossier renommé, son sceau dit {sceau['semaine']}"),
        (all(sceau[c] == maillon[c] for c in ("sceau", "contenu")), "journal", ou, f"n'est pas celui de {JOURNAL}"),
        (sceau["precedent"] == (precedent["sceau"] if precedent else None), "chaine", ou,
         f"chaîne rompue, le sceau précédent qu'il annonce n'est pas {avant}"),
    ]  # fmt: skip
    return [_dommage(*reste) for vrai, *reste in juste if not vrai]


def _lis_journal(dossier: str) -> tuple[list[Dommage], list[dict[str, Any]]]:
    """What is wrong in its lines; those that publish, each with ``retire``."""
    dommages: list[Dommage] = []
    publies: dict[str, dict[str, Any]] = {}
    dernier: tuple[str, list[int]] = ("", [])
    try:
        lignes = _lis(dossier, JOURNAL, "journal", LISTE).split(b"\n")
    except Illisible as erreur:
        return [erreur.dommage], []
    for numero, ligne in enumerate(lignes[: None if lignes[-1] else -1], 1):
        ou = f"{JOURNAL}, ligne {numero}"
        try:
            m = _objet(ligne[:PETIT], ou, "journal", CHAMPS_JOURNAL)
        except Illisible as erreur:
            dommages.append(erreur.dommage)
            continue
        trouve = SEMAINE.fullmatch(m["semaine"])
        rang = [int(x or 1) for x in trouve.groups()] if trouve else []
        if m["quand"] < dernier[0] or (m["evenement"] == "publie" and rang <= dernier[1]):
            dommages.append(_dommage("ordre", ou, f"{m['semaine']} n'est pas à sa place, ordre bouleversé"))
        if m["evenement"] == "publie":
            publies[m["semaine"]], dernier = {**m, "retire": False}, (m["quand"], rang)
        elif m["evenement"] == "retire" and publies.get(m["semaine"], m)["sceau"] == m["sceau"]:
            publies.setdefault(m["semaine"], m)["retire"] = True
        else:
            dommages.append(_dommage("journal", ou, "événement inconnu, ou d'un autre sceau"))
    return dommages, list(publies.values())


def main(arguments: list[str]) -> int:
    """``python verifie.py [DOSSIER]``."""
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        print(__doc__)
        return 2
    dossier = arguments[0] if arguments else os.path.dirname(os.path.abspath(__file__))
    dommages = verifie(dossier, a_l_ecran if sys.stderr.isatty() else None)
    for dommage in dommages:
        print(dommage.message, file=sys.stderr)
    print(f"Instantané abîmé : {len(dommages)} défaut(s)." if dommages else "Instantané intact, octet pour octet.")
    return 1 if dommages else 0


def a_l_ecran(lus: int, total: int) -> None:
    """Progress, rewritten on one line."""
    fin = "\n" if lus == total else ""
    print(f"\r  {100 * lus // total:3d} %, {total >> 20} Mio", end=fin, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
