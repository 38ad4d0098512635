"""What happens to an application in the card core settles legal clocks and starts others.

The embedded core tells; behind one that is elsewhere a colleague says on the desk that a clock's promise is done.
"""

from __future__ import annotations

from datetime import datetime

from cardline.applications.rules import STEPS, about
from cardline.issuer.core import ApplicationState
from cardline.kit.actors import SYSTEM
from cardline.kit.events import reacts_to
from cardline.kit.redact import clean
from cardline.members.models import Member
from cardline.promises.legal.commands import keep_clocks, start_clocks
from cardline.promises.legal.queries import clocks_about
from cardline.promises.models import Promise
from cardline.promises.queries import UNFINISHED


@reacts_to("application.moved")
def clocks_follow_an_application(reference: str, state: ApplicationState, now: datetime) -> None:
    """A guest's application stands nowhere but in the core, and has none."""
    clocks = clocks_about(SYSTEM, about(reference))
    if not clocks:
        return
    step, case = STEPS[state], clocks[0].case
    if step.evidence:
        language = Member.objects.values_list("language", flat=True).get(pk=case.member_id or 0)
        words = clean(step.evidence.get(language, step.evidence["en"]))
        keep_clocks(about(reference), step.settles, words, now)
    running = Promise.objects.filter(
        UNFINISHED, clock__about=about(reference), clock__event=step.starts
    ).exists()
    if step.starts and not running:
        start_clocks(
            by=SYSTEM, now=now, case_id=case.pk, event=step.starts, started_at=now, about=about(reference)
        )
