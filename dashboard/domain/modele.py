"""The file a source waits for: its columns as declared, which are required, what may be written in them, an example."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.domain.source import Forme, Source
from dashboard.domain.territoire import Maille

PERIODES = "2023, 2023-T4, 2023-12, 2023-12-31 ou 2017-2023"
NOMBRE = "un nombre, sans unité"
OBLIGATOIRES = ("indicateur", "territoire", "periode", "valeur", "numerateur", "denominateur")
CHIFFRES = ("valeur", "numerateur", "denominateur", "n_unites", "part_max")
CIBLES = {
    "indicateur": ("l'identifiant de l'indicateur", True), "code_territoire": ("un code comme DEP-21", True),
    "auteur": ("Région, État ou schéma", True), "acte": ("l'acte qui fixe la cible", False),
    "date_acte": (PERIODES, False), "date_initiale": (PERIODES, False), "valeur_initiale": (NOMBRE, False),
    "jalons": ('[["2024-12-31", 30]], ou rien', False), "echeance": (PERIODES, True), "valeur": (NOMBRE, True),
    "source_url": ("une adresse", False), "note": ("un texte libre", False),
}  # fmt: skip
NUMEROS = {Maille.COMMUNE: "code INSEE de 5 caractères", Maille.DEPARTEMENT: "code du département",
           Maille.EPCI: "SIREN de 9 chiffres", Maille.REGION: "code INSEE de la région"}  # fmt: skip


@dataclass(frozen=True)
class Colonne:
    """One column of the file: its name, whether cells must be filled, what is accepted, one example."""

    nom: str
    obligatoire: bool
    formes: str
    exemple: str | float


def modele(source: Source, indicateurs: Sequence[str], codes: Mapping[Maille, str]) -> list[Colonne]:
    """The columns of the template of a source, in the order of its declaration.

    ``indicateurs``: ids that the source may carry. ``codes``: an existing typed code of each level, for the example.
    """
    premier = indicateurs[0] if indicateurs else ""
    if source.nature == "objectifs":
        region = codes.get(Maille.REGION, "")
        exemples: dict[str, str | float] = {
            "indicateur": premier, "code_territoire": region, "auteur": "Région", "acte": "Délibération du 1er janvier",
            "echeance": "2027", "valeur": 12.0,
        }  # fmt: skip
        return [Colonne(n, o, f, exemples.get(n, "")) for n, (f, o) in CIBLES.items()]
    forme = source.forme or Forme()
    colonnes = [_champ(champ, nom, source, forme, indicateurs, codes) for champ, nom in _champs(source, forme)]
    colonnes += [Colonne(c, True, f"seules sont lues : {', '.join(a)}", a[0]) for c, a in forme.garde.items()]
    for mesure in forme.mesures:
        for champ in CHIFFRES[:4]:
            if nom := getattr(mesure, champ):
                colonnes.append(Colonne(nom, champ != "n_unites", _nombre(source), 12.0))
    if forme.periodes:
        colonnes.append(
            Colonne(_exemple_de(forme.periodes.motif), True, "une colonne par période ; " + _nombre(source), 12.0)
        )
    return list({c.nom: c for c in colonnes}.values())


def _champs(source: Source, forme: Forme) -> list[tuple[str, str]]:
    """(field of ours, column of the file) for what is not given by constants, measures or spread periods."""
    exclus = set(forme.constantes)
    if forme.mesures:
        exclus |= {"indicateur", *CHIFFRES} | ({"periode"} if all(m.periode for m in forme.mesures) else set())
    if forme.periodes:
        exclus |= {"periode", "valeur"}
    if forme.regroupe == "compte":
        exclus.add("valeur")
    return [(c, n) for c, n in source.colonnes.model_dump().items() if n is not None and c not in exclus]


def _champ(
    champ: str, nom: str, source: Source, forme: Forme, indicateurs: Sequence[str], codes: Mapping[Maille, str]
) -> Colonne:
    a_defaut = source.colonnes.numerateur is not None and source.colonnes.denominateur is not None
    obligatoire = champ in OBLIGATOIRES and not (a_defaut and champ in CHIFFRES)
    formes: str
    exemple: str | float = ""
    if champ == "indicateur":
        formes, exemple = f"l'un de : {', '.join(indicateurs)}", indicateurs[0] if indicateurs else ""
    elif champ == "territoire":
        formes, exemple = _territoire(forme, codes)
    elif champ in ("periode", "date_source"):
        formes, exemple = PERIODES, "2023" if champ == "periode" else ""
    elif champ in CHIFFRES:
        formes, exemple = _nombre(source), 12.0 if champ in ("valeur", "numerateur", "denominateur") else ""
        exemple = "" if champ == "valeur" and a_defaut else exemple
    elif champ == "statut":
        formes = "A (publiée) ou Q (secrète, sans chiffre) ; vide vaut A"
    elif champ == "millesime_cog":
        formes = "l'année de la liste des communes employée"
    else:
        formes = "une adresse" if champ == "source_url" else "un texte libre"
    return Colonne(nom, obligatoire, formes, exemple)


def _exemple_de(motif: str) -> str:
    """A column name that follows the pattern: the first of its alternatives; the pattern itself when none is found."""
    suivi = re.sub(r"\((\w*)\(\?=(\w+)\).*", r"\1\2", motif)
    premier = re.sub(r"\(([^()|]*)\|[^()]*\)", r"\1", motif)
    for texte in (motif, suivi, premier):
        for chiffres, exemple in ((r"\d{4}", "2023"), (r"\d{2}", "12"), (r"\d+", "2023"), (r"\d", "4")):
            texte = texte.replace(chiffres, exemple)
        texte = re.sub(r"[()^$?]|\\", "", texte)
        if re.fullmatch(motif, texte):
            return texte
    return motif


def _nombre(source: Source) -> str:
    decimale = "virgule ou point décimal" if source.repare("virgule_decimale") else "point décimal"
    return f"{NOMBRE}, {decimale}"


def _territoire(forme: Forme, codes: Mapping[Maille, str]) -> tuple[str, str]:
    maille = forme.maille or Maille.COMMUNE
    code = codes.get(maille, "")
    numero = code.partition("-")[2]
    if forme.postal:
        return "un code postal", ""
    if forme.motif:
        return f"un texte qui contient le code (motif {forme.motif})", numero
    if forme.maille:
        return f"{NUMEROS[maille]}, comme {numero}", numero
    return f"un code avec son niveau, comme {code}", code
