"""`/api/v1/docs`: every address and parameter as a page to read, made of the same declarations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard.api.demande import RACINE
from dashboard.api.operations import TYPES, Operation
from dashboard.api.parametres import Parametre
from dashboard.domain.formatage import nombre


def page(operations: Sequence[Operation]) -> bytes:
    """The page, UTF-8."""
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    env.filters["admis"] = admis
    types = {f: t.partition(";")[0] for f, t in TYPES.items()}
    return env.get_template("documentation.html").render(operations=operations, racine=RACINE, types=types).encode()


def admis(parametre: Parametre) -> str:
    """What a parameter takes, in words."""
    schema = parametre.schema
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if schema["type"] == "integer":
        bas, haut, defaut = (nombre(schema[c], 0) for c in ("minimum", "maximum", "default"))
        return f"de {bas} à {haut}, {defaut} par défaut"
    return f"comme {parametre.exemple}" if "pattern" in schema else f"{schema['maxLength']} caractères au plus"
