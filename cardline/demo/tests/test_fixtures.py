"""The sign-in helpers of the root conftest give what they say: every page test leans on them."""

from __future__ import annotations

from typing import Any

from cardline.identity.queries import actor_of_session, level_of


def actor_behind(client: Any) -> Any:
    session = client.session
    return actor_of_session(session.get("_auth_user_id"), session.session_key, session.get("guest", ""))


def test_a_member_client_is_the_member_at_v2(cast: Any, member_client: Any) -> None:
    actor = actor_behind(member_client(cast.maya))
    assert actor.member_id == cast.maya.pk and level_of(actor) == 2


def test_an_agent_client_is_the_agent_in_their_role_and_team(cast: Any, agent_client: Any) -> None:
    for agent in (cast.dana, cast.ines, cast.theo):
        actor = actor_behind(agent_client(agent))
        assert (actor.agent_id, actor.role, actor.team) == (agent.pk, agent.role, agent.team)


def test_as_actor_knows_both_sides(cast: Any, as_actor: Any) -> None:
    assert as_actor(cast.maya).member_id == cast.maya.pk and level_of(as_actor(cast.maya)) == 2
    assert as_actor(cast.dana).agent_id == cast.dana.pk
