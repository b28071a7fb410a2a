"""Finding a place as people write it: without accents, with « st », a postcode, a code, or a typing mistake."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches

import pandas as pd

RESSEMBLANCE = 0.72
"""Share of common letters from which a word may be another one badly typed."""
_ABREGES = {"st": "saint", "ste": "sainte"}
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})


def normalise(texte: str) -> str:
    """Lower case, no accent, apostrophes and hyphens as spaces, « st » as « saint »."""
    plat = unicodedata.normalize("NFD", texte.casefold().translate(_LIGATURES))
    plat = "".join(c for c in plat if not unicodedata.combining(c))
    mots = re.sub(r"[^a-z0-9]+", " ", plat).split()
    return " ".join(_ABREGES.get(m, m) if len(mots) > 1 else m for m in mots)


@dataclass(frozen=True)
class Annuaire:
    """Every place by its normalised name, its code and its postcodes. ``poids``: population, most populous first."""

    noms: Mapping[str, str]
    poids: Mapping[str, float]
    mots: Mapping[str, frozenset[str]]
    postaux: Mapping[str, tuple[str, ...]]

    @classmethod
    def de(cls, places: pd.DataFrame, postaux: pd.DataFrame) -> Annuaire:
        """``places``: code, nom, population. ``postaux``: code_postal, code."""
        noms = {str(c): normalise(str(n)) for c, n in zip(places["code"], places["nom"], strict=True)}
        habitants = places["population"].astype("float64").fillna(0.0)
        poids = {str(c): float(p) for c, p in zip(places["code"], habitants, strict=True)}
        mots: dict[str, set[str]] = defaultdict(set)
        for code, nom in noms.items():
            for mot in nom.split():
                mots[mot].add(code)
        par_postal: dict[str, list[str]] = defaultdict(list)
        for postal, code in zip(postaux["code_postal"].astype(str), postaux["code"].astype(str), strict=True):
            if code in noms:
                par_postal[postal].append(code)
        par_mot = {m: frozenset(c) for m, c in mots.items()}
        return cls(noms, poids, par_mot, {p: tuple(c) for p, c in par_postal.items()})

    def cherche(self, texte: str, maximum: int = 20) -> list[str]:
        """Codes found, the surest first, then the most populous; an empty text finds nothing.

        A code or a postcode wins over a name; a typing mistake is looked for only when no name matches.
        """
        demande = normalise(texte)
        if not demande:
            return []
        trouves = self._par_code(texte.strip()) or self._par_nom(demande) or self._par_faute(demande)
        return trouves[:maximum]

    def _par_code(self, texte: str) -> list[str]:
        brut = texte.upper().replace(" ", "")
        if brut in self.noms:
            return [brut]
        if not re.fullmatch(r"\d[0-9AB]\d*", brut):
            return []
        exacts = [c for c in self.noms if c.partition("-")[2] == brut]
        postaux = {c for p, codes in self.postaux.items() if p == brut or (len(brut) < 5 and p.startswith(brut))
                   for c in codes}  # fmt: skip
        par_poids = self._tries(postaux)
        # « 21200 » is the postcode of Beaune before it is anyone's code; « 21231 » is no postcode.
        if len(brut) == 5 and par_poids:
            return [*par_poids, *(c for c in exacts if c not in postaux)]
        return [*exacts, *(c for c in par_poids if c not in exacts)]

    def _par_nom(self, demande: str) -> list[str]:
        rangs = {code: r for code, nom in self.noms.items() if (r := _rang(nom, demande)) is not None}
        return sorted(rangs, key=lambda c: (rangs[c], -self.poids[c], c))

    def _par_faute(self, demande: str) -> list[str]:
        """Each word asked must be close to a word of the name; the closest names first."""
        candidats: dict[str, float] | None = None
        for mot in demande.split():
            notes = self._notes(mot)
            candidats = (
                notes if candidats is None else {c: n + candidats[c] for c, n in notes.items() if c in candidats}
            )
        entier = {c: SequenceMatcher(None, demande, self.noms[c]).ratio() for c in candidats or {}}
        return sorted(entier, key=lambda c: (-round((candidats or {})[c], 1), -round(entier[c], 1), -self.poids[c], c))

    def _notes(self, mot: str) -> dict[str, float]:
        """How close each place comes to one word, by its closest word."""
        proches = get_close_matches(mot, self.mots, n=40, cutoff=RESSEMBLANCE)
        debuts = [m for m in self.mots if len(mot) > 2 and m.startswith(mot)]
        notes: dict[str, float] = {}
        for proche in {*proches, *debuts}:
            note = 1.0 if proche in debuts else SequenceMatcher(None, mot, proche).ratio()
            for code in self.mots[proche]:
                notes[code] = max(note, notes.get(code, 0.0))
        return notes

    def _tries(self, codes: set[str]) -> list[str]:
        return sorted(codes, key=lambda c: (-self.poids[c], c))


def _rang(nom: str, demande: str) -> int | None:
    """0 the name itself, 1 its beginning, 2 the beginning of its words in any order, 3 inside; None otherwise."""
    if nom == demande:
        return 0
    if nom.startswith(demande):
        return 1
    mots = nom.split()
    if all(any(m.startswith(d) for m in mots) for d in demande.split()):
        return 2
    return 3 if demande in nom else None
