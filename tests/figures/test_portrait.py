"""The drawings of a portrait: small places are ringed, labels never overlap, names stay text."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from dashboard.figures.portrait import ECART_ETIQUETTES, base_100, carte_situation, fond_de_carte


def carre(x: float, y: float, cote: float) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": [[[x, y], [x + cote, y], [x + cote, y + cote], [x, y + cote], [x, y]]]}


DEPARTEMENTS = {"features": [{"geometry": carre(4, 46, 1)}, {"geometry": carre(5, 46, 1)}]}
FOND = fond_de_carte(DEPARTEMENTS, {"features": [{"geometry": carre(4, 46, 2)}]})


def test_a_small_territory_is_ringed_and_a_large_one_is_not() -> None:
    assert "<circle" in carte_situation(FOND, carre(4.5, 46.5, 0.02), None)
    assert "<circle" not in carte_situation(FOND, carre(4, 46, 1), None)
    assert "<circle" not in carte_situation(FOND, None, None)


def test_labels_at_the_end_of_lines_never_overlap() -> None:
    jours = [date(2017, 12, 31), date(2023, 12, 31)]
    lignes = [(f"Lieu {i}", list(zip(jours, (100.0, 100 + i / 10), strict=True)), i == 0) for i in range(9)]
    hauteurs = sorted(float(y) for y in re.findall(r'<text x="[^"]+" y="([\d.]+)" fill=', base_100(lignes)))
    assert len(hauteurs) == 9
    ecarts = [b - a for a, b in pairwise(hauteurs)]
    assert min(ecarts) >= ECART_ETIQUETTES - 0.11


def test_a_name_is_text_in_a_drawing() -> None:
    points = [(date(2017, 12, 31), 100.0), (date(2023, 12, 31), 101.0)]
    svg = base_100([("</text><script>", points, True)])
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg
