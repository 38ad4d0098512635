"""A member's open pages hear that something is asked of them, or is not any more."""

from __future__ import annotations

from cardline.kit.news import tell


def tell_open_pages(member_id: int) -> None:
    """After the commit; what it is, each page asks for itself (js/asked.js)."""
    topic = f"member:{member_id}"
    tell(topic, None, {"topic": topic, "news": "asked"})
