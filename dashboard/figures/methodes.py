"""Where to cut values into map classes: inner bounds by quantiles, equal intervals, deviations or natural breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Valeurs = npt.NDArray[np.float64]

CLASSES = 5
ECHANTILLON = 1_000
"""Natural breaks are sought among at most this many values: their cost grows with the square."""
ECARTS = (-1.5, -0.5, 0.5, 1.5)

LIBELLES = {
    "defaut": "Par défaut",
    "quantiles": "Effectifs égaux (quantiles)",
    "jenks": "Seuils naturels (Jenks)",
    "egales": "Intervalles égaux",
    "ecarts": "Écarts à la moyenne",
    "main": "Seuils choisis à la main",
}
"""Method id -> its name; the first is the honest default of the indicator."""


@dataclass(frozen=True)
class Reglage:
    """How the reader wants the classes. ``seuils``: by hand. ``repere``: the scale diverges around it, and
    ``nom_repere`` says what it is."""

    methode: str = "defaut"
    seuils: tuple[float, ...] = ()
    repere: float | None = None
    nom_repere: str = ""


def lis_seuils(texte: str) -> tuple[float, ...]:
    """« 10;20,5;30 » or « 10,20,30 »: one to eight inner bounds. Raises ValueError, in French, on anything else.

    Between semicolons or spaces a comma is a decimal comma; alone it separates, as in an address.
    """
    morceaux = texte.replace(";", " ").split() if ";" in texte or " " in texte.strip() else texte.split(",")
    try:
        lus = [float(m.strip().replace(",", ".").replace("−", "-")) for m in morceaux if m.strip()]
    except ValueError:
        raise ValueError(f"Seuils « {texte[:60]} » illisibles. Écrire des nombres croissants : 10;20;30.") from None
    if not 1 <= len(lus) <= 8:
        raise ValueError(f"Seuils « {texte[:60]} » : {len(lus)} donnés. En donner de 1 à 8.")
    if not all(np.isfinite(lus)):
        raise ValueError(f"Seuils « {texte[:60]} » : chaque seuil doit être un nombre fini.")
    if lus != sorted(set(lus)):
        raise ValueError(f"Seuils « {texte[:60]} » non croissants. Les ranger du plus petit au plus grand.")
    return tuple(lus)


def coupe(valeurs: Valeurs, methode: str, classes: int = CLASSES) -> list[float]:
    """Inner bounds of about ``classes`` classes, none of them empty by construction. KeyError on another method.

    Fewer when values are tied; none when they are all the same, or when there is none.
    """
    connues = np.sort(valeurs[np.isfinite(valeurs)])
    distinctes = np.unique(connues)
    if distinctes.size <= 1:
        return []
    if distinctes.size <= classes:
        return [float(v) for v in distinctes[1:]]
    bornes = _METHODES[methode](connues, classes)
    return sorted({float(b) for b in bornes if distinctes[0] < b <= distinctes[-1]})


def de_part_et_d_autre(valeurs: Valeurs, methode: str, centre: float, classes: int = 6) -> tuple[list[float], int]:
    """Inner bounds that hold ``centre``, each side cut by itself; and how many are under it.

    The centre is a bound even when every value is on one side: the colours keep their meaning.
    """
    sous, sur = valeurs[valeurs < centre], valeurs[valeurs >= centre]
    bas, haut = coupe(sous, methode, classes // 2), coupe(sur, methode, classes // 2)
    haut = [b for b in haut if b > centre]
    return [*bas, float(centre), *haut], len(bas)


def _quantiles(connues: Valeurs, classes: int) -> Valeurs:
    """A smallest value that fills more than a class (zero, often) is a class alone; the others share the rest."""
    repetees = int((connues == connues[0]).sum())
    if repetees <= connues.size / classes:
        return np.asarray(np.quantile(connues, np.arange(1, classes) / classes))
    reste = connues[repetees:]
    return np.concatenate([reste[:1], np.quantile(reste, np.arange(1, classes - 1) / (classes - 1))])


def _egales(connues: Valeurs, classes: int) -> Valeurs:
    return np.linspace(connues[0], connues[-1], classes + 1)[1:-1]


def _ecarts(connues: Valeurs, classes: int) -> Valeurs:
    """Steps of one standard deviation, the middle class astride the mean."""
    parts = np.array(ECARTS) if classes >= CLASSES else np.arange(1, classes) - classes / 2
    return np.asarray(connues.mean() + parts * connues.std())


def _jenks(connues: Valeurs, classes: int) -> Valeurs:
    """Fisher's natural breaks: the least squares within classes, on an even sample that keeps both ends."""
    n = min(connues.size, ECHANTILLON)
    choisies = connues[np.linspace(0, connues.size - 1, n).round().astype(int)]
    return np.array(_optimum(choisies.tobytes(), classes))


@lru_cache(maxsize=64)
def _optimum(octets: bytes, classes: int) -> tuple[float, ...]:
    """First value of each class but the lowest. Remembered: a tenth of a second, asked again at each run of a page."""
    choisies = np.frombuffer(octets, dtype=np.float64)
    n = choisies.size
    x = choisies - choisies.mean()  # squares of small numbers: no digit is lost in the sums
    somme, carre = np.concatenate([[0.0], np.cumsum(x)]), np.concatenate([[0.0], np.cumsum(x * x)])
    debuts = np.arange(n + 1)
    cout = np.concatenate([[0.0], _dispersion(somme, carre, np.zeros(n, dtype=int), debuts[1:])])
    coupes = []
    for _ in range(classes - 1):
        suivant, ou = np.full(n + 1, np.inf), np.zeros(n + 1, dtype=int)
        for fin in range(1, n + 1):
            essais = cout[:fin] + _dispersion(somme, carre, debuts[:fin], np.full(fin, fin))
            ou[fin] = int(essais.argmin())
            suivant[fin] = essais[ou[fin]]
        cout = suivant
        coupes.append(ou)
    fin, bornes = n, []
    for ou in reversed(coupes):
        fin = int(ou[fin])
        bornes.append(choisies[fin])
    return tuple(float(b) for b in bornes)


def _dispersion(somme: Valeurs, carre: Valeurs, debut: npt.NDArray[np.int_], fin: npt.NDArray[np.int_]) -> Valeurs:
    """Sum of squared gaps to the mean of x[debut:fin]."""
    total = somme[fin] - somme[debut]
    return np.asarray(carre[fin] - carre[debut] - total * total / (fin - debut))


_METHODES: dict[str, Callable[[Valeurs, int], Valeurs]] = {
    "quantiles": _quantiles,
    "egales": _egales,
    "ecarts": _ecarts,
    "jenks": _jenks,
}
