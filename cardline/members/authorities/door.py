"""The door of the command path: whether whoever speaks may do this for whom they speak (DOMAIN 8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from cardline.kit.actors import SELF, Actor, Kind, Standing
from cardline.kit.refusals import Refusal
from cardline.members.authorities.models import Speaker
from cardline.members.authorities.queries import scopes_to_act, speaker_in
from cardline.members.authorities.rules import allows
from cardline.members.authorities.table import TABLE, Scope, Takes
from cardline.members.authorities.words import DOING
from cardline.ui.capacities import capacity_name


class CapacityMissing(Refusal):
    """We may know well who speaks; they may not do this for that member. Made into words when it is read.

    lacks: the scope that is missing, Takes.ONESELF for what nobody does for another, None: the authority is not valid
    (any more). speaker: the name of whoever speaks, where a colleague reads it.
    """

    status = 403
    code = "capacity_missing"

    def __init__(self, capacity: str, member: str, lacks: Scope | Takes | None, speaker: str = "") -> None:
        super().__init__()
        self.capacity, self.member, self.lacks, self.speaker = capacity, member, lacks, speaker

    def __str__(self) -> str:
        named = {"capacity": capacity_name(self.capacity), "member": self.member, "speaker": self.speaker}
        if isinstance(self.lacks, Scope):
            named["doing"] = str(DOING[self.lacks])
        return self._to_staff(named) if self.speaker else self._to_member(named)

    def _to_member(self, named: dict[str, str]) -> str:
        if self.lacks is None:
            return gettext(
                "You can’t act for %(member)s as %(capacity)s now. Nothing was done. Go on as yourself, or call"
                " us if papers are on their way."
            ) % named  # fmt: skip
        if self.lacks is Takes.ONESELF:
            return gettext(
                "You act for %(member)s as %(capacity)s. This is for %(member)s alone. You can freeze a card or write"
                " to us for them, or go on as yourself."
            ) % named  # fmt: skip
        return gettext(
            "You act for %(member)s as %(capacity)s, and that does not include %(doing)s. You can freeze a card or"
            " write to us for them, or go on as yourself."
        ) % named  # fmt: skip

    def _to_staff(self, named: dict[str, str]) -> str:
        if isinstance(self.lacks, Scope):
            return gettext(
                "%(speaker)s speaks for %(member)s as %(capacity)s, and that does not include %(doing)s. Freezing is"
                " always possible; for the rest speak with %(member)s."
            ) % named  # fmt: skip
        return gettext(
            "%(speaker)s can’t speak for %(member)s as %(capacity)s now. Freezing is always possible; for the"
            " rest speak with %(member)s, or look at who may act for them."
        ) % named  # fmt: skip


def capacity_of(actor: Actor, command: str, arguments: dict[str, Any], now: datetime) -> Standing:
    """For whom this command is done and in what capacity, before anybody asked how surely the speaker is known.

    One statement for a member who acts for another, none for anybody else but a colleague whose command takes a scope.
    Raises CapacityMissing.
    """
    if actor.acting_for:
        return _for_another(actor, command, now)
    takes = TABLE.takes(command)
    if actor.kind == Kind.AGENT and arguments.get("contact_id") is not None and takes in set(Scope):
        speaker = speaker_in(int(arguments["contact_id"]))
        if speaker is not None and speaker.capacity != SELF:
            return _in_conversation(actor, speaker, takes, now)
    return Standing(actor, party=actor.member_id)


def check_sight(actor: Actor) -> None:
    """Raise CapacityMissing where somebody acts for a member without being allowed to see what is theirs."""
    check_scope(actor, Scope.SEE)


def check_scope(actor: Actor, scope: Scope) -> None:
    """Raise CapacityMissing where somebody acts for a member and their authority does not include this."""
    if actor.acting_for and scope not in actor.scopes:
        raise CapacityMissing(actor.capacity, actor.principal, scope)


def check_oneself(actor: Actor) -> None:
    """Raise CapacityMissing where somebody acts for a member on a page that is for that member alone."""
    if actor.acting_for:
        raise CapacityMissing(actor.capacity, actor.principal, Takes.ONESELF)


def _for_another(actor: Actor, command: str, now: datetime) -> Standing:
    takes = TABLE.takes(command)
    if takes is Takes.SPEAKER:
        return Standing(actor, party=actor.person_id)
    scopes = scopes_to_act(actor.person_id, actor.acting_for, actor.capacity, now)
    if scopes is None:
        raise CapacityMissing(actor.capacity, actor.principal, None)
    if not allows(takes, scopes):
        assert takes is not Takes.PROTECT
        raise CapacityMissing(actor.capacity, actor.principal, takes)
    return Standing(actor, party=actor.acting_for, capacity=actor.capacity)


def _in_conversation(actor: Actor, speaker: Speaker, takes: Scope | Takes, now: datetime) -> Standing:
    scopes = scopes_to_act(speaker.person_id, speaker.member_id, speaker.capacity, now)
    if scopes is None or not allows(takes, scopes):
        lacks = takes if scopes is not None else None
        raise CapacityMissing(speaker.capacity, speaker.member.name, lacks, speaker.person.name)
    return Standing(actor, party=speaker.member_id, capacity=speaker.capacity)
