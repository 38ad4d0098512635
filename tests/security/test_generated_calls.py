"""Calls nobody would think of: no 5xx, no answer outside the schema (SR-49).

About 2,000 calls; 20,000 with CARDLINE_LONG=1. The same seed gives the same calls, so that a failure repeats.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, Response
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cardline.api.openapi import operations
from cardline.api.tests.scene import Caller, Scene
from cardline.issuer.core import current_core
from cardline.kit import clock
from tests.security.world import a_suspicion

load_all_checks()

# The second database answers the same requests: half as many show whether it minds one of them.
CALLS = (
    20_000 if os.environ.get("CARDLINE_LONG") else 1_000 if os.environ.get("CARDLINE_DATABASE_URL") else 2_000
)
OPERATIONS = sorted(operations())
# Where chance alone never hits what is taken: a promise is due within 400 days.
FIT_BODIES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "/api/v1/cases/{ref}/promises": lambda cast: {
        "text": "Call back",
        "due_at": (clock.now() + timedelta(days=3)).isoformat(),
    },
    "/api/v1/fraud-alerts": lambda cast: {
        "reference": "seen-2",
        "member": cast.rosa.core_customer,
        "card": current_core().cards(cast.rosa.core_customer)[0].token,
        "merchant": "Alder Pharmacy",
        "amount_minor": 48_20,
        "currency": "USD",
        "charged_at": (clock.now() - timedelta(minutes=2)).isoformat(),
    },
}
SPEAKS_FOR = "Cardline-On-Behalf-Of"

IN_SCHEMA = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def one_connection(db: None) -> Iterator[None]:
    """All calls see the scene, which stands in a transaction that is never committed."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def _sent_whole(case: Case, response: Response) -> bool:
    """An empty list as a parameter leaves no trace in the address: what was meant to be wrong was never asked."""
    address = urlsplit(str(response.request.url))
    return set(case.query or {}) <= set(parse_qs(address.query, keep_blank_values=True))


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: part.removeprefix("/api/v1/"))
def test_generated_calls_are_answered_in_schema(  # SR-49
    path: str, method: str, issuer: Caller, scene: Scene, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.conf.settings.CARDLINE_LIMIT_FACTOR", 10**6)
    operation = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())[path][method]
    known = {"ref": scene.ref, "contact_id": scene.contact.pk, "promise_id": scene.promise.pk}
    if "{alert}" in path:
        known["alert"] = a_suspicion(cast, issuer.secret)
    known = {name: value for name, value in known.items() if f"{{{name}}}" in path}
    # Called without a server, nothing unpacks what the product packs.
    key = {"Authorization": f"Bearer {issuer.secret}", "Accept-Encoding": "identity"}
    spoken_for = key | {SPEAKS_FOR: cast.rosa.core_customer}
    well_formed = {"generation_mode": GenerationMode.POSITIVE}
    answered: Counter[int] = Counter()

    # Each calls something that is there or not, for somebody or not; the last sends what the schema forbids.
    kinds = [
        st.tuples(operation.as_strategy(**well_formed, path_parameters=known or None), st.just(spoken_for)),
        st.tuples(operation.as_strategy(**well_formed, path_parameters=known or None), st.just(key)),
        st.tuples(operation.as_strategy(**well_formed), st.just(spoken_for)),
        st.tuples(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), st.just(key)),
    ]
    if method == "post" and path in FIT_BODIES:
        fit = {"path_parameters": known or None, "body": FIT_BODIES[path](cast)}
        kinds.append(st.tuples(operation.as_strategy(**well_formed, **fit), st.just(key)))

    @seed(20_261_124)
    @settings(
        max_examples=CALLS // len(OPERATIONS),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(kinds))
    def call(generated: tuple[Case, dict[str, str]]) -> None:
        case, headers = generated
        response = case.call(headers=headers)
        answered[response.status_code] += 1
        case.validate_response(response, checks=IN_SCHEMA)
        if case.meta and case.meta.generation.mode.is_negative and _sent_whole(case, response):
            case.validate_response(response, checks=[negative_data_rejection])

    call()
    assert any(200 <= status < 300 for status in answered), answered
    assert any(status >= 400 for status in answered), answered
