"""A request as the interface reads it, and what it answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from pydantic import BaseModel

from dashboard.api.erreurs import introuvable
from dashboard.api.matiere import Donnees, Matiere
from dashboard.domain.declaration import Modele
from dashboard.domain.indicateur import Indicateur
from dashboard.domain.lecteur import Lecteur
from dashboard.exports.tableur import inoffensif

RACINE = "/api/v1"


@dataclass(frozen=True)
class Demande:
    """One request: what is asked of which matter. ``chemin``: its address, for the link to the next page."""

    donnees: Donnees
    matiere: Matiere
    chemin: str
    demandes: Mapping[str, Any]
    textes: tuple[tuple[str, str], ...]

    def __getitem__(self, nom: str) -> Any:
        return self.demandes[nom]

    @property
    def lecteur(self) -> Lecteur:
        """The public, as of today or of the week that is asked."""
        return self.matiere.lecteur

    def indicateur(self) -> Indicateur:
        """The one asked. Raises :class:`Probleme` (404)."""
        declare = self.matiere.indicateurs.get(self["id"])
        if declare is None:
            raise introuvable("Indicateur", self["id"], f"{RACINE}/indicateurs")
        return declare

    def lieu(self, code: str) -> dict[Any, Any]:
        """The place of a code. Raises :class:`Probleme` (404)."""
        if code not in self.matiere.places.index:
            raise introuvable("Territoire", code, f"{RACINE}/territoires")
        lieu: dict[Any, Any] = self.matiere.places.loc[[code]].to_dict("records")[0]
        return lieu

    def page(self, total: int) -> dict[str, Any]:
        """Where this page is in its list."""
        pages = max(1, -(-total // self["limite"]))
        suivante = None
        if self["page"] < pages:
            autres = [(n, t) for n, t in self.textes if n != "page"]
            suivante = f"{self.chemin}?{urlencode([*autres, ('page', self['page'] + 1)])}"
        return {"total": total, "page": self["page"], "pages": pages, "suivante": suivante}

    def coupe(self, lignes: Sequence[Any]) -> list[Any]:
        """The rows of this page."""
        debut = (self["page"] - 1) * self["limite"]
        return list(lignes[debut : debut + self["limite"]])


@dataclass(frozen=True)
class Contenu:
    """What is answered. ``lignes``, ``ligne``: the key of the list that a CSV is made of, and what its rows are."""

    objet: BaseModel | Mapping[str, Any] | bytes
    lignes: str = ""
    ligne: type[Modele] | None = None

    @property
    def suivante(self) -> str | None:
        """Address of the next page of a list."""
        if isinstance(self.objet, Mapping):
            suite = self.objet.get("suivante")
            return str(suite) if suite else None
        return getattr(self.objet, "suivante", None)

    def octets(self, forme: str) -> bytes:
        """As a format that its operation declares."""
        if isinstance(self.objet, bytes):
            return self.objet
        return self.csv() if forme == "csv" else self.json()

    def json(self) -> bytes:
        """Compact JSON, UTF-8, without NaN."""
        if isinstance(self.objet, BaseModel):
            return self.objet.model_dump_json().encode()
        return json.dumps(self.objet, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()

    def csv(self) -> bytes:
        """The rows of the list as RFC 4180, with decimal points: for programs. No cell can become a formula."""
        assert self.ligne is not None
        objet: Any = self.objet.model_dump(mode="json") if isinstance(self.objet, BaseModel) else self.objet
        colonnes = [c for c in self.ligne.model_fields if c != "liens"]
        lignes = [[_cellule(ligne[c]) for c in colonnes] for ligne in objet[self.lignes]]
        cadre = pd.DataFrame(lignes, columns=colonnes, dtype=object)
        return inoffensif(cadre).to_csv(index=False, lineterminator="\r\n").encode()


Lecture = Callable[[Demande], Contenu]


def _cellule(valeur: object) -> object:
    return " ".join(map(str, valeur)) if isinstance(valeur, list | tuple) else valeur
