"""Beside a figure: how to read it, and what must not be read in it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from dashboard.domain.avertissements import de_la_maille
from dashboard.domain.comment_lire import Figure, de_la_carte
from dashboard.domain.indicateur import Indicateur
from dashboard.views.html import Sur, affiche, balise, joint


def comment_lire(*figures: Figure) -> None:
    """« Comment lire », folded: a click, a tap or Enter opens it."""
    textes = [balise("p", balise("strong", f"{f.titre} : "), f.texte) for f in figures]
    affiche(balise("details", balise("summary", "Comment lire"), *textes, classe="b-lire"))


def carte(declare: Indicateur, valeurs: pd.DataFrame) -> None:
    """Under a map: how its kind is read, and what its values must not be taken for."""
    comment_lire(de_la_carte(declare))
    prudence(de_la_maille(declare, valeurs))


def toutes() -> Sur:
    """Every kind of figure, for the help."""
    return joint(*(balise("p", balise("strong", f"{f.titre} : "), f.texte, classe="b-texte") for f in Figure))


def prudence(dits: Sequence[str]) -> None:
    """« À lire avec prudence »; nothing when there is nothing to say."""
    if not dits:
        return
    uniques = dict.fromkeys(dits)
    corps = balise("ul", *(balise("li", d) for d in uniques), classe="b-puces-simples")
    affiche(balise("aside", balise("strong", "À lire avec prudence"), corps, classe="b-desaccord b-prudence"))
