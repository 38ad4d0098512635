"""Every address of the product, by the app that answers it."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path, re_path

from cardline.api.door import door
from cardline.config import health
from cardline.config.language import choose_language

urlpatterns = [
    path("healthz", health.healthz),
    path("metrics", health.metrics),
    path("language", choose_language, name="language"),
    path("", include("cardline.ui.urls")),
    path("", include("cardline.selfservice.urls")),
    path("", include("cardline.channels.chat.urls")),
    path("", include("cardline.channels.texts.urls")),
    path("", include("cardline.desk.urls")),
    path("staff/", include("cardline.staff.urls")),
    # (?s:.): an address with a line break in it is answered by the API too, not by a page.
    re_path(r"^api/v1/(?P<rest>(?s:.)+)\Z", door, name="api"),
]

if settings.CARDLINE_DEMO:
    urlpatterns += [path("", include("cardline.demo.urls"))]

handler404 = "cardline.config.requests.not_found"
handler429 = "cardline.staff.signin.too_many_requests"
handler500 = "cardline.config.requests.server_error"
