"""The trajectory drawn for a page without a script: what it shows, where, and that nothing leaves the frame."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.domain.trajectoire import Trajectoire
from dashboard.figures.trajectoire import ETROITE, LARGE, trajectoire

ARRETE = date(2026, 11, 23)
SERIE = ((date(2021, 12, 31), 100.0), (date(2022, 12, 31), 141.0), (date(2023, 12, 31), 145.0))


def situation(serie: Any = SERIE, vc: float | None = 244.0, unite: str = "maisons", decimales: int = 0) -> Any:
    but = Trajectoire(141.0, date(2022, 12, 31), vc, date(2026, 12, 31)) if vc is not None else None
    return SimpleNamespace(
        serie=serie,
        indicateur=SimpleNamespace(unite=unite, decimales=decimales),
        objectif=SimpleNamespace(trajectoire=but) if but else None,
    )


@pytest.mark.parametrize("taille", [LARGE, ETROITE])
@pytest.mark.parametrize("vc", [244.0, 0.0, -50.0, 1e9, None])
def test_every_point_and_every_word_stays_in_the_frame(taille: tuple[int, int], vc: float | None) -> None:
    svg = trajectoire(situation(vc=vc), "retard", ARRETE, [(date(2022, 12, 31), 147.0)], taille)
    racine = ET.fromstring(svg)
    assert racine.get("viewBox") == f"0 0 {taille[0]} {taille[1]}"
    points = [tuple(map(float, p.split(","))) for p in " ".join(re.findall(r'points="([^"]+)"', svg)).split()]
    assert all(0 <= x <= taille[0] and 0 <= y <= taille[1] for x, y in points)
    for mot in racine.iter("{http://www.w3.org/2000/svg}text"):
        assert 0 <= float(mot.get("x", "-1")) <= taille[0], mot.text
        assert 8 <= float(mot.get("y", "-1")) <= taille[1], mot.text


def test_it_says_the_last_value_the_target_and_the_months_without_data() -> None:
    svg = trajectoire(situation(), "retard", ARRETE, [(date(2022, 12, 31), 147.0)])
    for mots in ("145", "Cible 244", "cible 2022 : 147", "sans donnée", "stroke-dasharray"):
        assert mots in svg
    assert "Cible" not in trajectoire(situation(vc=None), "nonmesure", ARRETE)


def test_without_a_value_nothing_is_drawn() -> None:
    assert trajectoire(situation(serie=()), "nonmesure", ARRETE) == ""


def test_a_flat_series_has_an_axis() -> None:
    plate = tuple((j, 5.0) for j, _ in SERIE)
    assert ET.fromstring(trajectoire(situation(serie=plate, vc=None, unite="%", decimales=1), "trajectoire", ARRETE))
