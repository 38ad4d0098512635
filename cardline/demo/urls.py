"""/demo and what is under it. Included in demo mode only; the views refuse outside it too."""

from __future__ import annotations

from django.urls import path

from cardline.demo import views

urlpatterns = [
    path("", views.demo, name="demo"),
    path("/sign-in", views.sign_in, name="demo_sign_in"),
    path("/time", views.let_time_pass, name="demo_time"),
]
