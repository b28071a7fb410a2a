"""The verifier, alone: each kind of damage is found and says its own sentence. Packages here are invented."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.domain.instantane import Maillon, Sceau, Semaine, empreinte_contenu, manifeste
from dashboard.exports import verifie

FICHIERS = {
    "donnees/observations/a.csv": b"indicateur\na\n", "donnees/indicateurs.csv": b"id\na\n", "rapport.pdf": b"%PDF",
    "site/index.html": b"<p>", "vide.txt": b"",
}  # fmt: skip
NOMS = ("2026-W46", "2026-W47", "2026-W48")


def paquet(dossier: Path, nom: str, precedent: str | None) -> Sceau:
    """One package, sealed by the domain: two implementations of the seal must agree."""
    for chemin, octets in FICHIERS.items():
        (dossier / nom / chemin).parent.mkdir(parents=True, exist_ok=True)
        (dossier / nom / chemin).write_bytes(octets + nom.encode() if octets else b"")
    sommes = {c: hashlib.sha256((dossier / nom / c).read_bytes()).hexdigest() for c in FICHIERS}
    octets = manifeste(sommes)
    (dossier / nom / "MANIFEST.sha256").write_bytes(octets)
    somme = hashlib.sha256(octets).hexdigest()
    sceau = Sceau.scelle(Semaine.lis(nom), "public", somme, empreinte_contenu(sommes), precedent)
    (dossier / nom / "SEAL.json").write_bytes(sceau.en_json())
    return sceau


@pytest.fixture
def dossier(tmp_path: Path) -> Path:
    """Three packages, their journal, ``current``."""
    precedent, lignes = None, b""
    for rang, nom in enumerate(NOMS):
        sceau = paquet(tmp_path, nom, precedent)
        precedent = sceau.sceau
        lignes += Maillon(nom, f"2026-11-{9 + 7 * rang:02d}T04:00:00Z", "publie", sceau.sceau, sceau.contenu).en_ligne()
    (tmp_path / "journal.jsonl").write_bytes(lignes)
    (tmp_path / "current").write_text("2026-W48\n")
    return tmp_path


def test_what_was_sealed_is_intact(dossier: Path) -> None:
    assert verifie.verifie(str(dossier)) == []
    assert verifie.verifie(str(dossier / "2026-W47")) == []
    assert verifie.main([str(dossier / "2026-W48")]) == 0


def test_a_package_alone_is_verified_without_its_journal(
    dossier: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ailleurs = shutil.copytree(dossier / "2026-W48", tmp_path_factory.mktemp("recu") / "paquet")
    assert verifie.verifie(str(ailleurs)) == []


def _bit(fichier: Path) -> None:
    octets = bytearray(fichier.read_bytes())
    octets[len(octets) // 2] ^= 1
    fichier.write_bytes(octets)


def _json(fichier: Path, **champs: object) -> None:
    fichier.write_text(json.dumps({**json.loads(fichier.read_text()), **champs}))


def _lignes(dossier: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    journal = dossier / "journal.jsonl"
    journal.write_bytes(b"".join(change(journal.read_bytes().splitlines(keepends=True))))


def _rescelle(dossier: Path) -> None:
    """A forged week 47 whose own files are coherent: only the chain gives it away."""
    sceau = paquet(dossier, "2026-W47", "0" * 64)
    journal = [json.loads(x) for x in (dossier / "journal.jsonl").read_bytes().splitlines()]
    journal[1] |= {"sceau": sceau.sceau, "contenu": sceau.contenu}
    (dossier / "journal.jsonl").write_text("".join(json.dumps(x) + "\n" for x in journal))


P = "2026-W47"
MUTATIONS: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "a flipped bit": (lambda d: _bit(d / P / "rapport.pdf"), "modifie", "2026-W47/rapport.pdf : contenu modifié"),
    "a bit flipped in a table": (lambda d: _bit(d / P / "donnees/indicateurs.csv"), "modifie", "s.csv : contenu"),
    "a file cut short": (lambda d: os.truncate(d / P / "rapport.pdf", 2), "modifie", "rapport.pdf : contenu modifié"),
    "a missing file": (lambda d: (d / P / "site/index.html").unlink(), "absent", "site/index.html : fichier absent"),
    "a missing empty file": (lambda d: (d / P / "vide.txt").unlink(), "absent", "vide.txt : fichier absent"),
    "an extra file": (lambda d: (d / P / "intrus.txt").write_text("x"), "en_trop", "intrus.txt : fichier en trop"),
    "an extra hidden file": (lambda d: (d / P / ".x").write_text(""), "en_trop", ".x : fichier en trop"),
    "a renamed file": (
        lambda d: (d / P / "rapport.pdf").rename(d / P / "autre.pdf"), "renomme",
        "rapport.pdf : fichier renommé en autre.pdf",
    ),
    "a link": (lambda d: (d / P / "lien").symlink_to("/etc/passwd"), "lien", "lien : lien symbolique"),
    "a file made a link": (
        lambda d: ((d / P / "vide.txt").unlink(), (d / P / "vide.txt").symlink_to("/dev/null")), "lien",
        "vide.txt : lien symbolique",
    ),
    "a pipe": (lambda d: os.mkfifo(d / P / "tube"), "special", "tube : ni fichier ni dossier"),
    "a manifest changed": (lambda d: _bit(d / P / "MANIFEST.sha256"), "manifeste", "MANIFEST.sha256"),
    "a manifest gone": (lambda d: (d / P / "MANIFEST.sha256").unlink(), "manifeste", "sha256 : fichier absent"),
    "a manifest emptied": (lambda d: (d / P / "MANIFEST.sha256").write_text(""), "manifeste", "ligne 1 : illisible"),
    "a seal gone": (lambda d: (d / P / "SEAL.json").unlink(), "sceau", "SEAL.json : fichier absent"),
    "a seal of another week": (
        lambda d: _json(d / P / "SEAL.json", semaine="2026-W40"), "sceau", "ce n'est pas le sceau de ce qu'il annonce",
    ),
    "a seal not JSON": (lambda d: (d / P / "SEAL.json").write_text("{"), "sceau", "ce n'est pas le JSON attendu"),
    "a deep seal": (lambda d: (d / P / "SEAL.json").write_text("[" * 60_000), "sceau", "ce n'est pas le JSON attendu"),
    "a huge seal": (lambda d: (d / P / "SEAL.json").write_text(" " * 70_000), "sceau", "trop long"),
    "a content digest of something else": (
        lambda d: _json(d / P / "SEAL.json", contenu="0" * 64), "contenu", "l'empreinte n'est pas celle des tables",
    ),
    "a broken chain": (_rescelle, "chaine", "2026-W47/SEAL.json : chaîne rompue"),
    "a package swapped for another": (
        lambda d: (shutil.rmtree(d / P), shutil.copytree(d / "2026-W46", d / P)), "paquet_renomme", "dossier renommé",
    ),
    "a log in another order": (lambda d: _lignes(d, lambda x: [x[0], x[2], x[1]]), "ordre", "ordre bouleversé"),
    "a log line twice": (lambda d: _lignes(d, lambda x: [*x, x[-1]]), "ordre", "ordre bouleversé"),
    "a log line gone": (lambda d: _lignes(d, lambda x: [x[0], x[2]]), "hors_journal", "2026-W47 : paquet absent de"),
    "a log line torn": (lambda d: _lignes(d, lambda x: [*x[:2], x[2][:40]]), "journal", "ligne 3 : ce n'est pas"),
    "a log line not JSON": (lambda d: _lignes(d, lambda x: [*x, b"\xff\n"]), "journal", "ligne 4"),
    "a log seal changed": (
        lambda d: _lignes(d, lambda x: [x[0].replace(b'"sceau": "', b'"sceau": "f'), *x[1:]]), "journal",
        "n'est pas celui de journal.jsonl",
    ),
    "a log gone, current alone": (lambda d: (d / P).rename(d / "ailleurs"), "paquet_absent", "2026-W47 : annoncé par"),
    "a wrong current": (lambda d: (d / "current").write_text("2026-W46"), "current", "current : désigne '2026-W46'"),
    "a current that climbs": (lambda d: (d / "current").write_text("../../etc"), "current", "current : désigne"),
    "a current gone": (lambda d: (d / "current").unlink(), "current", "current : fichier absent"),
}  # fmt: skip


@pytest.mark.parametrize("nom", MUTATIONS)
def test_each_damage_is_found_and_says_its_own_sentence(dossier: Path, nom: str) -> None:
    abime, genre, phrase = MUTATIONS[nom]
    abime(dossier)
    trouves = verifie.verifie(str(dossier))
    assert genre in [d.genre for d in trouves]
    assert any(phrase in d.message for d in trouves if d.genre == genre), [d.message for d in trouves]
    assert verifie.main([str(dossier)]) == 1


@pytest.mark.parametrize("chemin", ["../../etc/passwd", "/etc/passwd", "a/../b", "a//b", "a\\b", "SEAL.json", "a\x07"])
def test_a_path_of_the_manifest_never_leaves_its_folder(dossier: Path, chemin: str) -> None:
    somme = hashlib.sha256(b"").hexdigest()
    (dossier / P / "MANIFEST.sha256").write_bytes(f"{somme}  {chemin}\n".encode())
    assert "illisible ou chemin interdit" in verifie.verifie_paquet(str(dossier / P))[0].message


def test_every_flipped_bit_of_a_package_is_found(dossier: Path) -> None:
    for fichier in sorted(f for f in (dossier / P).rglob("*") if f.is_file() and f.stat().st_size):
        octets = fichier.read_bytes()
        for position in range(0, len(octets), max(1, len(octets) // 40)):
            fichier.write_bytes(octets[:position] + bytes([octets[position] ^ 4]) + octets[position + 1 :])
            assert verifie.verifie_paquet(str(dossier / P)) or verifie.verifie_chaine(str(dossier)), (fichier, position)
        fichier.write_bytes(octets)
    assert verifie.verifie(str(dossier)) == []


def test_a_name_that_is_not_ours_never_reaches_the_terminal_raw(dossier: Path) -> None:
    (dossier / P / "\x1b[2Jx").write_text("x")
    assert all("\x1b" not in d.message for d in verifie.verifie(str(dossier)))


def test_a_removed_package_leaves_its_line_and_the_chain_holds(dossier: Path) -> None:
    shutil.rmtree(dossier / "2026-W46")
    ligne = json.loads((dossier / "journal.jsonl").read_bytes().splitlines()[0])
    retrait = Maillon(**{**ligne, "evenement": "retire", "quand": "2026-11-24T00:00:00Z", "motif": "place"})
    with (dossier / "journal.jsonl").open("ab") as journal:
        journal.write(retrait.en_ligne())
    assert verifie.verifie(str(dossier)) == []


def test_progress_ends_at_the_whole(dossier: Path) -> None:
    vus: list[tuple[int, int]] = []
    verifie.verifie_paquet(str(dossier / P), lambda lus, total: vus.append((lus, total)))
    assert vus[-1][0] == vus[-1][1] > 0


def test_the_script_runs_alone_with_nothing_installed(dossier: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    seul = tmp_path_factory.mktemp("seul")
    script = shutil.copy(verifie.__file__, seul / "verifie.py")
    commande = [sys.executable, "-I", "-S", str(script), str(dossier / P)]
    fait = subprocess.run(commande, capture_output=True, text=True, check=False, cwd=seul)
    assert (fait.returncode, fait.stdout.strip(), fait.stderr) == (0, "Instantané intact, octet pour octet.", "")
    _bit(dossier / P / "rapport.pdf")
    fait = subprocess.run(commande, capture_output=True, text=True, check=False, cwd=seul)
    assert fait.returncode == 1
    assert "rapport.pdf : contenu modifié" in fait.stderr


def test_a_folder_that_is_no_snapshot_says_so(tmp_path: Path) -> None:
    assert "ce n'est pas un instantané" in verifie.verifie(str(tmp_path))[0].message
