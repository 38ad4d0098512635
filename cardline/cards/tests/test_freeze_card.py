"""Freezing a card: who may, what it writes down, and that nothing is done twice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from redis import ConnectionError as RedisConnectionError

from cardline.cards.commands import CardClosed, CoreSilent, freeze_card, unfreeze_card
from cardline.cards.models import Freeze
from cardline.cards.queries import cards_of
from cardline.cases.commands import NEVER
from cardline.cases.models import Case, Entry
from cardline.identity.queries import guest
from cardline.issuer import core
from cardline.issuer.embedded import models as rows
from cardline.kit import limits
from cardline.kit.limits import FREEZES
from cardline.kit.redact import clean
from cardline.kit.refusals import LevelTooLow, NotPermitted, NotThere, TooMany
from cardline.routing.commands import start_chat


def card_of_hers(actor: Any) -> str:
    return next(card.token for card in cards_of(actor) if card.mine)


def test_a_signed_in_member_freezes_her_card_and_gets_a_reference(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    answer = freeze_card(by=maya, now=cast.now, card=card_of_hers(maya))
    assert answer["changed"] and answer["last4"] == "4471" and answer["frozen_at"] == cast.now.isoformat()
    assert [card.state for card in cards_of(maya)] == [core.CardState.FROZEN]
    case = Case.objects.get(pk=answer["case_id"])
    assert (case.ref, case.need, case.member_id) == (answer["ref"], "lost_stolen.freeze", cast.maya.pk)
    entry = Entry.objects.get(case=case, kind="card.frozen")
    assert entry.visible and entry.side == "member" and entry.contact is None
    assert json.loads(entry.data)["last4"] == "4471"


def test_nobody_here_has_to_look_at_a_case_that_is_only_a_freeze(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    answer = freeze_card(by=maya, now=cast.now, card=card_of_hers(maya))
    assert Case.objects.get(pk=answer["case_id"]).attention_at == NEVER


def test_the_case_is_called_in_the_members_language(cast: Any, as_member: Any) -> None:
    luis = as_member(cast.luis)
    answer = freeze_card(by=luis, now=cast.now, card=card_of_hers(luis))
    assert Case.objects.get(pk=answer["case_id"]).subject == "Tarjeta terminada en 2206 congelada"


def test_freezing_a_frozen_card_is_a_normal_result_and_keeps_its_first_time(
    cast: Any, as_member: Any
) -> None:
    maya = as_member(cast.maya)
    token = card_of_hers(maya)
    first = freeze_card(by=maya, now=cast.now, card=token)
    again = freeze_card(by=maya, now=cast.now + timedelta(minutes=5), card=token)
    assert again == {**first, "changed": False}
    assert (
        Entry.objects.filter(kind="card.frozen").count()
        == Freeze.objects.count()
        == Case.objects.count()
        == 1
    )


def test_a_double_click_freezes_once(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    token = card_of_hers(maya)
    first = freeze_card(by=maya, key="one press", now=cast.now, card=token)
    assert freeze_card(by=maya, key="one press", now=cast.now + timedelta(seconds=1), card=token) == first


def test_it_joins_the_case_about_the_lost_card_that_is_open_already(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    about = start_chat(
        by=maya,
        now=cast.now,
        need="lost_stolen.report",
        text=clean("My card is gone"),
        language="en",
        plan={},
    )
    answer = freeze_card(by=maya, now=cast.now, card=card_of_hers(maya))
    assert answer["ref"] == about["ref"]


def test_an_agent_freezes_in_the_contact_the_signed_in_member_began(
    cast: Any, as_member: Any, as_agent: Any
) -> None:
    maya, dana = as_member(cast.maya), as_agent(cast.dana)
    about = start_chat(
        by=maya, now=cast.now, need="lost_stolen.report", text=clean("Gone"), language="en", plan={}
    )
    answer = freeze_card(by=dana, now=cast.now, card=card_of_hers(maya), contact_id=about["contact_id"])
    assert answer["ref"] == about["ref"]
    entry = Entry.objects.get(kind="card.frozen")
    assert (entry.side, entry.contact, entry.case_id) == ("agent", about["contact_id"], about["case_id"])


def test_an_agent_of_another_team_finds_no_such_contact(cast: Any, as_member: Any, as_agent: Any) -> None:
    maya, priya = as_member(cast.maya), as_agent(cast.priya)
    about = start_chat(
        by=maya, now=cast.now, need="lost_stolen.report", text=clean("Gone"), language="en", plan={}
    )
    with pytest.raises(NotThere):
        freeze_card(by=priya, now=cast.now, card=card_of_hers(maya), contact_id=about["contact_id"])


def test_an_agent_needs_a_contact_whose_member_is_known(cast: Any, as_member: Any, as_agent: Any) -> None:
    maya, dana = as_member(cast.maya), as_agent(cast.dana)
    token = card_of_hers(maya)
    with pytest.raises((LevelTooLow, NotPermitted)):
        freeze_card(by=dana, now=cast.now, card=token)
    nobody = guest("some token")
    about = start_chat(
        by=nobody, now=cast.now, need="lost_stolen.report", text=clean("Gone"), language="en", plan={}
    )
    with pytest.raises(LevelTooLow):
        freeze_card(by=dana, now=cast.now, card=token, contact_id=about["contact_id"])


def test_an_agent_cannot_reach_another_members_card_through_a_contact(
    cast: Any, as_member: Any, as_agent: Any
) -> None:
    maya, luis, dana = as_member(cast.maya), as_member(cast.luis), as_agent(cast.dana)
    about = start_chat(
        by=luis, now=cast.now, need="lost_stolen.report", text=clean("Gone"), language="es", plan={}
    )
    with pytest.raises(NotThere):
        freeze_card(by=dana, now=cast.now, card=card_of_hers(maya), contact_id=about["contact_id"])


def test_somebody_elses_card_answers_like_one_that_does_not_exist(cast: Any, as_member: Any) -> None:
    maya, luis = as_member(cast.maya), as_member(cast.luis)
    with pytest.raises(NotThere) as others:  # SR-22
        freeze_card(by=luis, now=cast.now, card=card_of_hers(maya))
    with pytest.raises(NotThere) as missing:
        freeze_card(by=luis, now=cast.now, card="card_that_never_was")
    assert str(others.value) == str(missing.value)
    assert cards_of(maya)[0].state == core.CardState.ACTIVE and not Case.objects.exists()


def test_an_additional_card_member_freezes_their_own_card_only(cast: Any, as_member: Any) -> None:
    nils, rosa, ida = as_member(cast.nils), as_member(cast.rosa), as_member(cast.ida)
    for somebody_elses in (card_of_hers(rosa), card_of_hers(ida)):
        with pytest.raises(NotThere):
            freeze_card(by=nils, now=cast.now, card=somebody_elses)
    assert freeze_card(by=nils, now=cast.now, card=card_of_hers(nils))["changed"]


def test_the_accounts_holder_freezes_every_card_of_the_account(cast: Any, as_member: Any) -> None:
    rosa = as_member(cast.rosa)
    answers = [freeze_card(by=rosa, now=cast.now, card=card.token) for card in cards_of(rosa)]
    assert {answer["last4"] for answer in answers} == {"3390", "3408", "3416"}
    assert len({answer["ref"] for answer in answers}) == 1  # one case holds all three


def test_a_freeze_made_by_the_holder_does_not_show_the_additional_member_their_case(
    cast: Any, as_member: Any
) -> None:
    nils, rosa = as_member(cast.nils), as_member(cast.rosa)
    freeze_card(by=rosa, now=cast.now, card=card_of_hers(nils))
    answer = freeze_card(by=nils, now=cast.now, card=card_of_hers(nils))
    assert (answer["ref"], answer["case_id"], answer["changed"]) == (None, None, False)


def test_whoever_proved_nothing_is_asked_to_sign_in(cast: Any, as_member: Any) -> None:
    token = card_of_hers(as_member(cast.maya))
    elsewhere = replace(as_member(cast.maya), session="another session")
    with pytest.raises(LevelTooLow):
        freeze_card(by=elsewhere, now=cast.now, card=token)
    with pytest.raises(NotPermitted):
        freeze_card(by=guest("token"), now=cast.now, card=token)


def test_a_closed_card_says_so(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    token = card_of_hers(maya)
    rows.Card.objects.filter(token=token).update(closed_at=cast.now)
    with pytest.raises(CardClosed):
        freeze_card(by=maya, now=cast.now, card=token)


def test_freezing_and_unfreezing_without_end_is_too_often(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    token = card_of_hers(maya)
    with pytest.raises(TooMany):  # SR-44
        for turn in range(FREEZES.most + 1):
            change = unfreeze_card if turn % 2 else freeze_card
            change(by=maya, now=cast.now + timedelta(seconds=turn), card=token)


def test_a_freeze_needs_no_counter_when_redis_is_gone(
    cast: Any, as_member: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:  # SR-77
    class Gone:
        def __getattr__(self, name: str) -> Any:
            raise RedisConnectionError("gone")

    maya = as_member(cast.maya)
    settings.CARDLINE_REDIS_URL = "redis://gone"
    monkeypatch.setattr(limits, "cache", Gone())
    assert freeze_card(by=maya, now=cast.now, card=card_of_hers(maya))["changed"]


def test_a_card_the_core_gave_back_by_itself_can_be_frozen_again(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    token = card_of_hers(maya)
    for day in range(3):  # at one and the same instant, so that no key rests on the time
        rows.Card.objects.filter(token=token).update(frozen_at=None)
        answer = freeze_card(by=maya, now=cast.now, card=token)
        assert answer["changed"] and cards_of(maya)[0].is_frozen, day
    assert Freeze.objects.filter(unfrozen_at=None).count() == 1
    assert Entry.objects.filter(kind="card.frozen").count() == 3


def test_a_card_the_core_froze_gets_its_reference_when_the_member_asks_for_the_freeze(
    cast: Any, as_member: Any
) -> None:
    maya = as_member(cast.maya)
    token = card_of_hers(maya)
    rows.Card.objects.filter(token=token).update(frozen_at=cast.now - timedelta(days=1))
    answer = freeze_card(by=maya, now=cast.now, card=token)
    assert answer["ref"] and not answer["changed"]
    assert answer["frozen_at"] == (cast.now - timedelta(days=1)).isoformat()


@pytest.fixture
def silent_core() -> Iterator[None]:
    """A core that takes the request and never answers."""

    class Silent(type(core.current_core())):  # type: ignore[misc]
        def freeze(self, token: str, *, at: Any, key: str) -> core.Card:
            raise core.CoreUnknown("timed out")

    real = core.current_core()
    core.use_core(Silent())
    yield
    core.use_core(real)


@pytest.mark.usefixtures("silent_core")
def test_a_core_that_does_not_answer_is_never_called_a_failure(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    with pytest.raises(CoreSilent) as silence:
        freeze_card(by=maya, key="press", now=cast.now, card=card_of_hers(maya))
    assert silence.value.status == 503 and silence.value.retry_after
    assert not Case.objects.exists() and not Freeze.objects.exists()


def test_asking_again_after_a_silence_is_the_same_request_to_the_core(cast: Any, as_member: Any) -> None:
    maya = as_member(cast.maya)
    asked: list[str] = []

    class DoneButSilent(type(core.current_core())):  # type: ignore[misc]
        """The first freeze is done, and its answer lost."""

        def freeze(self, token: str, *, at: Any, key: str) -> core.Card:
            asked.append(key)
            if len(asked) == 1:
                raise core.CoreUnknown("timed out")
            return super().freeze(token, at=at, key=key)

    real = core.current_core()
    core.use_core(DoneButSilent())
    try:
        with pytest.raises(CoreSilent):
            freeze_card(by=maya, now=cast.now, card=card_of_hers(maya))
        freeze_card(by=maya, now=cast.now + timedelta(seconds=9), card=card_of_hers(maya))
    finally:
        core.use_core(real)
    assert len(asked) == 2 and asked[0] == asked[1]
