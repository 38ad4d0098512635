"""/plan: from words or a need to a plan, before any contact."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from django.http import HttpRequest
from ninja import Router
from pydantic import Field, model_validator

from cardline.api.auth import Bearer, caller_of
from cardline.api.known import CardType, Language, NeedId, known_card_type, known_language, known_need
from cardline.api.reading import Input
from cardline.api.shapes import Output
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.refusals import Malformed
from cardline.needs.plan import Held, make_plan, plan_as_json
from cardline.needs.triage import Reading, triage
from cardline.routing.queries import chat_wait_seconds

router = Router(tags=["plan"])


class Question(Input):
    """text: what is wrong, in somebody's own words; or need: when it is known. country: an ISO code or a region's id
    of the profile.
    """

    text: Annotated[str, Field(min_length=1, max_length=4_000)] | None = None
    need: NeedId | None = None
    country: Annotated[str, Field(pattern=r"^[A-Za-z_]{2,32}$")] | None = None
    card_type: CardType | None = None
    language: Language | None = None

    @model_validator(mode="after")
    def one_of_both(self) -> Self:
        if (self.text is None) == (self.need is None):
            raise ValueError("send text or need, one of them")
        return self


class ReadyOut(Output):
    """held: we know it already."""

    id: str
    text: str
    held: bool


class ChannelOut(Output):
    """open, opens_at and wait_seconds are null where nobody knows. url: a path of ours, or a mailto."""

    id: str
    open: bool | None
    opens_at: datetime | None
    wait_seconds: int | None
    number: str | None
    address: list[str]
    url: str | None


class PlanOut(Output):
    """channels: the quickest open one first, then the issuer's order. also: further needs the text names."""

    need: str
    alternatives: list[str]
    also: list[str]
    urgent: bool
    ready: list[ReadyOut]
    channels: list[ChannelOut]
    tips: list[str]
    next: list[str]


@router.post("/plan", auth=Bearer("plan:read"), response=PlanOut)
def plan(request: HttpRequest, body: Question) -> PlanOut:
    """What to have ready, which channel is best now, and what happens next. Nothing is kept."""
    profile, now = current_profile(), clock.now()
    reading = _read(body.text) if body.text is not None else None
    need = reading.need if reading else known_need(body.need or "")
    queue = profile.need_family(need).queue
    made = make_plan(
        profile,
        need,
        now=now,
        country=body.country,
        card_type=known_card_type(body.card_type),
        language=known_language(body.language),
        held=Held(identity=bool(caller_of(request).actor.on_behalf_of)),
        waits={f"chat/{queue}": chat_wait_seconds(queue, now)},
        reading=reading,
    )
    return PlanOut.model_validate(plan_as_json(made))


def _read(text: str) -> Reading:
    reading = triage(text)
    if not reading.confidence:
        raise Malformed("There are no words in this text. Say what is wrong in a sentence.", field="text")
    return reading
