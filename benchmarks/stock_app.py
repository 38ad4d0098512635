"""The product with Django's own ASGI handler for its pages: the reference of benchmarks/pages.py."""

from __future__ import annotations

from django.core.handlers.asgi import ASGIHandler

from cardline.config import asgi

asgi.pages = ASGIHandler()  # type: ignore[assignment]
application = asgi.application
