"""A member's statements: the list, one of them, and the same to keep, as a paper and for a spreadsheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from cardline.issuer.core import CoreUnknown
from cardline.kit import clock, limits
from cardline.kit.safe_text import file_name
from cardline.selfservice.silence import core_page
from cardline.selfservice.statements.file import statement_file
from cardline.selfservice.statements.list_page import statements_page
from cardline.selfservice.statements.page import statement_page
from cardline.selfservice.statements.paper import statement_paper
from cardline.ui.paper import can_make_paper, pdf_of

SECTION = "statements"
HERE = {"here": SECTION}


@require_GET
@core_page(SECTION)
def statements(request: HttpRequest) -> HttpResponse:
    """Every account's newest ones; `account` and `after` go back in one of them."""
    account, after = request.GET.get("account", ""), request.GET.get("after", "")
    page = statements_page(request.actor, account, after, clock.now(), _language())  # type: ignore[attr-defined]
    return render(request, "selfservice/statements/list.html", {**HERE, "page": page})


@require_GET
@core_page(SECTION)
def statement(request: HttpRequest, statement: str) -> HttpResponse:
    after = request.GET.get("after", "")
    page = statement_page(request.actor, statement, after, clock.now(), _language())  # type: ignore[attr-defined]
    context = {**HERE, "page": page, "can_make_paper": can_make_paper()}
    return render(request, "selfservice/statements/statement.html", context)


@require_GET
@core_page(SECTION)
def paper(request: HttpRequest, statement: str) -> HttpResponse:
    """The statement as a PDF. Where none can be made, its page says how to print it."""
    actor = request.actor  # type: ignore[attr-defined]
    limits.count(limits.DOWNLOADS, actor.key)
    try:
        page = statement_paper(actor, statement, _language())
    except CoreUnknown:
        return _to_the_page(statement)
    if not can_make_paper():
        return _to_the_page(statement)
    made = pdf_of("selfservice/statements/paper.html", {"page": page, "foot": page.summary.account})
    return _download(made, f"{page.summary.file}.pdf", "application/pdf")


@require_GET
@core_page(SECTION)
def file(request: HttpRequest, statement: str) -> HttpResponse:
    """Its lines for a spreadsheet."""
    actor = request.actor  # type: ignore[attr-defined]
    limits.count(limits.DOWNLOADS, actor.key)
    try:
        name, content = statement_file(actor, statement)
    except CoreUnknown:
        return _to_the_page(statement)
    return _download(content, name, "text/csv; charset=utf-8")


def _to_the_page(statement: str) -> HttpResponse:
    """Which says what is the matter, where a half-made file could not."""
    return HttpResponseRedirect(reverse("statement", args=[statement]))


def _download(content: bytes | str, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(name)}"'
    return response


def _language() -> str:
    return get_language() or "en"
