"""Mailles (territorial levels) and typed territory codes such as ``DEP-21`` or ``COM-2A004``."""

import re
from enum import StrEnum
from typing import NamedTuple


class CodeInconnu(ValueError):
    """A text that is not a territory code; the message names it and says what is expected."""


class _Description(NamedTuple):
    prefixe: str
    libelle: str
    pluriel: str
    motif: str
    exemple: str


class Maille(StrEnum):
    """The four levels, from the widest to the finest."""

    REGION = "region"
    DEPARTEMENT = "departement"
    EPCI = "epci"
    COMMUNE = "commune"

    @property
    def prefixe(self) -> str:
        """Prefix of its codes: REG, DEP, EPCI or COM."""
        return _DESCRIPTIONS[self].prefixe

    @property
    def libelle(self) -> str:
        """Name shown to people, singular, with its capital letter."""
        return _DESCRIPTIONS[self].libelle

    @property
    def pluriel(self) -> str:
        """Name shown to people inside a sentence, plural."""
        return _DESCRIPTIONS[self].pluriel

    @property
    def rang(self) -> int:
        """0 for the région, 3 for the commune."""
        return list(Maille).index(self)


_DESCRIPTIONS = {
    Maille.REGION: _Description("REG", "Région", "régions", r"\d{2}", "REG-11"),
    Maille.DEPARTEMENT: _Description("DEP", "Département", "départements", r"(?:\d{2}|2[AB]|97\d)", "DEP-21"),
    Maille.EPCI: _Description("EPCI", "EPCI", "EPCI", r"\d{9}", "EPCI-242100410"),
    Maille.COMMUNE: _Description("COM", "Commune", "communes", r"(?:\d{5}|2[AB]\d{3})", "COM-21231"),
}
_MOTIFS = {maille: re.compile(f"{d.prefixe}-{d.motif}", re.ASCII) for maille, d in _DESCRIPTIONS.items()}
_PAR_PREFIXE = {d.prefixe: maille for maille, d in _DESCRIPTIONS.items()}


def est_code(texte: str) -> bool:
    """Is this a well-formed typed code? (It may still be unknown to the referential.)"""
    maille = _PAR_PREFIXE.get(texte.partition("-")[0])
    return maille is not None and _MOTIFS[maille].fullmatch(texte) is not None


def maille_de(code: str) -> Maille:
    """Level of a typed code, read from its prefix. Raises ``CodeInconnu`` on anything else."""
    if not est_code(code):
        exemples = ", ".join(d.exemple for d in _DESCRIPTIONS.values())
        raise CodeInconnu(f"Code de territoire inconnu : « {code} ». Formes admises : {exemples}.")
    return _PAR_PREFIXE[code.partition("-")[0]]


def code_territoire(maille: Maille, numero: str) -> str:
    """Typed code from an official number: (COMMUNE, "21231") -> "COM-21231". Raises ``CodeInconnu``."""
    code = f"{maille.prefixe}-{numero}"
    maille_de(code)
    return code


def numero(code: str) -> str:
    """Official number of a typed code: "COM-21231" -> "21231". Raises ``CodeInconnu``."""
    maille_de(code)
    return code.partition("-")[2]
