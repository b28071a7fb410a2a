"""axe on each page and inside the map's frame: nothing serious or critical."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python
import pytest

from tests.navigateur.conftest import BUREAU, PAGES, TELEPHONE, Ouvre, cadre_de_la_carte

_AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_GRAVES = ("serious", "critical")
# Streamlit's own phone menu puts <div> sections inside its <ul>; that markup is not ours to change.
_CONTEXTE = {"exclude": [['[data-testid="stSidebarNav"]']]}


@pytest.mark.parametrize("taille", [BUREAU, TELEPHONE], ids=["bureau", "telephone"])
@pytest.mark.parametrize("chemin", PAGES)
def test_no_serious_barrier(ouvre: Ouvre, chemin: str, taille: tuple[int, int]) -> None:
    page = ouvre(chemin, taille)
    if chemin == "/carte":
        cadre_de_la_carte(page)
    for cadre in page.frames:  # axe looks into a frame only where it is itself loaded
        cadre.evaluate(_AXE)
    resultat = page.evaluate("contexte => axe.run(contexte, {resultTypes: ['violations']})", _CONTEXTE)
    graves = [
        f"{v['id']} ({v['impact']}) : {[noeud['target'] for noeud in v['nodes']]}"
        for v in resultat["violations"]
        if v["impact"] in _GRAVES
    ]
    assert graves == []
