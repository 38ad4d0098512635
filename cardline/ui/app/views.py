"""What a browser asks for by itself when these pages are an app: manifest, icons, service worker, offline page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from cardline.kit.refusals import NotThere
from cardline.ui.app.drawing import SIZES
from cardline.ui.app.manifest import icon, manifest, picture
from cardline.ui.app.worker import offline_page, worker
from cardline.ui.theme import theme_of

FOR_GOOD = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"


@require_GET
def show_manifest(request: HttpRequest) -> HttpResponse:
    """Its address changes with its content."""
    return _file(manifest(), "application/manifest+json", FOR_GOOD)


@require_GET
def show_icon(request: HttpRequest) -> HttpResponse:
    return _file(icon(), "image/svg+xml", A_DAY)


@require_GET
def show_picture(request: HttpRequest, size: int) -> HttpResponse:
    """The icon for those that take no SVG. Raises NotThere for a size that nobody is told of."""
    if size not in SIZES:
        raise NotThere()
    response = HttpResponse(picture(size), content_type="image/png")
    response.headers["Cache-Control"] = A_DAY
    return response


@require_GET
def show_worker(request: HttpRequest) -> HttpResponse:
    """From the root, so that it may answer for every page."""
    return HttpResponse(worker(theme_of(request)), content_type="text/javascript; charset=utf-8")


@require_GET
def show_offline_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(offline_page(theme_of(request)))


def _file(content: str, content_type: str, kept: str) -> HttpResponse:
    response = HttpResponse(content, content_type=f"{content_type}; charset=utf-8")
    response.headers["Cache-Control"] = kept
    return response
