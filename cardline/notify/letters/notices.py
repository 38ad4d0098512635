"""Messages that go by post: the letter's own road, with its queue and its PDF, to exactly the place they are about.

A notice that an address was changed goes to the old one and the new one. Sent anywhere else it would tell the wrong
person, and what stands in it is for whoever opens the envelope there: its link stops the change, and says "it was me".
So no page shows a notice to whoever is signed in as the member, it is in no case, and it is never sent after somebody.
"""

from __future__ import annotations

from datetime import datetime

from cardline.clocks.local import local_date
from cardline.issuer.profile import current_profile
from cardline.kit.actors import Kind, Standing
from cardline.kit.commands import command
from cardline.kit.reference import parse_reference
from cardline.kit.visibility import visible
from cardline.notify.letters.commands import put_on_its_way
from cardline.notify.letters.delivery import notice_route
from cardline.notify.letters.models import Letter
from cardline.notify.letters.rules import act_by
from cardline.notify.letters.table import NOTICE, REFERENCE, letter_kind
from cardline.notify.letters.writing import seal_of, write
from cardline.notify.models import Outgoing


@command("letter.notice", by=[Kind.SYSTEM], about="outgoing:{outgoing}")
def print_notice(*, by: Standing, now: datetime, outgoing: str) -> bool:
    """A message whose way is the post is among those that are printed today, under the name it has (outgoing).

    False: it is there already. Raises Outgoing.DoesNotExist, LetterLacksPart.
    """
    if visible(Letter, by.actor).filter(name=outgoing).exists():
        return False
    message = visible(Outgoing, by.actor).select_related("member").get(name=outgoing)
    of, profile, member = letter_kind(f"{NOTICE}{message.template}"), current_profile(), message.member
    content = write(of, message.values, member, profile, law="", now=now).content()
    row = Letter(
        member=member,
        case=0,
        kind=of.id,
        version=of.version(member.language, profile.jurisdiction, ""),
        language=member.language,
        country=profile.jurisdiction,
        reference=parse_reference(message.values[REFERENCE]) if REFERENCE in message.values else "",
        content=content,
        seal=seal_of(content),
        act_by=act_by(local_date(now, profile.zone), of.days, None, profile.calendar),
        proves_us_id=message.proves_us_id,
    )
    put_on_its_way(row, notice_route(member, message.to, now, of=of), now, name=outgoing)
    return True
