"""Applying: for whom the core gets it, what is written down, and that it happens once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from cardline.applications.commands import SentAlready, TooYoung, UnknownProduct, send_application
from cardline.audit.models import AuditEvent
from cardline.cases.models import Case, Entry
from cardline.clocks.local import local_date
from cardline.issuer import core
from cardline.issuer.asking import CoreSilent
from cardline.issuer.embedded import models as rows
from cardline.issuer.profile import current_profile
from cardline.kit.redact import clean
from cardline.kit.refusals import KeyReused, Malformed, NotPermitted

AGREED = "true,checks,electronic"
pytestmark = pytest.mark.django_db


def send(by: Any, now: Any, *, key: str | None = "form-key-0001", **changed: Any) -> dict[str, Any]:
    wanted = {
        "wish": "a wish",
        "product": "everyday",
        "given_name": clean("Nora"),
        "family_name": clean("Lindqvist"),
        "born": date(1990, 5, 17),
        "agreed": AGREED,
        **changed,
    }
    return send_application(by=by, key=key, now=now, **wanted)


def test_a_visitor_applies_and_nothing_of_it_is_kept_outside_the_core(visitor: Any, now: Any) -> None:
    sent = send(visitor, now)
    row = rows.Application.objects.get(reference=sent["application"])
    assert (row.product, row.given_name, row.family_name) == ("Everyday Card", "Nora", "Lindqvist")
    assert (row.born, row.customer, row.submitted_at) == (date(1990, 5, 17), None, now)
    assert (sent["case_id"], sent["ref"]) == (None, None)
    assert not Case.objects.exists()


def test_a_member_applies_under_the_name_we_have_and_it_is_written_down(
    cast: Any, as_member: Any, now: Any
) -> None:
    maya = as_member(cast.maya)
    sent = send(maya, now, given_name=clean("Somebody"), family_name=clean("Else"))
    row = rows.Application.objects.get(reference=sent["application"])
    assert (row.given_name, row.family_name) == ("Maya", "Okafor")
    assert row.customer is not None and row.customer.number == cast.maya.core_customer
    case = Case.objects.get(pk=sent["case_id"])
    assert (case.ref, case.need, case.member_id) == (sent["ref"], "apply.new_card", cast.maya.pk)
    assert case.subject == "Application sent: Everyday Card"
    # The decision is still to come: the law says by when, and the case comes up on the day to act by.
    assert case.state == Case.State.OPEN
    assert local_date(case.attention_at, current_profile().zone) == date(2026, 12, 23)
    entry = Entry.objects.get(case=case, kind="application.sent")
    assert json.loads(entry.data) == {"application": sent["application"], "product": "Everyday Card"}


def test_the_case_is_called_in_the_member_s_language(cast: Any, as_member: Any, now: Any) -> None:
    sent = send(as_member(cast.luis), now)
    assert Case.objects.get(pk=sent["case_id"]).subject == "Solicitud enviada: Everyday Card"


def test_the_audit_log_keeps_what_was_agreed_to_and_no_name(visitor: Any, now: Any) -> None:
    send(visitor, now)
    event = AuditEvent.objects.get(name="application.send")
    assert AGREED in event.detail
    assert "Nora" not in event.detail and "1990" not in event.detail


def test_a_second_press_gets_the_first_answer(visitor: Any, now: Any) -> None:
    first = send(visitor, now)
    assert send(visitor, now) == first
    assert rows.Application.objects.count() == 1
    with pytest.raises(KeyReused):
        send(visitor, now, family_name=clean("Lindquist"))


def test_without_the_form_s_key_the_core_still_knows_the_wish(visitor: Any, now: Any) -> None:
    first = send(visitor, now, key=None)
    assert send(visitor, now, key=None)["application"] == first["application"]
    with pytest.raises(SentAlready):
        send(visitor, now, key=None, family_name=clean("Lindquist"))
    assert send(visitor, now, key=None, wish="another")["application"] != first["application"]


@pytest.mark.parametrize("product", ["", "none", "Everyday Card", "company"])
def test_what_nobody_may_apply_for_is_refused(visitor: Any, now: Any, product: str) -> None:
    with pytest.raises(UnknownProduct):
        send(visitor, now, product=product)


@pytest.mark.parametrize("agreed", ["", "true", "true,checks", "true,checks,else"])
def test_every_line_has_to_be_agreed_to(visitor: Any, now: Any, agreed: str) -> None:
    with pytest.raises(Malformed):
        send(visitor, now, agreed=agreed)
    assert not rows.Application.objects.exists()


def test_whoever_is_too_young_is_told_before_the_core_is_asked(visitor: Any, now: Any) -> None:
    with pytest.raises(TooYoung):
        send(visitor, now, born=date(2008, 11, 24))
    assert send(visitor, now, born=date(2008, 11, 23))["application"]  # eighteen today


def test_a_colleague_does_not_apply_at_the_desk(dana: Any, now: Any) -> None:
    with pytest.raises(NotPermitted):
        send(dana, now)


@pytest.fixture
def answering() -> Iterator[Any]:
    """A core whose answer to an application a test decides."""
    real = core.current_core()

    class Core:
        answer: Any = None

        def __getattr__(self, name: str) -> Any:
            return getattr(real, name)

        def apply(self, *args: Any, **kwargs: Any) -> Any:
            if isinstance(self.answer, Exception):
                raise self.answer
            return self.answer(real.apply, *args, **kwargs)

    made = Core()
    core.use_core(made)
    yield made
    core.use_core(real)


@pytest.mark.parametrize(
    ("said", "refusal"),
    [("unknown_product", UnknownProduct), ("too_young", TooYoung), ("key_reused", SentAlready)],
)
def test_each_no_of_the_core_says_what_to_do(
    visitor: Any, now: Any, answering: Any, said: str, refusal: type[Exception]
) -> None:
    answering.answer = core.CoreRefused(said)
    with pytest.raises(refusal) as no:
        send(visitor, now)
    assert len(str(no.value)) > 40


def test_a_lost_answer_is_silence_and_asking_again_is_the_same_wish(
    cast: Any, as_member: Any, now: Any, answering: Any
) -> None:
    maya = as_member(cast.maya)

    def lost(apply: Any, *args: Any, **kwargs: Any) -> Any:
        apply(*args, **kwargs)
        raise core.CoreUnknown("timed out")

    answering.answer = lost
    with pytest.raises(CoreSilent):
        send(maya, now)
    assert not Case.objects.exists()
    answering.answer = lambda apply, *args, **kwargs: apply(*args, **kwargs)
    send(maya, now)
    assert Case.objects.count() == 1 and rows.Application.objects.count() == 1
