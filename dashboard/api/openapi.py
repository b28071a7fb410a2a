"""The OpenAPI 3.1 document, made of the declarations that route and check the requests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from dashboard.api.demande import RACINE
from dashboard.api.erreurs import TYPE_PROBLEME
from dashboard.api.modeles import Refus
from dashboard.api.operations import TYPES, Operation
from dashboard.api.parametres import Parametre

VERSION = "1.0.0"
DESCRIPTION = "Lecture seule, ouverte à tous, sans clé. Licence et producteur sont dits par chaque fiche."
REFUS = {
    "400": "Un paramètre est inconnu, répété ou mal formé.",
    "404": "Rien de ce nom n'est ouvert à tous.",
    "406": "Aucun des formats de l'en-tête Accept n'est servi ici.",
    "503": "Le magasin ne répond pas, ou trop de demandes à la fois.",
}
ENTETES = {
    "ETag": {"description": "Marque du contenu, à rendre dans If-None-Match.", "schema": {"type": "string"}},
    "Cache-Control": {"schema": {"type": "string"}},
}


def document(operations: Sequence[Operation]) -> bytes:
    """The document of these operations, as JSON."""
    modeles = [m for m in dict.fromkeys([*(o.reponse for o in operations), Refus]) if m is not None]
    _, schemas = models_json_schema(
        [(m, "serialization") for m in modeles], ref_template="#/components/schemas/{model}"
    )
    contenu = {
        "openapi": "3.1.0",
        "info": {"title": "Boussole, interface de lecture", "version": VERSION, "description": DESCRIPTION},
        "servers": [{"url": RACINE}],
        "paths": {o.adresse: {"get": _operation(o)} for o in operations},
        "components": {"schemas": schemas["$defs"]},
    }
    return json.dumps(contenu, ensure_ascii=False, separators=(",", ":")).encode()


def _operation(o: Operation) -> dict[str, Any]:
    contenu = {TYPES[f].partition(";")[0]: _schema_de(o, f) for f in o.formats}
    refus = ["400", "406", *(["404"] if o.demandes or o.chemin else []), *([] if o.fixe else ["503"])]
    return {
        "operationId": o.id,
        "summary": o.resume,
        "parameters": [*(_parametre(x, "path") for x in o.chemin), *(_parametre(x, "query") for x in o.demandes)],
        "responses": {
            "200": {"description": o.resume, "headers": ENTETES, "content": contenu},
            "304": {"description": "Rien n'a changé depuis la marque donnée."},
            **{statut: _refus(statut) for statut in refus},
        },
    }


def _schema_de(o: Operation, forme: str) -> dict[str, Any]:
    if forme in ("csv", "html") or o.reponse is None:
        return {"schema": {"type": "string"}}
    return {"schema": {"$ref": f"#/components/schemas/{o.reponse.__name__}"}}


def _parametre(x: Parametre, ou: str) -> dict[str, Any]:
    return {"name": x.nom, "in": ou, "description": x.texte, "required": ou == "path", "schema": dict(x.schema)}


def _refus(statut: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Refus"}
    return {"description": REFUS[statut], "content": {TYPE_PROBLEME: {"schema": schema}}}
