"""What the reading verbs of the command line ask of the store."""

from __future__ import annotations

import difflib
import math
from datetime import date
from typing import Any

import pandas as pd

from dashboard.bootstrap import Application
from dashboard.domain.avancement import Avancement
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.lecteur import Lecteur
from dashboard.domain.periode import Frequence, Periode, PeriodeInconnue, bornes_semaine, parse_periode
from dashboard.domain.situation import Objectif, Situation
from dashboard.domain.territoire import Maille, maille_de
from dashboard.store import queries
from dashboard.store.moteur import Connection, lecture

COLONNES = [
    "code", "nom", "periode", "valeur", "numerateur", "denominateur", "completude", "origine", "statut",
]  # fmt: skip


class Inconnu(ValueError):
    """An indicator, a source or a territory that is not known; the message proposes the nearest names."""


def indicateur(app: Application, identifiant: str) -> Indicateur:
    """The declared indicator this reader may see. Raises :class:`Inconnu`."""
    with lecture(app.moteur) as connexion:
        visibles = set(queries.list_indicateurs(connexion, app.lecteur))
    declares = {i.id: i for i in app.espace.indicateurs if i.id in visibles}
    if identifiant not in declares:
        proches = difflib.get_close_matches(identifiant, declares, n=3, cutoff=0.4) or sorted(declares)
        raise Inconnu(f"Indicateur « {identifiant} » inconnu. Essayer : {', '.join(proches)}.")
    return declares[identifiant]


def fin_de_semaine(code: str) -> date:
    """The Sunday of an ISO week such as 2026-W47. Raises ``PeriodeInconnue``."""
    try:
        return bornes_semaine(code)[1]
    except OverflowError:
        raise PeriodeInconnue(f"Semaine « {code} » hors du calendrier. Forme attendue : 2026-W47.") from None


def valeurs(
    connexion: Connection, lecteur: Lecteur, declare: Indicateur,
    territoire: str | None, maille: str | None, periode: str | None,
) -> pd.DataFrame:  # fmt: skip
    """Values by territory and period, oldest first; a hidden one has statut Q and no figure."""
    places = queries.list_territoires(connexion)
    if territoire:
        choisies = places[places["code"] == code_connu(places, territoire)]
    else:
        choisies = places[places["maille"] == (maille or Maille.REGION.value)]
    cadre = queries.load_series(connexion, lecteur, [declare.id], choisies["id"].tolist())
    cadre = cadre.merge(choisies[["id", "code", "nom"]], left_on="territoire_id", right_on="id")
    cadre["periode"] = [periode_de(ligne).code for ligne in cadre.itertuples()]
    if periode:
        cadre = cadre[cadre["periode"] == parse_periode(periode).code]
    return cadre.sort_values(["code", "fin"])[COLONNES]


def code_connu(places: pd.DataFrame, code: str) -> str:
    """The code when it exists in the current COG. Raises ``CodeInconnu`` or :class:`Inconnu`."""
    maille_de(code)
    if code not in set(places["code"]):
        proches = difflib.get_close_matches(code, places["code"].tolist(), n=3)
        raise Inconnu(f"Territoire « {code} » absent du COG en vigueur. Essayer : {', '.join(proches)}.")
    return code


def periode_de(ligne: object) -> Periode:
    """The period of a row of ``valeur``."""
    return Periode(ligne.debut, ligne.fin, Frequence(ligne.frequence))  # type: ignore[attr-defined]


def arrete(app: Application, texte: str | None) -> date:
    """The date d'arrêté that is asked, else that of the settings. Raises ``PeriodeInconnue``."""
    if texte is None:
        return app.reglages.aujourd_hui()
    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise PeriodeInconnue(f"Date d'arrêté « {texte} » inconnue. Forme attendue : 2026-11-23.") from None


def situation_json(s: Situation, quand: date) -> dict[str, Any]:
    """A situation judged at ``quand``, for machines: figures as computed, ISO dates, null for what does not exist."""
    secret = "valeur couverte par le secret statistique" if s.secret else None
    jugee = _juge_json(s.objectif, s.avancement)
    return {
        "code": s.code,
        "arrete": quand.isoformat(),
        **jugee,
        "motif": secret or jugee["motif"],
        "fraicheur": s.fraicheur.value if s.fraicheur else None,
        "date_valeur": s.avancement.date_va.isoformat() if s.avancement.date_va else None,
        "valeur": _fini(s.avancement.va),
        "autres": [_juge_json(o, a) for o, a in s.autres],
    }


def _juge_json(but: Objectif | None, a: Avancement) -> dict[str, Any]:
    """One target and what it says of the last value."""
    return {
        "statut": a.statut.value,
        "ta": _fini(a.ta),
        "ta_brut": _fini(a.ta_brut),
        "ta_attendu": _fini(a.ta_attendu),
        "ecart": _fini(a.ecart),
        "motif": a.motif,
        "cible": _fini(but.trajectoire.vc) if but else None,
        "echeance": but.echeance.isoformat() if but else None,
        "auteur": but.auteur if but else None,
        "acte": but.acte if but else None,
        "effort_annuel": _fini(a.effort_annuel),
    }


def _fini(x: float | None) -> float | None:
    """JSON knows neither NaN nor infinity."""
    return float(x) if x is not None and math.isfinite(x) else None
