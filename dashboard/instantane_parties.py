"""The parts of a snapshot that are drawn from its data: add a function to ``PARTIES`` and it is in the package.

A part takes the context and the folder being built, in which ``donnees`` is complete, and writes its files there.
What it writes is sealed with the rest; it never changes the content digest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dashboard.exports.bulletin_partie import ecris_bulletin
from dashboard.exports.instantane_contexte import Contexte


@dataclass(frozen=True)
class Partie:
    """One part: its name for the progress, and what makes it."""

    nom: str
    fais: Callable[[Contexte, Path], None]


PARTIES: tuple[Partie, ...] = (Partie("bulletin", ecris_bulletin),)
