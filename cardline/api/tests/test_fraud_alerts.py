"""The issuer's watcher tells of a charge, and reads what its member says."""

from __future__ import annotations

from typing import Any

import pytest

from cardline.api.tests.scene import Caller, make_key
from cardline.demo.people import actor_of
from cardline.fraud.commands import deny_charge
from cardline.fraud.models import FraudAlert
from cardline.identity.commands import record_sign_in
from cardline.identity.queries import session_hash
from cardline.issuer.core import current_core
from cardline.kit import clock
from cardline.kit.actors import SYSTEM


@pytest.fixture
def watcher(cast: Any) -> Caller:
    return Caller(make_key("fraud_alerts:read", "fraud_alerts:write"))


def a_charge(cast: Any, **more: Any) -> dict[str, Any]:
    customer = cast.maya.core_customer
    return {
        "reference": "case-77", "member": customer, "card": current_core().cards(customer)[0].token,
        "merchant": "Electronics Barn", "place": "Reno NV", "amount_minor": 81_250, "currency": "USD",
        "charged_at": clock.now().isoformat(), **more,
    }  # fmt: skip


def test_it_is_told_once_and_its_answer_is_read(cast: Any, watcher: Caller) -> None:
    told = watcher.post("/fraud-alerts", a_charge(cast))
    assert told.status_code == 201 and told.json()["blocked"] and told.json()["state"] in ("asked", "silent")
    again = watcher.post("/fraud-alerts", a_charge(cast))
    assert again.status_code == 201 and again.json()["id"] == told.json()["id"]
    assert FraudAlert.objects.count() == 1

    session = session_hash("hers")
    record_sign_in(by=SYSTEM, now=clock.now(), member_id=cast.maya.pk, session=session)
    deny_charge(by=actor_of(cast.maya, session), now=clock.now(), alert=told.json()["id"])
    read = watcher.get(f"/fraud-alerts/{told.json()['id']}").json()
    assert (read["state"], read["answered_by"], read["reference"]) == ("answered_no", "page", "case-77")


def test_another_key_reads_nothing_of_it(cast: Any, watcher: Caller) -> None:
    told = watcher.post("/fraud-alerts", a_charge(cast)).json()
    other = Caller(make_key("fraud_alerts:read", name="Another"))
    assert other.get(f"/fraud-alerts/{told['id']}").status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount_minor", 0),
        ("amount_minor", "5"),
        ("currency", "usd"),
        ("merchant", ""),
        ("charged_at", "yesterday"),
        ("reference", "with space"),
        ("score", 0.97),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_stopped(
    cast: Any, watcher: Caller, field: str, value: Any
) -> None:
    answer = watcher.post("/fraud-alerts", a_charge(cast, **{field: value}))
    assert answer.status_code == 422 and field in str(answer.json()["errors"])
    assert not FraudAlert.objects.exists()


def test_somebody_elses_card_and_none_are_alike(cast: Any, watcher: Caller) -> None:
    theirs = current_core().cards(cast.hannah.core_customer)[0].token
    for card in (theirs, "card_none"):
        assert watcher.post("/fraud-alerts", a_charge(cast, card=card)).status_code == 404
