"""What takes seconds to build and never changes: built by whichever worker of one run comes first, read by all."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def une_fois(dossiers: pytest.TempPathFactory, nom: str, construit: Callable[[Path], object]) -> Path:
    """The folder that ``construit`` fills, once in a run. Read only: copy it to change it."""
    racine = dossiers.getbasetemp()
    racine = racine.parent if os.environ.get("PYTEST_XDIST_WORKER") else racine
    dossier = racine / f"{nom}-partage"
    with (racine / f"{nom}.verrou").open("w") as verrou:
        fcntl.flock(verrou, fcntl.LOCK_EX)
        if not (racine / f"{nom}.fini").exists():
            shutil.rmtree(dossier, ignore_errors=True)
            dossier.mkdir()
            construit(dossier)
            (racine / f"{nom}.fini").touch()
    return dossier
