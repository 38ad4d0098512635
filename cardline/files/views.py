"""The step from a page to a file: the look is recorded, and a link of a minute made."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect

from cardline.files.commands import open_file
from cardline.files.kinds import PICTURES
from cardline.files.links import Wish, link_to
from cardline.files.queries import file_named
from cardline.kit import clock
from cardline.kit.actors import Actor


def hand_over(request: HttpRequest, actor: Actor, token: str) -> HttpResponseRedirect:
    """?look: a picture drawn anew, to be seen; else the file itself, to be saved. Raises NotThere, NotHandedOut."""
    file = file_named(actor, token)
    open_file(by=actor, now=clock.now(), file_id=file.pk)
    wish: Wish = "look" if "look" in request.GET and file.type in PICTURES else "save"
    return HttpResponseRedirect(link_to(token, wish, request.user.pk or 0, actor.session, actor.acting))
