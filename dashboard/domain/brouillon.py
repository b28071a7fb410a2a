"""From what was typed to a contribution that may be written, or one French sentence that says what to correct."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from dashboard.domain.apports import Contenu, Court, EtatProposition, Genre, Proposition, Signature
from dashboard.domain.declaration import Modele
from dashboard.domain.formatage import ESPACE_FINE, nombre
from dashboard.domain.indicateur import Acces
from dashboard.domain.periode import PeriodeInconnue, parse_periode

UNIQUES = (Genre.SYNTHESE, Genre.INTENTION)
"""One fil per subject and territory: a programme has one judgement, one intention."""
INTERNES = (Genre.COMMENTAIRE, Genre.PROPOSITION)
LIBELLES = {
    "meteo": "Météo", "texte": "Texte", "ambition": "Ambition", "fait": "Ce qui est fait",
    "a_faire": "Ce qui reste à faire", "titre": "Titre", "echeance": "Échéance", "responsable": "Responsable",
    "etat": "État", "jour": "Jour", "periode": "Période", "valeur": "Valeur", "motif": "Motif", "methode": "Méthode",
    "reponse": "Réponse", "fonction": "Fonction", "direction": "Direction",
}  # fmt: skip
"""Words of each field, the same on the form and in a refusal."""


CHIFFRES_MAX = 8
"""As many digits make a telephone number; no function nor direction has them."""


class SaisieRefusee(ValueError):
    """What was typed cannot be written; the message names the field, what is wrong and the remedy."""


@dataclass(frozen=True)
class Brouillon:
    """A contribution before it is written: no fil, no version, no date yet."""

    genre: Genre
    sujet: str
    code: str
    contenu: Contenu
    signature: Signature
    acces: Acces


class _Signature(Modele):
    fonction: Court
    direction: Court


def acces_de(genre: Genre) -> Acces:
    """Who reads this kind unless said otherwise."""
    return Acces.INTERNE if genre in INTERNES else Acces.OUVERT


def prepare(genre: Genre, sujet: str, code: str, saisie: Mapping[str, Any], signature: Signature) -> Brouillon:
    """The contribution that was typed. Raises :class:`SaisieRefusee` with one sentence, the first thing to correct."""
    propre = {champ: _propre(valeur) for champ, valeur in saisie.items()}
    if genre is Genre.PROPOSITION:
        propre |= {"valeur": lis_nombre(propre.get("valeur")), "periode": _periode(propre.get("periode"))}
    try:
        contenu = genre.modele.model_validate(propre)
        signee = _Signature(fonction=_propre(signature.fonction), direction=_propre(signature.direction))
    except ValidationError as erreur:
        raise SaisieRefusee(en_francais(erreur)) from erreur
    for champ in ("fonction", "direction"):
        if "@" in getattr(signee, champ) or sum(c.isdigit() for c in getattr(signee, champ)) >= CHIFFRES_MAX:
            raise SaisieRefusee(f"« {LIBELLES[champ]} » : ni courriel ni téléphone, une fonction et une direction.")
    if isinstance(contenu, Proposition) and contenu.etat is not EtatProposition.EN_ATTENTE and not contenu.reponse:
        raise SaisieRefusee("« Réponse » : à remplir pour accepter ou refuser une valeur ; dire pourquoi.")
    return Brouillon(genre, sujet, code, contenu, Signature(signee.fonction, signee.direction), acces_de(genre))


def lis_nombre(saisi: object) -> object:
    """A number as French people write it: « 1 234,5 ». What is not one comes back as it was."""
    if not isinstance(saisi, str):
        return saisi
    plat = "".join(saisi.split()).replace(ESPACE_FINE, "").replace(",", ".").replace("\u2212", "-")
    try:
        return float(plat)
    except ValueError:
        return saisi


def _periode(saisie: object) -> object:
    if not isinstance(saisie, str) or not saisie.strip():
        return saisie
    try:
        return parse_periode(saisie[:60]).code
    except PeriodeInconnue as erreur:
        raise SaisieRefusee(str(erreur)) from erreur


def _propre(valeur: Any) -> Any:
    """Text without the control characters that no base keeps; line ends stay."""
    if not isinstance(valeur, str):
        return valeur
    return "".join(
        c for c in valeur.replace("\r\n", "\n") if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")
    )


def en_francais(erreur: ValidationError) -> str:
    """The first thing to correct, as one sentence."""
    premiere = erreur.errors()[0]
    champ = str(premiere["loc"][0]) if premiere["loc"] else ""
    nom = LIBELLES.get(champ, champ)
    return f"« {nom} » : {_motif(premiere['type'], premiere.get('input'), premiere.get('ctx', {}))}"


def _motif(genre: str, saisi: Any, contexte: Mapping[str, Any]) -> str:
    if genre == "string_too_long":
        longueur, maximum = len(str(saisi).strip()), int(contexte["max_length"])
        trop = nombre(longueur - maximum)
        return f"{nombre(longueur)} caractères, pour {nombre(maximum)} au plus ; raccourcir de {trop} caractères."
    if saisi is None or (isinstance(saisi, str) and not saisi.strip()) or genre == "missing":
        return "à remplir avant de publier."
    montre = f"« {str(saisi)[:60]} »"
    if genre.startswith(("float", "finite")):
        return f"{montre} n'est pas un nombre ; l'écrire en chiffres, comme 12,5."
    if genre.startswith("date"):
        return f"{montre} n'est pas une date ; la choisir dans le calendrier."
    return f"{montre} n'est pas admis ici ; choisir dans la liste."
