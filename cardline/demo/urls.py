"""/demo and what is under it. Included in demo mode only; the views refuse outside it too."""

from __future__ import annotations

from django.urls import path

from cardline.demo import views

urlpatterns = [
    path("demo", views.demo, name="demo"),
    path("demo/sign-in", views.sign_in, name="demo_sign_in"),
    path("demo/outbox", views.outbox, name="demo_outbox"),
    path("demo/time", views.let_time_pass, name="demo_time"),
]
