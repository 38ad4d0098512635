"""Using points. Which of them go, and that none go twice, is the core's to see to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from babel.numbers import format_decimal
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cardline.cards.speaking import spoken_for, tell_of_it
from cardline.cases.done import write_down
from cardline.cases.models import Entry
from cardline.contact.in_hand import write_down_in
from cardline.issuer.asking import CoreSilent, ask
from cardline.issuer.core import RewardsEntry, RewardsKind, RewardsOption, current_core
from cardline.issuer.profile import current_profile
from cardline.kit import clock
from cardline.kit.actors import Actor, Kind, Standing
from cardline.kit.commands import command
from cardline.kit.dates import say_when
from cardline.kit.languages import locale_of
from cardline.kit.limits import Limit, count
from cardline.kit.redact import Clean, clean
from cardline.kit.refusals import KeyReused, NotPermitted, Refusal
from cardline.kit.visibility import visible
from cardline.members.contactdata.queries import points_stay_until
from cardline.members.models import Member
from cardline.rewards.queries import REDEEM_NEED, REDEEMED, check_programme
from cardline.rewards.rules import worth_of

REDEMPTIONS = Limit("redemptions", 20, 3_600)
STATEMENT_CREDIT = "statement_credit"
MOST_POINTS = 10**15  # more than any account ever has, and still a number every database takes

# What the case is called. Kept in the row in the member's language, like every subject.
POINTS_USED = {"en": "Points used: {points}", "es": "Puntos canjeados: {points}"}


class CannotUseThese(Refusal):
    """The option does not take so many points. `field`: which part of the wish to change."""

    field = "points"


class TooFewPoints(CannotUseThese):
    code = "too_few_points"
    sentence = _(
        "There are not that many points on the account, and none were used. Choose a smaller number."
    )


class TooSmall(CannotUseThese):
    status = 422
    code = "too_small"
    sentence = _("That is less than the least this can be had for. Choose a larger number of points.")


class WrongStep(CannotUseThese):
    status = 422
    code = "wrong_step"
    sentence = _("These points can be used in certain steps only. Choose the next number up or down.")


class UnknownOption(CannotUseThese):
    status = 422
    code = "unknown_option"
    sentence = _("Points can’t be used for that any more, and none were used. Choose something else.")
    field = "option"


class PointsWait(CannotUseThese):
    """The e-mail was changed less than 48 hours ago, and these points would leave the account (DOMAIN 8). until: when
    they go anywhere again.
    """

    code = "points_wait"
    field = "option"

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until

    def __str__(self) -> str:
        """Made when it is read, in the language of whoever does."""
        when = say_when(self.until, current_profile().zone, get_language() or "en", clock.now())
        return gettext(
            "Your email address was just changed, so points can’t go anywhere new until %(when)s. You can use them on "
            "your account now. If you did not change it, call us."
        ) % {"when": when}


# What the core's reasons mean here.
REFUSALS: Mapping[str, type[Refusal]] = {
    "too_few_points": TooFewPoints,
    "too_small": TooSmall,
    "wrong_step": WrongStep,
    "unknown_option": UnknownOption,
    "key_reused": KeyReused,
}


@command("points.redeem", by=[Kind.MEMBER, Kind.AGENT], level="rewards:redeem", about="account:{account}")
def redeem_points(
    *,
    by: Standing,
    now: datetime,
    account: str,
    option: str,
    points: int,
    wish: str,
    contact_id: int | None = None,
) -> dict[str, Any]:
    """Turn points into what the option gives, to the member themselves, and write it down in a case of its own.

    account, option: the core's words. points: whole ones. wish: tells this wish from another for the same (the key of
    its form, at most 64 characters); asked again with it after a silence, nothing happens twice. contact_id: the
    conversation a colleague has in hand, who may turn points into money on the account and into nothing else: what
    leaves the account is for the member to send (DOMAIN 8, takeover 5).

    Returns {"case_id", "ref", "changed"}; changed is False when this wish had been written down before. Raises
    NotThere (no account this member holds), NotYours, NotPermitted, TooFewPoints, TooSmall, WrongStep, UnknownOption,
    PointsWait, KeyReused, TooMany, CoreSilent, NotOffered.
    """
    if points <= 0:
        raise TooSmall()
    if points >= MOST_POINTS:
        raise TooFewPoints()
    check_programme()
    member, contact = spoken_for(by, contact_id)
    if contact is not None and option != STATEMENT_CREDIT:
        raise NotPermitted(gettext("Only the member can have points sent anywhere but to their account."))
    count(REDEMPTIONS, f"member:{member.pk}")
    chosen = _option(member, account, option)
    _refuse_while_they_wait(member, chosen, now)
    used = _use(member, account, chosen, points, now, wish)
    if known := _written_about(by.actor, used):
        return {"case_id": known.case_id, "ref": known.case.ref, "changed": False}
    worth = worth_of(chosen, points)
    data = {
        "entry": used.token,
        "account": account,
        "option": option,
        "points": points,
        "amount_minor": worth.amount_minor,
        "currency": worth.currency,
    }
    if contact is None:
        subject = _subject(member, points)
        written = write_down(by=by, now=now, need=REDEEM_NEED, subject=subject, kind=REDEEMED, data=data)
    else:
        written = write_down_in(contact, REDEEMED, data)
        tell_of_it(member, written, now)
    return {**written, "changed": True}


def _option(member: Member, account: str, wanted: str) -> RewardsOption:
    options = ask(partial(current_core().rewards_options, member.core_customer, account))
    found = next((option for option in options if option.id == wanted), None)
    if found is None:
        raise UnknownOption()
    return found


def _refuse_while_they_wait(member: Member, option: RewardsOption, now: datetime) -> None:
    """What turns points into money on the account itself goes nowhere new. Raises PointsWait."""
    if option.id != STATEMENT_CREDIT and (until := points_stay_until(member.pk, now)):
        raise PointsWait(until)


def _use(
    member: Member, account: str, option: RewardsOption, points: int, now: datetime, wish: str
) -> RewardsEntry:
    """The line of the history that says so. Raises CoreSilent for an answer that says something else."""
    redeem = partial(
        current_core().redeem,
        member.core_customer,
        account=account,
        points=points,
        option=option.id,
        at=now,
        key=f"redeem:{member.pk}:{wish}",
    )
    used = ask(redeem, REFUSALS)
    if (used.kind, used.points, used.account) != (RewardsKind.REDEEM, -points, account):
        raise CoreSilent()
    return used


def _written_about(actor: Actor, used: RewardsEntry) -> Entry | None:
    """Where this very use stands already: its key outlived ours."""
    written = visible(Entry, actor).filter(kind=REDEEMED, data__contains=f'"{used.token}"')
    return written.select_related("case").first()


def _subject(member: Member, points: int) -> Clean:
    words = POINTS_USED.get(member.language, POINTS_USED["en"])
    return clean(words.format(points=format_decimal(points, locale=locale_of(member.language))))
