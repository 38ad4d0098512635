from __future__ import annotations

import pytest

from cardline.conftest import NOON
from cardline.identity.commands import record_sign_in
from cardline.identity.queries import actor_of_session, session_hash
from cardline.kit import news
from cardline.kit.actors import SYSTEM, Actor, Kind
from cardline.kit.refusals import NotThere
from cardline.members.commands import lock_sign_in
from cardline.members.models import Member


@pytest.mark.django_db(transaction=True)
def test_a_locked_member_is_a_guest_at_the_next_request_and_their_screens_close(maya: Actor) -> None:  # SR-24
    told: list[str] = []
    news.use_publisher(lambda batch: told.extend(item.topic for item in batch))
    user = Member.objects.get(pk=maya.member_id).user_id
    record_sign_in(by=SYSTEM, now=NOON, member_id=maya.member_id, session=session_hash("session"))
    try:
        assert actor_of_session(user, "session", "").kind == Kind.MEMBER
        lock_sign_in(by=SYSTEM, now=NOON, member_id=maya.member_id, locked=True)
    finally:
        news.use_publisher(None)
    assert actor_of_session(user, "session", "").kind == Kind.GUEST
    assert told == [f"revoked:{maya.key}"]
    lock_sign_in(by=SYSTEM, now=NOON, member_id=maya.member_id, locked=False)
    assert actor_of_session(user, "session", "").kind == Kind.MEMBER


@pytest.mark.django_db
def test_nobody_by_that_number() -> None:
    with pytest.raises(NotThere):
        lock_sign_in(by=SYSTEM, now=NOON, member_id=999_999, locked=True)
