from __future__ import annotations

from django.conf import settings
from django.urls import path

from cardline.ui import gallery, views

app_name = "ui"

urlpatterns = [
    path("look.css", views.look_sheet, name="look"),
    path("theme", views.choose_theme, name="theme"),
]

if settings.CARDLINE_DEMO:
    urlpatterns.append(path("demo/components", gallery.components, name="gallery"))
