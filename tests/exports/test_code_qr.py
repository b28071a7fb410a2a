"""The stamp of a PDF: its code is drawn with its quiet zone, its text is the whole fingerprint, its words the short."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from dashboard.exports.code_qr import MARGE, Cachet, cachet_direct, cachet_instantane, svg

CONTENU = "3f2a91bc07de" + "0" * 52
REPERE = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]
"""What a reader looks for in three corners."""


def grille(dessin: str) -> list[str]:
    """The modules of a code, row by row, from its horizontal strokes; the quiet zone included."""
    racine = ET.fromstring(dessin)
    cote = int(racine.attrib["viewBox"].split()[2])
    cases = [["0"] * cote for _ in range(cote)]
    traits = next(p.attrib["d"] for p in racine.iter() if "stroke" in p.attrib)
    x = y = 0.0
    for lettre, nombres in re.findall(r"([Mmh])([^Mmh]*)", traits):
        lus = [float(n) for n in re.findall(r"-?[\d.]+", nombres)]
        if lettre == "h":
            for pas in range(int(lus[0])):
                cases[int(y)][int(x) + pas] = "1"
            x += lus[0]
        else:
            x, y = (lus[0], lus[1]) if lettre == "M" else (x + lus[0], y + lus[1])
    return ["".join(ligne) for ligne in cases]


CACHETS = [cachet_instantane("2026-W48", "public", CONTENU), cachet_instantane("2026-W48.r12", "interne", CONTENU),
           cachet_direct(CONTENU[:32])]  # fmt: skip


@pytest.mark.parametrize("cachet", CACHETS, ids=lambda c: c.origine)
def test_a_code_has_its_three_marks_and_its_quiet_zone(cachet: Cachet) -> None:
    cases = grille(svg(cachet.texte))
    cote = len(cases)
    assert cote <= 53, "plus petit qu'un tiers de millimètre par module"
    vides = {*cases[:MARGE], *cases[-MARGE:]} | {ligne[:MARGE] + ligne[-MARGE:] for ligne in cases}
    assert {set(v) == {"0"} for v in vides} == {True}
    fin = cote - MARGE - 7
    for haut, gauche in ((MARGE, MARGE), (MARGE, fin), (fin, MARGE)):
        assert [ligne[gauche : gauche + 7] for ligne in cases[haut : haut + 7]] == REPERE
    assert svg(cachet.texte) == svg.__wrapped__(cachet.texte)


def test_a_package_says_its_week_its_audience_and_its_whole_content() -> None:
    lu = CACHETS[0]
    assert lu.texte == f"Boussole 2026-W48 public contenu {CONTENU}"
    assert (lu.origine, lu.courte) == ("Instantané 2026-W48", "3f2a 91bc 07de")
    assert lu.donnees()["alt"] == f"Code QR : « {lu.texte} »."


def test_a_pdf_made_on_demand_says_that_it_belongs_to_no_package() -> None:
    lu = CACHETS[2]
    assert lu.texte == f"Boussole hors instantané données {CONTENU[:32]}"
    assert lu.origine == "Hors instantané"


def test_two_fingerprints_are_two_codes() -> None:
    assert svg("Boussole a") != svg("Boussole b")
