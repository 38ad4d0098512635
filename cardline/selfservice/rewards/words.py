"""What is said about points: what moved them, what they are worth, when they end, and why some cannot be used."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from cardline.issuer.core import Rewards, RewardsEntry, RewardsKind, RewardsOption
from cardline.kit.dates import say_date
from cardline.kit.money import format_money
from cardline.rewards.rules import Earning, Portion, Why, least_of, most_of, worth_of
from cardline.ui.points import GIFT_CARD, STATEMENT_CREDIT, option_name, say_number, say_points

NAMED_OPTIONS = (STATEMENT_CREDIT, GIFT_CARD)


def line_words(line: RewardsEntry) -> str:
    """What a line of the history was: the core's `words` are a merchant, an option or a reason, by its kind."""
    said = {"what": line.words}
    if line.kind == RewardsKind.EARN:
        return _("Earned: %(what)s") % said
    if line.kind == RewardsKind.EXPIRE:
        return _("Expired, as they were not used in time")
    if line.kind == RewardsKind.REDEEM:
        return _("Used: %(what)s") % {"what": option_name(line.words)} if line.words else _("Used")
    if line.points < 0:
        return _("Taken back, as money came back: %(what)s") % said
    return _("Added: %(what)s") % said


def signed(points: int, language: str) -> str:
    """ "+48", "−1,000"."""
    number = say_number(points, language)
    return f"+{number}" if points > 0 else number


def expiry_words(rewards: Rewards, now: datetime, language: str) -> str:
    """ "" where nothing runs out."""
    if rewards.expires_on is None:
        return ""
    return _("Next to expire: %(points)s, last usable on %(day)s.") % {
        "points": say_points(rewards.expiring, language),
        "day": say_date(rewards.expires_on, language, now),
    }


def below_nothing(points: int, language: str) -> str:
    """Why somebody has less than none; "" for everybody else."""
    if points >= 0:
        return ""
    return _(
        "A refund took back points that were used before. The next purchases make up for %(points)s, then they count"
        " again."
    ) % {"points": say_points(-points, language)}


def rate_words(option: RewardsOption, language: str) -> str:
    return _("1,000 points are worth %(worth)s") % {"worth": format_money(option.value, language)}


def worth_words(option: RewardsOption, points: int, language: str) -> str:
    return _("worth %(worth)s") % {"worth": format_money(worth_of(option, points), language)}


def reach_words(option: RewardsOption, held: int, language: str) -> str:
    """What somebody's points are worth in an option at most, or how many they still need for it."""
    most = most_of(option, held)
    if most:
        return _("Up to %(worth)s for %(points)s") % {
            "points": say_points(most, language),
            "worth": format_money(worth_of(option, most), language),
        }
    least = least_of(option)
    return _("From %(least)s. You need %(more)s more.") % {
        "least": say_points(least, language),
        "more": say_number(least - held, language),
    }


def rule_words(option: RewardsOption, language: str) -> str:
    """How many points it takes."""
    return _("At least %(least)s, in steps of %(step)s.") % {
        "least": say_number(least_of(option), language),
        "step": say_number(option.step, language),
    }


def portion_words(portion: Portion, points: str, *, is_all: bool) -> str:
    said = {"points": points}
    if portion == Portion.MOST:
        return (_("All you have: %(points)s") if is_all else _("The most: %(points)s")) % said
    return (_("About half: %(points)s") if portion == Portion.HALF else _("The least: %(points)s")) % said


def why_words(why: Why, option: RewardsOption, typed: int, held: int, language: str) -> str:
    """Under the field: what to change, with the numbers that would do."""
    if why == Why.TOO_FEW_POINTS:
        said = {"held": say_points(held, language), "most": say_number(most_of(option, held), language)}
        if most_of(option, held):
            return _("You have %(held)s now. Write %(most)s or less.") % said
        return _("You have %(held)s now, which is too few for this.") % said
    if why == Why.TOO_SMALL:
        return _("It takes at least %(least)s. Write that or more.") % {
            "least": say_points(least_of(option), language)
        }
    below = typed - typed % option.step
    said = {
        "step": say_number(option.step, language),
        "below": say_number(below, language),
        "above": say_number(below + option.step, language),
    }
    if below + option.step > held:
        return _("It goes in steps of %(step)s: write %(below)s.") % said
    return _("It goes in steps of %(step)s: write %(below)s or %(above)s.") % said


def becomes(option: str, points: str, worth: str) -> str:
    """The one line before it is done."""
    said = {"points": points, "worth": worth, "what": option_name(option)}
    if option == STATEMENT_CREDIT:
        return _("For %(points)s you get a credit of %(worth)s on your account, at once.") % said
    if option == GIFT_CARD:
        return _("For %(points)s you get a gift card worth %(worth)s, sent to the address we have.") % said
    return _("For %(points)s you get “%(what)s”, worth %(worth)s.") % said


def became(option: str) -> str:
    """What comes next, once it is done; "" where the core's own word says all we know."""
    if option == STATEMENT_CREDIT:
        return _("The credit is on your account and lowers what is owed.")
    return _("It comes to the address we have.") if option == GIFT_CARD else ""


def earning_words(earning: Earning, earned: int, language: str) -> str:
    """What became of the points of a charge, or why there are none."""
    words = {
        Earning.PENDING: _(
            "This charge is still pending. Its points come when the merchant has collected it and it is posted."
        ),
        Earning.NOTHING: _(
            "This purchase is posted, and we find no points for it. If it should have brought some, tell us."
        ),
        Earning.TAKES_BACK: _("This is a refund. It takes back the points that its purchase brought."),
        Earning.NEVER: _(
            "Points come from purchases. Cash, payments, fees, interest and credits bring none."
        ),
        Earning.NO_PROGRAMME: _("The account of this charge collects no points."),
    }
    if earning == Earning.EARNED:
        return _("In all this charge brought %(points)s.") % {"points": say_points(earned, language)}
    return words[earning]
