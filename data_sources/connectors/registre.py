"""Which connector reads a source. Imported when needed: some bring heavy libraries."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from dashboard.domain.source import Source
from data_sources.connectors import Connecteur


def connecteur(source: Source, fichier: Path | None = None) -> Connecteur:
    """The ``lis`` of the source's kind; a file given by hand is read as a file whatever the source is."""
    genre = "fichier" if fichier else source.connecteur
    lis: Connecteur = import_module(f"data_sources.connectors.{genre}").lis
    return lis
