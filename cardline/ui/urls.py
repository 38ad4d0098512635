from __future__ import annotations

from django.conf import settings
from django.urls import path

from cardline.ui import gallery, views
from cardline.ui.app import views as app

app_name = "ui"

urlpatterns = [
    path("look.css", views.look_sheet, name="look"),
    path("theme", views.choose_theme, name="theme"),
    path("manifest.webmanifest", app.show_manifest, name="manifest"),
    path("icon.svg", app.show_icon, name="icon"),
    path("icon-<int:size>.png", app.show_picture, name="picture"),
    path("service-worker.js", app.show_worker, name="worker"),
    path("offline", app.show_offline_page, name="offline"),
]

if settings.CARDLINE_DEMO:
    urlpatterns.append(path("demo/components", gallery.components, name="gallery"))
