"""The parameters of a request, each declared once: its JSON schema documents it and is what checks it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.api.erreurs import Probleme, cite
from dashboard.domain.periode import PeriodeInconnue, parse_periode
from dashboard.domain.territoire import Maille

DERNIERE, TOUTES = "derniere", "toutes"
_PERIODE = rf"^({DERNIERE}|{TOUTES}|[0-9]{{4}}|[0-9]{{4}}-(S[12]|[TQ][1-4]|(0[1-9]|1[0-2])(-[0-3][0-9])?|[0-9]{{4}}))$"


def _texte(valeur: str) -> object:
    return valeur


@dataclass(frozen=True)
class Parametre:
    """One parameter. ``schema``: the part of JSON Schema that ``verifie`` knows. ``lis``: from text to value.

    ``lis`` raises ValueError with one French sentence for what no schema can tell (30 February).
    """

    nom: str
    texte: str
    exemple: str
    schema: Mapping[str, Any]
    lis: Callable[[str], object] = _texte

    def valeur(self, texte: str) -> object:
        """What was asked, checked. Raises :class:`Probleme` (400)."""
        if faute := _faute(texte, self.schema):
            raise Probleme(400, f"Paramètre {self.nom} : {cite(texte)} refusé. {faute}")
        try:
            return int(texte) if self.schema["type"] == "integer" else self.lis(texte)
        except ValueError as erreur:
            raise Probleme(400, f"Paramètre {self.nom} : {erreur}") from None


def _faute(texte: str, schema: Mapping[str, Any]) -> str | None:
    """What is wrong, as the remedy; None when nothing is."""
    if schema["type"] == "integer":
        bas, haut = schema["minimum"], schema["maximum"]
        entier = re.fullmatch(r"[0-9]{1,9}", texte, re.ASCII) is not None
        return None if entier and bas <= int(texte) <= haut else f"Donner un entier de {bas} à {haut}."
    if "enum" in schema:
        return None if texte in schema["enum"] else f"Valeurs admises : {', '.join(schema['enum'])}."
    if len(texte) > schema["maxLength"]:
        return f"{schema['maxLength']} caractères au plus."
    if len(texte) < schema.get("minLength", 0):
        return "Donner une valeur, ou retirer le paramètre."
    if "pattern" in schema and re.fullmatch(schema["pattern"], texte, re.ASCII) is None:
        return f"Forme attendue : {schema['examples'][0]}."
    return None


def lis_parametres(demandes: Sequence[tuple[str, str]], admis: Sequence[Parametre]) -> dict[str, Any]:
    """The values by name, defaults included. Raises :class:`Probleme` for one that is unknown, repeated or wrong."""
    par_nom, lus = {p.nom: p for p in admis}, dict[str, Any]()
    for nom, texte in demandes:
        if nom not in par_nom:
            liste = ", ".join(par_nom) or "aucun"
            raise Probleme(400, f"Paramètre {cite(nom)} inconnu ici. Paramètres admis : {liste}.")
        if nom in lus:
            raise Probleme(400, f"Paramètre {nom} donné deux fois. N'en garder qu'un.")
        lus[nom] = par_nom[nom].valeur(texte)
    return {p.nom: p.schema.get("default") for p in admis} | lus


def _jour(texte: str) -> date:
    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise ValueError(f"{cite(texte)} n'est pas un jour du calendrier. Forme attendue : 2023-12-31.") from None


def _periode(texte: str) -> object:
    try:
        return texte if texte in (DERNIERE, TOUTES) else parse_periode(texte)
    except PeriodeInconnue as erreur:
        raise ValueError(str(erreur)) from None


def _motif(motif: str, exemple: str, longueur: int = 40) -> dict[str, Any]:
    return {"type": "string", "pattern": motif, "maxLength": longueur, "examples": [exemple]}


_JOUR = _motif(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "2023-12-31", 10)
_CODE = _motif(r"^(REG|DEP|EPCI|COM)-[0-9AB]{2,9}$", "DEP-21", 14)
_IDENTIFIANT = _motif(r"^[a-z][a-z0-9_]{2,60}$", "population_municipale", 61)

MAILLE = Parametre(
    "maille", "Niveau territorial.", "commune", {"type": "string", "enum": [m.value for m in Maille]}, Maille
)
TERRITOIRE = Parametre("territoire", "Un seul territoire, par son code ; l'emporte sur la maille.", "DEP-21", _CODE)
PARENT = Parametre("parent", "Ceux qui sont dans ce territoire.", "DEP-21", _CODE)
PERIODE = Parametre(
    "periode",
    "Une période (2023, 2023-S1, 2023-T4, 2023-12, 2023-12-31, 2017-2023), derniere ou toutes. "
    "Sans elle : derniere, ou toutes quand debut ou fin est donné.",
    "2023",
    _motif(_PERIODE, "2023", 10),
    _periode,
)
DEBUT = Parametre("debut", "Périodes qui finissent ce jour ou plus tard.", "2020-01-01", _JOUR, _jour)
FIN = Parametre("fin", "Périodes qui finissent ce jour ou plus tôt.", "2023-12-31", _JOUR, _jour)
CHERCHE = Parametre(
    "q", "Mots cherchés, sans souci d'accents.", "population", {"type": "string", "minLength": 1, "maxLength": 80}
)
PROGRAMME = Parametre("programme", "Ceux d'un programme, par son identifiant.", "maisons_de_sante", _IDENTIFIANT)
POLITIQUE = Parametre("politique", "Ceux d'une politique, par son identifiant.", "sante", _IDENTIFIANT)
LIMITE = Parametre(
    "limite", "Lignes par page.", "100", {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 5_000}
)
PAGE = Parametre("page", "Numéro de la page.", "1", {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 1})
FORMAT = Parametre("format", "L'emporte sur l'en-tête Accept.", "csv", {"type": "string", "enum": ["json", "csv"]})
SEMAINE = Parametre(
    "semaine",
    "Telles qu'elles étaient publiées cette semaine-là ; sans elle, aujourd'hui.",
    "2026-W48",
    _motif(r"^[0-9]{4}-W[0-9]{2}([.]r[0-9]{1,4})?$", "2026-W48", 13),
)
ID = Parametre("id", "Identifiant de l'indicateur.", "population_municipale", _IDENTIFIANT)
CODE = Parametre("code", "Code du territoire.", "DEP-21", _CODE)
