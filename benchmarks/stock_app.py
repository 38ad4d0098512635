"""The product with Django's own ASGI handler for its pages: the reference of benchmarks/pages.py."""

from __future__ import annotations

from cardline.config import asgi
from django.core.handlers.asgi import ASGIHandler

asgi.pages = ASGIHandler()  # type: ignore[assignment]
application = asgi.application
