"""One measure of the bench with its bar, and the table they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np


@dataclass(frozen=True)
class Mesure:
    """``barre`` None: told for information. ``sens``: the bar is a ceiling or a floor. ``detail`` follows the value."""

    nom: str
    valeur: float
    unite: str
    barre: float | None = None
    sens: Literal["au plus", "au moins"] = "au plus"
    detail: str = ""

    @property
    def tenue(self) -> bool | None:
        """None when there is no bar."""
        if self.barre is None:
            return None
        return self.valeur <= self.barre if self.sens == "au plus" else self.valeur >= self.barre


def sommet_mio() -> float:
    """Highest resident memory since this program began: ``ru_maxrss`` would also tell that of whoever started it."""
    lignes = Path("/proc/self/status").read_text().splitlines()
    return next(int(x.split()[1]) for x in lignes if x.startswith("VmHWM")) / 1024


def centile(durees: Sequence[float], rang: float) -> float:
    """The value below which ``rang`` % of the draws fall."""
    return float(np.percentile(durees, rang))


def tableau(mesures: Sequence[Mesure]) -> str:
    """Markdown: mesure, valeur, barre, tenue."""
    lignes = ["| Mesure | Valeur | Barre | Tenue |", "|---|---|---|---|"]
    return "\n".join([*lignes, *(_ligne(m) for m in mesures)])


def _ligne(m: Mesure) -> str:
    valeur = f"{nombre(m.valeur)} {m.unite}" + (f" ({m.detail})" if m.detail else "")
    barre = f"{'≤' if m.sens == 'au plus' else '≥'} {nombre(m.barre)} {m.unite}" if m.barre is not None else "—"
    return f"| {m.nom} | {valeur} | {barre} | {'—' if m.tenue is None else 'oui' if m.tenue else '**non**'} |"


def nombre(valeur: float) -> str:
    """A French number with three significant digits or more."""
    decimales = 0 if abs(valeur) >= 100 else 1 if abs(valeur) >= 10 else 2
    texte = f"{valeur:,.{decimales}f}".replace(",", " ").replace(".", ",")
    return texte.rstrip("0").rstrip(",") if "," in texte else texte
