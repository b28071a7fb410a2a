"""The weekly snapshot: its week, its seal, its chain, the fingerprint of what it holds. Pure, no file is touched.

A package is named by the ISO week of Paris in which it was made, « 2026-W48 »; a correction of the same week is
« 2026-W48.r2 ». The seal covers the manifest, so every byte, and the seal before it: a chain.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.domain.lecteur import PAR_AUDIENCE
from dashboard.domain.periode import PeriodeInconnue

PARIS = ZoneInfo("Europe/Paris")
AUDIENCES = tuple(PAR_AUDIENCE)
MANIFESTE, SCEAU, JOURNAL, COURANT = "MANIFEST.sha256", "SEAL.json", "journal.jsonl", "current"
PUBLIE, RETIRE = "publie", "retire"
OBSERVATIONS = "donnees/observations/"
CANONIQUES = frozenset(
    f"donnees/{nom}.csv"
    for nom in (
        "resultats", "etats", "objectifs", "indicateurs", "territoires", "appartenances", "passages", "politiques",
        "programmes", "apports",
    )
)  # fmt: skip
"""With the observations, the files whose bytes are the content: no time of making, no lot, no drawing."""
_FORME = re.compile(r"(\d{4})-W(\d{2})(?:\.r([1-9]\d{0,3}))?", re.ASCII)


class SemaineInconnue(PeriodeInconnue):
    """A text that names no week; the message says what is expected."""


@dataclass(frozen=True, order=True)
class Semaine:
    """An ISO week and its revision, 1 for the first package of the week. Sorted as they are published."""

    annee: int
    numero: int
    revision: int = 1

    def __post_init__(self) -> None:
        date.fromisocalendar(self.annee, self.numero, 1)

    @classmethod
    def lis(cls, texte: str) -> Semaine:
        """From « 2026-W48 » or « 2026-W48.r2 ». Raises :class:`SemaineInconnue`."""
        trouve = _FORME.fullmatch(texte)
        try:
            if trouve is None or trouve[3] == "1":
                raise ValueError
            return cls(int(trouve[1]), int(trouve[2]), int(trouve[3] or 1))
        except ValueError:
            raise SemaineInconnue(
                f"Semaine inconnue : « {texte[:40]} ». Formes admises : 2026-W48, 2026-W48.r2."
            ) from None

    @classmethod
    def de(cls, instant: datetime) -> Semaine:
        """The week of an instant that knows its zone, as it is in Paris (ValueError without a zone)."""
        if instant.tzinfo is None:
            raise ValueError(f"Instant sans fuseau : {instant.isoformat()}. Donner un instant en UTC.")
        return cls(*instant.astimezone(PARIS).isocalendar()[:2])

    @property
    def iso(self) -> str:
        """The week alone."""
        return f"{self.annee:04d}-W{self.numero:02d}"

    @property
    def lundi(self) -> date:
        """Its first day: the date d'arrêté of its packages."""
        return date.fromisocalendar(self.annee, self.numero, 1)

    @property
    def premiere(self) -> Semaine:
        """The same week without any revision."""
        return replace(self, revision=1)

    @property
    def suivante(self) -> Semaine:
        """The week after."""
        return Semaine(*(self.lundi + timedelta(days=7)).isocalendar()[:2])

    def __str__(self) -> str:
        return self.iso if self.revision == 1 else f"{self.iso}.r{self.revision}"


def semaines_entre(premiere: Semaine, derniere: Semaine) -> list[Semaine]:
    """Every week from one to the other, both included; none when they are reversed."""
    jours = (derniere.lundi - premiere.lundi).days
    lundis = (premiere.lundi + timedelta(days=n) for n in range(0, jours + 1, 7))
    return [Semaine(*jour.isocalendar()[:2]) for jour in lundis]


def non_produites(publiees: Iterable[Semaine], courante: Semaine) -> list[Semaine]:
    """The weeks over since the first package, for which nothing was made. They are never made afterwards."""
    faites = {s.premiere for s in publiees}
    if not faites:
        return []
    return [s for s in semaines_entre(min(faites), courante.premiere)[:-1] if s not in faites]


def canonique(contenu: Any) -> bytes:
    """The one JSON text of plain data: keys sorted, no space, UTF-8. Raises ``ValueError`` on NaN."""
    texte = json.dumps(contenu, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return texte.encode("utf-8")


def empreinte(contenu: bytes) -> str:
    """sha256, in hexadecimal."""
    return hashlib.sha256(contenu).hexdigest()


def empreinte_courte(longue: str) -> str:
    """What a person compares: « 3f2a 91bc 07de »."""
    return " ".join(longue[i : i + 4] for i in range(0, 12, 4))


def est_canonique(chemin: str) -> bool:
    """Do the bytes of this file belong to the content?"""
    return chemin in CANONIQUES or (chemin.startswith(OBSERVATIONS) and chemin.endswith(".csv"))


def manifeste(empreintes: Mapping[str, str]) -> bytes:
    """The manifest of these files (sha256 by path), as ``sha256sum`` writes and reads it, sorted by path."""
    return "".join(f"{somme}  {chemin}\n" for chemin, somme in sorted(empreintes.items())).encode("utf-8")


def empreinte_contenu(empreintes: Mapping[str, str]) -> str:
    """The digest of the content: the sha256 of the lines of the manifest that are canonical.

    ``empreintes``: sha256 by path, of canonical files and of any others.
    """
    return empreinte(manifeste({c: s for c, s in empreintes.items() if est_canonique(c)}))


def empreintes_tables(datapackage: Mapping[str, Any]) -> dict[str, str]:
    """sha256 of each canonical table by its path, from a ``datapackage.json``: what is equal need not be read."""
    return {
        str(r["path"]): str(r["hash"]).removeprefix("sha256:")
        for r in datapackage["resources"]
        if est_canonique(str(r["path"]))
    }


@dataclass(frozen=True)
class Sceau:
    """The seal of one package. ``manifeste``: sha256 of the manifest. ``precedent``: the seal before it."""

    semaine: str
    audience: str
    manifeste: str
    contenu: str
    precedent: str | None
    sceau: str

    @classmethod
    def scelle(cls, semaine: Semaine, audience: str, manifeste: str, contenu: str, precedent: str | None) -> Sceau:
        """Seals a manifest."""
        champs = {"semaine": str(semaine), "audience": audience, "manifeste": manifeste, "contenu": contenu,
                  "precedent": precedent}  # fmt: skip
        return cls(str(semaine), audience, manifeste, contenu, precedent, empreinte(canonique(champs)))

    @classmethod
    def lis(cls, octets: bytes) -> Sceau:
        """From the bytes of a SEAL.json. Raises ``ValueError``, ``TypeError`` when it is not one."""
        return cls(**json.loads(octets))

    def en_json(self) -> bytes:
        """The bytes of SEAL.json."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2).encode("utf-8") + b"\n"


@dataclass(frozen=True)
class Maillon:
    """One line of the journal of a folder. ``quand``: ISO, UTC. ``motif``: why it was corrected, or removed."""

    semaine: str
    quand: str
    evenement: str
    sceau: str
    contenu: str
    motif: str = ""

    def en_ligne(self) -> bytes:
        """One line of ``journal.jsonl``."""
        return json.dumps(asdict(self), ensure_ascii=False).encode("utf-8") + b"\n"


def lis_journal(octets: bytes) -> list[Maillon]:
    """The lines of a journal, oldest first; an unfinished last line was never written. Raises ``ValueError``."""
    try:
        return [Maillon(**json.loads(ligne)) for ligne in octets[: octets.rfind(b"\n") + 1].splitlines()]
    except (TypeError, ValueError) as erreur:
        raise ValueError(f"journal.jsonl : ligne illisible ({erreur}). Le vérifier avec snapshot verify.") from None


def presents(journal: Iterable[Maillon]) -> dict[Semaine, Maillon]:
    """The packages that a journal says are there, in the order they were published."""
    restes: dict[Semaine, Maillon] = {}
    for maillon in journal:
        semaine = Semaine.lis(maillon.semaine)
        if maillon.evenement == PUBLIE:
            restes[semaine] = maillon
        else:
            restes.pop(semaine, None)
    return restes


def propose_retention(presentes: Sequence[Semaine], hebdomadaires: int = 8, mensuelles: int = 12) -> list[Semaine]:
    """The packages that could be removed: neither of the last weeks, nor the last of a month, nor the last of a year.

    A week belongs to the month of its Thursday, as ISO has it for the year. ``mensuelles``: months whose end is kept.
    Revisions go with their week. Nothing is removed here: a person decides.
    """
    semaines = sorted({s.premiere for s in presentes}, reverse=True)
    gardees = set(semaines[:hebdomadaires])
    par_mois: dict[tuple[int, int], Semaine] = {}
    par_annee: dict[int, Semaine] = {}
    for semaine in semaines:
        jeudi = semaine.lundi + timedelta(days=3)
        par_mois.setdefault((jeudi.year, jeudi.month), semaine)
        par_annee.setdefault(jeudi.year, semaine)
    fins_de_mois = [par_mois[m] for m in sorted(par_mois, reverse=True)[:mensuelles]]
    gardees |= {*fins_de_mois, *par_annee.values()}
    return sorted(s for s in presentes if s.premiere not in gardees)
