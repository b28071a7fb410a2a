"""The words on the pages: a bubble beside a label, opened by a click, a tap or the keyboard; the list in the help."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dashboard.domain.glossaire import BULLES, Glossaire, lis
from dashboard.views.filtres import lien
from dashboard.views.html import Sur, balise, joint

FICHIER = Path(__file__).resolve().parents[2] / "docs" / "glossaire.md"


@cache
def glossaire() -> Glossaire:
    """The words of the product, read once."""
    return lis(FICHIER.read_text(encoding="utf-8"))


def bulle(terme: str, mots: str | None = None) -> Sur:
    """A label that explains itself; ``mots``: what is written, the word itself when None."""
    mot = glossaire().mot(terme)
    suite = balise("a", "Glossaire", href=lien("aide", mot=mot.terme), classe="b-lien")
    sens = f"{mot.sens[:1].upper()}{mot.sens[1:]}. "
    return balise(
        "details",
        balise("summary", mots or mot.terme, title=sens.strip()),
        balise("span", balise("strong", f"{mot.terme} : "), sens, suite),
        classe="b-bulle",
    )


def libelle(texte: str) -> Sur:
    """A header or a label, with its bubble when it is a word to explain."""
    return bulle(BULLES[texte], texte) if texte in BULLES else joint(texte)


def liste(cherche: str = "") -> Sur:
    """Every word that a search keeps, by group."""
    trouves = glossaire().cherche(cherche)
    if not trouves:
        return balise("p", f"Aucun mot ne contient « {cherche[:60]} ».", classe="b-note")
    groupes = {m.rubrique: [x for x in trouves if x.rubrique == m.rubrique] for m in trouves}
    return joint(*(
        joint(
            balise("h3", rubrique, classe="b-h2"),
            balise("dl", *(balise("div", balise("dt", m.terme), balise("dd", _phrase(m.sens)), id=m.ancre)
                           for m in siens), classe="b-def b-mots"),
        )
        for rubrique, siens in groupes.items()
    ))  # fmt: skip


def _phrase(sens: str) -> str:
    return f"{sens[:1].upper()}{sens[1:]}{'' if sens.endswith('…') else '.'}"
