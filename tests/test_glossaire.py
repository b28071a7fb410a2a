"""The glossary holds every word the pages use and do not explain themselves; it fails when one is missing."""

from __future__ import annotations

import re
from itertools import groupby

import pytest

from dashboard.domain.apports import METEOS
from dashboard.domain.formatage import ABSENT, SECRET, sans_accent
from dashboard.domain.fraicheur import Fraicheur
from dashboard.domain.glossaire import BULLES, GlossaireInvalide, lis
from dashboard.domain.secret import DOMINANCE, PETIT_EFFECTIF, SECONDAIRE
from dashboard.domain.statut import Statut
from dashboard.domain.territoire import Maille
from dashboard.domain.trajectoire import Lecture
from dashboard.views.glossaire import glossaire
from tests.conftest import RACINE

MOTS = {sans_accent(m.terme): m for m in glossaire().mots}
GENRES = ("Nombre", "Part", "Taux", "Point (pt)")
"""What the figures are: counts, shares, rates, and the difference of two shares."""
ATTENDUS = {
    "statuts": [s.libelle for s in Statut],
    "météos": [mot for mot, _ in METEOS.values()],
    "fraîcheurs": [f.libelle for f in Fraicheur],
    "mailles": [m.libelle for m in Maille],
    "lectures": [x.value.replace("_", " ") for x in Lecture],
    "genres": GENRES,
    "signes": [SECRET, ABSENT],
    "bulles": list(BULLES.values()),
}


@pytest.mark.parametrize("famille", ATTENDUS)
def test_every_word_of_the_pages_is_in_the_glossary(famille: str) -> None:
    absents = [mot for mot in ATTENDUS[famille] if sans_accent(mot) not in MOTS]
    assert not absents, f"docs/glossaire.md : ajouter {absents}"


def test_every_secrecy_code_is_explained() -> None:
    sens = " ".join(m.sens for m in glossaire().mots)
    for code in (PETIT_EFFECTIF, DOMINANCE, SECONDAIRE):
        assert f"code {code})" in sens, code


def test_every_bubble_written_in_the_code_has_its_word() -> None:
    appels = [
        terme
        for dossier in ("pages", "dashboard/views")
        for f in (RACINE / dossier).rglob("*.py")
        for terme in re.findall(r'\bbulle\(\s*"([^"]+)"', f.read_text(encoding="utf-8"))
    ]
    assert [t for t in appels if t not in glossaire()] == []


def test_the_words_are_alphabetical_in_each_group_and_say_something() -> None:
    for rubrique, mots in groupby(glossaire().mots, lambda m: m.rubrique):
        termes = [sans_accent(m.terme) for m in mots]
        assert termes == sorted(termes), rubrique
    assert all(len(m.sens) > 12 and not m.sens.endswith(".") for m in glossaire().mots)
    assert len(glossaire().mots) > 50


def test_a_word_defined_twice_or_a_row_that_is_not_one_is_refused() -> None:
    with pytest.raises(GlossaireInvalide, match="« État » défini deux fois"):
        lis("## Mots\n| Etat | un |\n| État | deux |\n")
    with pytest.raises(GlossaireInvalide, match="ligne 2"):
        lis("## Mots\n| seul |\n")


def test_a_search_reads_words_and_meanings_without_accents() -> None:
    assert "Météo" in {m.terme for m in glossaire().cherche("METEO")}
    assert [m.terme for m in glossaire().cherche("sha256")] == ["Lot", "Empreinte du contenu"]
    assert glossaire().cherche("zzz") == ()
