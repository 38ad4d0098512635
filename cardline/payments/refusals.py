"""What the core's reasons mean to whoever wanted to pay, each with the way on."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from cardline.kit.refusals import Malformed, Refusal


class NothingToPay(Refusal):
    code = "not_positive"
    sentence = _("The amount has to be more than nothing. Nothing was paid; choose another amount.")


class WrongCurrency(Refusal):
    code = "wrong_currency"
    sentence = _(
        "This account is billed in another currency. Nothing was paid; reload the page and try again."
    )


class MoreThanOwed(Refusal):
    code = "more_than_owed"
    sentence = _(
        "That is more than is owed on this account by now. Nothing was paid; choose a smaller amount."
    )


class DayIsOver(Refusal):
    code = "day_is_over"
    sentence = _("The day you chose is over. Nothing was paid; choose today or a later day.")


class TooFarAhead(Refusal):
    code = "too_far_ahead"
    sentence = _(
        "A payment can be planned for at most a year ahead. Nothing was planned; choose an earlier day."
    )


class CountsOnAnotherDay(Refusal):
    """The cut-off came between the look and the press: nobody pays for another day than they agreed to."""

    code = "counts_on_another_day"
    sentence = _("Time has passed, and the payment would count as of another day now. Look at it once more.")


class SentDifferently(Refusal):
    code = "sent_differently"
    sentence = _(
        "This was sent before with other contents. Look whether it is in your payments before you send it again."
    )


class TooLateToCancel(Refusal):
    code = "too_late_to_cancel"
    sentence = _(
        "This payment has gone to the bank, so it can’t be cancelled here. If it must not be made, call us now."
    )


class BankAccountInUse(Refusal):
    code = "bank_account_in_use"
    sentence = _(
        "A payment or autopay is still to come from this bank account. Cancel that or let it come from another one;"
        " then this one can be removed."
    )


class BadRouting(Malformed):
    code = "bad_routing"
    sentence = _(
        "This is no routing number: its last digit does not fit the others. It has nine digits; copy it once more."
    )


class BadNumber(Malformed):
    code = "bad_number"
    sentence = _("An account number has 4 to 17 digits. Copy it once more.")


PAYING: Mapping[str, type[Refusal]] = {
    "not_positive": NothingToPay,
    "wrong_currency": WrongCurrency,
    "too_much": MoreThanOwed,
    "past": DayIsOver,
    "too_far": TooFarAhead,
    "key_reused": SentDifferently,
}
CANCELLING: Mapping[str, type[Refusal]] = {"too_late": TooLateToCancel, "key_reused": SentDifferently}
ADDING: Mapping[str, type[Refusal]] = {
    "bad_routing": BadRouting,
    "bad_number": BadNumber,
    "key_reused": SentDifferently,
}
REMOVING: Mapping[str, type[Refusal]] = {"in_use": BankAccountInUse, "key_reused": SentDifferently}
