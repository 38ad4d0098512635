"""Whether one of us speaks with a member right now, so that they can tell us from somebody who says so (DOMAIN 8)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language

from cardline.contact.models import Contact
from cardline.issuer.profile import NotInProfile, current_profile
from cardline.kit.actors import Actor
from cardline.kit.reference import contact_reference
from cardline.kit.visibility import visible
from cardline.staff.models import Agent
from cardline.trust.queries import call_that_runs, code_of
from cardline.trust.rules import shown


@dataclass(frozen=True, slots=True)
class Talking:
    """name: the colleague's first one. code: what they read out when they call, "" in a chat; url: of the chat."""

    name: str
    team: str
    code: str = ""
    url: str = ""


def talking_with(actor: Actor) -> Talking | None:
    """Who of us calls this member now, else who is in a live chat with them; None for anybody not signed in."""
    if not actor.member_id:
        return None
    call = call_that_runs(actor, member_id=actor.member_id)
    if call is not None:
        return Talking(call.agent.given_name, team_name(call.agent), code=shown(code_of(call.code.salt)))
    chats = visible(Contact, actor).filter(
        member=actor.member_id,
        channel=Contact.Channel.CHAT,
        state__in=[Contact.State.ACTIVE, Contact.State.PROPOSED],
        agent__isnull=False,
    )
    chat = chats.select_related("agent", "home_case").order_by("-started_at", "-id").first()
    if chat is None or chat.agent is None:
        return None
    url = reverse("chat", args=[contact_reference(chat.home_case.ref, chat.number)])
    return Talking(chat.agent.given_name, team_name(chat.agent), url=url)


def team_name(agent: Agent) -> str:
    """The team as members read it; the issuer's own name for one that is in the profile no more."""
    language = get_language() or "en"
    try:
        return current_profile().team(agent.team).label.in_(language)
    except NotInProfile:
        return current_profile().short_name.in_(language)
