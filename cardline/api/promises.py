"""/promises: what is still to be done, and that it is done."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from cardline.api.auth import Bearer, caller_of
from cardline.api.looking import note_read
from cardline.api.once import Key
from cardline.api.reading import Input, PageSize, RowId
from cardline.api.shapes import FulfilmentOut, PromisePage, promise_out
from cardline.kit import clock
from cardline.kit.pagination import paginate
from cardline.kit.redact import clean
from cardline.promises.commands import do_promise
from cardline.promises.queries import unfinished

router = Router(tags=["promises"])


@router.get("/promises", auth=Bearer("promises:read"), response=PromisePage)
def list_promises(request: HttpRequest, cursor: str | None = None, limit: PageSize = 50) -> PromisePage:
    """What is still to be done, soonest due first, late ones with it: one member's, or all."""
    caller = caller_of(request)
    page = paginate(unfinished(caller.actor).select_related("clock"), ("due_at", "id"), cursor, limit)
    note_read(caller, [promise.case for promise in page.items], "promises")
    return PromisePage(
        items=[promise_out(promise, caller.actor) for promise in page.items], next=page.next_cursor
    )


class NewFulfilment(Input):
    """evidence: what was done, so that anybody can check it. The member reads it."""

    evidence: Annotated[str, Field(min_length=1, max_length=400)]


@router.post(
    "/promises/{int:promise_id}/fulfilment",
    auth=Bearer("promises:write", member="refused"),
    response={201: FulfilmentOut},
)
def fulfil(request: HttpRequest, promise_id: RowId, key: Key, body: NewFulfilment) -> Status[FulfilmentOut]:
    """It is done. After its due instant it counts as missed, and the member reads that it was done late."""
    caller = caller_of(request)
    state = do_promise(
        by=caller.actor,
        key=caller.once(key),
        now=clock.now(),
        promise_id=promise_id,
        evidence=clean(body.evidence),
    )
    return Status(201, FulfilmentOut(state=cast(Literal["kept", "done_late"], state)))
