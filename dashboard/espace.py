"""Loads an espace folder (espace.yml, politiques.yml, sources/, indicateurs/) into validated, frozen models."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import yaml
from pydantic import ValidationError

from dashboard.domain.convention import resserre
from dashboard.domain.declaration import Modele
from dashboard.domain.indicateur import UNITES, Acces, Espace, Indicateur, Politique, Programme
from dashboard.domain.organisme import Producteur
from dashboard.domain.source import Source

M = TypeVar("M", bound=Modele)

FICHIERS = ("territoires", "liens", "passage", "populations")
FACULTATIFS = ("anciens", "codes_postaux")
"""What only old or coarse deliveries need: former commune codes, postcodes."""
MILLESIMES = ["millesime_debut", "millesime_fin", "millesime_de", "millesime_vers", "millesime_cog", "annee"]

MESSAGES = {
    "extra_forbidden": "clé inconnue ; la retirer ou corriger son nom",
    "missing": "clé obligatoire absente ; l'ajouter",
    "literal_error": "valeur {valeur} refusée ; valeurs admises : {attendu}",
    "enum": "valeur {valeur} refusée ; valeurs admises : {attendu}",
    "string_pattern_mismatch": "valeur {valeur} mal formée ; forme attendue : {motif}",
    "int_parsing": "valeur {valeur} : un nombre entier est attendu",
    "float_parsing": "valeur {valeur} : un nombre est attendu (point décimal)",
    "float_type": "valeur {valeur} : un nombre est attendu (point décimal)",
    "int_type": "valeur {valeur} : un nombre entier est attendu",
    "int_from_float": "valeur {valeur} : un nombre entier est attendu",
    "string_type": "valeur {valeur} : un texte est attendu, entre guillemets",
    "string_too_short": "texte vide ; l'écrire",
    "tuple_type": "valeur {valeur} : une liste est attendue",
    "too_short": "liste vide ; y mettre au moins un élément",
    "model_type": "valeur {valeur} : des clés « nom: valeur » sont attendues",
    "less_than_equal": "valeur {valeur} trop grande ; {le} au plus",
    "greater_than_equal": "valeur {valeur} trop petite ; {ge} au moins",
    "less_than": "valeur {valeur} trop grande ; moins de {lt}",
    "greater_than": "valeur {valeur} trop petite ; plus de {gt}",
}


class EspaceInvalide(ValueError):
    """The espace has a mistake; the message names file, line, key, value and remedy."""


def load_espace(dossier: Path) -> tuple[Espace, tuple[Source, ...]]:
    """The espace and its sources, cross-checked. Raises :class:`EspaceInvalide`."""
    if not (dossier / "espace.yml").is_file():
        raise EspaceInvalide(
            f"Espace {dossier} : fichier espace.yml introuvable. "
            "Donner à BOUSSOLE_ESPACE le chemin d'un dossier d'espace (exemple : data_sources/bfc)."
        )
    contenu = _Fichier(dossier / "espace.yml").contenu | _Fichier(dossier / "politiques.yml").contenu
    contenu["indicateurs"] = [_lis_indicateur(f) for f in _lis_dossier(dossier / "indicateurs")]
    espace = _valide(Espace, contenu, _Fichier(dossier / "espace.yml"), _Fichier(dossier / "politiques.yml"))
    sources = tuple(_valide(Source, f.contenu, f) for f in _lis_dossier(dossier / "sources"))
    _verifie_uniques(espace, dossier)
    _verifie_renvois(espace, sources, dossier)
    return _resserre(espace, sources), sources


def _resserre(espace: Espace, sources: Sequence[Source]) -> Espace:
    """Each indicator as narrow as the narrowest of its sources, and no longer shown than their agreements allow."""
    droits = {s.id: (s.acces, s.convention) for s in sources}
    indicateurs = []
    for i in espace.indicateurs:
        acces, jusqu_au = resserre(i, [droits[s] for s in i.sources])
        indicateurs.append(i.model_copy(update={"acces": acces, "jusqu_au": jusqu_au}))
    return espace.model_copy(update={"indicateurs": tuple(indicateurs)})


def canonique(espace: Espace, sources: Iterable[Source]) -> tuple[str, str]:
    """(sha256, canonical JSON) of the whole espace: what labels, weights and rules were."""
    contenu = {
        "espace": espace.model_dump(mode="json"),
        "sources": [s.model_dump(mode="json") for s in sources],
    }
    texte = json.dumps(contenu, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(texte.encode()).hexdigest(), texte


def relis(texte: str) -> tuple[Espace, tuple[Source, ...]]:
    """The espace and its sources from their canonical JSON, as they were when it was written.

    Raises :class:`EspaceInvalide` when the rules of today no longer read it.
    """
    contenu = json.loads(texte)
    try:
        return Espace.model_validate(contenu["espace"]), tuple(Source.model_validate(s) for s in contenu["sources"])
    except ValidationError as erreur:
        premiere = erreur.errors()[0]
        raise EspaceInvalide(
            f"Déclarations d'alors illisibles aujourd'hui (clé « {'.'.join(map(str, premiere['loc']))} ») : "
            "lire cette semaine dans son instantané, ou revenir à aujourd'hui."
        ) from None


def tus(
    alors: tuple[Espace, Sequence[Source]], aujourd_hui: Sequence[Source], acces: Collection[Acces], jour: date
) -> frozenset[str]:
    """Indicators that rested then on a source which these access classes may not read on this day.

    The rights of a source are those it is declared with today, else, withdrawn since, those of then.
    """
    espace, sources = alors
    droits = {s.id: s for s in sources} | {s.id: s for s in aujourd_hui}
    clos = {n for n, s in droits.items() if s.acces not in acces or (s.convention and s.convention.reste(jour) < 0)}
    return frozenset(i.id for i in espace.indicateurs if not clos.isdisjoint(i.sources))


class _Fichier:
    """A YAML file with its content and the line of each key."""

    def __init__(self, chemin: Path) -> None:
        self.chemin = chemin
        try:
            texte = chemin.read_text(encoding="utf-8")
            self.noeud = yaml.compose(texte, Loader=yaml.SafeLoader)
            self.contenu: dict[str, Any] = yaml.safe_load(texte) or {}
        except FileNotFoundError:
            raise EspaceInvalide(f"{chemin} : fichier absent ; le créer.") from None
        except yaml.YAMLError as erreur:
            ligne = getattr(getattr(erreur, "problem_mark", None), "line", 0) + 1
            raise EspaceInvalide(
                f"{chemin}, ligne {ligne} : écriture YAML incorrecte ({getattr(erreur, 'problem', erreur)}) ; "
                "vérifier l'alignement et les guillemets."
            ) from None
        if not isinstance(self.contenu, dict):
            raise EspaceInvalide(f"{chemin}, ligne 1 : des clés « nom: valeur » sont attendues.")

    def ligne(self, cles: Sequence[int | str]) -> int:
        """Line of the deepest key found on the path ``cles`` (1 when unknown)."""
        noeud, ligne = self.noeud, 1
        for cle in cles:
            suivant = None
            if isinstance(noeud, yaml.MappingNode):
                for k, v in noeud.value:
                    if k.value == str(cle):
                        suivant, ligne = v, k.start_mark.line + 1
            elif isinstance(noeud, yaml.SequenceNode) and isinstance(cle, int) and cle < len(noeud.value):
                suivant = noeud.value[cle]
                ligne = suivant.start_mark.line + 1
            if suivant is None:
                return ligne
            noeud = suivant
        return ligne


def _lis_dossier(dossier: Path) -> list[_Fichier]:
    """Every YAML file of the folder by name."""
    return [_Fichier(c) for c in sorted(dossier.glob("*.yml"))]


def _lis_indicateur(fichier: _Fichier) -> Indicateur:
    """One indicator, named like its file."""
    declare = _valide(Indicateur, fichier.contenu, fichier)
    if declare.id != fichier.chemin.stem:
        raise EspaceInvalide(
            f"{fichier.chemin}, ligne {fichier.ligne(['id'])} : id « {declare.id} » différent du nom du fichier ; "
            f"renommer le fichier en {declare.id}.yml."
        )
    return declare


def _valide(modele: type[M], contenu: dict[str, Any], *fichiers: _Fichier) -> M:
    try:
        return modele.model_validate(contenu)
    except ValidationError as erreur:
        premiere = erreur.errors()[0]
        cles = [c for c in premiere["loc"] if not (isinstance(c, str) and c.startswith("function-"))]
        fichier = next((f for f in fichiers if cles and str(cles[0]) in f.contenu), fichiers[0])
        raise EspaceInvalide(
            f"{fichier.chemin}, ligne {fichier.ligne(cles)}, clé « {'.'.join(map(str, cles)) or '?'} » : "
            f"{_explique(premiere)}."
        ) from None


def _explique(erreur: Any) -> str:
    """French sentence for one pydantic error: the value and the remedy."""
    contexte = erreur.get("ctx", {})
    gabarit = MESSAGES.get(erreur["type"])
    if gabarit:
        return gabarit.format(
            valeur=f"« {erreur['input']} »",
            attendu=str(contexte.get("expected", "")).replace(" or ", " ou "),
            motif=contexte.get("pattern", ""),
            **{borne: contexte.get(borne, "") for borne in ("le", "ge", "lt", "gt")},
        )
    if erreur["type"] == "value_error":
        return str(contexte.get("error", erreur["msg"]))
    return f"valeur « {erreur['input']} » refusée ({erreur['msg']}) ; voir les indicateurs voisins pour exemple"


def _verifie_uniques(espace: Espace, dossier: Path) -> None:
    """Two declarations of the same kind never share their id."""
    genres: dict[str, tuple[Producteur | Politique | Programme, ...]] = {
        "producteurs": espace.producteurs,
        "politiques": espace.politiques,
        "programmes": espace.programmes,
    }
    for genre, declares in genres.items():
        ids = [d.id for d in declares]
        for rang, identifiant in enumerate(ids):
            if identifiant in ids[:rang]:
                fichier = _Fichier(dossier / ("espace.yml" if genre == "producteurs" else "politiques.yml"))
                raise EspaceInvalide(
                    f"{fichier.chemin}, ligne {fichier.ligne([genre, rang])} : « {identifiant} » déclaré deux fois "
                    f"dans {genre} ; changer l'un des deux id."
                )


def _verifie_renvois(espace: Espace, sources: Sequence[Source], dossier: Path) -> None:
    """Every name that points at another declaration must exist."""
    connus = {
        "politique": {p.id for p in espace.politiques},
        "producteur": {p.id for p in espace.producteurs},
        "source": {s.id for s in sources},
        "indicateur": {i.id for i in espace.indicateurs},
        "unité": UNITES | set(espace.unites),
    }
    renvois = [(f"indicateurs/{i.id}.yml", "producteur", i.producteur) for i in espace.indicateurs]
    renvois += [(f"indicateurs/{i.id}.yml", "source", s) for i in espace.indicateurs for s in i.sources]
    renvois += [(f"sources/{s.id}.yml", "producteur", s.producteur) for s in sources if s.producteur]
    renvois += [("espace.yml", "producteur", espace.editeur)] if espace.editeur else []
    renvois += [("politiques.yml", "politique", p.politique) for p in espace.programmes]
    renvois += [("politiques.yml", "indicateur", i) for p in espace.programmes for i in p.tous]
    finances = [p.credits for p in espace.politiques] + [p.credits for p in espace.programmes]
    renvois += [("politiques.yml", "indicateur", i) for c in finances for i in c.declares.values()]
    renvois += [("espace.yml", "indicateur", i) for i in espace.vitrine.tous]
    renvois += [(f"indicateurs/{i.id}.yml", "unité", i.unite) for i in espace.indicateurs]
    for nom, genre, valeur in renvois:
        if valeur not in connus[genre]:
            fichier = _Fichier(dossier / nom)
            ligne = next((n for n, t in enumerate(fichier.chemin.read_text().splitlines(), 1) if valeur in t), 1)
            raise EspaceInvalide(
                f"{fichier.chemin}, ligne {ligne} : {genre} « {valeur} » : nom inconnu. "
                f"Valeurs admises : {', '.join(sorted(connus[genre]))}."
            )
    _verifie_programmes(espace, dossier)


def _verifie_programmes(espace: Espace, dossier: Path) -> None:
    """A result of a policy belongs to a programme; it counts in one only."""
    for declare in espace.indicateurs:
        chemin = dossier / "indicateurs" / f"{declare.id}.yml"
        comptent = [p.id for p in espace.programmes if declare.id in p.indicateurs]
        if not declare.est_contexte and espace.programme_de(declare.id) is None:
            raise EspaceInvalide(
                f"{chemin} : indicateur de programme dans aucun programme ; l'ajouter à un programme de "
                "politiques.yml (indicateurs ou lies), ou écrire nature: contexte."
            )
        if declare.est_contexte and comptent:
            raise EspaceInvalide(
                f"{chemin} : indicateur de contexte compté dans le programme « {comptent[0]} » ; le mettre dans "
                "ses lies, ou écrire nature: programme."
            )
        if len(comptent) > 1:
            raise EspaceInvalide(
                f"{chemin} : compté dans deux programmes, {' et '.join(comptent)} ; "
                "le laisser à l'un, le lier à l'autre."
            )


def lis_fichiers(dossier: Path) -> tuple[dict[str, pd.DataFrame], str]:
    """The reference files of an espace as frames, and the sha256 of their bytes together."""
    empreinte, cadres = hashlib.sha256(), {}
    presents = [n for n in FACULTATIFS if (dossier / f"{n}.csv").is_file()]
    for nom in (*FICHIERS, *presents):
        chemin = dossier / f"{nom}.csv"
        empreinte.update(chemin.read_bytes())
        textes = {"nom": "str", "code": "str", "type": "str", "code_postal": "str"}
        cadre = pd.read_csv(chemin, dtype=textes, keep_default_na=True)
        for colonne in cadre.columns.intersection(MILLESIMES):
            cadre[colonne] = cadre[colonne].astype("Int64")
        cadres[nom] = cadre
    return cadres, empreinte.hexdigest()
