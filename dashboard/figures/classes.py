"""How values are cut into map classes, and how each class is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from dashboard.domain.formatage import ESPACE_FINE, nombre, signe
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.phrases import valeur
from dashboard.figures.carte import ABSENT, SECRET
from dashboard.figures.methodes import Reglage, Valeurs, coupe, de_part_et_d_autre
from dashboard.figures.palette import ACCENT, palette_centree, palette_classes

DEFAUT = Reglage()
PEU, PART_MAX = 20, 0.8
"""From so many values, declared bounds that put a larger part of them in one class give way to quantiles."""


@dataclass(frozen=True)
class Decoupage:
    """Classes of a map. ``chiffres``: one character per territory, in the order given. ``seuils``: inner bounds.
    ``phrase``: how they were chosen, in words."""

    chiffres: str
    palette: tuple[str, ...]
    libelles: tuple[str, ...]
    effectifs: tuple[int, ...]
    absents: int
    secrets: int
    seuils: tuple[float, ...] = ()
    phrase: str = ""


def decoupe(
    declare: Indicateur,
    valeurs: pd.Series,
    statuts: pd.Series,
    reglage: Reglage = DEFAUT,
    ensemble: Valeurs | None = None,
) -> Decoupage:
    """Cuts ``valeurs`` as asked; by default by the declared thresholds, or by quintiles when none is declared.

    ``ensemble``: values that decide of the classes instead of these ones, so that several maps share them.
    """
    chiffrees = valeurs.to_numpy(dtype=float)
    connues = ~np.isnan(chiffrees)
    base = chiffrees if ensemble is None else ensemble
    seuils, palette, phrase = _classes(declare, base[~np.isnan(base)], reglage)
    rangs = np.searchsorted(seuils, np.where(connues, chiffrees, 0.0), side="right")
    secrets = statuts.eq("Q").fillna(False).to_numpy(dtype=bool) & ~connues
    signes = np.where(connues, rangs + ord("0"), np.where(secrets, ord(SECRET), ord(ABSENT)))
    return Decoupage(
        chiffres=signes.astype(np.uint8).tobytes().decode("ascii"),
        palette=palette,
        libelles=_libelles(seuils, declare, base, reglage),
        effectifs=tuple(int(n) for n in np.bincount(rangs[connues], minlength=len(seuils) + 1)),
        absents=int((~connues & ~secrets).sum()),
        secrets=int(secrets.sum()),
        seuils=tuple(seuils),
        phrase=phrase,
    )


def _classes(declare: Indicateur, base: Valeurs, r: Reglage) -> tuple[list[float], tuple[str, ...], str]:
    """Inner bounds, colours, and the words that say how they were chosen."""
    if declare.en_cercles:
        return [], (ACCENT,), ""
    if r.methode == "main":
        seuils, phrase = list(r.seuils), "Seuils choisis à la main"
        if r.repere is None:
            return seuils, palette_classes(len(seuils) + 1, declare.carte.divergente), phrase
        seuils = sorted({*seuils, r.repere})
        sous = seuils.index(r.repere)
        return seuils, _centree(declare, r, sous + 1, len(seuils) - sous), f"{phrase}, autour de {r.nom_repere}"
    if r.methode == "defaut" and r.repere is None and declare.carte.seuils and _separent(declare.carte.seuils, base):
        seuils = list(declare.carte.seuils)
        return seuils, palette_classes(len(seuils) + 1, declare.carte.divergente), "Seuils ronds de l'indicateur"
    methode = "quantiles" if r.methode == "defaut" else r.methode
    centre = 0.0 if r.repere is None and declare.carte.divergente else r.repere
    if centre is None:
        seuils = _ronds(coupe(base, methode), base, declare.decimales)
        return seuils, palette_classes(len(seuils) + 1, False), _PHRASES[methode]
    seuils, sous = de_part_et_d_autre(base, methode, centre)
    arrondis = [s if s == centre else round(s, declare.decimales) for s in seuils]
    if len(set(arrondis)) == len(seuils) and arrondis == sorted(arrondis):
        seuils = arrondis
    phrase = f"{_PHRASES[methode]}, de part et d'autre de {r.nom_repere or 'zéro'}"
    return seuils, _centree(declare, r, sous + 1, len(seuils) - sous), phrase


def _separent(seuils: Sequence[float], base: Valeurs) -> bool:
    """Do these bounds show anything? Those of the communes may leave nearly all the EPCI in one class."""
    if base.size < PEU:
        return True
    effectifs = np.bincount(np.searchsorted(seuils, base, side="right"))
    return bool(effectifs.max() <= PART_MAX * base.size)


def _centree(declare: Indicateur, r: Reglage, sous: int, sur: int) -> tuple[str, ...]:
    """Around a reference the green side is the wanted one: under it when less is better."""
    if r.repere is not None and declare.sens == "baisse":
        return tuple(reversed(palette_centree(sur, sous)))
    return palette_centree(sous, sur)


_PHRASES = {
    "quantiles": "Autant de territoires dans chaque classe",
    "jenks": "Seuils naturels : les valeurs proches ensemble",
    "egales": "Classes de même étendue",
    "ecarts": "Classes d'un écart type, centrées sur la moyenne",
}


def _ronds(seuils: list[float], base: Valeurs, decimales: int) -> list[float]:
    """Bounds as they are written, when that keeps them apart and leaves no class empty."""
    arrondis = sorted({round(s, decimales) for s in seuils})
    garde = len(arrondis) == len(seuils) and all(base.min() < a <= base.max() for a in arrondis)
    return arrondis if garde else seuils


def _libelles(seuils: Sequence[float], declare: Indicateur, base: Valeurs, r: Reglage) -> tuple[str, ...]:
    connues = base[~np.isnan(base)]
    if seuils or connues.size == 0 or declare.en_cercles:
        return libelles(seuils, declare) if seuils or connues.size else ("aucune valeur",)
    return (f"{valeur(declare, float(connues[0]))} partout",)


def libelles(seuils: Sequence[float], declare: Indicateur) -> tuple[str, ...]:
    """« moins de 20 », « 20 à 40 », « 40 et plus », with the unit, signed when the scale diverges."""
    if not seuils:
        return ("toutes les valeurs",)
    unite = f"{ESPACE_FINE}{declare.unite}" if declare.unite else ""
    textes = _textes(seuils, declare)
    milieu = [f"{a} à {b}{unite}" for a, b in pairwise(textes)]
    return (f"moins de {textes[0]}{unite}", *milieu, f"{textes[-1]}{unite} et plus")


def _textes(seuils: Sequence[float], declare: Indicateur) -> list[str]:
    """Each bound with just the decimals that keep it apart from the others, over ten orders of magnitude too."""
    ecrit = signe if declare.carte.divergente else nombre
    if all(float(s).is_integer() for s in seuils):
        return [ecrit(s, 0) for s in seuils]
    tailles = [abs(s) for s in seuils if s]
    if max(tailles) > 10_000 * min(tailles):  # « 1 860 000,000 » would say nothing more than « 1 860 000 »
        return [ecrit(s, _decimales(s)) for s in seuils]
    textes = [ecrit(s, declare.decimales) for s in seuils]
    if len(set(textes)) == len(textes):
        return textes
    return [ecrit(s, _decimales(s)) for s in seuils]


def _decimales(v: float) -> int:
    """Decimals that show three significant digits, ten at most."""
    return 0 if v == 0 or not np.isfinite(v) else int(min(10, max(0, 2 - np.floor(np.log10(abs(v))))))
