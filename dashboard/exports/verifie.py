"""Vérifie un instantané de Boussole : python verifie.py [DOSSIER]. Aucune installation, aucun réseau.

Dossier d'un instantané (MANIFEST.sha256, SEAL.json) : chaque octet, le sceau, puis sa place dans la chaîne quand le
journal est à côté. Dossier des instantanés (journal.jsonl) : tous, la chaîne, le journal et « current ».
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
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    Progres = Callable[[int, int], None]

MANIFESTE, SCEAU, JOURNAL, COURANT = "MANIFEST.sha256", "SEAL.json", "journal.jsonl", "current"
HORS_MANIFESTE = (MANIFESTE, SCEAU)
CHAMPS_SCEAU = ("semaine", "audience", "manifeste", "contenu", "precedent", "sceau")
CHAMPS_JOURNAL = ("semaine", "quand", "evenement", "sceau", "contenu", "motif")
CANONIQUES = re.compile(
    r"donnees/(?:observations/[^/]+|resultats|etats|objectifs|indicateurs|territoires|appartenances|passages"
    r"|politiques|programmes|apports)\.csv"
)
SEMAINE = re.compile(r"(\d{4})-W(\d{2})(?:\.r([1-9]\d{0,3}))?", re.ASCII)
SOMME = re.compile(r"[0-9a-f]{64}", re.ASCII)
TAMPON = 1 << 20
PETIT, LIGNE, LISTE = 1 << 16, 1 << 14, 1 << 26
"""Largest SEAL.json, line and list that are read: a package of ours is far below."""


class Dommage(NamedTuple):
    """One thing that is wrong: its kind, the file, and the sentence for a person."""

    genre: str
    fichier: str
    message: str


class Illisible(ValueError):
    """A file that is not what it should be; the message is the damage."""


def verifie(dossier: str, progres: Progres | None = None) -> list[Dommage]:
    """Everything that is wrong in a package and the chain beside it, or in a folder of packages. Writes nothing.

    ``progres`` is told the bytes read and the bytes to read of the package at work.
    """
    dossier = os.path.abspath(dossier)
    if any(os.path.lexists(os.path.join(dossier, nom)) for nom in HORS_MANIFESTE):
        parent = os.path.dirname(dossier)
        ensemble = os.path.lexists(os.path.join(parent, JOURNAL))
        return verifie_paquet(dossier, progres) + (verifie_chaine(parent) if ensemble else [])
    if not os.path.lexists(os.path.join(dossier, JOURNAL)):
        return [Dommage("dossier", "", f"{dossier} : ni {SCEAU} ni {JOURNAL}, ce n'est pas un instantané.")]
    dommages = verifie_chaine(dossier)
    for nom in sorted(n for n in os.listdir(dossier) if SEMAINE.fullmatch(n)):
        siens = verifie_paquet(os.path.join(dossier, nom), progres)
        dommages += [Dommage(d.genre, f"{nom}/{d.fichier}", f"{nom}/{d.message}") for d in siens]
    return dommages


# ------------------------------------------------------------------------------------------ one package


def verifie_paquet(dossier: str, progres: Progres | None = None) -> list[Dommage]:
    """Every byte of one package against its manifest, its manifest against its seal, its seal against itself."""
    presents, dommages = _inventaire(dossier)
    try:
        brut = _lis(dossier, MANIFESTE, LISTE)
        attendus = _lis_manifeste(brut)
    except Illisible as erreur:
        return [*dommages, Dommage("manifeste", MANIFESTE, str(erreur))]
    dommages += _verifie_sceau(dossier, brut, attendus)
    for nom in HORS_MANIFESTE:
        presents.pop(nom, None)
    absents = {c: s for c, s in attendus.items() if c not in presents}
    en_trop = {c: t for c, t in presents.items() if c not in attendus}
    lus = {c: t for c, t in presents.items() if c in attendus or absents}
    sommes = _sommes(dossier, lus, progres)
    for chemin, somme in sorted(sommes.items()):
        if somme is None:
            dommages.append(Dommage("illisible", chemin, f"{chemin} : fichier illisible (droits ou disque)."))
        elif chemin in attendus and somme != attendus[chemin]:
            dommages.append(
                Dommage("modifie", chemin, f"{chemin} : contenu modifié (empreinte {somme[:12]}…, scellée "
                        f"{attendus[chemin][:12]}…).")
            )  # fmt: skip
    return dommages + _deplaces(absents, en_trop, sommes)


def empreintes(dossier: str, progres: Progres | None = None) -> dict[str, str]:
    """sha256 of every file of a folder, by path; a file that cannot be read is an ``OSError``."""
    presents, dommages = _inventaire(dossier)
    sommes = _sommes(dossier, presents, progres)
    mauvais = [d.message for d in dommages] + [f"{c} : illisible." for c, s in sommes.items() if s is None]
    if mauvais:
        raise OSError(mauvais[0])
    return {c: s for c, s in sommes.items() if s is not None}


def _deplaces(absents: dict[str, str], en_trop: dict[str, int], sommes: dict[str, str | None]) -> list[Dommage]:
    """Missing files, extra files, and those that are one and the other: renamed."""
    dommages, restes = [], dict(en_trop)
    for chemin, somme in sorted(absents.items()):
        autre = next((c for c in sorted(restes) if sommes.get(c) == somme), None)
        if autre is None:
            dommages.append(Dommage("absent", chemin, f"{chemin} : fichier absent."))
        else:
            del restes[autre]
            dommages.append(Dommage("renomme", chemin, f"{chemin} : fichier renommé en {autre}."))
    return dommages + [Dommage("en_trop", c, f"{c} : fichier en trop, absent du manifeste.") for c in sorted(restes)]


def _inventaire(dossier: str) -> tuple[dict[str, int], list[Dommage]]:
    """Size of every regular file by its path; links and special files are damages and are never opened."""
    presents, dommages, a_lire = {}, [], [""]
    while a_lire:
        sous = a_lire.pop()
        try:
            entrees = list(os.scandir(os.path.join(dossier, *sous.split("/"))))
        except OSError as erreur:
            raise SystemExit(f"{dossier}/{sous} : dossier illisible ({erreur.strerror}).") from None
        for entree in entrees:
            chemin = f"{sous}/{entree.name}" if sous else entree.name
            if not _nom_sur(chemin):
                dommages.append(Dommage("nom", _dit(chemin), f"{_dit(chemin)} : nom de fichier interdit."))
            elif entree.is_symlink():
                dommages.append(Dommage("lien", chemin, f"{chemin} : lien symbolique, interdit dans un instantané."))
            elif entree.is_dir(follow_symlinks=False):
                a_lire.append(chemin)
            elif entree.is_file(follow_symlinks=False):
                presents[chemin] = entree.stat(follow_symlinks=False).st_size
            else:
                dommages.append(Dommage("special", chemin, f"{chemin} : ni fichier ni dossier."))
    return presents, dommages


def _nom_sur(chemin: str) -> bool:
    """A relative path that stays below its folder, on any system, and fits one line."""
    if (
        not chemin
        or len(chemin) > 1024
        or "\\" in chemin
        or any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in chemin)
    ):
        return False
    return not any(morceau in ("", ".", "..") for morceau in chemin.split("/"))


def _dit(texte: str) -> str:
    """A text that is not ours, safe for a terminal."""
    return "".join(c if c.isprintable() else "�" for c in texte[:200])


def _lis(dossier: str, nom: str, limite: int) -> bytes:
    """A small file, never through a link."""
    chemin = os.path.join(dossier, nom)
    try:
        if not stat.S_ISREG(os.lstat(chemin).st_mode):
            raise Illisible(f"{nom} : ni lien ni dossier ne sont admis à sa place.")
        with open(chemin, "rb") as fichier:
            octets = fichier.read(limite + 1)
    except FileNotFoundError:
        raise Illisible(f"{nom} : fichier absent.") from None
    except OSError as erreur:
        raise Illisible(f"{nom} : illisible ({erreur.strerror}).") from None
    if len(octets) > limite:
        raise Illisible(f"{nom} : trop long ({limite} octets au plus).")
    return octets


def _lis_manifeste(octets: bytes) -> dict[str, str]:
    """sha256 by path. The lines must be sorted, each path once and safe."""
    attendus: dict[str, str] = {}
    precedent = ""
    for numero, ligne in enumerate(octets.split(b"\n")[:-1] if octets.endswith(b"\n") else [b""], 1):
        try:
            texte = ligne.decode("utf-8")
        except UnicodeDecodeError:
            texte = ""
        somme, chemin = texte[:64], texte[66:]
        if not SOMME.fullmatch(somme) or texte[64:66] != "  " or not _nom_sur(chemin) or chemin in HORS_MANIFESTE:
            raise Illisible(f"{MANIFESTE}, ligne {numero} : illisible ou chemin interdit.")
        if chemin <= precedent:
            raise Illisible(f"{MANIFESTE}, ligne {numero} : ordre bouleversé ou fichier cité deux fois.")
        attendus[chemin], precedent = somme, chemin
    return attendus


def _verifie_sceau(dossier: str, manifeste: bytes, attendus: dict[str, str]) -> list[Dommage]:
    try:
        sceau = lis_sceau(dossier)
    except Illisible as erreur:
        return [Dommage("sceau", SCEAU, str(erreur))]
    dommages = []
    if calcule_sceau(sceau) != sceau["sceau"]:
        dommages.append(Dommage("sceau", SCEAU, f"{SCEAU} : modifié, le sceau n'est pas celui de ce qu'il annonce."))
    if hashlib.sha256(manifeste).hexdigest() != sceau["manifeste"]:
        dommages.append(Dommage("manifeste", MANIFESTE, f"{MANIFESTE} : modifié, ce n'est pas celui qui est scellé."))
    canoniques = "".join(f"{s}  {c}\n" for c, s in sorted(attendus.items()) if CANONIQUES.fullmatch(c))
    if hashlib.sha256(canoniques.encode("utf-8")).hexdigest() != sceau["contenu"]:
        dommages.append(Dommage("contenu", SCEAU, f"{SCEAU} : l'empreinte du contenu n'est pas celle des tables."))
    return dommages


def lis_sceau(dossier: str) -> dict[str, Any]:
    """The fields of SEAL.json, each of its type. Raises :class:`Illisible`."""
    champs = _objet(_lis(dossier, SCEAU, PETIT), SCEAU, CHAMPS_SCEAU)
    if champs["audience"] not in ("public", "interne") or not all(
        (champs[c] is None and c == "precedent") or SOMME.fullmatch(str(champs[c]))
        for c in ("manifeste", "contenu", "precedent", "sceau")
    ):
        raise Illisible(f"{SCEAU} : champ mal formé.")
    return champs


def calcule_sceau(champs: dict[str, Any]) -> str:
    """The seal of these fields: sha256 of their canonical JSON, without the seal itself."""
    autres = {c: champs[c] for c in CHAMPS_SCEAU if c != "sceau"}
    texte = json.dumps(autres, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(texte.encode("utf-8")).hexdigest()


def _objet(octets: bytes, ou: str, champs: tuple[str, ...]) -> dict[str, Any]:
    """A flat JSON object with exactly these fields, each a text (or null for ``precedent``)."""
    try:
        paires = json.loads(octets.decode("utf-8"), object_pairs_hook=list)
        lu = dict(paires)
        textes = all(isinstance(v, str) or (v is None and c == "precedent") for c, v in lu.items())
        complet = isinstance(paires, list) and len(paires) == len(champs) and set(lu) == set(champs)
    except (ValueError, TypeError, RecursionError):
        complet = textes = False
    if not complet or not textes or not SEMAINE.fullmatch(lu["semaine"]):
        raise Illisible(f"{ou} : ce n'est pas le JSON attendu ({', '.join(champs)}).")
    return lu


def _sommes(dossier: str, tailles: dict[str, int], progres: Progres | None) -> dict[str, str | None]:
    """sha256 of each file, several at once (hashing lets go of the interpreter); None when it cannot be read."""
    total, verrou, fait = sum(tailles.values()), threading.Lock(), [0]
    local = threading.local()

    def somme(chemin: str) -> str | None:
        tampon = getattr(local, "tampon", None)
        if tampon is None:
            tampon = local.tampon = memoryview(bytearray(TAMPON))
        empreinte = hashlib.sha256()
        try:
            ouvert = os.open(os.path.join(dossier, *chemin.split("/")), os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
                             | getattr(os, "O_BINARY", 0))  # fmt: skip
            with open(ouvert, "rb", buffering=0) as fichier:
                while True:
                    n = fichier.readinto(tampon)
                    if not n:
                        break
                    empreinte.update(tampon[:n])
                    if progres and total:
                        with verrou:
                            fait[0] += n
                            progres(fait[0], total)
        except OSError:
            return None
        return empreinte.hexdigest()

    chemins = sorted(tailles, key=lambda c: -tailles[c])  # the longest first: none is left alone at the end
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as equipe:
        return dict(zip(chemins, equipe.map(somme, chemins), strict=True))


# ------------------------------------------------------------------------------------------- the chain


def verifie_chaine(dossier: str) -> list[Dommage]:
    """The journal of a folder against the seals of its packages, their order, their links, and ``current``."""
    dommages, publies = _lis_journal(dossier)
    presents = {n for n in os.listdir(dossier) if SEMAINE.fullmatch(n)}
    connus = {m["semaine"] for m in publies if not m["retire"]}
    dommages += [Dommage("hors_journal", n, f"{n} : paquet absent de {JOURNAL}.") for n in sorted(presents - connus)]
    precedent = None
    for maillon in publies:
        nom = maillon["semaine"]
        if nom in presents and not maillon["retire"]:
            dommages += _verifie_maillon(dossier, maillon, precedent)
        elif not maillon["retire"]:
            dommages.append(Dommage("paquet_absent", nom, f"{nom} : annoncé par {JOURNAL}, absent du dossier."))
        precedent = maillon
    restes = [m["semaine"] for m in publies if not m["retire"]]
    return dommages + (_verifie_courant(dossier, restes[-1]) if restes else [])


def _verifie_maillon(dossier: str, maillon: dict[str, Any], precedent: dict[str, Any] | None) -> list[Dommage]:
    nom = maillon["semaine"]
    try:
        sceau = lis_sceau(os.path.join(dossier, nom))
    except Illisible as erreur:
        return [Dommage("sceau", f"{nom}/{SCEAU}", f"{nom}/{erreur}")]
    ou, dommages = f"{nom}/{SCEAU}", []
    if sceau["semaine"] != nom:
        dommages.append(Dommage("nom_paquet", ou, f"{nom} : dossier renommé, son sceau dit {_dit(sceau['semaine'])}."))
    if (sceau["sceau"], sceau["contenu"]) != (maillon["sceau"], maillon["contenu"]):
        dommages.append(Dommage("journal", ou, f"{ou} : ce n'est pas le sceau inscrit dans {JOURNAL}."))
    if sceau["precedent"] != (precedent["sceau"] if precedent else None):
        avant = f"le sceau de {precedent['semaine']}" if precedent else "aucun, c'est le premier du journal"
        dommages.append(Dommage("chaine", ou, f"{ou} : chaîne rompue, le sceau précédent annoncé n'est pas {avant}."))
    return dommages


def _lis_journal(dossier: str) -> tuple[list[Dommage], list[dict[str, Any]]]:
    """Its lines that publish, each with ``retire``; what is wrong in the lines themselves."""
    dommages: list[Dommage] = []
    publies: dict[str, dict[str, Any]] = {}
    try:
        lignes = _lis(dossier, JOURNAL, LISTE).split(b"\n")
    except Illisible as erreur:
        return [Dommage("journal", JOURNAL, str(erreur))], []
    dernier: tuple[str, tuple[int, ...]] = ("", ())
    for numero, ligne in enumerate(lignes[:-1] if not lignes[-1] else lignes, 1):
        ou = f"{JOURNAL}, ligne {numero}"
        try:
            m = _objet(ligne[:LIGNE], ou, CHAMPS_JOURNAL)
        except Illisible as erreur:
            dommages.append(Dommage("journal", JOURNAL, str(erreur)))
            continue
        nom, quand, rang = m["semaine"], m["quand"], _rang(m["semaine"])
        if quand < dernier[0] or (m["evenement"] == "publie" and rang <= dernier[1]):
            dommages.append(Dommage("ordre", JOURNAL, f"{ou} : {nom} n'est pas à sa place, ordre bouleversé."))
        if m["evenement"] == "publie":
            publies[nom] = {**m, "retire": False}
            dernier = (quand, rang)
        elif m["evenement"] == "retire" and publies.get(nom, {}).get("sceau") == m["sceau"]:
            publies[nom]["retire"] = True
        else:
            dommages.append(Dommage("journal", JOURNAL, f"{ou} : événement inconnu ou paquet jamais publié."))
    return dommages, list(publies.values())


def _rang(semaine: str) -> tuple[int, ...]:
    trouve = SEMAINE.fullmatch(semaine)
    return tuple(int(x or 1) for x in trouve.groups()) if trouve else ()


def _verifie_courant(dossier: str, dernier: str) -> list[Dommage]:
    try:
        nom = _lis(dossier, COURANT, PETIT).decode("utf-8", "replace").strip()
    except Illisible as erreur:
        return [Dommage("current", COURANT, str(erreur))]
    if nom == dernier:
        return []
    return [Dommage("current", COURANT, f"{COURANT} : désigne {_dit(nom)}, le dernier paquet est {dernier}.")]


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
