"""The addresses as demo mode has them; the settings of the tests are those of a real installation."""

from __future__ import annotations

from django.urls import include, path

from cardline.config.urls import handler404, handler500, urlpatterns
from cardline.ui import gallery

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [
    *urlpatterns,
    path("", include("cardline.demo.urls")),
    path("demo/components", gallery.components, name="gallery"),
]
