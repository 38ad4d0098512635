"""Where the provider of text messages tells us what became of one, and what members write (…/inbox)."""

from __future__ import annotations

from django.urls import path

from cardline.channels.texts import views

urlpatterns = [path("hooks/texts/<str:name>", views.receipt, name="text_receipt")]
