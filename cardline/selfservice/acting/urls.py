"""The address where somebody says for whom they act."""

from __future__ import annotations

from django.urls import path

from cardline.selfservice.acting import views

urlpatterns = [path("acting", views.acting, name="acting")]
