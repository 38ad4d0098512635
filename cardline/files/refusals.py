"""Why a file was not taken: a sentence for each reason, which says what to do instead."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cardline.files.kinds import Unfit
from cardline.kit.refusals import Refusal

_NOT_OURS = _(
    "We can’t take that kind of file. Send a PDF, a photo (JPEG, PNG or HEIC), a text, a table (CSV), a Word document "
    "(DOCX), a saved e-mail (EML), or a ZIP of these."
)
_BROKEN = _(
    "This file seems to be cut off or damaged. Save it once more, check that it opens, and send it again."
)
_TOO_PACKED = _("There is too much packed into this file. Send what is inside it one by one.")

SENTENCES: Mapping[str, str | Promise] = {
    "none": _("No file was chosen. Choose one, then add it."),
    "empty": _("This file is empty. Check it, and send the one you meant."),
    "too_big": _("A file can have 25 MB at most. Send a smaller copy, or send it in parts."),
    "too_big_inside": _(
        "Something in this file has more than 25 MB when it is unpacked. Send a smaller copy, or send it in parts."
    ),
    "unknown": _NOT_OURS,
    "unknown_inside": _(
        "There is something in this ZIP that we can’t take. Send the photos, PDFs and texts in it one by one."
    ),
    "truncated": _BROKEN,
    "damaged": _BROKEN,
    "two_in_one": _(
        "This file is two kinds of file at once. Save it anew as a PDF or a photo, and send that."
    ),
    "locked": _("This file is locked with a password. Send it without one; only we and you can see it here."),
    "macros": _("This document has small programs (macros) in it. Save it as a PDF, and send that."),
    "tricky_names": _("Names in this ZIP would land in other folders. Send what is inside it one by one."),
    "too_many_inside": _TOO_PACKED,
    "too_deep": _TOO_PACKED,
    "bomb": _TOO_PACKED,
}


class FileRefused(Refusal):
    """The file was not taken, and nothing of it was kept."""

    status = 422
    code = "file_refused"

    def __init__(self, why: str) -> None:
        super().__init__(str(SENTENCES[why]))
        self.why = why


class FileTooLarge(FileRefused):
    status = 413
    code = "file_too_large"

    def __init__(self) -> None:
        super().__init__("too_big")


class CaseIsClosed(Refusal):
    code = "case_closed"
    sentence = _(
        "This case is closed, so nothing can be added to it. Write to us about it, and it opens again."
    )


class ShelfIsFull(Refusal):
    code = "too_many_files"
    sentence = _("There is no more room for files here. Tell us in the conversation, and we make room.")


class NotHandedOut(Refusal):
    """Still being checked, or held back."""

    code = "file_not_ready"
    sentence = _(
        "This file can’t be opened: it is still being checked, or we held it back. Reload the page to see."
    )


class NoFilesOrigin(Refusal):
    status = 503
    code = "no_files_origin"
    sentence = _("Files can’t be opened here at the moment. They are safe; tell us, and we mend it.")


def refusal_of(problem: Unfit) -> FileRefused:
    return FileRefused(problem.why)
