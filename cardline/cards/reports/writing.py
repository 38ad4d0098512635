"""Moving a report on, inside commands: the row, its step, and what the case says of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from cardline.cards.models import Report, ReportStep, StrangersWord
from cardline.cards.reports.rules import comes_before
from cardline.cases import timeline
from cardline.issuer.profile import current_profile
from cardline.kit.actors import SYSTEM
from cardline.kit.commands import executing
from cardline.kit.redact import Clean, clean
from cardline.members.models import Member
from cardline.promises.commands import do_promise, make_promise
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED

OPENED, ELSE_GONE, PHONE_BACK = "report.opened", "report.else_gone", "report.phone_back"
NOT_MINE, ALL_MINE = "report.not_mine", "report.all_mine"
RECOVERED, FALSE_ALARM = "report.recovered", "report.false_alarm"
SHIPPED, DELIVERED, ITEM = "report.shipped", "report.delivered", "report.item"
TOLD = "report.told"
FOUND_AT, BAR_RAISED = "report.found_at", "report.bar_raised"

# What the case says of a state; the others are told by what brought them about (card.frozen, card.replaced, …).
SAID_OF = {
    Report.State.RECOVERED: RECOVERED,
    Report.State.SHIPPED: SHIPPED,
    Report.State.DELIVERED: DELIVERED,
}

KNEW_THEM = "They were in touch, and we knew that it was them."  # the evidence of a promise, for colleagues

# They complete "We will …", kept in the row in the member's language.
REACH_YOU = {
    "en": "Reach you in two of the ways we have on file, to make sure that it is you; your card stays frozen till then",
    "es": "Localizarle por dos vías registradas, para saber que es usted; hasta entonces su tarjeta sigue congelada",
}
REACH_NOBODY = {
    "en": "Find a way to reach you, because none on file works; your card stays frozen till then",
    "es": "Buscar cómo localizarle, porque ninguna vía registrada sirve; hasta entonces su tarjeta sigue congelada",
}
LOOK_INTO = {
    "en": "Look into the charges you did not make, and write to you what we found",
    "es": "Revisar los cargos que usted no hizo y escribirle qué encontramos",
}


def going_on(card: str) -> Report | None:
    """The report of this card that is not at its end."""
    return (
        Report.objects.filter(card=card)
        .exclude(state__in=Report.ENDED)
        .select_related("case", "member")
        .first()
    )


def open_row(
    member: Member,
    card: str,
    last4: str,
    case_id: int,
    source: str,
    level: int,
    *,
    first_word_at: datetime,
    now: datetime,
) -> Report:
    """A new report, in a case of the member; by whoever runs the command."""
    by = executing().by.actor.key
    report = Report.objects.create(
        card=card,
        last4=last4,
        member=member,
        case_id=case_id,
        source=source,
        level=level,
        first_word_at=min(first_word_at, now),
        reported_at=now,
        reported_by=by,
    )
    ReportStep.objects.create(report=report, state=report.state, at=now, by=by)
    say(report, OPENED, first_word_at=report.first_word_at.isoformat(), source=source)
    return report


def move(report: Report, to: str, now: datetime, **more: Any) -> bool:
    """To another state, if it may go there from where it stands. False: it may not, or somebody was quicker."""
    moved = Report.objects.filter(pk=report.pk, state__in=comes_before(to)).update(state=to)
    if not moved:
        return False
    report.state = to
    ReportStep.objects.create(report=report, state=to, at=now, by=executing().by.actor.key)
    if to in SAID_OF:
        say(report, SAID_OF[Report.State(to)], **more)
    return True


def say(report: Report, kind: str, *, visible: bool = True, **data: Any) -> None:
    timeline.append(
        report.case_id, kind, visible=visible, data={"card": report.card, "last4": report.last4, **data}
    )


def words_for(words: dict[str, str], member: Member) -> Clean:
    return clean(words.get(member.language, words["en"]))


def promise(report: Report, words: dict[str, str], need: str, rule: str) -> int:
    """Ours, in the report's case, by the answer time of whoever works on such needs. Returns its number."""
    profile = current_profile()
    queue = profile.need_family(need).queue
    made = make_promise(
        by=SYSTEM,
        now=executing().now,
        case_id=report.case_id,
        text=words_for(words, report.member),
        due_at=profile.answer_by(queue, executing().now),
        due_zone=profile.time_zone,
        source=Promise.Source.FLOW,
        rule=rule,
        queue=queue,
    )
    return made["promise_id"]


def keep(promise_id: int, now: datetime, how: str) -> None:
    """What we promised is done, by itself; nothing where it was done before."""
    if promise_id and Promise.objects.filter(UNFINISHED, pk=promise_id).exists():
        do_promise(by=SYSTEM, now=now, promise_id=promise_id, evidence=clean(how))


def call_nobody_back(case_id: int, now: datetime) -> None:
    """Whoever we promised to call, having said as a stranger that a card is gone, signed in and said it themselves."""
    if StrangersWord.objects.filter(case=case_id).exists():
        owed = Promise.objects.filter(UNFINISHED, case=case_id, source=Promise.Source.ROUTING)
        for promise_id in list(owed.values_list("pk", flat=True)):
            keep(promise_id, now, KNEW_THEM)
