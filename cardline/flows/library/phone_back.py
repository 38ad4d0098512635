"""The phone that was gone with the card is back: what was said of it is taken back, and nothing else."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from cardline.flows.library.shared import its_reference, to_a_person
from cardline.flows.registry import Conversation, flow
from cardline.flows.talk import Talk, option


@flow(
    "lost_stolen.phone_back",
    need="lost_stolen.report",
    title=_("I have my phone back"),
    level=2,
    slug="phone-back",
)
def phone_back(talk: Talk) -> Conversation:
    found = yield talk.find("found", "reports.phone_gone")
    if not found["own"]:
        yield talk.done(
            "led", _("Only the member can say this, on their own pages: it decides who gets our codes.")
        )
        return
    if not found["gone"]:
        yield talk.done("not_gone", _("No phone of yours is said to be gone. Codes go to it as always."))
        return
    yield talk.say(_("While it was gone no code to it proved anything. Your cards stay as they are."))
    where = yield talk.choose(
        "where",
        _("Where was it?"),
        option("mine", _("Only I could reach it")),
        option("others", _("Somebody else may have had it")),
        option("number", _("It has another number or SIM now")),
    )
    if where == "number":
        yield talk.done(
            "led", _("Then put the new number in Contact data. The old one proves nothing any more.")
        )
        return
    if where == "others":
        yield talk.say(
            _(
                "Then change its lock first, and end every other sign-in under Safety: it may still be signed in."
            )
        )
    sure = yield talk.yes_no(
        "sure",
        _("Shall codes to that phone count again? You show that it is you by a passkey or another phone."),
    )
    if not sure:
        yield talk.done("kept", _("It stays as it is. Come back here when you are sure."))
        return
    back = yield talk.do("back", "reports.phone_back")
    if not back.done:
        yield from to_a_person(talk, back)
        return
    yield from its_reference(talk, back)
    yield talk.done("back", _("Codes go to your phone again, and count as they did before."))
