"""Whose restrictions count for a command: those of whoever is spoken for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cardline.identity.models import Evidence
from cardline.kit.actors import Actor, Standing
from cardline.members.authorities.queries import speaker_in
from cardline.members.restrictions.door import refuse_what_is_restricted


def refuse_restricted(by: Standing, level: str, arguments: dict[str, Any], now: datetime) -> None:
    """Refuse what a restriction stops. level: as the command names it; one without an action ("V2") says too little to
    look anything up, so no command of ours names one (config/tests/test_restriction_table.py).

    Raises members.restrictions.door.UnderRestriction.
    """
    people = spoken_for(by.actor, arguments)
    if people is not None and ":" in level:
        refuse_what_is_restricted(by.actor, level, people, arguments, now, by.capacity)


def spoken_for(actor: Actor, arguments: dict[str, Any]) -> int | QuerySet[Any] | None:
    """The member; in an agent's contact whom the speaker named there acts for, else a query for who proved there to be
    one; None for a guest."""
    if actor.member_id:
        return actor.member_id
    if arguments.get("contact_id") is not None:
        speaker = speaker_in(int(arguments["contact_id"]))
        if speaker is not None:
            return speaker.member_id
        return Evidence.objects.filter(contact=arguments["contact_id"]).values("member")
    return int(arguments.get("member_id") or 0) or None
