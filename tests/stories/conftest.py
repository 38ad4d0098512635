"""The people of the stories and their screens; a story is told only if it showed the level and the protection."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from cardline.identity.tests.phones import Texts
from cardline.kit import plugs
from cardline.kit.actors import Actor
from cardline.members.models import ContactPoint
from tests.stories.telling import Desk, Told, stories


@pytest.fixture
def told(request: pytest.FixtureRequest) -> Iterator[Told]:
    """The story this test tells, found by its name in the list."""
    name = f"{request.path.name}::{request.node.originalname}"
    of_this_test = [story for story in stories() if story.shown_by == name]
    assert len(of_this_test) == 1, f"{name} tells {len(of_this_test)} stories of the list"
    telling = Told(of_this_test[0])
    yield telling
    if not hasattr(request.node, "went_wrong"):
        assert telling.looked_at, "nobody looked whether the level was reached"
        assert telling.protected_by, "nobody showed what protects the member (SR-39)"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """A story that broke off is told once: not again for what it had not come to."""
    report = yield
    if report.when == "call" and report.failed:
        item.went_wrong = True  # type: ignore[attr-defined]
    return report


@pytest.fixture(autouse=True)
def texts(monkeypatch: pytest.MonkeyPatch) -> Texts:
    """What goes to phones."""
    texts = Texts()
    monkeypatch.setattr(plugs, "codes", texts)
    return texts


@pytest.fixture
def dana(cast: Any, as_agent: Callable[..., Actor], agent_client: Callable[..., Client]) -> Desk:
    """She answers what is lost or stolen."""
    return Desk(as_agent(cast.dana), agent_client(cast.dana))


@pytest.fixture
def priya(cast: Any, as_agent: Callable[..., Actor], agent_client: Callable[..., Client]) -> Desk:
    """She answers disputes."""
    return Desk(as_agent(cast.priya), agent_client(cast.priya))


@pytest.fixture
def jonah(cast: Any, as_agent: Callable[..., Actor], agent_client: Callable[..., Client]) -> Desk:
    """He answers payments."""
    return Desk(as_agent(cast.jonah), agent_client(cast.jonah))


@pytest.fixture
def mayas(cast: Any, member_client: Callable[..., Client]) -> Client:
    """The browser in which Maya is signed in."""
    return member_client(cast.maya)


@pytest.fixture
def phone(cast: Any) -> ContactPoint:
    """Maya's, on file for years."""
    point: ContactPoint = cast.maya.points.get(kind="phone")
    return point
