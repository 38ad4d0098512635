"""System checks: settings that would break a promise of the code stop the start (SR-50)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from cardline.clocks.events import check_files
from cardline.flows import library  # noqa: F401 - declares the flows
from cardline.flows.check import problems_of
from cardline.flows.registry import flows
from cardline.issuer.doctor import check_profile
from cardline.issuer.profile import ProfileError
from cardline.notify.letters.table import notice_problems, table_problems
from cardline.notify.wording import by_post, template_problems

PROFILE_WRONG = "cardline.E006"


@register()
def no_atomic_requests(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A command inside a page's own transaction would wait for a lock its own thread holds."""
    if any(database.get("ATOMIC_REQUESTS") for database in settings.DATABASES.values()):
        return [
            Error(
                "ATOMIC_REQUESTS is on",
                hint="Take it out: commands open their own transactions.",
                id="cardline.E001",
            )
        ]
    return []


@register()
def no_debug(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.DEBUG:
        return [
            Error(
                "DEBUG is on",
                hint="Take it out of the settings: error pages would show internals.",
                id="cardline.E002",
            )
        ]
    return []


@register()
def no_built_in_admin(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if "django.contrib.admin" in settings.INSTALLED_APPS:
        return [
            Error(
                "the framework's admin is installed",
                hint="It writes past the commands; take it out.",
                id="cardline.E003",
            )
        ]
    return []


@register()
def messages_can_be_sent(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A text that lacks a language or a value would fail when somebody waits for it."""
    try:
        problems = template_problems(settings.CARDLINE_PROFILE_DIR)
    except ProfileError:
        return []  # texts hold the issuer's name; what is wrong with its profile is said elsewhere, by line and key
    return [
        Error(
            f"message {problem}",
            hint="Correct the text in cardline/notify/texts, or in messages/ of the profile.",
            id="cardline.E004",
        )
        for problem in problems
    ]


@register()
def conversations_end(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A flow that names something unknown, or stops without an end, would leave somebody in the middle of it."""
    problems = [problem for flow in flows.values() for problem in problems_of(flow)]
    return [
        Error(problem, hint="Correct it in cardline/flows/library.", id="cardline.E007")
        for problem in problems
    ]


@register()
def legal_clocks_are_whole(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A clock that no date can be told for would be found out on the day somebody needs the date."""
    try:
        check_files()
    except ValueError as broken:  # BrokenRule, or no TOML at all
        return [
            Error(
                f"legal clocks: {broken}",
                hint="Correct rules.toml, events.toml or says.toml in cardline/clocks.",
                id="cardline.E005",
            )
        ]
    return []


@register()
def profile_can_be_used(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """What is wrong with the issuer's profile stops the start, by file, line and key: no page finds out first."""
    problems = check_profile(settings.CARDLINE_PROFILE_DIR)
    return [Error(f"profile {problem}", id=PROFILE_WRONG) for problem in problems]


@register()
def letters_can_be_written(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A kind of letter that lacks a part or a language would fail on the day the law wants it sent."""
    return [
        Error(
            f"letter {problem}",
            hint="Correct it in cardline/notify/letters/kinds; docs/howto/add-a-letter.md says what stands where.",
            id="cardline.E008",
        )
        for problem in table_problems() or _notice_problems()
    ]


def _notice_problems() -> list[str]:
    """Nothing while the messages themselves cannot be read: then they are what stops the start."""
    profile = settings.CARDLINE_PROFILE_DIR
    return [] if template_problems(profile) else notice_problems(by_post(profile))
