"""What cards include: one's own, and for anybody what each product gives today (DOMAIN 8: public benefits, V0)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from cardline.kit import clock
from cardline.selfservice.benefits.page import benefit_page, benefits_page, product_page

HERE = {"here": "benefits"}


@require_GET
def benefits(request: HttpRequest) -> HttpResponse:
    """The benefits of one's own cards; with `product` those of a card somebody thinks of having."""
    actor, now, language = request.actor, clock.now(), get_language() or "en"  # type: ignore[attr-defined]
    if product := request.GET.get("product", ""):
        context = {**HERE, "page": product_page(product, now, language)}
        return render(request, "selfservice/benefits/product.html", context)
    context = {**HERE, "page": benefits_page(actor, now, language)}
    return render(request, "selfservice/benefits/benefits.html", context)


@require_GET
def benefit(request: HttpRequest, benefit: str) -> HttpResponse:
    """One of them: what it covers, what not, and how to use it."""
    page = benefit_page(request.actor, benefit, clock.now(), get_language() or "en")  # type: ignore[attr-defined]
    return render(request, "selfservice/benefits/benefit.html", {**HERE, "page": page})
