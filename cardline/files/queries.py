"""Questions about files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cardline.files.kinds import PICTURES, Kind
from cardline.files.models import StoredFile
from cardline.kit.actors import Actor
from cardline.kit.actors import Kind as ActorKind
from cardline.kit.refusals import NotThere
from cardline.kit.visibility import visible


def files_of_case(actor: Actor, case_id: int, contacts: Iterable[int] = ()) -> list[StoredFile]:
    """Those given to a case, or in a contact that is in it now, the newest first."""
    rows = visible(StoredFile, actor)
    found = rows.filter(case=case_id, contact=None) | rows.filter(contact__in=list(contacts))
    return list(found.order_by("-given_at", "-pk"))


def file_named(actor: Actor, token: str) -> StoredFile:
    """To be opened. Raises NotThere: no such file, not theirs to see, or a guest's, who opens none."""
    if actor.kind == ActorKind.GUEST:
        raise NotThere()
    file = visible(StoredFile, actor).select_related("case").filter(token=token).first()
    if file is None:
        raise NotThere()
    return file


class FilePapers:
    """The `Papers` plug: files as documents of who may act for whom."""

    def owner_of(self, actor: Actor, file_id: int) -> int:
        file = visible(StoredFile, actor).filter(pk=file_id, state=StoredFile.State.CLEAN).first()
        return file.member_id or 0 if file else 0


def documents_given(actor: Actor, case_id: int, since: datetime) -> list[StoredFile]:
    """Pictures and PDFs given to a case from then on that are checked and may be opened, the newest first."""
    fit = visible(StoredFile, actor).filter(
        case=case_id, state=StoredFile.State.CLEAN, type__in=(*PICTURES, Kind.PDF)
    )
    return list(fit.filter(given_at__gte=since).order_by("-given_at", "-pk"))
