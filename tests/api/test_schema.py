"""The OpenAPI document against what is answered: requests made from it, good and bad, on the tiny espace."""

from __future__ import annotations

from collections import Counter

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dashboard.api.application import TOUTES
from dashboard.bootstrap import Application
from tests import mini
from tests.api.conftest import RACINE, serveur

CONTROLES = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, negative_data_rejection,
]  # fmt: skip
EXISTANTS = {"id": ["effectif", "taux_publie", "effectif_secret"], "code": [mini.REGION, "COM-98001"]}


@pytest.fixture(scope="module")
def schema(app: Application) -> schemathesis.openapi.loaders.OpenApiSchema:
    lu = schemathesis.openapi.from_asgi(f"{RACINE}/openapi.json", serveur(app))
    lu.validate()
    return lu


def test_every_address_is_in_the_document(schema: schemathesis.openapi.loaders.OpenApiSchema) -> None:
    assert set(schema) == {o.adresse for o in TOUTES}


def demandes(operation: schemathesis.schemas.APIOperation) -> SearchStrategy[Case]:
    """Good and bad ones, and good ones of what exists."""
    chemin = {p.name: st.sampled_from(EXISTANTS[p.name]) for p in operation.path_parameters}
    existants = st.fixed_dictionaries(chemin)
    bonnes = existants.flatmap(lambda lus: operation.as_strategy(GenerationMode.POSITIVE, path_parameters=lus or None))
    mauvaises = [operation.as_strategy(GenerationMode.NEGATIVE)] if chemin or len(operation.query) else []
    return st.one_of(bonnes, operation.as_strategy(GenerationMode.POSITIVE), *mauvaises)


@pytest.mark.parametrize("adresse", [o.adresse for o in TOUTES])
def test_what_is_answered_is_what_is_documented(
    schema: schemathesis.openapi.loaders.OpenApiSchema, adresse: str
) -> None:
    operation, statuts = schema[adresse]["GET"], Counter[int]()

    @settings(max_examples=25, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=demandes(operation))
    def essaie(case: Case) -> None:
        statuts[case.call_and_validate(checks=CONTROLES).status_code] += 1

    essaie()
    assert statuts[200] > 0, statuts
