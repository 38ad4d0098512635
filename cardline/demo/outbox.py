"""What the product sent in a demo, by every door: read back from the files it became, with how each stands."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise as LazyText
from django.utils.translation import get_language, pgettext

from cardline.demo.mails import Mail, newest_mails
from cardline.notify.letters.models import Letter
from cardline.notify.letters.words import say_state as say_state_of_letter
from cardline.notify.models import Door, Outgoing
from cardline.notify.queries import proof_in
from cardline.notify.wording import name_of, written
from cardline.notify.words import DOORS, ICONS, say_state, tone_of
from cardline.ui.letter_names import letter_name

MOST = 30
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Sent:
    """subject: "" for a text message. text: "" where there is none to show: a code is in no row once it is over."""

    at: datetime
    kind: str
    door: str | LazyText
    icon: str
    to: str
    receiver: str
    state: str
    tone: str
    subject: str
    text: str
    link: str
    language: str


def newest_sent(most: int = MOST) -> list[Sent]:
    """The newest first, alerts among them."""
    mails = newest_mails(Path(settings.EMAIL_FILE_PATH), most)
    by_name = {mail.name: mail for mail in mails}
    letters = Outgoing.objects.filter(
        channel=Door.LETTER, state=Outgoing.State.SENT
    )  # shown as what they became
    all_of_them = Outgoing.objects.select_related("member", "proves_us")
    rows = list(all_of_them.exclude(pk__in=letters).order_by("-pk")[:most])
    ours = {row.name for row in rows}
    found = [_of_row(row, by_name.get(row.name)) for row in rows]
    found += [
        _letter(row) for row in Letter.objects.select_related("member", "announced").order_by("-pk")[:most]
    ]
    found += [_alert(mail) for mail in mails if mail.name not in ours and not _is_named(mail)]
    return sorted(found, key=lambda one: one.at, reverse=True)[:most]


def _of_row(row: Outgoing, mail: Mail | None) -> Sent:
    subject, text = (mail.subject, mail.text) if mail else _said(row)
    link = LINK.search(text)
    return Sent(
        at=row.sent_at or row.asked_at,
        kind=name_of(row.template, get_language() or "en"),
        door=DOORS[row.channel],
        icon=ICONS[row.channel],
        to=row.to,
        receiver=row.member.name,
        state=say_state(row),
        tone=tone_of(row),
        subject=subject,
        text=text,
        link=link[0] if link else "",
        language=row.language,
    )


def _said(row: Outgoing) -> tuple[str, str]:
    """What it says: as it went, where that is a text; else as it will."""
    file = Path(settings.CARDLINE_TEXTS) / f"{row.name}.json"
    if row.channel == "text" and file.is_file():
        return "", str(json.loads(file.read_text("utf-8"))["text"])
    if not row.values:
        return "", ""
    words = written(row.template, row.channel, row.language, row.values, proof_in(row))
    return words.subject, words.body


def _letter(row: Letter) -> Sent:
    """A letter of required parts, as it was written."""
    text = "\n\n".join(words for _part, words in row.content["paragraphs"])
    link = LINK.search(text)
    return Sent(
        at=row.made_at,
        kind=letter_name(row.kind),
        door=DOORS["letter"],
        icon=ICONS["letter"],
        to=row.to or (row.announced.to if row.announced else ""),
        receiver=row.member.name,
        state=say_state_of_letter(row),
        tone="warn" if row.state == Letter.State.HELD or row.came_back_at else "good",
        subject=row.content["subject"],
        text=text,
        link=link[0] if link else "",
        language=row.language,
    )


def _alert(mail: Mail) -> Sent:
    return Sent(
        at=mail.at,
        kind=pgettext("kind of message", "Alert"),
        door=DOORS["email"],
        icon=ICONS["email"],
        to=mail.to,
        receiver="",
        state=say_state(Outgoing(state=Outgoing.State.SENT)),
        tone="good",
        subject=mail.subject,
        text=mail.text,
        link=mail.link,
        language=mail.language,
    )


def _is_named(mail: Mail) -> bool:
    """The file of an older message than are shown, which is none of an alert."""
    return Outgoing.objects.filter(name=mail.name).exists()
